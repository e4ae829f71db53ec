/* SPDX-License-Identifier: MIT */
/* The automaton finds exactly what a naive search finds, on made-up literals and texts of a small alphabet (so that
 * prefixes, suffixes and overlaps are the rule) and of all bytes. */
#include "unit.h"

#include "base/matcher.h"
#include <string.h>

#define MAX_LITERALS 300

typedef struct {
    guint found[MAX_LITERALS]; /* how often */
    guint64 ends[MAX_LITERALS];/* sum of the end offsets */
} Hits;

static void
note_hit (guint id, gsize end, gpointer user)
{
    Hits *hits = user;

    assert_true (id < MAX_LITERALS);
    hits->found[id]++;
    hits->ends[id] += end;
}

static void
naive (const char *text, gsize length, const char *literal, gsize size, guint *found, guint64 *ends)
{
    for (gsize i = 0; i + size <= length; i++) {
        if (memcmp (text + i, literal, size) != 0)
            continue;
        (*found)++;
        *ends += i + size;
    }
}

static void
compare_round (GRand *rand, guint alphabet, guint n_literals)
{
    g_autoptr (Matcher) matcher = matcher_new ();
    char literals[MAX_LITERALS][16], text[400];
    gsize sizes[MAX_LITERALS], length = (gsize) g_rand_int_range (rand, 0, sizeof text);
    Hits hits = {0};

    for (guint i = 0; i < n_literals; i++) {
        sizes[i] = (gsize) g_rand_int_range (rand, 1, 16);
        for (gsize k = 0; k < sizes[i]; k++)
            literals[i][k] = (char) ('a' + g_rand_int_range (rand, 0, (gint) alphabet));
        matcher_add (matcher, literals[i], sizes[i], i);
    }
    matcher_compile (matcher);
    for (gsize i = 0; i < length; i++)
        text[i] = (char) ('a' + g_rand_int_range (rand, 0, (gint) alphabet + 1));
    matcher_scan (matcher, text, length, note_hit, &hits);
    for (guint i = 0; i < n_literals; i++) {
        guint found = 0;
        guint64 ends = 0;

        naive (text, length, literals[i], sizes[i], &found, &ends);
        assert_int_equal (hits.found[i], found);
        assert_int_equal (hits.ends[i], ends);
    }
}

static void
test_against_naive (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (20240229);

    (void) state;
    for (guint round = 0; round < 200; round++) {
        compare_round (rand, 2, 1 + round % 40);
        compare_round (rand, 4, 1 + round % MAX_LITERALS);
        compare_round (rand, 26, 100);
        compare_round (rand, 3, MAX_LITERALS);
        compare_round (rand, 250, 250);
    }
}

static void
test_nothing (void **state)
{
    g_autoptr (Matcher) matcher = matcher_new ();
    Hits hits = {0};

    (void) state;
    matcher_add (matcher, "", 0, 0);
    matcher_compile (matcher);
    matcher_scan (matcher, "text", 4, note_hit, &hits);
    matcher_scan (matcher, "", 0, note_hit, &hits);
    assert_int_equal (hits.found[0], 0);
}

static void
test_nested (void **state)
{
    g_autoptr (Matcher) matcher = matcher_new ();
    Hits hits = {0};

    (void) state;
    matcher_add (matcher, "he", 2, 0);
    matcher_add (matcher, "she", 3, 1);
    matcher_add (matcher, "his", 3, 2);
    matcher_add (matcher, "hers", 4, 3);
    matcher_add (matcher, "hers", 4, 4); /* the same literal for two rules */
    matcher_compile (matcher);
    matcher_scan (matcher, "ushers", 6, note_hit, &hits);
    assert_int_equal (hits.found[0], 1);
    assert_int_equal (hits.found[1], 1);
    assert_int_equal (hits.found[2], 0);
    assert_int_equal (hits.found[3], 1);
    assert_int_equal (hits.found[4], 1);
    assert_int_equal (hits.ends[1], 4);
}

UNIT_MAIN (cmocka_unit_test (test_against_naive), cmocka_unit_test (test_nothing), cmocka_unit_test (test_nested))
