/* SPDX-License-Identifier: MIT */
/* The alternatives of an expression and what a text must contain for them to match it: the first line is an expression, the
 * rest a text. When the expression matches, one of the alternatives does, and the other way round; and where an alternative
 * matches, one literal of each of its sets must be in the text, one behind the other, case ignored: else the rule would never
 * be tried. */
#include "fuzz.h"

#include "regex_sets.h"

/* 1 matches, 0 does not, -1 not to be said: no expression, or beyond the limit. */
static gint
matches (const char *source, Span text)
{
    g_autofree char *limited = g_strdup_printf ("(*LIMIT_MATCH=2000)%s", source);
    g_autoptr (GRegex) regex = g_regex_new (limited, G_REGEX_CASELESS, 0, NULL);
    g_autoptr (GError) error = NULL;
    gboolean found;

    if (regex == NULL)
        return -1;
    found = g_regex_match_full (regex, text.at, (gssize) text.length, 0, 0, NULL, &error);
    return error != NULL ? -1 : found;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    Arena *arena = fuzz_arena ();
    Span rest = span (size > 0 ? (const char *) data : "", size), line;
    const RegexAlternative *alternatives;
    const char *source, *text;
    gboolean ascii = TRUE, found = FALSE, unsure = FALSE;
    gint whole;
    guint n;

    if (!text_next_line (&rest, &line) || memchr (line.at, '\0', line.length) != NULL ||
        !g_utf8_validate_len (line.at, line.length, NULL))
        return 0;
    for (gsize i = 0; i < rest.length; i++)
        ascii &= rest.at[i] > 0;
    if (!ascii) /* what is equal without case differs there between PCRE and fold.h */
        return 0;
    source = span_dup (arena, line);
    alternatives = regex_alternatives (arena, source, &n);
    g_assert (n >= 1);
    whole = rest.length == 0 ? -1 : matches (source, rest);
    if (whole < 0)
        return 0;
    text = span_dup (arena, rest);
    for (guint i = 0; i < n; i++) {
        gint one = matches (alternatives[i].text, rest);

        g_assert (one <= 0 || regex_sets_hold (&alternatives[i], text));
        found |= one > 0;
        unsure |= one < 0;
    }
    g_assert (found ? whole == 1 : unsure || whole == 0);
    return 0;
}
