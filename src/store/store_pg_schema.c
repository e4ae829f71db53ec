/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/store_pg.h"

#include "base/date.h"
#include "store/store_words.h"

#define FIRST_MONTH 199001 /* mail that is older than that has a wrong date */
#define DAY (24 * 60 * 60)

#define TEXT "text COLLATE \"C\" NOT NULL"

/* Since schema 2. A sum over all events walks the reading order and nothing else (an "index only scan"), so what
 * it needs of an event stands there, in two columns that the server makes of the others. `served`: the provider
 * and, where a provider may be learned (src/app/learn.c), the domain. `kind`: code, reason, type and whether
 * there is a diagnostic; NULL is not counted. store_pg_tally.c takes them apart. NOT NULL would be copied into
 * tables that are made like event. */
#define MADE_COLUMNS(add) \
    add "served text COLLATE \"C\" GENERATED ALWAYS AS (provider || CASE WHEN provider IN ('', 'other') AND recipient <> ''" \
        " AND domain <> '' THEN E'\\t' || domain ELSE '' END) STORED,\n" \
    add "kind text COLLATE \"C\" GENERATED ALWAYS AS (CASE WHEN recipient <> '' OR format <> 'unparsed' THEN" \
        " coalesce (nullif (status, ''), reply) || E'\\t' || reason || E'\\t' || type || CASE WHEN diagnostic <> ''" \
        " THEN E'\\t+' ELSE '' END END) STORED"
#define TABLES_2 \
    "CREATE INDEX event_by_address ON event (address, date NULLS FIRST, event_id) INCLUDE (evidence, served, kind);\n" \
    "CREATE TABLE unreadable (message bytea NOT NULL PRIMARY KEY, tried " TEXT ");\n" \
    "CREATE INDEX message_unreadable ON message (key) WHERE result = 'unreadable';\n"

/* upgrades[n] makes schema n of schema n - 1. What it says stays as it is: old ledgers go through all of them. */
static const char *const upgrades[STORE_PG_SCHEMA + 1] = {
    [2] = "ALTER TABLE event " MADE_COLUMNS ("ADD COLUMN ") "; DROP INDEX event_by_address;\n" TABLES_2,
};

/* doc/state.md describes these tables. As in the file (store_sqlite_schema.c), but:
 * - events lie in partitions by the month of their date, so that old ones can be dropped. A key that is unique over
 *   partitions must hold the month, so nothing here is unique: the key of the message decides, once for all its
 *   events, and is in one table;
 * - `given` is the number of the transaction that brought an event or changed it last: see store_pg_follow.c;
 * - `added` says what each batch added: a sum over it is quicker than counting, and nobody waits for a row that
 *   everybody changes. */
static const char schema[] =
    "CREATE TABLE meta (name " TEXT " PRIMARY KEY, value " TEXT ");"
    "CREATE TABLE message (\n"
    "  key bytea NOT NULL PRIMARY KEY CHECK (octet_length (key) = 16),\n"
    "  source " TEXT ",\n"
    "  \"offset\" bigint NOT NULL,\n"
    "  seen bigint NOT NULL,\n"
    "  result " TEXT "\n"
    ");\n"
    "CREATE TABLE event (\n"
    "  month integer NOT NULL,\n"
    "  message bytea NOT NULL,\n"
    "  address " TEXT ",\n"
    "  evidence integer NOT NULL,\n"
    "  event_id bytea NOT NULL CHECK (octet_length (event_id) = 16),\n"
    "  date bigint,\n"
    "  type " TEXT ",\n"
    "  fault " TEXT ",\n"
    "  reason " TEXT ",\n"
    "  decided integer NOT NULL,\n"
    "  status_from " TEXT ",\n"
    "  trust " TEXT ",\n"
    "  flags " TEXT
#define X(name) ",\n  " #name " " TEXT
    STORE_ROW_STRINGS (X)
