/* SPDX-License-Identifier: MIT */
/* What a text must contain for a regular expression to have a chance. The expression is divided at its outermost bars:
 * each alternative is an expression of its own, with sets of literals; every match of it holds at least
 * one of each set, one behind the other. The matcher looks for them in its one pass, and an alternative
 * itself runs only where its sets were seen. Conservative: where nothing is certain it says so, and the
 * expression is tried on every text. */
#ifndef NIXIE_CLASSIFY_REGEX_LITERALS_H
#define NIXIE_CLASSIFY_REGEX_LITERALS_H

#include "base/arena.h"
#include <glib.h>

#define REGEX_LITERALS_MAX 48  /* more alternatives than this are no good filter */
#define REGEX_LITERAL_MIN 2    /* bytes of the shortest that is worth looking for */
#define REGEX_SETS_MAX 4       /* sets of one alternative */

/* A set of literals of which one must occur. */
typedef struct {
    const char *const *items;
    guint n;
} RegexLiterals;

typedef struct {
    const char *text;                    /* the alternative, as it is written */
    RegexLiterals sets[REGEX_SETS_MAX];  /* in the order of the text */
    guint n_sets;                        /* 0 = nothing is certain */
} RegexAlternative;

/* The alternatives of `regex` (PCRE syntax), `*n` of them, at least one, in `arena`. A text matches the
 * expression exactly when it matches one of them. An expression that cannot be divided, or that is not
 * understood, is its only one. */
const RegexAlternative *regex_alternatives (Arena *arena, const char *regex, guint *n);

#endif
