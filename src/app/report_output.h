/* SPDX-License-Identifier: MIT */
/* The report in one of its formats: for `nixie report`, and for an output of `nixie run`. */
#ifndef NIXIE_APP_REPORT_OUTPUT_H
#define NIXIE_APP_REPORT_OUTPUT_H

#include "app/ledger.h"
#include "base/writer.h"
#include "report/report_model.h"

typedef enum { REPORT_TEXT, REPORT_HTML, REPORT_MD, REPORT_JSON, REPORT_CSV } ReportFormat;

typedef struct {
    ReportFormat format;
    ReportBy by;           /* the table of csv; with `one` that of text */
    gboolean one;          /* text: only that table */
    const char *color;     /* "auto", "always", "never"; NULL = auto */
    const char *arguments; /* mail that is named, quoted for a shell; NULL = the state */
    gboolean to_file;      /* no terminal is asked what it can show */
} ReportRequest;

/* "text", "html", "md", "json", "csv"; FALSE: there is no such format. */
gboolean report_format_parse (const char *word, ReportFormat *format);
const char *report_format_word (ReportFormat format);
/* What a report of this kind is made of; NULL with an error. Yours. */
ReportModel *report_output_model (App *app, Ledger *ledger, const ReportRequest *request, GError **error);
void report_output_write (App *app, Writer *writer, ReportModel *model, const ReportRequest *request);

#endif
