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

/* Says more than a code and its name: "Status code: 550 5.1.10" does not. */
static gboolean
is_worded (Span line)
{
    guint words = 0, letters = 0;

    for (gsize i = 0; i <= line.length; i++) {
        gboolean letter = i < line.length && (g_ascii_isalpha (line.at[i]) || (guchar) line.at[i] >= 0x80);

        letters = letter ? letters + 1 : 0;
        words += letters == 3;
    }
    return words >= 3;
}

const char *
report_line_with_code (Arena *arena, const ReportLines *report)
{
    Span first = {NULL, 0};
    char class = '\0';

    for (guint i = 0; i < report->n_lines; i++) {
        Span line = report->lines[i].text;

        const char *code;

        if (line.length == 0 || line.at[0] == '>')
            continue;
        code = status_find (arena, line);
        code = *code == '\0' ? reply_find (arena, line) : code;
        if (*code == '\0')
            continue;
        if (first.length == 0) {
            first = line;
            class = *code;
        } else if (*code == class && is_worded (line)) {
            first = line;
        }
        if (is_worded (first))
            break;
    }
    return text_one_line (arena, first.length == 0 ? "" : first.at, (gssize) first.length, LIMIT_DIAGNOSTIC);
}
