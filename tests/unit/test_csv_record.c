/* SPDX-License-Identifier: MIT */
/* CSV as it comes: where records end, what cells say, and that nothing is lost or changed on the way. */
#include "unit.h"

#include "base/csv_record.h"
#include <string.h>

/* `|` divides the cells of `says`, `#` the records. */
static const struct {
    const char *text;
    char delimiter;
    const char *says;
} FILES[] = {
    {"a,b\nc,d\n", ',', "a|b#c|d"},
    {"a,b\r\nc,d\r\n", ',', "a|b#c|d"},
    {"a,b\rc,d\r", ',', "a|b#c|d"},
    {"a,b\nc,d", ',', "a|b#c|d"},
    {"\n\na\n", ',', "##a"},
    {",\n", ',', "|"},
    {"a;b,c\n", ';', "a|b,c"},
    {"\"a,b\",c\n", ',', "a,b|c"},
    {"\"a\nb\",c\nd\n", ',', "a\nb|c#d"},
    {"\"a\r\nb\"\r\nc\r\n", ',', "a\r\nb#c"},
    {"\"say \"\"hi\"\"\",x\n", ',', "say \"hi\"|x"},
    {"\"\",\"\"\"\"\n", ',', "|\""},
    {"5\" pipe,6\" pipe\nx\n", ',', "5\" pipe|6\" pipe#x"}, /* quotes in the middle are characters */
    {"ab\"\"cd,e\nf\n", ',', "ab\"\"cd|e#f"},
    {"\"a\"b,c\n", ',', "ab|c"}, /* text behind the closing quote: broken, but nothing is lost */
    {"\"a\"\"b\nc\n", ',', "a\"b\nc"}, /* never closed: all the rest is one cell */
    {"a\tb\n", '\t', "a|b"},
};

static char *
read_all (const char *text, gsize length, char delimiter, gsize step)
{
    GString *out = g_string_new (NULL);
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (Span));
    CsvScanner scanner;
    gsize start = 0, available = 0;

    csv_scanner_init (&scanner, delimiter);
    while (start < length) {
        gsize record = csv_record_end (&scanner, text + start, available - start, available == length);

        if (record == 0) {
            assert_true (available < length);
            available = MIN (available + step, length);
            continue;
        }
        if (start > 0)
            g_string_append_c (out, '#');
        csv_record_split (text + start, record, delimiter, cells);
        for (guint i = 0; i < cells->len; i++)
            g_string_append_printf (out, "%s%s", i ? "|" : "", csv_cell_text (arena, g_array_index (cells, Span, i)));
        start += record;
    }
    return g_string_free (out, FALSE);
}

static void
test_records (void **state)
{
    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (FILES); i++)
        for (gsize step = 1; step < 40; step += 7) { /* the same however it arrives */
            g_autofree char *says = read_all (FILES[i].text, strlen (FILES[i].text), FILES[i].delimiter, step);

            if (strcmp (says, FILES[i].says) != 0)
                fail_msg ("file %u, step %zu: '%s', not '%s'", i, step, says, FILES[i].says);
        }
}

static void
test_open (void **state)
{
    (void) state;
    assert_false (csv_record_is_open ("a,\"b\"\n", 6, ','));
    assert_true (csv_record_is_open ("a,\"b\n", 5, ','));
    assert_false (csv_record_is_open ("5\" pipe\n", 8, ','));
    assert_false (csv_record_is_open ("", 0, ','));
}

static void
test_delimiter (void **state)
{
    (void) state;
    assert_int_equal (csv_record_delimiter ("a;b;c,d\n", 8), ';');
    assert_int_equal (csv_record_delimiter ("a\tb\n", 4), '\t');
    assert_int_equal (csv_record_delimiter ("\"a;b;c\",d\n", 10), ',');
    assert_int_equal (csv_record_delimiter ("alone\n", 6), ',');
}

static void
test_append (void **state)
{
    static const char *const TEXTS[] = {"plain", "", "a,b", "say \"hi\"", "two\nlines", "cr\rhere", "semi;colon"};

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (TEXTS); i++) {
        g_autoptr (GString) out = g_string_new (NULL);
        g_autoptr (Arena) arena = arena_new ();

        csv_cell_append (out, TEXTS[i], ',');
        assert_string_equal (csv_cell_text (arena, span (out->str, out->len)), TEXTS[i]);
    }
}

UNIT_MAIN (cmocka_unit_test (test_records), cmocka_unit_test (test_open), cmocka_unit_test (test_delimiter),
           cmocka_unit_test (test_append))
