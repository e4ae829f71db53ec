/* SPDX-License-Identifier: MIT */
/* Every event is read once, in the order in which it lies there; what changed goes back in chunks on the other
 * connection. Nobody else changes rows meanwhile; new ones may come. */
#include "store/store_pg.h"

#include <string.h>

#include "store/store_words.h"

#define CHUNK 2000

typedef struct {
    StorePg *store;
    StoreDecide decide;
    gpointer user;
    Arena *arena;       /* of the chunk */
    GPtrArray *changed; /* of PgRow */
    guint64 count;
} Reclassify;

static gboolean
send_changed (Reclassify *work, GError **error)
{
    PGresult *failure = NULL;
    gboolean fine = store_pg_rows_update (work->store, work->changed, TRUE, &failure)
                    || store_pg_fail (work->store, work->store->connection, failure, "write to", error);
    PQclear (failure);
    work->count += work->changed->len;
    g_ptr_array_set_size (work->changed, 0);
    arena_clear (work->arena);
    return fine;
}

static gboolean
decide (Reclassify *work, const PgField *fields, GError **error)
{
    BounceEvent stored, event;
    store_pg_row_read (fields + PG_EVENT_HEAD_COLUMNS, &stored);
    event_copy (&event, &stored, work->arena);
    work->decide (&event, work->arena, work->user);
    /* Whose event it is and which one is not for a decision to change. */
    event.event_id = stored.event_id;
    event.recipient = stored.recipient;
    if (!store_row_same (&stored, &event)) {
        PgRow *changed = arena_new0 (work->arena, PgRow);
        changed->month = (int) pg_field_int (&fields[0]);
        if (fields[1].length == DIGEST_SIZE)
            memcpy (changed->message.bytes, fields[1].at, DIGEST_SIZE);
        changed->address = arena_strdup (work->arena, fields[2].at);
        changed->evidence = pg_field_int (&fields[3]) != 0;
        event_copy (&changed->event, &event, work->arena);
        g_ptr_array_add (work->changed, changed);
    } else if (work->changed->len == 0) {
        arena_clear (work->arena);
    }
    return (work->changed->len < CHUNK && arena_used (work->arena) < 64 * 1024 * 1024) || send_changed (work, error);
}

static gboolean
reclassify (Reclassify *work, GError **error)
{
    g_autoptr (GError) failure = NULL;
    PgField fields[STORE_PG_FIELDS];
    int n;
    if (!store_pg_lock (work->store, FALSE, error))
        return FALSE;
    g_autofree char *sql = g_strdup_printf ("SELECT " PG_EVENT_HEAD "%s FROM event", store_pg_columns);
    g_autoptr (PgStream) stream = pg_stream_open (work->store, sql, error);
    if (stream == NULL)
        return FALSE;
    while (pg_stream_next (stream, fields, &n, &failure))
        if (!decide (work, fields, error))
            return FALSE;
    if (failure == NULL)
        return send_changed (work, error);
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
}

gboolean
store_pg_reclassify (Store *base, StoreDecide decide_again, gpointer user, guint64 *changed, GError **error)
{
    StorePg *store = (StorePg *) base;
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GPtrArray) found = g_ptr_array_new ();
    Reclassify work = {store, decide_again, user, arena, found, 0};
    gboolean own = !store->open;
    if (own && !store_pg_begin (base, error))
        return FALSE;
    if (!reclassify (&work, error) || (own && !store_pg_commit (base, error))) {
        if (own)
            store_pg_rollback (base);
        return FALSE;
    }
    if (changed != NULL)
        *changed = work.count;
    return TRUE;
}
