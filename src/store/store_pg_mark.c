/* SPDX-License-Identifier: MIT */
/* What people said on addresses, what was published, which provider serves a domain, and remarks: the small tables. */
#include "store/store_pg.h"

#include <string.h>

#include "base/date.h"

void
pg_mark (PgParams *params, const StoreMark *mark)
{
    pg_text (params, mark->address);
    pg_text (params, mark_word (mark->kind));
    pg_number (params, mark->date);
    pg_number (params, mark->undone ? 1 : 0);
    pg_text (params, mark->email);
    pg_text (params, mark->note);
    pg_number (params, mark->said);
}

/* As in the file: of two that differ in their texts only, the greater by its bytes stays, whatever came first. */
gboolean
store_pg_mark_put (Store *base, const StoreMark *mark, GError **error)
{
    StorePg *store = (StorePg *) base;
    PgParams params = {0};
    pg_mark (&params, mark);
    return store_pg_direct (store, error)
           && store_pg_run (store,
                            "INSERT INTO mark AS m (address, kind, date, undone, email, note, said)"
                            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (address, kind, date, undone) DO UPDATE SET"
                            " said = least (m.said, excluded.said),"
                            " email = CASE WHEN (excluded.email, excluded.note) > (m.email, m.note) THEN excluded.email"
                            " ELSE m.email END,"
                            " note = CASE WHEN (excluded.email, excluded.note) > (m.email, m.note) THEN excluded.note"
                            " ELSE m.note END",
                            &params, "write to", error);
}

static gboolean
tell_mark (const PGresult *result, int row, StoreMarkEach each, gpointer user, GError **error)
{
    MarkKind kind;
    if (!mark_parse (PQgetvalue (result, row, 1), &kind))
        return TRUE;
    StoreMark mark = {.address = PQgetvalue (result, row, 0),
                      .kind = kind,
                      .date = pg_take_int64 (result, row, 2),
                      .undone = pg_take_int64 (result, row, 3) != 0,
                      .email = PQgetvalue (result, row, 4),
                      .note = PQgetvalue (result, row, 5),
                      .said = pg_take_int64 (result, row, 6)};
    return each (&mark, user, error);
}

gboolean
store_pg_marks (Store *base, const char *address, StoreMarkEach each, gpointer user, GError **error)
{
    StorePg *store = (StorePg *) base;
    PgParams params = {0};
    pg_text (&params, address);
    g_autoptr (PGresult) result =
        store_pg_query (store,
                        "SELECT address, kind, date, undone, email, note, said FROM mark"
                        " WHERE $1::text IS NULL OR address = $1::text ORDER BY address, date, undone, kind",
                        &params, "read", error);
    gboolean fine = result != NULL;
    for (int i = 0; fine && i < PQntuples (result); i++)
        fine = tell_mark (result, i, each, user, error);
    return fine;
}

gboolean
store_pg_published_get (Store *base, const char *output, GArray *digests, gint64 *date, gboolean *found, GError **error)
{
    StorePg *store = (StorePg *) base;
    PgParams params = {0};
    pg_text (&params, store->host);
    pg_text (&params, output);
    g_autoptr (PGresult) result = store_pg_query (
        store, "SELECT date, digests FROM published WHERE host = $1 AND output = $2", &params, "read", error);
    g_array_set_size (digests, 0);
    if (result == NULL)
        return FALSE;
    *found = PQntuples (result) > 0;
    if (!*found)
        return TRUE;
    gsize length;
    g_autofree guint8 *bytes = pg_take_bytes (result, 0, 1, &length);
    *date = pg_take_int64 (result, 0, 0);
    for (gsize i = 0; i + sizeof (guint64) <= length; i += sizeof (guint64)) {
        guint64 number;
        memcpy (&number, bytes + i, sizeof number);
        number = GUINT64_FROM_LE (number);
        g_array_append_val (digests, number);
    }
    return TRUE;
}

gboolean
store_pg_published_put (Store *base, const char *output, const GArray *digests, gint64 date, GError **error)
{
    StorePg *store = (StorePg *) base;
    g_autofree guint64 *numbers = g_new (guint64, digests->len + 1);
    PgParams params = {0};
    for (guint i = 0; i < digests->len; i++)
        numbers[i] = GUINT64_TO_LE (g_array_index (digests, guint64, i));
    pg_text (&params, store->host);
    pg_text (&params, output);
    pg_number (&params, date);
    pg_bytes (&params, numbers, digests->len * sizeof (guint64));
    return store_pg_run (store,
                         "INSERT INTO published VALUES ($1, $2, $3, $4) ON CONFLICT (host, output) DO UPDATE SET"
                         " date = excluded.date, digests = excluded.digests",
                         &params, "write to", error);
}

gboolean
store_pg_count_addresses (Store *base, guint64 *count, GError **error)
{
    StorePg *store = (StorePg *) base;
    /* The rows behind the parenthesis come out of the index in their order, without a sort of all. */
    g_autoptr (PGresult) result = store_pg_query (
        store,
        "SELECT count(*) FROM (SELECT DISTINCT address FROM event WHERE address <> '' AND evidence = 0) AS known",
        NULL, "read", error);
    *count = result != NULL ? (guint64) pg_take_int64 (result, 0, 0) : 0;
    return result != NULL;
}

gboolean
store_pg_domains (Store *base, StoreDomainEach each, gpointer user, GError **error)
{
    StorePg *store = (StorePg *) base;
    g_autoptr (PGresult) result = store_pg_query (
        store, "SELECT domain, provider, gateway FROM provider_domain ORDER BY domain", NULL, "read", error);
    for (int i = 0; result != NULL && i < PQntuples (result); i++)
        each (PQgetvalue (result, i, 0), PQgetvalue (result, i, 1), PQgetvalue (result, i, 2), user);
    return result != NULL;
}

char *
store_pg_meta_get (Store *base, const char *name)
{
    StorePg *store = (StorePg *) base;
    PgParams params = {0};
    pg_text (&params, name);
    g_autoptr (PGresult) result =
        store_pg_query (store, "SELECT value FROM meta WHERE name = $1", &params, "read", NULL);
    return result != NULL && PQntuples (result) > 0 ? g_strdup (PQgetvalue (result, 0, 0)) : NULL;
}

gboolean
store_pg_meta_put (Store *base, const char *name, const char *value, GError **error)
{
    StorePg *store = (StorePg *) base;
    PgParams params = {0};
    pg_text (&params, name);
    pg_text (&params, value);
    return store_pg_run (store,
                         "INSERT INTO meta VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                         &params, "write to", error);
}
