/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include "base/ascii.h"
#include "base/byte_search.h"
#include "base/utf8.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

static gboolean
is_space (char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

Span
span_trim (Span piece)
{
    while (piece.length > 0 && is_space (piece.at[0])) {
        piece.at++;
        piece.length--;
    }
    while (piece.length > 0 && is_space (piece.at[piece.length - 1]))
        piece.length--;
    return piece;
}

gboolean
span_equal (Span piece, const char *text)
{
    for (gsize i = 0; i < piece.length; i++)
        if (text[i] == '\0' || ascii_lower (piece.at[i]) != ascii_lower (text[i]))
            return FALSE;
    return text[piece.length] == '\0';
}

gboolean
span_has_prefix (Span piece, const char *prefix)
{
    gsize i = 0;

    for (; prefix[i] != '\0'; i++)
        if (i == piece.length || ascii_lower (piece.at[i]) != ascii_lower (prefix[i]))
            return FALSE;
    return TRUE;
}

char *
span_dup (Arena *arena, Span piece)
{
    return arena_strndup (arena, piece.at, piece.length);
}

gboolean
text_next_line (Span *rest, Span *line)
{
    const char *end;

    if (rest->length == 0)
        return FALSE;
    end = memchr (rest->at, '\n', rest->length);
    line->at = rest->at;
    line->length = end == NULL ? rest->length : (gsize) (end - rest->at);
    rest->length -= line->length + (end != NULL);
    rest->at += line->length + (end != NULL);
    if (line->length > 0 && line->at[line->length - 1] == '\r')
        line->length--;
    return TRUE;
}

gboolean
text_equal (const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return text_is_empty (a) && text_is_empty (b);
    for (; ascii_lower (*a) == ascii_lower (*b); a++, b++)
        if (*a == '\0')
            return TRUE;
    return FALSE;
}

gboolean
text_has_prefix (const char *text, const char *prefix)
{
    if (text == NULL)
        return FALSE;
    for (; *prefix != '\0'; text++, prefix++)
        if (ascii_lower (*text) != ascii_lower (*prefix))
            return FALSE;
    return TRUE;
}

gboolean
text_has_suffix (const char *text, const char *suffix)
{
    gsize length = text == NULL ? 0 : strlen (text), wanted = strlen (suffix);

    return length >= wanted && text_equal (text == NULL ? "" : text + length - wanted, suffix);
}

const char *
text_find (const char *haystack, const char *needle)
{
    return haystack == NULL ? NULL : byte_search_word (haystack, strlen (haystack), needle, strlen (needle));
}

const char *
text_find_length (const char *haystack, gsize length, const char *needle)
{
    return byte_search_word (haystack, length, needle, strlen (needle));
}

gboolean
text_is_empty (const char *text)
{
    return text == NULL || text[0] == '\0';
}

char *
text_lower (Arena *arena, const char *text)
{
    char *lower = arena_strdup (arena, text);

    for (char *at = lower; *at != '\0'; at++)
        *at = ascii_lower (*at);
    return lower;
}

gsize
text_cut (const char *text, gsize length, gsize maximum)
{
    gsize cut = maximum;

    if (length <= maximum)
        return length;
    while (cut > 0 && ((guchar) text[cut] & 0xc0) == 0x80)
        cut--;
    return cut;
}

/* The three cleaners walk characters in the same way and differ in what they put for each. */
typedef enum { ONE_LINE, VALID, PRINTABLE, PRINTABLE_ASCII } CleanMode;

static const char *
replacement (gunichar character, gboolean valid, CleanMode mode)
{
    gboolean control = valid && utf8_is_control (character);

    switch (mode) {
    case ONE_LINE:
        return !valid                                                                      ? REPLACEMENT
               : control || character == ' ' || character == 0x2028 || character == 0x2029 ? " "
                                                                                           : NULL;
    case VALID:
        return !valid || character == 0 ? REPLACEMENT : NULL;
    case PRINTABLE:
        return !valid || control || utf8_is_invisible (character) ? REPLACEMENT : NULL;
    default:
        return !valid || control || character > 0x7e ? "?" : NULL;
    }
}

static char *
clean (Arena *arena, const char *text, gsize length, gsize maximum, CleanMode mode)
{
    GString *out = g_string_sized_new (MIN (length, maximum) + 8);
    char *copy;

    for (gsize i = 0; i < length && out->len <= maximum;) {
        guint step = utf8_length (text + i, length - i);
        const char *put = replacement (step == 0 ? 0 : utf8_decode (text + i, step), step > 0, mode);

        if (put == NULL)
            g_string_append_len (out, text + i, step);
        else if (mode != ONE_LINE || put[0] != ' ')
            g_string_append (out, put);
        else if (out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c (out, ' ');
        i += MAX (step, 1);
    }
    g_string_truncate (out, text_cut (out->str, out->len, maximum));
    while (mode == ONE_LINE && out->len > 0 && out->str[out->len - 1] == ' ')
        g_string_truncate (out, out->len - 1);
    copy = arena_strndup (arena, out->str, out->len);
    g_string_free (out, TRUE);
    return copy;
}

/* Most text is plain ASCII that needs no change at all. */
static gboolean
is_plain_line (const char *text, gsize length)
{
    gboolean space = TRUE; /* a space at the start would have to go */

    for (gsize i = 0; i < length; i++) {
        guchar c = (guchar) text[i];

        if (c < 0x20 || c > 0x7e || (c == ' ' && space))
            return FALSE;
        space = c == ' ';
    }
    return length == 0 || !space;
}

char *
text_one_line (Arena *arena, const char *text, gssize length, gsize maximum)
{
    gsize n = text == NULL ? 0 : length < 0 ? strlen (text) : (gsize) length;

    if (n <= maximum && is_plain_line (text, n))
        return arena_strndup (arena, text, n);
    return clean (arena, text, n, maximum, ONE_LINE);
}

char *
text_valid_utf8 (Arena *arena, const char *text, gssize length)
{
    gsize n = text == NULL ? 0 : length < 0 ? strlen (text) : (gsize) length;

    if (g_utf8_validate_len (text == NULL ? "" : text, n, NULL)) /* refuses NUL as well */
        return arena_strndup (arena, text, n);
    return clean (arena, text, n, G_MAXSIZE - 1, VALID);
}

char *
text_printable (Arena *arena, const char *text, gboolean ascii)
{
    return clean (arena, text == NULL ? "" : text, text == NULL ? 0 : strlen (text), G_MAXSIZE - 1,
                  ascii ? PRINTABLE_ASCII : PRINTABLE);
}
