/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "app/ledger.h"
#include "app/output.h"
#include "app/report_output.h"
#include "base/i18n.h"
#include "cmd/cmd.h"

static gboolean
parse_options (const Options *options, ReportRequest *request, GError **error)
{
    const char *word = options->format ? options->format : options->by ? "csv" : "text";
    *request = (ReportRequest){ .by = REPORT_BY_PROVIDER, .one = options->by != NULL, .color = options->color,
                                .to_file = options->output != NULL };
    if (!report_format_parse (word, &request->format))
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "--format: '%s' is none of text, html, md, json, csv", word);
    else if (options->by && !report_by_parse (options->by, &request->by))
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE,
                     "--by: '%s' is none of provider, domain, recipient, status, reason, day, format", options->by);
    else if (options->by && request->format != REPORT_CSV && request->format != REPORT_TEXT)
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "--by goes with --format=csv or text, not %s", word);
    else if (options->color && !g_str_equal (options->color, "auto") && !g_str_equal (options->color, "always")
             && !g_str_equal (options->color, "never"))
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "--color: '%s' is none of auto, always, never", options->color);
    else
        return TRUE;
    return FALSE;
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

static gboolean
run_report (App *app, ExitStatus *status, GError **error)
{
    ReportRequest request;
    if (!parse_options (app->options, &request, error))
        return FALSE;
    g_autoptr (Ledger) ledger = ledger_open (app, error);
    if (!ledger)
        return FALSE;
    g_autoptr (ReportModel) model = report_output_model (app, ledger, &request, error);
    g_autoptr (Output) output = model ? output_open (app->options->output, error) : NULL;
    if (!output)
        return FALSE;
    if (app->options->provider && report_model_total (model)->events == 0)
        log_warning (app->log, "no event of the provider '%s'; 'nixie report --by=provider' lists those there are",
                     app->options->provider);
    g_autofree char *paths = quoted_paths (app);
    request.arguments = paths;
    report_output_write (app, output_writer (output), model, &request);
    *status = ledger_failures (ledger) > 0 ? EXIT_INCOMPLETE : EXIT_DONE;
    app->told = g_steal_pointer (&model);
    app_check_limits (app, status);
    return output_close (output, error);
}

static const char *const report_options[] = { "format",  "by",      "provider", "color",   "fail-on",
                                              "metrics", "profile", "top",      "since",   "until",
                                              "output",  "state",   "rules",    "mx-file", "files-from",
                                              "null",    "jobs",    NULL };

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
