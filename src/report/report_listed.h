/* SPDX-License-Identifier: MIT */
/* The decisions that a report shows one by one: of each kind at most so many, the latest failures first. Private to
 * report_model: memory does not grow with the addresses. */
#ifndef NIXIE_REPORT_REPORT_LISTED_H
#define NIXIE_REPORT_REPORT_LISTED_H

#include "policy/policy.h"

typedef struct ReportListed ReportListed;

ReportListed *report_listed_new (guint most);
void report_listed_free (ReportListed *listed);
void report_listed_add (ReportListed *listed, const Decision *decision); /* copied when it is kept */
/* Give those that were kept without their diagnostic (Decision.row) theirs. `diagnostic` answers with text that lives
 * until it is called again. */
void report_listed_settle (ReportListed *listed, const char *(*diagnostic) (guint64 row, gpointer user), gpointer user);
/* By last_seen (descending), then the address (bytes). Borrowed until the next add or free. */
const Decision *const *report_listed_get (ReportListed *listed, DecisionKind kind, guint *n);

#endif
