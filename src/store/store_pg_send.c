/* SPDX-License-Identifier: MIT */
/* A transaction of messages on its way to the server. Locks are taken in one order by everybody: new messages, known
 * ones, unreadable ones, domains, cursors, each sorted by its key. Who waits in one of these steps waits for somebody
 * in the same or a later one, never in a circle. */
#include "store/store_pg.h"

#include <string.h>

#include "base/date.h"
#include "event/address.h"

typedef enum { ACTION_NONE, ACTION_INSERT, ACTION_UPDATE } Action;

typedef struct {
    StorePg *store;
    gboolean *again;
    GError **error;
    GHashTable *actions;    /* key → Action: what becomes of the events of a message */
    GHashTable *fresh;      /* keys that are new in the ledger */
    GPtrArray *places;      /* of PgMessage: what changes of messages that were there */
    GHashTable *forgotten;  /* Digest of an address → gint64 */
} Sending;

/* FALSE, always. */
static gboolean
fail (Sending *sending, const PGresult *result)
{
    StorePg *store = sending->store;
    *sending->again = store_pg_may_retry (store->connection, result);
    return store_pg_fail (store, store->connection, result, "write to", sending->error);
}

static PGresult *
query (Sending *sending, const char *sql, const PgParams *params)
{
    PGconn *connection = sending->store->connection;
    PGresult *result = params == NULL ? PQexec (connection, sql)
                                      : PQexecParams (connection, sql, params->n, NULL, params->values, params->lengths,
                                                      params->formats, 0);
    ExecStatusType status = PQresultStatus (result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return result;
    fail (sending, result);
    PQclear (result);
    return NULL;
}

static gboolean
run (Sending *sending, const char *sql, const PgParams *params)
{
    g_autoptr (PGresult) result = query (sending, sql, params);
    return result != NULL;
}

static gboolean
begin_copy (Sending *sending, PgCopyOut *copy, const char *sql)
{
    PGresult *failure = NULL;
    if (pg_copy_begin (copy, sending->store->connection, sql, &failure))
        return TRUE;
    fail (sending, failure);
    PQclear (failure);
    return FALSE;
}

static gboolean
end_copy (Sending *sending, PgCopyOut *copy)
{
    PGresult *failure = NULL;
    if (pg_copy_end (copy, &failure))
        return TRUE;
    fail (sending, failure);
    PQclear (failure);
    return FALSE;
}

static gboolean
copy_messages (Sending *sending, const GPtrArray *messages)
{
    PgCopyOut copy;
    if (!begin_copy (sending, &copy, "COPY pg_temp.batch FROM STDIN (FORMAT binary)"))
        return FALSE;
    for (guint i = 0; i < messages->len; i++) {
        const PgMessage *message = messages->pdata[i];
        pg_copy_row (&copy, 5);
        pg_copy_bytes (&copy, message->key.bytes, DIGEST_SIZE);
        pg_copy_text (&copy, message->source);
        pg_copy_int64 (&copy, (gint64) message->offset);
        pg_copy_int64 (&copy, message->seen);
        pg_copy_text (&copy, store_result_word (message->result));
    }
    return end_copy (sending, &copy);
}

/* Which of the messages are new is for the server to say. */
static gboolean
send_messages (Sending *sending)
{
    static const char take[] = "INSERT INTO message SELECT key, source, \"offset\", seen, result FROM pg_temp.batch"
                               " ORDER BY key ON CONFLICT (key) DO NOTHING RETURNING key";
    if (!run (sending, "CREATE TEMPORARY TABLE IF NOT EXISTS batch (LIKE nixie.message) ON COMMIT DELETE ROWS", NULL)
        || !copy_messages (sending, sending->store->messages))
        return FALSE;
    g_autoptr (PGresult) result = query (sending, take, NULL);
    for (int i = 0; result != NULL && i < PQntuples (result); i++) {
        Digest key;
        if (pg_take_digest (result, i, 0, &key))
            g_hash_table_add (sending->fresh, g_memdup2 (&key, sizeof key));
    }
    return result != NULL;
}

/* --- messages that were there --------------------------------------------------------------------------------------- */

typedef struct {
    gint64 messages, bounces, unparsed, events;
    gint64 first, last; /* DATE_NONE: none */
} Added;

static void
count_result (Added *added, MessageResult result, int by)
{
    added->bounces += result == MESSAGE_EVENTS ? by : 0;
    added->unparsed += result == MESSAGE_UNPARSED ? by : 0;
}

/* The copy that counts gives all but the time, which is the earliest. `message` becomes what the row shall be. */
static void
weigh (Sending *sending, PgMessage *message, const PgPlace *there, Added *added)
{
    gboolean better = store_compare_copies (message->result, message->source, message->offset, there->result,
                                            there->source, there->offset) > 0;
    if (!better && message->seen >= there->seen)
        return;
    PgMessage *place = arena_new0 (sending->store->batch_arena, PgMessage);
    *place = (PgMessage){.key = message->key, .seen = MIN (message->seen, there->seen)};
    place->source = better ? message->source : arena_strdup (sending->store->batch_arena, there->source);
    place->offset = better ? message->offset : there->offset;
    place->result = better ? message->result : there->result;
    g_ptr_array_add (sending->places, place);
    if (message->seen < there->seen)
        added->first = added->first == DATE_NONE ? message->seen : MIN (added->first, message->seen);
    if (!better)
        return;
    Action action = message->result == there->result ? ACTION_UPDATE : ACTION_INSERT;
    g_hash_table_insert (sending->actions, &message->key, GINT_TO_POINTER (action));
    count_result (added, there->result, -1);
    count_result (added, message->result, 1);
}

static GString *
keys_of (const GPtrArray *messages, GHashTable *but)
{
    guint n = 0;
    for (guint i = 0; i < messages->len; i++)
        n += !g_hash_table_contains (but, &((const PgMessage *) messages->pdata[i])->key);
    GString *keys = pg_digests_new (n);
    for (guint i = 0; i < messages->len; i++) {
        const PgMessage *message = messages->pdata[i];
        if (!g_hash_table_contains (but, &message->key))
            pg_digests_add (keys, &message->key);
    }
    return keys;
}

static gboolean
weigh_known (Sending *sending, Added *added)
{
    static const char lock[] = "SELECT key, source, \"offset\", seen, result FROM message WHERE key = ANY ($1::bytea[])"
                               " ORDER BY key FOR UPDATE";
    StorePg *store = sending->store;
    if (g_hash_table_size (sending->fresh) == store->messages->len)
        return TRUE;
    g_autoptr (GString) keys = keys_of (store->messages, sending->fresh);
    PgParams params = {0};
    pg_digests (&params, keys);
    g_autoptr (PGresult) result = query (sending, lock, &params);
    for (int i = 0; result != NULL && i < PQntuples (result); i++) {
        PgPlace there = {.source = PQgetvalue (result, i, 1), .offset = (guint64) pg_take_int64 (result, i, 2),
                         .seen = pg_take_int64 (result, i, 3)};
        PgMessage *message;
        store_result_parse (PQgetvalue (result, i, 4), &there.result);
        if (pg_take_digest (result, i, 0, &there.key)
            && (message = g_hash_table_lookup (store->batch, &there.key)) != NULL)
            weigh (sending, message, &there, added);
    }
    return result != NULL;
}

/* What was kept of not understanding a message goes when a copy of it says more. */
static gboolean
set_places (Sending *sending)
{
    static const char set[] = "UPDATE message m SET source = b.source, \"offset\" = b.\"offset\", seen = b.seen,"
                              " result = b.result FROM pg_temp.batch b WHERE m.key = b.key AND m.key = ANY ($1::bytea[])";
    static const char clear[] = "DELETE FROM event WHERE evidence = 1 AND message = ANY ($1::bytea[])"
                                " AND message IN (SELECT key FROM pg_temp.batch WHERE result = 'events')";
    g_autoptr (GHashTable) none = pg_key_set_new ();
    g_autoptr (GString) keys = keys_of (sending->places, none);
    PgParams params = {0};
    pg_digests (&params, keys);
    return sending->places->len == 0
           || (run (sending, "TRUNCATE pg_temp.batch", NULL) && copy_messages (sending, sending->places)
               && run (sending, set, &params) && run (sending, clear, &params));
}

/* With what those that could not be read were tried, also when they could not be read once more. */
static gboolean
note_tried (Sending *sending)
{
    static const char note[] = "INSERT INTO unreadable SELECT key, $2::text FROM message WHERE key = ANY ($1::bytea[])"
                               " AND result = 'unreadable' ORDER BY key ON CONFLICT (message) DO UPDATE"
                               " SET tried = excluded.tried";
    StorePg *store = sending->store;
    g_autoptr (GPtrArray) lost = g_ptr_array_new ();
    for (guint i = 0; i < store->messages->len; i++) {
        PgMessage *message = store->messages->pdata[i];
        if (message->result == MESSAGE_UNREADABLE)
            g_ptr_array_add (lost, message);
    }
    if (lost->len == 0 || store->tried_with == NULL)
        return TRUE;
    g_autoptr (GHashTable) none = pg_key_set_new ();
    g_autoptr (GString) keys = keys_of (lost, none);
    PgParams params = {0};
    pg_digests (&params, keys);
    pg_text (&params, store->tried_with);
    return run (sending, note, &params);
}

/* Read behind the first insert: whoever forgets keeps inserts out, so what he forgot is to be seen by now. */
static gboolean
read_forgotten (Sending *sending)
{
    g_autoptr (PGresult) result = query (sending, "SELECT digest, date FROM forgotten", NULL);
    for (int i = 0; result != NULL && i < PQntuples (result); i++) {
        Digest digest;
        gint64 date = pg_take_int64 (result, i, 1);
        if (pg_take_digest (result, i, 0, &digest))
            g_hash_table_insert (sending->forgotten, g_memdup2 (&digest, sizeof digest),
                                 g_memdup2 (&date, sizeof date));
    }
    return result != NULL;
}

static gboolean
is_forgotten (const Sending *sending, const char *address, gint64 date)
{
    if (g_hash_table_size (sending->forgotten) == 0)
        return FALSE;
    Digest digest = digest_of (address, strlen (address));
    const gint64 *forgotten = g_hash_table_lookup (sending->forgotten, &digest);
    return forgotten != NULL && (date == DATE_NONE || date <= *forgotten);
}

static gboolean
came_before (const EventList *events, guint index)
{
    for (guint i = 0; i < index; i++)
        if (digest_equal (&event_list_get (events, i)->event_id, &event_list_get (events, index)->event_id))
            return TRUE;
    return FALSE;
}

/* The row of an event; NULL when it is to be forgotten. From the arena of the piece. */
static PgRow *
row_of (Sending *sending, const PgMessage *message, const BounceEvent *event)
{
    Arena *arena = sending->store->batch_arena;
    const char *address = address_normal (arena, event->recipient);
    if (is_forgotten (sending, address, event->date))
        return NULL;
    PgRow *row = arena_new0 (arena, PgRow);
    *row = (PgRow){store_pg_month_of (event->date, message->seen), message->key, address,
                   message->result != MESSAGE_EVENTS, *event};
    return row;
}

static void
note_rows (Sending *sending, const PgMessage *message, GPtrArray *insert, GPtrArray *update, Added *added)
{
    gboolean fresh = g_hash_table_contains (sending->fresh, &message->key);
    Action action = fresh ? ACTION_INSERT
                          : (Action) GPOINTER_TO_INT (g_hash_table_lookup (sending->actions, &message->key));
    if (fresh) {
        added->first = added->first == DATE_NONE ? message->seen : MIN (added->first, message->seen);
        added->last = added->last == DATE_NONE ? message->seen : MAX (added->last, message->seen);
        added->messages++;
        count_result (added, message->result, 1);
    }
    for (guint i = 0; action != ACTION_NONE && i < event_list_length (message->events); i++) {
        PgRow *row = came_before (message->events, i) ? NULL
                                                      : row_of (sending, message, event_list_get (message->events, i));
        if (row == NULL)
            continue;
        added->events += action == ACTION_INSERT && !row->evidence;
        g_ptr_array_add (action == ACTION_INSERT ? insert : update, row);
    }
}

static gboolean
send_events (Sending *sending, Added *added)
{
    StorePg *store = sending->store;
    g_autoptr (GPtrArray) insert = g_ptr_array_new (), update = g_ptr_array_new ();
    PGresult *failure = NULL;
    for (guint i = 0; i < store->messages->len; i++)
        note_rows (sending, store->messages->pdata[i], insert, update, added);
    if (store_pg_rows_copy (store, "event", insert, &failure) && store_pg_rows_update (store, update, FALSE, &failure))
        return TRUE;
    fail (sending, failure);
    PQclear (failure);
    return FALSE;
}

static void
put_date (PgParams *params, gint64 date)
{
    if (date == DATE_NONE)
        pg_text (params, NULL);
    else
        pg_number (params, date);
}

static gboolean
send_added (Sending *sending, const Added *added)
{
    PgParams params = {0};
    if (added->messages == 0 && added->bounces == 0 && added->unparsed == 0 && added->first == DATE_NONE)
        return TRUE;
    pg_text (&params, sending->store->host);
    pg_number (&params, added->messages);
    pg_number (&params, added->bounces);
    pg_number (&params, added->unparsed);
    pg_number (&params, added->events);
    put_date (&params, added->first);
    put_date (&params, added->last);
    return run (sending, "INSERT INTO added VALUES ($1, $2, $3, $4, $5, $6, $7)", &params);
}

static int
compare_domains (gconstpointer a, gconstpointer b)
{
    return strcmp ((*(const PgDomain *const *) a)->domain, (*(const PgDomain *const *) b)->domain);
}

/* What is there as it is must not be touched: the row would be locked for those who say the same. */
static gboolean
send_domains (Sending *sending)
{
    GHashTableIter iter;
    gpointer domain;
    g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
    g_hash_table_iter_init (&iter, sending->store->domains);
    while (g_hash_table_iter_next (&iter, NULL, &domain))
        g_ptr_array_add (sorted, domain);
    g_ptr_array_sort (sorted, compare_domains);
    for (guint i = 0; i < sorted->len; i++) {
        const PgDomain *put = sorted->pdata[i];
        PgParams params = {0};
        pg_text (&params, put->domain);
        pg_text (&params, put->provider);
        pg_text (&params, put->gateway);
        if (!run (sending,
                  "INSERT INTO provider_domain SELECT $1::text, $2::text, $3::text WHERE NOT EXISTS"
                  " (SELECT FROM provider_domain WHERE domain = $1::text AND provider = $2::text AND gateway = $3::text)"
                  " ON CONFLICT (domain) DO UPDATE SET provider = excluded.provider, gateway = excluded.gateway",
                  &params))
            return FALSE;
    }
    return TRUE;
}

static int
compare_cursors (gconstpointer a, gconstpointer b)
{
    return strcmp ((*(const PgCursor *const *) a)->source, (*(const PgCursor *const *) b)->source);
}

static gboolean
send_seen (Sending *sending, const PgCursor *put)
{
    PgParams params = {0};
    gsize length;
    const void *bytes = g_bytes_get_data (put->seen, &length);
    pg_text (&params, sending->store->host);
    pg_bytes (&params, put->source, strlen (put->source));
    pg_bytes (&params, bytes != NULL ? bytes : "", length);
    return run (sending, "INSERT INTO maildir VALUES ($1, $2, $3) ON CONFLICT (host, source) DO UPDATE SET"
                         " seen = excluded.seen", &params);
}

static gboolean
send_cursor (Sending *sending, const PgCursor *put)
{
    PgParams params = {0};
    pg_text (&params, sending->store->host);
    pg_bytes (&params, put->source, strlen (put->source));
    pg_number (&params, (gint64) put->cursor.device);
    pg_number (&params, (gint64) put->cursor.inode);
    pg_number (&params, (gint64) put->cursor.size);
    pg_number (&params, put->cursor.mtime_ns);
    pg_number (&params, (gint64) put->cursor.offset);
    pg_bytes (&params, put->cursor.before.bytes, DIGEST_SIZE);
    return run (sending,
                "INSERT INTO cursor VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (host, source) DO UPDATE SET"
                " device = excluded.device, inode = excluded.inode, size = excluded.size, mtime_ns = excluded.mtime_ns,"
                " \"offset\" = excluded.\"offset\", before = excluded.before", &params);
}

/* Sorted; of one source put twice, the later one stands behind the earlier. */
static gboolean
send_cursors (Sending *sending)
{
    GPtrArray *cursors = sending->store->cursors;
    gboolean fine = TRUE;
    g_ptr_array_sort (cursors, compare_cursors);
    for (guint i = 0; fine && i < cursors->len; i++) {
        const PgCursor *put = cursors->pdata[i];
        fine = put->seen != NULL ? send_seen (sending, put) : send_cursor (sending, put);
    }
    return fine;
}

/* Whoever was told "new" hears that it was not. */
static void
tell_late (StorePg *store, GHashTable *fresh)
{
    for (guint i = 0; i < store->messages->len; i++) {
        const PgMessage *message = store->messages->pdata[i];
        if (!message->told_new || g_hash_table_contains (fresh, &message->key))
            continue;
        store->unknown_run = 0;
        if (store->late != NULL)
            store->late (&message->key, message->result, event_list_length (message->events), store->late_user);
    }
}

gboolean
store_pg_batch_months (StorePg *store, GError **error)
{
    g_autoptr (GHashTable) missing = g_hash_table_new (NULL, NULL);
    for (guint i = 0; i < store->messages->len; i++) {
        const PgMessage *message = store->messages->pdata[i];
        for (guint j = 0; j < event_list_length (message->events); j++) {
            gpointer month =
                GINT_TO_POINTER (store_pg_month_of (event_list_get (message->events, j)->date, message->seen));
            if (GPOINTER_TO_INT (month) != STORE_PG_MONTH_OTHER && !g_hash_table_contains (store->months, month))
                g_hash_table_add (missing, month);
        }
    }
    return g_hash_table_size (missing) == 0 || store_pg_months_make (store, missing, error);
}

static gboolean
send_all (Sending *sending)
{
    Added added = {.first = DATE_NONE, .last = DATE_NONE};
    if (sending->store->messages->len == 0)
        return TRUE;
    return send_messages (sending) && read_forgotten (sending) && weigh_known (sending, &added) && set_places (sending)
           && note_tried (sending) && send_events (sending, &added) && send_added (sending, &added);
}

gboolean
store_pg_batch_send (StorePg *store, gboolean *again, GError **error)
{
    g_autoptr (GHashTable) fresh = pg_key_set_new ();
    g_autoptr (GHashTable) forgotten = g_hash_table_new_full (pg_key_hash, pg_key_equal, g_free, g_free);
    g_autoptr (GHashTable) actions = g_hash_table_new (pg_key_hash, pg_key_equal);
    g_autoptr (GPtrArray) places = g_ptr_array_new ();
    Sending sending = {store, again, error, actions, fresh, places, forgotten};
    *again = FALSE;
    if (!send_all (&sending) || !send_domains (&sending) || !send_cursors (&sending))
        return FALSE;
    if (!run (&sending, "COMMIT", NULL)) {
        store->unsure = TRUE;
        return FALSE;
    }
    if (!store->unsure)
        tell_late (store, fresh);
    return TRUE;
}
