/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/byte_search.h"
#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

static void
test_one_line (void **state)
{
    static const struct {
        const char *in;
        gssize length;
        gsize maximum;
        const char *out;
    } cases[] = {
        {"", -1, 10, ""},
        {"plain text", -1, 100, "plain text"},
        {"  two\r\n\t lines  ", -1, 100, "two lines"},
        {"a\0b", 3, 100, "a b"},
        {"esc\x1b[2Jape", -1, 100, "esc [2Jape"},
        {"c1\xc2\x9b" "31m", -1, 100, "c1 31m"},
        {"bad\xff\xfe", -1, 100, "bad\xef\xbf\xbd\xef\xbf\xbd"},
        {"overlong\xc0\xaf", -1, 100, "overlong\xef\xbf\xbd\xef\xbf\xbd"},
        {"surrogate\xed\xa0\x80", -1, 100, "surrogate\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xe3\x83\xa1\xe3\x83\xbc\xe3\x83\xab", -1, 7, "\xe3\x83\xa1\xe3\x83\xbc"},
        {"abcdef", -1, 3, "abc"},
        {"abc def", -1, 4, "abc"},
        {"line\xe2\x80\xa8sep", -1, 100, "line sep"},
    };
    g_autoptr (Arena) arena = arena_new ();

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        assert_string_equal (text_one_line (arena, cases[i].in, cases[i].length, cases[i].maximum), cases[i].out);
    assert_string_equal (text_one_line (arena, NULL, -1, 9), "");
}

static void
test_printable (void **state)
{
    static const struct {
        const char *in, *utf8, *ascii;
    } cases[] = {
        {"plain", "plain", "plain"},
        {"\x1b]52;c;x\x07", "\xef\xbf\xbd]52;c;x\xef\xbf\xbd", "?]52;c;x?"},
        {"a\xe2\x80\xae" "b", "a\xef\xbf\xbd" "b", "a?b"},
        {"a\xc2\x85" "b", "a\xef\xbf\xbd" "b", "a?b"},
        {"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f", "gr??"},
        {"\xff", "\xef\xbf\xbd", "?"},
    };
    g_autoptr (Arena) arena = arena_new ();

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        assert_string_equal (text_printable (arena, cases[i].in, FALSE), cases[i].utf8);
        assert_string_equal (text_printable (arena, cases[i].in, TRUE), cases[i].ascii);
    }
}

static void
test_lines (void **state)
{
    Span rest = span_of ("one\r\ntwo\n\nlast"), line;

    (void) state;
    assert_true (text_next_line (&rest, &line) && span_equal (line, "one"));
    assert_true (text_next_line (&rest, &line) && span_equal (line, "TWO"));
    assert_true (text_next_line (&rest, &line) && line.length == 0);
    assert_true (text_next_line (&rest, &line) && span_equal (line, "last"));
    assert_false (text_next_line (&rest, &line));
}

static void
test_find (void **state)
{
    (void) state;
    assert_string_equal (text_find ("Some Text here", "text"), "Text here");
    assert_null (text_find ("short", "shorter"));
    assert_null (text_find (NULL, "x"));
    /* whatever stands around it, and wherever its rarest character is */
    assert_string_equal (text_find ("aaaaab", "AAB"), "aab");
    assert_string_equal (text_find ("zebra Zebra", "zebra "), "zebra Zebra");
    assert_string_equal (text_find ("said: SAID: 550", "said: 5"), "SAID: 550");
    assert_string_equal (text_find ("x5x5-5", "5-5"), "5-5");
    assert_null (text_find ("quic", "quick"));
    assert_null (text_find_length ("quick", 4, "quick"));
    assert_non_null (text_find_length ("a\0quick", 7, "quick"));
    assert_true (text_has_prefix ("Subject: x", "subject:"));
    assert_true (text_has_suffix ("a.GZ", ".gz"));
    assert_false (text_has_suffix ("gz", ".gz"));
    assert_int_equal (text_cut ("\xe3\x83\xa1", 3, 2), 0);
    assert_int_equal (text_cut ("abc", 3, 9), 3);
}

