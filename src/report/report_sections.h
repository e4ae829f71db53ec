/* SPDX-License-Identifier: MIT */
/* The sections of the terminal report, each ending with a blank line or printing nothing at all. Private to
 * report_text. */
#ifndef NIXIE_REPORT_REPORT_SECTIONS_H
#define NIXIE_REPORT_REPORT_SECTIONS_H

#include "report/columns.h"
#include "report/report_model.h"

void section_incidents (Page *page, ReportModel *model);
void section_blocks (Page *page, ReportModel *model, guint top);
void section_providers (Page *page, ReportModel *model, guint top);
void section_providers_deep (Page *page, ReportModel *model, guint top); /* with their main codes, dates and advice */
void section_keys (Page *page, ReportModel *model, ReportBy by, const char *title, guint top); /* domains, recipients */
void section_codes (Page *page, ReportModel *model, guint top);
void section_reasons (Page *page, ReportModel *model, guint top);
void section_months (Page *page, ReportModel *model); /* nothing when the mail is of a few weeks */
void section_days (Page *page, ReportModel *model, guint days);

#endif
