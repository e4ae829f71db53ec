/* SPDX-License-Identifier: MIT */
/* Turns at a ledger that several processes write to. SQLite has no queue: who waits looks again and again, and a scan
 * leaves the ledger for some microseconds between two transactions, in which hardly anybody looks; `nixie allow` would
 * come to nothing beside it. So whoever writes one transaction behind the other stops now and then for longer than the
 * others take to look. */
#include "store/store_sqlite.h"

#define LOOK_AGAIN_MICROSECONDS 2000
#define GIVE_WAY_MICROSECONDS 5000
#define TURN_MICROSECONDS (G_USEC_PER_SEC / 2)

/* sqlite3_busy_handler(): FALSE = given up. */
int
store_turn_wait (void *user, int times)
{
    StoreSqlite *store = user;
    gint64 now = g_get_monotonic_time ();
    if (times == 0)
        store->waits_since = now;
    if (now - store->waits_since >= STORE_BUSY_MILLISECONDS * 1000)
        return FALSE;
    g_usleep (LOOK_AGAIN_MICROSECONDS);
    return TRUE;
}

/* Before a transaction. The first of a process has nobody to give way to. */
void
store_turn_begin (StoreSqlite *store)
{
    if (store->path == NULL)
        return;
    gint64 now = g_get_monotonic_time ();
    if (store->turn_since == 0) {
        store->turn_since = now;
    } else if (now - store->turn_since >= TURN_MICROSECONDS) {
        g_usleep (GIVE_WAY_MICROSECONDS);
        store->turn_since = g_get_monotonic_time ();
    }
}
