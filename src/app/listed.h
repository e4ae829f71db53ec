/* SPDX-License-Identifier: MIT */
/* The decisions of a ledger by address, for looking up many addresses one by one. */
#ifndef NIXIE_APP_LISTED_H
#define NIXIE_APP_LISTED_H

#include "app/ledger.h"

typedef struct {
    DecisionKind decision;
    Reason reason;
    guint failures;
    gint64 last_seen;
    const char *status; /* or the reply where there is none */
} ListedEntry;

typedef struct Listed Listed;

/* Of all addresses whose decision is one of `decisions` (bits 1 << DecisionKind). */
Listed *listed_new (Ledger *ledger, guint decisions, gboolean case_sensitive, GError **error);
void listed_free (Listed *listed);
/* NULL when the address is not among them. `address`: a clean one (address_clean()). */
const ListedEntry *listed_find (const Listed *listed, const char *address, Arena *scratch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Listed, listed_free)

#endif
