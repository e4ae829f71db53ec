/* SPDX-License-Identifier: MIT */
#include "app/scan_state.h"
#include "base/i18n.h"
#include "cmd/cmd.h"

static void
tell_summary (App *app, const ScanSummary *summary)
{
    g_autoptr (GString) text = g_string_new (NULL);
    char digits[I18N_DIGITS];
    g_string_append_printf (text, P_("%s message read", "%s messages read", summary->messages),
                            i18n_digits (summary->messages, digits));
    /* Translators: between the parts of a list. */
    g_string_append (text, _(", "));
    if (summary->new_messages > 0 || summary->events > 0) {
        g_string_append_printf (text, P_("%s new", "%s new", summary->new_messages),
                                i18n_digits (summary->new_messages, digits));
        g_string_append (text, _(", "));
        g_string_append_printf (text, P_("%s event new", "%s events new", summary->events),
                                i18n_digits (summary->events, digits));
    } else {
        g_string_append (text, _("nothing new"));
    }
    if (summary->new_messages > 0 || summary->unparsed > 0) {
        g_string_append (text, _(", "));
        g_string_append_printf (text, P_("%s not understood", "%s not understood", summary->unparsed),
                                i18n_digits (summary->unparsed, digits));
    }
    log_note (app->log, "%s%s", text->str, app->options->dry_run ? _(" (nothing was written)") : "");
}

static gboolean
run_scan (App *app, ExitStatus *status, GError **error)
{
    ScanSummary summary;
    if (!scan_state (app, &summary, error))
        return FALSE;
    tell_summary (app, &summary);
    *status = summary.failures > 0 ? EXIT_INCOMPLETE : EXIT_DONE;
    return TRUE;
}

static const char *const scan_options[] = { "metrics", "state",   "partial", "files-from", "null", "rules",
                                            "mx-file", "jobs", "full",    "dry-run",    NULL };

const Verb cmd_scan = {
    .name = "scan",
    .arguments = N_("PATH…"),
    .summary = N_("read mail into the state; a message is never counted twice"),
    .text = N_("Reads the PATHs and adds what is new to the state. The mail itself is never touched. A "
               "message counts once, however often and in whatever container it is read. The summary goes to "
               "standard error: messages read, those of them that are new, their events, and the bounces "
               "that were not understood (nixie events --unparsed).\n"
               "With --partial the mail goes into a new state OUT, made under another name and put in its place "
               "at the end: many machines scan a share each, nixie merge joins them."),
    .examples = "nixie scan ~/Maildir/.bounces\n"
                "find /archive -name '*.mbox.gz' -print0 | nixie scan --files-from=- -0\n"
                "nixie scan --partial=part.7.db --files-from=shard.7\n"
                "nixie scan --dry-run --state=/var/lib/nixie/state.db new.mbox",
    .options = scan_options,
    .least = 1,
    .most = CMD_MANY,
    .run = run_scan,
};
