/* SPDX-License-Identifier: MIT */
/* Policy: the history of one address + the rules + now → decision, why, next date. Pure. Events of one address go in by
 * date; the answer comes out once. For now: hard → remove, complaint → remove, soft → watch, everything else → keep;
 * "the ledger decides" brings dates and schedules behind the same calls. */
#ifndef NIXIE_POLICY_POLICY_H
#define NIXIE_POLICY_POLICY_H

#include "base/arena.h"
#include "event/event.h"

typedef struct Policy Policy;
typedef struct PolicyRun PolicyRun;

Policy *policy_new_default (void);
void policy_free (Policy *policy);

/* A row of `suppress`: everything that the decision rests on. Strings live in the run until the next begin. */
typedef struct {
    const char *email, *domain, *provider;
    DecisionKind decision;
    Reason reason;
    EventType type;
    const char *status, *reply;
    guint failures;                /* counted failures behind the decision */
    gint64 first_seen, last_seen;  /* of those failures */
    gint64 next_try;               /* DATE_NONE = none */
    guint attempt;
    const char *rule;              /* id of the policy line that decided */
    const char *event_rule;        /* rule id of the deciding event */
    const char *diagnostic;        /* of the deciding event */
    guint events;                  /* all events of the address */
} Decision;

PolicyRun *policy_run_new (const Policy *policy, gint64 now);
void policy_run_free (PolicyRun *run);
void policy_run_begin (PolicyRun *run);                          /* a new address */
void policy_run_add (PolicyRun *run, const BounceEvent *event);  /* ascending dates; copied as far as needed */
const Decision *policy_run_decide (PolicyRun *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Policy, policy_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PolicyRun, policy_run_free)

#endif
