/* SPDX-License-Identifier: MIT */
/* Messages that could not be read, and when they are tried again: store_sqlite_retry.c on a server. What a message was
 * tried with is known to all hosts; how far mailboxes were read, and for what they are read again, to each its own. */
#include "store/store_pg.h"

#define TRIED_WITH "tried_with " /* and the host: the remark that names what its mailboxes were last read again for */

/* Whom a merge or an older schema brought has no remark: then nobody knows, and it is tried. */
static gboolean
any_due (StorePg *store, gboolean *due, GError **error)
{
    static const char ask[] = "SELECT EXISTS (SELECT FROM message WHERE result = 'unreadable' AND NOT EXISTS"
                              " (SELECT FROM unreadable WHERE message = key AND tried = $1::text))";
    PgParams params = {0};
    pg_text (&params, store->tried_with);
    g_autoptr (PGresult) result = store_pg_query (store, ask, &params, "read", error);
    *due = result != NULL && *PQgetvalue (result, 0, 0) == 't';
    return result != NULL;
}

static gboolean
forget_places (StorePg *store, GError **error)
{
    PgParams params = {0};
    pg_text (&params, store->host);
    return store_pg_run (store, "DELETE FROM cursor WHERE host = $1", &params, "write to", error)
           && store_pg_run (store, "DELETE FROM maildir WHERE host = $1", &params, "write to", error);
}

gboolean
store_pg_try_again (Store *base, const char *with, GError **error)
{
    StorePg *store = (StorePg *) base;
    gboolean due;
    g_free (store->tried_with);
    store->tried_with = g_strdup (with);
    if (!any_due (store, &due, error))
        return FALSE;
    g_autofree char *name = g_strconcat (TRIED_WITH, store->host, NULL);
    g_autofree char *before = due ? store_meta_get (base, name) : NULL;
    if (!due || g_strcmp0 (before, with) == 0)
        return TRUE;
    if (store_begin (base, error) && store_pg_direct (store, error) && forget_places (store, error)
        && store_meta_put (base, name, with, error) && store_commit (base, error))
        return TRUE;
    if (store->open)
        store_rollback (base);
    return FALSE;
}
