/* SPDX-License-Identifier: MIT */
#include "mail/html_text.h"

#include "base/ascii.h"
#include "mail/html_entity.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST_TAG 12

typedef enum {
    TAG_OTHER, /* in the line: nothing */
    TAG_CELL,  /* a space */
    TAG_LINE,  /* a new line before and behind */
    TAG_BLOCK, /* a blank line before and behind */
    TAG_PRE,   /* TAG_BLOCK, and white space counts inside */
    TAG_DROP,  /* with what is in it */
} TagKind;

typedef struct {
    char name[LONGEST_TAG + 1];
    TagKind kind;
} HtmlTag;

/* In strcmp() order. */
static const HtmlTag html_tags[] = {
    {"address", TAG_LINE}, {"article", TAG_BLOCK}, {"blockquote", TAG_BLOCK}, {"body", TAG_LINE}, {"br", TAG_LINE},
    {"caption", TAG_LINE}, {"center", TAG_LINE}, {"dd", TAG_LINE}, {"div", TAG_LINE}, {"dl", TAG_BLOCK},
    {"dt", TAG_LINE}, {"fieldset", TAG_LINE}, {"footer", TAG_LINE}, {"form", TAG_LINE}, {"h1", TAG_BLOCK},
    {"h2", TAG_BLOCK}, {"h3", TAG_BLOCK}, {"h4", TAG_BLOCK}, {"h5", TAG_BLOCK}, {"h6", TAG_BLOCK},
    {"head", TAG_LINE}, {"header", TAG_LINE}, {"hr", TAG_BLOCK}, {"html", TAG_LINE}, {"li", TAG_LINE},
    {"main", TAG_LINE}, {"ol", TAG_BLOCK}, {"option", TAG_LINE}, {"p", TAG_BLOCK}, {"pre", TAG_PRE},
    {"script", TAG_DROP}, {"section", TAG_BLOCK}, {"style", TAG_DROP}, {"table", TAG_BLOCK}, {"tbody", TAG_LINE},
    {"td", TAG_CELL}, {"tfoot", TAG_LINE}, {"th", TAG_CELL}, {"thead", TAG_LINE}, {"title", TAG_DROP},
    {"tr", TAG_LINE}, {"ul", TAG_BLOCK},
};

typedef struct {
    const char *at, *end;
    GString *out;
    guint pre;             /* depth of <pre> */
    gboolean space;        /* white space was read and not yet written */
    guint lines;           /* line ends wanted before the next character */
    guint searched_in_vain; /* bits: this end does not occur any more */
} HtmlReader;

enum { NO_COMMENT_END = 1, NO_SCRIPT_END = 2, NO_STYLE_END = 4, NO_TITLE_END = 8 };

static int
compare_tag (const void *name, const void *tag)
{
    return strcmp (name, ((const HtmlTag *) tag)->name);
}

/* --- output: white space is written when something follows it ------------------------------------------------------ */

static void
put_pending (HtmlReader *reader)
{
    if (reader->out->len == 0) {
        reader->lines = 0;
        reader->space = FALSE;
    }
    if (reader->lines > 0 && !reader->pre)
        reader->space = FALSE;
    for (; reader->lines > 0; reader->lines--)
        g_string_append_c (reader->out, '\n');
    if (reader->space)
        g_string_append_c (reader->out, ' ');
    reader->space = FALSE;
}

static void
want_lines (HtmlReader *reader, guint lines)
{
    reader->lines = MAX (reader->lines, lines);
}

static void
put_white (HtmlReader *reader, char byte)
{
    if (reader->pre && byte == '\n')
        reader->lines = MIN (reader->lines + 1, 3), reader->space = FALSE;
    else if (!reader->pre || byte != '\r')
        reader->space = TRUE;
}

static void
put_character (HtmlReader *reader, gunichar character)
{
    if (character == 0xa0 || (character >= 0x2000 && character <= 0x200a) || character <= ' ') {
        put_white (reader, character == '\n' ? '\n' : ' ');
        return;
    }
    if (character == 0xad || (character >= 0x200b && character <= 0x200d) || character == 0xfeff)
        return; /* invisible: they only stand where a word may be broken */
    put_pending (reader);
    g_string_append_unichar (reader->out, character);
}

/* --- tags ---------------------------------------------------------------------------------------------------------- */

/* Advance behind `needle`, which ends a comment or a script. When there is none, the start did not count. */
static gboolean
skip_behind (HtmlReader *reader, const char *needle, guint bit)
{
    const char *found;

    if (reader->searched_in_vain & bit)
        return FALSE;
    found = text_find_length (reader->at, (gsize) (reader->end - reader->at), needle);
    if (!found) {
        reader->searched_in_vain |= bit;
        return FALSE;
    }
    reader->at = found + strlen (needle);
    return TRUE;
}

/* The ">" of the tag that starts at reader->at, one inside a quoted value not counted; or the "<" of the next tag when
 * this one is never closed. A quote that reaches to another "<" is taken for a stray one. NULL: no end at all. */
