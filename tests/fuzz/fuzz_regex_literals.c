/* SPDX-License-Identifier: MIT */
/* What a text must contain for an expression to match it: the first line is an expression, the rest a text. When it
 * matches, one literal of each set must be in the text, case ignored: else the rule would never be tried. */
#include "fuzz.h"

#include "classify/regex_literals.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    Arena *arena = fuzz_arena ();
    Span rest = span (size > 0 ? (const char *) data : "", size), line;
    RegexLiterals sets[REGEX_SETS_MAX];
    const char *source, *text;
    gboolean ascii = TRUE;
    guint n;

    if (!text_next_line (&rest, &line) || memchr (line.at, '\0', line.length) != NULL ||
        !g_utf8_validate_len (line.at, line.length, NULL))
        return 0;
    for (gsize i = 0; i < rest.length; i++)
        ascii &= rest.at[i] > 0;
    if (!ascii) /* what is equal without case differs there between PCRE and fold.h */
        return 0;
    source = span_dup (arena, line);
    n = regex_literals (arena, source, sets);
    g_assert (n <= REGEX_SETS_MAX);
    if (n == 0 || rest.length == 0)
        return 0;
    g_autofree char *limited = g_strdup_printf ("(*LIMIT_MATCH=2000)%s", source);
    g_autoptr (GRegex) regex = g_regex_new (limited, G_REGEX_CASELESS, 0, NULL);
    if (regex == NULL)
        return 0;
    text = span_dup (arena, rest);
    if (!g_regex_match_full (regex, text, (gssize) rest.length, 0, 0, NULL, NULL))
        return 0;
    for (guint i = 0; i < n; i++) {
        gboolean found = FALSE;

        for (guint k = 0; k < sets[i].n; k++)
            found |= text_find (text, sets[i].items[k]) != NULL;
        g_assert (found);
    }
    return 0;
}
