/* SPDX-License-Identifier: MIT */
/* The report as data: tallies of events and decisions, and the tables that every sink prints (sections, columns, typed
 * cells). Pure. Sinks (report_text, report_csv, report_json …) own their escaping and add nothing. */
#ifndef NIXIE_REPORT_REPORT_MODEL_H
#define NIXIE_REPORT_REPORT_MODEL_H

#include "event/event.h"
#include "policy/policy.h"
#include <glib.h>

typedef struct ReportModel ReportModel;

typedef enum {
    REPORT_BY_PROVIDER, REPORT_BY_DOMAIN, REPORT_BY_RECIPIENT, REPORT_BY_STATUS, REPORT_BY_REASON, REPORT_BY_DAY,
    REPORT_BY_FORMAT, N_REPORT_BY
} ReportBy;

typedef struct {
    gint64 now;
    gint64 since, until;       /* DATE_NONE = open */
    guint top;                 /* rows of a section, 0 = all */
    guint64 messages;          /* read */
    guint64 bounces, unparsed, unreadable;
    const char *rules_version, *psl_date;
} ReportContext;

ReportModel *report_model_new (const ReportContext *context);
void report_model_free (ReportModel *model);
void report_model_add_event (ReportModel *model, const BounceEvent *event);
void report_model_add_decision (ReportModel *model, const Decision *decision);

/* After the last add: tables, sorted by count (descending), then key (bytes). */
typedef struct {
    const char *key;           /* provider name, domain, code, day … */
    guint64 events, recipients; /* distinct recipients */
    guint64 by_type[N_TYPES];
    gint64 first_seen, last_seen;
    const char *sample;        /* a diagnostic line of it, "" when none */
    const char *top_status;    /* its most frequent status or reply */
} ReportRow;
/* Rows of a table; *n all of them, `top` is the sinks' business. Borrowed. */
const ReportRow *report_model_rows (ReportModel *model, ReportBy by, guint *n);
const ReportRow *report_model_total (ReportModel *model);
guint64 report_model_decisions (const ReportModel *model, DecisionKind kind);
const ReportContext *report_model_context (const ReportModel *model);

const char *report_by_word (ReportBy by);
gboolean report_by_parse (const char *word, ReportBy *by);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReportModel, report_model_free)

#endif
