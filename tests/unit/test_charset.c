/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "mail/charset.h"
#include "mail/mail_view.h"
#include "mail/transfer.h"

#include <string.h>

#define FFFD "\xef\xbf\xbd"
#define ERROR_KANA "\xe3\x82\xa8\xe3\x83\xa9\xe3\x83\xbc" /* "error" in katakana */

static Span
convert (Arena *arena, const char *charset, const char *bytes, gsize length, gsize maximum, guint32 *flags)
{
    g_autofree char *exact = g_memdup2 (bytes, length);

    *flags = 0;
    return charset_to_utf8 (arena, charset, span (exact ? exact : "", length), maximum, flags);
}

static void
test_convert (void **state)
{
    (void) state;
#define CASE(charset, bytes, out, flags) {charset, bytes, sizeof (bytes) - 1, out, flags}
    static const struct {
        const char *charset, *bytes;
        gsize length;
        const char *out;
        guint32 flags;
    } cases[] = {
        CASE ("us-ascii", "plain", "plain", 0),
        CASE ("", "", "", 0),
        CASE ("utf-8", "caf\xc3\xa9", "caf\xc3\xa9", 0),
        CASE ("UTF-8\\", "caf\xc3\xa9", "caf\xc3\xa9", 0),
        CASE ("uft-8", "caf\xc3\xa9", "caf\xc3\xa9", 0),
        CASE ("\"utf-8\"", "caf\xc3\xa9", "caf\xc3\xa9", 0),
        CASE ("iso-8859-1", "caf\xe9", "caf\xc3\xa9", 0),
        CASE ("iso-8859-1", "\x93quoted\x94", "\xe2\x80\x9cquoted\xe2\x80\x9d", 0),
        CASE ("windows-1252", "a\x81z", "a" FFFD "z", MAIL_CHARSET_REPAIRED),
        CASE ("iso-8859-15", "\xa4", "\xe2\x82\xac", 0),
        CASE ("windows-1251", "\xcf\xf0\xe8", "\xd0\x9f\xd1\x80\xd0\xb8", 0),
        CASE ("koi8-r", "\xf0\xd2\xc9", "\xd0\x9f\xd1\x80\xd0\xb8", 0),
        CASE ("gb2312", "\xc4\xe3\xba\xc3", "\xe4\xbd\xa0\xe5\xa5\xbd", 0),
        CASE ("gb2312", "\x81\x39\xef\x30", "\xe3\x90\x81", 0), /* what only GB18030 has */
        CASE ("big5", "\xa7\x41\xa6\x6e", "\xe4\xbd\xa0\xe5\xa5\xbd", 0),
        CASE ("ks_c_5601-1987", "\xbe\xc8", "\xec\x95\x88", 0),
        CASE ("ks_c_5601-1987", "\x81\x41", "\xea\xb0\x82", 0), /* what only code page 949 has */
        CASE ("euc-kr", "\xbe\xc8", "\xec\x95\x88", 0),
        CASE ("shift_jis", "\x83\x47\x83\x89\x81\x5b", ERROR_KANA, 0),
        CASE ("shift_jis", "\x87\x40", "\xe2\x91\xa0", 0), /* NEC row 13: what only code page 932 has */
        CASE ("euc-jp", "\xa5\xa8\xa5\xe9\xa1\xbc", ERROR_KANA, 0),
        CASE ("iso-2022-jp", "\x1b$B%(%i!<\x1b(B.", ERROR_KANA ".", 0),
        CASE ("iso-2022-jp", "\x1b$@%(%i!<\x1b(J.", ERROR_KANA ".", 0),
        CASE ("iso-2022-jp", "\x1b$B-!\x1b(B", "\xe2\x91\xa0", 0),
        CASE ("iso-2022-jp", "\x1b(I4W\x1b(B", "\xef\xbd\xb4\xef\xbe\x97", 0), /* half-width katakana */
        CASE ("iso-2022-jp", "\x1b$B%(%i!<\nnext line", ERROR_KANA "\nnext line", 0),
        CASE ("iso-2022-jp", "\x1b$B%(%", "\xe3\x82\xa8?", MAIL_CHARSET_REPAIRED),
        CASE ("iso-2022-jp", "plain", "plain", 0),
        CASE ("iso-2022-jp", "\xe3\x82\xa8\xe3\x83\xa9\xe3\x83\xbc", ERROR_KANA, MAIL_CHARSET_REPAIRED),
        CASE ("utf-7", "Hi +MKgw6TD8-!", "Hi " ERROR_KANA "!", 0),
        CASE ("unicode-1-1-utf-7", "+MKgw6TD8-", ERROR_KANA, 0),
        CASE ("utf-16le", "a\0\xe9\0", "a\xc3\xa9", 0),
        CASE ("utf-16be", "\0a\0\xe9", "a\xc3\xa9", 0),
        /* no charset, or none that means anything */
        CASE ("us-ascii", "caf\xc3\xa9", "caf\xc3\xa9", 0),
        CASE ("us-ascii", "caf\xe9 noir", "caf\xc3\xa9 noir", MAIL_CHARSET_REPAIRED),
        CASE ("", "\x1b$B%(%i!<\x1b(B", ERROR_KANA, 0),
        CASE ("x-unknown", "\xa5\xa8\xa5\xe9\xa1\xbc", ERROR_KANA, MAIL_CHARSET_REPAIRED),
        CASE ("no-such-charset", "caf\xe9 noir", "caf\xc3\xa9 noir", MAIL_CHARSET_REPAIRED),
        CASE ("no-such-charset", "plain", "plain", 0),
        CASE ("../../etc/passwd", "caf\xc3\xa9", "caf\xc3\xa9", MAIL_CHARSET_REPAIRED),
        CASE ("utf-8//TRANSLIT", "caf\xc3\xa9", "caf\xc3\xa9", 0),
        /* the wrong charset */
        CASE ("utf-8", "caf\xe9 noir", "caf\xc3\xa9 noir", MAIL_CHARSET_REPAIRED),
        CASE ("utf-8", "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xff rest", "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9" FFFD " rest",
              MAIL_CHARSET_REPAIRED),
        CASE ("utf-8", "\x1b$B%(%i!<\x1b(B", ERROR_KANA, MAIL_CHARSET_REPAIRED),
        /* broken bytes cost themselves and nothing else */
        CASE ("gb2312", "a\xff" "b", "a" FFFD "b", MAIL_CHARSET_REPAIRED),
        CASE ("gb2312", "abc\xc4", "abc" FFFD, MAIL_CHARSET_REPAIRED),
        CASE ("koi8-r", "a\0z", "a" FFFD "z", MAIL_CHARSET_REPAIRED),
        CASE ("utf-8", "a\0z", "a" FFFD "z", MAIL_CHARSET_REPAIRED),
        CASE ("us-ascii", "\xed\xa0\x80 \xc0\xaf", "\xc3\xad" "\xc2\xa0\xe2\x82\xac" " \xc3\x80\xc2\xaf", MAIL_CHARSET_REPAIRED),
    };
#undef CASE
    g_autoptr (Arena) arena = arena_new ();

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        guint32 flags;
        Span out = convert (arena, cases[i].charset, cases[i].bytes, cases[i].length, 1000, &flags);
        if (strcmp (out.at, cases[i].out) != 0 || flags != cases[i].flags)
            print_error ("case %zu (%s): \"%s\" flags %x\n", i, cases[i].charset, out.at, flags);
        assert_string_equal (out.at, cases[i].out);
        assert_int_equal (out.length, strlen (cases[i].out));
        assert_int_equal (flags, cases[i].flags);
    }
}

