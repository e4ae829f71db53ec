/* SPDX-License-Identifier: MIT */
/* The report for a terminal: headline figures, problems (blocks) first, providers, domains, codes with their meaning,
 * reasons, the last days, and the command to type next. No byte of mail reaches the terminal as a control. Lines are
 * at most `width` columns wide; wide characters (CJK) count two. */
#ifndef NIXIE_REPORT_REPORT_TEXT_H
#define NIXIE_REPORT_REPORT_TEXT_H

#include "base/writer.h"
#include "report/report_model.h"

typedef struct {
    guint width;           /* columns; 0 = 80, less than 60 counts as 60 */
    gboolean colour;       /* SGR colours */
    gboolean unicode;      /* FALSE: ASCII only, also for what comes from mail */
    gboolean one;          /* only the table `by`, in depth */
    ReportBy by;
    guint top;             /* rows a section; 0 = 10, G_MAXUINT = all */
    const char *arguments; /* the PATHs as the user gave them, quoted for a shell, for the commands proposed at the end;
                              "" or NULL when the state was read */
} ReportTextOptions;

void report_text_write (Writer *writer, ReportModel *model, const ReportTextOptions *options);

#endif
