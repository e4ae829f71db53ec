/* SPDX-License-Identifier: MIT */
/* Complaints: feedback reports of RFC 5965 and those of providers that send less than that. An authentication failure
 * report (RFC 6591) and "this is not spam" come in the same clothes; nobody complains in them, so they give nothing. */
#include "base/limits.h"
#include "event/address.h"
#include "extract/common.h"
#include "extract/dsn_fields.h"
#include "extract/evidence.h"
#include <string.h>

#define MAX_RECIPIENTS 64

/* The field in any group of the report, whatever blank lines stand between. */
static Span
report_get (const DsnFields *report, const char *name)
{
    Span value = dsn_group_get (&report->message, name);
    for (guint i = 0; i < report->n_recipients && !value.length; i++)
        value = dsn_group_get (&report->recipients[i], name);
    return value;
}

static gboolean
is_no_complaint (Span type)
{
    static const char *const types[] = {"auth-failure", "not-spam", "dmarc", "dkim", "spf"};
    for (guint i = 0; i < G_N_ELEMENTS (types); i++)
        if (span_has_prefix (type, types[i]))
            return TRUE;
    return FALSE;
}

/* Receivers put "redacted@…" or "[REDACTED]" where they hide who complained: that is nobody's address. */
static gboolean
is_redacted (const char *address)
{
    return text_has_prefix (address, "redacted") || text_has_prefix (address, "removed@") ||
           text_has_prefix (address, "undisclosed") || text_has_prefix (address, "hidden@") ||
           text_has_prefix (address, "xxx");
}

static guint
add_address (const char **out, guint n, const char *address)
{
    if (!address || !*address || is_redacted (address) || n >= MAX_RECIPIENTS)
        return n;
    for (guint i = 0; i < n; i++)
        if (text_equal (out[i], address))
            return n;
    out[n] = address;
    return n + 1;
}

static guint
report_addresses (Arena *arena, const DsnFields *report, const char *name, const char **out,
                  guint n)
{
    for (guint i = 0; i < report->message.n_fields; i++) {
        const DsnField *field = &report->message.fields[i];
        if (text_equal (field->name, name))
            n = add_address (out, n,
                             address_from_typed (arena, span (field->value, field->length)));
    }
    return n;
}

/* Who complained, best source first. */
static guint
find_recipients (Extraction *extraction, const DsnFields *report, const char **out)
{
    static const char *const fields[] = {"Original-Rcpt-To", "Removal-Recipient",
                                         "Original-Recipient"};
    static const char *const headers[] = {"X-HmXmrOriginalRecipient",
                                          "X-Original-To",
                                          "X-Rcpt-To",
                                          "X-Envelope-To",
                                          "Delivered-To",
                                          "To"};
    Arena *arena = extraction->arena;
    guint n = 0;
    for (guint i = 0; i < G_N_ELEMENTS (fields) && !n && report; i++)
        n = report_addresses (arena, report, fields[i], out, n);
    const char *own = mail_view_header (extraction->view, "X-HmXmrOriginalRecipient");
    if (!n && *own)
        n = add_address (out, n, address_clean (arena, span_of (own)));
    for (guint i = 0; i < G_N_ELEMENTS (headers) && !n; i++) {
        const char *found[2];
        const char *field = mail_headers_get (&extraction->view->returned, headers[i]);
        if (common_addresses (arena, field, found, 2) == 1) /* of several nobody knows which */
            n = add_address (out, n, found[0]);
    }
    return n;
}

static void
add_complaint (Extraction *extraction, const DsnFields *report, Span type, const char *recipient)
{
    BounceEvent *event = common_event (extraction, "arf");
    if (!event)
        return;
    event->recipient = recipient;
    event->type = TYPE_COMPLAINT;
    event->reason = REASON_COMPLAINT;
    event->fault = reason_fault (REASON_COMPLAINT);
    event->decided = TRUE;
    if (!*recipient)
        event->flags |= FLAG_NO_RECIPIENT;
    const char *word = common_line (extraction, type, 64);
    if (*word)
        event->diagnostic = arena_printf (extraction->arena, "Feedback-Type: %s", word);
    if (!report) {
        event->flags |= FLAG_NOT_MULTIPART_REPORT;
        return;
    }
    Span mta = report_get (report, "Reporting-MTA");
    const char *semicolon = mta.length ? memchr (mta.at, ';', mta.length) : NULL;
    if (semicolon)
        mta = span_trim (span (semicolon + 1, mta.length - (gsize) (semicolon + 1 - mta.at)));
    event->reporting_mta =
        text_lower (extraction->arena, common_line (extraction, mta, LIMIT_ADDRESS));
    common_set_sender (extraction, event, report_get (report, "Original-Mail-From"));
}

/* Complaints that come as a returned message and nothing more: Hotmail's junk mail reports say in a header of the
 * returned message who it was for. */
static gboolean
is_bare_complaint (const MailView *view)
{
    if (*mail_headers_get (&view->returned, "X-HmXmrOriginalRecipient"))
        return TRUE;
    return *mail_view_header (view, "X-HmXmrOriginalRecipient") &&
           text_find (mail_view_header (view, "Subject"), "complaint about message from");
}

/* A mail program that unsubscribes for its user (RFC 2369 List-Unsubscribe) writes from the user's address, and says
 * that it was no person: the user wants no more mail, as in a feedback report of type opt-out. */
static gboolean
is_opt_out (const MailView *view, guint32 evidence)
{
    return text_equal (mail_view_header (view, "X-Apple-Unsubscribe"), "true") ||
           ((evidence & EVIDENCE_AUTO_REPLIED) &&
            text_equal (mail_view_header (view, "Subject"), "unsubscribe"));
}

Answer
arf_recognise (Extraction *extraction)
{
    const MailView *view = extraction->view;
    const MailPart *part = mail_view_part (view, PART_FEEDBACK_REPORT, NULL);
    if (extraction->evidence & EVIDENCE_DSN_PART)
        return ANSWER_PASS;
    /* Feedback loops like to call their reports "FW: your subject"; a part of that type without its multipart/report
     * is a person's forward. */
    if ((extraction->evidence & EVIDENCE_FORWARDED) &&
        !text_equal (view->report_type, "feedback-report"))
        return ANSWER_PASS;
    if (!part && is_opt_out (view, extraction->evidence)) {
        const char *from = common_address (extraction->arena, mail_view_header (view, "From"));
        add_complaint (extraction, NULL, span_of ("opt-out"), from);
        return ANSWER_EVENTS;
    }
    if (!part && !is_bare_complaint (view))
        return ANSWER_PASS;
    DsnFields *report =
        part ? dsn_fields_parse (extraction->arena, part->text, part->text_length) : NULL;
    Span type = report ? report_get (report, "Feedback-Type") : span (NULL, 0);
    if (is_no_complaint (type))
        return ANSWER_ORDINARY;
    const char *recipients[MAX_RECIPIENTS];
    guint n = find_recipients (extraction, report, recipients);
    for (guint i = 0; i < n; i++)
        add_complaint (extraction, report, type, recipients[i]);
    if (!n)
        add_complaint (extraction, report, type, "");
    return ANSWER_EVENTS;
}
