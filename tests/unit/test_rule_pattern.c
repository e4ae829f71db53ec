/* SPDX-License-Identifier: MIT */
/* The small languages of a rule's columns, folding, and the literals that a regular expression must contain. */
#include "unit.h"

#include "base/fold.h"
#include "classify/regex_literals.h"
#include "classify/rule_pattern.h"
#include "classify/status_meaning.h"
#include <string.h>

static const struct {
    const char *column, *code;
    gboolean fits;
} STATUSES[] = {
    {"-", "5.1.1", TRUE},        {"-", "", TRUE},
    {"5.1.1", "5.1.1", TRUE},    {"5.1.1", "5.1.10", FALSE},
    {"X.1.1", "4.1.1", TRUE},    {"X.1.1", "", FALSE},
    {"5.X.X", "5.7.515", TRUE},  {"5.X.X", "4.7.1", FALSE},
    {"X.2.X", "5.2.122", TRUE},  {"none", "", TRUE},
    {"none", "5.0.0", FALSE},    {"vague", "", TRUE},
    {"vague", "5.0.0", TRUE},    {"vague", "5.1.0", FALSE},
    {"!X.2.X", "5.2.2", FALSE},  {"!X.2.X", "5.1.1", TRUE},
    {"!X.2.X", "", TRUE},        {"X.1.1,X.2.2", "4.2.2", TRUE},
    {"5.X.X,!5.1.1", "5.1.1", FALSE}, {"5.X.X,!5.1.1", "5.1.2", TRUE},
};

static void
test_status_pattern (void **state)
{
    g_autoptr (Arena) arena = arena_new ();

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (STATUSES); i++) {
        CodePattern pattern = {0};

        assert_null (status_pattern_read (arena, STATUSES[i].column, &pattern));
        if (code_pattern_fits (&pattern, STATUSES[i].code) != STATUSES[i].fits)
            fail_msg ("%s and '%s'", STATUSES[i].column, STATUSES[i].code);
    }
}

static void
test_reply_pattern (void **state)
{
    g_autoptr (Arena) arena = arena_new ();
    CodePattern pattern = {0};

    (void) state;
    assert_null (reply_pattern_read (arena, "5XX,421", &pattern));
    assert_true (code_pattern_fits (&pattern, "550"));
    assert_true (code_pattern_fits (&pattern, "421"));
    assert_false (code_pattern_fits (&pattern, "450"));
    assert_false (code_pattern_fits (&pattern, "5505"));
    assert_false (code_pattern_fits (&pattern, ""));
    assert_non_null (reply_pattern_read (arena, "5.5.0", &pattern));
}

static void
test_scope (void **state)
{
    g_autoptr (Arena) arena = arena_new ();
    const char *const gmail[N_SCOPES] = {"gmail", "mimecast", "rfc3464", "RCPT"};
    const char *const nobody[N_SCOPES] = {"", "", "", ""};
    static const struct {
        const char *column;
        gboolean gmail, nobody;
    } scopes[] = {{"all", TRUE, TRUE},
                  {"provider:gmail", TRUE, FALSE},
                  {"provider:outlook,gmail", TRUE, FALSE},
                  {"provider:gmail+command:DATA", FALSE, FALSE},
                  {"provider:gmail+command:RCPT", TRUE, FALSE},
                  {"provider:gmail+command:DATA,gateway:mimecast", TRUE, FALSE},
                  {"gateway:mimecast", TRUE, FALSE},
                  {"format:qmail", FALSE, FALSE},
                  {"provider:gmai", FALSE, FALSE}};

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (scopes); i++) {
        ScopePattern pattern = {0};

        assert_null (scope_pattern_read (arena, scopes[i].column, &pattern));
        assert_int_equal (scope_pattern_fits (&pattern, gmail), scopes[i].gmail);
        assert_int_equal (scope_pattern_fits (&pattern, nobody), scopes[i].nobody);
    }
}

static void
test_glob (void **state)
{
    g_autoptr (Arena) arena = arena_new ();

    (void) state;
    assert_true (glob_found ("b*d", "abcde"));
    assert_true (glob_found ("b?d", "abcde"));
    assert_false (glob_found ("b?d", "abccde"));
    assert_true (glob_found ("a*b*c", "a b a c b"  " c"));
    assert_false (glob_found ("a*b*c", "c b a"));
    assert_true (glob_found ("", ""));
    assert_false (glob_found ("a", ""));
    assert_true (glob_found ("*", ""));
    assert_string_equal (glob_literal (arena, "ab*cde?f"), "cde");
    assert_string_equal (glob_literal (arena, "*?"), "");
}

static void
test_fold (void **state)
{
    g_autoptr (Arena) arena = arena_new ();
    gsize length;

    (void) state;
    assert_string_equal (fold_text (arena, span_of ("  User\t\r\n UNKNOWN "), &length), "user unknown");
    assert_int_equal (length, 12);
    assert_string_equal (fold_text (arena, span_of ("doesn\xe2\x80\x99t \xe2\x80\x93 exist"), NULL), "doesn't - exist");
    assert_string_equal (fold_text (arena, span_of ("\xc3\x9c" "BER \xd0\xaf\xd1\x89\xd0\xb8\xd0\xba"), NULL),
                         "\xc3\xbc" "ber \xd1\x8f\xd1\x89\xd0\xb8\xd0\xba");
    assert_string_equal (fold_text (arena, span_of ("a\xff\xfe" "B"), NULL), "a\xff\xfe" "b");
    assert_string_equal (fold_text (arena, span_of (""), &length), "");
    assert_int_equal (length, 0);
    assert_string_equal (fold_pattern (arena, span_of (" Quota"), NULL), " quota");
    /* a capital whose lower-case letter is longer: many of them must fit */
    {
        GString *text = g_string_new (NULL);

        for (guint i = 0; i < 1000; i++)
            g_string_append (text, "\xc8\xba"); /* U+023A becomes U+2C65 */
        fold_text (arena, span_of (text->str), &length);
        assert_int_equal (length, 3000);
        g_string_free (text, TRUE);
    }
}

