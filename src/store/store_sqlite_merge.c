/* SPDX-License-Identifier: MIT */
/* A union of ledgers. Each row that two of them have differently gets the greater of both by an order of their
 * contents, never by which came first: a join of a lattice, so order and repetition change nothing. */
#include "store/store_upkeep.h"

#include "store/store_sqlite.h"

#include <glib/gstdio.h>

#define NAME(name) ", " #name
#define COMMA_E(name) ", e." #name
#define SET(name) ", " #name " = excluded." #name
#define OLD(name) ", event." #name
#define NEW(name) ", excluded." #name

/* How much a result says. */
#define RANK(result) \
    "CASE " result " WHEN 'events' THEN 3 WHEN 'unparsed' THEN 2 WHEN 'unreadable' THEN 1 ELSE 0 END"

/* Which copy of a message counts, as store_compare_copies() has it. */
#define COUNTS_MORE(a, b) \
    "(" RANK (a ".result") " > " RANK (b ".result") " OR (" RANK (a ".result") " = " RANK (b ".result") " AND (" a \
    ".source, " a ".offset) < (" b ".source, " b ".offset)))"

/* A message of both has the same day in both, or its day is not known: see store_sqlite_put.c. Where the other one does
 * not know a day, no day may be known here; where this one does not know it, it stays unknown. */
#define MINE "main.message mine ON mine.key = m.key AND mine.day IN (m.day, 0)"
static const char days[] = STORE_FORGET_DAYS " AND EXISTS (SELECT 1 FROM other.message WHERE day = 0)";

/* Messages that both have, from different places: whose copy counts, as long as both can be asked. */
static const char weigh[] =
    "DROP TABLE IF EXISTS temp.last; CREATE TEMP TABLE last AS SELECT"
    " max (coalesce ((SELECT max (id) FROM main.event), 0),"
    " coalesce ((SELECT CAST (value AS INTEGER) FROM main.meta WHERE name = 'last_event'), 0)) AS event;"
    "DROP TABLE IF EXISTS temp.copy; CREATE TEMP TABLE copy (message INTEGER PRIMARY KEY, theirs INTEGER NOT NULL);"
    "INSERT INTO temp.copy SELECT mine.id, " COUNTS_MORE ("m", "mine")
    " FROM other.message m JOIN " MINE
    " WHERE m.result != mine.result OR m.source != mine.source OR m.offset != mine.offset";

static const char messages[] =
    "INSERT INTO main.message AS mine (day, key, source, offset, seen, result)"
    " SELECT CASE WHEN EXISTS (SELECT 1 FROM main.message known WHERE known.day = 0 AND known.key = m.key)"
    " THEN 0 ELSE m.day END, m.key, m.source, m.offset, m.seen, m.result FROM other.message m WHERE true"
    " ORDER BY m.day, m.key ON CONFLICT (day, key) DO UPDATE SET seen = min (mine.seen, excluded.seen),"
    " source = CASE WHEN " COUNTS_MORE ("excluded", "mine") " THEN excluded.source ELSE mine.source END,"
    " offset = CASE WHEN " COUNTS_MORE ("excluded", "mine") " THEN excluded.offset ELSE mine.offset END,"
    " result = CASE WHEN " COUNTS_MORE ("excluded", "mine") " THEN excluded.result ELSE mine.result END"
    " WHERE excluded.seen < mine.seen OR " COUNTS_MORE ("excluded", "mine");

#define FIXED "address, evidence, event_id, date, type, fault, reason, decided, status_from, trust, flags"
/* NULL compares with nothing, so it needs a stand-in. */
#define ORDER(of) \
    of "evidence = 0, coalesce (" of "date, -9223372036854775807), " of "type, " of "fault, " of "reason, " of "decided, " \
    of "status_from, " of "trust, " of "flags, " of "address"

static const char events[] =
    "INSERT INTO main.event (id, message, " FIXED STORE_ROW_STRINGS (NAME) ")"
    " SELECT (SELECT event FROM temp.last) + row_number () OVER (ORDER BY m.day, m.key, e.event_id), mine.id,"
    " e.address, e.evidence, e.event_id, e.date, e.type, e.fault, e.reason, e.decided, e.status_from, e.trust, e.flags"
    STORE_ROW_STRINGS (COMMA_E)
    " FROM other.event e JOIN other.message m ON m.id = e.message JOIN " MINE
    " WHERE true ON CONFLICT (message, event_id) DO UPDATE SET id = excluded.id,"
    " address = excluded.address, evidence = excluded.evidence,"
    " date = excluded.date, type = excluded.type, fault = excluded.fault, reason = excluded.reason,"
    " decided = excluded.decided, status_from = excluded.status_from, trust = excluded.trust, flags = excluded.flags"
    STORE_ROW_STRINGS (SET)
    /* The same copy in both may be told differently by another version of the program. */
    " WHERE CASE (SELECT theirs FROM temp.copy c WHERE c.message = event.message)"
    " WHEN 1 THEN true WHEN 0 THEN false"
    " ELSE (" ORDER ("excluded.") STORE_ROW_STRINGS (NEW) ") > (" ORDER ("event.") STORE_ROW_STRINGS (OLD) ") END";

