/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/limits.h"
#include "mail/encoded_word.h"
#include "mail/mail_view.h"
#include "mail/parameter.h"

#include <string.h>

#define FFFD "\xef\xbf\xbd"

/* From memory that ends where the text ends, so that a read behind it is seen by the sanitizers. */
static gsize
parse (Arena *arena, const char *text, gsize length, MailHeaders *headers, guint32 *flags)
{
    g_autofree char *exact = g_memdup2 (text, length);

    *flags = 0;
    return mail_headers_parse (arena, exact ? exact : "", length, headers, flags);
}

static void
test_blocks (void **state)
{
    (void) state;
    static const struct {
        const char *text;
        guint n_fields;
        gsize used;
        const char *name, *value;
    } cases[] = {
        {"", 0, 0, "Subject", ""},
        {"\nSubject: no header\n", 0, 1, "Subject", ""},
        {"Subject: one\n\nbody", 1, 14, "Subject", "one"},
        {"Subject: one\r\n\r\nbody", 1, 16, "Subject", "one"},
        {"Subject: no end", 1, 15, "Subject", "no end"},
        {"SUBJECT:no space\n\n", 1, 18, "subject", "no space"},
        {"Subject : obsolete space\n\n", 1, 26, "Subject", "obsolete space"},
        {"Subject: folded\n\there\n  and here\n\n", 1, 34, "Subject", "folded here and here"},
        {"Subject:\n folded at once\n\n", 1, 26, "Subject", "folded at once"},
        {"Subject: a\nSubject: b\n\n", 2, 23, "Subject", "a"},
        {"X-Empty:\nSubject: b\n\n", 2, 21, "X-Empty", ""},
        {"From a@b Thu Jan  1 00:00:00 1970\nSubject: x\n\n", 1, 46, "Subject", "x"},
        {">From a@b Thu Jan  1 00:00:00 1970\nSubject: x\n\n", 1, 47, "Subject", "x"},
        {"From: a@b\nSubject: x\n\n", 2, 22, "From", "a@b"},
        /* no header at all: nothing is taken for one */
        {"Hello,\nthis is text\n", 0, 0, "Subject", ""},
        {"Subject: x\nText without a blank line.\n\nMore: text\n", 1, 11, "Subject", "x"},
        /* lines that lost their indentation */
        {"X-A: one\nlost piece\nSubject: x\n\n", 2, 32, "X-A", "one lost piece"},
        {"X-A: one\nh=From:Date;\nSubject: x\n\n", 2, 34, "X-A", "one h=From:Date;"},
        {"Content-Type: multipart/mixed;\nboundary=\"x\"\n\n", 1, 45, "Content-Type", "multipart/mixed; boundary=\"x\""},
        /* white space is folding, not the end */
        {"Subject: a\n \n\tb\n\nbody", 1, 17, "Subject", "a b"},
        {"<a@b>: said\nSubject: x\n\n", 0, 0, "Subject", ""},
    };
    g_autoptr (Arena) arena = arena_new ();

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        MailHeaders headers;
        guint32 flags;
        gsize used = parse (arena, cases[i].text, strlen (cases[i].text), &headers, &flags);
        if (headers.n_fields != cases[i].n_fields || used != cases[i].used)
            print_error ("case %zu: %u fields, %zu used\n", i, headers.n_fields, used);
        assert_int_equal (headers.n_fields, cases[i].n_fields);
        assert_int_equal (used, cases[i].used);
        assert_string_equal (mail_headers_get (&headers, cases[i].name), cases[i].value);
        assert_int_equal (flags, 0);
    }
}

