/* SPDX-License-Identifier: MIT */
/* RFC 3464 and RFC 6533: the delivery-status part. A report may hold several such parts, and may be no multipart/report
 * at all; what is in it is what counts. When its groups name nobody, X-Failed-Recipients or the list in the text part
 * does. */
#include "base/limits.h"
#include "event/address.h"
#include "extract/common.h"
#include "extract/dsn_event.h"
#include "extract/evidence.h"
#include "extract/recipient_text.h"
#include <string.h>

/* The fields of one part, with what is to be said of the part. */
typedef struct {
    DsnFields *fields;
    const char *format;
    guint32 flags;
} Status;

static gboolean
is_inside_report (const MailView *view, const MailPart *part)
{
    for (gint parent = part->parent; parent >= 0 && (guint) parent < view->n_parts;
         parent = view->parts[parent].parent)
        if (text_equal (view->parts[parent].type, "multipart/report"))
            return TRUE;
    return FALSE;
}

/* How many groups of all parts name somebody. */
static guint
count_named (Arena *arena, const Status *statuses, guint n_statuses)
{
    guint n = 0;
    for (guint s = 0; s < n_statuses; s++)
        for (guint i = 0; i < statuses[s].fields->n_recipients; i++)
            n += dsn_recipient_of (arena, &statuses[s].fields->recipients[i]).recipient != NULL;
    return n;
}

static gboolean
add_groups (Extraction *extraction, const Status *statuses, guint n_statuses)
{
    gboolean only = count_named (extraction->arena, statuses, n_statuses) == 1;
    gboolean broken = FALSE, added = FALSE;
    for (guint s = 0; s < n_statuses; s++) {
        const DsnFields *fields = statuses[s].fields;
        for (guint i = 0; i < fields->n_recipients; i++) {
            DsnRecipient recipient = dsn_recipient_of (extraction->arena, &fields->recipients[i]);
            broken |= recipient.broken;
            if (!recipient.recipient)
                continue;
            added = TRUE;
            BounceEvent *event =
                dsn_event_add (extraction, &fields->message, &fields->recipients[i], &recipient,
                               only, recipient.utf8 ? "rfc6533" : statuses[s].format);
            if (event)
                event->flags |= statuses[s].flags | (fields->capped ? FLAG_RECIPIENTS_CAPPED : 0);
        }
    }
    if (broken)
        extraction->flags |= FLAG_ADDRESS_BROKEN;
    for (guint i = 0; broken && i < event_list_length (extraction->list); i++)
        event_list_get (extraction->list, i)->flags |= FLAG_ADDRESS_BROKEN;
    return added;
}

/* The groups name nobody: who the header or the text says it is about. */
static gboolean
add_listed (Extraction *extraction, const Status *statuses, guint n_statuses)
{
    const char *addresses[64];
    guint n = common_addresses (extraction->arena,
                                mail_view_header (extraction->view, "X-Failed-Recipients"),
                                addresses, G_N_ELEMENTS (addresses));
    if (!n)
        n = recipient_text_list (extraction->arena, extraction->view->body, addresses,
                                 G_N_ELEMENTS (addresses));
    const DsnGroup nothing = {NULL, 0, FALSE};
    const DsnFields *fields = n_statuses ? statuses[0].fields : NULL;
    for (guint i = 0; i < n; i++) {
        DsnRecipient recipient = {addresses[i], NULL, NULL, NULL, FALSE, FALSE};
        const DsnGroup *group =
            n == 1 && fields && fields->n_recipients == 1 ? &fields->recipients[0] : NULL;
        BounceEvent *event =
            dsn_event_add (extraction, fields ? &fields->message : &nothing, group, &recipient,
                           n == 1, n_statuses ? statuses[0].format : "rfc3464");
        if (event && n_statuses)
            event->flags |= statuses[0].flags;
    }
    return n > 0;
}

/* "rfc822; ann": a name without a domain, or none at all, fits the address that it may be the start of. */
static gboolean
fits_name (Arena *arena, const DsnGroup *group, const char *address)
{
    static const char *const names[] = {"Final-Recipient", "Original-Recipient"};
    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        Span field = dsn_group_get (group, names[i]);
        const char *semicolon = field.length ? memchr (field.at, ';', field.length) : NULL;
        if (semicolon)
            field = span (semicolon + 1, (gsize) (field.at + field.length - semicolon - 1));
        field = span_trim (field);
        if (field.length &&
            !(span_has_prefix (span_of (address), span_dup (arena, field)) && address[field.length] == '@'))
            return FALSE;
    }
    return TRUE;
}

