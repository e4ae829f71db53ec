/* SPDX-License-Identifier: MIT */
/* The report as data: tallies of events and decisions, and the tables that every sink prints. Pure. Sinks
 * (report_text, report_csv, report_json …) own their escaping and add nothing.
 *
 * PRECONDITION: events are added in the order of their recipients (all events of one address together), as
 * store_events_open() gives them by default. Distinct recipients are counted per key by "was the last one that this key
 * saw the one at hand", so no set of addresses is kept: memory grows with the number of keys (providers, domains, codes,
 * days …) and not with events or recipients. Events in another order give too high figures for `recipients`; all other
 * figures do not depend on the order.
 *
 * An event without recipient counts as an event, never as a recipient. The evidence of messages that were not
 * understood (format "unparsed") is passed over: their number is ReportContext.unparsed. */
#ifndef NIXIE_REPORT_REPORT_MODEL_H
#define NIXIE_REPORT_REPORT_MODEL_H

#include "event/event.h"
#include "policy/policy.h"
#include "report/report_incident.h"
#include "report/report_change.h"
#include <glib.h>

typedef struct ReportModel ReportModel;

typedef enum {
    REPORT_BY_PROVIDER, REPORT_BY_DOMAIN, REPORT_BY_RECIPIENT, REPORT_BY_STATUS, REPORT_BY_REASON, REPORT_BY_DAY,
    REPORT_BY_FORMAT, N_REPORT_BY
} ReportBy;

/* What a status or reply code means, in plain English (a gettext msgid); NULL or "" when unknown. */
typedef const char *(*ReportMeaning) (const char *code, gpointer user);

/* The diagnostic and the original subject of an event that came without its texts (BounceEvent.row); FALSE when they cannot
 * be had. Strings live until the next call. */
typedef gboolean (*ReportRest) (guint64 row, BounceEvent *event, gpointer user);

#define REPORT_RECIPIENTS_DEFAULT 1000
#define REPORT_DECISIONS_DEFAULT 100

typedef struct {
    gint64 now;
    gint64 since, until;       /* DATE_NONE = open */
    guint top;                 /* rows of a section, 0 = all; sinks use it where their options say nothing */
    guint64 messages;          /* read */
    guint64 bounces, unparsed, unreadable;
    const char *rules_version, *psl_date; /* copied; NULL = "" */
    const char *provider;      /* copied; only events of this one were added; NULL = all */
    gboolean gate_open;        /* no identity is configured: reports are believed whatever mail they are about */
    gboolean count_messages;   /* of each provider: a set of them is kept, some 50 bytes a message */
    gboolean few_samples;      /* of domains that refuse us, and of no recipient and no day: what is read by people says no more */
    guint recipients;          /* rows of the recipient table that are kept (the heaviest): 0 = REPORT_RECIPIENTS_DEFAULT,
                                  G_MAXUINT = all (some 400 bytes each) */
    guint decisions;           /* decisions of each kind that are kept for the lists: 0 = REPORT_DECISIONS_DEFAULT */
    ReportMeaning meaning;     /* may be NULL */
    gpointer meaning_user;
    ReportRest rest;           /* NULL: all events come whole */
    gpointer rest_user;
} ReportContext;

ReportModel *report_model_new (const ReportContext *context);
void report_model_free (ReportModel *model);
/* The counts of messages are often known only after the events: replaces the context (`recipients` and
 * `decisions` stay as they were). */
void report_model_set_context (ReportModel *model, const ReportContext *context);
void report_model_add_event (ReportModel *model, const BounceEvent *event);
/* Where `rest` is given, after the last add: what is needed of it is asked for, in the order of the rows, and never again. */
void report_model_settle (ReportModel *model);
/* An event of another provider than the one that is asked for: it counts for nothing, but there was a time before. */
void report_model_add_other (ReportModel *model, const BounceEvent *event);
/* An event before `since`: it counts for the comparison with the period before and for nothing else. */
void report_model_add_earlier (ReportModel *model, const BounceEvent *event);
void report_model_add_decision (ReportModel *model, const Decision *decision);

/* One code with one reason and type, within a row: "of Gmail's events, 412 are 5.7.26 authentication". */
typedef struct {
    const char *code;          /* status, else reply, "" when the report had neither */
    Reason reason;
    EventType type;
    guint64 events, recipients;
    gint64 first_seen, last_seen;
    const char *sample;        /* a diagnostic with it, "" when none */
    const char *page;          /* of a block: the web page that an answer names, "" when none does */
} ReportCode;

/* For a source that counts by itself: what a table has of one code, reason and type, with a sample; into that table alone.
 * Of several, the first one's sample stays. `recipients` of the tally are not known; those of the key are set. */
void report_model_add_tally (ReportModel *model, ReportBy by, const char *key, const char *code, Reason reason,
                             EventType type, guint64 events, gint64 first, gint64 last, const char *sample);
void report_model_set_recipients (ReportModel *model, ReportBy by, const char *key, guint64 recipients);

/* After the last add: tables, sorted by count (descending), then key (bytes); days by date (ascending). */
typedef struct {
    const char *key;           /* provider name, domain, code, day ("2026-11-20") …; "" = not known */
    guint64 events, recipients; /* distinct recipients */
    guint64 messages;          /* reports that told them; 0 = not counted */
    guint64 by_type[N_TYPES];
    gint64 first_seen, last_seen; /* DATE_NONE when no event had a date */
    const char *sample;        /* a diagnostic line of top_status, "" when none */
    const char *top_status;    /* its most frequent status or reply, "" when none */
    const char *provider;      /* of a domain: that of its first event; "" in other tables */
    const ReportCode *codes;   /* sorted by events (descending), code, reason, type */
    guint n_codes;
} ReportRow;
/* Rows of a table; *n all of them (of REPORT_BY_RECIPIENT those kept), `top` is the sinks' business. Borrowed until
 * the next add or free. */
const ReportRow *report_model_rows (ReportModel *model, ReportBy by, guint *n);
/* How many different keys there were: more than the rows where rows were not kept. */
guint64 report_model_keys (ReportModel *model, ReportBy by);
/* What is one trouble, not many; the heaviest first. Yours: g_array_unref(). */
GArray *report_model_incidents (const ReportModel *model);
const ReportRow *report_model_total (ReportModel *model);
guint64 report_model_decisions (const ReportModel *model, DecisionKind kind);
const ReportChange *report_model_change (const ReportModel *model);
ReportChange report_model_provider_change (const ReportModel *model, const char *provider);
const ReportContext *report_model_context (const ReportModel *model);
/* The decisions of a kind that were kept: by last failure (the latest first), then address. Their `counted` is not kept.
 * Borrowed until the next add or free. */
const Decision *const *report_model_listed (ReportModel *model, DecisionKind kind, guint *n);
/* What a code means, "" when nobody knows. */
const char *report_model_meaning (const ReportModel *model, const char *code);

const char *report_by_word (ReportBy by);
gboolean report_by_parse (const char *word, ReportBy *by);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReportModel, report_model_free)

#endif
