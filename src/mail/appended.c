/* SPDX-License-Identifier: MIT */
#include "mail/appended.h"

#include "base/date.h"
#include "base/text.h"

#include <string.h>

/* The header of the message declares the boundary: what closes another one stands inside the message. */
static gboolean
is_own_boundary (const char *text, Span boundary)
{
    Span rest = span (text, (gsize) (boundary.at - text)), line;

    while (text_next_line (&rest, &line) && line.length > 0)
        for (gsize i = 0; i + boundary.length <= line.length; i++)
            if (line.at[i] == *boundary.at && memcmp (line.at + i, boundary.at, boundary.length) == 0)
                return TRUE;
    return FALSE;
}

/* The line that ends before `at` closes the message's multipart. */
static gboolean
follows_boundary (const char *text, gsize at)
{
    gsize end = at - 1, start = end;

    while (start > 0 && text[start - 1] != '\n')
        start--;
    if (end - start < 5 || memcmp (text + start, "--", 2) != 0 || memcmp (text + end - 2, "--", 2) != 0)
        return FALSE;
    for (gsize i = start + 2; i < end; i++)
        if (text[i] == ' ' || text[i] == '\t')
            return FALSE;
    return strspn (text + start, "-") < end - start && /* no ruler */
           is_own_boundary (text, span (text + start + 2, end - start - 4));
}

/* "From ", at most one word, a date. */
static gboolean
is_from_line (Span line)
{
    const char *blank;
    Span rest;

    while (line.length > 0 && line.at[0] == '>')
        line = span (line.at + 1, line.length - 1);
    if (line.length < 10 || memcmp (line.at, "From ", 5) != 0)
        return FALSE;
    rest = span_trim (span (line.at + 5, line.length - 5));
    blank = rest.length == 0 ? NULL : memchr (rest.at, ' ', rest.length);
    return blank != NULL &&
           date_parse_length (blank + 1, rest.length - (gsize) (blank + 1 - rest.at)) != DATE_NONE;
}

static gboolean
is_field (Span line)
{
    gsize n = 0;

    while (n < line.length && line.at[n] > ' ' && line.at[n] < 127 && line.at[n] != ':')
        n++;
    return n > 0 && n < line.length && line.at[n] == ':';
}

gboolean
appended_find (const char *text, gsize length, gsize *end, gsize *next)
{
    const char *at = text, *stop = text + length;

    *end = *next = length;
    while ((at = memchr (at, 'F', (gsize) (stop - at))) != NULL) {
        const char *start = at++;
        Span rest, line, field;

        if (stop - start < 5 || memcmp (start, "From ", 5) != 0)
            continue;
        while (start > text && start[-1] == '>')
            start--;
        if (start == text || start[-1] != '\n' || !follows_boundary (text, (gsize) (start - text)))
            continue;
        rest = span (start, (gsize) (stop - start));
        if (text_next_line (&rest, &line) && is_from_line (line)) {
            *next = (gsize) (rest.at - text);
            if (text_next_line (&rest, &field) && is_field (field)) {
                *end = (gsize) (start - text);
                return TRUE;
            }
        }
    }
    *next = length;
    return FALSE;
}
