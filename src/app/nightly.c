/* SPDX-License-Identifier: MIT */
#include "app/nightly.h"

#include <string.h>

#include "app/clock.h"
#include "app/decisions.h"
#include "app/ledger.h"
#include "app/output.h"
#include "app/publish.h"
#include "app/report_output.h"
#include "app/run_lock.h"
#include "app/scan_state.h"
#include "app/state.h"
#include "base/date.h"
#include "base/i18n.h"
#include "report/json.h"

/* One [output NAME]: what it asks for, and what became of it. */
typedef struct {
    const ConfigSection *section;
    PublishJob job; /* of a report: name, file and keep alone */
    gboolean is_report;
    ReportRequest report;
    gint64 since;  /* of a report */
    char *profile; /* NULL = that of [policy] */
    PublishResult result;
    char *failure; /* NULL = none */
} Publication;

typedef struct {
    App *app;
    GArray *publications;
    ScanSummary scan;
    gboolean scanned;
    ExitStatus status;
} Night;

static void
publication_clear (gpointer data)
{
    Publication *publication = data;
    g_free (publication->profile);
    g_free (publication->result.reason);
    g_free (publication->failure);
}

/* --- what the configuration asks for ----------------------------------------------------------------------------- */

static gboolean
config_error (const ConfigSection *section, GError **error, const char *what, const char *word)
{
    g_set_error (error, APP_ERROR, APP_ERROR_CONFIG, "%s: output %s: %s%s", config_section_origin (section),
                 config_section_name (section), what, word);
    return FALSE;
}

/* A name of ours, or a file beside the configuration. */
static char *
profile_of (const ConfigSection *section)
{
    const char *name = config_section_text (section, "profile");
    g_autoptr (Policy) builtin = name ? policy_new_builtin (name, NULL) : NULL;
    if (!name || builtin)
        return g_strdup (name);
    const char *origin = config_section_origin (section);
    g_autofree char *named = g_strndup (origin, (gsize) (strrchr (origin, ':') - origin));
    g_autofree char *file = g_canonicalize_filename (named, NULL);
    g_autofree char *folder = g_path_get_dirname (file);
    return g_canonicalize_filename (name, folder);
}

/* What a report has no use for is a mistake of the configuration: somebody expects something of it. */
static gboolean
read_report (App *app, const ConfigSection *section, Publication *publication, GError **error)
{
    static const char *const of_lists[] = { "format", "decision", "max-rows", "guard" };
    ReportRequest *report = &publication->report;
    const char *word = config_section_text (section, "report");
    const char *by = config_section_text (section, "by");
    for (guint i = 0; i < G_N_ELEMENTS (of_lists); i++)
        if (config_section_text (section, of_lists[i]))
            return config_error (section, error, "a report has no ", of_lists[i]);
    *report = (ReportRequest){ .by = REPORT_BY_PROVIDER, .one = by != NULL, .to_file = TRUE };
    if (!report_format_parse (word, &report->format))
        return config_error (section, error, "there is no report ", word);
    if (by && !report_by_parse (by, &report->by))
        return config_error (section, error, "there is no table ", by);
    if (by && report->format != REPORT_CSV && report->format != REPORT_TEXT)
        return config_error (section, error, "a table (by) goes with csv and text, not with ", word);
    g_autoptr (GError) failure = NULL;
    if (!clock_parse_moment (config_section_text (section, "since"), &app->clock, "since",
                             &publication->since, &failure))
        return config_error (section, error, "", failure->message);
    publication->is_report = TRUE;
    return TRUE;
}

static gboolean
read_section (App *app, const ConfigSection *section, Publication *publication, GError **error)
{
    PublishJob *job = &publication->job;
    const Options *options = app->options;
    static const char *const of_reports[] = { "by", "since" };
    g_autofree char *bad = NULL;
    const char *format = config_section_text (section, "format");
    publication->section = section;
    job->name = config_section_name (section);
    job->file = config_section_text (section, "file");
    if (!job->file)
        return config_error (section, error, "file is missing", "");
    job->keep = config_section_number (section, "keep", 0);
    publication->profile = profile_of (section);
    if (config_section_text (section, "report"))
        return read_report (app, section, publication, error);
    for (guint i = 0; i < G_N_ELEMENTS (of_reports); i++)
        if (config_section_text (section, of_reports[i]))
            return config_error (section, error, "only a report has ", of_reports[i]);
    job->format = suppress_format_find (format ? format : "csv");
    if (!job->format)
        return config_error (section, error, "there is no format ", format);
    if (!decisions_parse (config_section_text (section, "decision"), &job->decisions, &bad))
        return config_error (section, error, "there is no decision ", bad);
    guint removals = 1u << DECISION_REMOVE | 1u << DECISION_INACTIVE;
    job->max_rows = (guint64) config_section_number (section, "max-rows", 0);
    job->guarded = config_section_yes (section, "guard", (job->decisions & removals) != 0);
    job->confirm = options->confirm;
    return TRUE;
}

