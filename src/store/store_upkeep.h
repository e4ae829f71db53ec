/* SPDX-License-Identifier: MIT */
/* The ledger as a whole: written out, joined with others, looked over, made smaller. */
#ifndef NIXIE_STORE_STORE_UPKEEP_H
#define NIXIE_STORE_STORE_UPKEEP_H

#include "base/writer.h"
#include "store/store.h"

/* All that is known, one JSON object a line: {"table":"message",…}, then events, marks and forgotten addresses, each in
 * an order that does not depend on how it came in. Two ledgers that know the same give the same bytes. Left out: row
 * numbers, cursors, remarks and what was published, which belong to one place. */
gboolean store_export (Store *store, Writer *writer, GError **error);

/* Write a ledger as a new file at `path`, which must not be there: packed, mode 0600, on the disk when it returns. */
gboolean store_write_out (Store *store, const char *path, GError **error);

/* Add what the ledger at `path` knows. The order of merging and merging twice change nothing of what store_export()
 * gives: where two say different things about one message, the greater one (of words and bytes) stays. */
gboolean store_merge (Store *store, const char *path, GError **error);

/* Every trace of an address goes: its events, what people said on it, its mention in other events.
 * With `keep_digest`, a digest stays, and what is dated up to `date` does not come back by another
 * scan. Inside a transaction. */
gboolean store_forget (Store *store, const char *address, gint64 date, gboolean keep_digest, guint64 *events,
                       GError **error);
/* Give free pages back and overwrite what was in them. Outside of a transaction. */
gboolean store_compact (Store *store, GError **error);

/* Take events dated before `before` away, except those of addresses that `keeps` says TRUE for. Messages stay known, so
 * that a scan does not bring them back. Inside a transaction. */
typedef gboolean (*StoreKeeps) (const char *address, gpointer user);
gboolean store_expire (Store *store, gint64 before, StoreKeeps keeps, gpointer user, guint64 *events, GError **error);

/* Looks for damage; `found` is called for each fault. FALSE only when the looking itself failed. */
typedef void (*StoreFault) (const char *what, gpointer user);
gboolean store_verify (Store *store, StoreFault found, gpointer user, guint *faults, GError **error);

#endif
