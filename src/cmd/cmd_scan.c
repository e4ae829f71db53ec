/* SPDX-License-Identifier: MIT */
#include "app/scan_state.h"
#include "cmd/cmd.h"

static gboolean
run_scan (App *app, ExitStatus *status, GError **error)
{
    ScanSummary summary;
    if (!scan_state (app, &summary, error))
        return FALSE;
    log_note (app->log,
              "%" G_GUINT64_FORMAT " messages read, %" G_GUINT64_FORMAT " new, %" G_GUINT64_FORMAT
              " events new, %" G_GUINT64_FORMAT " not understood%s",
              summary.messages, summary.new_messages, summary.events, summary.unparsed,
              app->options->dry_run ? " (nothing was written)" : "");
    *status = summary.failures > 0 ? EXIT_INCOMPLETE : EXIT_DONE;
    return TRUE;
}

static const char *const scan_options[] = { "state", "partial", "files-from", "null", "rules", "mx-file", "jobs", "full", "dry-run",
                                            NULL };

const Verb cmd_scan = {
    .name = "scan",
    .arguments = "PATH…",
    .summary = "read mail into the state; a message is never counted twice",
    .text = "Reads the PATHs and adds what is new to the state. The mail itself is never touched.\n"
            "A message counts once, however often and in whatever container it is read. The\n"
            "summary goes to standard error: messages read, those of them that are new, their\n"
            "events, and the bounces that were not understood (nixie events --unparsed).\n"
            "With --partial the mail goes into a new state OUT, made under another name and put\n"
            "in its place at the end: many machines scan a share each, nixie merge joins them.",
    .examples = "nixie scan ~/Maildir/.bounces\n"
                "find /archive -name '*.mbox.gz' -print0 | nixie scan --files-from=- -0\n"
                "nixie scan --partial=part.7.db --files-from=shard.7\n"
                "nixie scan --dry-run --state=/var/lib/nixie/state.db new.mbox",
    .options = scan_options,
    .least = 1,
    .most = CMD_MANY,
    .run = run_scan,
};
