/* SPDX-License-Identifier: MIT */
/* The whole report as one JSON object on one line with fixed keys, in a fixed order: doc/report.schema.json. Never
 * depends on the locale. */
#ifndef NIXIE_REPORT_REPORT_JSON_H
#define NIXIE_REPORT_REPORT_JSON_H

#include "base/writer.h"
#include "report/report_model.h"

#define REPORT_SCHEMA_VERSION 1

/* `top` = rows of each table but the days, 0 = all. */
void report_json_write (Writer *writer, ReportModel *model, guint top);

#endif
