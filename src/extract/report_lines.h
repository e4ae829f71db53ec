/* SPDX-License-Identifier: MIT */
/* The text of a report cut into lines, once for all who look at it: folded for patterns, with how deep each line is
 * indented. Pure. */
#ifndef NIXIE_EXTRACT_REPORT_LINES_H
#define NIXIE_EXTRACT_REPORT_LINES_H

#include "base/arena.h"
#include "base/text.h"
#include <glib.h>

typedef struct {
    Span raw;      /* as it stands, without the line end */
    Span text;     /* folded: no blanks at the ends, single blanks inside; length 0 = a blank line */
    guint indent;  /* blanks before it (a tab counts to the next multiple of 8) */
} ReportLine;

typedef struct {
    ReportLine *lines;
    guint n_lines;
} ReportLines;

ReportLines report_lines_cut (Arena *arena, const char *text);
/* The first line that is not quoted and holds a reply or a status code, as one line; one with words besides goes before
 * "Status code: 550 5.1.10" when its code is of the same class. "" when none does. */
const char *report_line_with_code (Arena *arena, const ReportLines *report);

#endif
