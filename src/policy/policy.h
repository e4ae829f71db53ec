/* SPDX-License-Identifier: MIT */
/* Policy: the history of one address + the lines of a profile + now → decision, why, next date. Pure. Events of one
 * address go in by date; the answer comes out once.
 *
 * A profile is text (data/policy, NAME.conf): settings, and lines "what failed = what follows". An event finds the line that
 * fits it best; each line counts its failures by itself:
 *
 * - At most one failure per address and day (UTC) counts: the gravest of the day, the latest among equals.
 * - Only failures count. Delayed notices, auto-replies and reports of success never do; blocks and the recipient's rate
 *   limit do not either, unless the profile says `count-blocks`.
 * - A report of delivery, or `reset` days without a counted failure, ends a run of failures: counting starts again. What
 *   was decided by then (remove, inactive) stands until a report of delivery: no mail is sent to such an address, so
 *   silence says nothing. A complaint is no failure to deliver, and no delivery takes it back.
 * - `remove`, `inactive` and the counting before them look at the dates of the events alone, never at the clock. The
 *   clock decides only when a pause ends and when silence has lasted long enough. */
#ifndef NIXIE_POLICY_POLICY_H
#define NIXIE_POLICY_POLICY_H

#include "base/arena.h"
#include "event/event.h"

#define POLICY_ERROR (policy_error_quark ())
GQuark policy_error_quark (void);
typedef enum { POLICY_ERROR_SYNTAX, POLICY_ERROR_UNKNOWN /* no such built-in profile */ } PolicyError;

typedef struct Policy Policy;
typedef struct PolicyRun PolicyRun;

/* The built-in profiles: "default", "seed", "strict". */
Policy *policy_new_builtin (const char *name, GError **error);
Policy *policy_new_default (void);
/* A profile from its text; `name` is for messages ("NAME: [rules] mailbox-full: …"). */
Policy *policy_parse (const char *name, const char *text, gsize length, GError **error);
/* Replace or add a single setting ("reset", "30") or line ("mailbox-full", "pause 7d, remove 5/14d"): how nixie.conf
 * overrides a profile. The policy is unchanged when FALSE. */
gboolean policy_set (Policy *policy, const char *key, const char *value, GError **error);
void policy_free (Policy *policy); /* runs keep what they need of it */

/* For `nixie config`: the lines, the most particular first; FALSE behind the last. */
gboolean policy_line (const Policy *policy, guint index, const char **key, const char **value);
/* With an identity configured: only what is correlated or plausible may remove, the rest is for review. */
void policy_require_trust (Policy *policy, gboolean required);

/* What would make the decision another one, as data; cmd/explain makes sentences of it. */
typedef enum {
    CHANGE_DELIVERY, /* a report of delivery → `to` */
    CHANGE_SILENCE,  /* no counted failure until `date` → `to` */
    CHANGE_FAILURES, /* `count` more failing days, the last of them on `date` or later → `to` */
    CHANGE_TRY,      /* the try at `date` fails, it is number `count` → `to` (pause = the next try) */
    CHANGE_DUE,      /* every further try fails → `to`, on `date` at the earliest */
    CHANGE_TRUST,    /* the same told by a report that belongs to mail of ours → `to` */
    CHANGE_FORGIVE,  /* a person says so (`nixie forgive`) → `to` */
} ChangeKind;
typedef struct {
    ChangeKind kind;
    DecisionKind to;
    guint count;
    gint64 date;
} Change;
#define POLICY_MAX_CHANGES 5 /* try, due, failures, delivery, silence */

/* A row of `suppress`: everything that the decision rests on. Strings and arrays live in
 * the run until the next begin. */
typedef struct {
    const char *email, *domain, *provider;
    DecisionKind decision;
    Reason reason;
    EventType type;
    const char *status, *reply;
    guint failures;                /* counted failures behind the decision */
    gint64 first_seen, last_seen;  /* of those failures; of all events when there are none */
    gint64 next_try;               /* of a pause, also when it is over (decision watch); DATE_NONE = none */
    guint attempt;                 /* tries that came back, the first sending included; 0 = no schedule */
    const char *rule;              /* id of the policy line that decided: its key, "mailbox-disabled/temporary" */
    const char *event_rule;        /* rule id of the deciding event */
    const char *diagnostic;        /* of the deciding event */
    guint64 row;                   /* of the deciding event (BounceEvent): not 0 = its diagnostic was left out */
    guint events;                  /* all events of the address */

    const char *action;            /* of the line: "remove 2/14d" */
    guint attempts;                /* tries that the schedule allows; 0 = no schedule */
    gint64 due;                    /* the day of the verdict when every try fails; DATE_NONE = none */
    gint64 since;                  /* when a remove or inactive was reached; DATE_NONE otherwise */
    gboolean ended;                /* failures were counted, but their run is over */
    gboolean untrusted;            /* without the doubt about who sent the reports it would be worse */
    gboolean flapping;             /* soft failures came back time and again: write less often */
    guint episodes;                /* runs of soft failures within the flapping window */
    const guint *counted;          /* which events were counted: numbers in the order of adding, from 0 */
    guint n_counted;
    gint64 allowed, forgiven, imported; /* when a person said so; DATE_NONE = nobody did */
    Change changes[POLICY_MAX_CHANGES];
    guint n_changes;
} Decision;

PolicyRun *policy_run_new (const Policy *policy, gint64 now);
void policy_run_free (PolicyRun *run);
void policy_run_begin (PolicyRun *run);                          /* a new address */
/* What people said on the address, between begin and the first add; DATE_NONE = nothing. It is never listed
 * (`allowed`); what is dated up to `forgiven` does not count; it stood in a list of others on `imported` and
 * is removed for that, unless it was forgiven later. `email`: the address, for a decision without any event;
 * lives until the next begin. */
typedef struct {
    const char *email;
    gint64 allowed, forgiven, imported;
} Said;
void policy_run_said (PolicyRun *run, const Said *said);
void policy_run_add (PolicyRun *run, const BounceEvent *event);  /* ascending dates; copied as far as needed */
const Decision *policy_run_decide (PolicyRun *run);              /* once an address */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Policy, policy_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PolicyRun, policy_run_free)

#endif