/* What one of them understood, the other one's evidence of not understanding it says no more. */
static const char evidence[] = "DELETE FROM main.event WHERE evidence = 1 AND"
                               " message IN (SELECT id FROM main.message WHERE result = 'events')";

static const char marks[] =
    "INSERT INTO main.mark SELECT * FROM other.mark WHERE true"
    " ON CONFLICT DO UPDATE SET said = min (mark.said, excluded.said),"
    " email = CASE WHEN (excluded.email, excluded.note) > (mark.email, mark.note) THEN excluded.email ELSE mark.email END,"
    " note = CASE WHEN (excluded.email, excluded.note) > (mark.email, mark.note) THEN excluded.note ELSE mark.note END";

static const char forgotten[] = "INSERT INTO main.forgotten SELECT * FROM other.forgotten WHERE true"
                                " ON CONFLICT DO UPDATE SET date = max (date, excluded.date)";

/* Of two providers that are said to serve a domain, the greater name: a ledger does not know which of them is later. */
static const char domains[] =
    "INSERT INTO main.provider_domain AS mine SELECT * FROM other.provider_domain WHERE true"
    " ON CONFLICT DO UPDATE SET provider = excluded.provider, gateway = excluded.gateway"
    " WHERE (excluded.provider, excluded.gateway) > (mine.provider, mine.gateway)";

static gboolean
attach (StoreSqlite *store, const char *path, GError **error)
{
    g_autoptr (Store) other = store_open (path, STORE_READ, error); /* is it a ledger, and one of today? */
    if (other == NULL)
        return FALSE;
    sqlite3_stmt *statement = store_prepare (store, "ATTACH DATABASE ? AS other", error);
    if (statement == NULL)
        return FALSE;
    sqlite3_bind_text (statement, 1, path, -1, SQLITE_STATIC);
    gboolean done = sqlite3_step (statement) == SQLITE_DONE || store_fail (store, "read", error);
    sqlite3_finalize (statement);
    return done;
}

static gboolean
merge (StoreSqlite *store, GError **error)
{
    static const char *const steps[] = {days, weigh, messages, events, evidence, marks, forgotten, domains};
    gboolean fine = store_begin (&store->base, error);
    for (guint i = 0; fine && i < G_N_ELEMENTS (steps); i++)
        fine = store_execute (store, steps[i], "merge into", error);
    fine = fine && store_forget_again (store, error) && store_commit (&store->base, error);
    if (!fine)
        store_rollback (&store->base);
    return fine;
}

static gboolean
merge_file (StoreSqlite *store, const char *path, GError **error)
{
    if (!attach (store, path, error))
        return FALSE;
    gboolean fine = merge (store, error);
    return store_execute (store, "DETACH DATABASE other", "merge into", fine ? error : NULL) && fine;
}

/* What a server knows comes as a file first, so that one set of rules decides. */
static gboolean
merge_server (StoreSqlite *store, const char *url, GError **error)
{
    g_autoptr (Store) server = store_open (url, STORE_READ, error);
    g_autofree char *folder = server != NULL ? g_dir_make_tmp ("nixie-merge-XXXXXX", error) : NULL;
    if (folder == NULL)
        return FALSE;
    g_autofree char *path = g_build_filename (folder, "copy.db", NULL);
    g_autoptr (Store) copy = store_open (path, STORE_WRITE, error);
    gboolean fine = copy != NULL && store_copy_all (server, copy, error);
    g_clear_pointer (&copy, store_free);
    fine = fine && merge_file (store, path, error);
    static const char *const parts[] = {"", "-wal", "-shm", "-journal"};
    for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
        g_autofree char *part = g_strconcat (path, parts[i], NULL);
        (void) g_remove (part); /* not all of them are there */
    }
    g_rmdir (folder);
    return fine;
}

gboolean
store_sqlite_merge (Store *base, const char *path, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    return store_is_server (path) ? merge_server (store, path, error) : merge_file (store, path, error);
}
