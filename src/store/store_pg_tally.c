/* SPDX-License-Identifier: MIT */
/* Counting where the rows are: two passes over the table, on all processors that the server gives, instead of five million
 * rows on the line. */
#include "store/store_pg.h"

#include "base/date.h"

/* Which provider serves a domain may have been learned from other bounces: src/app/learn.c does the same row by row. */
#define SOURCE \
    " FROM event e LEFT JOIN provider_domain d ON d.domain = e.domain AND e.provider IN ('', 'other')" \
    " AND e.recipient <> '' WHERE e.evidence = 0 AND NOT (e.recipient = '' AND e.format = 'unparsed')"
#define PROVIDER "coalesce (nullif (d.provider, ''), e.provider)"
#define CODE "coalesce (nullif (e.status, ''), e.reply)"

/* The sample of a code is the first diagnostic in the order of reports. */
static char *
tally_sql (const char *dates)
{
    return g_strconcat ("SELECT g.provider, g.code, g.reason, g.type, g.n, g.first, g.last, coalesce (s.diagnostic, '')"
                        " FROM (SELECT " PROVIDER " AS provider, e.provider AS stored, " CODE " AS code, e.reason, e.type,"
                        " count(*) AS n, min (e.date) AS first, max (e.date) AS last,"
                        " min (e.address) FILTER (WHERE e.diagnostic <> '') AS address" SOURCE, dates,
                        " GROUP BY 1, 2, 3, 4, 5) g LEFT JOIN LATERAL (SELECT e.diagnostic, e.date, e.event_id FROM event e"
                        " WHERE e.address = g.address AND e.provider = g.stored AND " CODE " = g.code"
                        " AND e.reason = g.reason AND e.type = g.type AND e.diagnostic <> '' AND e.evidence = 0", dates,
                        " ORDER BY e.date NULLS FIRST, e.event_id LIMIT 1) s ON true"
                        " ORDER BY g.address, s.date NULLS FIRST, s.event_id", NULL);
}

static char *
recipients_sql (const char *dates)
{
    return g_strconcat ("SELECT provider, count(*) FROM (SELECT DISTINCT " PROVIDER " AS provider, e.address" SOURCE
                        " AND e.recipient <> ''", dates, ") AS pairs GROUP BY provider", NULL);
}

static void
tell_tallies (const PGresult *result, StoreTallyEach each, gpointer user)
{
    for (int i = 0; i < PQntuples (result); i++) {
        StoreTally tally = {.provider = PQgetvalue (result, i, 0),
                            .code = PQgetvalue (result, i, 1),
                            .events = (guint64) pg_take_int64 (result, i, 4),
                            .first = PQgetisnull (result, i, 5) ? DATE_NONE : pg_take_int64 (result, i, 5),
                            .last = PQgetisnull (result, i, 6) ? DATE_NONE : pg_take_int64 (result, i, 6),
                            .sample = PQgetvalue (result, i, 7)};
        BounceEvent words;
        event_init (&words);
        reason_parse (PQgetvalue (result, i, 2), &words.reason);
        event_type_parse (PQgetvalue (result, i, 3), &words.type);
        tally.reason = words.reason;
        tally.type = words.type;
        each (&tally, user);
    }
}

static gboolean
tally (StorePg *store, const StoreFilter *filter, StoreTallyEach each, StoreRecipientsEach recipients, gpointer user,
       GError **error)
{
    GString *dates = g_string_new (NULL);
    store_pg_add_dates (dates, filter);
    g_autofree char *condition = g_string_free (dates, FALSE);
    g_autofree char *count = tally_sql (condition), *distinct = recipients_sql (condition);
    if (!store_pg_run (store, "BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL work_mem = '128MB'", NULL, "read", error))
        return FALSE;
    g_autoptr (PGresult) tallies = store_pg_query (store, count, NULL, "read", error);
    g_autoptr (PGresult) people = tallies != NULL ? store_pg_query (store, distinct, NULL, "read", error) : NULL;
    store_pg_run (store, "ROLLBACK", NULL, "read", NULL);
    if (people == NULL)
        return FALSE;
    tell_tallies (tallies, each, user);
    for (int i = 0; i < PQntuples (people); i++)
        recipients (PQgetvalue (people, i, 0), (guint64) pg_take_int64 (people, i, 1), user);
    return TRUE;
}

gboolean
store_pg_tally (Store *base, const StoreFilter *filter, StoreTallyEach each, StoreRecipientsEach recipients, gpointer user,
                gboolean *done, GError **error)
{
    *done = TRUE;
    return tally ((StorePg *) base, filter, each, recipients, user, error);
}
