/* SPDX-License-Identifier: MIT */
/* What a text must contain for a regular expression to have a chance: sets of literals; every match holds at least one of
 * each set. The matcher looks for them in its one pass, and the expression itself runs only where each set was seen.
 * Conservative: where nothing is certain it says so, and the expression is tried on every text. */
#ifndef NIXIE_CLASSIFY_REGEX_LITERALS_H
#define NIXIE_CLASSIFY_REGEX_LITERALS_H

#include "base/arena.h"
#include <glib.h>

#define REGEX_LITERALS_MAX 48  /* more alternatives than this are no good filter */
#define REGEX_LITERAL_MIN 2    /* bytes of the shortest that is worth looking for */
#define REGEX_SETS_MAX 4       /* sets of one expression */

/* A set of literals of which one must occur. */
typedef struct {
    const char *const *items;
    guint n;
} RegexLiterals;

/* Up to REGEX_SETS_MAX sets, the most telling first, into `sets` (in `arena`); how many there are comes back, 0 when
 * nothing is certain. `regex`: PCRE syntax. */
guint regex_literals (Arena *arena, const char *regex, RegexLiterals sets[REGEX_SETS_MAX]);

#endif
