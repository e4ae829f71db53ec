/* SPDX-License-Identifier: MIT */
/* The small languages of a rule's columns, folding, and the literals that a regular expression must contain. */
#include "unit.h"

#include "base/fold.h"
#include "classify/rule_pattern.h"
#include "classify/status_meaning.h"
#include "regex_sets.h"
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

/* Alternatives divided by " || ", their sets in the order of the text by "&", the literals of a set by "/"; "" = nothing
 * is certain. */
static const struct {
    const char *regex, *literals;
} REGEXES[] = {
    {"mailbox full", "mailbox full"},
    {"mailbox (?:is )?full", "mailbox &full"},
    {"(?:user|mailbox) unknown", "user/mailbox& unknown"},
    {"(?:unknown|invalid) (?:a|b)", "unknown/invalid"},
    {"\\buser\\b", "user"},
    {"colou?r of", "colo&r of"},
    {"ab+cd", "ab&cd"},
    {"x{0,3}yes", "yes"},
    {"x[a-z]{0,3}?yes", "yes"},
    {"(?:no|yes)? such", " such"},
    {"(?:no|yes)+ x", "no/yes& x"},
    {"[a-z]+", ""},
    {"a|", " || "},
    {"alpha|beta", "alpha || beta"},
    {"(?:alpha|beta)", "alpha || beta"},
    {"(?:alpha)|(?:beta)", "alpha || beta"},
    {"(?:alpha|beta)+", "alpha/beta"},
    {"(?:alpha|beta\\)", "alpha/beta)"}, /* no bracket is closed */
    {"alpha|[0-9]", "alpha || "},
    {"alpha\\|beta", "alpha|beta"},
    {"alpha[|]beta", "alpha&beta"},
    {"alpha(?: one|two) three|beta", "alpha& one/two& three || beta"},
    {"al(?i)pha|beta", ""}, /* the option holds on beyond the bar */
    {"(al)pha\\1|beta", ""},
    {"al(?!x)pha|beta", "al&pha || beta"},
    {"(?=look)ahead", "ahead"},
    {"\\(s31[45]0\\)", "(s31&0)"},
    {"[^]x]abc", "abc"},
    {"x[[:alpha:]|]beta", "beta"},
    {"x[[:]abc|user", "abc || user"},
    {"x[[:^digit:]:]abc", "abc"},
    {"a.c", ""},
    {"", ""},
    {"(unclosed", "unclosed"},
    {"x)", ""},
    {"one.two.three.four.fives", "one&three&four&fives"},
};

static char *
describe (const RegexAlternative *alternatives, guint n)
{
    GString *text = g_string_new (NULL);

    for (guint i = 0; i < n; i++) {
        g_string_append (text, i == 0 ? "" : " || ");
        for (guint set = 0; set < alternatives[i].n_sets; set++)
            for (guint k = 0; k < alternatives[i].sets[set].n; k++)
                g_string_append_printf (text, "%s%s", k > 0 ? "/" : set > 0 ? "&" : "",
                                        alternatives[i].sets[set].items[k]);
    }
    return g_string_free (text, FALSE);
}

static void
test_regex_literals (void **state)
{
    g_autoptr (Arena) arena = arena_new ();

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (REGEXES); i++) {
        guint n;
        const RegexAlternative *alternatives = regex_alternatives (arena, REGEXES[i].regex, &n);
        g_autofree char *found = describe (alternatives, n);

        if (strcmp (found, REGEXES[i].literals) != 0)
            fail_msg ("%s: '%s', expected '%s'", REGEXES[i].regex, found, REGEXES[i].literals);
    }
}

/* The properties that everything rests on: what the expression matches, one of its alternatives matches, and the other way
 * round; and a text that an alternative matches holds a literal of each of its sets, in order. */
static void
test_regex_property (void **state)
{
    static const char *const TEXTS[] = {"mailbox full", "mailbox is full",  "user unknown", "colour of", "color of",
                                        "abbbcd",       "xxyes",            "nono x",       "yes such",  "alphabeta",
                                        "ahead look",   "lookahead (s3140)", "zabc abc",    "no such a", "invalid b",
                                        "one two three four fives", "alpha two three", "alPHA", "BETA", "alpha|beta"};
    g_autoptr (Arena) arena = arena_new ();
    guint matches = 0;

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (REGEXES); i++) {
        guint n;
        const RegexAlternative *alternatives = regex_alternatives (arena, REGEXES[i].regex, &n);
        g_autoptr (GRegex) whole = g_regex_new (REGEXES[i].regex, 0, 0, NULL);

        for (guint t = 0; whole != NULL && t < G_N_ELEMENTS (TEXTS); t++) {
            gboolean any = FALSE;

            for (guint k = 0; k < n; k++) {
                g_autoptr (GRegex) one = g_regex_new (alternatives[k].text, 0, 0, NULL);

                assert_non_null (one);
                if (!g_regex_match (one, TEXTS[t], 0, NULL))
                    continue;
                any = TRUE;
                matches++;
                if (!regex_sets_hold (&alternatives[k], TEXTS[t]))
                    fail_msg ("%s matches '%s' without its literals", alternatives[k].text, TEXTS[t]);
            }
            if (any != g_regex_match (whole, TEXTS[t], 0, NULL))
                fail_msg ("%s and its alternatives differ on '%s'", REGEXES[i].regex, TEXTS[t]);
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
