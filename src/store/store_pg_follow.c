/* SPDX-License-Identifier: MIT */
/* What a shared ledger got since. Many hosts write at once, and who began first may commit last, so a running number is
 * no safe position: a reader could pass by what is not committed yet. Every event has the number of the transaction
 * that brought it or changed it last (`given`), and a position is the oldest transaction that was still running when
 * it was taken (pg_snapshot_xmin): all below it is committed or gone, all that is not seen yet lies at or above. A
 * transaction that stays open, of whoever uses the server, holds events back; it makes none fall out. */
#include "store/store_pg.h"

#include <string.h>

#include "base/date.h"

/* "postgresql LEDGER NUMBER": of this ledger, and not ahead of the server, as a position is when the ledger was put
 * back from a backup or moved to another server. */
static gboolean
read_position (const char *from, const char *ledger, gint64 newest, gint64 *number)
{
    g_auto (GStrv) words = g_strsplit (from, " ", -1);
    char *end;
    *number = 0;
    if (g_strv_length (words) != 3 || strcmp (words[0], "postgresql") != 0 || strcmp (words[1], ledger) != 0)
        return FALSE;
    gint64 found = g_ascii_strtoll (words[2], &end, 10);
    if (*end != '\0' || found <= 0 || found > newest)
        return FALSE;
    *number = found;
    return TRUE;
}

StoreEvents *
store_pg_follow_open (Store *base, const StoreFilter *filter, const char *from, char **to, gboolean *restarted,
                      GError **error)
{
    static const char ask[] = "SELECT pg_snapshot_xmin (pg_current_snapshot ())::text::bigint,"
                              " pg_snapshot_xmax (pg_current_snapshot ())::text::bigint,"
                              " coalesce ((SELECT value FROM meta WHERE name = 'ledger'), '-')";
    StorePg *store = (StorePg *) base;
    StoreFilter following = *filter;
    gint64 number;
    g_autoptr (PGresult) result = store_pg_query (store, ask, NULL, "read", error);
    if (result == NULL)
        return NULL;
    const char *ledger = PQgetvalue (result, 0, 2);
    gint64 oldest = pg_take_int64 (result, 0, 0), newest = pg_take_int64 (result, 0, 1);
    gboolean known = read_position (from, ledger, newest, &number);
    *restarted = !known && *from != '\0';
    following.by_given = TRUE;
    following.after = number;
    /* From the start, all that is there: numbers of another server may be higher than any here. */
    following.up_to = known ? oldest : 0;
    StoreEvents *events = store_pg_events_open (base, &following, error);
    *to = events != NULL ? g_strdup_printf ("postgresql %s %" G_GINT64_FORMAT, ledger, oldest) : NULL;
    return events;
}