static gboolean
read_outputs (Night *night, GError **error)
{
    const ConfigSection *section;
    for (guint i = 0; (section = config_section (night->app->config, SECTION_OUTPUT, i)); i++) {
        Publication empty = { 0 };
        g_array_append_val (night->publications, empty);
        Publication *publication = &g_array_index (night->publications, Publication, i);
        if (!read_section (night->app, section, publication, error))
            return FALSE;
        g_autoptr (GError) failure = NULL;
        if (!app_use_profile (night->app, publication->profile, &failure))
            return config_error (section, error, "", failure->message);
    }
    return app_use_profile (night->app, NULL, error) != NULL;
}

/* Every path of every source; NULL when there is none. */
static char **
read_sources (const App *app, GError **error)
{
    g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();
    const ConfigSection *section;
    guint i;
    for (i = 0; (section = config_section (app->config, SECTION_SOURCE, i)); i++) {
        const char *value = config_section_text (section, "path");
        if (!value) {
            g_set_error (error, APP_ERROR, APP_ERROR_CONFIG, "%s: source %s: path is missing",
                         config_section_origin (section), config_section_name (section));
            return NULL;
        }
        g_auto (GStrv) names = g_strsplit (value, ";", -1);
        g_strv_builder_addv (paths, (const char **) names);
    }
    return g_strv_builder_end (paths);
}

/* --- the work ---------------------------------------------------------------------------------------------------- */

/* The paths are the scan's alone: afterwards the state is read, not they. */
static gboolean
scan_sources (Night *night, char **paths, GError **error)
{
    Options *options = night->app->options;
    char **none = options->paths;
    options->paths = paths;
    gboolean done = scan_state (night->app, &night->scan, error);
    options->paths = none;
    night->scanned = TRUE;
    if (night->scan.failures > 0)
        night->status = EXIT_INCOMPLETE;
    return done;
}

static void
tell_result (Night *night, const Publication *publication)
{
    const PublishResult *result = &publication->result;
    Log *log = night->app->log;
    const char *name = publication->job.name;
    char digits[I18N_DIGITS];
    if (!result->published)
        log_warning (log, "output %s held back, the old file stays: %s; 'nixie run --confirm' publishes it", name,
                     result->reason);
    else if (result->verdict == GUARD_FIRST && publication->job.guarded)
        log_note (log, P_("output %s: the first list, %s address, nothing to compare it with",
                          "output %s: the first list, %s addresses, nothing to compare it with", result->listed),
                  name, i18n_digits (result->listed, digits));
    else
        log_detail (log, "output %s: %" G_GUINT64_FORMAT " addresses, %" G_GUINT64_FORMAT " added, %" G_GUINT64_FORMAT
                    " gone", name, result->listed, result->figures.added, result->figures.removed);
}

/* Whole or not at all, as a list, and with the same copies; nothing holds a report back. */
static gboolean
write_report (Night *night, Ledger *ledger, Publication *publication, GError **error)
{
    App *app = night->app;
    const PublishJob *job = &publication->job;
    gint64 since = app->since;
    app->since = publication->since;
    g_autoptr (ReportModel) model = report_output_model (app, ledger, &publication->report, error);
    app->since = since;
    g_autoptr (Output) output = model ? output_open (job->file, error) : NULL;
    if (!output)
        return FALSE;
    report_output_write (app, output_writer (output), model, &publication->report);
    if (!output_close (output, error) || !publish_copies (job, 1, app->clock.now, error))
        return FALSE;
    publication->result.published = TRUE;
    publication->result.parts = 1;
    log_detail (app->log, "output %s: report written", job->name);
    return TRUE;
}

static gboolean
write_output (Night *night, Ledger *ledger, Store *state, Publication *publication, GError **error)
{
    if (!app_use_profile (night->app, publication->profile, error))
        return FALSE;
    if (publication->is_report)
        return write_report (night, ledger, publication, error);
    if (!publish (night->app, ledger, state, &publication->job, &publication->result, error))
        return FALSE;
    tell_result (night, publication);
    if (!publication->result.published)
        night->status = EXIT_HELD_BACK;
    else if (publication->result.refused > 0 && night->status == EXIT_DONE)
        night->status = EXIT_INCOMPLETE;
    return TRUE;
}

/* --fail-on is about the whole state, under the policy of the configuration. */
static gboolean
check_limits (Night *night, Ledger *ledger, GError **error)
{
    App *app = night->app;
    if (!app_use_profile (app, NULL, error))
        return FALSE;
    if (!app->options->fail_on)
        return TRUE;
    app->told = ledger_report (ledger, 0, 0, error);
    if (!app->told)
        return FALSE;
    app_check_limits (app, &night->status);
    return TRUE;
}

