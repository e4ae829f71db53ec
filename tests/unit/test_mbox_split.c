/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/byte_search.h"
#include "base/date.h"
#include "source/content_kind.h"
#include "source/mbox_from.h"
#include "source/mbox_split.h"
#include "source/message_text.h"

#include <string.h>

/* The messages of `text` as lines "[OFFSET]CONTENT{cut}", read in pieces of `chunk` bytes. */
static char *
split (const char *text, gsize length, gsize chunk)
{
    GString *out = g_string_new (NULL);
    MboxSplit machine;
    MboxPiece piece;
    gsize start = 0, end = 0;
    gboolean at_end = FALSE;

    mbox_split_init (&machine, 0);
    for (;;) {
        assert_true (machine.offset == start);
        mbox_split_next (&machine, text + start, end - start, at_end, &piece);
        assert_true (piece.consumed <= end - start);
        if (piece.kind == MBOX_EOF)
            break;
        if (piece.kind == MBOX_MORE) {
            assert_false (at_end);
            assert_true (end - start < MBOX_WINDOW);
            at_end = end == length;
            end = MIN (end + chunk, length);
        } else if (piece.kind == MBOX_BEGIN) {
            g_string_append_printf (out, "[%" G_GUINT64_FORMAT "]", piece.offset);
        } else if (piece.kind == MBOX_TEXT) {
            assert_true (piece.length == piece.consumed && piece.length > 0);
            assert_true (!piece.plain || byte_search_odd (text + start, piece.length) == NULL);
            g_string_append_len (out, text + start, (gssize) piece.length);
        } else if (piece.cut) {
            g_string_append (out, "{cut}");
        }
        start += piece.consumed;
    }
    assert_true (start == length || out->len == 0); /* blank lines alone are nobody's */
    return g_string_free (out, FALSE);
}

#define FROM "From a@example.com Mon May  2 16:07:05 2005\n" /* 44 bytes */
#define FROM_CRLF "From a@example.com Mon May  2 16:07:05 2005\r\n"
#define FROM_CR "From a@example.com Mon May  2 16:07:05 2005\r"

