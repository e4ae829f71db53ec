/* SPDX-License-Identifier: MIT */
#include "report/html.h"
#include "unit.h"
#include <string.h>

typedef struct {
    const char *text, *html;
} Escape;

static const Escape escapes[] = {
    {"", ""},
    {"plain", "plain"},
    {"<b>", "&lt;b&gt;"},
    {"a&b", "a&amp;b"},
    {"&lt;", "&amp;lt;"},
    {"\"'", "&quot;&#39;"},
    {"日本語", "日本語"},
    {"a\033[31mb", "a\357\277\275[31mb"},
    {"\302\233" "31m", "\357\277\275" "31m"},
    {"a\342\200\256z", "a\357\277\275z"},
    {"\377<", "\357\277\275&lt;"},
    {NULL, ""},
};

static void
text_is_escaped (void **state)
{
    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (escapes); i++) {
        g_autoptr (GString) out = g_string_new (NULL);
        g_autofree char *value = NULL;
        Writer *writer = writer_new_string (out);
        Html html;

        html_begin (&html, writer);
        html_words (&html, escapes[i].text);
        html_open (&html, "p", "title", escapes[i].text, NULL);
        html_end (&html);
        writer_close (writer, NULL);
        value = escapes[i].text ? g_strdup_printf ("%s<p title=\"%s\"></p>\n", escapes[i].html, escapes[i].html)
                                : g_strdup ("<p></p>\n");
        assert_string_equal (out->str, value);
    }
}

static void
elements_are_closed (void **state)
{
    g_autoptr (GString) out = g_string_new (NULL);
    Writer *writer = writer_new_string (out);
    Html html;

    (void) state;
    html_begin (&html, writer);
    html_open (&html, "b", "class", "x", "id", NULL, "lang", "en", NULL);
    html_open (&html, "i", NULL);
    html_leaf (&html, "q", NULL, "a");
    html_close_to (&html, 1);
    html_open (&html, "u", NULL);
    html_end (&html);
    writer_close (writer, NULL);
    assert_string_equal (out->str, "<b class=\"x\" lang=\"en\"><i><q>a</q></i><u></u></b>");
}

static void
figures (void **state)
{
    g_autoptr (GString) out = g_string_new (NULL);
    g_autoptr (Writer) writer = writer_new_string (out);
    Html html;

    (void) state;
    html_begin (&html, writer);
    assert_string_equal (html_number (&html, 0), "0");
    assert_string_equal (html_number (&html, 999), "999");
    assert_string_equal (html_number (&html, 1234567), "1\342\200\257" "234\342\200\257" "567");
    assert_string_equal (html_share (&html, 1, 8), "13 %");
    assert_string_equal (html_share (&html, 1, 0), "");
    html_end (&html);
}

UNIT_MAIN (cmocka_unit_test (text_is_escaped), cmocka_unit_test (elements_are_closed), cmocka_unit_test (figures))
