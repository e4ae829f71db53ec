/* SPDX-License-Identifier: MIT */
#include "store/store_pg.h"

#include <string.h>

#include "base/date.h"
#include "event/address.h"
#include "store/store_words.h"

/* --- forget ------------------------------------------------------------------------------------------------------ */

/* `statement` takes events away, and what it says of them is counted: all of them, and those that counted as events. */
static gboolean
take_away (StorePg *store, const char *statement, const PgParams *params, guint64 *events, GError **error)
{
    g_autofree char *sql = g_strdup_printf ("WITH gone AS (%s RETURNING evidence), tally AS (INSERT INTO added"
                                            " SELECT '', 0, 0, 0, -count(*), NULL, NULL FROM gone WHERE evidence = 0"
                                            " HAVING count(*) > 0) SELECT count(*) FROM gone", statement);
    g_autoptr (PGresult) result = store_pg_query (store, sql, params, "write to", error);
    if (result == NULL)
        return FALSE;
    *events += (guint64) pg_take_int64 (result, 0, 0);
    return TRUE;
}

/* What is dated later belongs to a later time, in which the address may be written to again. */
gboolean
store_pg_forget_events (StorePg *store, const char *address, gint64 date, guint64 *events, GError **error)
{
    static const char mentions[] =
        "UPDATE event SET final_recipient = CASE WHEN lower (final_recipient) = $1::text THEN '' ELSE final_recipient END,"
        " original_recipient = CASE WHEN lower (original_recipient) = $1::text THEN '' ELSE original_recipient END,"
        " diagnostic = CASE WHEN strpos (lower (diagnostic), $1::text) > 0 THEN '' ELSE diagnostic END"
        " WHERE coalesce (date, 0) <= $2::bigint AND (lower (final_recipient) = $1::text"
        " OR lower (original_recipient) = $1::text OR strpos (lower (diagnostic), $1::text) > 0)";
    PgParams params = {0};
    pg_text (&params, address);
    pg_number (&params, date);
    return take_away (store,
                      "DELETE FROM event WHERE address = $1::text AND coalesce (date, 0) <= $2::bigint",
                      &params, events, error)
           && store_pg_run (store, mentions, &params, "write to", error)
           && store_pg_run (store, "DELETE FROM mark WHERE address = $1::text AND date <= $2::bigint",
                            &params, "write to", error);
}

gboolean
store_pg_forget (Store *base, const char *address, gint64 date, gboolean keep_digest, guint64 *events, GError **error)
{
    StorePg *store = (StorePg *) base;
    Digest digest = digest_of (address, strlen (address));
    PgParams params = {0};
    *events = 0;
    if (!store_pg_lock (store, TRUE, error)
        || !store_pg_forget_events (store, address, keep_digest ? date : G_MAXINT64, events, error))
        return FALSE;
    pg_bytes (&params, digest.bytes, DIGEST_SIZE);
    pg_number (&params, date);
    return !keep_digest
           || store_pg_run (store,
                            "INSERT INTO forgotten AS f VALUES ($1, $2) ON CONFLICT (digest) DO UPDATE"
                            " SET date = greatest (f.date, excluded.date)",
                            &params, "write to", error);
}

gboolean
store_pg_compact (Store *base, GError **error)
{
    return store_pg_run ((StorePg *) base, "VACUUM event", NULL, "compact", error);
}

/* --- expire ------------------------------------------------------------------------------------------------------ */

