/* SPDX-License-Identifier: MIT */
/* One address: events in, a decision out. Two tracks are counted: one of what may act, one of everything. Where they
 * differ, a person has to look. */
#include "policy/policy_private.h"

#include "base/date.h"
#include "base/text.h"
#include <string.h>

#define ARENA_FULL (256 * 1024) /* an address with a million events keeps no more than this of their texts */

enum { TRUSTED, ALL, N_TRACKS };

struct PolicyRun {
    Policy *policy;
    gint64 now;
    Arena *arena, *spare; /* of this address; they change places when one is full */
    Track tracks[N_TRACKS];
    Lead last;            /* the latest event of all */
    const PolicyLine *last_line;
    guint events;
    gint64 first_seen;
    gboolean counted;     /* a failure was counted at some time */
    Said said;
    GPtrArray *lines;     /* by BounceEvent.kind: NULL = not looked for yet, `run` = none fits */
    Decision decision;
};

PolicyRun *
policy_run_new (const Policy *policy, gint64 now)
{
    PolicyRun *run = g_new0 (PolicyRun, 1);
    run->policy = policy_ref (policy);
    run->now = now;
    run->arena = arena_new ();
    run->spare = arena_new ();
    run->lines = g_ptr_array_new ();
    for (guint i = 0; i < N_TRACKS; i++)
        track_init (&run->tracks[i], run->policy);
    policy_run_begin (run);
    return run;
}

void
policy_run_free (PolicyRun *run)
{
    if (run == NULL)
        return;
    for (guint i = 0; i < N_TRACKS; i++)
        track_clear (&run->tracks[i]);
    arena_free (run->arena);
    arena_free (run->spare);
    g_ptr_array_unref (run->lines);
    policy_free (run->policy);
    g_free (run);
}

void
policy_run_begin (PolicyRun *run)
{
    arena_clear (run->arena);
    for (guint i = 0; i < N_TRACKS; i++)
        track_begin (&run->tracks[i]);
    run->last = (Lead){"", "", "", "", "", "", "", REASON_UNKNOWN, TYPE_UNKNOWN, DATE_NONE, 0, 0, 0};
    run->last_line = NULL;
    run->events = 0;
    run->first_seen = DATE_NONE;
    run->counted = FALSE;
    run->said = (Said){"", DATE_NONE, DATE_NONE, DATE_NONE};
}

void
policy_run_said (PolicyRun *run, const Said *said)
{
    run->said = *said;
    run->said.email = arena_strdup (run->arena, said->email);
}

/* --- texts ---------------------------------------------------------------------------------------------------- */

static void
keep_lead (Lead *lead, Arena *arena)
{
    const char **texts[] = {&lead->email, &lead->domain, &lead->provider, &lead->status,
                            &lead->reply, &lead->event_rule, &lead->diagnostic};
    guint n = lead->kind != 0 ? 2 : G_N_ELEMENTS (texts); /* the first two are its own in any case */
    for (guint i = 0; i < n; i++)
        if (**texts[i] != '\0')
            *texts[i] = arena_strdup (arena, *texts[i]);
        else
            *texts[i] = "";
}

static void
keep_track (Track *track, Arena *arena)
{
    for (guint i = 0; i < track->n_tallies; i++)
        keep_lead (&g_array_index (track->tallies, Tally, i).lead, arena);
    if (track->verdict.line != NULL)
        keep_lead (&track->verdict.lead, arena);
    if (track->complaint.line != NULL)
        keep_lead (&track->complaint.lead, arena);
    if (track->has_day)
        keep_lead (&track->day_lead, arena);
}

static void
make_room (PolicyRun *run)
{
    if (arena_used (run->arena) < ARENA_FULL)
        return;
    for (guint i = 0; i < N_TRACKS; i++)
        keep_track (&run->tracks[i], run->spare);
    keep_lead (&run->last, run->spare);
    run->said.email = arena_strdup (run->spare, run->said.email);
    Arena *full = run->arena;
    run->arena = run->spare;
    run->spare = full;
    arena_clear (full);
}

/* --- events in ------------------------------------------------------------------------------------------------ */

static const PolicyLine *
line_of (PolicyRun *run, const BounceEvent *event)
{
    if (event->kind == 0)
        return policy_find (run->policy, event);
    if (event->kind >= run->lines->len)
        g_ptr_array_set_size (run->lines, (gint) event->kind + 1);
    gpointer known = run->lines->pdata[event->kind];
    if (known != NULL)
        return known == run ? NULL : known;
    const PolicyLine *line = policy_find (run->policy, event);
    run->lines->pdata[event->kind] = line != NULL ? (gpointer) line : run;
    return line;
}

/* The latest event; texts that it shares with the one before are kept once. */
static void
note_last (PolicyRun *run, const BounceEvent *event)
{
    gboolean same = run->events > 0 && event->kind != 0 && strcmp (run->last.email, event->recipient) == 0 &&
                    strcmp (run->last.domain, event->domain) == 0;
    const char *email = run->last.email, *domain = run->last.domain;
    run->last = (Lead){event->recipient, event->domain, event->provider, event->status,
                       event->reply, event->rule, event->diagnostic, event->reason,
                       event->type, event->date, run->events++, event->row, event->kind};
    if (!same) {
        keep_lead (&run->last, run->arena);
        return;
    }
    run->last.email = email;
    run->last.domain = domain;
}

