/* SPDX-License-Identifier: MIT */
#include "base/fold.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include <string.h>

/* The ASCII twin of a typographic character, 0 when it has none. */
static char
twin (gunichar character)
{
    switch (character) {
    case 0x2018: case 0x2019: case 0x201B: case 0x2032: case 0x00B4:
        return '\'';
    case 0x201C: case 0x201D: case 0x201F: case 0x2033:
        return '"';
    case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2212:
        return '-';
    case 0x00A0: case 0x2002: case 0x2003: case 0x2009: case 0x202F: case 0x3000:
        return ' ';
    default:
        return 0;
    }
}

/* One character of `text` to `out` (room for 6 bytes); the bytes read come back, *wrote is set. */
static gsize
fold_character (const char *text, gsize available, char *out, gsize *wrote)
{
    guint length;
    gunichar character;
    char ascii;

    *wrote = 1;
    if ((guchar) text[0] < 0x80) {
        out[0] = (guchar) text[0] <= ' ' || text[0] == 0x7f ? ' ' : ascii_lower (text[0]);
        return 1;
    }
    length = utf8_length (text, available);
    if (length == 0) {
        out[0] = text[0];
        return 1;
    }
    character = utf8_decode (text, length);
    ascii = twin (character);
    if (ascii != 0)
        out[0] = ascii;
    else
        *wrote = (gsize) g_unichar_to_utf8 (g_unichar_tolower (character), out);
    return length;
}

/* What folding makes of text that is plain ASCII; the bytes written. A run of blanks becomes one. */
static gsize
fold_ascii (const char *text, gsize length, gboolean trim, char *out)
{
    gboolean blank = trim; /* the last byte written; at the start, one that is not wanted */
    gsize used = 0;

    for (gsize i = 0; i < length; i++) {
        char c = text[i];

        if (c <= ' ' || c == 0x7f) {
            out[used] = ' ';
            used += !blank;
            blank = TRUE;
        } else {
            out[used++] = ascii_lower (c);
            blank = FALSE;
        }
    }
    return used;
}

static gsize
fold_unicode (const char *text, gsize available, gboolean trim, char *out)
{
    gsize used = 0;

    while (available > 0) {
        gsize wrote, read = fold_character (text, available, out + used, &wrote);
        gboolean blank = wrote == 1 && out[used] == ' ';

        text += read;
        available -= read;
        if (blank && ((used == 0 && trim) || (used > 0 && out[used - 1] == ' ')))
            continue;
        used += wrote;
    }
    return used;
}

static gboolean
is_ascii (const char *text, gsize length)
{
    guchar all = 0;

    for (gsize i = 0; i < length; i++)
        all |= (guchar) text[i];
    return all < 0x80;
}

static char *
fold (Arena *arena, Span text, gboolean trim, gsize *length)
{
    gboolean ascii = is_ascii (text.at, text.length);
    /* a lower-case letter may take one byte more than its capital (U+023A); three for two is the worst there is */
    char *out = arena_alloc (arena, ascii ? text.length + 1 : text.length + text.length / 2 + 8);
    gsize used = ascii ? fold_ascii (text.at, text.length, trim, out) : fold_unicode (text.at, text.length, trim, out);

    if (trim && used > 0 && out[used - 1] == ' ')
        used--;
    out[used] = '\0';
    if (length != NULL)
        *length = used;
    return out;
}

char *
fold_text (Arena *arena, Span text, gsize *length)
{
    return fold (arena, text, TRUE, length);
}

char *
fold_pattern (Arena *arena, Span text, gsize *length)
{
    return fold (arena, text, FALSE, length);
}

char
fold_twin (const char *text, gsize available, gsize *length)
{
    guint size = utf8_length (text, available);

    *length = size == 0 ? 1 : size;
    return size == 0 ? 0 : twin (utf8_decode (text, size));
}
