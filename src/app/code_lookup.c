/* SPDX-License-Identifier: MIT */
#include "app/code_lookup.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "classify/classify.h"
#include "extract/status.h"

void
code_lookup (const Tables *tables, const char *line, Arena *arena, CodeAnswer *answer)
{
    BounceEvent event;
    event_init (&event);
    event.diagnostic = text_one_line (arena, line, -1, LIMIT_DIAGNOSTIC);
    status_settle (arena, &event);
    classify (tables, &event, arena);

    const CodeRow *status = *event.status ? tables_status (tables, event.status) : NULL;
    const CodeRow *reply = *event.reply ? tables_reply (tables, event.reply) : NULL;
    const CodeRow *best = status ? status : reply;
    memset (answer, 0, sizeof *answer);
    answer->input = event.diagnostic;
    answer->status = event.status;
    answer->reply = event.reply;
    answer->type = event.type;
    answer->fault = event.fault;
    answer->reason = event.reason;
    answer->rule = event.rule;
    answer->provider = event.provider;
    if (best) {
        answer->meaning = best->meaning;
        answer->advice = best->advice;
        answer->reference = best->reference;
    }
    if (status && reply)
        answer->reply_meaning = reply->meaning;
}
