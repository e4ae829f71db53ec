/* SPDX-License-Identifier: MIT */
/* HTML, element by element. Whatever is put as text or as the value of an attribute is made printable (no control, bidi
 * or invisible character) and escaped here, so that no caller can forget it; tags and names of attributes are constants
 * of ours. Elements are closed by the writer's own list of what is open: tags always balance.
 *
 *     Html html;
 *     html_begin (&html, writer);
 *     html_open (&html, "p", "class", "quote", NULL);
 *     html_words (&html, diagnostic);
 *     html_close (&html);
 *     html_end (&html);
 */
#ifndef NIXIE_REPORT_HTML_H
#define NIXIE_REPORT_HTML_H

#include "base/arena.h"
#include "base/writer.h"

#define HTML_DEPTH 32

typedef struct {
    Writer *writer;
    Arena *arena; /* what the functions below give back lives here, until html_end() */
    const char *open[HTML_DEPTH];
    guint depth;
} Html;

void html_begin (Html *html, Writer *writer);
void html_end (Html *html); /* closes what is still open */

/* An element with pairs of attribute and value, ended by NULL. A pair whose value is NULL is left out. */
void html_open (Html *html, const char *tag, ...) G_GNUC_NULL_TERMINATED;
void html_void (Html *html, const char *tag, ...) G_GNUC_NULL_TERMINATED; /* one that is never closed: meta */
void html_close (Html *html);
void html_close_to (Html *html, guint depth); /* until `depth` elements are open */
void html_words (Html *html, const char *text);
void html_leaf (Html *html, const char *tag, const char *class, const char *text); /* class may be NULL */
/* Constants of ours, as they are: the doctype, the style sheet. Never anything that comes from outside. */
void html_constant (Html *html, const char *text, gsize length);

/* 1234567 as "1 234 567" with narrow no-break spaces, or as the language has it. */
const char *html_number (Html *html, guint64 number);
/* "12 %", "0.4 %", "<0.1 %"; "" of nothing. */
const char *html_share (Html *html, guint64 part, guint64 whole);

#endif
