/* SPDX-License-Identifier: MIT */
/* The report as Markdown (CommonMark with tables), for a mail or a ticket: the figures, who refuses us, providers with
 * their main codes, codes, decisions. What mail says stands in code spans or with every mark of Markdown escaped. */
#ifndef NIXIE_REPORT_REPORT_MD_H
#define NIXIE_REPORT_REPORT_MD_H

#include "base/writer.h"
#include "report/report_model.h"

/* `top`: rows of a table; 0 = 10. */
void report_md_write (Writer *writer, ReportModel *model, guint top);

#endif
