/* SPDX-License-Identifier: MIT */
#include "store/store_pg.h"

#include <string.h>

#include "base/limits.h"

/* What a connection has unless the URL, a service file or the environment says otherwise. A line that is cut is noticed
 * within the minute, and not after the two hours of TCP. */
static const struct {
    const char *keyword, *value;
} habits[] = {
    {"connect_timeout", "10"}, {"keepalives_idle", "30"},     {"keepalives_interval", "10"},
    {"keepalives_count", "3"}, {"tcp_user_timeout", "60000"},
};

static PQconninfoOption *
parse (const char *url, GError **error)
{
    char *why = NULL;
    PQconninfoOption *options = PQconninfoParse (url, &why);
    if (options == NULL) {
        g_autofree char *line = g_strstrip (g_strdup (why != NULL ? why : "out of memory"));
        g_set_error (error, STORE_ERROR, STORE_ERROR_UNKNOWN, "the name of the ledger is no PostgreSQL URL: %s", line);
    }
    PQfreemem (why);
    return options;
}

static gboolean
is_set (const PQconninfoOption *options, const char *keyword)
{
    for (const PQconninfoOption *option = options; option->keyword != NULL; option++)
        if (strcmp (option->keyword, keyword) == 0)
            return option->val != NULL && *option->val != '\0';
    return FALSE;
}

/* Every user of the machine can read the arguments of a process, and the name of the ledger is shown in messages. */
gboolean
store_pg_check_url (const char *url, GError **error)
{
    PQconninfoOption *options = parse (url, error);
    if (options == NULL)
        return FALSE;
    gboolean secret = is_set (options, "password") || is_set (options, "sslpassword");
    PQconninfoFree (options);
    if (secret)
        g_set_error_literal (error, STORE_ERROR, STORE_ERROR_UNKNOWN,
                             "the URL of the ledger has a password, which others can see: put it into ~/.pgpass, a "
                             "service file or PGPASSWORD");
    return !secret;
}

static void
stay_silent (void *user, const PGresult *result)
{
    (void) user;
    (void) result;
}

static gboolean
prepare (StorePg *store, PGconn *connection, GError **error)
{
    static const char for_all[] =
        "SET search_path = nixie; SET client_min_messages = warning; SET lock_timeout = '60s'; SET jit = off";
    static const char for_readers[] = "; SET default_transaction_read_only = on";
    if (PQserverVersion (connection) < STORE_PG_LEAST_SERVER) {
        g_set_error (error, STORE_ERROR, STORE_ERROR_OPEN,
                     "cannot open ledger '%s': the server is older than PostgreSQL %d", store->url,
                     STORE_PG_LEAST_SERVER / 10000);
        return FALSE;
    }
    const char *encoding = PQparameterStatus (connection, "server_encoding");
    if (encoding == NULL || strcmp (encoding, "UTF8") != 0) {
        g_set_error (error, STORE_ERROR, STORE_ERROR_OPEN, "cannot open ledger '%s': its encoding is %s, not UTF8",
                     store->url, encoding != NULL ? encoding : "unknown");
        return FALSE;
    }
    g_autofree char *settings = g_strconcat (for_all, store->mode == STORE_READ ? for_readers : "", NULL);
    g_autoptr (PGresult) result = PQexec (connection, settings);
    return PQresultStatus (result) == PGRES_COMMAND_OK || store_pg_fail (store, connection, result, "open", error);
}

/* A server that does not answer, or says that it is starting, may do better later; one that
 * answers means what it says. */
static gboolean
may_answer_later (const char *const *keywords, const char *const *values)
{
    PGPing ping = PQpingParams (keywords, values, 1);
    return ping == PQPING_REJECT || ping == PQPING_NO_RESPONSE;
}

PGconn *
store_pg_connect (StorePg *store, gboolean *again, GError **error)
{
    const char *keywords[G_N_ELEMENTS (habits) + 4], *values[G_N_ELEMENTS (habits) + 4];
    guint n = 0;
    *again = FALSE;
    PQconninfoOption *asked = parse (store->url, error), *usual = PQconndefaults ();
    if (asked == NULL || usual == NULL) {
        PQconninfoFree (usual);
        PQconninfoFree (asked);
        return NULL;
    }
    for (guint i = 0; i < G_N_ELEMENTS (habits); i++)
        if (!is_set (asked, habits[i].keyword) && !is_set (usual, habits[i].keyword) && !is_set (asked, "service")
            && !is_set (usual, "service")) {
            keywords[n] = habits[i].keyword;
            values[n++] = habits[i].value;
        }
    PQconninfoFree (usual);
    PQconninfoFree (asked);
    keywords[n] = "fallback_application_name", values[n++] = "nixie";
    keywords[n] = "dbname", values[n++] = store->url;
    keywords[n] = "client_encoding", values[n++] = "UTF8";
    keywords[n] = values[n] = NULL;

    PGconn *connection = PQconnectdbParams (keywords, values, 1);
    if (PQstatus (connection) == CONNECTION_OK) {
        PQsetNoticeReceiver (connection, stay_silent, NULL);
        if (prepare (store, connection, error))
            return connection;
    } else {
        *again = may_answer_later (keywords, values);
        store_pg_fail (store, connection, NULL, "open", error);
    }
    PQfinish (connection);
    return NULL;
}

PGconn *
store_pg_connect_patiently (StorePg *store, guint seconds, GError **error)
{
    gint64 end = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
    gulong pause = G_USEC_PER_SEC / 10;
    for (;;) {
        g_autoptr (GError) failure = NULL;
        gboolean again;
        PGconn *connection = store_pg_connect (store, &again, &failure);
        if (connection != NULL)
            return connection;
        if (!again || g_get_monotonic_time () + (gint64) pause > end) {
            g_propagate_error (error, g_steal_pointer (&failure));
            return NULL;
        }
        g_usleep (pause);
        pause = MIN (pause * 2, 5 * G_USEC_PER_SEC);
    }
}

gboolean
store_pg_reconnect (StorePg *store, GError **error)
{
    if (store->connection != NULL && PQstatus (store->connection) == CONNECTION_OK)
        return TRUE;
    g_clear_pointer (&store->connection, PQfinish);
    g_clear_pointer (&store->spare, PQfinish);
    store->connection = store_pg_connect_patiently (store, LIMIT_STORE_RETRY_SECONDS, error);
    return store->connection != NULL;
}
