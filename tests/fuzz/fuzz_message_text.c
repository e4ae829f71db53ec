/* SPDX-License-Identifier: MIT */
/* The bytes of a message: how they come in pieces changes nothing, no CRLF is left, and what kind of content it is can be
 * told of any bytes. */
#include "fuzz.h"

#include "base/byte_search.h"
#include "source/content_kind.h"
#include "source/message_end.h"
#include "source/message_text.h"

/* As a mailbox does it, whose window goes on now and then. */
static void
append (MessageText *text, const char *piece, gsize length)
{
    if (byte_search_odd (piece, length) == NULL)
        message_text_lend (text, piece, length);
    else
        message_text_append (text, piece, length);
    if (length % 3 == 0)
        message_text_keep (text);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static MessageText whole, pieces;
    static gboolean made;
    const char *bytes = size > 0 ? (const char *) data : "", *a, *b;
    gboolean quoted = size % 2, cr_lines = size % 5 == 0, truncated;
    gsize length_a, length_b, chunk = size > 0 ? 1 + (guchar) bytes[0] % 9 : 1;

    if (!made) {
        message_text_init (&whole);
        message_text_init (&pieces);
        made = TRUE;
    }
    message_text_reset (&whole, cr_lines);
    message_text_reset (&pieces, cr_lines);
    message_text_append (&whole, bytes, size);
    for (gsize at = 0; at < size; at += chunk)
        append (&pieces, bytes + at, MIN (chunk, size - at));
    a = message_text_finish (&whole, quoted, &length_a, &truncated);
    b = message_text_finish (&pieces, quoted, &length_b, &truncated);
    g_assert (length_a == length_b && length_a <= size && memcmp (a, b, length_a) == 0);
    g_assert (g_strstr_len (a, (gssize) length_a, "\r\n") == NULL);
    message_end_look (a, length_a);
    content_kind (bytes, MIN (size, CONTENT_KIND_BYTES));
    return 0;
}
