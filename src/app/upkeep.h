/* SPDX-License-Identifier: MIT */
/* `nixie state …` and `nixie merge`: looking after the ledger. */
#ifndef NIXIE_APP_UPKEEP_H
#define NIXIE_APP_UPKEEP_H

#include "app/app.h"
#include "base/writer.h"

gboolean upkeep_info (App *app, Writer *writer, GError **error);
gboolean upkeep_export (App *app, Writer *writer, GError **error);
/* Faults are told in the log; APP_ERROR_DATA when there are any. */
gboolean upkeep_verify (App *app, GError **error);
/* Events before --until go, but for those of addresses that are listed for removal. */
gboolean upkeep_expire (App *app, GError **error);
/* Every address of `addresses`, NULL-terminated. */
gboolean upkeep_forget (App *app, char *const *addresses, GError **error);
/* The ledgers at `paths` into the one of --state. */
gboolean upkeep_merge (App *app, char *const *paths, GError **error);

#endif
