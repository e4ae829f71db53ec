/* SPDX-License-Identifier: MIT */
/* Which provider serves a domain, as the ledger has seen it. */
#include "store/store_sqlite.h"

gboolean
store_sqlite_domain_put (Store *base, const char *domain, const char *provider, const char *gateway, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    g_assert (!sqlite3_get_autocommit (store->database));
    sqlite3_stmt *statement = store_statement (store, STATEMENT_PUT_DOMAIN, error);
    if (statement == NULL)
        return FALSE;
    sqlite3_bind_text (statement, 1, domain, -1, SQLITE_STATIC);
    sqlite3_bind_text (statement, 2, provider, -1, SQLITE_STATIC);
    sqlite3_bind_text (statement, 3, gateway, -1, SQLITE_STATIC);
    return store_run (store, statement, "write to", error);
}

gboolean
store_sqlite_domains (Store *base, StoreDomainEach each, gpointer user, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    sqlite3_stmt *statement =
        store_prepare (store, "SELECT domain, provider, gateway FROM provider_domain ORDER BY domain", error);
    int code;
    if (statement == NULL)
        return FALSE;
    while ((code = sqlite3_step (statement)) == SQLITE_ROW)
        each ((const char *) sqlite3_column_text (statement, 0), (const char *) sqlite3_column_text (statement, 1),
              (const char *) sqlite3_column_text (statement, 2), user);
    gboolean done = code == SQLITE_DONE || store_fail (store, "read", error);
    sqlite3_finalize (statement);
    return done;
}
