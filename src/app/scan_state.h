/* SPDX-License-Identifier: MIT */
/* `nixie scan`: the named mail into the state. */
#ifndef NIXIE_APP_SCAN_STATE_H
#define NIXIE_APP_SCAN_STATE_H

#include "app/app.h"

typedef struct {
    guint64 messages;     /* read */
    guint64 new_messages; /* not in the state before */
    guint64 events, unparsed; /* of the new ones */
    guint failures;
} ScanSummary;

/* Makes the state where there is none (mode 0600; the default place with its folders, mode 0700). With --dry-run the
 * state is only asked. With --partial the mail goes into a new state of that name, whatever lay there, without
 * cursors. APP_ERROR_CANNOT_CREATE, APP_ERROR_PERMISSION, and what scan_into() says. */
gboolean scan_state (App *app, ScanSummary *summary, GError **error);

#endif