static gboolean
is_trusted (const PolicyRun *run, const BounceEvent *event)
{
    if (event->trust == TRUST_CONTRADICTED)
        return FALSE;
    return !run->policy->require_trust || event->trust == TRUST_CORRELATED || event->trust == TRUST_PLAUSIBLE;
}

/* Relayed means handed on into the dark, expanded means handed to others: neither is a delivery. */
static gboolean
is_delivery (const BounceEvent *event)
{
    return event->type == TYPE_DELIVERED && !text_equal (event->action, "relayed") &&
           !text_equal (event->action, "expanded");
}

static void
add_to_track (PolicyRun *run, Track *track, const PolicyLine *line, const BounceEvent *event)
{
    if (is_delivery (event)) {
        track_delivery (track);
    } else if (line == NULL || !line->counts) {
        return;
    } else if (event->type == TYPE_COMPLAINT) {
        track_complaint (track, line, &run->last);
    } else {
        run->counted = TRUE;
        track_failure (track, line, &run->last);
    }
}

void
policy_run_add (PolicyRun *run, const BounceEvent *event)
{
    make_room (run);
    if (run->events == 0 || run->first_seen == DATE_NONE)
        run->first_seen = event->date;
    note_last (run, event);
    run->last_line = line_of (run, event);
    if (run->said.forgiven != DATE_NONE && event->date <= run->said.forgiven)
        return;
    add_to_track (run, &run->tracks[ALL], run->last_line, event);
    if (is_trusted (run, event))
        add_to_track (run, &run->tracks[TRUSTED], run->last_line, event);
}

/* --- a decision out ------------------------------------------------------------------------------------------- */

typedef struct {
    DecisionKind kind;
    const Tally *tally; /* NULL: nothing that was counted stands */
    gboolean final;     /* remove, inactive: stands until something is known to have arrived */
} Outcome;

/* Silence is measured by the clock. A clock that went back measures none. */
static gboolean
is_silent (const PolicyRun *run, const Track *track)
{
    return track->run_last != DATE_NONE && run->now > track->run_last &&
           run->now - track->run_last > (gint64) run->policy->reset * POLICY_DAY;
}

/* A date ahead of the clock has not happened yet: a pause counts from now, and from nowhere when the date is absurd.
 * Of a clock that was never set, it is the clock that is absurd: what was paused stays paused. */
static gint64
next_try_of (const PolicyRun *run, const Tally *tally)
{
    gint64 next = tally_next_try (tally, run->policy);
    if (next == DATE_NONE || tally->attempt_date <= run->now + POLICY_FUTURE || run->now < POLICY_NO_CLOCK)
        return next;
    if (tally->attempt_date - run->now > POLICY_NO_DATE)
        return DATE_NONE;
    return run->now + (next - tally->attempt_date);
}

static DecisionKind
kind_of_tally (const PolicyRun *run, const Tally *tally)
{
    gint64 next = next_try_of (run, tally);
    if (next != DATE_NONE && run->now < next)
        return DECISION_PAUSE;
    return tally->reached ? DECISION_REVIEW : DECISION_WATCH;
}

/* The verdict's line may have counted on since. */
static const Tally *
latest_of (const Track *track, const Tally *verdict)
{
    for (guint i = 0; i < track->n_tallies; i++) {
        const Tally *tally = &g_array_index (track->tallies, Tally, i);
        if (tally->line == verdict->line && tally->reached)
            return tally;
    }
    return verdict;
}

static Outcome
outcome_of (const PolicyRun *run, Track *track)
{
    Outcome best = {DECISION_KEEP, NULL, FALSE};
    track_end_of_day (track);
    if (track->complaint.reached && track->complaint.line->list >= track->verdict_kind)
        return (Outcome){track->complaint.line->list, &track->complaint, TRUE};
    if (track->verdict.line != NULL)
        return (Outcome){track->verdict_kind, latest_of (track, &track->verdict), TRUE};
    for (guint i = 0; i < track->n_tallies && !is_silent (run, track); i++) {
        const Tally *tally = &g_array_index (track->tallies, Tally, i);
        DecisionKind kind = kind_of_tally (run, tally);
        if (best.tally == NULL || kind > best.kind ||
            (kind == best.kind && tally->line->grade > best.tally->line->grade) ||
            (kind == best.kind && tally->line->grade == best.tally->line->grade &&
             tally->lead.index > best.tally->lead.index))
            best = (Outcome){kind, tally, FALSE};
    }
    return best;
}

