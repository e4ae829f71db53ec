/* SPDX-License-Identifier: MIT */
#include "event/vocabulary.h"

#include <string.h>

static const char *const type_words[N_TYPES] = {"unknown",   "hard",      "soft",    "block",
                                                "complaint", "autoreply", "delayed", "delivered"};
static const char *const fault_words[N_FAULTS] = {"none", "recipient", "infrastructure", "sender", "message"};
static const char *const status_from_words[N_STATUS_FROM] = {"", "field", "diagnostic", "text", "reply", "rule"};
static const char *const trust_words[N_TRUST] = {"unverified", "correlated", "plausible", "contradicted"};
static const char *const decision_words[N_DECISIONS] = {"keep", "watch", "review", "pause", "inactive", "remove"};

static const struct {
    const char *word;
    Fault fault;
    EventType type;
    const char *status;
} reasons[N_REASONS] = {
#define REASON(name, word, fault, type, status) {word, FAULT_##fault, TYPE_##type, status},
#include "event/reasons.def"
#undef REASON
};

static const char *const flag_words[N_FLAGS] = {
#define FLAG(name, word, why) word,
#include "event/flags.def"
#undef FLAG
};

static gboolean
find_word (const char *const *words, guint n, const char *word, guint *index)
{
    for (guint i = 0; i < n; i++)
        if (strcmp (words[i], word) == 0) {
            *index = i;
            return TRUE;
        }
    return FALSE;
}

/* The pair of functions that every closed list has. */
#define WORDS(prefix, Type, count) \
    const char *prefix##_word (Type value) \
    { \
        g_assert ((guint) value < (count)); \
        return prefix##_words[value]; \
    } \
    gboolean prefix##_parse (const char *word, Type *value) \
    { \
        guint index; \
        gboolean found = find_word (prefix##_words, (count), word, &index); \
        if (found) \
            *value = (Type) index; \
        return found; \
    }

#define event_type_words type_words
WORDS (event_type, EventType, N_TYPES)
WORDS (fault, Fault, N_FAULTS)
WORDS (status_from, StatusFrom, N_STATUS_FROM)
WORDS (trust, Trust, N_TRUST)
WORDS (decision, DecisionKind, N_DECISIONS)

const char *
flag_word (guint bit)
{
    g_assert (bit < N_FLAGS);
    return flag_words[bit];
}

gboolean
flag_parse (const char *word, guint *bit)
{
    return find_word (flag_words, N_FLAGS, word, bit);
}

const char *
reason_word (Reason reason)
{
    g_assert ((guint) reason < N_REASONS);
    return reasons[reason].word;
}

gboolean
reason_parse (const char *word, Reason *reason)
{
    for (guint i = 0; i < N_REASONS; i++)
        if (strcmp (reasons[i].word, word) == 0) {
            *reason = (Reason) i;
            return TRUE;
        }
    return FALSE;
}

EventType
reason_type (Reason reason)
{
    g_assert ((guint) reason < N_REASONS);
    return reasons[reason].type;
}

Fault
reason_fault (Reason reason)
{
    g_assert ((guint) reason < N_REASONS);
    return reasons[reason].fault;
}

const char *
reason_status (Reason reason)
{
    g_assert ((guint) reason < N_REASONS);
    return reasons[reason].status;
}
