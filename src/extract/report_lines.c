/* SPDX-License-Identifier: MIT */
#include "extract/report_lines.h"

#include "base/limits.h"
#include "extract/pattern.h"
#include "extract/status.h"

#include <string.h>

#define MAX_LINES 20000

ReportLines
report_lines_cut (Arena *arena, const char *text)
{
    ReportLines report = {NULL, 0};
    Span rest = span_of (text), line;
    guint n = 1;

    for (const char *at = text; (at = strchr (at, '\n')) != NULL && n < MAX_LINES; at++)
        n++;
    report.lines = arena_new_array (arena, ReportLine, n);
    while (report.n_lines < n && text_next_line (&rest, &line)) {
        ReportLine *cut = &report.lines[report.n_lines++];

        cut->raw = line;
        cut->text = pattern_fold (arena, line);
        for (gsize i = 0; i < line.length && (line.at[i] == ' ' || line.at[i] == '\t'); i++)
            cut->indent = line.at[i] == '\t' ? (cut->indent / 8 + 1) * 8 : cut->indent + 1;
    }
    return report;
}

const char *
report_line_with_code (Arena *arena, const ReportLines *report)
{
    for (guint i = 0; i < report->n_lines; i++) {
        Span line = report->lines[i].text;

        if (line.length > 0 && line.at[0] != '>' && (*status_find (arena, line) != '\0' || *reply_find (arena, line) != '\0'))
            return text_one_line (arena, line.at, (gssize) line.length, LIMIT_DIAGNOSTIC);
    }
    return "";
}
