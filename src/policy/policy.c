/* SPDX-License-Identifier: MIT */
#include "policy/policy.h"

#include "base/date.h"

struct Policy {
    gboolean unused; /* the lines of a profile come here */
};

struct PolicyRun {
    const Policy *policy;
    gint64 now;
    Arena *arena;       /* of this address */
    BounceEvent leader; /* the event that decides so far: highest rank, then latest */
    guint rank;
    guint events, failures;
    gint64 first_seen, last_seen;
    Decision decision;
};

Policy *
policy_new_default (void)
{
    return g_new0 (Policy, 1);
}

void
policy_free (Policy *policy)
{
    g_free (policy);
}

PolicyRun *
policy_run_new (const Policy *policy, gint64 now)
{
    PolicyRun *run = g_new0 (PolicyRun, 1);
    run->policy = policy;
    run->now = now;
    run->arena = arena_new ();
    policy_run_begin (run);
    return run;
}

void
policy_run_free (PolicyRun *run)
{
    if (run == NULL)
        return;
    arena_free (run->arena);
    g_free (run);
}

void
policy_run_begin (PolicyRun *run)
{
    arena_clear (run->arena);
    event_init (&run->leader);
    run->rank = run->events = run->failures = 0;
    run->first_seen = run->last_seen = DATE_NONE;
}

/* A block says nothing about the address; a delay, an answer or a delivery is no failure. */
static guint
rank_of (const BounceEvent *event)
{
    switch (event->type) {
    case TYPE_HARD:
    case TYPE_COMPLAINT:
        return 3;
    case TYPE_SOFT:
        return 2;
    default:
        return 1;
    }
}

void
policy_run_add (PolicyRun *run, const BounceEvent *event)
{
    guint rank = rank_of (event);
    run->events++;
    if (rank > run->rank) {
        run->rank = rank;
        run->failures = 0;
        run->first_seen = event->date;
    }
    if (rank < run->rank)
        return;
    run->failures++;
    run->last_seen = event->date;
    event_copy (&run->leader, event, run->arena);
}

const Decision *
policy_run_decide (PolicyRun *run)
{
    static const struct {
        DecisionKind decision;
        const char *rule;
    } by_rank[] = {
        {DECISION_KEEP, "no-failure"},
        {DECISION_KEEP, "no-failure"},
        {DECISION_WATCH, "soft"},
        {DECISION_REMOVE, "hard"},
    };
    const BounceEvent *event = &run->leader;
    Decision *decision = &run->decision;
    gboolean complaint = event->type == TYPE_COMPLAINT;

    *decision = (Decision){
        .email = event->recipient,
        .domain = event->domain,
        .provider = event->provider,
        .decision = by_rank[run->rank].decision,
        .reason = event->reason,
        .type = event->type,
        .status = event->status,
        .reply = event->reply,
        .failures = run->rank >= 2 ? run->failures : 0,
        .first_seen = run->first_seen,
        .last_seen = run->last_seen,
        .next_try = DATE_NONE,
        .rule = complaint ? "complaint" : by_rank[run->rank].rule,
        .event_rule = event->rule,
        .diagnostic = event->diagnostic,
        .events = run->events,
    };
    return decision;
}
