/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "mail/html_entity.h"
#include "mail/html_text.h"

#include <string.h>

static Span
show (Arena *arena, const char *html, gsize length)
{
    g_autofree char *exact = g_memdup2 (html, length);

    return html_text (arena, span (exact ? exact : "", length));
}

static void
test_text (void **state)
{
    (void) state;
    static const struct {
        const char *html, *text;
    } cases[] = {
        {"", ""},
        {"plain", "plain\n"},
        {"  many \n\t spaces  ", "many spaces\n"},
        {"<p>one</p><p>two</p>", "one\n\ntwo\n"},
        {"one<br>two<br/>three<BR />four", "one\ntwo\nthree\nfour\n"},
        {"a<br><br><br><br>b", "a\n\nb\n"},
        {"<div>one</div><div>two</div>", "one\ntwo\n"},
        {"<table><tr><td>550</td><td>5.1.1</td></tr><tr><th>a</th><td>b</td></tr></table>", "550 5.1.1\na b\n"},
        {"<ul><li>one<li>two</ul>after", "one\ntwo\n\nafter\n"},
        {"<b>bo</b>ld", "bold\n"},
        {"<pre>  a\n   b\n</pre>", "a\n b\n"},
        {"<pre>host said:\n550 no</pre>", "host said:\n550 no\n"},
        {"<a href=\"mailto:x@example.com\">x@example.com</a>", "x@example.com\n"},
        {"<a href='mailto:x@example.com'>me</a>", "me\n"},
        {"<script>if (a < b) alert('</p>');</script>text", "text\n"},
        {"<style type=\"text/css\">p { color: red }</style >text", "text\n"},
        {"<title>no</title>text", "text\n"},
        {"a<!-- no <b> --><!-->b", "ab\n"},
        {"a<!-- no -->b<!doctype html>c<?xml version='1.0'?>d", "abcd\n"},
        {"a&amp;b &lt;x@example.com&gt; &quot;q&quot; &#64;&#x40; &nbsp; z", "a&b <x@example.com> \"q\" @@ z\n"},
        {"caf&eacute; caf&#233; caf&#xE9;", "caf\xc3\xa9 caf\xc3\xa9 caf\xc3\xa9\n"},
        {"&unknown; & &; &#; &#x; &am", "&unknown; & &; &#; &#x; &am\n"},
        {"?a=1&copy=2&lt=3", "?a=1&copy=2&lt=3\n"},
        {"x&lt y", "x< y\n"},
        {"user&shy;@exa&#8203;mple.com<wbr>.", "user@example.com.\n"},
        {"&#0;&#xD800;&#1114112;", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\n"},
        /* what is no tag is text */
        {"1 < 2 and 3 > 2", "1 < 2 and 3 > 2\n"},
        {"user <x@example.com> unknown", "user <x@example.com> unknown\n"},
        {"<mailto:x@example.com>", "<mailto:x@example.com>\n"},
        {"<o:p>office</o:p>", "office\n"},
        {"<5.1.1>", "<5.1.1>\n"},
        {"text <b", "text <b\n"},
        {"text <", "text <\n"},
        {"text </", "text </\n"},
        /* broken attributes */
        {"<a title=\"a > b\">x</a>", "x\n"},
        {"<a title=\"open>x</a>y", "xy\n"},
        {"<a title=\"open>x</a> <b title=\"z\">y</b>", "x y\n"},
        {"<a <b>x", "x\n"},
        {"<p class=x<p>y", "y\n"},
        /* a start without an end does not swallow the text */
        {"<script>user unknown", "user unknown\n"},
        {"<!-- user unknown", "<!-- user unknown\n"},
        {"\xe3\x82\xa8<br>\xe3\x83\xa9", "\xe3\x82\xa8\n\xe3\x83\xa9\n"},
    };
    g_autoptr (Arena) arena = arena_new ();

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        Span text = show (arena, cases[i].html, strlen (cases[i].html));
        if (strcmp (text.at, cases[i].text) != 0)
            print_error ("case %zu: %s\n", i, cases[i].html);
        assert_string_equal (text.at, cases[i].text);
        assert_int_equal (text.length, strlen (cases[i].text));
    }
}

/* The table is searched by halves: every name must be found, or one stands in the wrong place. */
static void
test_entities (void **state)
{
    (void) state;
    static const struct {
        const char *text;
        gunichar character;
    } cases[] = {
        {"&AElig;", 0xc6}, {"&Yacute;", 0xdd}, {"&aacute;", 0xe1}, {"&amp;", '&'},     {"&apos;", '\''},  {"&commat;", '@'},
        {"&euro;", 0x20ac}, {"&gt;", '>'},     {"&hellip;", 0x2026}, {"&lt;", '<'},    {"&nbsp;", 0xa0},  {"&ouml;", 0xf6},
        {"&quot;", '"'},   {"&rsquo;", 0x2019}, {"&szlig;", 0xdf}, {"&uuml;", 0xfc},   {"&zwnj;", 0x200c}, {"&#146;", 0x2019},
        {"&#150;", 0x2013}, {"&#133;", 0x2026}, {"&colon;", ':'},  {"&lowbar;", '_'},  {"&period;", '.'}, {"&plus;", '+'},
        {"&num;", '#'},    {"&semi;", ';'},    {"&sol;", '/'},     {"&lpar;", '('},    {"&rpar;", ')'},   {"&comma;", ','},
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        gunichar character = 0;
        assert_int_equal (html_entity_read (span_of (cases[i].text), &character), strlen (cases[i].text));
        assert_int_equal (character, cases[i].character);
    }
}

/* Linear: a megabyte of the worst takes no longer than a megabyte of text. A quadratic reader would take minutes. */
static void
test_linear (void **state)
{
    (void) state;
    static const char *const pieces[] = {"<", "<a ", "<a title=\"", "<!--", "<script>", "<a@b ", "&", "&#1", "</", "<pre>", "<style><!--<title>"};
    g_autoptr (Arena) arena = arena_new ();

    for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++) {
        g_autoptr (GString) html = g_string_new (NULL);
        gint64 start = g_get_monotonic_time ();
        while (html->len < 1024 * 1024)
            g_string_append (html, pieces[i]);
        assert_true (show (arena, html->str, html->len).length <= html->len + 1);
        assert_in_range (g_get_monotonic_time () - start, 0, 10 * G_USEC_PER_SEC);
        arena_clear (arena);
    }
}

UNIT_MAIN (cmocka_unit_test (test_text), cmocka_unit_test (test_entities), cmocka_unit_test (test_linear))
