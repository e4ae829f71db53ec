/* SPDX-License-Identifier: MIT */
/* What must hold of the literals of an expression (regex_literals.h), for its unit test and its fuzz target. */
#ifndef NIXIE_TESTS_REGEX_SETS_H
#define NIXIE_TESTS_REGEX_SETS_H

#include "base/text.h"
#include "classify/regex_literals.h"
#include <string.h>

/* Whether `text` holds a literal of each set, one behind the other, case ignored. */
static inline gboolean
regex_sets_hold (const RegexAlternative *alternative, const char *text)
{
    for (guint set = 0; set < alternative->n_sets; set++) {
        const char *earliest = NULL;

        for (guint k = 0; k < alternative->sets[set].n; k++) {
            const char *literal = alternative->sets[set].items[k], *at = text_find (text, literal);

            if (at != NULL && (earliest == NULL || at + strlen (literal) < earliest))
                earliest = at + strlen (literal);
        }
        if (earliest == NULL)
            return FALSE;
        text = earliest;
    }
    return TRUE;
}

#endif
