/* SPDX-License-Identifier: MIT */
#include "event/event_id.h"

#include "base/ascii.h"
#include "base/text.h"
#include "event/address.h"

#include <string.h>

/* Headers that a delivery, an mbox writer or a mail reader adds or changes. `prefix`: and all that start so. */
static const struct {
    const char *name;
    guint8 length;
    gboolean prefix;
} volatile_headers[] = {
#define WHOLE(name) {name, sizeof name - 1, FALSE}
#define PREFIX(name) {name, sizeof name - 1, TRUE}
    WHOLE ("Content-Length"), WHOLE ("Delivered-To"), WHOLE ("Lines"), WHOLE ("Received"), WHOLE ("Return-Path"),
    WHOLE ("Status"), WHOLE ("X-Delivered-To"), PREFIX ("X-Evolution"), WHOLE ("X-Gmail-Labels"), PREFIX ("X-GM-"),
    PREFIX ("X-IMAP"), WHOLE ("X-Keywords"), PREFIX ("X-Mozilla-"), WHOLE ("X-Original-To"), WHOLE ("X-Status"),
    PREFIX ("X-UID"), WHOLE ("X-Envelope-To"), PREFIX ("X-Spam-"), WHOLE ("Envelope-To"), WHOLE ("Delivery-Date"),
    PREFIX ("X-Antivirus"), WHOLE ("X-Virus-Scanned"), WHOLE ("X-Mailutils-Message-Id"), PREFIX ("X-Offlineimap"),
    WHOLE ("X-TUID"),
#undef WHOLE
#undef PREFIX
};

static gboolean
is_volatile (Span line)
{
    for (gsize i = 0; i < G_N_ELEMENTS (volatile_headers); i++) {
        const char *name = volatile_headers[i].name;
        gsize length = volatile_headers[i].length;

        if (line.length <= length || ((line.at[0] ^ name[0]) & ~0x20) != 0 ||
            !ascii_equal (line.at, name, length))
            continue;
        if (volatile_headers[i].prefix || line.at[length] == ':' || line.at[length] == ' ' || line.at[length] == '\t')
            return TRUE;
    }
    return FALSE;
}

/* The header block without the volatile fields. Returns the bytes used, blank line included. */
static gsize
add_headers (Digester *digester, Span rest)
{
    const char *start = rest.at;
    gboolean skipping = FALSE;
    Span line;

    while (text_next_line (&rest, &line)) {
        if (line.length == 0)
            break;
        if (line.at[0] != ' ' && line.at[0] != '\t')
            skipping = is_volatile (line);
        if (!skipping) {
            digester_add (digester, line.at, line.length);
            digester_add (digester, "\n", 1);
        }
    }
    digester_add (digester, "\n", 1);
    return (gsize) (rest.at - start);
}

/* Every `>` before a line's `From ` goes: mboxo and mboxrd writers, run once or twice over the same mail, all end at
 * the same bytes. Lines without it are added as long runs. */
static void
add_body (Digester *digester, Span body)
{
    const char *pending = body.at, *at = body.at, *end = body.at + body.length;

    while (at < end) {
        if (*at == '>') {
            const char *text = at;

            while (text < end && *text == '>')
                text++;
            if (end - text >= 5 && memcmp (text, "From ", 5) == 0) {
                digester_add (digester, pending, (gsize) (at - pending));
                pending = text;
            }
        }
        at = memchr (at, '\n', (gsize) (end - at));
        if (at == NULL)
            break;
        at++;
    }
    digester_add (digester, pending, (gsize) (end - pending));
}

Digest
message_key (Digester *digester, const char *message, gsize length)
{
    gsize used;

    while (length > 0 && message[length - 1] == '\n')
        length--;
    digester_reset (digester);
    digester_add (digester, "nixie message 1\n", 16);
    used = add_headers (digester, span (message, length));
    add_body (digester, span (message + used, length - used));
    return digester_end (digester);
}

/* Digits up to `most`, and the blanks behind them. FALSE: there are none, or others follow. */
static gboolean
take_number (Span *rest, gsize most, guint *number)
{
    gsize n = 0;

    for (*number = 0; n < rest->length && n < most && g_ascii_isdigit (rest->at[n]); n++)
        *number = *number * 10 + (guint) (rest->at[n] - '0');
    if (n == 0 || (n < rest->length && g_ascii_isdigit (rest->at[n])))
        return FALSE;
    *rest = span_trim (span (rest->at + n, rest->length - n));
    return TRUE;
}

static gboolean
take_month (Span *rest, guint *month)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

    for (*month = 0; *month < 12 && rest->length > 3; (*month)++)
        if (ascii_equal (rest->at, names + (gsize) *month * 3, 3)) {
            *rest = span_trim (span (rest->at + 3, rest->length - 3));
            return TRUE;
        }
    return FALSE;
}

/* "Mon, 2 Nov 2026 08:00:00 +0000": as it is written, in whatever zone. A month has 31 days here. */
static guint
day_of (Span date)
{
    const char *comma = memchr (date.at, ',', date.length);
    Span rest = comma != NULL ? span (comma + 1, (gsize) (date.at + date.length - comma - 1)) : date;
    guint day, month, year;

    rest = span_trim (rest);
    if (!take_number (&rest, 2, &day) || !take_month (&rest, &month) || !take_number (&rest, 4, &year) ||
        day < 1 || day > 31 || year < 1970 || year > 2199)
        return 1;
    return 1 + ((year - 1970) * 12 + month) * 31 + day;
}

guint
message_day (const char *message, gsize length)
{
    Span rest = span (message, length), line;

    while (text_next_line (&rest, &line) && line.length > 0)
        if (line.length > 5 && (line.at[0] | 0x20) == 'd' && ascii_equal (line.at, "Date:", 5))
            return day_of (span (line.at + 5, line.length - 5));
    return 1;
}

Digest
event_id (const Digest *key, const char *recipient, guint ordinal)
{
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (Digester) digester = digester_new ();
    const char *normal = address_normal (arena, recipient);
    char number[16];

    g_snprintf (number, sizeof number, "\n%u\n", ordinal);
    digester_add (digester, "nixie event 1\n", 14);
    digester_add (digester, key->bytes, DIGEST_SIZE);
    digester_add (digester, normal, strlen (normal));
    digester_add (digester, number, strlen (number));
    return digester_end (digester);
}
