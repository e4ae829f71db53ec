/* SPDX-License-Identifier: MIT */
/* CSV as RFC 4180 has it, one cell at a time. A text cell that a spreadsheet would run as a formula (it starts with
 * = + - @, their full-width forms, TAB, CR or LF: OWASP, "CSV Injection") gets an apostrophe in front and is quoted;
 * numbers and addresses never do: a changed address is a wrong address. One that begins with = is written with its
 * local part in quotes: the same address, and no formula. Bidi and other invisible characters become U+FFFD.
 *
 *     Csv csv = {writer, CSV_OWN};
 *     csv_text (&csv, name); csv_number (&csv, 7); csv_end (&csv);
 */
#ifndef NIXIE_REPORT_CSV_H
#define NIXIE_REPORT_CSV_H

#include "base/writer.h"

typedef struct {
    gboolean no_guard; /* no apostrophes: the file is for a program, not for people */
    gboolean lf;       /* --eol=lf: lines end in LF; default CRLF */
} CsvStyle;

typedef struct {
    Writer *writer;
    CsvStyle style;
    guint cells;       /* written in this row */
} Csv;

void csv_text (Csv *csv, const char *text);    /* guarded; NULL = "" */
void csv_address (Csv *csv, const char *text); /* as it is, quoted where RFC 4180 wants it; "=a"@b for =a@b */
void csv_quoted (Csv *csv, const char *text);  /* as it is, always quoted */
void csv_number (Csv *csv, guint64 number);
void csv_date (Csv *csv, gint64 date);         /* RFC 3339 UTC, empty for DATE_NONE */
void csv_end (Csv *csv);                       /* ends the row */
/* A header row: column names divided by single spaces. */
void csv_header (Csv *csv, const char *columns);

#endif
