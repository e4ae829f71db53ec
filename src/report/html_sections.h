/* SPDX-License-Identifier: MIT */
/* The sections of the HTML report. Each opens and closes its own element, or writes nothing at all. Private to
 * report_html. */
#ifndef NIXIE_REPORT_HTML_SECTIONS_H
#define NIXIE_REPORT_HTML_SECTIONS_H

#include "report/html.h"
#include "report/report_model.h"

/* What the sections share. */
void html_section (Html *html, const char *id, const char *title, const char *lead); /* opens one; lead may be NULL */
void html_chip (Html *html, EventType type);                                          /* a type as a coloured word */
void html_span_of_days (Html *html, gint64 first, gint64 last);                       /* "on …", "from … to …" */
void html_more (Html *html, guint64 hidden, const char *command); /* "and 12 more: nixie …"; nothing when 0 */
const char *html_key (const char *key);                           /* the key, or "(not known)" */

void html_incidents (Html *html, ReportModel *model);
void html_blocks (Html *html, ReportModel *model, guint top);
void html_days (Html *html, ReportModel *model);
void html_providers (Html *html, ReportModel *model, guint top);
void html_heat (Html *html, ReportModel *model);
void html_domains (Html *html, ReportModel *model, guint top);
void html_reasons (Html *html, ReportModel *model, guint top);
void html_codes (Html *html, ReportModel *model, guint top);
void html_lists (Html *html, ReportModel *model, const char *arguments);
void html_coverage (Html *html, ReportModel *model, const char *arguments);

#endif