static void
test_valid_utf8 (void **state)
{
    g_autoptr (Arena) arena = arena_new ();

    (void) state;
    assert_string_equal (text_valid_utf8 (arena, "a\nb", -1), "a\nb");
    assert_string_equal (text_valid_utf8 (arena, "a\0b\xe3", 4), "a\xef\xbf\xbd" "b\xef\xbf\xbd");
}

static void
test_buffer (void **state)
{
    g_auto (Buffer) buffer;

    (void) state;
    buffer_init (&buffer, 5);
    assert_true (buffer_append_text (&buffer, "abc"));
    assert_false (buffer_append_text (&buffer, "defg"));
    assert_true (buffer.truncated);
    assert_string_equal ((char *) buffer.data, "abcde");
    buffer_consume (&buffer, 2);
    assert_string_equal ((char *) buffer.data, "cde");
    buffer_consume (&buffer, 99);
    assert_int_equal (buffer.length, 0);
    buffer_reset (&buffer);
    assert_false (buffer.truncated);
    assert_true (buffer_append_char (&buffer, 'x'));
}

static void
test_arena (void **state)
{
    g_autoptr (Arena) arena = arena_new ();
    char *kept[2000];

    (void) state;
    for (int round = 0; round < 3; round++) {
        for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
            kept[i] = arena_printf (arena, "%u-%0*u", i, (int) (i % 7 * (i % 500 == 0 ? 3000 : 10)), i);
        for (guint i = 0; i < G_N_ELEMENTS (kept); i++) {
            g_autofree char *wanted = g_strdup_printf ("%u-%0*u", i, (int) (i % 7 * (i % 500 == 0 ? 3000 : 10)), i);

            assert_string_equal (kept[i], wanted);
            assert_int_equal ((guintptr) kept[i] % sizeof (void *), 0);
        }
        arena_clear (arena);
        assert_int_equal (arena_used (arena), 0);
    }
    assert_string_equal (arena_strdup (arena, NULL), "");
    for (const char *at = arena_alloc (arena, 100000), *end = at + 100000; at < end; at++)
        assert_int_equal (*at, 0);
}

static void
test_pair (void **state)
{
    char data[200];

    (void) state;
    for (gsize length = 0; length <= 100; length++)
        for (gsize at = 0; at <= length; at++) {
            const char *found;

            memset (data, '\n', sizeof data); /* every byte is half of a pair */
            if (at + 1 < sizeof data)
                data[at + 1] = 'F';
            found = byte_search_pair (data, length, '\n', 'F');
            if (at + 2 <= length)
                assert_ptr_equal (found, data + at);
            else
                assert_null (found);
        }
    assert_null (byte_search_pair ("", 0, 'a', 'b'));
}

/* Each odd byte at each place of texts of each length, among bytes that are half of one. */
static void
test_odd (void **state)
{
    char data[200];

    (void) state;
    for (gsize length = 0; length <= 100; length++)
        for (gsize at = 0; at < length; at++)
            for (guint kind = 0; kind < 4; kind++) {
                gboolean odd = kind < 2 || (kind == 2 && at + 1 < length);

                memset (data, at % 2 ? '\n' : '>', sizeof data);
                data[at] = "\r\0\n\n"[kind];
                data[at + 1] = "xx>x"[kind];
                if (at > 0 && data[at - 1] == '\n' && at % 2)
                    data[at - 1] = 'x';
                if (odd)
                    assert_ptr_equal (byte_search_odd (data, length), data + at);
                else
                    assert_null (byte_search_odd (data, length));
                if (odd || kind == 3)
                    data[at + 1] = "xx>F"[kind];
                odd |= kind == 3 && at + 1 < length;
                assert_ptr_equal (byte_search_odd_or_from (data, length), odd ? data + at : NULL);
            }
    assert_null (byte_search_odd_or_from ("\nF", 1));
    assert_null (byte_search_odd ("\nF\nG", 4));
    assert_null (byte_search_odd ("", 0));
    assert_null (byte_search_odd ("\n", 1));
    assert_null (byte_search_odd ("\n>", 1)); /* behind the end */
}

