/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/cmd.h"

#include <string.h>

#include "app/language.h"
#include "app/ledger.h"
#include "app/metrics_file.h"
#include "app/output.h"
#include "cmd/cmd_help.h"
#include "cmd/cmd_option.h"

/* In the order of the help: what a newcomer needs first. */
static const Verb *const verbs[] = {
    &cmd_report,  &cmd_suppress, &cmd_clean, &cmd_explain, &cmd_events, &cmd_scan,  &cmd_run,    &cmd_allow,
    &cmd_forgive, &cmd_import,   &cmd_state, &cmd_merge,   &cmd_code,   &cmd_rules, &cmd_config, &cmd_help,
};

const Verb *
cmd_verb (guint index)
{
    return index < G_N_ELEMENTS (verbs) ? verbs[index] : NULL;
}

const Verb *
cmd_find (const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
        if (g_str_equal (verbs[i]->name, name))
            return verbs[i];
    return NULL;
}

const char *
cmd_nearest_verb (const char *typed)
{
    const char *names[G_N_ELEMENTS (verbs) + 1] = { NULL };
    for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
        names[i] = verbs[i]->name;
    return cmd_nearest (typed, names);
}

static gboolean
print_text (const char *text, GError **error)
{
    g_autoptr (Output) output = output_open (NULL, error);
    if (!output)
        return FALSE;
    writer_puts (output_writer (output), text);
    return output_close (output, error);
}

/* What the night job has done can be read from the state; a run that failed tells that it failed. */
static gboolean
write_metrics (const char *path, const Verb *verb, App *app, ExitStatus status, gint64 start, GError **error)
{
    Metrics metrics = { .version = PACKAGE_VERSION,
                        .now = app ? app->clock.now : g_get_real_time () / G_USEC_PER_SEC,
                        .status = (int) status,
                        .success = status == EXIT_DONE,
                        .milliseconds = app && app->clock.fixed ? -1 : (g_get_monotonic_time () - start) / 1000 };
    if (app && verb == &cmd_scan)
        app_forget_paths (app); /* they were what was read; what is told is the state */
    if (app && !app->told && !app_has_paths (app) && !app->options->partial) {
        g_autoptr (Ledger) ledger = ledger_open (app, NULL);
        app->told = ledger ? ledger_report (ledger, 0, 0, NULL) : NULL;
    }
    metrics.model = app ? app->told : NULL;
    return metrics_file_write (path, &metrics, error);
}

static gboolean
run_verb (const Verb *verb, int argc, char **argv, Log *log, ExitStatus *status, GError **error)
{
    Options *options = cmd_option_parse (verb, argc, argv, error);
    if (!options)
        return FALSE;
    if (options->lang && !language_set (options->lang, error)) {
        options_free (options);
        return FALSE;
    }
    if (options->help) {
        g_autofree char *text = cmd_help_of_verb (verb);
        options_free (options);
        return print_text (text, error);
    }
    g_autofree char *metrics = g_strdup (options->metrics);
    gint64 start = g_get_monotonic_time ();
    g_autoptr (GError) failure = NULL;
    g_autoptr (App) app = app_new (options, log, verb != &cmd_help, &failure);
    gboolean done = app && verb->run (app, status, &failure);
    if (metrics && !write_metrics (metrics, verb, app, done ? *status : exit_status_of (failure), start,
                                   done ? error : NULL))
        done = FALSE;
    if (failure)
        g_propagate_error (error, g_steal_pointer (&failure));
    return done;
}

static gboolean
run (int argc, char **argv, Log *log, ExitStatus *status, GError **error)
{
    const char *word = argc > 1 ? argv[1] : NULL;
    if (!word) {
        g_set_error_literal (error, APP_ERROR, APP_ERROR_USAGE, "which verb? 'nixie help' lists them");
        return FALSE;
    }
    if (g_str_equal (word, "--version") || g_str_equal (word, "-V"))
        return print_text (PACKAGE_STRING "\n", error);
    if (g_str_equal (word, "--help") || g_str_equal (word, "-h"))
        word = "help";
    const Verb *verb = cmd_find (word);
    if (verb)
        return run_verb (verb, argc, argv, log, status, error);
    const char *nearest = *word == '-' ? NULL : cmd_nearest_verb (word);
    if (nearest)
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "there is no verb '%s'; did you mean 'nixie %s'?", word,
                     nearest);
    else if (*word == '-')
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE,
                     "the verb comes first, as in 'nixie report %s'; 'nixie help' lists them", word);
    else
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "there is no verb '%s'; 'nixie help' lists them", word);
    return FALSE;
}

ExitStatus
cmd_main (int argc, char **argv)
{
    g_autoptr (Log) log = log_new (LOG_NORMAL);
    g_autoptr (GError) error = NULL;
    ExitStatus status = EXIT_DONE;
    if (run (argc, argv, log, &status, &error))
        return status;
    if (error && *error->message)
        log_error (log, "%s", error->message);
    return error ? exit_status_of (error) : EXIT_INTERNAL;
}
