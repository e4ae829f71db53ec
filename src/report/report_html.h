/* SPDX-License-Identifier: MIT */
/* The report as one HTML file that needs nothing else: style sheet and charts are inside, there is no script, and a
 * policy in its head forbids the browser to fetch anything. Light and dark, for phones and for paper. Bounded: tables
 * and lists show the heaviest and say how many more there are. */
#ifndef NIXIE_REPORT_REPORT_HTML_H
#define NIXIE_REPORT_REPORT_HTML_H

#include "base/writer.h"
#include "report/report_model.h"

typedef struct {
    guint top;             /* rows of a table, at most REPORT_HTML_MOST; 0 = 12 */
    const char *arguments; /* as in ReportTextOptions */
} ReportHtmlOptions;

#define REPORT_HTML_MOST 200

void report_html_write (Writer *writer, ReportModel *model, const ReportHtmlOptions *options);

#endif
