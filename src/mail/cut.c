/* SPDX-License-Identifier: MIT */
#include "mail/cut.h"

#include "base/ascii.h"

#include <string.h>

Span
cut_whole_lines (Span text)
{
    while (text.length > 0 && text.at[text.length - 1] != '\n')
        text.length--;
    return text;
}

static gboolean
ends_with (Span text, const char *end)
{
    gsize length = strlen (end);
    return text.length >= length && memcmp (text.at + text.length - length, end, length) == 0;
}

/* The name of the first tag of the text: what closes another one leaves it open. */
static Span
first_tag (Span text)
{
    Span name = {NULL, 0};

    for (gsize i = 0; i + 1 < text.length && !name.at; i++)
        if (text.at[i] == '<' && g_ascii_isalpha (text.at[i + 1]))
            name.at = text.at + i + 1;
    while (name.at && name.at + name.length < text.at + text.length && g_ascii_isalnum (name.at[name.length]))
        name.length++;
    return name;
}

/* "</html>", "-->": a tag that opens something, or an address in brackets, is not the end of anything. */
static gboolean
ends_with_tag (Span text)
{
    gsize at = text.length;
    Span tag, first;
    if (ends_with (text, "-->"))
        return TRUE;
    if (!ends_with (text, ">"))
        return FALSE;
    while (at > 0 && text.at[at - 1] != '<' && text.at[at - 1] != '\n')
        at--;
    if (at == 0 || text.at[at - 1] != '<' || text.at[at] != '/')
        return FALSE;
    tag = span_trim (span (text.at + at + 1, text.length - at - 2));
    first = first_tag (text);
    return span_equal (tag, "html") || span_equal (tag, "body") ||
           (tag.length == first.length && tag.length > 0 && ascii_equal (tag.at, first.at, tag.length));
}

/* JSON: what closes the first bracket of the text or of the line. "[192.0.2.1]" and "\\x{30E1}" close nothing. */
static gboolean
ends_with_bracket (Span text)
{
    gsize at = text.length;
    if (!ends_with (text, "}") && !ends_with (text, "]"))
        return FALSE;
    while (at > 0 && text.at[at - 1] != '\n')
        at--;
    while (at < text.length && g_ascii_isspace (text.at[at]))
        at++;
    return at + 1 == text.length || text.at[at] == (ends_with (text, "}") ? '{' : '[');
}

/* "--b-1--": not a ruler of dashes. */
static gboolean
ends_with_boundary (Span text)
{
    gsize at = text.length;
    gboolean word = FALSE;
    while (at > 0 && text.at[at - 1] != '\n')
        word |= text.at[--at] != '-';
    return word && ends_with (text, "--") && text.length - at > 4 && text.at[at] == '-' && text.at[at + 1] == '-';
}

gboolean
cut_is_finished (Span text)
{
    if (text.length == 0 || ends_with (text, "\n"))
        return TRUE;
    while (text.length > 0 && (text.at[text.length - 1] == ' ' || text.at[text.length - 1] == '\t'))
        text.length--;
    return ends_with_boundary (text) || ends_with_bracket (text) || ends_with_tag (text);
}

/* No padding, and the last line as long as the first one, or of no whole number of groups. */
static gboolean
base64_stops_short (Span content, gboolean ended)
{
    const char *first_end = memchr (content.at, '\n', content.length);
    gsize length = content.length, last = 0;
    while (length > 0 && g_ascii_isspace (content.at[length - 1]))
        length--;
    if (length == 0 || content.at[length - 1] == '=')
        return FALSE;
    while (last < length && content.at[length - 1 - last] != '\n')
        last++;
    return !ended || last % 4 != 0 || !first_end || last >= (gsize) (first_end - content.at);
}

gboolean
cut_stops_short (Transfer transfer, Span content, Span bytes, gboolean ended)
{
    if (bytes.length == 0 || bytes.at[bytes.length - 1] == '\n')
        return FALSE;
    if (transfer == TRANSFER_BASE64)
        return base64_stops_short (content, ended) && !cut_is_finished (bytes);
    if (transfer == TRANSFER_QUOTED_PRINTABLE) {
        while (content.length > 0 && g_ascii_isspace (content.at[content.length - 1]))
            content.length--;
        return (!ended || ends_with (content, "=")) && !cut_is_finished (bytes);
    }
    return !ended && !cut_is_finished (content);
}
