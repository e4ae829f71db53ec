/* SPDX-License-Identifier: MIT */
#include "app/report_output.h"

#include "app/terminal.h"
#include "report/report_csv.h"
#include "report/report_html.h"
#include "report/report_json.h"
#include "report/report_md.h"
#include "report/report_text.h"

#define TEXT_ROWS 10

static const char *const words[] = { [REPORT_TEXT] = "text", [REPORT_HTML] = "html", [REPORT_MD] = "md",
                                     [REPORT_JSON] = "json", [REPORT_CSV] = "csv" };

gboolean
report_format_parse (const char *word, ReportFormat *format)
{
    for (guint i = 0; i < G_N_ELEMENTS (words); i++)
        if (g_str_equal (word, words[i])) {
            *format = (ReportFormat) i;
            return TRUE;
        }
    return FALSE;
}

const char *
report_format_word (ReportFormat format)
{
    return words[format];
}

/* Nothing but the table of providers is wanted of the state. */
static gboolean
only_counts (const App *app, const ReportRequest *request)
{
    const Options *options = app->options;
    return request->format == REPORT_CSV && request->by == REPORT_BY_PROVIDER && !app_has_paths (app) && !options->provider
           && !options->metrics && !options->fail_on;
}

ReportModel *
report_output_model (App *app, Ledger *ledger, const ReportRequest *request, GError **error)
{
    guint top = app_top (app, 0);
    g_autoptr (ReportModel) counted = NULL;
    if (only_counts (app, request) && (!ledger_tally (ledger, &counted, error) || counted))
        return g_steal_pointer (&counted);
    /* Every address of a big archive is only kept when every address was asked for. */
    guint recipients = request->format == REPORT_CSV && request->by == REPORT_BY_RECIPIENT ? (top ? top : G_MAXUINT) : 0;
    app->count_messages = request->format == REPORT_TEXT
                          && (app->options->provider || (request->one && request->by == REPORT_BY_PROVIDER));
    app->few_samples = request->format == REPORT_TEXT || request->format == REPORT_HTML || request->format == REPORT_MD;
    ReportModel *model = ledger_report (ledger, top, recipients, error);
    app->count_messages = app->few_samples = FALSE;
    return model;
}

static void
write_text (App *app, Writer *writer, ReportModel *model, const ReportRequest *request)
{
    Terminal terminal;
    terminal_init (&terminal, request->to_file);
    if (request->color && !g_str_equal (request->color, "auto"))
        terminal.colour = g_str_equal (request->color, "always");
    guint top = app_top (app, request->one ? 0 : TEXT_ROWS);
    ReportTextOptions options = { .width = terminal.width,
                                  .colour = terminal.colour,
                                  .unicode = terminal.unicode,
                                  .top = top ? top : G_MAXUINT,
                                  .one = request->one,
                                  .by = request->by,
                                  .arguments = request->arguments };
    report_text_write (writer, model, &options);
}

void
report_output_write (App *app, Writer *writer, ReportModel *model, const ReportRequest *request)
{
    ReportHtmlOptions html = { .top = app_top (app, 0), .arguments = request->arguments };
    switch (request->format) {
    case REPORT_JSON:
        report_json_write (writer, model, app_top (app, 0));
        break;
    case REPORT_CSV:
        report_csv_write (writer, model, request->by, app_top (app, 0), (CsvStyle){ 0 });
        break;
    case REPORT_HTML:
        report_html_write (writer, model, &html);
        break;
    case REPORT_MD:
        report_md_write (writer, model, app_top (app, 0));
        break;
    case REPORT_TEXT:
        write_text (app, writer, model, request);
        break;
    }
}
