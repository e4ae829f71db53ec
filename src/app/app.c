/* SPDX-License-Identifier: MIT */
#include "app/app.h"

#include <string.h>

#include "app/app_error.h"
#include "app/clock.h"
#include "app/identity_config.h"
#include "base/date.h"
#include "base/file_text.h"
#include "report/threshold.h"

gboolean
app_has_paths (const App *app)
{
    return *app->options->paths || app->options->files_from;
}

void
app_forget_paths (App *app)
{
    Options *options = app->options;
    options->paths = options->arguments + g_strv_length (options->arguments);
    g_clear_pointer (&options->files_from, g_free);
}

static gboolean
load_config (App *app, GError **error)
{
    const Options *options = app->options;
    if (!app_has_paths (app))
        return config_load (app->config, options->config, app->log, error);
    /* Mail that is named is read as it is; only a configuration that is named as well has a say. */
    return !options->config || config_load_file (app->config, options->config, app->log, error);
}

App *
app_new (Options *options, Log *log, gboolean with_config, GError **error)
{
    g_autoptr (App) app = g_new0 (App, 1);
    app->options = options;
    app->log = log;
    app->config = config_new ();
    log_set_level (log, options->quiet ? LOG_QUIET : options->verbose ? LOG_VERBOSE : LOG_NORMAL);
    if (options->quiet && options->verbose) {
        g_set_error_literal (error, APP_ERROR, APP_ERROR_USAGE, "--quiet and --verbose contradict each other");
        return NULL;
    }
    if (!clock_init (&app->clock, options->now, error)
        || !clock_parse_moment (options->since, &app->clock, "since", &app->since, error)
        || !clock_parse_moment (options->until, &app->clock, "until", &app->until, error)
        || (with_config && !load_config (app, error)))
        return NULL;
    if (app->since != DATE_NONE && app->until != DATE_NONE && app->since >= app->until) {
        g_set_error_literal (error, APP_ERROR, APP_ERROR_USAGE, "--since is not before --until");
        return NULL;
    }
    return g_steal_pointer (&app);
}

void
app_free (App *app)
{
    if (!app)
        return;
    policy_free (app->policy);
    identity_free (app->identity);
    report_model_free (app->told);
    knowledge_free (app->knowledge);
    config_free (app->config);
    options_free (app->options);
    g_free (app);
}

static gboolean
add_mx_list (App *app, GError **error)
{
    const char *file = app->options->mx_file ? app->options->mx_file : config_text (app->config, "nixie", "mx_file");
    g_autofree char *text = NULL;
    gsize length;
    if (!file)
        return TRUE;
    if (!file_text_read (file, &text, &length, error))
        return FALSE;
    tables_add_mx_list (app->knowledge->tables, text, length);
    return TRUE;
}

const Knowledge *
app_knowledge (App *app, GError **error)
{
    if (app->knowledge)
        return app->knowledge;
    g_autoptr (GPtrArray) files = g_ptr_array_new ();
    g_auto (GStrv) configured = config_list (app->config, "nixie", "rules");
    for (char **file = configured; file && *file; file++)
        g_ptr_array_add (files, *file);
    for (char **file = app->options->rules; file && *file; file++)
        g_ptr_array_add (files, *file);
    g_ptr_array_add (files, NULL);
    app->knowledge = knowledge_load ((const char *const *) files->pdata, TRUE, error);
    if (app->knowledge && app->options->no_formats)
        knowledge_drop_formats (app->knowledge);
    if (app->knowledge && !add_mx_list (app, error))
        g_clear_pointer (&app->knowledge, knowledge_free);
    return app->knowledge;
}

const Tables *
app_tables (App *app, GError **error)
{
    const Knowledge *knowledge = app_knowledge (app, error);
    return knowledge ? knowledge->tables : NULL;
}

