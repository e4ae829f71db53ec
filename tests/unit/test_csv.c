/* SPDX-License-Identifier: MIT */
#include "base/date.h"
#include "event/event_json.h"
#include "report/csv.h"
#include "report/events_csv.h"
#include "unit.h"
#include <string.h>

/* One row of `text` as RFC 4180 has it: its cells, and *rest behind its line end. NULL when it is not well-formed. */
static GPtrArray *
read_row (const char *text, const char **rest)
{
    GPtrArray *cells = g_ptr_array_new_with_free_func (g_free);

    for (;;) {
        g_autoptr (GString) cell = g_string_new (NULL);

        if (*text == '"') {
            for (text++; *text && (*text != '"' || text[1] == '"'); text++) {
                text += *text == '"';
                g_string_append_c (cell, *text);
            }
            if (*text++ != '"')
                break;
        } else {
            gsize length = strcspn (text, ",\r\n\"");

            g_string_append_len (cell, text, (gssize) length);
            text += length;
        }
        g_ptr_array_add (cells, g_strdup (cell->str));
        if (*text == ',') {
            text++;
            continue;
        }
        if (g_str_has_prefix (text, "\r\n")) {
            *rest = text + 2;
            return cells;
        }
        break;
    }
    g_ptr_array_unref (cells);
    return NULL;
}

typedef struct {
    const char *text, *guarded, *unguarded;
} Case;

static const Case cases[] = {
    {"", "", ""},
    {"plain", "plain", "plain"},
    {"two words", "two words", "two words"},
    {"a,b", "\"a,b\"", "\"a,b\""},
    {"a;b", "\"a;b\"", "\"a;b\""},
    {"say \"hi\"", "\"say \"\"hi\"\"\"", "\"say \"\"hi\"\"\""},
    {"\"", "\"\"\"\"", "\"\"\"\""},
    {"two\nlines", "\"two\nlines\"", "\"two\nlines\""},
    {"two\r\nlines", "\"two\r\nlines\"", "\"two\r\nlines\""},
    {" ends ", "\" ends \"", "\" ends \""},
    {"=1+1", "\"'=1+1\"", "=1+1"},
    {"+1", "\"'+1\"", "+1"},
    {"-1", "\"'-1\"", "-1"},
    {"@SUM(A1)", "\"'@SUM(A1)\"", "@SUM(A1)"},
    {"\tx", "\"'\tx\"", "\"\tx\""},
    {"\rx", "\"'\rx\"", "\"\rx\""},
    {"\nx", "\"'\nx\"", "\"\nx\""},
    {"=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\"", "=cmd|' /C calc'!A0"},
    {"=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"",
     "\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""},
    {"＝1+1", "\"'＝1+1\"", "＝1+1"},
    {"＠x", "\"'＠x\"", "＠x"},
    {"5-1", "5-1", "5-1"},
    {"a=b", "a=b", "a=b"},
    {"'quoted", "'quoted", "'quoted"},
    {"日本語", "日本語", "日本語"},
};

static char *
written (const char *text, CsvStyle style, void (*put) (Csv *, const char *))
{
    g_autoptr (GString) out = g_string_new (NULL);
    Csv csv = {writer_new_string (out), style, 0};

    put (&csv, text);
    assert_true (writer_close (csv.writer, NULL));
    return g_strdup (out->str);
}

static void
cells_are_quoted_and_guarded (void **state)
{
    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *guarded = written (cases[i].text, (CsvStyle){0}, csv_text);
        g_autofree char *unguarded = written (cases[i].text, (CsvStyle){.no_guard = TRUE}, csv_text);
        g_autofree char *address = written (cases[i].text, (CsvStyle){0}, csv_address);

        assert_string_equal (guarded, cases[i].guarded);
        assert_string_equal (unguarded, cases[i].unguarded);
        assert_string_equal (address, cases[i].unguarded); /* an address is never changed */
    }
    g_autofree char *override = written ("a\xe2\x80\xae" "b,", (CsvStyle){0}, csv_text);
    g_autofree char *formula = written ("=1+1@example.com", (CsvStyle){0}, csv_address);
    g_autofree char *machine = written ("=1+1@example.com", (CsvStyle){.no_guard = TRUE}, csv_address);

    assert_string_equal (override, "\"a\xef\xbf\xbd" "b,\"");
    assert_string_equal (formula, "\"\"\"=1+1\"\"@example.com\""); /* the same address, in another spelling */
    assert_string_equal (machine, "=1+1@example.com");
}