static gboolean
write_outputs (Night *night, const char *path, GError **error)
{
    g_autoptr (GError) first = NULL;
    g_autoptr (Ledger) ledger = ledger_open (night->app, error);
    g_autoptr (Store) state = ledger ? state_open (night->app, path, STORE_WRITE, error) : NULL;
    if (!state)
        return FALSE;
    for (guint i = 0; i < night->publications->len; i++) {
        Publication *publication = &g_array_index (night->publications, Publication, i);
        g_autoptr (GError) failure = NULL;
        if (write_output (night, ledger, state, publication, &failure))
            continue;
        publication->failure = g_strdup (failure->message);
        if (first)
            log_error (night->app->log, "output %s: %s", publication->job.name, failure->message);
        else
            g_propagate_prefixed_error (&first, g_steal_pointer (&failure), "output %s: ", publication->job.name);
    }
    if (!first)
        return check_limits (night, ledger, error);
    g_propagate_error (error, g_steal_pointer (&first));
    return FALSE;
}

/* --- the summary ------------------------------------------------------------------------------------------------- */

static void
put_publication (Json *json, const Publication *publication)
{
    const PublishResult *result = &publication->result;
    json_open (json, NULL, '{');
    json_string (json, "name", publication->job.name);
    json_string (json, "file", publication->job.file);
    json_string (json, "format", publication->is_report ? report_format_word (publication->report.format)
                                                        : suppress_format_name (publication->job.format));
    json_string (json, "result", publication->failure ? "failed" : result->published ? "published" : "held-back");
    json_string (json, "reason", publication->failure ? publication->failure : result->reason);
    json_number (json, "addresses", result->listed);
    json_number (json, "left_out", result->refused);
    json_number (json, "files", result->parts);
    json_number (json, "added", result->figures.added);
    json_number (json, "removed", result->figures.removed);
    json_close (json, '}');
}

static gboolean
write_summary (const Night *night, const GError *failure, GError **error)
{
    g_autoptr (Output) output = output_open (night->app->options->summary, error);
    if (!output)
        return FALSE;
    Json json = { .writer = output_writer (output) };
    json_open (&json, NULL, '{');
    json_number (&json, "v", 1);
    json_date (&json, "date", night->app->clock.now);
    json_number (&json, "exit_status", failure ? exit_status_of (failure) : night->status);
    json_string (&json, "error", failure ? failure->message : "");
    json_open (&json, "scan", '{');
    json_number (&json, "messages", night->scan.messages);
    json_number (&json, "new_messages", night->scan.new_messages);
    json_number (&json, "events", night->scan.events);
    json_number (&json, "unparsed", night->scan.unparsed);
    json_number (&json, "unreadable", night->scan.failures);
    json_close (&json, '}');
    json_open (&json, "outputs", '[');
    for (guint i = 0; i < night->publications->len; i++)
        put_publication (&json, &g_array_index (night->publications, Publication, i));
    json_close (&json, ']');
    json_close (&json, '}');
    writer_putc (output_writer (output), '\n');
    return output_close (output, error);
}

/* --- all of it --------------------------------------------------------------------------------------------------- */

static gboolean
run_locked (Night *night, char **paths, const char *state, GError **error)
{
    if (*paths && !scan_sources (night, paths, error))
        return FALSE;
    gboolean wanted = night->publications->len > 0 || night->app->options->fail_on;
    return !wanted || write_outputs (night, state, error);
}

gboolean
nightly_run (App *app, ExitStatus *status, GError **error)
{
    g_autoptr (GArray) publications = g_array_new (FALSE, TRUE, sizeof (Publication));
    g_array_set_clear_func (publications, publication_clear);
    Night night = { .app = app, .publications = publications, .status = EXIT_DONE };
    g_auto (GStrv) paths = read_sources (app, error);
    g_autofree char *state = app_state_path (app);
    g_autoptr (GError) failure = NULL;
    if (!paths || !read_outputs (&night, error))
        return FALSE;
    if (!*paths && publications->len == 0) {
        g_set_error_literal (error, APP_ERROR, APP_ERROR_CONFIG,
                             "the configuration names no [source NAME] and no [output NAME]: there is nothing to do");
        return FALSE;
    }
    g_autofree char *name = state_lock_name (state);
    if (!app->options->state || store_is_server (state)) {
        g_autofree char *folder = g_path_get_dirname (name);
        (void) g_mkdir_with_parents (folder, 0700);
    }
    g_autoptr (RunLock) lock = run_lock_take (name, app->options->lock_wait, error);
    if (!lock)
        return FALSE;
    gboolean done = run_locked (&night, paths, state, &failure);
    if (app->options->summary && !write_summary (&night, failure, failure ? NULL : error))
        done = FALSE;
    *status = night.status;
    if (failure)
        g_propagate_error (error, g_steal_pointer (&failure));
    return done;
}
