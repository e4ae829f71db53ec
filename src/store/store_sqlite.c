/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/store_sqlite.h"

#include "base/date.h"
#include "base/limits.h"
#include "event/address.h"
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const StoreBackend sqlite_backend = {
    .free = store_sqlite_free,
    .begin = store_sqlite_begin,
    .commit = store_sqlite_commit,
    .rollback = store_sqlite_rollback,
    .put = store_sqlite_put,
    .knows = store_sqlite_knows,
    .knows_at = store_sqlite_knows_at,
    .cursor_get = store_sqlite_cursor_get,
    .cursor_put = store_sqlite_cursor_put,
    .maildir_get = store_sqlite_maildir_get,
    .maildir_put = store_sqlite_maildir_put,
    .try_again = store_sqlite_try_again,
    .events_open = store_sqlite_events_open,
    .events_next = store_sqlite_events_next,
    .events_free = store_sqlite_events_free,
    .follow_open = store_sqlite_follow_open,
    .event_get = store_sqlite_event_get,
    .event_texts = store_sqlite_event_texts,
    .tally = store_sqlite_tally,
    .info = store_sqlite_info,
    .count_messages = store_sqlite_count_messages,
    .reclassify = store_sqlite_reclassify,
    .mark_put = store_sqlite_mark_put,
    .marks = store_sqlite_marks,
    .published_get = store_sqlite_published_get,
    .published_put = store_sqlite_published_put,
    .count_addresses = store_sqlite_count_addresses,
    .domain_put = store_sqlite_domain_put,
    .domains = store_sqlite_domains,
    .meta_get = store_sqlite_meta_get,
    .meta_put = store_sqlite_meta_put,
    .export = store_sqlite_export,
    .walk = store_sqlite_walk,
    .forgotten_put = store_sqlite_forgotten_put,
    .write_out = store_sqlite_write_out,
    .merge = store_sqlite_merge,
    .forget = store_sqlite_forget,
    .compact = store_sqlite_compact,
    .expire = store_sqlite_expire,
    .verify = store_sqlite_verify,
};

/* SQLite does not say why it could not open the ledger or its log: the errno at hand is that of another attempt. */
static StoreError
kind_of_opening (const char *path)
{
    g_autofree char *folder = path != NULL ? g_path_get_dirname (path) : NULL;
    if (path == NULL)
        return STORE_ERROR_IO;
    if (access (path, F_OK) != 0)
        return STORE_ERROR_OPEN;
    return access (path, R_OK) != 0 || access (folder, W_OK) != 0 ? STORE_ERROR_PERMISSION : STORE_ERROR_IO;
}

static StoreError
kind_of (int code, const char *path)
{
    switch (code & 0xff) {
    case SQLITE_CANTOPEN:
        return kind_of_opening (path);
    case SQLITE_NOTADB:
        return STORE_ERROR_OPEN;
    case SQLITE_CORRUPT:
        return STORE_ERROR_DAMAGED;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return STORE_ERROR_BUSY;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
        return STORE_ERROR_PERMISSION;
    default:
        return STORE_ERROR_IO;
    }
}

gboolean
store_fail (StoreSqlite *store, const char *verb, GError **error)
{
    int code = sqlite3_extended_errcode (store->database), kind = code & 0xff;
    int number = kind == SQLITE_IOERR ? sqlite3_system_errno (store->database) : 0;
    /* SQLite takes what a broken disk cannot read for damage. */
    if (store->path != NULL && (kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB) &&
        (number = store_file_read_through (store->path)) != 0)
        kind = SQLITE_IOERR;
    if (number != 0)
        g_set_error (error, STORE_ERROR, kind_of (kind, store->path), "cannot %s ledger '%s': %s (%s)", verb,
                     store->path != NULL ? store->path : "(temporary)", g_strerror (number),
                     sqlite3_errmsg (store->database));
    else if (store->path != NULL && kind == SQLITE_NOTADB)
        g_set_error (error, STORE_ERROR, STORE_ERROR_OPEN, "'%s' is not a nixie ledger", store->path);
    else if (store->path != NULL && kind == SQLITE_BUSY)
        g_set_error (error, STORE_ERROR, STORE_ERROR_BUSY, "cannot %s ledger '%s': another process has it locked", verb,
                     store->path);
    else
        g_set_error (error, STORE_ERROR, kind_of (code, store->path), "cannot %s ledger '%s': %s", verb,
                     store->path != NULL ? store->path : "(temporary)", sqlite3_errmsg (store->database));
    return FALSE;
}

