/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "app/ledger.h"
#include "app/output.h"
#include "app/terminal.h"
#include "base/i18n.h"
#include "cmd/cmd.h"
#include "report/report_csv.h"
#include "report/report_html.h"
#include "report/report_json.h"
#include "report/report_md.h"
#include "report/report_text.h"
#include "report/threshold.h"

typedef enum { REPORT_TEXT, REPORT_JSON, REPORT_CSV, REPORT_HTML, REPORT_MD } ReportFormat;

static gboolean
parse_format (const Options *options, ReportFormat *format, ReportBy *by, GError **error)
{
    const char *word = options->format ? options->format : options->by ? "csv" : "text";
    *by = REPORT_BY_PROVIDER;
    if (g_str_equal (word, "text"))
        *format = REPORT_TEXT;
    else if (g_str_equal (word, "json"))
        *format = REPORT_JSON;
    else if (g_str_equal (word, "csv"))
        *format = REPORT_CSV;
    else if (g_str_equal (word, "html"))
        *format = REPORT_HTML;
    else if (g_str_equal (word, "md"))
        *format = REPORT_MD;
    else {
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "--format: '%s' is none of text, html, md, json, csv", word);
        return FALSE;
    }
    if (options->by && !report_by_parse (options->by, by)) {
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE,
                     "--by: '%s' is none of provider, domain, recipient, status, reason, day, format", options->by);
        return FALSE;
    }
    if (options->by && *format != REPORT_CSV && *format != REPORT_TEXT) {
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "--by goes with --format=csv or text, not %s", word);
        return FALSE;
    }
    g_autofree char *problem = options->fail_on ? threshold_problem (options->fail_on) : NULL;
    if (problem) {
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "--fail-on: '%s' is no limit like block>5%% or unparsed>10", problem);
        return FALSE;
    }
    if (options->color && !g_str_equal (options->color, "auto") && !g_str_equal (options->color, "always")
        && !g_str_equal (options->color, "never")) {
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "--color: '%s' is none of auto, always, never", options->color);
        return FALSE;
    }
    return TRUE;
}

/* The paths as they can be pasted into a shell, for the commands that the report proposes. */
static char *
quoted_paths (const App *app)
{
    GString *out = g_string_new (NULL);
    for (char **path = app->options->paths; *path; path++) {
        g_autofree char *quoted = g_shell_quote (*path);
        gboolean plain = **path && strspn (*path, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                                  "/._-+,@%=:") == strlen (*path);
        g_string_append_printf (out, "%s%s", out->len ? " " : "", plain ? *path : quoted);
    }
    return g_string_free (out, FALSE);
}

static void
write_report (App *app, Writer *writer, ReportModel *model, ReportFormat format, ReportBy by)
{
    if (format == REPORT_JSON) {
        report_json_write (writer, model, app_top (app, 0));
        return;
    }
    if (format == REPORT_CSV) {
        report_csv_write (writer, model, by, app_top (app, 0), (CsvStyle){ 0 });
        return;
    }
    g_autofree char *paths = quoted_paths (app);
    if (format == REPORT_HTML) {
        ReportHtmlOptions html = { .top = app_top (app, 0), .arguments = paths };
        report_html_write (writer, model, &html);
        return;
    }
    if (format == REPORT_MD) {
        report_md_write (writer, model, app_top (app, 0));
        return;
    }
    Terminal terminal;
    terminal_init (&terminal, app->options->output != NULL);
    if (app->options->color && !g_str_equal (app->options->color, "auto"))
        terminal.colour = g_str_equal (app->options->color, "always");
    guint top = app_top (app, app->options->by ? 0 : 10);
    ReportTextOptions options = { .width = terminal.width,
                                  .colour = terminal.colour,
                                  .unicode = terminal.unicode,
                                  .top = top ? top : G_MAXUINT,
                                  .one = app->options->by != NULL,
                                  .by = by,
                                  .arguments = paths };
    report_text_write (writer, model, &options);
}

static gboolean
run_report (App *app, ExitStatus *status, GError **error)
{
    ReportFormat format;
    ReportBy by;
    if (!parse_format (app->options, &format, &by, error))
        return FALSE;
    g_autoptr (Ledger) ledger = ledger_open (app, error);
    if (!ledger)
        return FALSE;
    guint top = app_top (app, 0);
    /* Every address of a big archive is only kept when every address was asked for. */
    guint recipients = format == REPORT_CSV && by == REPORT_BY_RECIPIENT ? (top ? top : G_MAXUINT) : 0;
    g_autoptr (ReportModel) model = ledger_report (ledger, top, recipients, error);
    g_autoptr (Output) output = model ? output_open (app->options->output, error) : NULL;
    if (!output)
        return FALSE;
    write_report (app, output_writer (output), model, format, by);
    *status = ledger_failures (ledger) > 0 ? EXIT_INCOMPLETE : EXIT_DONE;
    g_autofree char *exceeded = app->options->fail_on ? threshold_exceeded (app->options->fail_on, model) : NULL;
    if (exceeded) {
        log_warning (app->log, "%s", exceeded);
        *status = EXIT_THRESHOLD;
    }
    app->told = g_steal_pointer (&model);
    return output_close (output, error);
}

static const char *const report_options[] = { "format", "by",    "provider", "color", "fail-on", "metrics", "profile",    "top",  "since",
                                              "until",  "output", "state",    "rules", "mx-file", "files-from", "null", "jobs",
                                              NULL };

const Verb cmd_report = {
    .name = "report",
    .arguments = N_("[PATH…]"),
    .summary = N_("the summary: how much, by which provider, with which code, and what to do"),
    .text = N_("Sums up the bounces in the PATHs (mbox, Maildir, folder, message, '-' for standard input; "
               "also compressed or in an archive), or, without PATHs, those in the state.\n"
               "PATHs are read on their own: neither state nor configuration has a say.\n"
               "Formats: text, html (one file that needs no network: -o report.html), json (everything, one "
               "object), md (for a mail or a ticket), csv (one table: --by). --by with --format=text is that "
               "table for people."),
    .examples = "nixie report ~/Maildir/.bounces\n"
                "zcat bounces-2026.mbox.gz | nixie report -\n"
                "nixie report --format=html -o report.html ~/Maildir/.bounces\n"
                "nixie report --provider=gmail --since=7d\n"
                "nixie report --format=csv --by=domain --top=50 -o domains.csv archive/",
    .options = report_options,
    .most = CMD_MANY,
    .run = run_report,
};
