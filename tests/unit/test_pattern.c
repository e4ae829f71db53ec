/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "extract/pattern.h"

#include <string.h>

/* "kind=value" of every thing taken out, in the order of the kinds; "no" when the line does not fit. */
static char *
outcome (const char *text, const char *line)
{
    static const char *const names[N_CAPTURES] = {"address", "original", "text", "host", "status",
                                                  "reply",   "command",  "date", "word", "number"};
    g_autoptr (Arena) arena = arena_new ();
    const char *reason;
    g_autoptr (Pattern) pattern = pattern_new (text, &reason);
    GString *out = g_string_new (NULL);
    PatternMatch match;

    assert_non_null (pattern);
    if (!pattern_match (pattern, pattern_fold (arena, span_of (line)), &match))
        return g_string_free (g_string_assign (out, "no"), FALSE);
    for (guint i = 0; i < N_CAPTURES; i++)
        if (match.captures[i].length > 0)
            g_string_append_printf (out, "%s%s=%.*s", out->len > 0 ? "|" : "", names[i], (int) match.captures[i].length,
                                    match.captures[i].at);
    return g_string_free (out, FALSE);
}

static void
test_match (void **state)
{
    static const struct {
        const char *pattern, *line, *outcome;
    } cases[] = {
        {"<{address}>:", "<a@example.com>:", "address=a@example.com"},
        {"<{address}>:", "  <A@Example.COM>:  ", "address=A@Example.COM"},
        {"<{address}>:", "<a@example.com>", "no"},
        {"<{address}>:", "<not an address>:", "no"},
        {"<{address}>:", "<\"john doe\"@example.com>:", "address=\"john doe\"@example.com"},
        {"{address}: {text}", "a@example.com: 550 no such user", "address=a@example.com|text=550 no such user"},
        {"{address}: {text}", "a@example.com:", "no"},
        {"{address}", "a@example.com", "address=a@example.com"},
        {"{address}", "write to a@example.com", "no"},
        {"* {address}", "user a@example.com", "address=a@example.com"},
        {"*{address} on {date}", "a@example.com on Thu, 29 Apr 2010 00:00:00 -0000",
         "address=a@example.com|date=Thu, 29 Apr 2010 00:00:00 -0000"},
        {"since {date}*", "since 21 Nov 2026 it has failed", "date=21 Nov 2026"},
        {"{date}: {text}", "2026-11-21 03:00:00: failed: x", "text=failed: x|date=2026-11-21 03:00:00"},
        {"on {date}", "on another day", "no"},
        {"host {host} said: {reply} {text}", "Host  mx.example.com\tsaid: 550 5.1.1 unknown",
         "text=5.1.1 unknown|host=mx.example.com|reply=550"},
        {"*: {reply} {status} {text}", "x: 452 4.2.2 full", "text=full|status=4.2.2|reply=452"},
        {"*{status}*", "version 10.20.30.40 and 5.1.1", "status=5.1.1"},
        {"after {command}:*", "after RCPT TO:<a@b>: host x", "command=RCPT TO"},
        {"Hi. This is the * program at *", "hi. this is the qmail-send  program at mx.example.com.", ""},
        {"Hi. This is the * program at *", "Hi. This is a program", "no"},
        {"--- *copy of the message*", "--- Below this line is a copy of the message.", ""},
        {"({number} tries)", "(12 tries)", "number=12"},
        {"price \\* {word}", "price * x", "word=x"},
        {"\xe5\xae\x9b\xe5\x85\x88: {address}", "\xe5\xae\x9b\xe5\x85\x88:\xe3\x80\x80" "a@example.jp", "address=a@example.jp"},
        {"a b", "a\xc2\xa0 b", ""},
        {"{address}*", "a@example.com.", "address=a@example.com"},
        {"({text})", "(reason: 550 (x))", "text=reason: 550 (x)"},
        {"*", "", NULL},
    };

    (void) state;
    for (gsize i = 0; cases[i].outcome != NULL; i++) {
        g_autofree char *got = outcome (cases[i].pattern, cases[i].line);

        if (strcmp (got, cases[i].outcome) != 0)
            fail_msg ("“%s” on “%s” gave “%s”, not “%s”", cases[i].pattern, cases[i].line, got, cases[i].outcome);
    }
}

static void
test_refused (void **state)
{
    static const char *const bad[] = {"", "*", "**", "{nonsense}", "{address", "{address} {address}", "{}"};

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
        const char *reason = NULL;

        assert_null (pattern_new (bad[i], &reason));
        assert_non_null (reason);
    }
}

/* A pattern that has to try everything on a line made for it must still end. */
static void
test_bounded (void **state)
{
    g_autofree char *line = g_strnfill (100000, 'a');
    gint64 start = g_get_monotonic_time ();
    g_autofree char *got = outcome ("*a*a*a*a*a*a*a*a{text}a*a*b", line);

    (void) state;
    assert_string_equal (got, "no");
    assert_true (g_get_monotonic_time () - start < 2 * G_USEC_PER_SEC);
}

UNIT_MAIN (cmocka_unit_test (test_match), cmocka_unit_test (test_refused), cmocka_unit_test (test_bounded))
