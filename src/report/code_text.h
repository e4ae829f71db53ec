/* SPDX-License-Identifier: MIT */
/* `nixie code`: what a code or a whole answer of a server means, for people and as JSON. Takes plain data, so that this
 * floor needs nothing of the tables: the verb fills a CodeAnswer from CodeRow and Rule. */
#ifndef NIXIE_REPORT_CODE_TEXT_H
#define NIXIE_REPORT_CODE_TEXT_H

#include "base/writer.h"
#include "event/vocabulary.h"

/* Strings may be NULL = "". */
typedef struct {
    const char *input;     /* what was asked, as typed */
    const char *status;    /* enhanced status found in it, "4.2.1" */
    const char *reply;     /* reply code found in it, "550" */
    EventType type;        /* the verdict of classify() */
    Fault fault;
    Reason reason;
    const char *rule;      /* what decided: rule id or table row */
    const char *provider;  /* when the wording tells it */
    const char *meaning;   /* of the row that fits best; English msgid */
    const char *advice;    /* same; "" when none */
    const char *reference; /* "RFC 3463" */
    const char *reply_meaning; /* of the reply code's row, where both codes are there */
} CodeAnswer;

typedef struct {
    guint width; /* 0 = 80 */
    gboolean colour, unicode;
} CodeTextOptions;

void code_text_write (Writer *writer, const CodeAnswer *answer, const CodeTextOptions *options);
/* One object on one line: input, status, reply, class, subject, detail, type, fault, reason, rule, provider, meaning,
 * advice, retry, reference. */
void code_json_write (Writer *writer, const CodeAnswer *answer);

#endif