#undef X
    ",\n  given bigint NOT NULL DEFAULT " STORE_PG_GIVEN ",\n"
    MADE_COLUMNS ("  ") "\n"
    ") PARTITION BY LIST (month);\n"
    TABLES_2
    "CREATE INDEX event_by_given ON event USING brin (given) WITH (pages_per_range = 32, autosummarize = on);\n"
    "CREATE INDEX event_evidence ON event (message) WHERE evidence = 1;\n"
    "CREATE TABLE event_other PARTITION OF event FOR VALUES IN (0);\n"
    "CREATE TABLE added (\n"
    "  host " TEXT ", messages bigint NOT NULL, bounces bigint NOT NULL,\n"
    "  unparsed bigint NOT NULL, events bigint NOT NULL, first_seen bigint, last_seen bigint\n"
    ");\n"
    "CREATE TABLE cursor (\n"
    "  host " TEXT ", source bytea NOT NULL, device bigint NOT NULL, inode bigint NOT NULL, size bigint NOT NULL,\n"
    "  mtime_ns bigint NOT NULL, \"offset\" bigint NOT NULL, before bytea NOT NULL, PRIMARY KEY (host, source)\n"
    ");\n"
    "CREATE TABLE maildir (\n"
    "  host " TEXT ", source bytea NOT NULL, seen bytea NOT NULL, PRIMARY KEY (host, source)\n"
    ");\n"
    "CREATE TABLE mark (\n"
    "  address " TEXT ", kind " TEXT ", date bigint NOT NULL, undone integer NOT NULL, email " TEXT ",\n"
    "  note " TEXT ", said bigint NOT NULL, PRIMARY KEY (address, kind, date, undone)\n"
    ");\n"
    "CREATE TABLE forgotten (\n"
    "  digest bytea NOT NULL PRIMARY KEY CHECK (octet_length (digest) = 16), date bigint NOT NULL\n"
    ");\n"
    "CREATE TABLE published (\n"
    "  host " TEXT ", output " TEXT ", date bigint NOT NULL, digests bytea NOT NULL, PRIMARY KEY (host, output)\n"
    ");\n"
    "CREATE TABLE provider_domain (domain " TEXT " PRIMARY KEY, provider " TEXT ", gateway " TEXT ");\n"
    "CREATE VIEW bounce AS SELECT to_timestamp (date) AS day_and_time, address, domain, provider, type, reason, status,\n"
    "  reply, diagnostic, rule, source, \"offset\", to_timestamp (seen) AS scanned\n"
    "  FROM event JOIN message ON key = message WHERE evidence = 0;\n";

/* From the tables themselves: what to_regclass() remembers may be older than the lock that we waited for. */
static const char is_there[] = "SELECT count(*) > 0 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                               " WHERE n.nspname = 'nixie' AND c.relname = 'meta'";

/* --- the tables -------------------------------------------------------------------------------------------------- */

/* Two hosts may meet at a new server: whoever comes second finds it made. */
static gboolean
create (StorePg *store, GError **error)
{
    g_autofree char *marks = g_strdup_printf (
        "INSERT INTO meta VALUES ('application', 'nixie'), ('schema', '%d'), ('created_by', 'nixie %s'),"
        " ('ledger', substr (md5 (random ()::text || clock_timestamp ()::text), 1, 16))",
        STORE_PG_SCHEMA, PACKAGE_VERSION);
    g_autoptr (PGresult) there = NULL;
    gboolean fine = store_pg_run (store, "BEGIN", NULL, "set up", error)
                    && store_pg_run (store, STORE_PG_LOCK, NULL, "set up", error);
    there = fine ? store_pg_query (store, is_there, NULL, "set up", error) : NULL;
    fine = there != NULL;
    if (fine && *PQgetvalue (there, 0, 0) == 'f')
        fine = store_pg_run (store, "CREATE SCHEMA IF NOT EXISTS nixie", NULL, "set up", error)
               && store_pg_run (store, schema, NULL, "set up", error)
               && store_pg_run (store, marks, NULL, "set up", error);
    if (fine)
        return store_pg_run (store, "COMMIT", NULL, "set up", error);
    store_pg_abandon (store);
    return FALSE;
}

/* *version -1: there is a ledger, but none of ours. */
static gboolean
read_version (StorePg *store, int *version, GError **error)
{
    g_autoptr (PGresult) result = store_pg_query (
        store,
        "SELECT (SELECT value FROM meta WHERE name = 'application'), (SELECT value FROM meta WHERE name = 'schema')",
        NULL, "open", error);
    if (result == NULL)
        return FALSE;
    *version = g_strcmp0 (PQgetvalue (result, 0, 0), "nixie") == 0 ? (int) pg_take_int64 (result, 0, 1) : -1;
    return TRUE;
}

static gboolean
make_schema (StorePg *store, int version, GError **error)
{
    g_autofree char *mark = g_strdup_printf ("UPDATE meta SET value = '%d' WHERE name = 'schema'", version);
    return store_pg_run (store, upgrades[version], NULL, "upgrade", error)
           && store_pg_run (store, mark, NULL, "upgrade", error);
}

/* All steps or none. Two hosts may meet here as well, so the version is read again behind the lock. */
static gboolean
upgrade (StorePg *store, GError **error)
{
    int version = 0;
    gboolean fine = store_pg_run (store, "BEGIN", NULL, "upgrade", error)
                    && store_pg_run (store, STORE_PG_LOCK, NULL, "upgrade", error)
                    && store_pg_run (store, "LOCK TABLE event IN ACCESS EXCLUSIVE MODE", NULL, "upgrade", error)
                    && read_version (store, &version, error);
    while (fine && version > 0 && version < STORE_PG_SCHEMA)
        fine = make_schema (store, ++version, error);
    if (fine)
        return store_pg_run (store, "COMMIT", NULL, "upgrade", error);
    store_pg_abandon (store);
    return FALSE;
}