static const struct {
    const char *name, *in, *out;
} split_cases[] = {
    {"nothing", "", ""},
    {"blank lines only", "\n\r\n\n", ""},
    {"one message", FROM "A: b\n\nbody\n", "[0]A: b\n\nbody\n"},
    {"its blank line is its own where nothing follows", FROM "A: b\n\nbody\n\n", "[0]A: b\n\nbody\n\n"},
    {"two messages", FROM "A: b\n\nbody\n\n" FROM "C: d\n\nsecond\n", "[0]A: b\n\nbody\n[56]C: d\n\nsecond\n"},
    {"more blank lines: one is the separator's", FROM "A: b\n\nbody\n\n\n" FROM "C: d\n", "[0]A: b\n\nbody\n\n[57]C: d\n"},
    {"no blank line before", FROM "A: b\n\nbody\n" FROM "C: d\n", "[0]A: b\n\nbody\n" FROM "C: d\n"},
    {"blanks are no blank line", FROM "A: b\n\nbody\n \n" FROM "C: d\n", "[0]A: b\n\nbody\n \n" FROM "C: d\n"},
    {"no header behind", FROM "A: b\n\nbody\n\n" FROM "no header\n", "[0]A: b\n\nbody\n\n" FROM "no header\n"},
    {"a blank line behind", FROM "A: b\n\nbody\n\n" FROM "\nC: d\n", "[0]A: b\n\nbody\n\n" FROM "\nC: d\n"},
    {"a quoted line behind", FROM "A: b\n\nbody\n\n" FROM ">From x\nC: d\n", "[0]A: b\n\nbody\n\n" FROM ">From x\nC: d\n"},
    {"a folded line behind", FROM "A: b\n\nx\n\n" FROM " C: d\n", "[0]A: b\n\nx\n\n" FROM " C: d\n"},
    {"prose", FROM "A: b\n\nHello.\n\nFrom here on: nothing\nC: d\n", "[0]A: b\n\nHello.\n\nFrom here on: nothing\nC: d\n"},
    {"prose with a year", FROM "A: b\n\nx\n\nFrom May 2005\nC: d\n", "[0]A: b\n\nx\n\nFrom May 2005\nC: d\n"},
    {"an address without a date", FROM "A: b\n\nx\n\nFrom a@example.com\nC: d\n", "[0]A: b\n\nx\n\nFrom a@example.com\nC: d\n"},
    {"a date without a sender", FROM "A: b\n\nx\n\nFrom  Mon May  2 16:07:05 2005\nC: d\n", "[0]A: b\n\nx\n[53]C: d\n"},
    {"a day without a time", FROM "A: b\n\nx\n\nFrom bob 2 May 2005\nC: d\n", "[0]A: b\n\nx\n\nFrom bob 2 May 2005\nC: d\n"},
    {"quoted lines are text", FROM "A: b\n\n>" FROM "C: d\n\n>>" FROM "E: f\n", "[0]A: b\n\n>" FROM "C: d\n\n>>" FROM "E: f\n"},
    {"directly behind the headers", FROM "A: b\n\n" FROM "C: d\n", "[0]A: b\n[50]C: d\n"},
    {"CRLF", FROM_CRLF "A: b\r\n\r\nbody\r\n\r\n" FROM_CRLF "C: d\r\n", "[0]A: b\r\n\r\nbody\r\n[61]C: d\r\n"},
    {"LF mailbox, CRLF message", FROM "A: b\r\n\r\nbody\r\n\r\n" FROM "C: d\n", "[0]A: b\r\n\r\nbody\r\n[60]C: d\n"},
    {"CR", FROM_CR "A: b\r\rbody\r\r" FROM_CR "C: d\r", "[0]A: b\r\rbody\r[56]C: d\r"},
    {"CR, blank line first", "\r" FROM_CR "A: b\r\r" FROM_CR "C: d\r", "[1]A: b\r[51]C: d\r"},
    {"a CR in an LF mailbox", FROM "A: b\n\nbody\r\r" FROM "C: d\n", "[0]A: b\n\nbody\r\r" FROM "C: d\n"},
    {"no line end at the end", FROM "A: b\n\nbody", "[0]A: b\n\nbody{cut}"},
    {"cut in the second", FROM "A: b\n\nbody\n\n" FROM "C: d\n\nsec", "[0]A: b\n\nbody\n[56]C: d\n\nsec{cut}"},
    {"cut behind the From line", FROM "A: b\n\nbody\n\n" FROM, "[0]A: b\n\nbody\n[56]{cut}"},
    {"cut in the date", FROM "A: b\n\nbody\n\nFrom a@example.com Mon Ma", "[0]A: b\n\nbody\n[56]{cut}"},
    {"cut in the sender", FROM "A: b\n\nbody\n\nFrom MAILER-D", "[0]A: b\n\nbody\n[56]{cut}"},
    {"cut in From", FROM "A: b\n\nbody\n\nFro", "[0]A: b\n\nbody\n[56]{cut}"},
    {"cut in the first field", FROM "A: b\n\nbody\n\n" FROM "Subj", "[0]A: b\n\nbody\n[56]Subj{cut}"},
    {"no cut: prose", FROM "A: b\n\nbody\n\nFrom here on", "[0]A: b\n\nbody\n\nFrom here on{cut}"},
    {"blank lines first", "\n\n" FROM "A: b\n", "[2]A: b\n"},
    {"byte order mark", "\xef\xbb\xbf" FROM "A: b\n", "[3]A: b\n"},
    {"no From line at all", "A: b\n\nbody\n\n" FROM "C: d\n", "[0]A: b\n\nbody\n[12]C: d\n"},
    {"a first line that only nearly fits", "From () whenever\nA: b\n", "[0]A: b\n"},
    {"a first line that does not", "From here\n\nbody\n", "[0]From here\n\nbody\n"},
    {"a From field with a blank before its colon", "From : a@example.com\n\nbody\n", "[0]From : a@example.com\n\nbody\n"},
    {"a first message without a header", FROM "\nbody\n\n" FROM "C: d\n", "[0]\nbody\n[51]C: d\n"},
    {"a first message without anything", FROM "\n" FROM "C: d\n", "[0][45]C: d\n"},
    {"undated mailbox", "From -\nA: b\n\nx\n\nFrom -\nC: d\n\nFrom Russia with love\nYear: 1963\n",
     "[0]A: b\n\nx\n[16]C: d\n\nFrom Russia with love\nYear: 1963\n"},
    {"undated mailbox, nothing but From", "From \nA: b\n\nFrom \nC: d\n", "[0]A: b\n[12]C: d\n"},
    {"undated mailbox, a dated line", "From -\nA: b\n\n" FROM "C: d\n", "[0]A: b\n[13]C: d\n"},
    {"dated mailbox, an undated line", FROM "A: b\n\nx\n\nFrom -\nC: d\n", "[0]A: b\n\nx\n\nFrom -\nC: d\n"},
    {"a field name may have blanks behind", FROM "A: b\n\n" FROM "C \t: d\n", "[0]A: b\n[50]C \t: d\n"},
};

