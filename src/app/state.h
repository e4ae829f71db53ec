/* SPDX-License-Identifier: MIT */
/* The ledger that --state or the configuration names: a file, or a server that other hosts share. */
#ifndef NIXIE_APP_STATE_H
#define NIXIE_APP_STATE_H

#include "app/app.h"
#include "store/store.h"

/* As store_open(), for the host that this is. */
Store *state_open (const App *app, const char *path, StoreMode mode, GError **error);
/* The file whose lock keeps a second `nixie run` away: beside a file, or for a server where this host's file would be.
 * Yours. */
char *state_lock_name (const char *path);

#endif
