/* SPDX-License-Identifier: MIT */
#include "store/store_sqlite.h"

#include <string.h>

typedef struct {
    StoreSqlite *store;
    const StoreWalk *walk;
    gpointer user;
    sqlite3_stmt *messages, *events, *row;
    Arena *arena; /* of one message */
} Walking;

static gboolean
read_events (Walking *walking, gint64 message, EventList *events, GError **error)
{
    int code;
    sqlite3_reset (walking->events);
    sqlite3_bind_int64 (walking->events, 1, message);
    while ((code = sqlite3_step (walking->events)) == SQLITE_ROW) {
        BounceEvent stored;
        sqlite3_reset (walking->row);
        sqlite3_bind_int64 (walking->row, 1, sqlite3_column_int64 (walking->events, 0));
        if (sqlite3_step (walking->row) != SQLITE_ROW)
            return store_fail (walking->store, "read", error);
        store_row_read (walking->row, &stored);
        BounceEvent *event = event_list_add (events);
        if (event != NULL)
            event_copy (event, &stored, walking->arena);
    }
    return code == SQLITE_DONE || store_fail (walking->store, "read", error);
}

static gboolean
tell_message (Walking *walking, GError **error)
{
    sqlite3_stmt *row = walking->messages;
    arena_clear (walking->arena);
    g_autoptr (EventList) events = event_list_new (walking->arena);
    StoreMessage message = {.source = (const char *) sqlite3_column_text (row, 2),
                            .offset = (guint64) sqlite3_column_int64 (row, 3),
                            .seen = sqlite3_column_int64 (row, 4),
                            .day = (guint) sqlite3_column_int64 (row, 6)};
    const char *word = (const char *) sqlite3_column_text (row, 5);
    if (sqlite3_column_bytes (row, 1) == DIGEST_SIZE)
        memcpy (message.key.bytes, sqlite3_column_blob (row, 1), DIGEST_SIZE);
    if (message.source == NULL)
        message.source = "";
    store_result_parse (word != NULL ? word : "", &message.result);
    return read_events (walking, sqlite3_column_int64 (row, 0), events, error)
           && walking->walk->message (&message, events, walking->user, error);
}

static gboolean
walk_messages (Walking *walking, GError **error)
{
    int code;
    while ((code = sqlite3_step (walking->messages)) == SQLITE_ROW)
        if (!tell_message (walking, error))
            return FALSE;
    return code == SQLITE_DONE || store_fail (walking->store, "read", error);
}

static gboolean
walk_forgotten (Walking *walking, GError **error)
{
    sqlite3_stmt *row = store_prepare (walking->store, "SELECT digest, date FROM forgotten ORDER BY digest", error);
    gboolean fine = row != NULL;
    int code = SQLITE_DONE;
    while (fine && (code = sqlite3_step (row)) == SQLITE_ROW) {
        Digest digest;
        if (sqlite3_column_bytes (row, 0) != DIGEST_SIZE)
            continue;
        memcpy (digest.bytes, sqlite3_column_blob (row, 0), DIGEST_SIZE);
        fine = walking->walk->forgotten (&digest, sqlite3_column_int64 (row, 1), walking->user, error);
    }
    if (fine && code != SQLITE_DONE)
        fine = store_fail (walking->store, "read", error);
    sqlite3_finalize (row);
    return fine;
}

gboolean
store_sqlite_walk (Store *base, const StoreWalk *walk, gpointer user, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    g_autoptr (Arena) arena = arena_new ();
    Walking walking = {.store = store, .walk = walk, .user = user, .arena = arena};
    walking.messages =
        store_prepare (store, "SELECT id, key, source, offset, seen, result, day FROM message ORDER BY key", error);
    walking.events = walking.messages != NULL
                         ? store_prepare (store, "SELECT id FROM event WHERE message = ? ORDER BY event_id", error)
                         : NULL;
    walking.row = walking.events != NULL ? store_prepare (store, store_row_get, error) : NULL;
    gboolean fine = walking.row != NULL && walk_messages (&walking, error) && walk_forgotten (&walking, error);
    sqlite3_finalize (walking.messages);
    sqlite3_finalize (walking.events);
    sqlite3_finalize (walking.row);
    return fine;
}

gboolean
store_sqlite_forgotten_put (Store *base, const Digest *address, gint64 date, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    sqlite3_stmt *statement = store_prepare (
        store,
        "INSERT INTO forgotten (digest, date) VALUES (?, ?) ON CONFLICT DO UPDATE SET date = max (date, excluded.date)",
        error);
    if (statement == NULL)
        return FALSE;
    sqlite3_bind_blob (statement, 1, address->bytes, DIGEST_SIZE, SQLITE_STATIC);
    sqlite3_bind_int64 (statement, 2, date);
    gboolean done = sqlite3_step (statement) == SQLITE_DONE || store_fail (store, "write to", error);
    sqlite3_finalize (statement);
    return done;
}
