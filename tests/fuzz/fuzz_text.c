/* SPDX-License-Identifier: MIT */
/* Bytes to text: what comes out is valid UTF-8 within its limit, what is valid stays as it is, and doing it twice changes
 * nothing. Lines cover all of a text; searches find what is there; folding is done when it is done. */
#include "fuzz.h"

#include "base/fold.h"

static void
check_lines (const char *bytes, gsize size)
{
    Span rest = span (bytes, size), line;
    gsize at = 0;

    while (text_next_line (&rest, &line)) {
        g_assert (line.at == bytes + at && memchr (line.at, '\n', line.length) == NULL);
        at = (gsize) (rest.at - bytes);
    }
    g_assert (at == size && rest.length == 0);
}

static void
check_valid (Arena *arena, const char *bytes, gsize size)
{
    char *valid = text_valid_utf8 (arena, bytes, (gssize) size);

    fuzz_check_text (valid, 3 * size, TRUE);
    g_assert (g_utf8_validate (valid, -1, NULL));
    g_assert (strcmp (text_valid_utf8 (arena, valid, -1), valid) == 0);
    g_assert (g_utf8_validate_len (bytes, size, NULL) == (strlen (valid) == size && memcmp (valid, bytes, size) == 0));
}

static void
check_one_line (Arena *arena, const char *bytes, gsize size)
{
    gsize maximum = size > 0 ? (guchar) bytes[0] : 10;
    char *line = text_one_line (arena, bytes, (gssize) size, maximum), *printable;

    fuzz_check_text (line, maximum, FALSE);
    g_assert (strcmp (text_one_line (arena, line, -1, maximum), line) == 0);
    for (int ascii = 0; ascii < 2; ascii++) {
        printable = text_printable (arena, arena_strndup (arena, bytes, size), ascii);
        fuzz_check_text (printable, 3 * size, FALSE);
        for (const char *at = printable; *at != '\0'; at = g_utf8_next_char (at))
            g_assert (!utf8_is_invisible (g_utf8_get_char (at)));
    }
    g_assert (text_cut (bytes, size, maximum) <= MIN (size, maximum));
}

static void
check_search (Arena *arena, const char *bytes, gsize size)
{
    gsize n = size > 0 ? (guchar) bytes[0] % 6 : 0, start = size > 1 ? (guchar) bytes[1] % size : 0;
    char *needle = arena_strndup (arena, bytes + start, MIN (n, size - start));
    const char *found = text_find_length (bytes, size, needle);

    g_assert (found != NULL && found <= bytes + start); /* it stands at `start`, if not before */
    g_assert (g_ascii_strncasecmp (found, needle, strlen (needle)) == 0);
}

static void
check_fold (Arena *arena, const char *bytes, gsize size)
{
    char *text = arena_strndup (arena, bytes, size);
    gsize length, again;
    char *folded = fold_text (arena, span_of (text), &length);

    g_assert (strlen (folded) == length);
    text = fold_text (arena, span_of (folded), &again);
    g_assert (again == length && strcmp (text, folded) == 0);
    g_assert (strstr (folded, "  ") == NULL && *folded != ' ' && (length == 0 || folded[length - 1] != ' '));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    const char *bytes = size > 0 ? (const char *) data : "";
    Arena *arena = fuzz_arena ();

    check_lines (bytes, size);
    check_valid (arena, bytes, size);
    check_one_line (arena, bytes, size);
    check_search (arena, bytes, size);
    check_fold (arena, bytes, size);
    return 0;
}
