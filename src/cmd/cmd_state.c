/* SPDX-License-Identifier: MIT */
#include "app/output.h"
#include "app/upkeep.h"
#include "base/i18n.h"
#include "cmd/cmd.h"

static gboolean
run_writing (App *app, gboolean (*write) (App *, Writer *, GError **), GError **error)
{
    g_autoptr (Output) output = output_open (app->options->output, error);
    return output && write (app, output_writer (output), error) && output_close (output, error);
}

static gboolean
run_state (App *app, ExitStatus *status, GError **error)
{
    char **words = app->options->arguments;
    guint rest = g_strv_length (words) - 1;
    (void) status;
    if (g_str_equal (words[0], "forget")) {
        if (rest > 0)
            return upkeep_forget (app, words + 1, error);
        g_set_error_literal (error, APP_ERROR, APP_ERROR_USAGE, "state forget wants ADDRESS…");
        return FALSE;
    }
    if (rest > 0) {
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "state %s does not want '%s'", words[0], words[1]);
        return FALSE;
    }
    if (g_str_equal (words[0], "info"))
        return run_writing (app, upkeep_info, error);
    if (g_str_equal (words[0], "export"))
        return run_writing (app, upkeep_export, error);
    if (g_str_equal (words[0], "verify"))
        return upkeep_verify (app, error);
    if (g_str_equal (words[0], "expire"))
        return upkeep_expire (app, error);
    g_set_error (error, APP_ERROR, APP_ERROR_USAGE,
                 "state: '%s' is none of info, verify, expire, forget, export", words[0]);
    return FALSE;
}

static const char *const state_options[] = { "state", "output", "until", "profile", NULL };

const Verb cmd_state = {
    .name = "state",
    .arguments = "info|verify|expire|forget|export",
    .summary = N_("look after the state"),
    .text = N_("info: what is in it.\n"
               "verify: is it sound; exit status 65 when it is not.\n"
               "expire --until=TIME: takes the events before then away; those of addresses that are to be "
               "removed stay, and no message comes back by another scan.\n"
               "forget ADDRESS…: every trace of an address goes; only a digest stays, so that what was "
               "before does not come back by another scan.\n"
               "export: all that is known, one JSON object a line, sorted: equal states give equal bytes."),
    .examples = "nixie state info\n"
                "nixie state expire --until=3y\n"
                "nixie state forget jo@example.com\n"
                "nixie state export | gzip >state.ndjson.gz",
    .options = state_options,
    .words = CMD_MANY,
    .least = 1,
    .most = CMD_MANY,
    .run = run_state,
};
