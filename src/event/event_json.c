/* SPDX-License-Identifier: MIT */
#include "event/event_json.h"

#include "base/byte_search.h"
#include "base/date.h"
#include "base/utf8.h"

#include <string.h>

G_DEFINE_QUARK (nixie-event-json-error-quark, event_json_error)

/* Controls and what would turn or hide text where it is shown (bidi overrides and the like) are written as escapes. */
static gboolean
is_plain (const char *at, guint step)
{
    gunichar c = utf8_decode (at, step);

    return !utf8_is_control (c) && !utf8_is_invisible (c);
}

static void
write_escape (Writer *writer, gunichar c)
{
    if (c > 0xffff)
        writer_printf (writer, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10), 0xdc00 + ((c - 0x10000) & 0x3ff));
    else
        writer_printf (writer, "\\u%04x", c);
}

void
json_write_string (Writer *writer, const char *text)
{
    const char *run = text, *at = text, *end = text + strlen (text);

    writer_putc (writer, '"');
    while ((at += byte_run_plain (at, (gsize) (end - at))) < end) {
        guchar c = (guchar) *at;
        guint step = c < 0x80 ? 1 : utf8_length (at, (gsize) (end - at));

        if (step > 1 && is_plain (at, step)) {
            at += step;
            continue;
        }
        writer_put (writer, run, (gsize) (at - run));
        if (step == 0)
            writer_puts (writer, "\xef\xbf\xbd");
        else if (c == '"')
            writer_puts (writer, "\\\"");
        else if (c == '\\')
            writer_puts (writer, "\\\\");
        else if (c == '\n')
            writer_puts (writer, "\\n");
        else if (c == '\t')
            writer_puts (writer, "\\t");
        else
            write_escape (writer, utf8_decode (at, step));
        at += MAX (step, 1);
        run = at;
    }
    writer_put (writer, run, (gsize) (at - run));
    writer_putc (writer, '"');
}

static void
write_key (Writer *writer, const char *key)
{
    writer_puts (writer, ",\"");
    writer_puts (writer, key);
    writer_puts (writer, "\":");
}

static void
write_pair (Writer *writer, const char *key, const char *text)
{
    write_key (writer, key);
    json_write_string (writer, text);
}

static void
write_flags (Writer *writer, guint32 flags)
{
    gboolean first = TRUE;

    writer_putc (writer, '[');
    for (guint bit = 0; bit < N_FLAGS; bit++)
        if (flags & 1u << bit) {
            writer_puts (writer, first ? "\"" : ",\"");
            writer_puts (writer, flag_word (bit));
            writer_putc (writer, '"');
            first = FALSE;
        }
    writer_putc (writer, ']');
}

void
event_json_write (Writer *writer, const BounceEvent *event)
{
    char id[DIGEST_TEXT_SIZE], date[DATE_TEXT_SIZE];

    writer_puts (writer, "{\"v\":");
    writer_put_number (writer, EVENT_SCHEMA_VERSION);
    write_pair (writer, "event_id", digest_format (&event->event_id, id));
    write_pair (writer, "message_id", event->message_id);
    write_pair (writer, "source", event->source);
    write_key (writer, "offset");
    writer_put_number (writer, event->offset);
    write_key (writer, "date");
    if (event->date == DATE_NONE)
        writer_puts (writer, "null");
    else
        json_write_string (writer, date_format (event->date, date));
    write_pair (writer, "type", event_type_word (event->type));
    write_pair (writer, "fault", fault_word (event->fault));
    write_pair (writer, "reason", reason_word (event->reason));
    write_pair (writer, "rule", event->rule);
    write_pair (writer, "recipient", event->recipient);
    write_pair (writer, "final_recipient", event->final_recipient);
    write_pair (writer, "original_recipient", event->original_recipient);
    write_pair (writer, "domain", event->domain);
    write_pair (writer, "provider", event->provider);
    write_pair (writer, "gateway", event->gateway);
    write_pair (writer, "action", event->action);
    write_pair (writer, "status", event->status);
    write_pair (writer, "status_from", status_from_word (event->status_from));
    write_pair (writer, "reply", event->reply);
    write_pair (writer, "diagnostic", event->diagnostic);
    write_pair (writer, "command", event->command);
    write_pair (writer, "format", event->format);
    write_pair (writer, "agent", event->agent);
    write_pair (writer, "reporting_mta", event->reporting_mta);
    write_pair (writer, "remote_mta", event->remote_mta);
    write_pair (writer, "original_message_id", event->original_message_id);
    write_pair (writer, "original_sender", event->original_sender);
    write_pair (writer, "original_subject", event->original_subject);
    write_pair (writer, "list_id", event->list_id);
    write_pair (writer, "trust", trust_word (event->trust));
    write_key (writer, "flags");
    write_flags (writer, event->flags);
    writer_puts (writer, "}\n");
}
