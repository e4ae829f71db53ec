/* SPDX-License-Identifier: MIT */
/* One run of the program: options, configuration, clock, tables and log, made in that order and handed down. */
#ifndef NIXIE_APP_APP_H
#define NIXIE_APP_APP_H

#include "app/app_error.h"
#include "app/config.h"
#include "app/log.h"
#include "app/options.h"
#include "base/clock.h"
#include "report/report_model.h"
#include "policy/identity.h"
#include "policy/policy.h"
#include "worker/knowledge.h"

typedef struct {
    Options *options;
    Log *log;       /* borrowed */
    Config *config;
    Clock clock;
    gint64 since, until; /* DATE_NONE = open */
    gboolean count_messages; /* of each provider, for the next report */
    gboolean few_samples;    /* as ReportContext has it, for the next report */
    ReportModel *told;  /* what was reported, for --metrics; NULL = nothing yet */
    Knowledge *knowledge; /* NULL until app_knowledge() */
    Policy *policy; /* NULL until app_policy() */
    Identity *identity; /* NULL until app_identity(), and when none is configured */
    gboolean identity_known;
} App;

/* TRUE when the command line names mail: then only that is read, without state and without configuration (unless -c). */
gboolean app_has_paths (const App *app);

/* From now on as if none was named. */
void app_forget_paths (App *app);

/* `options` becomes the app's, at any rate. `with_config` FALSE: no file is looked at. NULL with APP_ERROR_USAGE or _CONFIG. */
App *app_new (Options *options, Log *log, gboolean with_config, GError **error);
void app_free (App *app);

/* The rule and code tables, loaded at the first call; NULL with an error. */
const Tables *app_tables (App *app, GError **error);
/* Those and the format stanzas. */
const Knowledge *app_knowledge (App *app, GError **error);
/* The policy: --profile, else the configuration's, else the built-in default; then the configuration's lines. */
const Policy *app_policy (App *app, GError **error);
/* What mail is ours; *identity NULL when the configuration does not say. Borrowed. */
gboolean app_identity (App *app, const Identity **identity, GError **error);
/* The same with another profile from now on; NULL = the one that it would be. */
const Policy *app_use_profile (App *app, const char *profile, GError **error);
/* The ledger's path: --state, else the configuration, else $STATE_DIRECTORY/state.db, else
 * $XDG_STATE_HOME/nixie/state.db. Yours. */
char *app_state_path (const App *app);
/* The last two of them. Yours. */
char *app_state_file (void);
/* --fail-on: a figure of what was told that is higher than allowed is a warning, and EXIT_THRESHOLD where all was well. */
void app_check_limits (App *app, ExitStatus *status);
/* Rows of a table: --top, else the configuration, else `otherwise`. */
guint app_top (const App *app, guint otherwise);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (App, app_free)

#endif
