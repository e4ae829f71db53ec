/* SPDX-License-Identifier: MIT */
#include "base/csv_record.h"

#include <string.h>

/* What a character makes of the cell that it is in. A quote opens only at a cell's start: in the middle it is a
 * character like others. */
static CsvCellState
next_state (CsvCellState state, char c, char delimiter)
{
    if (state == CSV_CELL_QUOTED)
        return c == '"' ? CSV_CELL_CLOSED : CSV_CELL_QUOTED;
    if (c == delimiter)
        return CSV_CELL_START;
    if (c == '"' && (state == CSV_CELL_START || state == CSV_CELL_CLOSED))
        return CSV_CELL_QUOTED;
    return CSV_CELL_PLAIN;
}

void
csv_scanner_init (CsvScanner *scanner, char delimiter)
{
    *scanner = (CsvScanner){.delimiter = delimiter};
}

static gsize
found_end (CsvScanner *scanner, gsize length)
{
    csv_scanner_init (scanner, scanner->delimiter);
    return length;
}

gsize
csv_record_end (CsvScanner *scanner, const char *data, gsize length, gboolean at_end)
{
    for (gsize i = scanner->looked_at; i < length; i++) {
        if (scanner->state != CSV_CELL_QUOTED && data[i] == '\n')
            return found_end (scanner, i + 1);
        if (scanner->state != CSV_CELL_QUOTED && data[i] == '\r') {
            if (i + 1 < length || at_end)
                return found_end (scanner, i + 1 < length && data[i + 1] == '\n' ? i + 2 : i + 1);
            scanner->looked_at = i; /* CRLF or CR? */
            return 0;
        }
        scanner->state = next_state (scanner->state, data[i], scanner->delimiter);
    }
    scanner->looked_at = length;
    return at_end && length > 0 ? found_end (scanner, length) : 0;
}

gsize
csv_record_content (const char *record, gsize length)
{
    if (length > 0 && record[length - 1] == '\n')
        length--;
    else if (length > 0 && record[length - 1] == '\r')
        return length - 1;
    else
        return length;
    return length > 0 && record[length - 1] == '\r' ? length - 1 : length;
}

/* The end of the cell that starts at `at`; *state: how it ended. */
static gsize
cell_end (const char *record, gsize length, gsize at, char delimiter, CsvCellState *state)
{
    *state = CSV_CELL_START;
    for (; at < length && (record[at] != delimiter || *state == CSV_CELL_QUOTED); at++)
        *state = next_state (*state, record[at], delimiter);
    return at;
}

gboolean
csv_record_is_open (const char *record, gsize length, char delimiter)
{
    CsvCellState state = CSV_CELL_START;

    for (gsize at = 0; at <= length && state != CSV_CELL_QUOTED;)
        at = cell_end (record, length, at, delimiter, &state) + 1;
    return state == CSV_CELL_QUOTED;
}

void
csv_record_split (const char *record, gsize length, char delimiter, GArray *cells)
{
    CsvCellState state;

    length = csv_record_content (record, length);
    g_array_set_size (cells, 0);
    for (gsize at = 0; at <= length;) {
        gsize end = cell_end (record, length, at, delimiter, &state);
        Span cell = span (record + at, end - at);

        g_array_append_val (cells, cell);
        at = end + 1;
    }
}

char *
csv_cell_text (Arena *arena, Span cell)
{
    char *text = arena_strndup (arena, cell.at, cell.length), *to = text;
    CsvCellState state = CSV_CELL_START;

    if (cell.length == 0 || cell.at[0] != '"')
        return text;
    for (gsize i = 0; i < cell.length; i++) {
        CsvCellState next = next_state (state, cell.at[i], '\0');
        gboolean is_quote = cell.at[i] == '"' && (state == CSV_CELL_START || next == CSV_CELL_CLOSED);

        if (!is_quote) /* a doubled one is said when it opens again */
            *to++ = cell.at[i];
        state = next;
    }
    *to = '\0';
    return text;
}

char
csv_record_delimiter (const char *record, gsize length)
{
    static const char DELIMITERS[] = {',', ';', '\t', '|'};
    g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (Span));
    char best = ',';
    guint most = 1;

    for (gsize i = 0; i < G_N_ELEMENTS (DELIMITERS); i++) {
        csv_record_split (record, length, DELIMITERS[i], cells);
        if (cells->len > most) {
            most = cells->len;
            best = DELIMITERS[i];
        }
    }
    return best;
}

void
csv_cell_append (GString *out, const char *text, char delimiter)
{
    const char special[] = {'"', '\r', '\n', delimiter, '\0'};

    if (!strpbrk (text, special)) {
        g_string_append (out, text);
        return;
    }
    g_string_append_c (out, '"');
    for (; *text; text++) {
        if (*text == '"')
            g_string_append_c (out, '"');
        g_string_append_c (out, *text);
    }
    g_string_append_c (out, '"');
}
