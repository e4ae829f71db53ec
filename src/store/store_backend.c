/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/store_backend.h"

#include <string.h>

#include "base/date.h"

G_DEFINE_QUARK (nixie-store-error, store_error)

gboolean
store_is_server (const char *path)
{
    return g_str_has_prefix (path, "postgresql://") || g_str_has_prefix (path, "postgres://");
}

gboolean
store_has_servers (void)
{
#ifdef HAVE_POSTGRESQL
    return TRUE;
#else
    return FALSE;
#endif
}

#ifndef HAVE_POSTGRESQL
/* The URL is not shown: only who reads it can tell whether it holds a password. */
static Store *
without_postgresql (GError **error)
{
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_UNKNOWN,
                         "cannot open a ledger on a server: this nixie was built without PostgreSQL (configure "
                         "--with-postgresql)");
    return NULL;
}
#endif

Store *
store_open (const char *path, StoreMode mode, GError **error)
{
    if (path != NULL && store_is_server (path))
#ifdef HAVE_POSTGRESQL
        return store_pg_open (path, mode, error);
#else
        return without_postgresql (error);
#endif
    return store_sqlite_open (path, mode, error);
}

void
store_free (Store *store)
{
    if (store != NULL)
        store->backend->free (store);
}

gboolean
store_begin (Store *store, GError **error)
{
    return store->backend->begin (store, error);
}

gboolean
store_commit (Store *store, GError **error)
{
    return store->backend->commit (store, error);
}

void
store_rollback (Store *store)
{
    store->backend->rollback (store);
}

gboolean
store_put (Store *store, const StoreMessage *message, const EventList *events, gboolean *is_new,
           GError **error)
{
    return store->backend->put (store, message, events, is_new, error);
}

gboolean
store_knows (Store *store, const Digest *key, guint day, gboolean *known, GError **error)
{
    return store->backend->knows (store, key, day, known, error);
}

gboolean
store_knows_at (Store *store, const Digest *key, guint day, const char *source, guint64 offset, gboolean *known,
                GError **error)
{
    return store->backend->knows_at (store, key, day, source, offset, known, error);
}

gboolean
store_cursor_get (Store *store, const char *source, StoreCursor *cursor, gboolean *found, GError **error)
{
    return store->backend->cursor_get (store, source, cursor, found, error);
}

gboolean
store_cursor_put (Store *store, const char *source, const StoreCursor *cursor, GError **error)
{
    return store->backend->cursor_put (store, source, cursor, error);
}

gboolean
store_try_again (Store *store, const char *with, GError **error)
{
    return store->backend->try_again == NULL || store->backend->try_again (store, with, error);
}

gboolean
store_maildir_get (Store *store, const char *source, GBytes **seen, GError **error)
{
    *seen = NULL;
    return store->backend->maildir_get == NULL || store->backend->maildir_get (store, source, seen, error);
}

gboolean
store_maildir_put (Store *store, const char *source, GBytes *seen, GError **error)
{
    return store->backend->maildir_put == NULL || store->backend->maildir_put (store, source, seen, error);
}

StoreEvents *
store_events_open (Store *store, const StoreFilter *filter, GError **error)
{
    static const StoreFilter everything = {.since = DATE_NONE, .until = DATE_NONE};
    return store->backend->events_open (store, filter != NULL ? filter : &everything, error);
}

gboolean
store_events_next (StoreEvents *events, BounceEvent *event, GError **error)
{
    return events->backend->events_next (events, event, error);
}

void
store_events_free (StoreEvents *events)
{
    if (events != NULL)
        events->backend->events_free (events);
}

StoreEvents *
store_follow_open (Store *store, const StoreFilter *filter, const char *from, char **to, gboolean *restarted,
                   GError **error)
{
    if (store->backend->follow_open == NULL) {
        g_set_error_literal (error, STORE_ERROR, STORE_ERROR_UNKNOWN, "this kind of ledger cannot be followed");
        return NULL;
    }
    return store->backend->follow_open (store, filter, from, to, restarted, error);
}

gboolean
store_event_get (Store *store, guint64 row, BounceEvent *event, GError **error)
{
    return store->backend->event_get (store, row, event, error);
}

gboolean
store_event_texts (Store *store, guint64 row, BounceEvent *event, GError **error)
{
    return store->backend->event_texts (store, row, event, error);
}

