/* SPDX-License-Identifier: MIT */
/* Reading CSV as people's programs write it (RFC 4180 and its dialects: `,` `;` TAB `|` between cells, LF, CRLF or CR
 * behind rows, a byte order mark): where a record ends, where its cells are, what a cell says. Nothing is rewritten:
 * a record is a piece of the file as it stands, so that what is passed on is passed on byte by byte. Pure.
 *
 *     while ((length = csv_record_end (&scanner, data, available, at_end)) > 0)
 *         csv_record_split (data, length, ',', cells);
 */
#ifndef NIXIE_BASE_CSV_RECORD_H
#define NIXIE_BASE_CSV_RECORD_H

#include "base/arena.h"
#include "base/text.h"
#include <glib.h>

typedef enum { CSV_CELL_START, CSV_CELL_PLAIN, CSV_CELL_QUOTED, CSV_CELL_CLOSED } CsvCellState;

/* How far the search for a record's end has come. */
typedef struct {
    gsize looked_at;
    CsvCellState state;
    char delimiter;
} CsvScanner;

void csv_scanner_init (CsvScanner *scanner, char delimiter);
/* Length of the record that starts at `data`, its line end included; 0 when its end is not among the `length` bytes
 * yet (call again with more, from the same start). `at_end`: nothing follows, so what is there is the last record. The
 * scanner is ready for the next record when a length came back. */
gsize csv_record_end (CsvScanner *scanner, const char *data, gsize length, gboolean at_end);
/* TRUE when the record ended inside of quotes: only at the end of the file. */
gboolean csv_record_is_open (const char *record, gsize length, char delimiter);
/* The record without its line end, and the line end. */
gsize csv_record_content (const char *record, gsize length);
/* The cells as they stand (quotes included) into `cells`, an array of Span, emptied before. */
void csv_record_split (const char *record, gsize length, char delimiter, GArray *cells);
/* What a cell says: without quotes, "" inside of them as ". */
char *csv_cell_text (Arena *arena, Span cell);
/* The delimiter that cuts this record into most cells, `,` when none does. */
char csv_record_delimiter (const char *record, gsize length);
/* A cell for appending to a record: quoted when it has to be. */
void csv_cell_append (GString *out, const char *text, char delimiter);

#endif
