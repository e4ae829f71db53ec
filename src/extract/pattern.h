/* SPDX-License-Identifier: MIT */
/* The line patterns of data/formats: how a line of a bounce looks, and what is in it.
 *
 *     <{address}>:
 *     * on {date}
 *     host {host} said: {text}
 *
 * A pattern is a whole line, ASCII case and the amount of white space ignored, blanks at both ends ignored. `*` is any
 * text, even none. In braces stand the things to be taken out:
 *   {address} {original}  an address (the one that failed; the one it was made from)
 *   {text} any text, one character at least    {host} a host name or address
 *   {status} d.d.d    {reply} three digits of 4 or 5    {command} an SMTP command
 *   {date} any text that reads as a date       {word} no blanks        {number} digits
 * A `\` takes away the meaning of the character behind it. Matching takes a bounded number of steps. Pure. */
#ifndef NIXIE_EXTRACT_PATTERN_H
#define NIXIE_EXTRACT_PATTERN_H

#include "base/arena.h"
#include "base/text.h"
#include <glib.h>

typedef enum {
    CAPTURE_ADDRESS, CAPTURE_ORIGINAL, CAPTURE_TEXT, CAPTURE_HOST, CAPTURE_STATUS, CAPTURE_REPLY, CAPTURE_COMMAND,
    CAPTURE_DATE, CAPTURE_WORD, CAPTURE_NUMBER, N_CAPTURES
} Capture;

typedef struct Pattern Pattern;

/* What a line gave; {NULL, 0} where the pattern has no such place. Points into the line. */
typedef struct {
    Span captures[N_CAPTURES];
} PatternMatch;

/* NULL and the reason (static text) when it is none: an unknown name in braces, two of the same, nothing but `*`. */
Pattern *pattern_new (const char *text, const char **reason);
void pattern_free (Pattern *pattern);
/* `line` as pattern_fold() made it. `match` may be NULL. */
gboolean pattern_match (const Pattern *pattern, Span line, PatternMatch *match);
gboolean pattern_has (const Pattern *pattern, Capture capture);

/* The longest piece of plain text in it, lower case (ASCII); "" when there is none. The pattern's. */
const char *pattern_longest_literal (const Pattern *pattern);

/* Nothing but an address, bare or in brackets or quotes: such a line can also be a signature. */
gboolean pattern_is_bare (const Pattern *pattern);

/* Without braces: it only recognises. */
gboolean pattern_takes_nothing (const Pattern *pattern);

/* The line as patterns see it: trimmed, runs of blanks (NBSP and ideographic space too) as one, typographic quotes and
 * dashes as their ASCII twins. */
Span pattern_fold (Arena *arena, Span line);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pattern, pattern_free)

#endif
