/* SPDX-License-Identifier: MIT */
/* Who refuses us: each code of type block, by provider where its name is known, by domain elsewhere; the heaviest first.
 * The same in every sink. */
#ifndef NIXIE_REPORT_REPORT_BLOCKS_H
#define NIXIE_REPORT_REPORT_BLOCKS_H

#include "report/report_model.h"

typedef struct {
    const ReportRow *row;
    const ReportCode *code;
} ReportBlock;

/* Of ReportBlock; yours. Borrows from the model's tables. */
GArray *report_blocks (ReportModel *model);
/* Providers that are known by name. "other" is none: who refuses us there are the domains themselves. */
gboolean report_provider_is_named (const char *provider);
/* The address of a web page that an answer names (its delist form, its postmaster page), "" when it names none. */
const char *report_answer_page (const char *answer, Arena *arena);

#endif
