/* SPDX-License-Identifier: MIT */
/* Counting: days, runs, tries, verdicts. Looks at the dates of the failures alone, never at the clock. */
#include "policy/policy_private.h"

#include "base/date.h"

#define MAX_EPISODES 32

/* --- tallies -------------------------------------------------------------------------------------------------- */

static void
tally_reset (Tally *tally, const PolicyLine *line)
{
    GArray *counted = tally->counted;
    *tally = (Tally){.line = line, .first = DATE_NONE, .last = DATE_NONE, .attempt_date = DATE_NONE,
                     .since = DATE_NONE, .counted = counted};
    if (counted == NULL)
        tally->counted = g_array_new (FALSE, FALSE, sizeof (guint));
    else
        g_array_set_size (counted, 0);
}

static void
tally_copy (Tally *to, const Tally *from)
{
    GArray *counted = to->counted;
    g_array_set_size (counted, 0);
    g_array_append_vals (counted, from->counted->data, from->counted->len);
    *to = *from;
    to->counted = counted;
}

static void
tally_add (Tally *tally, const Lead *lead, gint64 first)
{
    if (tally->days++ == 0)
        tally->first = first;
    tally->last = lead->date;
    tally->lead = *lead;
    g_array_append_val (tally->counted, lead->index);
}

static const Schedule *
schedule_of (const Tally *tally, const Policy *policy)
{
    return tally->line->scheduled ? &policy->schedule : &tally->line->pause;
}

/* From try number `attempt` (1 = the first sending) to the next one. */
static gint64
step_after (const Schedule *schedule, guint attempt)
{
    return schedule->steps[MIN (attempt, schedule->n_steps) - 1];
}

gint64
tally_next_try (const Tally *tally, const Policy *policy)
{
    if (tally->attempt_date == DATE_NONE)
        return DATE_NONE;
    return tally->attempt_date + step_after (schedule_of (tally, policy), tally->attempts);
}

guint
tally_attempts (const Tally *tally, const Policy *policy)
{
    return tally->line->scheduled ? policy->attempts : 0;
}

DecisionKind
tally_after (const Tally *tally, const Policy *policy)
{
    return tally->line->after != DECISION_KEEP ? tally->line->after : policy->after;
}

/* --- runs ----------------------------------------------------------------------------------------------------- */

void
track_init (Track *track, const Policy *policy)
{
    *track = (Track){.policy = policy};
    track->tallies = g_array_new (FALSE, TRUE, sizeof (Tally));
    track->episodes = g_array_new (FALSE, FALSE, sizeof (gint64));
    tally_reset (&track->verdict, NULL);
    tally_reset (&track->complaint, NULL);
}

void
track_clear (Track *track)
{
    for (guint i = 0; i < track->tallies->len; i++)
        g_array_unref (g_array_index (track->tallies, Tally, i).counted);
    g_array_unref (track->tallies);
    g_array_unref (track->episodes);
    g_array_unref (track->verdict.counted);
    g_array_unref (track->complaint.counted);
}

static void
end_run (Track *track)
{
    track->n_tallies = 0;
    track->run_last = DATE_NONE;
    track->is_soft = FALSE;
}

static void
clear_verdict (Track *track)
{
    tally_reset (&track->verdict, NULL);
    track->verdict_kind = DECISION_KEEP;
}

void
track_begin (Track *track)
{
    end_run (track);
    clear_verdict (track);
    tally_reset (&track->complaint, NULL);
    track->has_day = FALSE;
    g_array_set_size (track->episodes, 0);
}

static Tally *
tally_for (Track *track, const PolicyLine *line)
{
    for (guint i = 0; i < track->n_tallies; i++) {
        Tally *tally = &g_array_index (track->tallies, Tally, i);
        if (tally->line == line)
            return tally;
    }
    if (track->n_tallies == track->tallies->len)
        g_array_set_size (track->tallies, track->tallies->len + 1);
    Tally *tally = &g_array_index (track->tallies, Tally, track->n_tallies++);
    tally_reset (tally, line);
    return tally;
}

static gboolean
is_over (const Track *track, gint64 date)
{
    /* An undated failure comes before all others, nobody knows by how much. */
    return track->run_last == DATE_NONE || date - track->run_last > (gint64) track->policy->reset * POLICY_DAY;
}

static void
note_episode (Track *track, const Lead *lead)
{
    if (track->is_soft || lead->type != TYPE_SOFT || lead->date == DATE_NONE)
        return;
    track->is_soft = TRUE;
    if (track->episodes->len == MAX_EPISODES)
        g_array_remove_index (track->episodes, 0);
    g_array_append_val (track->episodes, lead->date);
}

/* A failure between two tries of the schedule is no try: whoever writes daily would run through it in days. */
static void
count_attempt (Track *track, Tally *tally, gint64 date)
{
    gint64 next = tally_next_try (tally, track->policy);
    if (next != DATE_NONE && date < next - POLICY_EARLY)
        return;
    tally->attempts++;
    tally->attempt_date = date;
}

static void
reach (Track *track, Tally *tally, DecisionKind kind)
{
    if (!tally->reached)
        tally->since = tally->lead.date;
    tally->reached = TRUE;
    if (kind == DECISION_REVIEW || kind <= track->verdict_kind)
        return;
    tally_copy (&track->verdict, tally);
    track->verdict_kind = kind;
}

void
track_end_of_day (Track *track)
{
    if (!track->has_day)
        return;
    track->has_day = FALSE;
    const PolicyLine *line = track->day_line;
    const Lead *lead = &track->day_lead;
    if (is_over (track, track->day_first))
        end_run (track);
    Tally *tally = tally_for (track, line);
    note_episode (track, lead);
    track->run_last = lead->date;
    tally_add (tally, lead, track->day_first);
    if (line->pauses)
        count_attempt (track, tally, track->day_first);
    if (line->list != DECISION_KEEP && tally->days >= line->days &&
        date_day (tally->last) - date_day (tally->first) >= (gint64) line->span)
        reach (track, tally, line->list);
    if (line->scheduled && tally->attempts >= track->policy->attempts)
        reach (track, tally, tally_after (tally, track->policy));
}

void
track_failure (Track *track, const PolicyLine *line, const Lead *lead)
{
    if (track->has_day && date_day (track->day_lead.date) != date_day (lead->date))
        track_end_of_day (track);
    if (track->has_day && track->day_line->grade > line->grade)
        return;
    if (!track->has_day || track->day_line != line)
        track->day_first = lead->date;
    track->has_day = TRUE;
    track->day_line = line;
    track->day_lead = *lead;
}

void
track_complaint (Track *track, const PolicyLine *line, const Lead *lead)
{
    Tally *tally = &track->complaint;
    tally->line = line;
    if (tally->days > 0 && date_day (tally->last) == date_day (lead->date))
        return;
    tally_add (tally, lead, lead->date);
    if (line->list != DECISION_KEEP && tally->days >= line->days && !tally->reached) {
        tally->reached = TRUE;
        tally->since = lead->date;
    }
}

void
track_delivery (Track *track)
{
    track_end_of_day (track);
    end_run (track);
    clear_verdict (track);
}
