/* SPDX-License-Identifier: MIT */
/* `nixie explain ADDRESS`: what was decided, by which rule, on what evidence, what comes next and what would change it,
 * as a short story in dates. The decision is needed first: run the policy over the address, then give its events again.
 *
 *     explain_text_begin (writer, decision, &options);
 *     while (…) explain_text_event (writer, event, &options);
 *     explain_text_end (writer, decision, &options);
 */
#ifndef NIXIE_REPORT_EXPLAIN_TEXT_H
#define NIXIE_REPORT_EXPLAIN_TEXT_H

#include "base/writer.h"
#include "event/event.h"
#include "policy/policy.h"
#include "report/report_model.h"

typedef struct {
    guint width;           /* columns; 0 = 80 */
    gboolean colour, unicode;
    ReportMeaning meaning; /* of a code; may be NULL */
    gpointer meaning_user;
    /* How the provider of an event is known: "domain", "remote-mta" … ("none": it is not); may be NULL. */
    const char *(*evidence) (const BounceEvent *event, gpointer user);
    gpointer evidence_user;
} ExplainOptions;

void explain_text_begin (Writer *writer, const Decision *decision, const ExplainOptions *options);
void explain_text_event (Writer *writer, const BounceEvent *event, const ExplainOptions *options);
void explain_text_end (Writer *writer, const Decision *decision, const ExplainOptions *options);
/* Nothing is known of the address. */
void explain_text_nothing (Writer *writer, const char *address, const ExplainOptions *options);

#endif
