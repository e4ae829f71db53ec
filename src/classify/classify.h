/* SPDX-License-Identifier: MIT */
/* event + tables → provider, gateway, reason, type, fault, rule, and the status where the text decides it. Pure: the
 * same event and tables give the same answer, tonight and in ten years. Order: the format's own word (`decided`), the
 * first rule that fits the diagnostic, the enhanced status, the reply, nothing (`unknown`). A hard reason under a 4.x
 * status is soft; Action delayed is `delayed`, delivered/relayed/expanded are `delivered`;
 * a block never becomes hard. */
#ifndef NIXIE_CLASSIFY_CLASSIFY_H
#define NIXIE_CLASSIFY_CLASSIFY_H

#include "classify/tables.h"
#include "event/event.h"

/* Fills domain, provider, gateway, reason, type, fault, rule and, where the extractor found none, status
 * (STATUS_FROM_RULE). New strings go to `arena`. Calling it again on a stored event gives today's verdict. */
void classify (const Tables *tables, BounceEvent *event, Arena *arena);

#endif
