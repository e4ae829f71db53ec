/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "classify/rule_index.h"

/* The conditions that are candidates for a text, as "0 2 5". A condition is written as in test_rule_pattern: sets by "&",
 * literals by "/". */
static char *
candidates_of (const char *const *conditions, const char *text)
{
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (RuleIndex) index = rule_index_new ();
    g_autoptr (GPtrArray) samples = g_ptr_array_new ();
    GString *found = g_string_new (NULL);
    const RuleCandidates *candidates;

    for (guint i = 0; conditions[i] != NULL; i++) {
        g_auto (GStrv) sets = g_strsplit (conditions[i], "&", -1);
        RegexLiterals literals[REGEX_SETS_MAX];
        guint n = g_strv_length (sets);

        for (guint set = 0; set < n; set++) {
            g_auto (GStrv) words = g_strsplit (sets[set], "/", -1);
            const char **items = arena_new_array (arena, const char *, REGEX_LITERALS_MAX);

            literals[set] = (RegexLiterals){.items = items, .n = g_strv_length (words)};
            for (guint k = 0; k < literals[set].n; k++)
                items[k] = arena_strdup (arena, words[k]);
        }
        assert_int_equal (rule_index_add (index, literals, n), i);
    }
    g_ptr_array_add (samples, (gpointer) "mailbox full mailbox unknown");
    rule_index_finish (index, samples);
    candidates = rule_index_find (index, text, strlen (text), arena);
    for (guint at = 0; rule_candidates_next (candidates, &at); at++)
        g_string_append_printf (found, "%s%u", found->len > 0 ? " " : "", at);
    return g_string_free (found, FALSE);
}

static void
test_candidates (void **state)
{
    static const char *const CONDITIONS[] = {
        "mailbox&full",                 /* 0 */
        "full&mailbox",                 /* 1 */
        "mailbox/user&unknown/no such", /* 2 */
        "",                             /* 3: without sets */
        "box f&full",                   /* 4: the second begins within the first */
        "ab&ab",                        /* 5 */
        "one&two&three&four",           /* 6 */
        NULL,
    };
    static const struct {
        const char *text, *found;
    } cases[] = {
        {"mailbox full", "0 3"},
        {"full mailbox", "1 3"},
        {"full mailbox full", "0 1 3"},
        {"user: mailbox unknown", "2 3"},
        {"unknown user", "3"},
        {"no such user, no such mailbox", "2 3"},
        {"unknown user unknown", "2 3"},
        {"mailbox full full", "0 3 4"},
        {"ab", "3"},
        {"abab", "3 5"},
        {"aab", "3"},
        {"one two three four", "3 6"},
        {"one three two four", "3"},
        {"two three four one two three", "3"},
        {"", "3"},
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *found = candidates_of (CONDITIONS, cases[i].text);

        if (strcmp (found, cases[i].found) != 0)
            fail_msg ("'%s': candidates '%s', expected '%s'", cases[i].text, found, cases[i].found);
    }
}

/* More conditions than a word has bits, and more literals in one text than places are kept of: none may be lost. */
static void
test_many (void **state)
{
    g_autoptr (GPtrArray) conditions = g_ptr_array_new_with_free_func (g_free);
    GString *text = g_string_new (NULL), *all = g_string_new (NULL);
    g_autofree char *found = NULL, *none = NULL;

    (void) state;
    for (guint i = 0; i < 500; i++) {
        g_ptr_array_add (conditions, g_strdup_printf ("<%u>&[%u]", i, i));
        g_string_append_printf (text, "<%u>[%u] ", i, i);
        g_string_append_printf (all, "%s%u", i == 0 ? "" : " ", i);
    }
    g_ptr_array_add (conditions, NULL);
    found = candidates_of ((const char *const *) conditions->pdata, text->str);
    assert_string_equal (found, all->str);
    none = candidates_of ((const char *const *) conditions->pdata, "<64>[63] [130]<130>");
    assert_string_equal (none, "");
    g_string_free (text, TRUE);
    g_string_free (all, TRUE);
}

UNIT_MAIN (cmocka_unit_test (test_candidates), cmocka_unit_test (test_many))
