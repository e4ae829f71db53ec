/* SPDX-License-Identifier: MIT */
#include "report/columns.h"
#include "unit.h"
#include <string.h>

static void
width_on_a_terminal (void **state)
{
    (void) state;
    assert_int_equal (columns_of (""), 0);
    assert_int_equal (columns_of ("abc"), 3);
    assert_int_equal (columns_of ("日本語"), 6);
    assert_int_equal (columns_of ("ｶﾀｶﾅ"), 4);         /* half-width */
    assert_int_equal (columns_of ("e\xcc\x81"), 1);     /* combining acute */
    assert_int_equal (columns_of ("…█·“"), 4);
}

typedef struct {
    const char *text;
    guint width;
    gboolean unicode;
    const char *fit;
} Fit;

static const Fit fits[] = {
    {"abcdef", 6, TRUE, "abcdef"}, {"abcdef", 5, TRUE, "abcd…"}, {"abcdef", 5, FALSE, "abc.."},
    {"abcdef", 1, TRUE, "a"},      {"abcdef", 2, FALSE, "ab"},   {"abcdef", 0, TRUE, ""},
    {"日本語", 6, TRUE, "日本語"}, {"日本語", 5, TRUE, "日本…"}, {"日本語", 4, TRUE, "日…"},
    {"日本語", 3, FALSE, "???"},   {"日本語", 1, TRUE, ""},      {"e\xcc\x81ztx", 3, TRUE, "e\xcc\x81z…"},
    {"a\x1b[31mb", 9, TRUE, "a\xef\xbf\xbd[31mb"},
    {"\xc2\x9b" "31m", 9, TRUE, "\xef\xbf\xbd" "31m"},
    {"a\xe2\x80\xae" "b", 9, TRUE, "a\xef\xbf\xbd" "b"},
    {"a\x07\tb\n", 9, FALSE, "a??b?"},
    {"\xff\xc3", 9, TRUE, "\xef\xbf\xbd\xef\xbf\xbd"},
};

static void
cut_at_a_character (void **state)
{
    g_autoptr (Arena) arena = arena_new ();

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (fits); i++) {
        Page page = {.arena = arena, .unicode = fits[i].unicode, .width = 80};
        const char *fit = columns_fit (&page, fits[i].text, fits[i].width);

        assert_string_equal (fit, fits[i].fit);
        assert_true (columns_of (fit) <= fits[i].width);
    }
}

static char *
wrapped (const char *text, guint width, guint column, guint lines, gboolean unicode)
{
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GString) out = g_string_new (NULL);
    Page page = {.writer = writer_new_string (out), .arena = arena, .unicode = unicode, .width = width};

    page_wrap (&page, INK_PLAIN, text, column, lines);
    writer_close (page.writer, NULL);
    return g_strdup (out->str);
}

typedef struct {
    const char *text;
    guint width, column, lines;
    const char *out;
} Wrap;

static const Wrap wraps[] = {
    {"", 20, 0, 0, "\n"},
    {"one two", 20, 0, 0, "one two\n"},
    {"one two three four", 12, 0, 0, "one two\nthree four\n"},
    {"one two three four", 14, 2, 0, "one two\n  three four\n"},
    {"one two three four", 12, 0, 1, "one two thr…\n"},
    {"one two three", 13, 0, 1, "one two three\n"},
    {"onewordthatistoolong here", 12, 0, 0, "onewordthati\nstoolong\nhere\n"},
    {"in onewordthatfits here", 17, 0, 0, "in\nonewordthatfits\nhere\n"},
    {"in onewordthatistoolong here", 12, 0, 0, "in onewordth\natistoolong\nhere\n"},
    {"452 メールアドレスが", 12, 0, 0, "452 メールア\nドレスが\n"},
    {"宛先のメールアドレスが", 12, 0, 0, "宛先のメール\nアドレスが\n"},
    {"宛先のメールアドレスが", 13, 0, 1, "宛先のメール…\n"},
};

static void
wrapped_at_spaces (void **state)
{
    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (wraps); i++) {
        g_autofree char *out = wrapped (wraps[i].text, wraps[i].width, wraps[i].column, wraps[i].lines, TRUE);

        assert_string_equal (out, wraps[i].out);
    }
}

static void
figures (void **state)
{
    g_autoptr (Arena) arena = arena_new ();
    Page page = {.arena = arena, .unicode = TRUE, .width = 80};
    Page ascii = {.arena = arena, .width = 80};

    (void) state;
    assert_string_equal (page_number (&page, 0), "0");
    assert_string_equal (page_number (&page, 999), "999");
    assert_string_equal (page_number (&page, 1000), "1 000");
    assert_string_equal (page_number (&page, G_MAXUINT64), "18 446 744 073 709 551 615");
    assert_string_equal (page_share (&page, 1, 3), "33 %");
    assert_string_equal (page_share (&page, 5, 13), "38 %"); /* rounded once */
    assert_string_equal (page_share (&page, 996, 10000), "10 %");
    assert_string_equal (page_share (&page, 1, 40), "2.5 %");
    assert_string_equal (page_share (&page, 5, 100), "5 %");
    assert_string_equal (page_share (&page, 1, 1000000), "<0.1 %");
    assert_string_equal (page_share (&page, 0, 7), "0 %");
    assert_string_equal (page_share (&page, 7, 7), "100 %");
    assert_string_equal (page_share (&page, 0, 0), "");
    assert_string_equal (page_bar (&page, 10, 10, 4), "████");
    assert_string_equal (page_bar (&page, 5, 10, 5), "██▌");
    assert_string_equal (page_bar (&page, 1, 1000000, 4), "▏");
    assert_string_equal (page_bar (&page, 0, 10, 4), "");
    assert_string_equal (page_bar (&page, 1, 0, 4), "");
    assert_string_equal (page_bar (&page, 1, 1, 0), "");
    assert_string_equal (page_bar (&ascii, 5, 10, 4), "##");
    assert_string_equal (page_bar (&ascii, 1, 1000000, 4), "#");
}

static void
colour_only_when_asked (void **state)
{
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GString) out = g_string_new (NULL);
    Page page = {.writer = writer_new_string (out), .arena = arena, .unicode = TRUE, .width = 80};

    (void) state;
    page_cell (&page, INK_RED, "x", 3, TRUE);
    page.colour = TRUE;
    page_cell (&page, INK_RED, "x", 3, TRUE);
    page_cell (&page, INK_PLAIN, "x", 3, FALSE);
    page_cell (&page, INK_RED, "", 2, FALSE);
    writer_close (page.writer, NULL);
    assert_string_equal (out->str, "  x  \x1b[31mx\x1b[0mx    ");
}

UNIT_MAIN (cmocka_unit_test (width_on_a_terminal), cmocka_unit_test (cut_at_a_character),
           cmocka_unit_test (wrapped_at_spaces), cmocka_unit_test (figures), cmocka_unit_test (colour_only_when_asked))
