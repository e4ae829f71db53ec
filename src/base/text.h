/* SPDX-License-Identifier: MIT */
/* Text as mail has it: ASCII case, folded lines, white space, bytes that are no UTF-8. All functions are pure; what
 * they make lives in the given arena. No function looks at the locale. */
#ifndef NIXIE_BASE_TEXT_H
#define NIXIE_BASE_TEXT_H

#include "base/arena.h"
#include <glib.h>
#include <string.h>

/* A piece of somebody else's text; not NUL-terminated. {NULL, 0} is "nothing". */
typedef struct {
    const char *at;
    gsize length;
} Span;

static inline Span
span (const char *at, gsize length)
{
    return (Span){at, at == NULL ? 0 : length};
}

static inline Span
span_of (const char *text) /* NULL = nothing */
{
    return span (text, text == NULL ? 0 : strlen (text));
}

Span span_trim (Span piece);     /* without white space (space, tab, CR, LF) at both ends */
gboolean span_equal (Span piece, const char *text); /* ASCII case ignored */
gboolean span_has_prefix (Span piece, const char *prefix); /* ASCII case ignored */
char *span_dup (Arena *arena, Span piece);

/* Walk the lines of a text: *rest is advanced behind the line end (LF or CRLF), the line comes back without it.
 * FALSE when nothing is left. An unended last line counts. */
gboolean text_next_line (Span *rest, Span *line);

/* ASCII case ignored; NULL counts as "". */
gboolean text_equal (const char *a, const char *b);
gboolean text_has_prefix (const char *text, const char *prefix);
gboolean text_has_suffix (const char *text, const char *suffix);
/* First occurrence or NULL, ASCII case ignored. */
const char *text_find (const char *haystack, const char *needle);
const char *text_find_length (const char *haystack, gsize length, const char *needle);

gboolean text_is_empty (const char *text); /* NULL or "" */
char *text_lower (Arena *arena, const char *text); /* ASCII only */

/* One line of valid UTF-8: every run of white space and control characters (C0, DEL, C1) becomes one space, the ends
 * are trimmed, bytes that are no UTF-8 become U+FFFD, and after `maximum` bytes the rest is cut at a character. */
char *text_one_line (Arena *arena, const char *text, gssize length, gsize maximum);

/* Valid UTF-8 with line ends kept; invalid bytes become U+FFFD, NUL becomes U+FFFD. */
char *text_valid_utf8 (Arena *arena, const char *text, gssize length);
/* For a terminal or a log: valid UTF-8 with C0, DEL, C1 and bidi controls shown as U+FFFD ("?" when ascii). */
char *text_printable (Arena *arena, const char *text, gboolean ascii);
/* Longest start of `text` of at most `maximum` bytes that ends at a character. */
gsize text_cut (const char *text, gsize length, gsize maximum);

#endif
