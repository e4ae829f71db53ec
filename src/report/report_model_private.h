/* SPDX-License-Identifier: MIT */
/* What the counting half of the report's model (report_model.c) and the half that makes its tables (report_rows.c)
 * share. Private to them. */
#ifndef NIXIE_REPORT_REPORT_MODEL_PRIVATE_H
#define NIXIE_REPORT_REPORT_MODEL_PRIVATE_H

#include "report/report_blocks.h"
#include "report/report_listed.h"
#include "report/report_model.h"

/* One code with one reason and type, within a key. */
typedef struct {
    const char *code; /* interned: equal pointers are equal codes */
    Reason reason;
    EventType type;
    guint32 events, recipients;
    guint32 last; /* the recipient counted last */
    gint64 first_seen, last_seen;
    const char *sample, *page;
    guint64 row; /* of the event whose diagnostic is the sample, while that is not here */
} Tally;

/* What a table counts by. */
typedef struct {
    const char *name;
    const char *provider; /* of a domain */
    guint32 events, recipients, last;
    guint32 by_type[N_TYPES];
    gint64 first_seen, last_seen;
    GPtrArray *tallies; /* of Tally */
    GHashTable *index;  /* Tally → itself, from CODES_LINEAR on */
    GHashTable *messages; /* digests of their ids; NULL where they are not counted */
    guint64 nameless;   /* messages without an id */
} Key;

typedef struct {
    GHashTable *keys;   /* name → Key; NULL for recipients */
    GPtrArray *kept;    /* recipients: a heap, the lightest on top */
    guint64 n_keys;
    ReportRow *rows;    /* made on demand */
    ReportCode *codes;
    guint n_rows;
} Table;

struct ReportModel {
    ReportContext context;
    char *rules_version, *psl_date, *provider;
    ReportChange change;
    GHashTable *provider_changes; /* name → ReportChange */
    GStringChunk *strings;   /* names, codes: each once; samples */
    Table tables[N_REPORT_BY];
    Key *total;
    Key *person;             /* the recipient at hand */
    Key *spare;              /* one that was too light: for the next */
    GPtrArray *spare_tallies;
    guint32 serial;          /* its number, from 1 */
    GPtrArray *places;       /* by kind: Place, or NULL */
    Key *domain;             /* met last */
    GHashTable *days;        /* number of a day → Key */
    Arena *scratch;
    guint64 decisions[N_DECISIONS];
    ReportListed *listed;
    ReportIncidents *incidents;
    ReportRow total_row;
    ReportCode *total_codes;
};

/* Of one diagnostic, for the tables of one event. In the model's strings. `page` is of a block alone: of the whole answer, for
 * what is kept as a sample may end before its last line, which names the page. */
typedef struct {
    const char *sample, *page;
} Evidence;
Evidence report_evidence (ReportModel *model, const char *diagnostic, EventType type);
/* For a recipient, who comes and goes: yours. */
char *report_sample_new (const char *diagnostic);

/* Does `a` come before `b` in a table: by weight, then by name. */
gboolean report_key_before (const Key *a, const Key *b);
/* The rows of a table are made anew when they are asked for next. */
void report_table_forget_rows (Table *table);
/* The recipient at hand is complete: it joins the table, or is too light for it. */
void report_model_finish_person (ReportModel *model);

#endif
