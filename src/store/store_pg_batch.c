/* SPDX-License-Identifier: MIT */
/* A transaction of messages while it is being made: store_pg_send.c takes it to the server. */
#include "store/store_pg.h"

#include <string.h>

guint
pg_key_hash (gconstpointer key)
{
    guint hash;
    memcpy (&hash, ((const Digest *) key)->bytes, sizeof hash);
    return hash;
}

gboolean
pg_key_equal (gconstpointer a, gconstpointer b)
{
    return digest_equal (a, b);
}

GHashTable *
pg_key_set_new (void)
{
    return g_hash_table_new_full (pg_key_hash, pg_key_equal, g_free, NULL);
}

static void
cursor_free (gpointer data)
{
    PgCursor *cursor = data;
    g_free (cursor->source);
    g_clear_pointer (&cursor->seen, g_bytes_unref);
    g_free (cursor);
}

static void
message_free (gpointer data)
{
    PgMessage *message = data;
    event_list_free (message->events);
}

static void
batch_make (StorePg *store)
{
    if (store->messages != NULL)
        return;
    store->batch_arena = arena_new ();
    store->messages = g_ptr_array_new_with_free_func (message_free);
    store->batch = g_hash_table_new (pg_key_hash, pg_key_equal);
    store->cursors = g_ptr_array_new_with_free_func (cursor_free);
    store->domains = g_hash_table_new (g_str_hash, g_str_equal);
    store->unknown = pg_key_set_new ();
}

void
store_pg_batch_clear (StorePg *store)
{
    batch_make (store);
    g_hash_table_remove_all (store->batch);
    g_hash_table_remove_all (store->domains);
    g_ptr_array_set_size (store->messages, 0);
    g_ptr_array_set_size (store->cursors, 0);
    arena_clear (store->batch_arena);
    store->asked = FALSE;
}

/* --- into the piece ---------------------------------------------------------------------------------------------- */

/* What the server has under that key is kept: whoever asks whether it is known asks for its place next. */
static gboolean
ask (StorePg *store, const Digest *key, gboolean *known, GError **error)
{
    PgParams params = {0};
    if (store->asked && digest_equal (key, &store->place.key)) {
        *known = TRUE;
        return TRUE;
    }
    pg_bytes (&params, key->bytes, DIGEST_SIZE);
    pg_text (&params, store->tried_with);
    g_autoptr (PGresult) result = store_pg_query (
        store, "SELECT source, \"offset\", seen, result, result = 'unreadable' AND $2::text IS NOT NULL AND NOT EXISTS"
               " (SELECT FROM unreadable WHERE message = key AND tried = $2::text) FROM message WHERE key = $1",
        &params, "read", error);
    if (result == NULL)
        return FALSE;
    *known = PQntuples (result) > 0;
    if (*known) {
        g_free (store->place.source);
        store->place = (PgPlace){*key, g_strdup (PQgetvalue (result, 0, 0)), (guint64) pg_take_int64 (result, 0, 1),
                                 pg_take_int64 (result, 0, 2), MESSAGE_ORDINARY, *PQgetvalue (result, 0, 4) == 't'};
        store_result_parse (PQgetvalue (result, 0, 3), &store->place.result);
        store->asked = TRUE;
    }
    return TRUE;
}

/* One question a message is what a far server is slow at. Where one new message follows the other, the next is taken to
 * be new as well, until a commit brings to light that it was not. A server keeps its keys by the digest alone, without a day. */
gboolean
store_pg_knows (Store *base, const Digest *key, guint day, gboolean *known, GError **error)
{
    (void) day;
    StorePg *store = (StorePg *) base;
    *known = g_hash_table_contains (store->batch, key);
    if (*known || g_hash_table_contains (store->unknown, key))
        return TRUE;
    if (store->unknown_run < STORE_PG_UNKNOWN_RUN || store->late == NULL) {
        if (!ask (store, key, known, error))
            return FALSE;
        store->unknown_run = *known ? 0 : store->unknown_run + 1;
    }
    if (*known)
        return TRUE;
    if (g_hash_table_size (store->unknown) >= STORE_PG_KEYS)
        g_hash_table_remove_all (store->unknown);
    g_hash_table_add (store->unknown, g_memdup2 (key, sizeof *key));
    return TRUE;
}

