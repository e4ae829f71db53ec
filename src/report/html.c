/* SPDX-License-Identifier: MIT */
#include "report/html.h"

#include "base/spoken.h"
#include "base/text.h"
#include <string.h>

void
html_begin (Html *html, Writer *writer)
{
    *html = (Html){.writer = writer, .arena = arena_new ()};
}

void
html_end (Html *html)
{
    html_close_to (html, 0);
    g_clear_pointer (&html->arena, arena_free);
}

/* The five characters that mean something in text or in a quoted value. One function for both: what is right in a value
 * is right in text. */
static void
put_escaped (Html *html, const char *text)
{
    const char *rest = text_printable (html->arena, text ? text : "", FALSE);

    while (*rest) {
        gsize plain = strcspn (rest, "&<>\"'");

        writer_put (html->writer, rest, plain);
        rest += plain;
        switch (*rest) {
        case '&':
            writer_puts (html->writer, "&amp;");
            break;
        case '<':
            writer_puts (html->writer, "&lt;");
            break;
        case '>':
            writer_puts (html->writer, "&gt;");
            break;
        case '"':
            writer_puts (html->writer, "&quot;");
            break;
        case '\'':
            writer_puts (html->writer, "&#39;");
            break;
        default:
            return;
        }
        rest++;
    }
}

static void
put_tag (Html *html, const char *tag, va_list attributes)
{
    const char *name;

    writer_putc (html->writer, '<');
    writer_puts (html->writer, tag);
    while ((name = va_arg (attributes, const char *))) {
        const char *value = va_arg (attributes, const char *);

        if (!value)
            continue;
        writer_printf (html->writer, " %s=\"", name);
        put_escaped (html, value);
        writer_putc (html->writer, '"');
    }
    writer_putc (html->writer, '>');
}

void
html_open (Html *html, const char *tag, ...)
{
    va_list attributes;

    g_assert (html->depth < HTML_DEPTH);
    va_start (attributes, tag);
    put_tag (html, tag, attributes);
    va_end (attributes);
    html->open[html->depth++] = tag;
}

void
html_void (Html *html, const char *tag, ...)
{
    va_list attributes;

    va_start (attributes, tag);
    put_tag (html, tag, attributes);
    va_end (attributes);
}

/* A line end behind blocks, so that the file can be read and compared; never inside running text. */
static gboolean
ends_line (const char *tag)
{
    static const char *const blocks[] = {"head", "header", "section", "div",   "p",    "ol", "ul", "li",
                                         "tr",   "table",  "details", "title", "h1",   "h2", "h3", "svg",
                                         "dl",   "footer", "nav",     "main",  "body", NULL};

    return g_strv_contains (blocks, tag);
}

void
html_close (Html *html)
{
    const char *tag;

    g_assert (html->depth > 0);
    tag = html->open[--html->depth];
    writer_printf (html->writer, "</%s>", tag);
    if (ends_line (tag))
        writer_putc (html->writer, '\n');
}

void
html_close_to (Html *html, guint depth)
{
    while (html->depth > depth)
        html_close (html);
}

void
html_words (Html *html, const char *text)
{
    put_escaped (html, text);
}

void
html_leaf (Html *html, const char *tag, const char *class, const char *text)
{
    html_open (html, tag, "class", class, NULL);
    html_words (html, text);
    html_close (html);
}

void
html_constant (Html *html, const char *text, gsize length)
{
    writer_put (html->writer, text, length);
}

const char *
html_number (Html *html, guint64 number)
{
    char out[SPOKEN_SIZE];

    return arena_strdup (html->arena, spoken_number (number, "\342\200\257", out)); /* U+202F */
}

const char *
html_share (Html *html, guint64 part, guint64 whole)
{
    char out[SPOKEN_SIZE];

    return arena_strdup (html->arena, spoken_share (part, whole, out));
}