gboolean
store_execute (StoreSqlite *store, const char *sql, const char *verb, GError **error)
{
    return sqlite3_exec (store->database, sql, NULL, NULL, NULL) == SQLITE_OK || store_fail (store, verb, error);
}

sqlite3_stmt *
store_prepare (StoreSqlite *store, const char *sql, GError **error)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v3 (store->database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        store_fail (store, "read", error);
    return statement;
}

sqlite3_stmt *
store_statement (StoreSqlite *store, StoreStatement which, GError **error)
{
    static const char *const sql[N_STATEMENTS] = {
        [STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
        [STATEMENT_COMMIT] = "COMMIT",
        [STATEMENT_ROLLBACK] = "ROLLBACK",
        /* NOLINTNEXTLINE(bugprone-suspicious-missing-comma): one statement on two lines */
        [STATEMENT_PUT_MESSAGE] = "INSERT OR IGNORE INTO message (day, key, source, offset, seen, result)"
                                  " VALUES (?, ?, ?, ?, ?, ?)",
        [STATEMENT_FORGET_DAYS] = STORE_FORGET_DAYS,
        [STATEMENT_ANY_DAYLESS] = "SELECT 1 FROM message WHERE day = 0 LIMIT 1",
        [STATEMENT_GET_PLACE] = "SELECT id, source, offset, seen, result FROM message WHERE day = ? AND key = ?",
        [STATEMENT_SET_PLACE] = "UPDATE message SET source = ?, offset = ?, seen = ?, result = ? WHERE id = ?",
        [STATEMENT_PUT_EVENT] = store_row_put,
        [STATEMENT_FIND_EVENT] = "SELECT id FROM event WHERE message = ? AND event_id = ?",
        [STATEMENT_GET_EVENT] = store_row_get,
        [STATEMENT_SET_EVENT] = store_row_set,
        [STATEMENT_REST_OF_EVENT] = store_row_get,
        [STATEMENT_TEXTS_OF_EVENT] = "SELECT diagnostic, original_subject FROM event WHERE id = ?",
        [STATEMENT_PUT_DOMAIN] = "INSERT OR REPLACE INTO provider_domain (domain, provider, gateway) VALUES (?, ?, ?)",
        [STATEMENT_CURSOR_GET] = "SELECT device, inode, size, mtime_ns, offset, before FROM cursor WHERE source = ?",
        [STATEMENT_CURSOR_PUT] = "INSERT OR REPLACE INTO cursor"
                                 " (source, device, inode, size, mtime_ns, offset, before)"
                                 " VALUES (?, ?, ?, ?, ?, ?, ?)",
    };
    if (store->statements[which] == NULL)
        store->statements[which] = store_prepare (store, sql[which], error);
    return store->statements[which];
}

gboolean
store_run (StoreSqlite *store, sqlite3_stmt *statement, const char *verb, GError **error)
{
    gboolean done = sqlite3_step (statement) == SQLITE_DONE || store_fail (store, verb, error);
    sqlite3_reset (statement);
    return done;
}

/* --- open and close ------------------------------------------------------------------------------------------- */

static gboolean
open_database (StoreSqlite *store, const char *name, int flags, GError **error)
{
    int code = sqlite3_open_v2 (name, &store->database, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (store->database == NULL)
        g_error ("out of memory");
    if (code != SQLITE_OK)
        return store_fail (store, "open", error);
    sqlite3_busy_handler (store->database, store_turn_wait, store);
    sqlite3_db_config (store->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config (store->database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    g_autofree char *pragmas =
        g_strdup_printf ("PRAGMA cache_size = -%d; PRAGMA temp_store = FILE; PRAGMA cell_size_check = ON",
                         LIMIT_STORE_CACHE_KIB);
    return store_execute (store, pragmas, "open", error);
}

/* Nothing here outlives the process, so nothing is synced. The journal stays in memory: a rollback has to work. */
static gboolean
open_private (StoreSqlite *store, GError **error)
{
    gboolean empty;
    return open_database (store, "", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error) &&
           store_execute (store, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF", "open", error) &&
           store_schema_check (store, TRUE, &empty, error);
}

/* What SQLite would call an I/O error; and a single byte, which it would take for a ledger that is still empty. */
static gboolean
is_no_file (StoreSqlite *store, GError **error)
{
    struct stat found;
    if (stat (store->path, &found) != 0 || (S_ISREG (found.st_mode) && (found.st_size == 0 || found.st_size >= 512)))
        return FALSE;
    if (S_ISREG (found.st_mode))
        g_set_error (error, STORE_ERROR, STORE_ERROR_OPEN, "'%s' is not a nixie ledger", store->path);
    else
        g_set_error (error, STORE_ERROR, STORE_ERROR_OPEN, "cannot open ledger '%s': it is no regular file", store->path);
    return TRUE;
}

static gboolean
set_journal (StoreSqlite *store, GError **error)
{
    const char *journal = store_file_is_local (store->path)
                              ? "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = "
                                G_STRINGIFY (STORE_LOG_PAGES)
                              : "PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL";
    return store_execute (store, journal, "open", error);
}

/* The journal mode is written into the file, so it comes after the check: the file may be somebody else's. */
static gboolean
open_for_writing (StoreSqlite *store, GError **error)
{
    gboolean empty;
    return !is_no_file (store, error) && store_file_create (store->path, error) &&
           open_database (store, store->path, SQLITE_OPEN_READWRITE, error) &&
           store_schema_check (store, TRUE, &empty, error) && set_journal (store, error);
}

/* A ledger in a folder where we may not write, for example another user's: the log's shared memory cannot be made. With
 * no log beside it, the file is complete as it lies there. */
static gboolean
open_immutable (StoreSqlite *store, GError **error)
{
    g_autofree char *log = g_strconcat (store->path, "-wal", NULL);
    gboolean empty;
    if (access (log, F_OK) == 0)
        return FALSE;
    g_autofree char *absolute = g_canonicalize_filename (store->path, NULL);
    g_autofree char *escaped = g_uri_escape_string (absolute, "/", FALSE);
    g_autofree char *uri = g_strconcat ("file:", escaped, "?immutable=1", NULL);
    sqlite3_close (store->database);
    return open_database (store, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, error) &&
           store_schema_check (store, FALSE, &empty, error);
}

/* Whoever may write to it makes it a ledger of today, also when only reading was asked for. */
static gboolean
upgrade_for_reading (StoreSqlite *store, gboolean *empty, GError **first, GError **error)
{
    g_autoptr (Store) upgraded = store_open (store->path, STORE_WRITE, NULL);
    if (upgraded == NULL) {
        g_propagate_error (error, g_steal_pointer (first));
        return FALSE;
    }
    sqlite3_close (store->database);
    store->database = NULL;
    g_clear_pointer (&upgraded, store_free); /* the last to close it, so that what was written anew goes from the log into the file */
    return open_database (store, store->path, SQLITE_OPEN_READONLY, error) &&
           store_schema_check (store, FALSE, empty, error);
}

static gboolean
open_for_reading (StoreSqlite *store, gboolean *empty, GError **error)
{
    g_autoptr (GError) first = NULL;
    if (access (store->path, F_OK) != 0) {
        g_set_error (error, STORE_ERROR, STORE_ERROR_OPEN, "cannot open ledger '%s': No such file or directory",
                     store->path);
        return FALSE;
    }
    if (access (store->path, R_OK) != 0) {
        g_set_error (error, STORE_ERROR, STORE_ERROR_PERMISSION, "cannot open ledger '%s': Permission denied",
                     store->path);
        return FALSE;
    }
    if (is_no_file (store, error))
        return FALSE;
    if (open_database (store, store->path, SQLITE_OPEN_READONLY, &first) &&
        store_schema_check (store, FALSE, empty, &first))
        return TRUE;
    /* A writer that was killed left a rollback journal: whoever may write undoes it. */
    if (g_error_matches (first, STORE_ERROR, STORE_ERROR_OLDER) ||
        sqlite3_extended_errcode (store->database) == SQLITE_READONLY_ROLLBACK)
        return upgrade_for_reading (store, empty, &first, error);
    int code = sqlite3_errcode (store->database) & 0xff;
    if ((code == SQLITE_CANTOPEN || code == SQLITE_READONLY) && open_immutable (store, NULL))
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&first));
    return FALSE;
}

static void
close_database (StoreSqlite *store)
{
    for (guint i = 0; i < N_STATEMENTS; i++)
        g_clear_pointer (&store->statements[i], sqlite3_finalize);
    sqlite3_close (store->database);
    store->database = NULL;
}

/* Counting every allocation under a lock, which nobody asks for, costs a tenth of reading. Too late is no harm. */
static void
set_up_library (void)
{
    static gsize once;
    if (g_once_init_enter (&once)) {
        (void) sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
        g_once_init_leave (&once, 1);
    }
}

Store *
store_sqlite_open (const char *path, StoreMode mode, GError **error)
{
    StoreSqlite *store = g_new0 (StoreSqlite, 1);
    gboolean empty = FALSE, opened;

    set_up_library ();
    store->base.backend = &sqlite_backend;
    store->path = g_strdup (path);
    store->arena = arena_new ();
    if (path == NULL)
        opened = open_private (store, error);
    else if (mode == STORE_WRITE)
        opened = open_for_writing (store, error);
    else
        opened = open_for_reading (store, &empty, error);
    if (opened && empty) {
        /* A file of 0 bytes is a ledger that nobody has written yet. */
        close_database (store);
        g_clear_pointer (&store->path, g_free);
        opened = open_private (store, error);
    }
    if (opened)
        return &store->base;
    store_sqlite_free (&store->base);
    return NULL;
}

void
store_sqlite_free (Store *base)
{
    StoreSqlite *store = (StoreSqlite *) base;
    store_rollback (&store->base);
    close_database (store);
    store_briefs_free (store->briefs);
    g_free (store->tried_with);
    arena_free (store->arena);
    g_free (store->path);
    g_free (store);
}

/* --- transactions --------------------------------------------------------------------------------------------- */

static gboolean
run_plain (StoreSqlite *store, StoreStatement which, GError **error)
{
    sqlite3_stmt *statement = store_statement (store, which, error);
    return statement != NULL && store_run (store, statement, "write to", error);
}

gboolean
store_sqlite_begin (Store *base, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    store->last_event = -1;
    store->dayless = -1;
    store->forgets_known = FALSE;
    store_turn_begin (store);
    return run_plain (store, STATEMENT_BEGIN, error);
}

gboolean
store_sqlite_commit (Store *base, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    return run_plain (store, STATEMENT_COMMIT, error);
}

/* SQLite itself may have rolled back already, when the disk is full. */
void
store_sqlite_rollback (Store *base)
{
    StoreSqlite *store = (StoreSqlite *) base;
    if (store->database != NULL && !sqlite3_get_autocommit (store->database))
        run_plain (store, STATEMENT_ROLLBACK, NULL);
}

/* --- cursors -------------------------------------------------------------------------------------------------- */

gboolean
store_sqlite_cursor_get (Store *base, const char *source, StoreCursor *cursor, gboolean *found, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    sqlite3_stmt *statement = store_statement (store, STATEMENT_CURSOR_GET, error);
    if (statement == NULL)
        return FALSE;
    sqlite3_bind_text (statement, 1, source, -1, SQLITE_STATIC);
    int code = sqlite3_step (statement);
    gboolean fine = code == SQLITE_ROW || code == SQLITE_DONE || store_fail (store, "read", error);
    *found = code == SQLITE_ROW && sqlite3_column_bytes (statement, 5) == DIGEST_SIZE;
    if (*found) {
        cursor->device = (guint64) sqlite3_column_int64 (statement, 0);
        cursor->inode = (guint64) sqlite3_column_int64 (statement, 1);
        cursor->size = (guint64) sqlite3_column_int64 (statement, 2);
        cursor->mtime_ns = sqlite3_column_int64 (statement, 3);
        cursor->offset = (guint64) sqlite3_column_int64 (statement, 4);
        memcpy (cursor->before.bytes, sqlite3_column_blob (statement, 5), DIGEST_SIZE);
    }
    sqlite3_reset (statement);
    return fine;
}

gboolean
store_sqlite_cursor_put (Store *base, const char *source, const StoreCursor *cursor, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    g_assert (!sqlite3_get_autocommit (store->database));
    sqlite3_stmt *statement = store_statement (store, STATEMENT_CURSOR_PUT, error);
    if (statement == NULL)
        return FALSE;
    sqlite3_bind_text (statement, 1, source, -1, SQLITE_STATIC);
    sqlite3_bind_int64 (statement, 2, (gint64) cursor->device);
    sqlite3_bind_int64 (statement, 3, (gint64) cursor->inode);
    sqlite3_bind_int64 (statement, 4, (gint64) cursor->size);
    sqlite3_bind_int64 (statement, 5, cursor->mtime_ns);
    sqlite3_bind_int64 (statement, 6, (gint64) cursor->offset);
    sqlite3_bind_blob (statement, 7, cursor->before.bytes, DIGEST_SIZE, SQLITE_STATIC);
    return store_run (store, statement, "write to", error);
}

/* --- figures -------------------------------------------------------------------------------------------------- */

static gboolean
count (StoreSqlite *store, const char *sql, guint64 *number, GError **error)
{
    sqlite3_stmt *statement = store_prepare (store, sql, error);
    if (statement == NULL)
        return FALSE;
    gboolean fine = sqlite3_step (statement) == SQLITE_ROW || store_fail (store, "read", error);
    *number = fine ? (guint64) sqlite3_column_int64 (statement, 0) : 0;
    sqlite3_finalize (statement);
    return fine;
}

/* All messages are counted by the leaves of an index; only those that are no bounces need another look. */
gboolean
store_sqlite_count_messages (Store *base, StoreInfo *info, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    return count (store, "SELECT count(*) FROM message", &info->messages, error)
           && count (store, "SELECT count(*) FROM message WHERE result = 'events'", &info->bounces, error)
           && (info->bounces == info->messages
               || count (store, "SELECT count(*) FROM message WHERE result = 'unparsed'", &info->unparsed, error));
}

gboolean
store_sqlite_info (Store *base, StoreInfo *info, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    sqlite3_stmt *statement = store_prepare (
        store,
        "SELECT count(*), count(*) FILTER (WHERE result = 'events'), count(*) FILTER (WHERE result = 'unparsed'),"
        " (SELECT count(*) FROM event WHERE evidence = 0), min(seen), max(seen) FROM message",
        error);
    if (statement == NULL)
        return FALSE;
    gboolean fine = sqlite3_step (statement) == SQLITE_ROW || store_fail (store, "read", error);
    if (fine) {
        gboolean any = sqlite3_column_int64 (statement, 0) > 0;
        info->messages = (guint64) sqlite3_column_int64 (statement, 0);
        info->bounces = (guint64) sqlite3_column_int64 (statement, 1);
        info->unparsed = (guint64) sqlite3_column_int64 (statement, 2);
        info->events = (guint64) sqlite3_column_int64 (statement, 3);
        info->first_seen = any ? sqlite3_column_int64 (statement, 4) : DATE_NONE;
        info->last_seen = any ? sqlite3_column_int64 (statement, 5) : DATE_NONE;
        info->schema = (int) store_pragma (store, "user_version");
    }
    sqlite3_finalize (statement);
    return fine;
}