static void
test_split (void **state)
{
    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (split_cases); i++) {
        gsize length = strlen (split_cases[i].in);

        for (gsize chunk = 1; chunk <= length + 1; chunk++) {
            g_autofree char *got = split (split_cases[i].in, length, chunk);

            if (strcmp (got, split_cases[i].out) != 0)
                fail_msg ("%s, pieces of %zu:\n%s\nwanted:\n%s", split_cases[i].name, chunk, got, split_cases[i].out);
        }
    }
}

/* Lines longer than any window, around the sizes where something is decided. */
static void
test_split_long (void **state)
{
    static const gsize sizes[] = {1000, 1022, 1023, 1024, 1025, 1026, 2000, 4090, 4096, 4100, 9000, 300000};
    static const gsize chunks[] = {1, 7, 512, 4096, 1 << 20};

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
        g_autofree char *filler = g_strnfill (sizes[i], 'x');
        g_autofree char *line = g_strconcat (FROM "A: ", filler, "\n\nbody\n\n" FROM "C: d\n\n", NULL);
        g_autofree char *from = g_strconcat (FROM "A: b\n\nFrom ", filler, " Mon May  2 16:07:05 2005\nC: d\n", NULL);
        g_autofree char *name = g_strconcat (FROM "A: b\n\n" FROM, filler, ": d\n", NULL);

        for (gsize j = 0; j < G_N_ELEMENTS (chunks); j++) {
            g_autofree char *first = split (line, strlen (line), chunks[j]);
            g_autofree char *second = split (from, strlen (from), chunks[j]);
            g_autofree char *third = split (name, strlen (name), chunks[j]);
            g_autofree char *offset = g_strdup_printf ("\n[%zu]C: d", 44 + 3 + sizes[i] + 8);

            assert_non_null (strstr (first, offset));
            /* LIMIT_FROM_LINE holds for the whole line, HEADER_NAME_LIMIT for the name. */
            assert_int_equal (strstr (second, "[50]") != NULL, sizes[i] + 30 <= 1024);
            assert_int_equal (strstr (third, "[50]") != NULL, sizes[i] < 512);
        }
    }
}