/* Whatever the bytes and the name: valid UTF-8 without NUL, and as much as fits. */
static void
test_hostile (void **state)
{
    (void) state;
    static const char *const charsets[] = {"",        "utf-8", "utf-7",  "iso-2022-jp", "cp932",  "euc-jp", "gb18030", "big5",
                                           "cp949",   "hz",    "utf-16", "iso-2022-kr", "cp1255", "koi8-u", "x"};
    g_autoptr (Arena) arena = arena_new ();
    static const char pieces[] = "\x1b$B(J@\x83\x47\xa4\xe3\n~{+a-";
    g_autoptr (GRand) random = g_rand_new_with_seed (2);

    for (int round = 0; round < 3000; round++) {
        char bytes[64];
        gsize length = (gsize) g_rand_int_range (random, 0, sizeof bytes + 1);
        guint32 flags;
        Span out;
        for (gsize i = 0; i < length; i++)
            bytes[i] = round % 2 ? (char) g_rand_int_range (random, 0, 256) : pieces[g_rand_int_range (random, 0, sizeof pieces - 1)];
        out = convert (arena, charsets[round % G_N_ELEMENTS (charsets)], bytes, length, 100, &flags);
        assert_true (out.length <= 100);
        assert_true (g_utf8_validate (out.at, (gssize) out.length, NULL));
        assert_int_equal (strlen (out.at), out.length);
        arena_clear (arena);
    }
}

