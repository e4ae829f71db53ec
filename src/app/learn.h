/* SPDX-License-Identifier: MIT */
/* What the state teaches the tables, and the tables the state. A domain that was once seen behind a provider's MX host is
 * remembered, so that a later bounce which names no host is still counted for that provider (--mx-file tells the same
 * from outside; no DNS query is ever made). And when rules, tables or identity are others than those that judged the
 * stored events, the events are judged again: the same events, today's verdict. */
#ifndef NIXIE_APP_LEARN_H
#define NIXIE_APP_LEARN_H

#include "app/app.h"
#include "store/store.h"

/* Before anything is read: the tables learn the domains of the state. `state` NULL = none. */
gboolean learn_domains (App *app, Store *state, GError **error);
/* Inside a transaction: the state learns from an event. */
gboolean learn_event (App *app, Store *state, const BounceEvent *event, GError **error);
/* Judge the stored events again if they were judged by something else. */
gboolean learn_rules (App *app, Store *state, GError **error);

#endif