/* Everything would have it worse than what may act: a person looks at it. */
static Outcome
join (Outcome trusted, Outcome all, gboolean *untrusted)
{
    DecisionKind doubt = all.kind >= DECISION_REVIEW && all.kind != DECISION_PAUSE ? DECISION_REVIEW
                         : all.kind == DECISION_KEEP                              ? DECISION_KEEP
                                                                                  : DECISION_WATCH;
    *untrusted = FALSE;
    if (trusted.kind >= doubt)
        return trusted;
    *untrusted = TRUE;
    all.kind = doubt;
    return all;
}

static void
show_lead (Decision *decision, const Lead *lead, const PolicyLine *line)
{
    decision->email = lead->email;
    decision->domain = lead->domain;
    decision->provider = lead->provider;
    decision->reason = lead->reason;
    decision->type = lead->type;
    decision->status = lead->status;
    decision->reply = lead->reply;
    decision->event_rule = lead->event_rule;
    decision->diagnostic = lead->diagnostic;
    decision->row = lead->row;
    decision->rule = line != NULL ? line->key : "";
    decision->action = line != NULL ? line->value : "";
}

/* The day on which a schedule comes to its end when every try fails. `next` is try number attempts + 1. */
static gint64
due_of (const PolicyRun *run, const Tally *tally, gint64 next)
{
    const Schedule *schedule = &run->policy->schedule;
    gint64 due = next;
    for (guint failed = tally->attempts + 1; failed < run->policy->attempts; failed++)
        due += schedule->steps[MIN (failed, schedule->n_steps) - 1];
    return due;
}

static void
show_tally (PolicyRun *run, const Outcome *outcome)
{
    Decision *decision = &run->decision;
    const Tally *tally = outcome->tally;
    show_lead (decision, &tally->lead, tally->line);
    decision->failures = tally->days;
    decision->first_seen = tally->first;
    decision->last_seen = tally->last;
    decision->counted = (const guint *) (void *) tally->counted->data;
    decision->n_counted = tally->counted->len;
    decision->attempt = tally->attempts;
    decision->attempts = tally_attempts (tally, run->policy);
    if (decision->untrusted)
        return;
    if (outcome->final) {
        decision->since = tally->since;
        return;
    }
    decision->next_try = next_try_of (run, tally);
    if (decision->next_try != DATE_NONE && tally->line->scheduled)
        decision->due = due_of (run, tally, decision->next_try);
}

/* Soft failures that come, go and come again. */
static void
show_flapping (const PolicyRun *run, const Track *track, Decision *decision)
{
    gint64 window = (gint64) run->policy->flapping_days * POLICY_DAY;
    for (guint i = 0; i < track->episodes->len; i++)
        decision->episodes += run->now - g_array_index (track->episodes, gint64, i) <= window;
    decision->flapping = decision->episodes >= run->policy->flapping_runs;
}

/* A person's word decides, whatever was counted. The events' own figures stay, so that the story can be told. */
static void
show_said (PolicyRun *run, DecisionKind kind, const char *rule, gint64 date)
{
    Decision *decision = &run->decision;
    decision->decision = kind;
    decision->rule = rule;
    decision->action = decision_word (kind);
    decision->untrusted = FALSE;
    decision->next_try = decision->due = DATE_NONE;
    decision->since = kind == DECISION_REMOVE ? date : DATE_NONE;
    decision->attempt = decision->attempts = decision->n_changes = 0;
    if (*decision->email == '\0') {
        const char *at = strrchr (run->said.email, '@');
        decision->email = run->said.email;
        decision->domain = at != NULL ? at + 1 : "";
        decision->first_seen = decision->last_seen = date;
    }
    if (kind == DECISION_REMOVE)
        decision->changes[decision->n_changes++] = (Change){CHANGE_FORGIVE, DECISION_KEEP, 0, DATE_NONE};
}

const Decision *
policy_run_decide (PolicyRun *run)
{
    Decision *decision = &run->decision;
    Outcome trusted = outcome_of (run, &run->tracks[TRUSTED]), all = outcome_of (run, &run->tracks[ALL]);
    *decision = (Decision){.next_try = DATE_NONE, .due = DATE_NONE, .since = DATE_NONE, .events = run->events};
    Outcome outcome = join (trusted, all, &decision->untrusted);
    decision->decision = outcome.kind;
    if (outcome.tally != NULL) {
        show_tally (run, &outcome);
    } else {
        show_lead (decision, &run->last, run->last_line);
        decision->first_seen = run->first_seen;
        decision->last_seen = run->last.date;
        decision->ended = run->counted;
    }
    show_flapping (run, &run->tracks[TRUSTED], decision);
    policy_changes (run->policy, outcome.tally, all.kind, decision);
    decision->allowed = run->said.allowed;
    decision->forgiven = run->said.forgiven;
    decision->imported = run->said.imported;
    if (decision->imported != DATE_NONE && decision->decision != DECISION_REMOVE &&
        (decision->forgiven == DATE_NONE || decision->forgiven < decision->imported))
        show_said (run, DECISION_REMOVE, "import", decision->imported);
    if (decision->allowed != DATE_NONE)
        show_said (run, DECISION_KEEP, "allow", decision->allowed);
    return decision;
}