static const char *
find_tag_end (const HtmlReader *reader)
{
    const char *first_close = NULL;
    char quote = '\0', before = '\0';

    for (const char *at = reader->at + 1; at < reader->end; at++) {
        if (*at == '<')
            return first_close ? first_close : at;
        if (*at == '>') {
            if (!quote)
                return at;
            if (!first_close)
                first_close = at;
        } else if (quote) {
            if (*at == quote)
                quote = '\0';
        } else if ((*at == '"' || *at == '\'') && before == '=') {
            quote = *at;
        }
        if (!g_ascii_isspace (*at))
            before = *at;
    }
    return first_close;
}

/* Over a script, a style or a title and its closing tag. */
static void
skip_content (HtmlReader *reader, const char *name)
{
    gboolean found = g_str_equal (name, "script")  ? skip_behind (reader, "</script", NO_SCRIPT_END)
                     : g_str_equal (name, "style") ? skip_behind (reader, "</style", NO_STYLE_END)
                                                   : skip_behind (reader, "</title", NO_TITLE_END);

    while (found && reader->at < reader->end)
        if (*reader->at++ == '>')
            break;
}

static void
apply_tag (HtmlReader *reader, const char *name, gboolean closing)
{
    const HtmlTag *tag = bsearch (name, html_tags, G_N_ELEMENTS (html_tags), sizeof (HtmlTag), compare_tag);

    switch (tag ? tag->kind : TAG_OTHER) {
    case TAG_OTHER:
        break;
    case TAG_CELL:
        reader->space = TRUE;
        break;
    case TAG_LINE:
        if (g_str_equal (name, "br"))
            reader->lines = MIN (reader->lines + 1, 2);
        else
            want_lines (reader, 1);
        break;
    case TAG_PRE:
        if (!closing)
            reader->pre++;
        else if (reader->pre > 0)
            reader->pre--;
        want_lines (reader, 2);
        break;
    case TAG_BLOCK:
        want_lines (reader, 2);
        break;
    case TAG_DROP:
        if (!closing)
            skip_content (reader, name);
        break;
    }
}

/* Inside the brackets is an address and no attributes: mail programs forget to write "&lt;". */
static gboolean
is_bracketed_address (const char *start, const char *close)
{
    const char *sign = memchr (start, '@', (gsize) (close - start));

    for (const char *at = start; sign && at < close; at++)
        if (g_ascii_isspace (*at) || *at == '"' || (*at == '=' && at + 1 < close && at[1] == '"'))
            return FALSE;
    return sign != NULL;
}

/* A tag at reader->at ("<")? FALSE: it is text. */
static gboolean
read_tag (HtmlReader *reader)
{
    char name[LONGEST_TAG + 1];
    gsize length = 0;
    const char *at = reader->at + 1;
    gboolean closing = at < reader->end && *at == '/';
    const char *close;

    at += closing;
    if (at >= reader->end || !(g_ascii_isalpha (*at) || *at == '!' || *at == '?'))
        return FALSE;
    if (reader->end - at > 2 && memcmp (at, "!--", 3) == 0 && skip_behind (reader, "-->", NO_COMMENT_END))
        return TRUE;
    close = find_tag_end (reader);
    if (!close || is_bracketed_address (at, close))
        return FALSE;
    for (; at < close && g_ascii_isalnum (*at); at++)
        if (length < LONGEST_TAG)
            name[length++] = ascii_lower (*at);
    name[length] = '\0';
    reader->at = *close == '>' ? close + 1 : close;
    apply_tag (reader, name, closing);
    return TRUE;
}

/* --- text ---------------------------------------------------------------------------------------------------------- */

static void
read_text (HtmlReader *reader)
{
    gunichar character;
    gsize length;

    if (*reader->at == '&') {
        length = html_entity_read (span (reader->at, (gsize) (reader->end - reader->at)), &character);
        if (length > 0) {
            reader->at += length;
            put_character (reader, character);
            return;
        }
    }
    if (g_ascii_isspace (*reader->at)) {
        put_white (reader, *reader->at++);
        return;
    }
    if ((guint8) *reader->at >= 0x80) {
        length = (gsize) (g_utf8_next_char (reader->at) - reader->at);
        if (length > (gsize) (reader->end - reader->at)) {
            reader->at = reader->end;
            return;
        }
        put_character (reader, g_utf8_get_char (reader->at));
        reader->at += length;
        return;
    }
    put_pending (reader);
    g_string_append_c (reader->out, *reader->at++);
}

Span
html_text (Arena *arena, Span html)
{
    g_autoptr (GString) out = g_string_sized_new (html.length / 2 + 1);
    HtmlReader reader = {.at = html.at, .end = html.at + html.length, .out = out};

    while (reader.at < reader.end)
        if (*reader.at != '<' || !read_tag (&reader))
            read_text (&reader);
    if (out->len > 0)
        g_string_append_c (out, '\n');
    return span (arena_strndup (arena, out->str, out->len), out->len);
}