static void
test_from (void **state)
{
    static const struct {
        const char *line;
        MboxFrom kind;
        const char *date;
    } cases[] = {
        {"From a@example.com Mon May  2 16:07:05 2005", MBOX_FROM_DATED, "2005-05-02T16:07:05Z"},
        {"From a@example.com  Mon May 2 16:07:05 2005  ", MBOX_FROM_DATED, "2005-05-02T16:07:05Z"},
        {"From MAILER-DAEMON Mon May  2 16:07:05 2005", MBOX_FROM_DATED, "2005-05-02T16:07:05Z"},
        {"From - Mon May  2 16:07:05 2005", MBOX_FROM_DATED, "2005-05-02T16:07:05Z"},
        {"From <> Mon May  2 16:07:05 2005", MBOX_FROM_DATED, "2005-05-02T16:07:05Z"},
        {"From <a@example.com> Mon May  2 16:07:05 2005", MBOX_FROM_DATED, "2005-05-02T16:07:05Z"},
        {"From () 2005-05-02 16:07:05 +0000", MBOX_FROM_DATED, "2005-05-02T16:07:05Z"},
        {"From a@example.com 2005-05-02T16:07:05Z", MBOX_FROM_DATED, "2005-05-02T16:07:05Z"},
        {"From a@example.com Mon May  2 16:07:05 2005 +0200", MBOX_FROM_DATED, "2005-05-02T14:07:05Z"},
        {"From a@example.com Mon May  2 16:07:05 +0200 2005", MBOX_FROM_DATED, "2005-05-02T14:07:05Z"},
        {"From a@example.com Mon May  2 16:07:05 PDT 2005", MBOX_FROM_DATED, "2005-05-02T23:07:05Z"},
        {"From a@example.com Mon May  2 16:07 2005", MBOX_FROM_DATED, "2005-05-02T16:07:00Z"},
        {"From a@example.com Mon, 2 May 2005 16:07:05 +0200 (CEST)", MBOX_FROM_DATED, "2005-05-02T14:07:05Z"},
        {"From a@example.com 2 May 2005 16:07:05 GMT", MBOX_FROM_DATED, "2005-05-02T16:07:05Z"},
        {"From host!user Mon May  2 16:07:05 2005 remote from elsewhere", MBOX_FROM_DATED, "2005-05-02T16:07:05Z"},
        {"From \"john doe\"@example.com Mon May  2 16:07:05 2005", MBOX_FROM_DATED, "2005-05-02T16:07:05Z"},
        {"From \"a\\\"b c\"@example.com Mon May  2 16:07:05 2005", MBOX_FROM_DATED, "2005-05-02T16:07:05Z"},
        {"From Mail Delivery System <x@example.com> Mon May  2 16:07:05 2005", MBOX_FROM_DATED, "2005-05-02T16:07:05Z"},
        {"From ???@??? Mon May 02 16:07:05 2005", MBOX_FROM_DATED, "2005-05-02T16:07:05Z"},
        {"From mailman-bounces+a=b@example.com Fri Dec 31 23:59:59 9999", MBOX_FROM_DATED, "9999-12-31T23:59:59Z"},
        {"From \xc3\xbc@example.com Mon May  2 16:07:05 2005", MBOX_FROM_DATED, "2005-05-02T16:07:05Z"},
        {"From  Mon May  2 16:07:05 2005", MBOX_FROM_DATED, "2005-05-02T16:07:05Z"},
        {"From ", MBOX_FROM_UNDATED, ""},
        {"From -", MBOX_FROM_UNDATED, ""},
        {"From - ", MBOX_FROM_UNDATED, ""},
        {"From a@example.com", MBOX_FROM_UNDATED, ""},
        {"From : a@example.com", MBOX_FROM_NONE, ""},
        {"From: a@example.com Mon May  2 16:07:05 2005", MBOX_FROM_NONE, ""},
        {"from a@example.com Mon May  2 16:07:05 2005", MBOX_FROM_NONE, ""},
        {"From", MBOX_FROM_NONE, ""},
        {"", MBOX_FROM_NONE, ""},
        {"From Monday, Mon May  2 16:07:05 2005", MBOX_FROM_NONE, ""},
        {"From the meeting of Mon May  2 16:07:05 2005", MBOX_FROM_NONE, ""},
        {"From bob Mon May  2 16:07:05 2005 we were silent", MBOX_FROM_NONE, ""},
        {"From a@example.com Mon May  2 2005", MBOX_FROM_NONE, ""},
        {"From a@example.com Mon May 32 16:07:05 2005", MBOX_FROM_DATED, ""},
        {"From MAILER-DAEMON Fri Jan 1 00:0:00 2015", MBOX_FROM_DATED, ""},
        {"From MAILER-DAEMON Fri 32 Jan 2015 00:00:00 +0100", MBOX_FROM_DATED, ""},
        {"From MAILER-DAEMON 32 Jan 2015 00:00:00 +0100", MBOX_FROM_NONE, ""},
        {"From Friday to Monday 2015 the ratio is 1:5", MBOX_FROM_NONE, ""},
        {"From a@example.com whenever 16:07", MBOX_FROM_NONE, ""},
        {"From a@example.com at 5:30 today", MBOX_FROM_NONE, ""},
        {"From a\x01 Mon May  2 16:07:05 2005", MBOX_FROM_NONE, ""},
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        char date[DATE_TEXT_SIZE];
        gint64 received;
        MboxFrom kind = mbox_from_parse (cases[i].line, strlen (cases[i].line), &received);

        if (kind != cases[i].kind || strcmp (date_format (received, date), cases[i].date) != 0)
            fail_msg ("%s: %d %s", cases[i].line, kind, date_format (received, date));
    }
}

