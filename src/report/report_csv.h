/* SPDX-License-Identifier: MIT */
/* One table of the report as CSV: `report --format=csv --by=…`. Columns, in this order and for every table the same:
 * the key (named as the table: provider, domain, recipient, status, reason, day, format), events, recipients, hard,
 * soft, block, complaint, autoreply, delayed, delivered, unknown, first_seen, last_seen, top_status, sample. */
#ifndef NIXIE_REPORT_REPORT_CSV_H
#define NIXIE_REPORT_REPORT_CSV_H

#include "base/writer.h"
#include "report/csv.h"
#include "report/report_model.h"

/* `top` 0 = all rows. */
void report_csv_write (Writer *writer, ReportModel *model, ReportBy by, guint top, CsvStyle style);

#endif