/* Sets, the most telling first, divided by "&", their literals by "/"; "" = nothing is certain. */
static const struct {
    const char *regex, *literals;
} REGEXES[] = {
    {"mailbox full", "mailbox full"},
    {"mailbox (?:is )?full", "mailbox &full"},
    {"(?:user|mailbox) unknown", " unknown&user/mailbox"},
    {"(?:unknown|invalid) (?:a|b)", "unknown/invalid"},
    {"\\buser\\b", "user"},
    {"colou?r of", "colo&r of"},
    {"ab+cd", "ab&cd"},
    {"x{0,3}yes", "yes"},
    {"(?:no|yes)? such", " such"},
    {"(?:no|yes)+ x", "no/yes& x"},
    {"[a-z]+", ""},
    {"a|", ""},
    {"alpha|beta", "alpha/beta"},
    {"alpha|[0-9]", ""},
    {"alpha(?: one|two) three|beta", " three/beta"},
    {"(?=look)ahead", "ahead"},
    {"\\(s31[45]0\\)", "(s31&0)"},
    {"[^]x]abc", "abc"},
    {"a.c", ""},
    {"", ""},
    {"(unclosed", "unclosed"},
    {"x)", ""},
    {"one.two.three.four.fives", "three&fives&four&one"},
};

/* The sets of one expression, joined as in the table; ties in length may stand in any order. */
static gboolean
has_sets (const char *wanted, const RegexLiterals sets[REGEX_SETS_MAX], guint n)
{
    g_auto (GStrv) want = g_strsplit (wanted, "&", -1);

    if (g_strv_length (want) != n)
        return FALSE;
    for (guint i = 0; i < n; i++) {
        GString *joined = g_string_new (NULL);
        gboolean found;

        for (guint k = 0; k < sets[i].n; k++)
            g_string_append_printf (joined, "%s%s", k == 0 ? "" : "/", sets[i].items[k]);
        found = g_strv_contains ((const char *const *) want, joined->str);
        g_string_free (joined, TRUE);
        if (!found)
            return FALSE;
    }
    return TRUE;
}

static void
test_regex_literals (void **state)
{
    g_autoptr (Arena) arena = arena_new ();

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (REGEXES) - 1; i++) {
        RegexLiterals sets[REGEX_SETS_MAX];
        guint n = regex_literals (arena, REGEXES[i].regex, sets);

        if (!has_sets (REGEXES[i].literals, sets, n))
            fail_msg ("%s: %u sets, the first '%s', expected '%s'", REGEXES[i].regex, n, n == 0 ? "" : sets[0].items[0],
                      REGEXES[i].literals);
    }
}

/* The property that everything rests on: a text that the expression matches contains a literal of each set. */
static void
test_regex_property (void **state)
{
    static const char *const TEXTS[] = {"mailbox full", "mailbox is full",  "user unknown", "colour of", "color of",
                                        "abbbcd",       "xxyes",            "nono x",       "yes such",  "alphabeta",
                                        "ahead look",   "lookahead (s3140)", "zabc abc",    "no such a", "invalid b",
                                        "one two three four fives"};
    g_autoptr (Arena) arena = arena_new ();
    guint matches = 0;

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (REGEXES); i++) {
        RegexLiterals sets[REGEX_SETS_MAX];
        guint n = regex_literals (arena, REGEXES[i].regex, sets);
        g_autoptr (GRegex) regex = g_regex_new (REGEXES[i].regex, 0, 0, NULL);

        for (guint t = 0; regex != NULL && t < G_N_ELEMENTS (TEXTS); t++) {
            if (!g_regex_match (regex, TEXTS[t], 0, NULL))
                continue;
            matches++;
            for (guint s = 0; s < n; s++) {
                gboolean seen = FALSE;

                for (guint k = 0; k < sets[s].n; k++)
                    seen = seen || strstr (TEXTS[t], sets[s].items[k]) != NULL;
                if (!seen)
                    fail_msg ("%s matches '%s' without its literals", REGEXES[i].regex, TEXTS[t]);
            }
        }
    }
    assert_true (matches >= 20);
}

static void
test_status_meaning (void **state)
{
    (void) state;
    assert_true (g_str_has_prefix (status_class_meaning ("4.2.1"), "Persistent transient"));
    assert_string_equal (status_subject_name ("5.2.99"), "Mailbox");
    assert_string_equal (status_subject_name ("5.12.1"), "");
    assert_string_equal (status_subject_meaning ("5.9.1"), "");
    assert_string_equal (status_class_meaning ("3.1.1"), "");
    assert_string_equal (status_class_meaning (""), "");
    assert_string_equal (status_subject_meaning (NULL), "");
}

UNIT_MAIN (cmocka_unit_test (test_status_pattern), cmocka_unit_test (test_reply_pattern),
           cmocka_unit_test (test_scope), cmocka_unit_test (test_glob), cmocka_unit_test (test_fold),
           cmocka_unit_test (test_regex_literals), cmocka_unit_test (test_regex_property),
           cmocka_unit_test (test_status_meaning))
