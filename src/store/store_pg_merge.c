/* SPDX-License-Identifier: MIT */
/* The union of this ledger with another one of any kind: what the other one knows goes into tables of this session, and
 * then, in one transaction that keeps writers out, the rules of store_sqlite_merge.c decide row by row. */
#include "store/store_pg.h"

#include <string.h>

#include "base/date.h"
#include "event/address.h"
#include "store/store_words.h"

#define ROWS 2000 /* that go to the server together */

/* How much a result says. */
#define RANK(result) \
    "CASE " result " WHEN 'events' THEN 3 WHEN 'unparsed' THEN 2 WHEN 'unreadable' THEN 1 ELSE 0 END"
/* Which copy of a message counts, as store_compare_copies() has it. */
#define COUNTS_MORE(a, b) \
    "(" RANK (a ".result") " > " RANK (b ".result") " OR (" RANK (a ".result") " = " RANK (b ".result") " AND (" a \
    ".source, " a ".\"offset\") < (" b ".source, " b ".\"offset\")))"

/* --- what the other one knows ------------------------------------------------------------------------------------ */

static const char stage[] =
    "DROP TABLE IF EXISTS pg_temp.their_message, pg_temp.their_event, pg_temp.their_mark, pg_temp.their_forgotten,"
    " pg_temp.their_domain;"
    "CREATE TEMPORARY TABLE their_message (LIKE nixie.message);"
    "CREATE TEMPORARY TABLE their_event (LIKE nixie.event INCLUDING DEFAULTS);"
    "CREATE TEMPORARY TABLE their_mark (LIKE nixie.mark);"
    "CREATE TEMPORARY TABLE their_forgotten (LIKE nixie.forgotten);"
    "CREATE TEMPORARY TABLE their_domain (LIKE nixie.provider_domain)";

typedef struct {
    StorePg *store;
    Arena *arena;           /* of what waits */
    GPtrArray *messages;    /* of StoreMessage */
    GPtrArray *rows;        /* of PgRow */
    GHashTable *months;
    GError *failure;        /* of domains */
} Staging;

static gboolean
copy_messages (Staging *staging, PGresult **failure)
{
    PgCopyOut copy;
    if (!pg_copy_begin (&copy, staging->store->connection,
                        "COPY pg_temp.their_message FROM STDIN (FORMAT binary)", failure))
        return FALSE;
    for (guint i = 0; i < staging->messages->len; i++) {
        const StoreMessage *message = staging->messages->pdata[i];
        pg_copy_row (&copy, 5);
        pg_copy_bytes (&copy, message->key.bytes, DIGEST_SIZE);
        pg_copy_text (&copy, message->source);
        pg_copy_int64 (&copy, (gint64) message->offset);
        pg_copy_int64 (&copy, message->seen);
        pg_copy_text (&copy, store_result_word (message->result));
    }
    return pg_copy_end (&copy, failure);
}

static gboolean
send_rows (Staging *staging, GError **error)
{
    StorePg *store = staging->store;
    PGresult *failure = NULL;
    gboolean fine = (copy_messages (staging, &failure)
                     && store_pg_rows_copy (store, "pg_temp.their_event", staging->rows, &failure))
                    || store_pg_fail (store, store->connection, failure, "merge into", error);
    PQclear (failure);
    g_ptr_array_set_size (staging->messages, 0);
    g_ptr_array_set_size (staging->rows, 0);
    arena_clear (staging->arena);
    return fine;
}

static gboolean
take_message (const StoreMessage *message, const EventList *events, gpointer user, GError **error)
{
    Staging *staging = user;
    StoreMessage *copy = arena_new0 (staging->arena, StoreMessage);
    *copy = *message;
    copy->source = arena_strdup (staging->arena, message->source);
    g_ptr_array_add (staging->messages, copy);
    for (guint i = 0; i < event_list_length (events); i++) {
        const BounceEvent *event = event_list_get (events, i);
        PgRow *row = arena_new0 (staging->arena, PgRow);
        row->month = store_pg_month_of (event->date, message->seen);
        row->message = message->key;
        row->address = address_normal (staging->arena, event->recipient);
        row->evidence = message->result != MESSAGE_EVENTS;
        event_copy (&row->event, event, staging->arena);
        g_ptr_array_add (staging->rows, row);
        if (row->month != STORE_PG_MONTH_OTHER)
            g_hash_table_add (staging->months, GINT_TO_POINTER (row->month));
    }
    return staging->messages->len + staging->rows->len < ROWS || send_rows (staging, error);
}

