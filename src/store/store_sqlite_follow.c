/* SPDX-License-Identifier: MIT */
/* The order in which the ledger got its events. The row number of an event is that order: it is given inside the one
 * transaction that may write, so whoever sees a number sees all lower ones; it is never given twice, for the trigger
 * `event_gone` remembers the highest that was taken away; and an event that changes gets a new one. */
#include "store/store_sqlite.h"

#include <string.h>

#define REMEMBERED "coalesce ((SELECT CAST (value AS INTEGER) FROM meta WHERE name = 'last_event'), 0)"
#define LAST "SELECT max (coalesce ((SELECT max (id) FROM event), 0), " REMEMBERED ")"

/* -1 with *error. */
static gint64
last_event (StoreSqlite *store, GError **error)
{
    sqlite3_stmt *statement = store_prepare (store, LAST, error);
    gint64 last = -1;
    if (statement == NULL)
        return -1;
    if (sqlite3_step (statement) == SQLITE_ROW)
        last = sqlite3_column_int64 (statement, 0);
    else
        store_fail (store, "read", error);
    sqlite3_finalize (statement);
    return last;
}

gint64
store_event_number (StoreSqlite *store, GError **error)
{
    if (store->last_event < 0)
        store->last_event = last_event (store, error);
    return store->last_event < 0 ? 0 : ++store->last_event;
}

/* --- positions: "sqlite LEDGER NUMBER EVENT-ID" -------------------------------------------------------------------- */

/* The id of the event that has the number, in hexadecimal digits; "-" when none has it. Yours. */
static char *
event_at (StoreSqlite *store, gint64 number)
{
    char text[DIGEST_TEXT_SIZE] = "-";
    sqlite3_stmt *statement = store_prepare (store, "SELECT event_id FROM event WHERE id = ?", NULL);
    if (statement != NULL)
        sqlite3_bind_int64 (statement, 1, number);
    if (statement != NULL && sqlite3_step (statement) == SQLITE_ROW &&
        sqlite3_column_bytes (statement, 0) == DIGEST_SIZE)
        digest_format (sqlite3_column_blob (statement, 0), text);
    sqlite3_finalize (statement);
    return g_strdup (text);
}

/* A position of this ledger as it is now: not of another one, nor of a later state of it that a backup has replaced. */
static gboolean
read_position (StoreSqlite *store, const char *identity, const char *from, gint64 last, gint64 *number)
{
    g_auto (GStrv) words = g_strsplit (from, " ", -1);
    char *end;
    *number = 0;
    if (g_strv_length (words) != 4 || strcmp (words[0], "sqlite") != 0 || strcmp (words[1], identity) != 0)
        return FALSE;
    gint64 found = g_ascii_strtoll (words[2], &end, 10);
    if (*end != '\0' || found < 0 || found > last)
        return FALSE;
    g_autofree char *there = event_at (store, found);
    if (strcmp (there, "-") != 0 && strcmp (words[3], "-") != 0 && strcmp (there, words[3]) != 0)
        return FALSE;
    *number = found;
    return TRUE;
}

StoreEvents *
store_sqlite_follow_open (Store *base, const StoreFilter *filter, const char *from, char **to, gboolean *restarted,
                          GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    g_autofree char *identity = store_sqlite_meta_get (base, "ledger");
    gint64 number;
    gint64 last = last_event (store, error);
    if (last < 0)
        return NULL;
    *restarted = !read_position (store, identity != NULL ? identity : "-", from, last, &number) && *from != '\0';
    g_autofree char *there = event_at (store, last);
    *to = g_strdup_printf ("sqlite %s %" G_GINT64_FORMAT " %s", identity != NULL ? identity : "-", last, there);
    StoreFilter following = *filter;
    following.by_given = TRUE;
    following.after = number;
    following.up_to = last;
    StoreEvents *events = store_sqlite_events_open (base, &following, error);
    if (events == NULL)
        g_clear_pointer (to, g_free);
    return events;
}
