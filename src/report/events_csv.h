/* SPDX-License-Identifier: MIT */
/* `events --format=csv`: the columns are the keys of the event's NDJSON, in the same order; flags are divided by
 * spaces. */
#ifndef NIXIE_REPORT_EVENTS_CSV_H
#define NIXIE_REPORT_EVENTS_CSV_H

#include "base/writer.h"
#include "event/event.h"
#include "report/csv.h"

void events_csv_header (Writer *writer, CsvStyle style);
void events_csv_row (Writer *writer, const BounceEvent *event, CsvStyle style);

#endif