static gboolean
take_forgotten (const Digest *address, gint64 date, gpointer user, GError **error)
{
    PgParams params = {0};
    pg_bytes (&params, address->bytes, DIGEST_SIZE);
    pg_number (&params, date);
    return store_pg_run (((Staging *) user)->store, "INSERT INTO pg_temp.their_forgotten VALUES ($1, $2)", &params,
                         "merge into", error);
}

static gboolean
take_mark (const StoreMark *mark, gpointer user, GError **error)
{
    PgParams params = {0};
    pg_mark (&params, mark);
    return store_pg_run (((Staging *) user)->store,
                         "INSERT INTO pg_temp.their_mark VALUES ($1, $2, $3, $4, $5, $6, $7)", &params,
                         "merge into", error);
}

static void
take_domain (const char *domain, const char *provider, const char *gateway, gpointer user)
{
    Staging *staging = user;
    PgParams params = {0};
    pg_text (&params, domain);
    pg_text (&params, provider);
    pg_text (&params, gateway);
    if (staging->failure == NULL)
        store_pg_run (staging->store, "INSERT INTO pg_temp.their_domain VALUES ($1, $2, $3)", &params, "merge into",
                      &staging->failure);
}

static gboolean
take_all (Staging *staging, Store *other, GError **error)
{
    static const StoreWalk walk = {take_message, take_forgotten};
    gboolean fine = store_pg_run (staging->store, stage, NULL, "merge into", error)
                    && other->backend->walk (other, &walk, staging, error) && send_rows (staging, error)
                    && store_marks (other, NULL, take_mark, staging, error)
                    && store_domains (other, take_domain, staging, error);
    if (staging->failure != NULL) {
        g_propagate_error (error, g_steal_pointer (&staging->failure));
        fine = FALSE;
    }
    return fine
           && store_pg_run (staging->store, "ANALYZE pg_temp.their_message, pg_temp.their_event", NULL,
                            "merge into", error)
           && store_pg_months_make (staging->store, staging->months, error);
}

/* --- the union ------------------------------------------------------------------------------------------------------- */

#define NAME(name) ", " #name
#define SET(name) ", " #name " = o." #name
#define OLD(name) ", e." #name
#define NEW(name) ", o." #name
#define FIXED "month, message, address, evidence, event_id, date, type, fault, reason, decided, status_from, trust, flags"
/* NULL compares with nothing, so it needs a stand-in. */
#define ORDER(of) \
    of "evidence = 0, coalesce (" of "date, -9223372036854775807), " of "type, " of "fault, " of "reason, " of "decided, " \
    of "status_from, " of "trust, " of "flags, " of "address"
#define SAME_EVENT "e.message = o.message AND e.event_id = o.event_id AND e.address = o.address"

static const char *const steps[] = {
    /* Messages that both have, from different places: whose copy counts, as long as both can be asked. */
    "CREATE TEMPORARY TABLE copy ON COMMIT DROP AS SELECT m.key AS message, " COUNTS_MORE ("o", "m") " AS theirs"
    " FROM pg_temp.their_message o JOIN message m ON m.key = o.key"
    " WHERE (m.result, m.source, m.\"offset\") IS DISTINCT FROM (o.result, o.source, o.\"offset\")",
    "INSERT INTO message AS mine SELECT key, source, \"offset\", seen, result FROM pg_temp.their_message ORDER BY key"
    " ON CONFLICT (key) DO UPDATE SET seen = least (mine.seen, excluded.seen),"
    " source = CASE WHEN " COUNTS_MORE ("excluded", "mine") " THEN excluded.source ELSE mine.source END,"
    " \"offset\" = CASE WHEN " COUNTS_MORE ("excluded", "mine") " THEN excluded.\"offset\" ELSE mine.\"offset\" END,"
    " result = CASE WHEN " COUNTS_MORE ("excluded", "mine") " THEN excluded.result ELSE mine.result END"
    " WHERE excluded.seen < mine.seen OR " COUNTS_MORE ("excluded", "mine"),
    /* The same copy in both may be told differently by another version of the program. */
    "UPDATE event e SET month = o.month, evidence = o.evidence, date = o.date, type = o.type, fault = o.fault,"
    " reason = o.reason, decided = o.decided, status_from = o.status_from, trust = o.trust, flags = o.flags,"
    " given = " STORE_PG_GIVEN STORE_ROW_STRINGS (SET)
    " FROM pg_temp.their_event o LEFT JOIN pg_temp.copy c ON c.message = o.message WHERE " SAME_EVENT
    " AND coalesce (c.theirs, (" ORDER ("o.") STORE_ROW_STRINGS (NEW) ") > (" ORDER ("e.") STORE_ROW_STRINGS (OLD) "))",
    "INSERT INTO event (" FIXED STORE_ROW_STRINGS (NAME) ") SELECT " FIXED STORE_ROW_STRINGS (NAME)
    " FROM pg_temp.their_event o WHERE NOT EXISTS (SELECT FROM event e WHERE " SAME_EVENT ")",
    /* What one of them understood, the other one's evidence of not understanding it says no more. */
    "DELETE FROM event e USING message m, pg_temp.their_message o WHERE e.evidence = 1 AND m.key = e.message"
    " AND o.key = m.key AND m.result = 'events'",
    "INSERT INTO mark AS m SELECT * FROM pg_temp.their_mark WHERE true"
    " ON CONFLICT (address, kind, date, undone) DO UPDATE SET said = least (m.said, excluded.said),"
    " email = CASE WHEN (excluded.email, excluded.note) > (m.email, m.note) THEN excluded.email ELSE m.email END,"
    " note = CASE WHEN (excluded.email, excluded.note) > (m.email, m.note) THEN excluded.note ELSE m.note END",
    "INSERT INTO forgotten AS f SELECT * FROM pg_temp.their_forgotten ON CONFLICT (digest) DO UPDATE"
    " SET date = greatest (f.date, excluded.date)",
    /* Of two providers that are said to serve a domain, the greater name: a ledger does not
     * know which of them is later. */
    "INSERT INTO provider_domain AS d SELECT * FROM pg_temp.their_domain ORDER BY domain ON CONFLICT (domain) DO UPDATE"
    " SET provider = excluded.provider, gateway = excluded.gateway"
    " WHERE (excluded.provider, excluded.gateway) > (d.provider, d.gateway)",
};

