/* SPDX-License-Identifier: MIT */
/* The closed vocabularies in words for people: short, translated, the same in every report. */
#ifndef NIXIE_REPORT_REASON_TEXT_H
#define NIXIE_REPORT_REASON_TEXT_H

#include "event/vocabulary.h"

const char *reason_label (Reason reason);           /* "no such mailbox" */
const char *reason_advice (Reason reason);          /* what a sender does about it; a sentence or two */
const char *type_label (EventType type);            /* "hard", a column's heading */
const char *type_meaning (EventType type);          /* "the address will not work again" */
const char *fault_label (Fault fault);              /* "the recipient's address or mailbox" */
const char *decision_title (DecisionKind decision); /* "Remove", a heading */
const char *decision_name (DecisionKind decision);  /* "remove", within a sentence */
const char *decision_label (DecisionKind decision); /* "remove: write no more" */

#endif