static void
rows_read_back (void **state)
{
    g_autoptr (GString) out = g_string_new (NULL);
    Csv csv = {writer_new_string (out), {.no_guard = TRUE}, 0};
    const char *rest;

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        csv_text (&csv, cases[i].text);
    csv_end (&csv);
    csv_number (&csv, G_MAXUINT64);
    csv_date (&csv, date_from_civil (2026, 11, 20, 3, 12, 45));
    csv_date (&csv, DATE_NONE);
    csv_quoted (&csv, "q");
    csv_end (&csv);
    writer_close (csv.writer, NULL);

    g_autoptr (GPtrArray) first = read_row (out->str, &rest);
    assert_non_null (first);
    assert_int_equal (first->len, G_N_ELEMENTS (cases));
    for (guint i = 0; i < first->len; i++)
        assert_string_equal (first->pdata[i], cases[i].text);
    assert_string_equal (rest, "18446744073709551615,2026-11-20T03:12:45Z,,\"q\"\r\n");
}

static void
line_ends_and_header (void **state)
{
    g_autoptr (GString) out = g_string_new (NULL);
    Csv csv = {writer_new_string (out), {.lf = TRUE}, 0};

    (void) state;
    csv_header (&csv, "one two three");
    csv_text (&csv, NULL);
    csv_end (&csv);
    csv.style.lf = FALSE;
    csv_header (&csv, "x");
    writer_close (csv.writer, NULL);
    assert_string_equal (out->str, "one,two,three\n\nx\r\n");
}

/* Every text field set to something hostile: the row still has its columns, and only the address is as it was. */
static void
an_event_is_one_row (void **state)
{
    static const char *const hostile[] = {"=1+1", "-2\"x\"", "a,b\r\nc", "@x", "\x1b]52;c;AAAA\x07"};
    g_autoptr (GString) out = g_string_new (NULL);
    Writer *writer = writer_new_string (out);
    BounceEvent event;
    const char *rest;

    (void) state;
    events_csv_header (writer, (CsvStyle){0});
    for (guint i = 0; i < G_N_ELEMENTS (hostile); i++) {
        event_init (&event);
#define X(name) event.name = hostile[i];
        EVENT_STRINGS (X)
#undef X
        event.recipient = "=evil@example.com";
        event.final_recipient = "+tag@example.com";
        event.flags = FLAG_GUESSED | FLAG_NO_ORIGINAL;
        events_csv_row (writer, &event, (CsvStyle){0});
    }
    writer_close (writer, NULL);

    g_autoptr (GPtrArray) head = read_row (out->str, &rest);
    assert_int_equal (head->len, 32);
    assert_string_equal (head->pdata[0], "v");
    assert_string_equal (head->pdata[10], "recipient");
    assert_string_equal (head->pdata[31], "flags");
    for (guint i = 0; i < G_N_ELEMENTS (hostile); i++) {
        g_autoptr (GPtrArray) row = read_row (rest, &rest);

        assert_non_null (row);
        assert_int_equal (row->len, head->len);
        assert_string_equal (row->pdata[0], "1");
        assert_string_equal (row->pdata[10], "\"=evil\"@example.com");
        assert_string_equal (row->pdata[11], "+tag@example.com");
        assert_string_equal (row->pdata[31], "guessed no-original");
        for (guint cell = 0; cell < row->len; cell++) {
            const char *text = row->pdata[cell];

            if (cell != 10 && cell != 11 && *text && strchr ("=+-@\t\r\n", *text))
                fail_msg ("column %s would run: %s", (const char *) head->pdata[cell], text);
        }
    }
    assert_string_equal (rest, "");
}

/* The columns are the keys of the NDJSON, in its order. */
static void
columns_are_the_keys_of_the_schema (void **state)
{
    g_autoptr (GString) json = g_string_new (NULL), csv = g_string_new (NULL), keys = g_string_new (NULL);
    Writer *json_writer = writer_new_string (json), *csv_writer = writer_new_string (csv);
    BounceEvent event;

    (void) state;
    event_init (&event);
    event_json_write (json_writer, &event);
    events_csv_header (csv_writer, (CsvStyle){0});
    writer_close (json_writer, NULL);
    writer_close (csv_writer, NULL);
    for (const char *at = json->str; (at = strstr (at, "\":")); at++) {
        const char *start = at - 1;

        while (*start != '"')
            start--;
        g_string_append_printf (keys, "%s%.*s", keys->len ? "," : "", (int) (at - start - 1), start + 1);
    }
    g_string_append (keys, "\r\n");
    assert_string_equal (csv->str, keys->str);
}

UNIT_MAIN (cmocka_unit_test (columns_are_the_keys_of_the_schema),
           cmocka_unit_test (cells_are_quoted_and_guarded), cmocka_unit_test (rows_read_back),
           cmocka_unit_test (line_ends_and_header), cmocka_unit_test (an_event_is_one_row))
