/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/store_sqlite.h"

/* Since schema 2. */
#define LATER_TABLES \
    "CREATE TABLE mark (\n" \
    "  address TEXT NOT NULL,\n" \
    "  kind TEXT NOT NULL,\n" \
    "  date INTEGER NOT NULL,\n" \
    "  undone INTEGER NOT NULL,\n" \
    "  email TEXT NOT NULL,\n" \
    "  note TEXT NOT NULL,\n" \
    "  said INTEGER NOT NULL,\n" \
    "  PRIMARY KEY (address, kind, date, undone)\n" \
    ") STRICT, WITHOUT ROWID;\n" \
    "CREATE TABLE forgotten (\n" \
    "  digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 16),\n" \
    "  date INTEGER NOT NULL\n" \
    ") STRICT, WITHOUT ROWID;\n" \
    "CREATE TABLE published (\n" \
    "  output TEXT NOT NULL PRIMARY KEY,\n" \
    "  date INTEGER NOT NULL,\n" \
    "  digests BLOB NOT NULL\n" \
    ") STRICT;\n" \
    "CREATE TABLE provider_domain (\n" \
    "  domain TEXT NOT NULL PRIMARY KEY,\n" \
    "  provider TEXT NOT NULL,\n" \
    "  gateway TEXT NOT NULL\n" \
    ") STRICT, WITHOUT ROWID;\n"

/* Since schema 3. No row number of an event is used twice: see store_sqlite_follow.c. */
#define TABLES_3 \
    "CREATE TRIGGER event_gone AFTER DELETE ON event\n" \
    "  WHEN old.id > coalesce ((SELECT CAST (value AS INTEGER) FROM meta WHERE name = 'last_event'), 0)\n" \
    "  BEGIN INSERT OR REPLACE INTO meta (name, value) VALUES ('last_event', CAST (old.id AS TEXT)); END;\n" \
    "INSERT INTO meta (name, value) VALUES ('ledger', lower (hex (randomblob (8))));\n" \
    "CREATE TABLE maildir (\n" \
    "  source TEXT NOT NULL PRIMARY KEY,\n" \
    "  seen BLOB NOT NULL\n" \
    ") STRICT;\n" \
    "CREATE TABLE unreadable (\n" \
    "  message INTEGER PRIMARY KEY REFERENCES message (id),\n" \
    "  tried TEXT NOT NULL\n" \
    ") STRICT;\n"

/* Since schema 4. A sum over all events walks the reading order and nothing else: what it needs of an event stands there,
 * in the words of the other columns. store_sqlite_brief.c reads it. (Ledgers that were made with a chain of || instead of
 * printf(), which makes a string for each link, have the same words.) */
#define STORE_BRIEF_COLUMN \
    "brief TEXT GENERATED ALWAYS AS (printf('%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d%d%d%d'," \
    " type, reason, status, reply, command, action, provider, format, rule, instr(flags, 'contradicted') > 0," \
    " recipient = address AND domain != '' AND substr(address, -1 - length(domain)) = '@' || domain," \
    " diagnostic != '', original_message_id != '')) VIRTUAL"
/* Since schema 5. How many addresses refuse one message is a sum as well: its id, of blocks alone. */
#define STORE_REFUSED_COLUMN \
    "refused TEXT GENERATED ALWAYS AS (CASE WHEN type = 'block' AND original_message_id != ''" \
    " THEN original_message_id END) VIRTUAL"
/* Since schema 5. Every scan asks for them, and there are few. */
#define UNREADABLE "CREATE INDEX message_unreadable ON message (result) WHERE result = 'unreadable';\n"
/* Since schema 6. The keys of a day are together, and a night's mail has the dates of a few days: what a scan changes of
 * this index is as much in the tenth year as in the first. `day`: message_day(); 0: not known. A key is there once, on
 * whatever day: store_sqlite_put.c and the merge see to it. */
#define MESSAGE_TABLE(name) \
    "CREATE TABLE " name " (\n" \
    "  id INTEGER PRIMARY KEY,\n" \
    "  day INTEGER NOT NULL DEFAULT 0,\n" \
    "  key BLOB NOT NULL CHECK (length(key) = 16),\n" \
    "  source TEXT NOT NULL,\n" \
    "  offset INTEGER NOT NULL,\n" \
    "  seen INTEGER NOT NULL,\n" \
    "  result TEXT NOT NULL\n" \
    ") STRICT;\n"
