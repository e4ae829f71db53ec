/* SPDX-License-Identifier: MIT */
#include "store/store_pg.h"

#include <string.h>

/* One stream of messages, each with its events; a message without events is one row. */
typedef struct {
    const StoreWalk *walk;
    gpointer user;
    Arena *arena;       /* of the message at hand */
    EventList *events;
    StoreMessage message;
    gboolean open;
} Walking;

static gboolean
tell_message (Walking *walking, GError **error)
{
    gboolean fine = !walking->open || walking->walk->message (&walking->message, walking->events, walking->user, error);
    walking->open = FALSE;
    event_list_clear (walking->events);
    return fine;
}

static gboolean
take_row (Walking *walking, const PgField *fields, GError **error)
{
    Digest key = {{0}};
    BounceEvent stored;
    if (fields[0].length == DIGEST_SIZE)
        memcpy (key.bytes, fields[0].at, DIGEST_SIZE);
    if (!walking->open || !digest_equal (&key, &walking->message.key)) {
        if (!tell_message (walking, error))
            return FALSE;
        arena_clear (walking->arena);
        walking->message =
            (StoreMessage){.key = key, .source = arena_strdup (walking->arena, fields[1].at),
                           .offset = (guint64) pg_field_int (&fields[2]), .seen = pg_field_int (&fields[3])};
        store_result_parse (fields[4].at, &walking->message.result);
        walking->open = TRUE;
    }
    if (fields[5].at == NULL)
        return TRUE;
    store_pg_row_read (fields + 5, &stored);
    stored.source = walking->message.source;
    stored.offset = walking->message.offset;
    BounceEvent *event = event_list_add (walking->events);
    if (event != NULL)
        event_copy (event, &stored, walking->arena);
    return TRUE;
}

static gboolean
walk_messages (StorePg *store, Walking *walking, GError **error)
{
    g_autofree char *sql = g_strdup_printf (
        "SELECT m.key, m.source, m.\"offset\", m.seen, m.result, %s FROM message m LEFT JOIN event e ON e.message = m.key"
        " ORDER BY m.key, e.event_id", store_pg_columns);
    g_autoptr (PgStream) stream = pg_stream_open (store, sql, error);
    g_autoptr (GError) failure = NULL;
    PgField fields[STORE_PG_FIELDS];
    int n;
    if (stream == NULL)
        return FALSE;
    while (pg_stream_next (stream, fields, &n, &failure))
        if (!take_row (walking, fields, error))
            return FALSE;
    if (failure == NULL)
        return tell_message (walking, error);
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
}

gboolean
store_pg_walk (Store *base, const StoreWalk *walk, gpointer user, GError **error)
{
    StorePg *store = (StorePg *) base;
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (EventList) events = event_list_new (arena);
    Walking walking = {.walk = walk, .user = user, .arena = arena, .events = events};
    if (!walk_messages (store, &walking, error))
        return FALSE;
    g_autoptr (PGresult) forgotten =
        store_pg_query (store, "SELECT digest, date FROM forgotten ORDER BY digest", NULL, "read", error);
    gboolean fine = forgotten != NULL;
    for (int i = 0; fine && i < PQntuples (forgotten); i++) {
        Digest digest;
        fine = !pg_take_digest (forgotten, i, 0, &digest)
               || walk->forgotten (&digest, pg_take_int64 (forgotten, i, 1), user, error);
    }
    return fine;
}

gboolean
store_pg_forgotten_put (Store *base, const Digest *address, gint64 date, GError **error)
{
    StorePg *store = (StorePg *) base;
    PgParams params = {0};
    pg_bytes (&params, address->bytes, DIGEST_SIZE);
    pg_number (&params, date);
    return store_pg_direct (store, error)
           && store_pg_run (store,
                            "INSERT INTO forgotten AS f VALUES ($1, $2) ON CONFLICT (digest) DO UPDATE"
                            " SET date = greatest (f.date, excluded.date)",
                            &params, "write to", error);
}
