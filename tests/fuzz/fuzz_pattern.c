/* SPDX-License-Identifier: MIT */
/* The line patterns of the formats: the first line is a pattern, the others are lines. What it takes out stands in the
 * line, and its plain text does, too. */
#include "fuzz.h"

#include "extract/pattern.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    Arena *arena = fuzz_arena ();
    Span rest = span (size > 0 ? (const char *) data : "", size), line;
    const char *reason = NULL;
    g_autoptr (Pattern) pattern = NULL;
    PatternMatch match;

    if (!text_next_line (&rest, &line))
        return 0;
    pattern = pattern_new (span_dup (arena, line), &reason);
    g_assert ((pattern == NULL) == (reason != NULL));
    while (pattern != NULL && text_next_line (&rest, &line)) {
        Span folded = pattern_fold (arena, line);

        if (!pattern_match (pattern, folded, &match))
            continue;
        g_assert (text_find_length (folded.at, folded.length, pattern_longest_literal (pattern)) != NULL);
        for (Capture i = CAPTURE_ADDRESS; i < N_CAPTURES; i++) {
            Span taken = match.captures[i];

            g_assert (taken.length == 0 || pattern_has (pattern, i));
            g_assert (taken.length == 0 || (taken.at >= folded.at && taken.at + taken.length <= folded.at + folded.length));
        }
    }
    return 0;
}
