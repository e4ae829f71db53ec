/* SPDX-License-Identifier: MIT */
/* Events as they are read, without a ledger: flat memory however much mail there is. */
#ifndef NIXIE_APP_STREAM_H
#define NIXIE_APP_STREAM_H

#include "app/app.h"
#include "event/event.h"

/* FALSE ends the reading; without an error it is the caller's own wish. */
typedef gboolean (*StreamEvent) (const BounceEvent *event, gpointer user, GError **error);

/* The events of the mail that the command line names, in its order, not de-duplicated; `unparsed`: the evidence of
 * what was not understood instead. *failures: inputs that could not be read in full. */
gboolean stream_events (App *app, gboolean unparsed, StreamEvent each, gpointer user, guint *failures,
                        GError **error);

#endif
