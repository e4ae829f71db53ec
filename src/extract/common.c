/* SPDX-License-Identifier: MIT */
#include "extract/common.h"

#include "base/date.h"
#include "base/limits.h"
#include "event/address.h"
#include "extract/agent.h"
#include "extract/evidence.h"
#include <string.h>

static const struct {
    guint32 mail, event;
} flag_map[] = {
    {MAIL_CHARSET_REPAIRED, FLAG_CHARSET_REPAIRED}, {MAIL_NESTING_CAPPED, FLAG_NESTING_CAPPED},
    {MAIL_PARTS_CAPPED, FLAG_PARTS_CAPPED},         {MAIL_HEADERS_CAPPED, FLAG_HEADERS_CAPPED},
    {MAIL_TEXT_CAPPED, FLAG_TEXT_CAPPED},           {MAIL_MIME_BROKEN, FLAG_MIME_BROKEN},
    {MAIL_CUT, FLAG_MESSAGE_CUT},
};

const char *
common_line (Extraction *extraction, Span text, gsize maximum)
{
    if (!text.length)
        return "";
    return text_one_line (extraction->arena, text.at, (gssize) text.length, maximum);
}

guint
common_addresses (Arena *arena, const char *field, const char **out, guint maximum)
{
    Span rest = span_of (field);
    guint n = 0;
    char *address;
    while (n < maximum && (address = address_find (arena, &rest)))
        out[n++] = address;
    return n;
}

const char *
common_address (Arena *arena, const char *field)
{
    /* "user@example.org <user@example.org>", "\"a@b\" <c@d>": what stands in angle brackets is the address */
    const char *open = strrchr (field, '<');
    if (open && !strchr (field, ',')) {
        char *address = address_clean (arena, span_of (open));
        if (address)
            return address;
    }
    const char *first = "";
    common_addresses (arena, field, &first, 1);
    return first;
}

const char *
common_id (Extraction *extraction, const char *field)
{
    const char *open = strrchr (field, '<');
    const char *close = open ? strchr (open, '>') : NULL;
    Span id = close ? span (open + 1, (gsize) (close - open) - 1) : span_of (field);
    return common_line (extraction, span_trim (id), LIMIT_SUBJECT);
}

gboolean
common_is_daemon (const char *address)
{
    const char *at = strrchr (address, '@');
    Span local = at ? span (address, (gsize) (at - address)) : span_of (address);
    static const char *const names[] = {
        "mailer-daemon", "mailerdaemon",  "mailer_daemon",  "mail-daemon",   "maildaemon",
        "mdaemon",       "postmaster",    "mailer-daemon-", "double-bounce", "bounce-notification",
        "mail-deamon",   "mailer-deamon", "mailer",
    };
    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        if (span_equal (local, names[i]))
            return TRUE;
    return span_has_prefix (local, "mailer-daemon") || span_has_prefix (local, "mail-daemon") ||
           span_has_prefix (local, "microsoftexchange");
}

/* The id that a report answers to: many put the Message-ID of what failed into their In-Reply-To. */
static const char *
original_id (Extraction *extraction)
{
    const MailView *view = extraction->view;
    const char *id = mail_headers_get (&view->returned, "Message-ID");
    static const char *const fields[] = {"X-Original-Message-ID", "In-Reply-To", "References"};
    for (guint i = 0; i < G_N_ELEMENTS (fields) && text_is_empty (id); i++)
        id = mail_view_header (view, fields[i]);
    return common_id (extraction, id);
}

static const char *
list_id (Extraction *extraction)
{
    return common_id (extraction, mail_headers_get (&extraction->view->returned, "List-Id"));
}

/* Envelope sender of what came back: its Return-Path. */
static const char *
returned_path (Extraction *extraction)
{
    return common_address (extraction->arena,
                           mail_headers_get (&extraction->view->returned, "Return-Path"));
}

void
common_set_sender (Extraction *extraction, BounceEvent *event, Span typed)
{
    if (*returned_path (extraction))
        return;
    char *address = typed.length ? address_from_typed (extraction->arena, typed) : NULL;
    if (address)
        event->original_sender = address;
}

BounceEvent *
common_event (Extraction *extraction, const char *format)
{
    const MailView *view = extraction->view;
    BounceEvent *event = event_list_add (extraction->list);
    if (!event)
        return NULL;
    event->format = format;
    event->message_id = common_id (extraction, mail_view_header (view, "Message-ID"));
    const char *date = mail_view_header (view, "Date");
    event->date = date_parse (date);
    if (event->date == DATE_NONE && !text_is_empty (date))
        event->flags |= FLAG_DATE_BROKEN;
    event->original_message_id = original_id (extraction);
    event->original_sender = returned_path (extraction);
    if (!*event->original_sender)
        event->original_sender =
            common_address (extraction->arena, mail_headers_get (&view->returned, "From"));
    if (!*event->original_sender)
        event->original_sender = common_address (extraction->arena, mail_view_header (view, "To"));
    event->original_subject = common_line (
        extraction, span_of (mail_headers_get (&view->returned, "Subject")), LIMIT_SUBJECT);
    event->list_id = list_id (extraction);
    if (!extraction->agent)
        extraction->agent = agent_of (view);
    event->agent = extraction->agent;
    event->flags |= extraction->flags;
    if (!view->returned.n_fields)
        event->flags |= FLAG_NO_ORIGINAL;
    for (guint i = 0; i < G_N_ELEMENTS (flag_map); i++)
        if (view->flags & flag_map[i].mail)
            event->flags |= flag_map[i].event;
    return event;
}
