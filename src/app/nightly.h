/* SPDX-License-Identifier: MIT */
/* `nixie run`: everything of a night in one go, as the configuration says: lock, scan the
 * sources, write the outputs. */
#ifndef NIXIE_APP_NIGHTLY_H
#define NIXIE_APP_NIGHTLY_H

#include "app/app.h"
#include "app/app_error.h"

/* Takes --state, --lock-wait, --confirm and --summary from the options. *status: EXIT_INCOMPLETE when some mail could
 * not be read, EXIT_HELD_BACK when a guard held a list back. Of outputs that cannot be written the others are none the
 * worse; the first of their errors comes back. APP_ERROR_CONFIG, APP_ERROR_LOCKED, and what scan and outputs say. */
gboolean nightly_run (App *app, ExitStatus *status, GError **error);

#endif
