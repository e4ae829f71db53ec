/* SPDX-License-Identifier: MIT */
/* What has changed: the failures of the period against those of the period of the same length before it. The period is
 * what --since and --until name, else the last seven days. */
#ifndef NIXIE_REPORT_REPORT_CHANGE_H
#define NIXIE_REPORT_REPORT_CHANGE_H

#include "event/event.h"

typedef struct {
    gint64 start, middle, end;  /* before: [start, middle), now: [middle, end); DATE_NONE = there is no comparison */
    guint64 before[N_TYPES], now[N_TYPES];
    gboolean comparable;        /* there was a failure before, of whatever provider: the time before is known */
} ReportChange;

void report_change_init (ReportChange *change, gint64 now, gint64 since, gint64 until);
void report_change_add (ReportChange *change, const BounceEvent *event);
/* The same, for an event that is not counted here: it only tells that there is a time before. */
void report_change_note (ReportChange *change, const BounceEvent *event);
/* "7 days against as many before: hard 12 (+9), soft 3 (-1), block 0 (-4)"; "" when there is nothing to compare. */
char *report_change_text (const ReportChange *change, Arena *arena);

#endif
