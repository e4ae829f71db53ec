/* SPDX-License-Identifier: MIT */
#include "store/store_sqlite.h"

typedef struct {
    StoreSqlite *store;
    StoreDecide decide;
    gpointer user;
    sqlite3_stmt *next, *get, *set;
    Arena *arena; /* of one event */
    gint64 end;   /* the highest number before */
} Reclassify;

/* One event after the row *id; FALSE at the end or with *error. One that changes gets a number behind `end`. */
static gboolean
step (Reclassify *work, gint64 *id, guint64 *changed, GError **error)
{
    BounceEvent stored, event;
    sqlite3_bind_int64 (work->next, 1, *id);
    sqlite3_bind_int64 (work->next, 2, work->end);
    int code = sqlite3_step (work->next);
    gint64 found = code == SQLITE_ROW ? sqlite3_column_int64 (work->next, 0) : 0;
    sqlite3_reset (work->next);
    if (code == SQLITE_DONE)
        return FALSE;
    if (code != SQLITE_ROW)
        return store_fail (work->store, "read", error);
    *id = found;

    sqlite3_reset (work->get);
    sqlite3_bind_int64 (work->get, 1, found);
    if (sqlite3_step (work->get) != SQLITE_ROW)
        return store_fail (work->store, "read", error);
    store_row_read (work->get, &stored);
    arena_clear (work->arena);
    event_copy (&event, &stored, work->arena);
    work->decide (&event, work->arena, work->user);
    /* Whose event it is and which one is not for a decision to change. */
    event.event_id = stored.event_id;
    event.recipient = stored.recipient;
    if (store_row_same (&stored, &event))
        return TRUE;

    gint64 number = store_event_number (work->store, error);
    if (number == 0)
        return FALSE;
    sqlite3_bind_int64 (work->set, 1, number);
    sqlite3_bind_int64 (work->set, store_row_bind (work->set, 2, &event, work->arena), found);
    code = sqlite3_step (work->set);
    sqlite3_reset (work->set);
    (*changed)++;
    return code == SQLITE_DONE || store_fail (work->store, "write to", error);
}

static gboolean
reclassify (StoreSqlite *store, StoreDecide decide, gpointer user, guint64 *changed, GError **error)
{
    Reclassify work = {.store = store, .decide = decide, .user = user};
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GError) failure = NULL;
    gint64 id = 0;

    work.arena = arena;
    work.end = store_event_number (store, &failure);
    if (failure == NULL)
        work.next = store_prepare (store, "SELECT id FROM event WHERE id > ? AND id <= ? ORDER BY id LIMIT 1",
                                   &failure);
    work.get = failure == NULL ? store_prepare (store, store_row_get, &failure) : NULL;
    work.set = failure == NULL ? store_prepare (store, store_row_set, &failure) : NULL;
    while (failure == NULL && step (&work, &id, changed, &failure))
        ;
    sqlite3_finalize (work.next);
    sqlite3_finalize (work.get);
    sqlite3_finalize (work.set);
    if (failure == NULL)
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
}

gboolean
store_sqlite_reclassify (Store *base, StoreDecide decide, gpointer user, guint64 *changed, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    gboolean own = sqlite3_get_autocommit (store->database);
    guint64 count = 0;
    if (own && !store_begin (&store->base, error))
        return FALSE;
    if (!reclassify (store, decide, user, &count, error) || (own && !store_commit (&store->base, error))) {
        if (own)
            store_rollback (&store->base);
        return FALSE;
    }
    if (changed != NULL)
        *changed = count;
    return TRUE;
}
