/* SPDX-License-Identifier: MIT */
/* `nixie allow`, `nixie forgive`, `nixie import`: what people know better than the bounces. */
#include "app/say.h"
#include "base/i18n.h"
#include "cmd/cmd.h"

static gboolean
say (App *app, MarkKind kind, ExitStatus *status, GError **error)
{
    guint unknown;
    if (!say_words (app, kind, app->options->undo, &unknown, error))
        return FALSE;
    *status = unknown > 0 ? EXIT_INCOMPLETE : EXIT_DONE;
    return TRUE;
}

static gboolean
run_allow (App *app, ExitStatus *status, GError **error)
{
    return say (app, MARK_ALLOW, status, error);
}

static gboolean
run_forgive (App *app, ExitStatus *status, GError **error)
{
    return say (app, MARK_FORGIVE, status, error);
}

static void
tell_import (App *app, guint64 taken, guint64 skipped)
{
    g_autoptr (GString) text = g_string_new (NULL);
    char digits[I18N_DIGITS];
    g_string_append_printf (text, P_("%s address taken", "%s addresses taken", taken), i18n_digits (taken, digits));
    g_string_append (text, _(", "));
    g_string_append_printf (text, P_("%s line without one", "%s lines without one", skipped),
                            i18n_digits (skipped, digits));
    log_note (app->log, "%s", text->str);
}

static gboolean
run_import (App *app, ExitStatus *status, GError **error)
{
    guint64 taken, skipped;
    if (app->options->undo)
        return say (app, MARK_IMPORT, status, error);
    if (!say_import (app, app->options->arguments[0], &taken, &skipped, error))
        return FALSE;
    if (taken == 0) {
        g_set_error (error, APP_ERROR, APP_ERROR_DATA, "'%s' has no address", app->options->arguments[0]);
        return FALSE;
    }
    tell_import (app, taken, skipped);
    return TRUE;
}

static const char *const say_options[] = { "state", "undo", NULL };

const Verb cmd_allow = {
    .name = "allow",
    .arguments = N_("ADDRESS…"),
    .summary = N_("never list an address, whatever comes back"),
    .text = N_("Records, with its date, that the addresses are never listed. --undo takes it back: then "
               "their bounces count again, those of the meantime as well."),
    .examples = "nixie allow boss@example.com\n"
                "nixie allow --undo boss@example.com",
    .options = say_options,
    .words = CMD_MANY,
    .least = 1,
    .most = CMD_MANY,
    .run = run_allow,
};

const Verb cmd_forgive = {
    .name = "forgive",
    .arguments = N_("ADDRESS…"),
    .summary = N_("forget an address's past from today on"),
    .text = N_("Records, with its date, that what happened to the addresses until now does not count; what "
               "comes back from then on does. Nothing is deleted: --undo takes it back."),
    .examples = "nixie forgive jo@example.com\n"
                "nixie forgive --undo jo@example.com",
    .options = say_options,
    .words = CMD_MANY,
    .least = 1,
    .most = CMD_MANY,
    .run = run_forgive,
};

const Verb cmd_import = {
    .name = "import",
    .arguments = N_("FILE"),
    .summary = N_("take an existing suppression list as a fact"),
    .text = N_("Every address of FILE (one a line, or CSV with any columns) is listed for removal from the "
               "date on that stands in its row, else from now. Forgiving or allowing an address ends it; "
               "'nixie import --undo ADDRESS…' takes it back."),
    .examples = "nixie import old-suppressions.csv\n"
                "nixie import --undo jo@example.com",
    .options = say_options,
    .words = CMD_MANY,
    .least = 1,
    .most = CMD_MANY,
    .run = run_import,
};
