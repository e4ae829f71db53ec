/* SPDX-License-Identifier: MIT */
/* What stands behind store.h and store_upkeep.h: one table of calls for each kind of ledger. store_backend.c hands every
 * call on and does nothing else; a kind embeds Store and StoreEvents at the head of its own. Each call does what the
 * function of its name in store.h promises. */
#ifndef NIXIE_STORE_STORE_BACKEND_H
#define NIXIE_STORE_STORE_BACKEND_H

#include "store/store.h"
#include "store/store_upkeep.h"

/* All that a ledger keeps of messages, in the order of their keys, each with its events in the order of their ids; then
 * the addresses that it has forgotten. Everything lives until the call returns. */
typedef struct {
    gboolean (*message) (const StoreMessage *message, const EventList *events, gpointer user, GError **error);
    gboolean (*forgotten) (const Digest *address, gint64 date, gpointer user, GError **error);
} StoreWalk;

typedef struct {
    void (*free) (Store *store);
    gboolean (*begin) (Store *store, GError **error);
    gboolean (*commit) (Store *store, GError **error);
    void (*rollback) (Store *store);
    gboolean (*put) (Store *store, const StoreMessage *message, const EventList *events, gboolean *is_new, GError **error);
    gboolean (*knows) (Store *store, const Digest *key, guint day, gboolean *known, GError **error);
    gboolean (*knows_at) (Store *store, const Digest *key, guint day, const char *source, guint64 offset, gboolean *known,
                          GError **error);
    gboolean (*cursor_get) (Store *store, const char *source, StoreCursor *cursor, gboolean *found, GError **error);
    gboolean (*cursor_put) (Store *store, const char *source, const StoreCursor *cursor, GError **error);
    /* NULL, both: this kind remembers nothing of Maildirs, and all of them is read again. */
    gboolean (*maildir_get) (Store *store, const char *source, GBytes **seen, GError **error);
    gboolean (*maildir_put) (Store *store, const char *source, GBytes *seen, GError **error);
    gboolean (*try_again) (Store *store, const char *with, GError **error); /* NULL: it never does */
    StoreEvents *(*events_open) (Store *store, const StoreFilter *filter, GError **error); /* `filter` is never NULL */
    gboolean (*events_next) (StoreEvents *events, BounceEvent *event, GError **error);
    void (*events_free) (StoreEvents *events);
    StoreEvents *(*follow_open) (Store *store, const StoreFilter *filter, const char *from, char **to, gboolean *restarted,
                                 GError **error);
    gboolean (*event_get) (Store *store, guint64 row, BounceEvent *event, GError **error); /* NULL: it leaves nothing out */
    gboolean (*event_texts) (Store *store, guint64 row, BounceEvent *event, GError **error); /* NULL: as well */
    /* NULL: this kind does not count, its events must be read. */
    gboolean (*tally) (Store *store, const StoreFilter *filter, StoreTallyEach each, StoreRecipientsEach recipients,
                       gpointer user, gboolean *done, GError **error);
    gboolean (*info) (Store *store, StoreInfo *info, GError **error);
    gboolean (*count_messages) (Store *store, StoreInfo *info, GError **error); /* NULL: `info` is as fast */
    gboolean (*reclassify) (Store *store, StoreDecide decide, gpointer user, guint64 *changed, GError **error);
    gboolean (*mark_put) (Store *store, const StoreMark *mark, GError **error);
    gboolean (*marks) (Store *store, const char *address, StoreMarkEach each, gpointer user, GError **error);
    gboolean (*published_get) (Store *store, const char *output, GArray *digests, gint64 *date, gboolean *found,
                               GError **error);
    gboolean (*published_put) (Store *store, const char *output, const GArray *digests, gint64 date, GError **error);
    gboolean (*count_addresses) (Store *store, guint64 *count, GError **error);
    gboolean (*domain_put) (Store *store, const char *domain, const char *provider, const char *gateway, GError **error);
    gboolean (*domains) (Store *store, StoreDomainEach each, gpointer user, GError **error);
    char *(*meta_get) (Store *store, const char *name);
    gboolean (*meta_put) (Store *store, const char *name, const char *value, GError **error);
    gboolean (*export) (Store *store, Writer *writer, GError **error);
    gboolean (*walk) (Store *store, const StoreWalk *walk, gpointer user, GError **error);
    /* Inside a transaction; the later date stays. */
    gboolean (*forgotten_put) (Store *store, const Digest *address, gint64 date, GError **error);
    gboolean (*write_out) (Store *store, const char *path, GError **error);
    gboolean (*merge) (Store *store, const char *path, GError **error);
    gboolean (*forget) (Store *store, const char *address, gint64 date, gboolean keep_digest, guint64 *events,
                        GError **error);
    gboolean (*compact) (Store *store, GError **error);
    gboolean (*expire) (Store *store, gint64 before, StoreKeeps keeps, gpointer user, guint64 *events, GError **error);
    gboolean (*verify) (Store *store, StoreFault found, gpointer user, guint *faults, GError **error);
    void (*set_host) (Store *store, const char *host);
    void (*on_late) (Store *store, StoreLate late, gpointer user);
} StoreBackend;

struct Store {
    const StoreBackend *backend;
};

struct StoreEvents {
    const StoreBackend *backend;
};

/* --- which copy of a message counts: the same for every kind */

/* > 0: the first says more, or as much at a lesser place. */
int store_compare_copies (MessageResult result_a, const char *source_a, guint64 offset_a, MessageResult result_b,
                          const char *source_b, guint64 offset_b);
const char *store_result_word (MessageResult result);
gboolean store_result_parse (const char *word, MessageResult *result);

/* store_walk.c: put what one ledger knows into an empty one of any kind. */
gboolean store_copy_all (Store *from, Store *to, GError **error);

/* store_sqlite.c: a file, or with NULL a private ledger. */
Store *store_sqlite_open (const char *path, StoreMode mode, GError **error);
/* store_pg.c: on a server. */
Store *store_pg_open (const char *url, StoreMode mode, GError **error);

#endif
