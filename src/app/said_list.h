/* SPDX-License-Identifier: MIT */
/* What people said on addresses (`nixie allow`, `forgive`, `import`), summed up per address as the policy wants it. */
#ifndef NIXIE_APP_SAID_LIST_H
#define NIXIE_APP_SAID_LIST_H

#include "policy/policy.h"
#include "store/store.h"

typedef struct SaidList SaidList;

/* All of it, or (`until` not DATE_NONE) what had been said by then. */
SaidList *said_list_load (Store *store, gint64 until, GError **error);
void said_list_free (SaidList *list);
/* By a normalised address; NULL when nobody said anything. */
const Said *said_list_find (const SaidList *list, const char *address);
/* In byte order of the addresses; NULL behind the last. `list` may be NULL. */
const Said *said_list_get (const SaidList *list, guint index, const char **address);

#endif
