/* SPDX-License-Identifier: MIT */
#include "app/upkeep.h"
#include "base/i18n.h"
#include "cmd/cmd.h"

static gboolean
run_merge (App *app, ExitStatus *status, GError **error)
{
    (void) status;
    if (!app->options->state) {
        g_set_error_literal (error, APP_ERROR, APP_ERROR_USAGE, "merge wants --state=OUT, the state to merge into");
        return FALSE;
    }
    return upkeep_merge (app, app->options->arguments, error);
}

static const char *const merge_options[] = { "state", "rules", "mx-file", NULL };

const Verb cmd_merge = {
    .name = "merge",
    .arguments = N_("STATE…"),
    .summary = N_("the union of several states"),
    .text = N_("Adds what the STATEs know to the state named by --state, which is made when it is not there. "
               "In any order, and however often: the outcome is the same. Where the STATEs were judged by other rules, "
               "all events are judged again by those of this program (and by --rules): what the messages said stays, "
               "what it means is of today."),
    .examples = "nixie merge --state=all.db mx1/state.db mx2/state.db",
    .options = merge_options,
    .words = CMD_MANY,
    .least = 1,
    .most = CMD_MANY,
    .run = run_merge,
};
