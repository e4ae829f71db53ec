/* SPDX-License-Identifier: MIT */
/* The small languages of a rule's columns, folding, and the literals that a regular expression must contain. */
#include "unit.h"

#include "classify/fold.h"
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
    assert_string_equal (fold_text (arena, "  User\t\r\n UNKNOWN ", &length), "user unknown");
    assert_int_equal (length, 12);
    assert_string_equal (fold_text (arena, "doesn\xe2\x80\x99t \xe2\x80\x93 exist", NULL), "doesn't - exist");
    assert_string_equal (fold_text (arena, "\xc3\x9c" "BER \xd0\xaf\xd1\x89\xd0\xb8\xd0\xba", NULL),
                         "\xc3\xbc" "ber \xd1\x8f\xd1\x89\xd0\xb8\xd0\xba");
    assert_string_equal (fold_text (arena, "a\xff\xfe" "B", NULL), "a\xff\xfe" "b");
    assert_string_equal (fold_text (arena, "", &length), "");
    assert_int_equal (length, 0);
    assert_string_equal (fold_pattern (arena, " Quota", NULL), " quota");
    /* a capital whose lower-case letter is longer: many of them must fit */
    {
        GString *text = g_string_new (NULL);

        for (guint i = 0; i < 1000; i++)
            g_string_append (text, "\xc8\xba"); /* U+023A becomes U+2C65 */
        fold_text (arena, text->str, &length);
        assert_int_equal (length, 3000);
        g_string_free (text, TRUE);
    }
}

/* Alternatives in the order found, divided by "/"; "" = nothing is certain. */
static const struct {
    const char *regex, *literals;
} REGEXES[] = {
    {"mailbox full", "mailbox full"},
    {"mailbox (?:is )?full", "mailbox "},
    {"(?:user|mailbox) unknown", " unknown"},
    {"(?:unknown|invalid) (?:a|b)", "unknown/invalid"},
    {"\\buser\\b", "user"},
    {"colou?r of", "colo"},
    {"ab+cd", "ab/"},
    {"x{0,3}yes", "yes"},
    {"(?:no|yes)? such", " such"},
    {"(?:no|yes)+ x", "yes/"},
    {"[a-z]+", ""},
    {"a|", ""},
    {"alpha|beta", "alpha/beta"},
    {"alpha|[0-9]", ""},
    {"(?=look)ahead", "ahead"},
    {"\\(s31[45]0\\)", "(s31"},
    {"[^]x]abc", "abc"},
    {"a.c", ""},
    {"", ""},
    {"(unclosed", "unclosed"},
    {"x)", ""},
};

static void
test_regex_literals (void **state)
{
    g_autoptr (Arena) arena = arena_new ();

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (REGEXES); i++) {
        const char *const *found = regex_literals (arena, REGEXES[i].regex);
        g_autofree char *joined = g_strjoinv ("/", (char **) found);
        g_auto (GStrv) wanted = g_strsplit (REGEXES[i].literals, "/", -1);

        /* a trailing "/" in the table: only the property below is wanted */
        if (!g_str_has_suffix (REGEXES[i].literals, "/") && strcmp (joined, REGEXES[i].literals) != 0)
            fail_msg ("%s: '%s', expected '%s'", REGEXES[i].regex, joined, REGEXES[i].literals);
    }
}

/* The property that everything rests on: a text that the expression matches contains one of its literals. */
static void
test_regex_property (void **state)
{
    static const char *const TEXTS[] = {"mailbox full", "mailbox is full",  "user unknown", "colour of", "color of",
                                        "abbbcd",       "xxyes",            "nono x",       "yes such",  "alphabeta",
                                        "ahead look",   "lookahead (s3140)", "zabc abc",    "no such a", "invalid b"};
    g_autoptr (Arena) arena = arena_new ();

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (REGEXES); i++) {
        const char *const *found = regex_literals (arena, REGEXES[i].regex);
        g_autoptr (GRegex) regex = g_regex_new (REGEXES[i].regex, 0, 0, NULL);

        for (guint t = 0; regex != NULL && found[0] != NULL && t < G_N_ELEMENTS (TEXTS); t++) {
            gboolean seen = FALSE;

            for (guint k = 0; found[k] != NULL; k++)
                seen = seen || strstr (TEXTS[t], found[k]) != NULL;
            if (!seen && g_regex_match (regex, TEXTS[t], 0, NULL))
                fail_msg ("%s matches '%s' without its literals", REGEXES[i].regex, TEXTS[t]);
        }
    }
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
