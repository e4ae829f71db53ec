/* SPDX-License-Identifier: MIT */
/* What the state teaches the tables, and the tables the state. A domain that was once seen behind a provider's MX
 * host is remembered, so that a later bounce which names no host is still counted for that provider (--mx-file tells
 * the same from outside; no DNS query is ever made). And when rules, tables or identity are others than those that
 * judged the stored events, the events are judged again: the same events, today's verdict. */
#ifndef NIXIE_APP_LEARN_H
#define NIXIE_APP_LEARN_H

#include "app/app.h"
#include "store/store.h"

/* What a state has learned, for those who read from it. It is used when an event is read and never when one is stored:
 * what is stored must not depend on how the mail came in nights, nor on a scan that was killed half way. */
typedef struct Learned Learned;
/* NULL without an error: nothing was learned. */
Learned *learn_domains (App *app, Store *state, GError **error);
void learned_free (Learned *learned);
/* Name the provider of an event whose own words do not tell it, when the domain's is known. What it gets lives until
 * the next call. `learned` may be NULL. */
void learned_apply (Learned *learned, BounceEvent *event);
/* learned_apply() would do something, given all words of the event. */
gboolean learned_concerns (const Learned *learned, const BounceEvent *event);
/* Inside a transaction: the state learns from an event. */
gboolean learn_event (App *app, Store *state, const BounceEvent *event, GError **error);
/* Judge the stored events again if they were judged by something else. */
gboolean learn_rules (App *app, Store *state, GError **error);
/* Before another ledger is merged into the state: when the two were not judged alike, the state is no more what its
 * remark says, also if we do not come to its end; learn_rules() then makes it one again. */
gboolean learn_mixture (Store *state, Store *other, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Learned, learned_free)

#endif
