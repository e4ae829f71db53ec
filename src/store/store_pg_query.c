/* SPDX-License-Identifier: MIT */
#include "store/store_pg.h"

#include <stdlib.h>
#include <string.h>

void
pg_text (PgParams *params, const char *text)
{
    g_assert (params->n < STORE_PG_PARAMS);
    params->values[params->n] = text;
    params->lengths[params->n] = 0;
    params->formats[params->n++] = 0;
}

void
pg_number (PgParams *params, gint64 number)
{
    char *text = params->numbers[params->n];
    g_snprintf (text, sizeof params->numbers[0], "%" G_GINT64_FORMAT, number);
    pg_text (params, text);
}

void
pg_bytes (PgParams *params, const void *bytes, gsize length)
{
    g_assert (params->n < STORE_PG_PARAMS && length <= G_MAXINT);
    params->values[params->n] = bytes;
    params->lengths[params->n] = (int) length;
    params->formats[params->n++] = 1;
}

#define BYTEA_OID 17 /* the same in every server (pg_type.dat) */

static void
put_int32 (GString *out, guint32 number)
{
    guint32 big = GUINT32_TO_BE (number);
    g_string_append_len (out, (const char *) &big, sizeof big);
}

/* An array in the binary format (array_recv() in the server's arrayfuncs.c): dimensions, whether there are NULLs, type;
 * then for each dimension how many and the first index. */
GString *
pg_digests_new (guint n)
{
    GString *digests = g_string_sized_new (20 + n * (sizeof (gint32) + DIGEST_SIZE));
    put_int32 (digests, 1);
    put_int32 (digests, 0);
    put_int32 (digests, BYTEA_OID);
    put_int32 (digests, n);
    put_int32 (digests, 1);
    return digests;
}

void
pg_digests_add (GString *digests, const Digest *digest)
{
    put_int32 (digests, DIGEST_SIZE);
    g_string_append_len (digests, (const char *) digest->bytes, DIGEST_SIZE);
}

void
pg_digests (PgParams *params, const GString *digests)
{
    pg_bytes (params, digests->str, digests->len);
}

/* --- failures ---------------------------------------------------------------------------------------------------- */

static gboolean
has_class (const char *state, const char *class)
{
    return strncmp (state, class, strlen (class)) == 0;
}

/* Classes and codes: PostgreSQL manual, appendix A. */
static StoreError
kind_of (const PGconn *connection, const char *state)
{
    if (has_class (state, "08") || has_class (state, "57P") || has_class (state, "53300"))
        return STORE_ERROR_UNAVAILABLE;
    if (has_class (state, "55P03") || has_class (state, "40"))
        return STORE_ERROR_BUSY;
    if (has_class (state, "42501") || has_class (state, "28") || has_class (state, "25006"))
        return STORE_ERROR_PERMISSION;
    if (has_class (state, "XX001") || has_class (state, "XX002") || has_class (state, "42P01")
        || has_class (state, "42703"))
        return STORE_ERROR_DAMAGED;
    if (*state == '\0' || PQstatus (connection) != CONNECTION_OK)
        return STORE_ERROR_UNAVAILABLE;
    return STORE_ERROR_IO;
}

/* One line, without what libpq puts around it. */
static char *
words_of (const PGconn *connection, const PGresult *result)
{
    const char *message = result != NULL ? PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    if (message == NULL)
        message = result != NULL && *PQresultErrorMessage (result) != '\0' ? PQresultErrorMessage (result)
                                                                           : PQerrorMessage (connection);
    g_autofree char *line = g_strstrip (g_strdup (message));
    g_strdelimit (line, "\n\r\t", ' ');
    return *line != '\0' ? g_steal_pointer (&line) : g_strdup ("the connection was lost");
}

gboolean
store_pg_fail (StorePg *store, const PGconn *connection, const PGresult *result, const char *verb, GError **error)
{
    const char *state = result != NULL ? PQresultErrorField (result, PG_DIAG_SQLSTATE) : NULL;
    g_autofree char *words = words_of (connection, result);
    g_set_error (error, STORE_ERROR, (int) kind_of (connection, state != NULL ? state : ""),
                 "cannot %s ledger '%s': %s", verb, store->url, words);
    return FALSE;
}