/* At most it says as much as any copy can. */
static gboolean
adds_nothing (const char *source, guint64 offset, MessageResult known, const char *known_source, guint64 known_offset)
{
    return store_compare_copies (MESSAGE_EVENTS, source, offset, known, known_source, known_offset) <= 0
           || (known != MESSAGE_UNPARSED && strcmp (source, known_source) == 0 && offset == known_offset);
}

gboolean
store_pg_knows_at (Store *base, const Digest *key, guint day, const char *source, guint64 offset, gboolean *known,
                   GError **error)
{
    (void) day;
    StorePg *store = (StorePg *) base;
    const PgMessage *message = g_hash_table_lookup (store->batch, key);
    const PgPlace *place = &store->place;
    if (message != NULL) {
        *known = adds_nothing (source, offset, message->result, message->source, message->offset);
        return TRUE;
    }
    if (!ask (store, key, known, error))
        return FALSE;
    *known = *known && !place->due && adds_nothing (source, offset, place->result, place->source, place->offset);
    return TRUE;
}

static void
copy_events (PgMessage *to, const EventList *events, Arena *arena)
{
    to->events = event_list_new (arena);
    for (guint i = 0; events != NULL && i < event_list_length (events); i++)
        event_copy (event_list_add (to->events), event_list_get (events, i), arena);
}

/* Of two copies in one piece, the one that counts gives all but the earliest time. */
static void
set_message (StorePg *store, PgMessage *to, const StoreMessage *message, const EventList *events)
{
    to->source = arena_strdup (store->batch_arena, message->source);
    to->offset = message->offset;
    to->result = message->result;
    g_clear_pointer (&to->events, event_list_free);
    copy_events (to, events, store->batch_arena);
}

static gboolean
can_be_read_now (MessageResult before, MessageResult now)
{
    return before == MESSAGE_UNREADABLE && now != MESSAGE_UNREADABLE && now != MESSAGE_ORDINARY;
}

gboolean
store_pg_put (Store *base, const StoreMessage *message, const EventList *events, gboolean *is_new, GError **error)
{
    StorePg *store = (StorePg *) base;
    gboolean known = FALSE;
    g_assert (store->open);
    PgMessage *there = g_hash_table_lookup (store->batch, &message->key);
    if (there != NULL) {
        gboolean better = store_compare_copies (message->result, message->source, message->offset, there->result,
                                                there->source, there->offset) > 0;
        *is_new = better && can_be_read_now (there->result, message->result);
        there->seen = MIN (there->seen, message->seen);
        if (better)
            set_message (store, there, message, events);
        return TRUE;
    }
    if (!g_hash_table_remove (store->unknown, &message->key) && !ask (store, &message->key, &known, error))
        return FALSE;
    *is_new = !known || can_be_read_now (store->place.result, message->result);
    PgMessage *copy = arena_new0 (store->batch_arena, PgMessage);
    *copy = (PgMessage){.key = message->key, .seen = message->seen, .told_new = !known};
    set_message (store, copy, message, events);
    g_ptr_array_add (store->messages, copy);
    g_hash_table_insert (store->batch, &copy->key, copy);
    return TRUE;
}

gboolean
store_pg_cursor_put (Store *base, const char *source, const StoreCursor *cursor, GError **error)
{
    StorePg *store = (StorePg *) base;
    (void) error;
    g_assert (store->open);
    PgCursor *copy = g_new (PgCursor, 1);
    *copy = (PgCursor){g_strdup (source), *cursor, NULL};
    g_ptr_array_add (store->cursors, copy);
    return TRUE;
}

gboolean
store_pg_maildir_put (Store *base, const char *source, GBytes *seen, GError **error)
{
    StorePg *store = (StorePg *) base;
    (void) error;
    g_assert (store->open);
    PgCursor *copy = g_new0 (PgCursor, 1);
    copy->source = g_strdup (source);
    copy->seen = g_bytes_ref (seen);
    g_ptr_array_add (store->cursors, copy);
    return TRUE;
}

gboolean
store_pg_domain_put (Store *base, const char *domain, const char *provider, const char *gateway, GError **error)
{
    StorePg *store = (StorePg *) base;
    (void) error;
    g_assert (store->open);
    PgDomain *copy = arena_new0 (store->batch_arena, PgDomain);
    *copy = (PgDomain){arena_strdup (store->batch_arena, domain), arena_strdup (store->batch_arena, provider),
                       arena_strdup (store->batch_arena, gateway)};
    g_hash_table_replace (store->domains, (gpointer) copy->domain, copy);
    return TRUE;
}
