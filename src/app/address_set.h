/* SPDX-License-Identifier: MIT */
/* A set of addresses in 8 bytes each: digests of their normal forms, cut. Two different addresses that are the same
 * to it do not occur among fewer than some hundred million. */
#ifndef NIXIE_APP_ADDRESS_SET_H
#define NIXIE_APP_ADDRESS_SET_H

#include "app/ledger.h"

typedef struct AddressSet AddressSet;

AddressSet *address_set_new (void);
void address_set_free (AddressSet *set);
void address_set_add (AddressSet *set, const char *address);
/* Sorts at the first question after an add. */
gboolean address_set_has (AddressSet *set, const char *address);
/* The sorted numbers, of guint64; borrowed. */
const GArray *address_set_numbers (AddressSet *set);
/* Everybody whose decision is one of `decisions` (bits 1 << DecisionKind). NULL with an error. */
AddressSet *address_set_of (Ledger *ledger, guint decisions, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AddressSet, address_set_free)

#endif
