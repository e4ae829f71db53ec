/* SPDX-License-Identifier: MIT */
/* `--fail-on`: figures of a report that are too high, for scripts. "block>5%,unparsed>10,remove>1000": WORD is
 * a type, a decision, events, recipients or unparsed; % is of all events (of all addresses for a decision, of
 * all messages for unparsed). */
#ifndef NIXIE_REPORT_THRESHOLD_H
#define NIXIE_REPORT_THRESHOLD_H

#include "report/report_model.h"

/* NULL when every part of `text` can be read, else the first that cannot; yours. */
char *threshold_problem (const char *text);
/* What is exceeded, "block 12 is more than 5, …"; NULL when nothing is. Yours. `text` is one without a problem. */
char *threshold_exceeded (const char *text, ReportModel *model);

#endif
