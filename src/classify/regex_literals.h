/* SPDX-License-Identifier: MIT */
/* What a text must contain for a regular expression to have a chance: a few literals of which every match holds at least
 * one. The matcher looks for them in its one pass, and the expression itself runs only where one was seen. Conservative:
 * where it is not certain it says so, and the expression is tried on every text. */
#ifndef NIXIE_CLASSIFY_REGEX_LITERALS_H
#define NIXIE_CLASSIFY_REGEX_LITERALS_H

#include "base/arena.h"
#include <glib.h>

#define REGEX_LITERALS_MAX 48  /* more alternatives than this are no good filter */
#define REGEX_LITERAL_MIN 2    /* bytes of the shortest that is worth looking for */

/* NULL-terminated list in `arena`; empty when nothing is certain. `regex`: PCRE syntax. */
const char *const *regex_literals (Arena *arena, const char *regex);

#endif