/* More charsets than converters are kept: the first is still known afterwards. */
static void
test_many_charsets (void **state)
{
    (void) state;
    g_autoptr (Arena) arena = arena_new ();
    guint32 flags;

    charset_preload ();
    for (int i = 0; i < 300; i++) {
        g_autofree char *name = g_strdup_printf ("x-no-such-%d", i);
        assert_string_equal (convert (arena, name, "caf\xc3\xa9", 5, 100, &flags).at, "caf\xc3\xa9");
    }
    assert_string_equal (convert (arena, "cp866", "\x8f\xe0\xa8", 3, 100, &flags).at, "\xd0\x9f\xd1\x80\xd0\xb8");
    assert_string_equal (convert (arena, "koi8-r", "\xf0\xd2\xc9", 3, 100, &flags).at, "\xd0\x9f\xd1\x80\xd0\xb8");
    assert_int_equal (flags, 0);
}

static void
test_cut (void **state)
{
    (void) state;
    g_autoptr (Arena) arena = arena_new ();
    guint32 flags;

    assert_string_equal (convert (arena, "utf-8", "caf\xc3\xa9", 5, 4, &flags).at, "caf");
    assert_int_equal (flags, MAIL_TEXT_CAPPED);
    assert_string_equal (convert (arena, "", "plain", 5, 4, &flags).at, "plai");
    assert_int_equal (flags, MAIL_TEXT_CAPPED);
}

static void
test_transfer (void **state)
{
    (void) state;
    static const struct {
        const char *encoding, *in, *out;
    } cases[] = {
        {"7bit", "a=20b", "a=20b"},
        {"", "SGVsbG8=", "SGVsbG8="},
        {"base64", "SGVsbG8=", "Hello"},
        {" BASE64 (comment)", "SGVsbG8=", "Hello"},
        {"base64", "SGVs\nbG8=\n", "Hello"},
        {"base64", "SGVsbG8", "Hello"},
        {"base64", "SGVsbG8gd29ybGQ", "Hello world"},
        /* G6: padding is not the end */
        {"base64", "VkkR", "VI\x11"},
        {"base64", "Vkk=UlVTISE=", "VIRUS!!"},
        {"base64", "SGVsbG8=\nIHdvcmxk\nIQ==\n", "Hello world!"},
        {"base64", "SGVs\x01*bG8=", "Hello"},
        {"base64", "====", ""},
        {"base64", "A", ""},
        /* said to be base64, and is not */
        {"base64", "Final-Recipient: rfc822; a@b.example\nAction: failed\n", "Final-Recipient: rfc822; a@b.example\nAction: failed\n"},
        {"quoted-printable", "caf=C3=A9", "caf\xc3\xa9"},
        {"Quoted-Printable", "caf=c3=a9", "caf\xc3\xa9"},
        {"quoted-printable", "soft=\nbreak", "softbreak"},
        {"quoted-printable", "soft =  \nbreak", "soft break"},
        {"quoted-printable", "soft=\r\nbreak", "softbreak"},
        {"quoted-printable", "trailing  \nspace\t\n", "trailing\nspace\n"},
        {"quoted-printable", "kept=20\nspace", "kept \nspace"},
        {"quoted-printable", "a=zz b=4", "a=zz b=4"},
        {"quoted-printable", "end=", "end"},
        {"x-uuencode", "begin 644 x\n%2&5L;&\\\n`\nend\n", "Hello"},
        {"x-uuencode", "no begin\n", ""},
    };
    g_autoptr (Arena) arena = arena_new ();
    gboolean truncated = FALSE;

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        Span out = transfer_decode (arena, transfer_from_text (cases[i].encoding), span_of (cases[i].in), 1000, &truncated);
        g_autofree char *text = g_strndup (out.at, out.length);
        assert_string_equal (text, cases[i].out);
    }
    assert_false (truncated);
    assert_int_equal (transfer_decode (arena, TRANSFER_BASE64, span_of ("SGVsbG8="), 5, &truncated).length, 5);
    assert_false (truncated);
    assert_int_equal (transfer_decode (arena, TRANSFER_BASE64, span_of ("SGVsbG8="), 4, &truncated).length, 4);
    assert_true (truncated);
}

UNIT_MAIN (cmocka_unit_test (test_convert), cmocka_unit_test (test_hostile), cmocka_unit_test (test_many_charsets),
           cmocka_unit_test (test_cut), cmocka_unit_test (test_transfer))
