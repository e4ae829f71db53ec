/* SPDX-License-Identifier: MIT */
/* Counting where the rows are: two passes over the reading order (store_pg_schema.c: `served` and `kind`), on all
 * processors that the server gives, instead of five million rows on the line. */
#include "store/store_pg.h"

#include <string.h>

#include "base/date.h"

/* The leaves of the reading order are read one after the other, and nothing of what is counted is large. */
#define SETTINGS "SET LOCAL work_mem = '128MB'; SET LOCAL random_page_cost = 1.1"
#define COUNTED " FROM event WHERE evidence = 0 AND kind IS NOT NULL"
/* Which provider serves a domain may have been learned from other bounces: src/app/learn.c does the same row by row. */
#define LEARNED \
    " LEFT JOIN provider_domain d ON strpos (t.served, E'\\t') > 0 AND d.domain = split_part (t.served, E'\\t', 2)"
#define STORED "split_part (t.served, E'\\t', 1)"
#define PROVIDER "coalesce (nullif (d.provider, ''), " STORED ")"

/* The sample of a code is the first diagnostic in the order of reports. */
static char *
tally_sql (const char *dates)
{
    return g_strconcat ("SELECT g.provider, g.kind, g.n, g.first, g.last, coalesce (s.diagnostic, '') FROM"
                        " (SELECT " PROVIDER " AS provider, " STORED " AS stored, kind, sum (n)::bigint AS n,"
                        " min (first) AS first, max (last) AS last, min (address) AS address"
                        " FROM (SELECT served, kind, count(*) AS n, min (date) AS first, max (date) AS last,"
                        " CASE WHEN right (kind, 1) = '+' THEN min (address) END AS address" COUNTED, dates,
                        " GROUP BY served, kind) t" LEARNED " GROUP BY 1, 2, 3) g"
                        " LEFT JOIN LATERAL (SELECT diagnostic, date, event_id FROM event WHERE address = g.address"
                        " AND evidence = 0 AND kind = g.kind AND split_part (served, E'\\t', 1) = g.stored", dates,
                        " ORDER BY date NULLS FIRST, event_id LIMIT 1) s ON true"
                        " ORDER BY g.address, s.date NULLS FIRST, s.event_id", NULL);
}

/* Different addresses are counted in shares, between which no address can be the same: the server gives each to another
 * processor, as it cannot with a DISTINCT of all. Where the shares end is what it knows itself of the largest month.
 * Of a span of time there is one share: its months are in no index (rows are cut off by them, not found), and a
 * server that reads the rows of a month for one share would read them again for the next one. */
#define SHARES 4

static GPtrArray *
share_ends (StorePg *store, const char *dates, GError **error)
{
    if (*dates != '\0')
        return g_ptr_array_new ();
    static const char ask[] =
        "SELECT h[cardinality (h) * i / " G_STRINGIFY (SHARES) "] FROM (SELECT histogram_bounds::text::text[] AS h FROM pg_stats"
        " WHERE schemaname = 'nixie' AND attname = 'address' AND tablename = (SELECT relname FROM pg_class c JOIN pg_inherits i"
        " ON i.inhrelid = c.oid WHERE i.inhparent = 'nixie.event'::regclass ORDER BY reltuples DESC LIMIT 1)) s,"
        " generate_series (1, " G_STRINGIFY (SHARES) " - 1) i WHERE h[cardinality (h) * i / " G_STRINGIFY (SHARES) "] IS NOT NULL"
        " ORDER BY i";
    g_autoptr (PGresult) result = store_pg_query (store, ask, NULL, "read", error);
    if (result == NULL)
        return NULL;
    GPtrArray *ends = g_ptr_array_new ();
    arena_clear (store->arena);
    for (int i = 0; i < PQntuples (result); i++)
        g_ptr_array_add (ends, (gpointer) pg_literal (store, store->arena, PQgetvalue (result, i, 0)));
    return ends;
}

static char *
recipients_sql (const char *dates, const GPtrArray *ends)
{
    GString *sql = g_string_new ("SELECT provider, sum (n)::bigint FROM (");
    for (guint i = 0; i <= ends->len; i++) {
        g_string_append_printf (sql, "%sSELECT provider, count(*) AS n FROM (SELECT DISTINCT " PROVIDER " AS provider,"
                                " t.address FROM (SELECT DISTINCT served, address" COUNTED " AND address <> ''%s",
                                i > 0 ? " UNION ALL " : "", dates);
        if (i > 0)
            g_string_append_printf (sql, " AND address >= %s", (const char *) ends->pdata[i - 1]);
        if (i < ends->len)
            g_string_append_printf (sql, " AND address < %s", (const char *) ends->pdata[i]);
        g_string_append (sql, ") t" LEARNED ") AS pairs GROUP BY provider");
    }
    g_string_append (sql, ") shares GROUP BY provider");
    return g_string_free (sql, FALSE);
}

/* "CODE\tREASON\tTYPE", and what follows says no more than that there is a diagnostic. */
static void
take_kind (const char *kind, StoreTally *tally, char **code)
{
    g_auto (GStrv) words = g_strsplit (kind, "\t", -1);
    BounceEvent event;
    event_init (&event);
    if (g_strv_length (words) >= 3) {
        reason_parse (words[1], &event.reason);
        event_type_parse (words[2], &event.type);
    }
    tally->reason = event.reason;
    tally->type = event.type;
    *code = g_strdup (words[0] != NULL ? words[0] : "");
    tally->code = *code;
}

static void
tell_tallies (const PGresult *result, StoreTallyEach each, gpointer user)
{
    for (int i = 0; i < PQntuples (result); i++) {
        g_autofree char *code = NULL;
        StoreTally tally = {.provider = PQgetvalue (result, i, 0),
                            .events = (guint64) pg_take_int64 (result, i, 2),
                            .first = PQgetisnull (result, i, 3) ? DATE_NONE : pg_take_int64 (result, i, 3),
                            .last = PQgetisnull (result, i, 4) ? DATE_NONE : pg_take_int64 (result, i, 4),
                            .sample = PQgetvalue (result, i, 5)};
        take_kind (PQgetvalue (result, i, 1), &tally, &code);
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
    g_autoptr (GPtrArray) ends = share_ends (store, condition, error);
    if (ends == NULL)
        return FALSE;
    g_autofree char *count = tally_sql (condition), *distinct = recipients_sql (condition, ends);
    if (!store_pg_run (store, "BEGIN ISOLATION LEVEL REPEATABLE READ; " SETTINGS, NULL, "read", error))
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
store_pg_tally (Store *base, const StoreFilter *filter, StoreTallyEach each, StoreRecipientsEach recipients,
                gpointer user, gboolean *done, GError **error)
{
    *done = TRUE;
    return tally ((StorePg *) base, filter, each, recipients, user, error);
}
