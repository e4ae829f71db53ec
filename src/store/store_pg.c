/* SPDX-License-Identifier: MIT */
#include "store/store_pg.h"

#include <string.h>

#include "base/date.h"
#include "base/limits.h"

static void store_pg_set_host (Store *base, const char *host);
static void store_pg_on_late (Store *base, StoreLate late, gpointer user);

static const StoreBackend pg_backend = {
    .free = store_pg_free,
    .begin = store_pg_begin,
    .commit = store_pg_commit,
    .rollback = store_pg_rollback,
    .put = store_pg_put,
    .knows = store_pg_knows,
    .knows_at = store_pg_knows_at,
    .maildir_get = store_pg_maildir_get,
    .maildir_put = store_pg_maildir_put,
    .cursor_get = store_pg_cursor_get,
    .cursor_put = store_pg_cursor_put,
    .try_again = store_pg_try_again,
    .events_open = store_pg_events_open,
    .events_next = store_pg_events_next,
    .events_free = store_pg_events_free,
    .follow_open = store_pg_follow_open,
    .tally = store_pg_tally,
    .info = store_pg_info,
    .reclassify = store_pg_reclassify,
    .mark_put = store_pg_mark_put,
    .marks = store_pg_marks,
    .published_get = store_pg_published_get,
    .published_put = store_pg_published_put,
    .count_addresses = store_pg_count_addresses,
    .domain_put = store_pg_domain_put,
    .domains = store_pg_domains,
    .meta_get = store_pg_meta_get,
    .meta_put = store_pg_meta_put,
    .export = store_pg_export,
    .walk = store_pg_walk,
    .forgotten_put = store_pg_forgotten_put,
    .write_out = store_pg_write_out,
    .merge = store_pg_merge,
    .forget = store_pg_forget,
    .compact = store_pg_compact,
    .expire = store_pg_expire,
    .verify = store_pg_verify,
    .set_host = store_pg_set_host,
    .on_late = store_pg_on_late,
};

#define OPEN_TRIES 4

/* --- open and close ---------------------------------------------------------------------------------------------- */

/* The line may be lost while the tables are looked at or made: what was begun then is undone, and begun anew. */
static gboolean
look_around (StorePg *store, GError **error)
{
    for (guint tries = 1;; tries++) {
        g_autoptr (GError) failure = NULL;
        if (store_pg_schema_check (store, &failure) && store_pg_months_load (store, &failure))
            return TRUE;
        if (tries == OPEN_TRIES || store->connection == NULL || PQstatus (store->connection) == CONNECTION_OK) {
            g_propagate_error (error, g_steal_pointer (&failure));
            return FALSE;
        }
        if (!store_pg_reconnect (store, error))
            return FALSE;
    }
}

Store *
store_pg_open (const char *url, StoreMode mode, GError **error)
{
    if (!store_pg_check_url (url, error))
        return NULL;
    StorePg *store = g_new0 (StorePg, 1);
    g_autoptr (Store) owned = &store->base;
    store->base.backend = &pg_backend;
    store->mode = mode;
    store->url = g_strdup (url);
    store->host = g_strdup (g_get_host_name ());
    store->arena = arena_new ();
    store->months = g_hash_table_new (NULL, NULL);
    store_pg_batch_clear (store);
    store->connection = store_pg_connect_patiently (store, LIMIT_STORE_OPEN_SECONDS, error);
    if (store->connection == NULL || !look_around (store, error))
        return NULL;
    return g_steal_pointer (&owned);
}

void
store_pg_free (Store *base)
{
    StorePg *store = (StorePg *) base;
    PQfinish (store->connection); /* what is open is rolled back by the server */
    PQfinish (store->spare);
    g_hash_table_destroy (store->batch);
    g_hash_table_destroy (store->domains);
    g_hash_table_destroy (store->unknown);
    g_hash_table_destroy (store->months);
    g_ptr_array_unref (store->messages);
    g_ptr_array_unref (store->cursors);
    arena_free (store->batch_arena);
    arena_free (store->arena);
    g_free (store->place.source);
    g_free (store->tried_with);
    g_free (store->host);
    g_free (store->url);
    g_free (store);
}

static void
store_pg_set_host (Store *base, const char *host)
{
    StorePg *store = (StorePg *) base;
    g_free (store->host);
    store->host = g_strdup (host);
}

static void
store_pg_on_late (Store *base, StoreLate late, gpointer user)
{
    StorePg *store = (StorePg *) base;
    store->late = late;
    store->late_user = user;
}

/* --- transactions ------------------------------------------------------------------------------------------------ */

gboolean
store_pg_begin (Store *base, GError **error)
{
    StorePg *store = (StorePg *) base;
    (void) error;
    g_assert (!store->open);
    store->open = TRUE;
    store_pg_batch_clear (store);
    return TRUE;
}

static gboolean
is_empty (const StorePg *store)
{
    return store->messages->len == 0 && store->cursors->len == 0 && g_hash_table_size (store->domains) == 0;
}

