/* SPDX-License-Identifier: MIT */
#include "mail/appended.h"

#include "base/date.h"
#include "base/text.h"

#include <string.h>

/* The line that ends before `at` closes a multipart. */
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
    return strspn (text + start, "-") < end - start; /* no ruler */
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