/* What each batch added is not known of a merge: the difference between the tables and their tally is. */
static const char tally[] =
    "INSERT INTO added SELECT '', m.messages - a.messages, m.bounces - a.bounces, m.unparsed - a.unparsed,"
    " e.events - a.events, m.first_seen, m.last_seen FROM"
    " (SELECT count(*) AS messages, count(*) FILTER (WHERE result = 'events') AS bounces,"
    "  count(*) FILTER (WHERE result = 'unparsed') AS unparsed, min (seen) AS first_seen, max (seen) AS last_seen"
    "  FROM message) m,"
    " (SELECT count(*) AS events FROM event WHERE evidence = 0) e,"
    " (SELECT coalesce (sum (messages), 0) AS messages, coalesce (sum (bounces), 0) AS bounces,"
    "  coalesce (sum (unparsed), 0) AS unparsed, coalesce (sum (events), 0) AS events FROM added) a";

/* The other ledger may have brought back what this one was told to forget, or the other way round. */
static gboolean
forget_again (StorePg *store, GError **error)
{
    g_autoptr (PGresult) found = store_pg_query (
        store,
        "SELECT address, f.date FROM (SELECT address FROM event UNION SELECT address FROM mark) a JOIN forgotten f"
        " ON f.digest = substr (sha256 (convert_to (address, 'UTF8')), 1, 16)",
        NULL, "merge into", error);
    gboolean fine = found != NULL;
    for (int i = 0; fine && i < PQntuples (found); i++) {
        guint64 events = 0;
        fine = store_pg_forget_events (store, PQgetvalue (found, i, 0), pg_take_int64 (found, i, 1), &events, error);
    }
    return fine;
}

static gboolean
unite (StorePg *store, GError **error)
{
    gboolean fine = store_begin (&store->base, error) && store_pg_lock (store, TRUE, error);
    for (guint i = 0; fine && i < G_N_ELEMENTS (steps); i++)
        fine = store_pg_run (store, steps[i], NULL, "merge into", error);
    fine = fine && forget_again (store, error) && store_pg_run (store, tally, NULL, "merge into", error)
           && store_commit (&store->base, error);
    if (!fine && store->open)
        store_rollback (&store->base);
    return fine;
}

gboolean
store_pg_merge (Store *base, const char *path, GError **error)
{
    StorePg *store = (StorePg *) base;
    g_autoptr (Store) other = store_open (path, STORE_READ, error);
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GPtrArray) messages = g_ptr_array_new (), rows = g_ptr_array_new ();
    g_autoptr (GHashTable) months = g_hash_table_new (NULL, NULL);
    Staging staging = {store, arena, messages, rows, months, NULL};
    return other != NULL && take_all (&staging, other, error) && unite (store, error);
}
