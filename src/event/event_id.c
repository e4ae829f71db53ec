/* SPDX-License-Identifier: MIT */
#include "event/event_id.h"

#include "base/text.h"
#include "event/address.h"

#include <string.h>

/* Headers that a delivery, an mbox writer or a mail reader adds or changes. A name ending in "*" is a prefix. */
static const char *const volatile_headers[] = {
    "Content-Length",  "Delivered-To", "Lines",   "Received", "Return-Path", "Status", "X-Delivered-To", "X-Evolution*",
    "X-Gmail-Labels",  "X-GM-*",       "X-IMAP*", "X-Keywords", "X-Mozilla-*", "X-Original-To", "X-Status", "X-UID*",
    "X-Envelope-To",   "X-Spam-*",     "Envelope-To", "Delivery-Date", "X-Antivirus*", "X-Virus-Scanned",
    "X-Mailutils-Message-Id", "X-Offlineimap*", "X-TUID",
};

static gboolean
is_volatile (Span line)
{
    for (gsize i = 0; i < G_N_ELEMENTS (volatile_headers); i++) {
        const char *name = volatile_headers[i];
        gsize length = strlen (name);
        gboolean prefix = name[length - 1] == '*';

        length -= prefix;
        if (line.length <= length || g_ascii_strncasecmp (line.at, name, length) != 0)
            continue;
        if (prefix || line.at[length] == ':' || line.at[length] == ' ' || line.at[length] == '\t')
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

/* Every `>` before a line's `From ` goes: mboxo and mboxrd writers, run once or twice over the same mail, all end at the
 * same bytes. Lines without it are added as long runs. */
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
