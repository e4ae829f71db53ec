/* SPDX-License-Identifier: MIT */
/* People's words on addresses into the state: `nixie allow`, `forgive`, `import`. */
#ifndef NIXIE_APP_SAY_H
#define NIXIE_APP_SAY_H

#include "app/app.h"
#include "store/store.h"

/* Opens the state for writing (and makes it). */
Store *say_open (App *app, GError **error);
/* One record each for the addresses on the command line; a word that is no address is APP_ERROR_USAGE and nothing is
 * written. *unknown: how many had nothing to take back. */
gboolean say_words (App *app, MarkKind kind, gboolean undo, guint *unknown, GError **error);
/* Every address of the file: plain lines, or CSV with a column of addresses and, where there is one, of dates.
 * *skipped: rows without an address. */
gboolean say_import (App *app, const char *file, guint64 *taken, guint64 *skipped, GError **error);

#endif
