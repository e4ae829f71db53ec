/* SPDX-License-Identifier: MIT */
/* Vocabulary goes into a ledger as words, so that its tables can be read without this program and its numbers may
 * change. What event/vocabulary.h has no words for is here. */
#ifndef NIXIE_STORE_STORE_WORDS_H
#define NIXIE_STORE_STORE_WORDS_H

#include "event/event.h"

/* Words with a space between; "" for none. */
const char *store_flags_to_words (guint32 flags, Arena *arena);
/* Words that this program does not know are left out. */
guint32 store_flags_from_words (const char *words);

/* An event as a row: the strings of an event but for `source`, which the message has. A new one needs a
 * new schema, so they are listed here and not taken from EVENT_STRINGS; the assertion tells when they part. */
#define STORE_ROW_STRINGS(X) \
    X (message_id) X (rule) X (recipient) X (final_recipient) X (original_recipient) X (domain) X (provider) \
    X (gateway) X (action) X (status) X (reply) X (diagnostic) X (command) X (format) X (agent) X (reporting_mta) \
    X (remote_mta) X (original_message_id) X (original_sender) X (original_subject) X (list_id) X (status_field) \
    X (report_to)
#define STORE_ROW_COUNT(name) +1
G_STATIC_ASSERT (0 STORE_ROW_STRINGS (STORE_ROW_COUNT) + 1 == 0 EVENT_STRINGS (STORE_ROW_COUNT));

/* They say the same; their places may differ. */
gboolean store_row_same (const BounceEvent *a, const BounceEvent *b);

#endif