static gboolean
check_version (StorePg *store, GError **error)
{
    int version;
    if (!read_version (store, &version, error))
        return FALSE;
    if (version < 0) {
        g_set_error (error, STORE_ERROR, STORE_ERROR_OPEN, "'%s' is not a nixie ledger", store->url);
        return FALSE;
    }
    if (version == STORE_PG_SCHEMA)
        return TRUE;
    if (version > 0 && version < STORE_PG_SCHEMA && store->mode == STORE_WRITE)
        return upgrade (store, error);
    g_set_error (error, STORE_ERROR, version > STORE_PG_SCHEMA ? STORE_ERROR_NEWER : STORE_ERROR_OLDER,
                 "ledger '%s' was written by %s nixie (schema %d, this one knows %d)", store->url,
                 version > STORE_PG_SCHEMA ? "a newer" : "an older", version, STORE_PG_SCHEMA);
    return FALSE;
}

static gboolean
is_complete (StorePg *store, GError **error)
{
    g_autoptr (PGresult) result = store_pg_query (
        store,
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'nixie'"
        " AND c.relname IN ('meta', 'message', 'event', 'event_other', 'added', 'cursor', 'maildir', 'mark', 'forgotten',"
        " 'published', 'provider_domain', 'unreadable') AND c.relkind IN ('r', 'p')",
        NULL, "open", error);
    if (result == NULL)
        return FALSE;
    if (pg_take_int64 (result, 0, 0) == 12)
        return TRUE;
    g_set_error (error, STORE_ERROR, STORE_ERROR_DAMAGED, "ledger '%s' is damaged: tables are missing", store->url);
    return FALSE;
}

gboolean
store_pg_schema_check (StorePg *store, GError **error)
{
    g_autoptr (PGresult) there =
        store_pg_query (store, is_there, NULL, "open", error);
    if (there == NULL)
        return FALSE;
    if (*PQgetvalue (there, 0, 0) == 'f') {
        if (store->mode == STORE_WRITE)
            return create (store, error) && check_version (store, error);
        g_set_error (error, STORE_ERROR, STORE_ERROR_MISSING, "there is no ledger yet in '%s'", store->url);
        return FALSE;
    }
    return check_version (store, error) && is_complete (store, error);
}

/* --- months ------------------------------------------------------------------------------------------------------ */

/* 202611. A date that lies ahead of the scan by more than a month says nothing, and must not make a partition. */
int
store_pg_month_of (gint64 date, gint64 seen)
{
    if (date == DATE_NONE || date > seen + 31 * DAY)
        return STORE_PG_MONTH_OTHER;
    g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (date);
    int month = time != NULL ? g_date_time_get_year (time) * 100 + g_date_time_get_month (time) : 0;
    return month < FIRST_MONTH ? STORE_PG_MONTH_OTHER : month;
}

gboolean
store_pg_months_load (StorePg *store, GError **error)
{
    g_autoptr (PGresult) result = store_pg_query (
        store,
        "SELECT substr (c.relname, 7) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = 'nixie.event'::regclass AND c.relname ~ '^event_[0-9]{6}$'",
        NULL, "read", error);
    if (result == NULL)
        return FALSE;
    g_hash_table_remove_all (store->months);
    for (int i = 0; i < PQntuples (result); i++)
        g_hash_table_add (store->months, GINT_TO_POINTER ((int) pg_take_int64 (result, i, 0)));
    return TRUE;
}

/* Attaching a table that is made beside takes no lock that readers or writers of other months feel. */
static gboolean
make_month (StorePg *store, int month, GError **error)
{
    g_autofree char *sql = g_strdup_printf (
        "CREATE TABLE event_%d (LIKE event INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED);"
        "ALTER TABLE event_%d ADD CONSTRAINT month CHECK (month = %d);"
        "ALTER TABLE event ATTACH PARTITION event_%d FOR VALUES IN (%d);"
        "ALTER TABLE event_%d DROP CONSTRAINT month",
        month, month, month, month, month, month);
    return store_pg_run (store, sql, NULL, "write to", error);
}

static gboolean
make_missing (StorePg *store, GHashTable *months, GError **error)
{
    GHashTableIter iter;
    gpointer month;
    if (!store_pg_run (store, STORE_PG_LOCK, NULL, "write to", error) || !store_pg_months_load (store, error))
        return FALSE;
    g_hash_table_iter_init (&iter, months);
    while (g_hash_table_iter_next (&iter, &month, NULL))
        if (!g_hash_table_contains (store->months, month) && !make_month (store, GPOINTER_TO_INT (month), error))
            return FALSE;
    return store_pg_run (store, "COMMIT", NULL, "write to", error) && store_pg_months_load (store, error);
}

gboolean
store_pg_months_make (StorePg *store, GHashTable *months, GError **error)
{
    if (!store_pg_run (store, "BEGIN", NULL, "write to", error))
        return FALSE;
    if (make_missing (store, months, error))
        return TRUE;
    g_hash_table_remove_all (store->months);
    store_pg_abandon (store);
    return FALSE;
}