#define MESSAGE_BY_KEY "CREATE UNIQUE INDEX message_by_key ON message (day, key);\n"
#define READING_ORDER \
    "CREATE INDEX IF NOT EXISTS event_by_address ON event (address, date, event_id, evidence, brief, refused)"

/* doc/state.md describes these tables for people who ask them with sqlite3(1).
 *
 * Messages and events are appended in the order in which they come and know each other by a small number; the only
 * orders that are kept besides are the message key and the reading order. An event id is a digest of its message's
 * key, so that being unique within the message is being unique. */
static const char schema[] =
    "CREATE TABLE meta (\n"
    "  name TEXT NOT NULL PRIMARY KEY,\n"
    "  value TEXT NOT NULL\n"
    ") STRICT, WITHOUT ROWID;\n"
    MESSAGE_TABLE ("message") MESSAGE_BY_KEY
    "CREATE TABLE event (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  message INTEGER NOT NULL REFERENCES message (id),\n"
    "  address TEXT NOT NULL,\n"
    "  evidence INTEGER NOT NULL,\n"
    "  event_id BLOB NOT NULL CHECK (length(event_id) = 16),\n"
    "  date INTEGER,\n"
    "  type TEXT NOT NULL,\n"
    "  fault TEXT NOT NULL,\n"
    "  reason TEXT NOT NULL,\n"
    "  decided INTEGER NOT NULL,\n"
    "  status_from TEXT NOT NULL,\n"
    "  trust TEXT NOT NULL,\n"
    "  flags TEXT NOT NULL,\n"
#define X(name) "  " #name " TEXT NOT NULL,\n"
    STORE_ROW_STRINGS (X)
#undef X
    "  " STORE_BRIEF_COLUMN ",\n"
    "  " STORE_REFUSED_COLUMN ",\n"
    "  UNIQUE (message, event_id)\n"
    ") STRICT;\n"
    LATER_TABLES
    TABLES_3
    UNREADABLE
    "CREATE TABLE cursor (\n"
    "  source TEXT NOT NULL PRIMARY KEY,\n"
    "  device INTEGER NOT NULL,\n"
    "  inode INTEGER NOT NULL,\n"
    "  size INTEGER NOT NULL,\n"
    "  mtime_ns INTEGER NOT NULL,\n"
    "  offset INTEGER NOT NULL,\n"
    "  before BLOB NOT NULL\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE VIEW bounce AS SELECT\n"
    "  datetime(e.date, 'unixepoch') AS day_and_time, e.address, e.domain, e.provider, e.type, e.reason, e.status,\n"
    "  e.reply, e.diagnostic, e.rule, m.source, m.offset, datetime(m.seen, 'unixepoch') AS scanned\n"
    "  FROM event e JOIN message m ON m.id = e.message WHERE e.evidence = 0;\n";

/* migrations[n] makes schema n of schema n - 1. What it says stays as it is: old ledgers go through all of them. */
static const char *const migrations[STORE_SCHEMA + 1] = {
    [2] = "ALTER TABLE event ADD COLUMN report_to TEXT NOT NULL DEFAULT '';\n" LATER_TABLES,
    [3] = TABLES_3,
    [4] = "ALTER TABLE event ADD COLUMN " STORE_BRIEF_COLUMN ";\n"
          "DROP INDEX IF EXISTS event_by_address;\n", /* [5] makes it again */
    [5] = UNREADABLE "ALTER TABLE event ADD COLUMN " STORE_REFUSED_COLUMN ";\n"
          "DROP INDEX IF EXISTS event_by_address;\n" READING_ORDER,
    /* The old way of renaming touches no view or trigger: somebody may have made his own. */
    [6] = MESSAGE_TABLE ("message_of_6")
          "INSERT INTO message_of_6 SELECT id, 0, key, source, offset, seen, result FROM message ORDER BY id;\n"
          "DROP TABLE message;\n"
          "PRAGMA legacy_alter_table = ON;\n"
          "ALTER TABLE message_of_6 RENAME TO message;\n"
          "PRAGMA legacy_alter_table = OFF;\n" MESSAGE_BY_KEY UNREADABLE,
};

static const char reading_order[] = READING_ORDER;