/* A word at each place of texts of each length, in both cases, among bytes that fit it nearly. */
static void
test_word (void **state)
{
    static const char *const WORDS[] = {"q", "qk", "Quick", "@[\\]^", "5.1.1 <quick.brown@fox.example> over", "\xc3\xbc"};
    char data[160];

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (WORDS); i++) {
        gsize wanted = strlen (WORDS[i]);

        for (gsize length = 0; length <= 100; length++)
            for (gsize at = 0; at <= length; at++) {
                const char *found;

                memset (data, WORDS[i][0], sizeof data);
                for (gsize k = 1; wanted > 1 && k < sizeof data; k += 2)
                    data[k] = '\0'; /* so that the word is nowhere */
                for (gsize k = 0; k < wanted; k++)
                    data[at + k] = (length + k) % 2 ? g_ascii_toupper (WORDS[i][k]) : g_ascii_tolower (WORDS[i][k]);
                found = byte_search_word (data, length, WORDS[i], wanted);
                if (wanted == 1) /* stands everywhere */
                    assert_ptr_equal (found, length == 0 ? NULL : data);
                else if (at + wanted <= length)
                    assert_ptr_equal (found, data + at);
                else
                    assert_null (found);
            }
    }
    /* a bit apart from a letter is no letter: '@' and '`', '[' and '{' */
    assert_null (byte_search_word ("0123456789abcdef`{|}~0123456789abcdef", 37, "@[\\]^", 5));
    assert_null (byte_search_word ("\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r", 20, "-", 1));
    assert_ptr_equal (byte_search_word (WORDS[0], 1, "", 0), WORDS[0]);
    assert_null (byte_search_word ("", 0, "a", 1));
    assert_non_null (byte_search_word ("a\0b", 3, "\0B", 2));
}

static void
test_plain (void **state)
{
    char data[100];

    (void) state;
    memset (data, '~', sizeof data);
    assert_int_equal (byte_run_plain (data, 0), 0);
    assert_int_equal (byte_run_plain (data, sizeof data), sizeof data);
    for (guint byte = 0; byte < 256; byte++) {
        gboolean plain = byte >= ' ' && byte < 0x7f && byte != '"' && byte != '\\';

        for (gsize at = 0; at < 40; at++) {
            data[at] = (char) byte;
            assert_int_equal (byte_run_plain (data, 41), plain ? 41 : at);
            data[at] = ' ';
        }
    }
}

static void
test_count_printable (void **state)
{
    char data[80];

    (void) state;
    for (gsize length = 0; length <= 70; length++)
        for (gsize at = 0; at < length; at++)
            for (guint kind = 0; kind < 6; kind++) {
                memset (data, at % 2 ? ' ' : '~', sizeof data);
                data[at] = "\0\x1f\x7f\x80\xff!"[kind];
                assert_int_equal (byte_count_printable (data, length), length - (kind < 5));
            }
    assert_int_equal (byte_count_printable ("", 0), 0);
}

UNIT_MAIN (cmocka_unit_test (test_one_line), cmocka_unit_test (test_printable), cmocka_unit_test (test_lines),
           cmocka_unit_test (test_find), cmocka_unit_test (test_pair), cmocka_unit_test (test_odd),
           cmocka_unit_test (test_word), cmocka_unit_test (test_plain), cmocka_unit_test (test_count_printable),
           cmocka_unit_test (test_valid_utf8), cmocka_unit_test (test_buffer), cmocka_unit_test (test_arena))