/* One group that tells what happened and not to whom: the one person to whom the returned message was written. */
static gboolean
add_addressee (Extraction *extraction, const Status *statuses, guint n_statuses)
{
    const MailHeaders *returned = &extraction->view->returned;
    const char *addresses[2], *copies[1];
    if (n_statuses != 1 || statuses[0].fields->n_recipients != 1 ||
        common_addresses (extraction->arena, mail_headers_get (returned, "To"), addresses, 2) != 1 ||
        common_addresses (extraction->arena, mail_headers_get (returned, "Cc"), copies, 1))
        return FALSE;
    const DsnGroup *group = &statuses[0].fields->recipients[0];
    DsnRecipient recipient = {addresses[0], NULL, NULL, NULL, FALSE, FALSE};
    if (!dsn_group_get (group, "Status").length || !fits_name (extraction->arena, group, addresses[0]))
        return FALSE;
    BounceEvent *event =
        dsn_event_add (extraction, &statuses[0].fields->message, group, &recipient, TRUE, statuses[0].format);
    if (event)
        event->flags |= statuses[0].flags | FLAG_GUESSED;
    return event != NULL;
}

/* The fields in running text: mail whose MIME structure is broken, or that some gateway flattened. */
static gboolean
add_from_text (Extraction *extraction, const char *text)
{
    Span found = dsn_fields_locate (text, strlen (text));
    if (!found.length)
        return FALSE;
    Status status = {dsn_fields_parse (extraction->arena, found.at, found.length), "rfc3464",
                     FLAG_NOT_MULTIPART_REPORT};
    return add_groups (extraction, &status, 1);
}

/* A gateway's notice that says nothing itself and returns the report that it is about. */
static gboolean
add_from_returned_report (Extraction *extraction)
{
    const MailView *view = extraction->view;
    const char *type = mail_headers_get (&view->returned, "Content-Type");
    if (!text_has_prefix (type, "multipart/report") || !text_find (type, "delivery-status") ||
        !add_from_text (extraction, view->returned_text))
        return FALSE;
    const char *sender =
        common_address (extraction->arena, mail_headers_get (&view->returned, "To"));
    for (guint i = 0; i < event_list_length (extraction->list); i++) {
        /* what came back is a report; of the message before that, its addressee is all that is known */
        BounceEvent *event = event_list_get (extraction->list, i);
        event->original_sender = sender;
        event->original_message_id = event->original_subject = event->list_id = "";
    }
    return TRUE;
}

Answer
dsn_recognise (Extraction *extraction)
{
    const MailView *view = extraction->view;
    guint32 evidence = extraction->evidence;
    if (!(evidence & (EVIDENCE_REPORT | EVIDENCE_DSN_PART)))
        return ANSWER_PASS;
    /* A part of that type in somebody's mail is not that somebody's report. */
    if (!(evidence & EVIDENCE_REPORT) &&
        ((evidence & EVIDENCE_FORWARDED) ||
         !(evidence_is_from_machine (evidence) ||
           (evidence & (EVIDENCE_SUBJECT | EVIDENCE_AUTO_GENERATED | EVIDENCE_AUTO_REPLIED)))))
        return ANSWER_PASS;
    Status statuses[16];
    guint n_statuses = 0;
    const MailPart *part = NULL;
    while (n_statuses < G_N_ELEMENTS (statuses) &&
           (part = mail_view_part (view, PART_DELIVERY_STATUS, part))) {
        Status *status = &statuses[n_statuses++];
        status->fields = dsn_fields_parse (extraction->arena, part->text, part->text_length);
        status->format = text_find (part->type, "global") ? "rfc6533" : "rfc3464";
        status->flags = is_inside_report (view, part) ? 0 : FLAG_NOT_MULTIPART_REPORT;
    }
    if (add_groups (extraction, statuses, n_statuses) || add_from_text (extraction, view->body) ||
        add_from_text (extraction, view->raw) || add_listed (extraction, statuses, n_statuses) ||
        add_addressee (extraction, statuses, n_statuses))
        return ANSWER_EVENTS;
    return ANSWER_PASS;
}

Answer
dsn_text_recognise (Extraction *extraction)
{
    const MailView *view = extraction->view;
    guint32 evidence = extraction->evidence;
    if ((evidence & EVIDENCE_FORWARDED) || !evidence_is_from_machine (evidence))
        return ANSWER_PASS;
    if (add_from_text (extraction, view->body) || add_from_text (extraction, view->raw) ||
        add_from_returned_report (extraction))
        return ANSWER_EVENTS;
    return ANSWER_PASS;
}