gint64
store_pragma (StoreSqlite *store, const char *name)
{
    g_autofree char *sql = g_strdup_printf ("PRAGMA %s", name);
    sqlite3_stmt *statement = NULL;
    gint64 value = -1;
    if (sqlite3_prepare_v2 (store->database, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step (statement) == SQLITE_ROW)
        value = sqlite3_column_int64 (statement, 0);
    sqlite3_finalize (statement);
    return value;
}

gboolean
store_schema_index (StoreSqlite *store, GError **error)
{
    if (!store->indexed && !store_execute (store, reading_order, "sort", error))
        return FALSE;
    store->indexed = TRUE;
    return TRUE;
}

static gboolean
create_tables (StoreSqlite *store, GError **error)
{
    g_autofree char *marks = g_strdup_printf (
        "PRAGMA application_id = %d; PRAGMA user_version = %d;"
        "INSERT INTO meta (name, value) VALUES ('created_by', 'nixie %s');",
        STORE_APPLICATION_ID, STORE_SCHEMA, PACKAGE_VERSION);
    return store_execute (store, schema, "set up", error) &&
           (store->path == NULL || store_schema_index (store, error)) &&
           store_execute (store, marks, "set up", error);
}

/* Two processes may meet at a new file: whoever comes second finds it made. */
static gboolean
create (StoreSqlite *store, GError **error)
{
    if (!store_execute (store, "BEGIN IMMEDIATE", "write to", error))
        return FALSE;
    if (store_pragma (store, "schema_version") == 0 && !create_tables (store, error)) {
        store_rollback (&store->base);
        return FALSE;
    }
    return store_execute (store, "COMMIT", "write to", error);
}

/* All steps or none. Two processes may meet here as well, so the version is read again inside. */
static gboolean
migrate (StoreSqlite *store, GError **error)
{
    if (!store_execute (store, "BEGIN IMMEDIATE", "write to", error))
        return FALSE;
    for (gint64 version = store_pragma (store, "user_version") + 1; version <= STORE_SCHEMA; version++) {
        g_autofree char *mark = g_strdup_printf ("PRAGMA user_version = %d", (int) version);
        if (store_execute (store, migrations[version], "upgrade", error) &&
            store_execute (store, mark, "upgrade", error))
            continue;
        store_rollback (&store->base);
        return FALSE;
    }
    return store_execute (store, "COMMIT", "write to", error);
}

static gboolean
is_complete (StoreSqlite *store, GError **error)
{
    sqlite3_stmt *statement = store_prepare (
        store,
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN"
        " ('meta', 'message', 'event', 'cursor', 'mark', 'forgotten', 'published', 'provider_domain', 'maildir',"
        " 'unreadable')",
        error);
    if (statement == NULL)
        return FALSE;
    int code = sqlite3_step (statement);
    int tables = code == SQLITE_ROW ? sqlite3_column_int (statement, 0) : 0;
    sqlite3_finalize (statement);
    if (code != SQLITE_ROW)
        return store_fail (store, "read", error);
    if (tables != 10) {
        g_set_error (error, STORE_ERROR, STORE_ERROR_DAMAGED, "ledger '%s' is damaged: tables are missing",
                     store->path);
        return FALSE;
    }
    return TRUE;
}

gboolean
store_schema_check (StoreSqlite *store, gboolean may_create, gboolean *empty, GError **error)
{
    /* The first real read: says "file is not a database" where it is none. */
    *empty = FALSE;
    if (!store_execute (store, "SELECT count(*) FROM sqlite_schema", "read", error))
        return FALSE;
    gint64 application = store_pragma (store, "application_id");
    gint64 version = store_pragma (store, "user_version");
    if (application == 0 && version == 0 && store_pragma (store, "schema_version") == 0) {
        *empty = !may_create;
        return !may_create || create (store, error);
    }
    if (application != STORE_APPLICATION_ID) {
        g_set_error (error, STORE_ERROR, STORE_ERROR_OPEN, "'%s' is not a nixie ledger", store->path);
        return FALSE;
    }
    if (version > STORE_SCHEMA) {
        g_set_error (error, STORE_ERROR, STORE_ERROR_NEWER,
                     "ledger '%s' was written by a newer nixie (schema %d, this one knows %d)", store->path,
                     (int) version, STORE_SCHEMA);
        return FALSE;
    }
    if (version < STORE_SCHEMA && !may_create) {
        g_set_error (error, STORE_ERROR, STORE_ERROR_OLDER,
                     "ledger '%s' was written by an older nixie (schema %d, this one writes %d) and cannot be upgraded "
                     "here", store->path, (int) version, STORE_SCHEMA);
        return FALSE;
    }
    if (version < STORE_SCHEMA && !migrate (store, error))
        return FALSE;
    store->indexed = TRUE;
    return is_complete (store, error);
}
