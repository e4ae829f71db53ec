/* SPDX-License-Identifier: MIT */
/* Messages that could not be read, and when they are tried again. */
#include "store/store_sqlite.h"

#include <string.h>

#define TRIED_WITH "tried_with" /* the remark that names what the mailboxes were last read again for */

/* A statement with a number as ?1 and a text as ?2; *found: it gave a row. */
static gboolean
run_with (StoreSqlite *store, const char *sql, gint64 number, const char *text, gboolean *found, GError **error)
{
    sqlite3_stmt *statement = store_prepare (store, sql, error);
    if (statement == NULL)
        return FALSE;
    sqlite3_bind_int64 (statement, 1, number);
    sqlite3_bind_text (statement, 2, text, -1, SQLITE_STATIC);
    int code = sqlite3_step (statement);
    gboolean fine = code == SQLITE_ROW || code == SQLITE_DONE || store_fail (store, "write to", error);
    if (found != NULL)
        *found = code == SQLITE_ROW;
    sqlite3_finalize (statement);
    return fine;
}

gboolean
store_note_tried (StoreSqlite *store, gint64 message, GError **error)
{
    return store->tried_with == NULL ||
           run_with (store, "INSERT OR REPLACE INTO unreadable (message, tried) VALUES (?1, ?2)", message,
                     store->tried_with, NULL, error);
}

gboolean
store_is_due (StoreSqlite *store, gint64 message, gboolean *due, GError **error)
{
    gboolean tried = TRUE;
    if (store->tried_with != NULL &&
        !run_with (store, "SELECT 1 FROM unreadable WHERE message = ?1 AND tried = ?2", message,
                   store->tried_with, &tried, error))
        return FALSE;
    *due = !tried;
    return TRUE;
}

/* A state that was merged or is of an older schema has no remark on some: then nobody knows, and they are tried. */
static gboolean
any_due (StoreSqlite *store, gboolean *due, GError **error)
{
    return run_with (store,
                     "SELECT 1 FROM message m WHERE result = 'unreadable' AND ?1 = 0 AND NOT EXISTS"
                     " (SELECT 1 FROM unreadable u WHERE u.message = m.id AND u.tried = ?2) LIMIT 1",
                     0, store->tried_with, due, error);
}

gboolean
store_sqlite_try_again (Store *base, const char *with, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    gboolean due;
    g_free (store->tried_with);
    store->tried_with = g_strdup (with);
    if (!any_due (store, &due, error))
        return FALSE;
    g_autofree char *before = due ? store_meta_get (base, TRIED_WITH) : NULL;
    if (!due || g_strcmp0 (before, with) == 0)
        return TRUE;
    if (store_begin (base, error) && store_execute (store, "DELETE FROM cursor; DELETE FROM maildir", "write to", error)
        && store_meta_put (base, TRIED_WITH, with, error) && store_commit (base, error))
        return TRUE;
    store_rollback (base);
    return FALSE;
}
