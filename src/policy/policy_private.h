/* SPDX-License-Identifier: MIT */
/* A profile in memory, and the counting of one address under it. */
#ifndef NIXIE_POLICY_POLICY_PRIVATE_H
#define NIXIE_POLICY_POLICY_PRIVATE_H

#include "policy/policy.h"

#define POLICY_DAY G_GINT64_CONSTANT (86400)
#define POLICY_MAX_STEPS 8
#define POLICY_FUTURE POLICY_DAY          /* clocks differ; a date further ahead is none that has happened */
#define POLICY_EARLY (POLICY_DAY / 4)     /* a nightly job is no clockwork: a try may come that much before its time */
#define POLICY_NO_DATE (366 * POLICY_DAY) /* so far ahead of the clock, a date tells nothing about a pause */
#define POLICY_NO_CLOCK 1577836800        /* 2020-01-01, years before this program: a clock that was never set */

typedef struct {
    gint64 steps[POLICY_MAX_STEPS]; /* seconds from a failed try to the next one; the last one goes on */
    guint n_steps;
} Schedule;

/* One line: the conditions, all of which must hold, and what follows. */
typedef struct {
    char *key, *value; /* as written */
    guint weight;      /* how particular the conditions are */

    int reason, type;    /* -1 = any */
    char status[12];     /* "5.3.2", "x.4.1", "5.x.x"; "" = any */
    char reply[4];       /* "550", "4xx"; "" = any */
    char command[12];    /* "RCPT"; "" = any */
    char permanence;     /* '5', '4'; 0 = any */

    gboolean counts;     /* FALSE: never */
    DecisionKind list;   /* remove, inactive or review after `days` failures; keep = none of them */
    guint days, span;    /* … that span at least `span` days */
    gboolean pauses, scheduled;
    Schedule pause;      /* when `pauses` and not `scheduled` */
    DecisionKind after;  /* when `scheduled`: keep = as the policy says */
    guint grade;         /* which of two failures of a day is the graver one */
} PolicyLine;

struct Policy {
    gint references;
    GPtrArray *lines; /* of PolicyLine, the most particular first */
    Schedule schedule;
    guint reset;      /* days */
    guint attempts;
    DecisionKind after;
    guint flapping_runs, flapping_days;
    gboolean require_trust, count_blocks;
};

/* policy_line.c */
PolicyLine *policy_line_parse (const char *key, const char *value, GError **error);
void policy_line_free (PolicyLine *line);
gboolean policy_line_fits (const PolicyLine *line, const BounceEvent *event);
gboolean policy_schedule_parse (const char *text, Schedule *schedule, GError **error);
gboolean policy_fraction_parse (const char *text, guint *count, guint *days); /* "2/14d", "2" */
gboolean policy_number_parse (const char *text, guint maximum, guint *number, const char **end);

/* policy.c */
Policy *policy_ref (const Policy *policy);
/* NULL when no line fits. */
const PolicyLine *policy_find (const Policy *policy, const BounceEvent *event);

/* What of an event a decision shows. Strings live where the event's do, or in an arena. */
typedef struct {
    const char *email, *domain, *provider, *status, *reply, *event_rule, *diagnostic;
    Reason reason;
    EventType type;
    gint64 date;
    guint index; /* in the order of adding */
    guint64 row; /* BounceEvent.row */
    guint32 kind; /* … and .kind: its words need no copy */
} Lead;

/* The failures that one line has counted in the present run. */
typedef struct {
    const PolicyLine *line;
    guint days;
    gint64 first, last;
    guint attempts;     /* tries that came back */
    gint64 attempt_date; /* the last of them */
    gboolean reached;   /* the count of the line */
    gint64 since;       /* when it was reached */
    Lead lead;
    GArray *counted;    /* of guint */
} Tally;

/* policy_track.c: one way of counting; a run keeps two, with and without what is not trusted. */
typedef struct {
    const Policy *policy;
    GArray *tallies;    /* of Tally: the lines of this run; memory is kept */
    guint n_tallies;
    Tally verdict;      /* line NULL = none: the first remove or inactive reached */
    DecisionKind verdict_kind;
    Tally complaint;
    gint64 run_last;    /* DATE_NONE = no date yet */
    gboolean is_soft;   /* the run holds a soft failure */
    gboolean has_day;   /* a failure of the current day waits for graver ones */
    const PolicyLine *day_line;
    Lead day_lead;
    gint64 day_first;   /* the first failure of that line on that day */
    GArray *episodes;   /* of gint64: when runs of soft failures began; the latest ones */
} Track;

void track_init (Track *track, const Policy *policy);
void track_clear (Track *track);
void track_begin (Track *track);
/* `lead` must live until the day is over. */
void track_failure (Track *track, const PolicyLine *line, const Lead *lead);
void track_complaint (Track *track, const PolicyLine *line, const Lead *lead);
void track_delivery (Track *track);
void track_end_of_day (Track *track);
gint64 tally_next_try (const Tally *tally, const Policy *policy);
guint tally_attempts (const Tally *tally, const Policy *policy);
DecisionKind tally_after (const Tally *tally, const Policy *policy);

/* policy_changes.c */
void policy_changes (const Policy *policy, const Tally *tally, DecisionKind if_failing, Decision *decision);

#endif
