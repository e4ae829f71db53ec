/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/digest.h"
#include "base/limits.h"
#include "base/tsv.h"
#include "base/writer.h"

#include <string.h>

static const char *const columns[] = {"code", "reason", "note?", NULL};

static void
test_rows (void **state)
{
    static const char text[] = "# a comment\nreason\tcode\n\nuser-unknown\t5.1.1\r\nshort\n";
    g_autoptr (GError) error = NULL;
    g_autoptr (Tsv) tsv = tsv_new ("t.tsv", text, strlen (text), columns, &error);
    TsvRow row;

    (void) state;
    assert_non_null (tsv);
    assert_true (tsv_next (tsv, &row, &error));
    assert_string_equal (row.cells[0], "5.1.1");
    assert_string_equal (row.cells[1], "user-unknown");
    assert_string_equal (row.cells[2], "");
    assert_int_equal (row.line, 4);
    assert_true (tsv_next (tsv, &row, &error));
    assert_string_equal (row.cells[0], "");
    assert_false (tsv_next (tsv, &row, &error));
    assert_null (error);
}

/* The whole file is read; what is wrong is said with name and line. */
static void
test_errors (void **state)
{
    g_autofree char *wide = g_strnfill (LIMIT_TSV_LINE + 1, 'x'), *longer = g_strconcat ("code\treason\n", wide, NULL);
    const struct {
        const char *text, *message;
    } cases[] = {
        {"", "t.tsv:0: there is no header row"},
        {"code\n", "t.tsv:1: there is no column “reason”"},
        {"code\treason\n1\t2\t3\n", "t.tsv:2: 3 cells, but the header has 2"},
        {"code\treason\n\xff\t2\n", "t.tsv:2: the line is not valid UTF-8"},
        {"code\treason\n1\t\033[2J\n", "t.tsv:2: the line has control characters"},
        {"code\treason\n1\t\302\233\n", "t.tsv:2: the line has control characters"},
        {longer, "t.tsv:2: the line is longer than 16384 bytes"},
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (Tsv) tsv = tsv_new ("t.tsv", cases[i].text, strlen (cases[i].text), columns, &error);
        TsvRow row;

        while (tsv != NULL && tsv_next (tsv, &row, &error))
            ;
        assert_non_null (error);
        assert_string_equal (error->message, cases[i].message);
    }
}

static gboolean
refuse (const char *data, gsize length, gpointer user, GError **error)
{
    (void) data;
    (void) length;
    ++*(guint *) user;
    g_set_error_literal (error, TSV_ERROR, TSV_ERROR_FORMAT, "full");
    return FALSE;
}

static void
test_writer (void **state)
{
    g_autoptr (GString) out = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    Writer *writer = writer_new_string (out);
    guint calls = 0;

    (void) state;
    writer_puts (writer, "a");
    writer_putc (writer, 'b');
    writer_printf (writer, "%d", 7);
    assert_true (writer_close (writer, &error));
    assert_string_equal (out->str, "ab7");
    writer = writer_new (refuse, &calls);
    for (int i = 0; i < 100000; i++)
        writer_puts (writer, "0123456789");
    assert_true (writer_failed (writer));
    assert_false (writer_close (writer, &error));
    assert_string_equal (error->message, "full");
    assert_int_equal (calls, 1); /* after the first error nothing more is tried */
}

static void
test_digest (void **state)
{
    char text[DIGEST_TEXT_SIZE];
    Digest digest = digest_of ("abc", 3), back;

    (void) state; /* FIPS 180-4's example, the first half */
    assert_string_equal (digest_format (&digest, text), "ba7816bf8f01cfea414140de5dae2223");
    assert_true (digest_parse (text, &back) && digest_equal (&digest, &back));
    assert_false (digest_parse ("ba78", &back));
    assert_false (digest_parse ("xa7816bf8f01cfea414140de5dae2223", &back));
}

UNIT_MAIN (cmocka_unit_test (test_rows), cmocka_unit_test (test_errors), cmocka_unit_test (test_writer),
           cmocka_unit_test (test_digest))
