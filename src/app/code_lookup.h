/* SPDX-License-Identifier: MIT */
/* `nixie code`: a code or a server's whole answer, read and judged as it would be in a report. */
#ifndef NIXIE_APP_CODE_LOOKUP_H
#define NIXIE_APP_CODE_LOOKUP_H

#include "base/arena.h"
#include "classify/tables.h"
#include "report/code_text.h"

/* `line`: "4.2.1", "550", or any line of a log or a report; any bytes. Strings of the answer live in `arena` and in
 * `tables`. */
void code_lookup (const Tables *tables, const char *line, Arena *arena, CodeAnswer *answer);

#endif
