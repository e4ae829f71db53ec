/* SPDX-License-Identifier: MIT */
#include "report/columns.h"

#include "base/spoken.h"
#include "base/text.h"
#include <string.h>

static guint
character_columns (gunichar character)
{
    if (g_unichar_iszerowidth (character))
        return 0;
    return g_unichar_iswide (character) ? 2 : 1;
}

guint
columns_of (const char *text)
{
    guint columns = 0;

    for (; *text; text = g_utf8_next_char (text))
        columns += character_columns (g_utf8_get_char (text));
    return columns;
}

/* Printable, and in ASCII where the page is. */
static char *
printable (Page *page, const char *text)
{
    return text_printable (page->arena, text, !page->unicode);
}

/* Bytes of the start of `text` that is at most `width` columns; combining marks stay with their character. */
static gsize
bytes_within (const char *text, guint width)
{
    const char *at = text;
    guint columns = 0;

    while (*at) {
        guint more = character_columns (g_utf8_get_char (at));

        if (columns + more > width)
            break;
        columns += more;
        at = g_utf8_next_char (at);
    }
    return (gsize) (at - text);
}

char *
columns_fit (Page *page, const char *text, guint width)
{
    char *clean = printable (page, text);
    const char *mark = page->unicode ? "…" : "..";
    guint mark_columns = page->unicode ? 1 : 2;

    if (columns_of (clean) <= width)
        return clean;
    if (width <= mark_columns) {
        clean[bytes_within (clean, width)] = '\0';
        return clean;
    }
    clean[bytes_within (clean, width - mark_columns)] = '\0';
    return arena_printf (page->arena, "%s%s", clean, mark);
}

/* --- putting ---------------------------------------------------------------------------------------------------------- */

static void
ink_start (Page *page, Ink ink)
{
    static const char *const codes[N_INKS] = {"", "1", "2", "31", "33", "32", "34"};

    if (page->colour && ink != INK_PLAIN)
        writer_printf (page->writer, "\033[%sm", codes[ink]);
}

static void
ink_stop (Page *page, Ink ink)
{
    if (page->colour && ink != INK_PLAIN)
        writer_puts (page->writer, "\033[0m");
}

void
page_text (Page *page, Ink ink, const char *text)
{
    if (!*text)
        return;
    ink_start (page, ink);
    writer_puts (page->writer, text);
    ink_stop (page, ink);
}

void
page_spaces (Page *page, guint n)
{
    for (; n > 0; n--)
        writer_putc (page->writer, ' ');
}

void
page_cell (Page *page, Ink ink, const char *text, guint width, gboolean right)
{
    const char *fit = columns_fit (page, text, width);
    guint columns = columns_of (fit);

    if (right)
        page_spaces (page, width - MIN (columns, width));
    page_text (page, ink, fit);
    if (!right)
        page_spaces (page, width - MIN (columns, width));
}

void
page_end (Page *page)
{
    writer_putc (page->writer, '\n');
    arena_clear (page->arena);
}

/* Characters that no line begins with, and those that none ends with (kinsoku: JIS X 4051, the common part). */
static gboolean
is_one_of (gunichar character, const char *set)
{
    return g_utf8_strchr (set, -1, character) != NULL;
}

/* Text of wide characters may be broken between any two: Japanese has no spaces. Not so that a line begins with what
 * closes or ends with what opens. */
static gboolean
may_break (gunichar before, gunichar after)
{
    if (!g_unichar_iswide (before) && !g_unichar_iswide (after))
        return FALSE;
    return !is_one_of (after, "、。，．・：；！？」』）】〉》〕］｝ーぁぃぅぇぉっゃゅょァィゥェォッャュョ…,.:;!?)]}") &&
           !is_one_of (before, "「『（【〈《〔［｛([{") && !g_unichar_iszerowidth (after);
}

/* Bytes of the line to take from `text`: as much as fits and may be divided there. A word that would not fit on a line
 * of its own is broken where this one ends. */
static gsize
line_bytes (const char *text, guint width)
{
    gsize bytes = bytes_within (text, width), cut = 0, end;
    const char *at;

    if (!text[bytes] || text[bytes] == ' ')
        return bytes;
    for (at = text + bytes; at > text && cut == 0; at = g_utf8_prev_char (at)) {
        gunichar before = g_utf8_get_char (g_utf8_prev_char (at));

        if (before == ' ' || may_break (before, g_utf8_get_char (at)))
            cut = (gsize) (at - text);
    }
    for (at = text + bytes; *at && *at != ' ' && (at == text || !may_break (g_utf8_get_char (g_utf8_prev_char (at)),
                                                                          g_utf8_get_char (at))); )
        at = g_utf8_next_char (at);
    end = (gsize) (at - text);
    if (cut > 0 && bytes_within (text + cut, width) >= end - cut)
        return cut;
    return bytes > 0 ? bytes : (gsize) (g_utf8_next_char (text) - text);
}

void
page_wrap (Page *page, Ink ink, const char *text, guint column, guint lines)
{
    const char *rest = printable (page, text);
    guint width = page->width > column + 10 ? page->width - column : 10;

    for (guint line = 1; ; line++) {
        gsize bytes = line_bytes (rest, width);
        gsize kept = bytes;

        if (line == lines && rest[bytes]) {
            page_text (page, ink, columns_fit (page, rest, width));
            break;
        }
        while (kept > 0 && rest[kept - 1] == ' ')
            kept--;
        page_text (page, ink, arena_strndup (page->arena, rest, kept));
        for (rest += bytes; *rest == ' '; rest++)
            ;
        if (!*rest)
            break;
        writer_putc (page->writer, '\n');
        page_spaces (page, column);
    }
    page_end (page);
}

/* --- figures ---------------------------------------------------------------------------------------------------------- */

char *
page_number (Page *page, guint64 number)
{
    char out[SPOKEN_SIZE];

    return arena_strdup (page->arena, spoken_number (number, " ", out));
}

char *
page_share (Page *page, guint64 part, guint64 whole)
{
    char out[SPOKEN_SIZE];

    return arena_strdup (page->arena, spoken_share (part, whole, out));
}

char *
page_bar (Page *page, guint64 value, guint64 maximum, guint width)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    g_autoptr (GString) bar = g_string_new (NULL);
    guint64 units;

    if (maximum == 0 || value == 0 || width == 0)
        return arena_strdup (page->arena, "");
    units = (guint64) ((double) value * width * 8.0 / (double) maximum + 0.5);
    units = CLAMP (units, page->unicode ? 1 : 8, (guint64) width * 8);
    for (guint i = 0; i < units / 8; i++)
        g_string_append (bar, page->unicode ? "█" : "#");
    if (page->unicode)
        g_string_append (bar, eighths[units % 8]);
    return arena_strndup (page->arena, bar->str, bar->len);
}
