/* SPDX-License-Identifier: MIT */
/* Many literals in one pass: the first lines are literals up to a blank line, the rest is the text. Exactly those hits
 * come that a plain search finds. */
#include "fuzz.h"

#include "base/matcher.h"

#define MOST 8

typedef struct {
    Span literals[MOST];
    const char *text;
    gsize length;
    guint hits[MOST];
} Search;

static void
note_hit (guint id, gsize end, gpointer user)
{
    Search *search = user;
    Span literal = search->literals[id];

    g_assert (id < MOST && end <= search->length && end >= literal.length && literal.length > 0);
    g_assert (memcmp (search->text + end - literal.length, literal.at, literal.length) == 0);
    search->hits[id]++;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    Span rest = span (size > 0 ? (const char *) data : "", size), line;
    Search search = {0};
    Matcher *matcher = matcher_new ();
    guint n = 0;

    while (n < MOST && text_next_line (&rest, &line) && line.length > 0) {
        matcher_add (matcher, line.at, line.length, n);
        search.literals[n++] = line;
    }
    matcher_compile (matcher);
    search.text = rest.at;
    search.length = rest.length;
    matcher_scan (matcher, rest.at, rest.length, note_hit, &search);
    for (guint i = 0; i < n; i++) {
        guint there = 0;

        for (gsize at = 0; at + search.literals[i].length <= rest.length; at++)
            there += memcmp (rest.at + at, search.literals[i].at, search.literals[i].length) == 0;
        g_assert (there == search.hits[i]);
    }
    matcher_free (matcher);
    return 0;
}