static void
test_lookup (void **state)
{
    (void) state;
    static const char text[] = "Received: one\nTo: =?utf-8?Q?caf=C3=A9?= <a@b>\nreceived: two\nRECEIVED: three\n\n";
    g_autoptr (Arena) arena = arena_new ();
    const MailHeader *field;
    MailHeaders headers;
    guint32 flags;

    parse (arena, text, strlen (text), &headers, &flags);
    assert_string_equal (mail_headers_find (&headers, "Received")->value, "one");
    field = mail_headers_next (&headers, mail_headers_find (&headers, "Received"));
    assert_string_equal (field->name, "received");
    field = mail_headers_next (&headers, field);
    assert_string_equal (field->value, "three");
    assert_null (mail_headers_next (&headers, field));
    assert_null (mail_headers_find (&headers, "Receive"));
    assert_string_equal (mail_headers_get (&headers, "to"), "caf\xc3\xa9 <a@b>");
    assert_string_equal (mail_headers_get_raw (&headers, "to"), "=?utf-8?Q?caf=C3=A9?= <a@b>");
    assert_string_equal (mail_headers_get_raw (&headers, "cc"), "");
}

/* Bytes that no field may have stay visible: an address with one in it never becomes another address (G13). */
static void
test_bytes (void **state)
{
    (void) state;
    static const struct {
        const char *text;
        gsize length;
        const char *value, *raw;
        guint32 flags;
    } cases[] = {
#define CASE(text, value, raw, flags) {"X: " text "\n\n", sizeof ("X: " text "\n\n") - 1, value, raw, flags}
        CASE ("a\0b@x.example", "a" FFFD "b@x.example", "a" FFFD "b@x.example", MAIL_CHARSET_REPAIRED),
        CASE ("a\rb@x.example", "a" FFFD "b@x.example", "a" FFFD "b@x.example", 0),
        CASE ("a\x1b[2Jb", "a" FFFD "[2Jb", "a" FFFD "[2Jb", 0),
        CASE ("a\tb", "a b", "a b", 0),
        CASE ("=?utf-8?Q?a=00b=0D=0ATo:_c?=", "a" FFFD "b" FFFD FFFD "To: c", "=?utf-8?Q?a=00b=0D=0ATo:_c?=", MAIL_CHARSET_REPAIRED),
        CASE ("na\xc3\xafve", "na\xc3\xafve", "na\xc3\xafve", 0),
        CASE ("na\xefve", "na\xc3\xafve", "na" FFFD "ve", MAIL_CHARSET_REPAIRED),
        CASE ("\x1b$B%(%i!<\x1b(B", "\xe3\x82\xa8\xe3\x83\xa9\xe3\x83\xbc", FFFD "$B%(%i!<" FFFD "(B", 0),
        /* Shift_JIS and EUC-JP that nobody declared: kana tell */
        CASE ("\x83\x47\x83\x89\x81\x5b", "\xe3\x82\xa8\xe3\x83\xa9\xe3\x83\xbc", FFFD "G" FFFD FFFD FFFD "[", MAIL_CHARSET_REPAIRED),
        CASE ("\xa5\xa8\xa5\xe9\xa1\xbc", "\xe3\x82\xa8\xe3\x83\xa9\xe3\x83\xbc", FFFD FFFD FFFD "\xe9\xa1\xbc", MAIL_CHARSET_REPAIRED),
#undef CASE
    };
    g_autoptr (Arena) arena = arena_new ();

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        MailHeaders headers;
        guint32 flags;
        parse (arena, cases[i].text, cases[i].length, &headers, &flags);
        assert_int_equal (headers.n_fields, 1);
        assert_string_equal (headers.fields[0].value, cases[i].value);
        assert_string_equal (headers.fields[0].raw, cases[i].raw);
        if (flags != cases[i].flags)
            print_error ("case %zu: flags %x\n", i, flags);
        assert_int_equal (flags, cases[i].flags);
    }
}

/* Raw bytes beyond ASCII are read in the charset of the text below. */
static void
test_declared_charset (void **state)
{
    (void) state;
    static const char text[] = "Subject: \xcf\xf0\xe8\nContent-Type: text/plain; charset=windows-1251\n\n";
    g_autoptr (Arena) arena = arena_new ();
    MailHeaders headers;
    guint32 flags;

    parse (arena, text, strlen (text), &headers, &flags);
    assert_string_equal (mail_headers_get (&headers, "Subject"), "\xd0\x9f\xd1\x80\xd0\xb8");
}

