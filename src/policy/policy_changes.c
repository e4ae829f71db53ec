/* SPDX-License-Identifier: MIT */
/* What would make the decision another one. Said as data: words, dates and languages are the business of others. */
#include "policy/policy_private.h"

#include "base/date.h"

static void
add (Decision *decision, ChangeKind kind, DecisionKind to, guint count, gint64 date)
{
    g_assert (decision->n_changes < POLICY_MAX_CHANGES);
    decision->changes[decision->n_changes++] = (Change){kind, to, count, date};
}

static void
add_schedule (const Policy *policy, const Tally *tally, Decision *decision)
{
    DecisionKind after = tally_after (tally, policy);
    guint next = decision->attempt + 1;
    if (decision->next_try == DATE_NONE)
        return;
    add (decision, CHANGE_TRY, next >= policy->attempts ? after : DECISION_PAUSE, next, decision->next_try);
    if (next < policy->attempts)
        add (decision, CHANGE_DUE, after, policy->attempts, decision->due);
}

/* "3/14d" with two failures on day 0 and 4: one more, on day 14 or later. */
static void
add_count (const Tally *tally, Decision *decision)
{
    const PolicyLine *line = tally->line;
    if (line->list == DECISION_KEEP || tally->reached)
        return;
    guint missing = tally->days < line->days ? line->days - tally->days : 1;
    gint64 date = tally->first == DATE_NONE ? DATE_NONE : (date_day (tally->first) + line->span) * POLICY_DAY;
    add (decision, CHANGE_FAILURES, line->list, missing, date);
}

void
policy_changes (const Policy *policy, const Tally *tally, DecisionKind if_trusted, Decision *decision)
{
    if (tally == NULL)
        return; /* keep */
    if (decision->untrusted && if_trusted > decision->decision)
        add (decision, CHANGE_TRUST, if_trusted, 0, DATE_NONE);
    if (decision->decision == DECISION_REMOVE || decision->decision == DECISION_INACTIVE) {
        if (tally->lead.type != TYPE_COMPLAINT)
            add (decision, CHANGE_DELIVERY, DECISION_KEEP, 0, DATE_NONE);
        add (decision, CHANGE_FORGIVE, DECISION_KEEP, 0, DATE_NONE);
        return;
    }
    if (tally->line->scheduled)
        add_schedule (policy, tally, decision);
    add_count (tally, decision);
    add (decision, CHANGE_DELIVERY, DECISION_KEEP, 0, DATE_NONE);
    if (decision->last_seen != DATE_NONE)
        add (decision, CHANGE_SILENCE, DECISION_KEEP, 0,
             decision->last_seen + (gint64) policy->reset * POLICY_DAY + 1);
}