/* The addresses whose old events stay, into a table of this transaction. */
static gboolean
note_kept (StorePg *store, gint64 before, StoreKeeps keeps, gpointer user, GError **error)
{
    g_autoptr (GError) failure = NULL;
    PGresult *problem = NULL;
    PgField fields[STORE_PG_FIELDS];
    PgCopyOut copy;
    int n;
    if (!store_pg_run (store,
                       "CREATE TEMPORARY TABLE kept (address text COLLATE \"C\" PRIMARY KEY) ON COMMIT DROP",
                       NULL, "write to", error))
        return FALSE;
    g_autofree char *sql =
        g_strdup_printf ("SELECT DISTINCT address FROM event WHERE date < %" G_GINT64_FORMAT, before);
    g_autoptr (PgStream) stream = pg_stream_open (store, sql, error);
    gboolean fine =
        stream != NULL
        && pg_copy_begin (&copy, store->connection, "COPY pg_temp.kept FROM STDIN (FORMAT binary)", &problem);
    if (fine) {
        while (pg_stream_next (stream, fields, &n, &failure))
            if (keeps (fields[0].at, user)) {
                pg_copy_row (&copy, 1);
                pg_copy_text (&copy, fields[0].at);
            }
        fine = pg_copy_end (&copy, &problem);
    }
    if (!fine && stream != NULL)
        store_pg_fail (store, store->connection, problem, "write to", error);
    PQclear (problem);
    if (fine && failure != NULL)
        g_propagate_error (error, g_steal_pointer (&failure));
    return fine && (error == NULL || *error == NULL);
}

/* A month that is over goes as a whole: what stays of it moves to the events without a month first. */
static gboolean
drop_month (StorePg *store, int month, guint64 *events, GError **error)
{
    g_autofree char *count = g_strdup_printf (
        "SELECT count(*), count(*) FILTER (WHERE evidence = 0) FROM event_%d WHERE address NOT IN (SELECT address FROM kept)",
        month);
    g_autofree char *move = g_strdup_printf (
        "INSERT INTO pg_temp.moved (" PG_EVENT_ALL ") SELECT " PG_EVENT_ALL " FROM event_%d WHERE address IN"
        " (SELECT address FROM kept)", month);
    g_autofree char *drop = g_strdup_printf ("DROP TABLE event_%d", month);
    g_autoptr (PGresult) result = store_pg_query (store, count, NULL, "write to", error);
    if (result == NULL)
        return FALSE;
    PgParams params = {0};
    pg_number (&params, -pg_take_int64 (result, 0, 1));
    *events += (guint64) pg_take_int64 (result, 0, 0);
    return store_pg_run (store, move, NULL, "write to", error)
           && store_pg_run (store, drop, NULL, "write to", error)
           && store_pg_run (store, "INSERT INTO added VALUES ('', 0, 0, 0, $1, NULL, NULL)", &params,
                            "write to", error);
}

static gboolean
drop_months (StorePg *store, gint64 before, guint64 *events, GError **error)
{
    GHashTableIter iter;
    gpointer month;
    int first_kept = store_pg_month_of (before, G_MAXINT64 / 2);
    if (!store_pg_months_load (store, error)
        || !store_pg_run (store,
                          "CREATE TEMPORARY TABLE moved (LIKE nixie.event INCLUDING DEFAULTS) ON COMMIT DROP",
                          NULL, "write to", error))
        return FALSE;
    g_hash_table_iter_init (&iter, store->months);
    while (g_hash_table_iter_next (&iter, &month, NULL))
        if (GPOINTER_TO_INT (month) < first_kept && !drop_month (store, GPOINTER_TO_INT (month), events, error))
            return FALSE;
    return store_pg_run (store,
                         "UPDATE pg_temp.moved SET month = 0;"
                         "INSERT INTO event (" PG_EVENT_ALL ") SELECT " PG_EVENT_ALL " FROM pg_temp.moved",
                         NULL, "write to", error)
           && store_pg_months_load (store, error);
}

gboolean
store_pg_expire (Store *base, gint64 before, StoreKeeps keeps, gpointer user, guint64 *events, GError **error)
{
    StorePg *store = (StorePg *) base;
    g_autofree char *rest = g_strdup_printf ("DELETE FROM event WHERE date < $1::bigint AND month IN (%d, %d)"
                                             " AND address NOT IN (SELECT address FROM kept)",
                                             STORE_PG_MONTH_OTHER, store_pg_month_of (before, G_MAXINT64 / 2));
    PgParams params = {0};
    pg_number (&params, before);
    *events = 0;
    return store_pg_lock (store, TRUE, error) && note_kept (store, before, keeps, user, error)
           && take_away (store, rest, &params, events, error) && drop_months (store, before, events, error);
}

