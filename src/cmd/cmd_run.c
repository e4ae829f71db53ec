/* SPDX-License-Identifier: MIT */
#include "app/nightly.h"
#include "base/i18n.h"
#include "cmd/cmd.h"

static const char *const run_options[] = { "metrics", "fail-on",   "state",   "rules",   "mx-file", "jobs",
                                           "full",    "lock-wait", "confirm", "summary", NULL };

const Verb cmd_run = {
    .name = "run",
    .arguments = "",
    .summary = N_("the nightly job: scan, then every output of the configuration"),
    .text = N_("Scans every [source NAME] of the configuration into the state and writes every [output "
               "NAME]: a list, or a report (report = html, text, md, json or csv). Says nothing when all is "
               "well. A list that changes too much at once is held back: the old file stays, exit status 3, "
               "until --confirm. A second run at the same time ends with exit status 75."),
    .examples = "nixie run -c /etc/nixie/nixie.conf\n"
                "nixie run -c nixie.conf --lock-wait=600 --summary=/var/lib/nixie/last-run.json\n"
                "nixie run -c nixie.conf --confirm",
    .options = run_options,
    .words = CMD_MANY,
    .least = 0,
    .most = 0,
    .run = nightly_run,
};