static void
test_encoded_words (void **state)
{
    (void) state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"plain", "plain"},
        {"=?utf-8?Q?caf=C3=A9?=", "caf\xc3\xa9"},
        {"=?UTF-8?q?a_b?= =?utf-8?Q?_c?=", "a b c"},
        {"a =?utf-8?Q?b?= c", "a b c"},
        {"=?utf-8?Q?b?=c", "bc"},
        {"(=?utf-8?Q?b?=)", "(b)"},
        {"=?utf-8*en?Q?b?=", "b"},
        /* G5: none of two adjacent base64 words is dropped */
        {"=?utf-8?B?SGVsbG8=?= =?utf-8?B?IHdvcmxk?=", "Hello world"},
        {"=?utf-8?B?SGVsbG8=?=\t =?utf-8?B?IHdvcmxk?= =?utf-8?B?IQ==?=", "Hello world!"},
        {"=?utf-8?B?SGVsbG8=?==?utf-8?B?IHdvcmxk?=", "Hello world"},
        /* a character in two halves */
        {"=?utf-8?B?44E=?= =?utf-8?B?gg==?=", "\xe3\x81\x82"},
        {"=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "caf\xc3\xa9"},
        {"=?utf-8?Q?caf=C3?= =?utf-8?B?qQ==?=", "caf\xc3\xa9"},
        /* two charsets side by side */
        {"=?iso-8859-1?Q?=E9?= =?utf-8?Q?=C3=A9?=", "\xc3\xa9\xc3\xa9"},
        {"=?iso-2022-jp?B?GyRCJSglaSE8GyhC?=", "\xe3\x82\xa8\xe3\x83\xa9\xe3\x83\xbc"},
        {"=?iso-2022-jp?B?GyRCJSgbKEI=?= =?iso-2022-jp?B?GyRCJWkbKEI=?=", "\xe3\x82\xa8\xe3\x83\xa9"},
        {"=?x-unknown?Q?abc?=", "abc"},
        {"=?no-such-charset?Q?caf=C3=A9?=", "caf\xc3\xa9"},
        /* broken words stay as they stand */
        {"=?utf-8?Q?open", "=?utf-8?Q?open"},
        {"=?utf-8?X?abc?=", "=?utf-8?X?abc?="},
        {"=?utf-8?Q?", "=?utf-8?Q?"},
        {"=?", "=?"},
        {"=?" "?Q?a?=", "=?" "?Q?a?="},
        {"=?utf-8?Q?" "?=", ""},
        {"=?utf-8?Q?a?b?=", "a?b"},
        {"=?utf-8?Q?a b?=", "a b"},
        {"=?utf-8?Q?=4?=", "=4"},
        {"=?utf-8?Q?=?=", "="},
        {"=?utf-8?B?SGVs*bG8?=", "Hello"},
    };
    g_autoptr (Arena) arena = arena_new ();

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        guint32 flags = 0;
        Span out = encoded_word_decode (arena, span_of (cases[i].in), "", 1000, &flags);
        assert_string_equal (out.at, cases[i].out);
        assert_int_equal (out.length, strlen (cases[i].out));
    }
}