/* --- verify ------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *sql, *what;
} counts[] = {
    {"SELECT count(*) FROM event e LEFT JOIN message m ON m.key = e.message WHERE m.key IS NULL", "events without their message"},
    {"SELECT count(DISTINCT m.key) FROM event e JOIN message m ON m.key = e.message WHERE m.result = 'ordinary'",
     "events of messages that are no bounces"},
    {"SELECT count(*) FROM message WHERE result NOT IN ('events', 'unparsed', 'ordinary', 'unreadable')",
     "messages with an unknown result"},
    {"SELECT count(*) FROM (SELECT event_id FROM event GROUP BY event_id HAVING count(*) > 1) AS doubles",
     "events that are there twice"},
    {"SELECT count(*) FROM published WHERE octet_length (digests) % 8 <> 0", "lists whose memory is damaged"},
    {"SELECT abs ((SELECT count(*) FROM message) - (SELECT coalesce (sum (messages), 0) FROM added))",
     "messages between the table and its tally"},
    {"SELECT abs ((SELECT count(*) FROM event WHERE evidence = 0) - (SELECT coalesce (sum (events), 0) FROM added))",
     "events between the table and its tally"},
};

typedef struct {
    StoreFault found;
    gpointer user;
    guint faults;
} Verifying;

static void
tell (Verifying *verifying, const char *what)
{
    verifying->faults++;
    verifying->found (what, verifying->user);
}

static gboolean
verify_counts (StorePg *store, Verifying *verifying, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS (counts); i++) {
        g_autoptr (PGresult) result = store_pg_query (store, counts[i].sql, NULL, "read", error);
        if (result == NULL)
            return FALSE;
        gint64 number = pg_take_int64 (result, 0, 0);
        g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT " %s", number, counts[i].what);
        if (number > 0)
            tell (verifying, text);
    }
    return TRUE;
}

static gboolean
verify_addresses (Store *store, Verifying *verifying, GError **error)
{
    g_autoptr (GError) failure = NULL;
    StoreFilter everything = {.with_unparsed = TRUE, .by_source = TRUE};
    g_autoptr (StoreEvents) events = store_events_open (store, &everything, error);
    BounceEvent event;
    if (events == NULL)
        return FALSE;
    while (store_events_next (events, &event, &failure))
        if (*event.recipient != '\0' && !address_is_valid (event.recipient))
            tell (verifying, "an event with an address that cannot be one");
    if (failure != NULL)
        tell (verifying, failure->message);
    return TRUE;
}

/* One moment for all counts: another host may be writing. Pages and indexes are the server's: pg_amcheck(1). */
gboolean
store_pg_verify (Store *base, StoreFault found, gpointer user, guint *faults, GError **error)
{
    StorePg *store = (StorePg *) base;
    Verifying verifying = {found, user, 0};
    gboolean fine = store_pg_run (store, "BEGIN ISOLATION LEVEL REPEATABLE READ", NULL, "read", error)
                    && verify_counts (store, &verifying, error);
    store_pg_run (store, "ROLLBACK", NULL, "read", NULL);
    if (fine && verifying.faults == 0)
        fine = verify_addresses (base, &verifying, error);
    *faults = verifying.faults;
    return fine;
}

gboolean
store_pg_write_out (Store *base, const char *path, GError **error)
{
    const StorePg *store = (const StorePg *) base;
    g_set_error (error, STORE_ERROR, STORE_ERROR_UNKNOWN, "cannot copy '%s' to '%s': it is no file", store->url, path);
    return FALSE;
}
