/* SPDX-License-Identifier: MIT */
/* How a run went and what the ledger holds, for Prometheus (text exposition format, for the text collector of its node
 * exporter). Bounded: the labels are our own closed words and at most METRICS_PROVIDERS names of our provider table. */
#ifndef NIXIE_REPORT_METRICS_H
#define NIXIE_REPORT_METRICS_H

#include "base/writer.h"
#include "report/report_model.h"

#define METRICS_PROVIDERS 20
#define METRICS_SUCCESS "nixie_last_success_timestamp_seconds"

typedef struct {
    const char *version;  /* of the program */
    gint64 now;
    int status;           /* exit status of the run */
    gboolean success;
    gint64 last_success;  /* DATE_NONE = never */
    gint64 milliseconds;  /* the run took; -1 = not measured */
    ReportModel *model;   /* NULL = the run did not come so far */
} Metrics;

void metrics_write (Writer *writer, const Metrics *metrics);

#endif
