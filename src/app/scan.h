/* SPDX-License-Identifier: MIT */
/* The one place that joins source, parser and store: messages in, what they say out, one at a time. Memory does not
 * grow with the mail. */
#ifndef NIXIE_APP_SCAN_H
#define NIXIE_APP_SCAN_H

#include "app/app.h"
#include "source/source.h"
#include "store/store.h"
#include "worker/parser.h"

typedef struct {
    guint64 messages;     /* read */
    guint64 new_messages; /* not in the ledger before */
    guint64 bounces;      /* of the new ones: gave events */
    guint64 events;       /* of the new ones */
    guint64 unparsed;     /* of the new ones: bounces that were not understood */
    guint failures;       /* inputs that could not be read in full: exit 1 */
} ScanCounts;

/* Called for every message read; FALSE with an error ends the scan. */
typedef gboolean (*ScanEach) (const SourceMessage *message, const ParsedMessage *parsed, gpointer user,
                              GError **error);

/* Read what the command line names. `keys` FALSE: ordinary messages may come without their key. Only `messages` and
 * `failures` are counted. APP_ERROR_NO_INPUT (told already) when nothing of it exists. */
gboolean scan_each (App *app, gboolean keys, ScanEach each, gpointer user, ScanCounts *counts, GError **error);
typedef enum {
    SCAN_PRIVATE, /* a ledger for this run alone: everything is read as it is now */
    SCAN_PARTIAL, /* a ledger that will be merged: the same, but it learns as the state does */
    SCAN_STATE,   /* the state: mailboxes are followed from run to run by cursors */
    SCAN_TRY,     /* as it would be with `known` as the state, which is only asked: --dry-run */
} ScanMode;

/* Read what the command line names into the store, in batches of one transaction each: messages, events and cursors.
 * What the store or `known` (NULL = none) holds already is passed over. */
gboolean scan_into (App *app, ScanMode mode, Store *store, Store *known, ScanCounts *counts, GError **error);

#endif
