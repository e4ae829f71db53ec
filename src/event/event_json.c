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

/* A key between the value before it and its own, and the length of that. */
#define KEY(name) ",\"" name "\":", sizeof ",\"" name "\":" - 1

static void
write_pair (Writer *writer, const char *key, gsize length, const char *text)
{
    writer_put (writer, key, length);
    if (*text == '\0')
        writer_put (writer, "\"\"", 2); /* many are */
    else
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
    write_pair (writer, KEY ("event_id"), digest_format (&event->event_id, id));
    write_pair (writer, KEY ("message_id"), event->message_id);
    write_pair (writer, KEY ("source"), event->source);
    writer_put (writer, KEY ("offset"));
    writer_put_number (writer, event->offset);
    writer_put (writer, KEY ("date"));
    if (event->date == DATE_NONE)
        writer_puts (writer, "null");
    else
        json_write_string (writer, date_format (event->date, date));
    write_pair (writer, KEY ("type"), event_type_word (event->type));
    write_pair (writer, KEY ("fault"), fault_word (event->fault));
    write_pair (writer, KEY ("reason"), reason_word (event->reason));
    write_pair (writer, KEY ("rule"), event->rule);
    write_pair (writer, KEY ("recipient"), event->recipient);
    write_pair (writer, KEY ("final_recipient"), event->final_recipient);
    write_pair (writer, KEY ("original_recipient"), event->original_recipient);
    write_pair (writer, KEY ("domain"), event->domain);
    write_pair (writer, KEY ("provider"), event->provider);
    write_pair (writer, KEY ("gateway"), event->gateway);
    write_pair (writer, KEY ("action"), event->action);
    write_pair (writer, KEY ("status"), event->status);
    write_pair (writer, KEY ("status_from"), status_from_word (event->status_from));
    write_pair (writer, KEY ("reply"), event->reply);
    write_pair (writer, KEY ("diagnostic"), event->diagnostic);
    write_pair (writer, KEY ("command"), event->command);
    write_pair (writer, KEY ("format"), event->format);
    write_pair (writer, KEY ("agent"), event->agent);
    write_pair (writer, KEY ("reporting_mta"), event->reporting_mta);
    write_pair (writer, KEY ("remote_mta"), event->remote_mta);
    write_pair (writer, KEY ("original_message_id"), event->original_message_id);
    write_pair (writer, KEY ("original_sender"), event->original_sender);
    write_pair (writer, KEY ("original_subject"), event->original_subject);
    write_pair (writer, KEY ("list_id"), event->list_id);
    write_pair (writer, KEY ("trust"), trust_word (event->trust));
    writer_put (writer, KEY ("flags"));
    write_flags (writer, event->flags);
    writer_puts (writer, "}\n");
}