gboolean
store_pg_may_retry (const PGconn *connection, const PGresult *result)
{
    const char *state = result != NULL ? PQresultErrorField (result, PG_DIAG_SQLSTATE) : NULL;
    if (PQstatus (connection) != CONNECTION_OK)
        return TRUE;
    /* 23514: the partition of a month was taken away under our hands (state expire). */
    return state != NULL && (has_class (state, "40") || has_class (state, "57P") || has_class (state, "23514"));
}

/* --- statements -------------------------------------------------------------------------------------------------- */

static PGresult *
send (StorePg *store, const char *sql, const PgParams *params)
{
    if (params == NULL)
        return PQexec (store->connection, sql);
    return PQexecParams (store->connection, sql, params->n, NULL, params->values, params->lengths, params->formats, 0);
}

PGresult *
store_pg_query (StorePg *store, const char *sql, const PgParams *params, const char *verb, GError **error)
{
    for (gboolean repeated = FALSE;; repeated = TRUE) {
        if (!store->direct && !store_pg_reconnect (store, error))
            return NULL;
        gboolean alone = PQtransactionStatus (store->connection) == PQTRANS_IDLE;
        g_autoptr (PGresult) result = send (store, sql, params);
        ExecStatusType status = PQresultStatus (result);
        if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
            return g_steal_pointer (&result);
        /* What was said before in the same transaction is lost, with the locks that it took. */
        if (!repeated && alone && PQstatus (store->connection) != CONNECTION_OK)
            continue;
        store_pg_fail (store, store->connection, result, verb, error);
        return NULL;
    }
}

gboolean
store_pg_run (StorePg *store, const char *sql, const PgParams *params, const char *verb, GError **error)
{
    g_autoptr (PGresult) result = store_pg_query (store, sql, params, verb, error);
    return result != NULL;
}

void
store_pg_abandon (StorePg *store)
{
    if (store->connection != NULL && PQtransactionStatus (store->connection) != PQTRANS_IDLE)
        PQclear (PQexec (store->connection, "ROLLBACK"));
}

guint64
pg_changed (const PGresult *result)
{
    return g_ascii_strtoull (PQcmdTuples ((PGresult *) result), NULL, 10);
}

gint64
pg_take_int64 (const PGresult *result, int row, int column)
{
    return g_ascii_strtoll (PQgetvalue (result, row, column), NULL, 10);
}

guint8 *
pg_take_bytes (const PGresult *result, int row, int column, gsize *length)
{
    unsigned char *bytes = PQunescapeBytea ((const unsigned char *) PQgetvalue (result, row, column), length);
    guint8 *copy = g_memdup2 (bytes, *length);
    PQfreemem (bytes);
    return copy;
}

gboolean
pg_take_digest (const PGresult *result, int row, int column, Digest *digest)
{
    const char *text = PQgetvalue (result, row, column);
    return g_str_has_prefix (text, "\\x") && digest_parse (text + 2, digest);
}

gboolean
store_pg_direct (StorePg *store, GError **error)
{
    g_assert (store->open);
    if (store->direct)
        return TRUE;
    if (!store_pg_run (store, "BEGIN", NULL, "write to", error))
        return FALSE;
    store->direct = TRUE;
    return TRUE;
}

/* The first lock is for those who change rows, among themselves; the second keeps writers of messages out. Always in
 * this order, and before any row: nobody waits for somebody who waits for him. */
gboolean
store_pg_lock (StorePg *store, gboolean writers, GError **error)
{
    return store_pg_direct (store, error)
           && store_pg_run (store, STORE_PG_LOCK, NULL, "lock", error)
           && (!writers || store_pg_run (store, "LOCK TABLE message IN SHARE ROW EXCLUSIVE MODE", NULL, "lock", error));
}
