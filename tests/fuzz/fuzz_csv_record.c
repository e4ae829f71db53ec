/* SPDX-License-Identifier: MIT */
/* Mailing lists: records cover the file byte for byte, wherever reading is interrupted; cells lie in their record; a cell
 * that is written reads as what was written. */
#include "fuzz.h"

#include "base/csv_record.h"

static void
check_record (Arena *arena, GArray *cells, const char *record, gsize length, char delimiter)
{
    gsize content = csv_record_content (record, length);

    g_assert (content <= length && length - content <= 2);
    csv_record_split (record, length, delimiter, cells);
    g_assert (cells->len > 0);
    for (guint i = 0; i < cells->len; i++) {
        Span cell = g_array_index (cells, Span, i);

        g_assert (cell.length == 0 || (cell.at >= record && cell.at + cell.length <= record + content));
        g_assert (strlen (csv_cell_text (arena, cell)) <= cell.length);
    }
}

static void
check_file (Arena *arena, GArray *cells, const char *bytes, gsize size, char delimiter)
{
    CsvScanner scanner, slow;
    gsize at = 0, length;

    csv_scanner_init (&scanner, delimiter);
    csv_scanner_init (&slow, delimiter);
    while ((length = csv_record_end (&scanner, bytes + at, size - at, TRUE)) > 0) {
        gsize half = length / 2, other = csv_record_end (&slow, bytes + at, half, FALSE);

        if (other == 0)
            other = csv_record_end (&slow, bytes + at, size - at, TRUE);
        g_assert (length <= size - at && other == length);
        g_assert (at + length == size || !csv_record_is_open (bytes + at, length, delimiter));
        check_record (arena, cells, bytes + at, length, delimiter);
        at += length;
    }
    g_assert (at == size);
}

static void
check_written (Arena *arena, GArray *cells, const char *bytes, gsize size, char delimiter)
{
    static GString *out;
    const char *text = arena_strndup (arena, bytes, size);

    if (out == NULL)
        out = g_string_new (NULL);
    g_string_assign (out, "x");
    g_string_append_c (out, delimiter);
    csv_cell_append (out, text, delimiter);
    csv_record_split (out->str, out->len, delimiter, cells);
    g_assert (cells->len == 2);
    g_assert (strcmp (csv_cell_text (arena, g_array_index (cells, Span, 1)), text) == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static GArray *cells;
    const char *bytes = size > 0 ? (const char *) data : "";
    Arena *arena = fuzz_arena ();

    if (cells == NULL)
        cells = g_array_new (FALSE, FALSE, sizeof (Span));
    check_file (arena, cells, bytes, size, csv_record_delimiter (bytes, size));
    check_written (arena, cells, bytes, size, ',');
    return 0;
}