/* A built-in profile by its name, or one from a file. */
static Policy *
load_profile (const char *name, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    Policy *policy = strchr (name, '/') ? NULL : policy_new_builtin (name, NULL);
    if (policy)
        return policy;
    if (!strchr (name, '/') && !g_file_test (name, G_FILE_TEST_EXISTS))
        return policy_new_builtin (name, error); /* for its words */
    return file_text_read (name, &text, &length, error) ? policy_parse (name, text, length, error) : NULL;
}

/* Where the profile of the configuration is: a name that is none of ours is a file beside the configuration. */
static char *
configured_profile (const App *app)
{
    const char *name = config_text (app->config, "policy", "profile");
    if (!name)
        return g_strdup ("default");
    g_autoptr (Policy) builtin = policy_new_builtin (name, NULL);
    return builtin ? g_strdup (name) : config_file (app->config, "policy", "profile");
}

static gboolean
set_policy_lines (App *app, Policy *policy, GError **error)
{
    const char *key, *value, *origin;
    for (guint i = 0; config_policy_line (app->config, i, &key, &value, &origin); i++) {
        g_autoptr (GError) failure = NULL;
        if (policy_set (policy, key, value, &failure))
            continue;
        g_set_error (error, APP_ERROR, APP_ERROR_CONFIG, "%s: %s", origin, failure->message);
        return FALSE;
    }
    return TRUE;
}

const Policy *
app_policy (App *app, GError **error)
{
    g_autoptr (GError) failure = NULL;
    if (app->policy)
        return app->policy;
    g_autofree char *name = app->options->profile ? g_strdup (app->options->profile) : configured_profile (app);
    g_autoptr (Policy) policy = load_profile (name, &failure);
    if (!policy) {
        AppError code = app->options->profile ? APP_ERROR_USAGE : APP_ERROR_CONFIG;
        g_set_error (error, APP_ERROR, code, "profile: %s", failure->message);
        return NULL;
    }
    const Identity *identity;
    if (!app_identity (app, &identity, error) || !set_policy_lines (app, policy, error))
        return NULL;
    policy_require_trust (policy, identity != NULL);
    app->policy = g_steal_pointer (&policy);
    return app->policy;
}

gboolean
app_identity (App *app, const Identity **identity, GError **error)
{
    if (!app->identity_known && !identity_from_config (app->config, &app->identity, error))
        return FALSE;
    app->identity_known = TRUE;
    *identity = app->identity;
    return TRUE;
}

const Policy *
app_use_profile (App *app, const char *profile, GError **error)
{
    if (app->policy && g_strcmp0 (profile, app->options->profile) == 0)
        return app->policy;
    g_clear_pointer (&app->policy, policy_free);
    g_free (app->options->profile);
    app->options->profile = g_strdup (profile);
    return app_policy (app, error);
}

char *
app_state_path (const App *app)
{
    if (app->options->state)
        return g_strdup (app->options->state);
    const char *configured = config_text (app->config, "nixie", "state");
    if (configured)
        return g_strdup (configured);
    return app_state_file ();
}

char *
app_state_file (void)
{
    const char *directory = g_getenv ("STATE_DIRECTORY"); /* systemd.exec(5): a list separated by colons */
    if (directory && *directory) {
        g_autofree char *first = g_strndup (directory, strcspn (directory, ":"));
        return g_build_filename (first, "state.db", NULL);
    }
    return g_build_filename (g_get_user_state_dir (), "nixie", "state.db", NULL);
}

void
app_check_limits (App *app, ExitStatus *status)
{
    g_autofree char *exceeded =
        app->options->fail_on && app->told ? threshold_exceeded (app->options->fail_on, app->told) : NULL;
    if (!exceeded)
        return;
    log_warning (app->log, "%s", exceeded);
    if (*status == EXIT_DONE || *status == EXIT_INCOMPLETE)
        *status = EXIT_THRESHOLD;
}

guint
app_top (const App *app, guint otherwise)
{
    if (app->options->top >= 0)
        return (guint) app->options->top;
    return (guint) config_number (app->config, "report", "top", (int) otherwise);
}
