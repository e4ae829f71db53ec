/* SPDX-License-Identifier: MIT */
/* The closed vocabularies: type, fault, reason, decision, trust, status_from, flags. Machine words, never translated.
 * Numbers are for memory only; files carry the words. */
#ifndef NIXIE_EVENT_VOCABULARY_H
#define NIXIE_EVENT_VOCABULARY_H

#include <glib.h>

typedef enum {
    TYPE_UNKNOWN, TYPE_HARD, TYPE_SOFT, TYPE_BLOCK, TYPE_COMPLAINT, TYPE_AUTOREPLY, TYPE_DELAYED, TYPE_DELIVERED,
    N_TYPES
} EventType;

typedef enum { FAULT_NONE, FAULT_RECIPIENT, FAULT_INFRASTRUCTURE, FAULT_SENDER, FAULT_MESSAGE, N_FAULTS } Fault;

typedef enum {
#define REASON(name, word, fault, type, status) REASON_##name,
#include "event/reasons.def"
#undef REASON
    N_REASONS
} Reason;

typedef enum {
    STATUS_FROM_NOTHING, STATUS_FROM_FIELD, STATUS_FROM_DIAGNOSTIC, STATUS_FROM_TEXT, STATUS_FROM_REPLY,
    STATUS_FROM_RULE, N_STATUS_FROM
} StatusFrom;

typedef enum { TRUST_UNVERIFIED, TRUST_CORRELATED, TRUST_PLAUSIBLE, TRUST_CONTRADICTED, N_TRUST } Trust;

typedef enum {
    DECISION_KEEP, DECISION_WATCH, DECISION_REVIEW, DECISION_PAUSE, DECISION_INACTIVE, DECISION_REMOVE, N_DECISIONS
} DecisionKind;

enum {
#define FLAG(name, word, why) FLAG_BIT_##name,
#include "event/flags.def"
#undef FLAG
    N_FLAGS
};
enum {
#define FLAG(name, word, why) FLAG_##name = 1u << FLAG_BIT_##name,
#include "event/flags.def"
#undef FLAG
};

/* The word of a value (never NULL), and the value of a word: FALSE when there is no such word. */
const char *event_type_word (EventType type);
gboolean event_type_parse (const char *word, EventType *type);
const char *fault_word (Fault fault);
gboolean fault_parse (const char *word, Fault *fault);
const char *reason_word (Reason reason);
gboolean reason_parse (const char *word, Reason *reason);
const char *status_from_word (StatusFrom from);
gboolean status_from_parse (const char *word, StatusFrom *from);
const char *trust_word (Trust trust);
gboolean trust_parse (const char *word, Trust *trust);
const char *decision_word (DecisionKind decision);
gboolean decision_parse (const char *word, DecisionKind *decision);
const char *flag_word (guint bit); /* bit = 0..N_FLAGS-1 */
gboolean flag_parse (const char *word, guint *bit);

/* What a reason is by itself. */
EventType reason_type (Reason reason);
Fault reason_fault (Reason reason);
const char *reason_status (Reason reason); /* "" when it stands for none */

#endif