static void
test_header_line (void **state)
{
    static const struct {
        const char *line;
        HeaderLine answer;
    } cases[] = {
        {"Subject: x", HEADER_LINE_YES}, {"X:", HEADER_LINE_YES},          {"X \t: y", HEADER_LINE_YES},
        {"Sub", HEADER_LINE_UNSURE},     {"", HEADER_LINE_UNSURE},         {"Sub  ", HEADER_LINE_UNSURE},
        {": x", HEADER_LINE_NO},         {" Subject: x", HEADER_LINE_NO},  {"\n", HEADER_LINE_NO},
        {"two words: x", HEADER_LINE_NO}, {"S\xc3\xbc: x", HEADER_LINE_NO}, {"Sub\n: x", HEADER_LINE_NO},
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        if (header_line_look (cases[i].line, strlen (cases[i].line)) != cases[i].answer)
            fail_msg ("\"%s\"", cases[i].line);
}

static void
test_text (void **state)
{
    static const struct {
        const char *in, *out;
        gboolean quoted, cr_lines;
    } cases[] = {
        {"", "", TRUE, FALSE},
        {"a\nb\n", "a\nb\n", TRUE, FALSE},
        {"a\r\nb\r\n", "a\nb\n", TRUE, FALSE},
        {"a\r\nb\rc\r\n", "a\nb\rc\n", TRUE, FALSE},
        {"a\r\r\nb\n", "a\nb\n", TRUE, FALSE},
        {"a\rb\r\rc\r", "a\nb\n\nc\n", TRUE, FALSE},
        {"a\rb\nc\r", "a\rb\nc\r", TRUE, FALSE},
        {"a\rb\nc\r\nd\r", "a\nb\nc\nd\n", TRUE, TRUE},
        {"a\n>From b\n>>From c\n>>>From d\n", "a\nFrom b\n>From c\n>>From d\n", TRUE, FALSE},
        {"a\n>From b\n>>From c\n", "a\n>From b\n>>From c\n", FALSE, FALSE},
        {"a\r\n>From b\r\n", "a\nFrom b\n", TRUE, FALSE},
        {"a\r>From b\r", "a\nFrom b\n", TRUE, FALSE},
        {">From a\n>From b\n", ">From a\nFrom b\n", TRUE, FALSE},
        {"a\n>Frombone\n> From c\n>from d\n>From", "a\n>Frombone\n> From c\n>from d\n>From", TRUE, FALSE},
        {"a\n>>>>>>\n>From ", "a\n>>>>>>\nFrom ", TRUE, FALSE},
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        for (gsize chunk = 1; chunk <= strlen (cases[i].in) + 1; chunk++) {
            MessageText text;
            gboolean truncated;
            const char *got;
            gsize length;

            message_text_init (&text);
            message_text_reset (&text, cases[i].cr_lines);
            for (gsize at = 0; at < strlen (cases[i].in); at += chunk) {
                gsize piece = MIN (chunk, strlen (cases[i].in) - at);

                if (byte_search_odd (cases[i].in + at, piece) == NULL)
                    message_text_lend (&text, cases[i].in + at, piece);
                else
                    assert_true (message_text_append (&text, cases[i].in + at, piece));
            }
            got = message_text_finish (&text, cases[i].quoted, &length, &truncated);
            assert_false (truncated);
            assert_int_equal (length, strlen (cases[i].out));
            assert_memory_equal (got, cases[i].out, length);
            message_text_clear (&text);
        }
}

/* What is lent is not copied, unless more comes, or the window goes on. */
static void
test_lent (void **state)
{
    char window[] = "A: b\n\nbody\n";
    gboolean truncated;
    MessageText text;
    gsize length;

    (void) state;
    message_text_init (&text);
    for (guint kept = 0; kept < 2; kept++) {
        message_text_reset (&text, FALSE);
        message_text_lend (&text, window, 6);
        if (kept)
            message_text_keep (&text);
        assert_int_equal (message_text_finish (&text, TRUE, &length, &truncated) == window, !kept);
        assert_int_equal (length, 6);
    }
    message_text_reset (&text, FALSE);
    message_text_lend (&text, window, 6);
    message_text_lend (&text, window + 6, 5);
    memset (window, 'x', sizeof window);
    assert_string_equal (message_text_finish (&text, TRUE, &length, &truncated), "A: b\n\nbody\n");
    message_text_clear (&text);
}

/* The same message is cut at the same place, quoted or not, whatever its line ends are. */
static void
test_text_limit (void **state)
{
    GString *plain = g_string_new ("A: b\n\n"), *quoted = g_string_new ("A: b\r\n\r\n");
    const char *one, *two;
    gsize one_length, two_length;
    gboolean truncated;
    MessageText text, other;

    (void) state;
    while (plain->len <= 17 * 1024 * 1024) {
        g_string_append (plain, "From here to there, some words to fill the line\n");
        g_string_append (quoted, quoted->len < 100000 ? ">From here to there, some words to fill the line\r\n"
                                                      : "From here to there, some words to fill the line\r\n");
    }
    message_text_init (&text);
    message_text_init (&other);
    assert_false (message_text_append (&text, plain->str, plain->len));
    assert_false (message_text_append (&other, quoted->str, quoted->len));
    one = message_text_finish (&text, TRUE, &one_length, &truncated);
    assert_true (truncated);
    two = message_text_finish (&other, TRUE, &two_length, &truncated);
    assert_true (truncated);
    assert_int_equal (one_length, 16 * 1024 * 1024);
    assert_int_equal (two_length, one_length);
    assert_memory_equal (one, two, one_length);
    message_text_clear (&text);
    message_text_clear (&other);
    g_string_free (plain, TRUE);
    g_string_free (quoted, TRUE);
}

static void
test_content_kind (void **state)
{
#define BYTES(text) text, sizeof (text) - 1
    static const struct {
        const char *data;
        gsize length;
        ContentKind kind;
    } cases[] = {
        {BYTES (""), CONTENT_EMPTY},
        {BYTES ("\n\r\n  \n"), CONTENT_EMPTY},
        {BYTES ("\xef\xbb\xbf"), CONTENT_EMPTY},
        {BYTES ("Subject: x\n\ny"), CONTENT_MESSAGE},
        {BYTES ("\xef\xbb\xbfSubject: x\n\ny"), CONTENT_MESSAGE},
        {BYTES ("\n   \nSubject: x"), CONTENT_MESSAGE},
        {BYTES ("Subject: x\rTo: y\r\r"), CONTENT_MESSAGE},
        {BYTES (">From someone\nSubject: x\n\ny"), CONTENT_MESSAGE},
        {BYTES ("From : someone\nSubject: x\n\ny"), CONTENT_MESSAGE},
        {BYTES (FROM "Subject: x\n"), CONTENT_MBOX},
        {BYTES (FROM), CONTENT_MBOX},
        {BYTES ("\xef\xbb\xbf\r\n" FROM_CRLF "A: b\r\n"), CONTENT_MBOX},
        {BYTES ("From -\nSubject: x\n"), CONTENT_MBOX},
        {BYTES ("From the office\n\nhello\n"), CONTENT_OTHER},
        {BYTES ("only words\nand more\n\nSubject: too late\n"), CONTENT_OTHER},
        {BYTES ("one\ntwo\nthree\nfour\nfive\nSubject: too late\n"), CONTENT_OTHER},
        {BYTES ("body{color:red}\n"), CONTENT_OTHER},
        {BYTES ("\0Subject: x\n"), CONTENT_OTHER},
        {BYTES ("\x7f" "ELF\2\1\1\0\0\0"), CONTENT_OTHER},
        {BYTES ("\x1f\x8b\x08"), CONTENT_GZIP},
        {BYTES ("\xfd" "7zXZ\0\0"), CONTENT_FILTER},
        {BYTES ("\x28\xb5\x2f\xfd"), CONTENT_FILTER},
        {BYTES ("BZh9\x31\x41\x59\x26\x53\x59"), CONTENT_FILTER},
        {BYTES ("BZh9: no\n"), CONTENT_MESSAGE},
        {BYTES ("PK\003\004"), CONTENT_ARCHIVE},
        {BYTES ("PKx: y\n"), CONTENT_MESSAGE},
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        if (content_kind (cases[i].data, cases[i].length) != cases[i].kind)
            fail_msg ("case %zu \"%s\": %d", i, cases[i].data, content_kind (cases[i].data, cases[i].length));
}

UNIT_MAIN (cmocka_unit_test (test_split), cmocka_unit_test (test_split_long), cmocka_unit_test (test_from),
           cmocka_unit_test (test_header_line), cmocka_unit_test (test_text), cmocka_unit_test (test_lent),
           cmocka_unit_test (test_text_limit), cmocka_unit_test (test_content_kind))