gboolean
store_tally (Store *store, const StoreFilter *filter, StoreTallyEach each, StoreRecipientsEach recipients, gpointer user,
             gboolean *done, GError **error)
{
    *done = FALSE;
    return store->backend->tally == NULL
           || store->backend->tally (store, filter, each, recipients, user, done, error);
}

gboolean
store_info (Store *store, StoreInfo *info, GError **error)
{
    return store->backend->info (store, info, error);
}

gboolean
store_count_messages (Store *store, StoreInfo *info, GError **error)
{
    StoreInfo counted;
    *info = (StoreInfo){.first_seen = DATE_NONE, .last_seen = DATE_NONE};
    if (store->backend->count_messages != NULL)
        return store->backend->count_messages (store, info, error);
    if (!store_info (store, &counted, error))
        return FALSE;
    info->messages = counted.messages;
    info->bounces = counted.bounces;
    info->unparsed = counted.unparsed;
    return TRUE;
}

gboolean
store_reclassify (Store *store, StoreDecide decide, gpointer user, guint64 *changed, GError **error)
{
    return store->backend->reclassify (store, decide, user, changed, error);
}

gboolean
store_mark_put (Store *store, const StoreMark *mark, GError **error)
{
    return store->backend->mark_put (store, mark, error);
}

gboolean
store_marks (Store *store, const char *address, StoreMarkEach each, gpointer user, GError **error)
{
    return store->backend->marks (store, address, each, user, error);
}

gboolean
store_published_get (Store *store, const char *output, GArray *digests, gint64 *date, gboolean *found,
                     GError **error)
{
    return store->backend->published_get (store, output, digests, date, found, error);
}

gboolean
store_published_put (Store *store, const char *output, const GArray *digests, gint64 date, GError **error)
{
    return store->backend->published_put (store, output, digests, date, error);
}

gboolean
store_count_addresses (Store *store, guint64 *count, GError **error)
{
    return store->backend->count_addresses (store, count, error);
}

gboolean
store_domain_put (Store *store, const char *domain, const char *provider, const char *gateway, GError **error)
{
    return store->backend->domain_put (store, domain, provider, gateway, error);
}

gboolean
store_domains (Store *store, StoreDomainEach each, gpointer user, GError **error)
{
    return store->backend->domains (store, each, user, error);
}

char *
store_meta_get (Store *store, const char *name)
{
    return store->backend->meta_get (store, name);
}

gboolean
store_meta_put (Store *store, const char *name, const char *value, GError **error)
{
    return store->backend->meta_put (store, name, value, error);
}

gboolean
store_export (Store *store, Writer *writer, GError **error)
{
    return store->backend->export (store, writer, error);
}

gboolean
store_write_out (Store *store, const char *path, GError **error)
{
    return store->backend->write_out (store, path, error);
}

gboolean
store_merge (Store *store, const char *path, GError **error)
{
    return store->backend->merge (store, path, error);
}

gboolean
store_forget (Store *store, const char *address, gint64 date, gboolean keep_digest, guint64 *events,
              GError **error)
{
    return store->backend->forget (store, address, date, keep_digest, events, error);
}

gboolean
store_compact (Store *store, GError **error)
{
    return store->backend->compact (store, error);
}

gboolean
store_expire (Store *store, gint64 before, StoreKeeps keeps, gpointer user, guint64 *events, GError **error)
{
    return store->backend->expire (store, before, keeps, user, events, error);
}

gboolean
store_verify (Store *store, StoreFault found, gpointer user, guint *faults, GError **error)
{
    return store->backend->verify (store, found, user, faults, error);
}

/* A file belongs to one host, and nobody comes in between a put and its commit. */
void
store_set_host (Store *store, const char *host)
{
    if (store->backend->set_host != NULL)
        store->backend->set_host (store, host);
}

void
store_on_late (Store *store, StoreLate late, gpointer user)
{
    if (store->backend->on_late != NULL)
        store->backend->on_late (store, late, user);
}

/* --- words of marks ---------------------------------------------------------------------------------------------- */

static const char *const mark_words[N_MARKS] = {"allow", "forgive", "import"};

const char *
mark_word (MarkKind kind)
{
    g_assert (kind < N_MARKS);
    return mark_words[kind];
}

gboolean
mark_parse (const char *word, MarkKind *kind)
{
    for (guint i = 0; i < N_MARKS; i++)
        if (strcmp (word, mark_words[i]) == 0) {
            *kind = (MarkKind) i;
            return TRUE;
        }
    return FALSE;
}
