/* SPDX-License-Identifier: MIT */
/* The two halves of classify(), for the callers that need one of them: `rules test` fixes
 * provider and status itself. */
#ifndef NIXIE_CLASSIFY_VERDICT_H
#define NIXIE_CLASSIFY_VERDICT_H

#include "classify/provider_table.h"
#include "classify/rule_table.h"
#include "classify/tables.h"

/* Fills domain, provider, gateway. */
ProviderAnswer verdict_place (const Tables *tables, BounceEvent *event, Arena *arena);
/* Fills reason, type, fault, rule, status from what the event says, provider and gateway included. */
void verdict_decide (const Tables *tables, BounceEvent *event, Arena *arena);
/* What the rules see of an event. */
RuleSubject verdict_subject (const BounceEvent *event, Arena *arena);

#endif
