/* SPDX-License-Identifier: MIT */
/* Charsets: the first line names one, the rest is text in it. It becomes valid UTF-8 within the limit, in every charset
 * that we open, and text that is UTF-8 and said to
 * be stays as it is (ESC may tell that it is not). */
#include "fuzz.h"

#include "mail/charset.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static gboolean preloaded;
    const char *bytes = size > 0 ? (const char *) data : "", *end = memchr (bytes, '\n', size);
    gsize start = end != NULL ? (gsize) (end - bytes) + 1 : 0, length = size - start;
    Arena *arena = fuzz_arena ();
    const char *charset = arena_strndup (arena, bytes, start > 0 ? start - 1 : 0);
    char name[CHARSET_NAME_SIZE];
    guint32 flags = 0;
    Span out;

    if (!preloaded)
        charset_preload ();
    preloaded = TRUE;
    g_assert (strlen (charset_canonical (charset, name)) < CHARSET_NAME_SIZE);
    out = charset_to_utf8 (arena, charset, span (bytes + start, length), 6 * length + 3, &flags);
    g_assert (strlen (out.at) == out.length);
    fuzz_check_text (out.at, 6 * length + 3, TRUE);
    out = charset_to_utf8 (arena, charset, span (bytes + start, length), length / 2, &flags);
    fuzz_check_text (out.at, length / 2, TRUE);
    charset_detect (span (bytes + start, length));
    if (g_utf8_validate_len (bytes + start, length, NULL) && memchr (bytes + start, '\033', length) == NULL) {
        out = charset_to_utf8 (arena, "utf-8", span (bytes + start, length), length, &flags);
        g_assert (out.length == length && memcmp (out.at, bytes + start, length) == 0);
    }
    return 0;
}
