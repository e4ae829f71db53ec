/* SPDX-License-Identifier: MIT */
/* Encoded words: the text is valid UTF-8 within its limit, and no word makes a second line. */
#include "fuzz.h"

#include "mail/encoded_word.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    const char *bytes = size > 0 ? (const char *) data : "";
    Arena *arena = fuzz_arena ();
    guint32 flags = 0;
    gsize maximum = size > 0 && (guchar) bytes[0] < 'A' ? (guchar) bytes[0] : 3 * size;
    Span out = encoded_word_decode (arena, span (bytes, size), size % 2 ? "" : "iso-8859-1", maximum, &flags);

    g_assert (strlen (out.at) == out.length);
    fuzz_check_text (out.at, maximum, TRUE);
    if (memchr (bytes, '\n', size) == NULL)
        g_assert (strchr (out.at, '\n') == NULL);
    if (memchr (bytes, '\033', size) == NULL && memchr (bytes, 7, size) == NULL)
        g_assert (strpbrk (out.at, "\033\007") == NULL);
    return 0;
}