static void
test_parameters (void **state)
{
    (void) state;
    static const struct {
        const char *value, *name, *out;
    } cases[] = {
        {"text/plain; charset=utf-8", "charset", "utf-8"},
        {"text/plain; charset=\"utf-8\"; format=flowed", "charset", "utf-8"},
        {"text/plain; format=flowed; CharSet = \"utf-8\"", "charset", "utf-8"},
        {"text/plain; x-charset=no; charset=yes", "charset", "yes"},
        {"text/plain; charset=first; charset=second", "charset", "first"},
        {"text/plain (a comment; charset=no); charset=utf-8 (really)", "charset", "utf-8 (really)"},
        {"text/plain; charset=utf-8 format=flowed", "charset", "utf-8"},
        {"text/plain; charset", "charset", ""},
        {"text/plain; charset=", "charset", ""},
        {"text/plain", "charset", ""},
        {"", "charset", ""},
        {"a/b;;; name=x", "name", "x"},
        {"a/b (open; name=x", "name", "x"},
        {"a/b; ((open; name=x", "name", "x"},
        {"a/b; name=a b c.txt; x=y", "name", "a b c.txt"},
        {"a/b; name=\"a \\\"b\\\" \\\\ c\"", "name", "a \"b\" \\ c"},
        {"a/b; name=\"open", "name", "open"},
        {"a/b; name=\"=?utf-8?B?44GC?=\"", "name", "\xe3\x81\x82"},
        {"multipart/mixed; boundary=\"----=_Part_1.2?='(),/\"", "boundary", "----=_Part_1.2?='(),/"},
        {"multipart/mixed; boundary=----=_Part_1.2", "boundary", "----=_Part_1.2"},
        {"multipart/report; report-type=delivery-status; boundary=x", "report-type", "delivery-status"},
        /* RFC 2231 */
        {"a/b; name*=utf-8''caf%C3%A9", "name", "caf\xc3\xa9"},
        {"a/b; name*=iso-8859-1'en'caf%E9", "name", "caf\xc3\xa9"},
        {"a/b; name*0=one; name*1=\" two\"; name*2=three", "name", "one twothree"},
        {"a/b; name*1=two; name*0=one", "name", "onetwo"},
        {"a/b; name*0*=utf-8''caf%C3; name*1*=%A9; name*2=.txt", "name", "caf\xc3\xa9.txt"},
        {"a/b; name*0=a; name*2=c", "name", "a"},
        {"a/b; name*=no-quotes%41", "name", "no-quotesA"},
        {"a/b; name*x=1; name*99999=2", "name", ""},
        {"a/b; name*=utf-8''new; name=old", "name", "new"},
        {"a/b; name*0*=%; name*1*=%4", "name", "%%4"},
    };
    g_autoptr (Arena) arena = arena_new ();

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        guint32 flags = 0;
        assert_string_equal (parameter_get (arena, cases[i].value, cases[i].name, &flags), cases[i].out);
    }
    assert_string_equal (parameter_main_value (arena, " Text/PLAIN ; x=y"), "text/plain");
    assert_string_equal (parameter_main_value (arena, "(hi) text/html"), "text/html");
    assert_string_equal (parameter_main_value (arena, "\"text/html\""), "text/html");
    assert_string_equal (parameter_main_value (arena, "; charset=x"), "");
}

/* G4: a bomb costs no more than the limits. */
static void
test_limits (void **state)
{
    (void) state;
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GString) many = g_string_new (NULL), large = g_string_new ("X: "), quoted = g_string_new ("X: ");
    MailHeaders headers;
    guint32 flags;

    for (int i = 0; i < 1000000; i++)
        g_string_append (many, "A: b\n");
    g_string_append (many, "\nbody");
    assert_int_equal (parse (arena, many->str, many->len, &headers, &flags), many->len - 4);
    assert_int_equal (headers.n_fields, LIMIT_HEADERS);
    assert_int_equal (flags, MAIL_HEADERS_CAPPED);

    for (int i = 0; i < 4000000; i++)
        g_string_append (large, i % 70 == 69 ? "\n " : "xy");
    g_string_append (large, "\nY: z\n\n");
    assert_int_equal (parse (arena, large->str, large->len, &headers, &flags), large->len);
    assert_in_range (strlen (mail_headers_get (&headers, "X")), LIMIT_HEADER - 100, LIMIT_HEADER);
    assert_true (flags & MAIL_HEADERS_CAPPED);

    /* starts of encoded words without an end */
    for (int i = 0; i < 9000; i++)
        g_string_append (quoted, "=?a?Q?x");
    parse (arena, quoted->str, quoted->len, &headers, &flags);
    assert_int_equal (strlen (headers.fields[0].value), 63000);
}

UNIT_MAIN (cmocka_unit_test (test_blocks), cmocka_unit_test (test_lookup), cmocka_unit_test (test_bytes),
           cmocka_unit_test (test_declared_charset), cmocka_unit_test (test_encoded_words),
           cmocka_unit_test (test_parameters), cmocka_unit_test (test_limits))