/* Once; *again: another try may go better. */
static gboolean
try_commit (StorePg *store, gboolean *again, GError **error)
{
    *again = FALSE;
    if (store->direct)
        return store_pg_batch_send (store, again, error);
    if (!store_pg_reconnect (store, error))
        return FALSE;
    if (!store_pg_batch_months (store, error) || !store_pg_run (store, "BEGIN", NULL, "write to", error)) {
        *again = PQstatus (store->connection) != CONNECTION_OK;
        return FALSE;
    }
    return store_pg_batch_send (store, again, error);
}

static void
end (StorePg *store)
{
    store->open = store->direct = store->unsure = FALSE;
    store_pg_batch_clear (store);
}

/* A transaction that the server knew of before cannot be sent again: not all of it is here. */
gboolean
store_pg_commit (Store *base, GError **error)
{
    StorePg *store = (StorePg *) base;
    gint64 until = g_get_monotonic_time () + LIMIT_STORE_RETRY_SECONDS * G_USEC_PER_SEC;
    gulong pause = G_USEC_PER_SEC / 20;
    g_assert (store->open);
    if (is_empty (store) && !store->direct) {
        end (store);
        return TRUE;
    }
    for (;;) {
        g_autoptr (GError) failure = NULL;
        gboolean again;
        if (try_commit (store, &again, &failure)) {
            end (store);
            return TRUE;
        }
        store_pg_abandon (store);
        if (!again || store->direct || g_get_monotonic_time () + (gint64) pause > until) {
            end (store);
            g_propagate_error (error, g_steal_pointer (&failure));
            return FALSE;
        }
        g_hash_table_remove_all (store->months);
        g_usleep (pause);
        pause = MIN (pause * 2, 5 * G_USEC_PER_SEC);
        if (store_pg_reconnect (store, NULL))
            store_pg_months_load (store, NULL);
    }
}

void
store_pg_rollback (Store *base)
{
    StorePg *store = (StorePg *) base;
    if (store->direct)
        store_pg_abandon (store);
    end (store);
}

/* --- how much there is ------------------------------------------------------------------------------------------- */

gboolean
store_pg_info (Store *base, StoreInfo *info, GError **error)
{
    StorePg *store = (StorePg *) base;
    g_autoptr (PGresult) result = store_pg_query (
        store,
        "SELECT coalesce (sum (messages), 0), coalesce (sum (bounces), 0), coalesce (sum (unparsed), 0),"
        " coalesce (sum (events), 0), min (first_seen), max (last_seen) FROM added",
        NULL, "read", error);
    if (result == NULL)
        return FALSE;
    *info = (StoreInfo){.messages = (guint64) pg_take_int64 (result, 0, 0),
                        .bounces = (guint64) pg_take_int64 (result, 0, 1),
                        .unparsed = (guint64) pg_take_int64 (result, 0, 2),
                        .events = (guint64) pg_take_int64 (result, 0, 3),
                        .schema = STORE_PG_SCHEMA};
    info->first_seen = PQgetisnull (result, 0, 4) ? DATE_NONE : pg_take_int64 (result, 0, 4);
    info->last_seen = PQgetisnull (result, 0, 5) ? DATE_NONE : pg_take_int64 (result, 0, 5);
    return TRUE;
}

gboolean
store_pg_cursor_get (Store *base, const char *source, StoreCursor *cursor, gboolean *found, GError **error)
{
    StorePg *store = (StorePg *) base;
    PgParams params = {0};
    pg_text (&params, store->host);
    pg_bytes (&params, source, strlen (source));
    g_autoptr (PGresult) result = store_pg_query (
        store,
        "SELECT device, inode, size, mtime_ns, \"offset\", before FROM cursor WHERE host = $1 AND source = $2", &params,
        "read", error);
    if (result == NULL)
        return FALSE;
    *found = PQntuples (result) > 0 && pg_take_digest (result, 0, 5, &cursor->before);
    if (*found) {
        cursor->device = (guint64) pg_take_int64 (result, 0, 0);
        cursor->inode = (guint64) pg_take_int64 (result, 0, 1);
        cursor->size = (guint64) pg_take_int64 (result, 0, 2);
        cursor->mtime_ns = pg_take_int64 (result, 0, 3);
        cursor->offset = (guint64) pg_take_int64 (result, 0, 4);
    }
    return TRUE;
}

gboolean
store_pg_maildir_get (Store *base, const char *source, GBytes **seen, GError **error)
{
    StorePg *store = (StorePg *) base;
    PgParams params = {0};
    pg_text (&params, store->host);
    pg_bytes (&params, source, strlen (source));
    g_autoptr (PGresult) result =
        store_pg_query (store, "SELECT seen FROM maildir WHERE host = $1 AND source = $2", &params, "read", error);
    gsize length;
    *seen = NULL;
    if (result != NULL && PQntuples (result) > 0) {
        guint8 *bytes = pg_take_bytes (result, 0, 0, &length);
        *seen = g_bytes_new_take (bytes, length);
    }
    return result != NULL;
}
