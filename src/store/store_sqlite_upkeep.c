/* SPDX-License-Identifier: MIT */
#include "store/store_upkeep.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/limits.h"
#include "event/address.h"
#include "event/event_id.h"
#include "store/store_sqlite.h"

static Digest
digest_of_address (const char *address)
{
    return digest_of (address, strlen (address));
}

/* A statement with an address as ?1 and a date as ?2, where it has them. */
static gboolean
run_on (StoreSqlite *store, const char *sql, const char *address, gint64 date, GError **error)
{
    sqlite3_stmt *statement = store_prepare (store, sql, error);
    if (statement == NULL)
        return FALSE;
    sqlite3_bind_text (statement, 1, address, -1, SQLITE_STATIC);
    sqlite3_bind_int64 (statement, 2, date);
    gboolean done = sqlite3_step (statement) == SQLITE_DONE || store_fail (store, "write to", error);
    sqlite3_finalize (statement);
    return done;
}

/* What is dated later belongs to a later time, in which the address may be written to again. */
static gboolean
forget_events (StoreSqlite *store, const char *address, gint64 date, guint64 *events, GError **error)
{
    static const char *const mentions[] = {
        "UPDATE event SET final_recipient = '' WHERE lower (final_recipient) = ?1 AND coalesce (date, 0) <= ?2",
        "UPDATE event SET original_recipient = '' WHERE lower (original_recipient) = ?1 AND coalesce (date, 0) <= ?2",
        "UPDATE event SET diagnostic = '' WHERE instr (lower (diagnostic), ?1) > 0 AND coalesce (date, 0) <= ?2",
    };
    if (!run_on (store, "DELETE FROM event WHERE address = ?1 AND coalesce (date, 0) <= ?2", address, date, error))
        return FALSE;
    *events += (guint64) sqlite3_changes (store->database);
    for (guint i = 0; i < G_N_ELEMENTS (mentions); i++)
        if (!run_on (store, mentions[i], address, date, error))
            return FALSE;
    return run_on (store, "DELETE FROM mark WHERE address = ?1 AND date <= ?2", address, date, error);
}

gboolean
store_sqlite_forget (Store *base, const char *address, gint64 date, gboolean keep_digest, guint64 *events,
                     GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    Digest digest = digest_of_address (address);
    g_assert (!sqlite3_get_autocommit (store->database));
    *events = 0;
    if (!store_execute (store, "PRAGMA secure_delete = ON", "write to", error)
        || !forget_events (store, address, keep_digest ? date : G_MAXINT64, events, error))
        return FALSE;
    if (!keep_digest)
        return TRUE;
    sqlite3_stmt *statement = store_prepare (
        store,
        "INSERT INTO forgotten (digest, date) VALUES (?, ?) ON CONFLICT DO UPDATE SET date = max (date, excluded.date)",
        error);
    if (statement == NULL)
        return FALSE;
    sqlite3_bind_blob (statement, 1, digest.bytes, DIGEST_SIZE, SQLITE_STATIC);
    sqlite3_bind_int64 (statement, 2, date);
    gboolean done = sqlite3_step (statement) == SQLITE_DONE || store_fail (store, "write to", error);
    sqlite3_finalize (statement);
    return done;
}

gboolean
store_is_forgotten (StoreSqlite *store, const char *address, gint64 *date)
{
    Digest digest = digest_of_address (address);
    sqlite3_stmt *statement = store_prepare (store, "SELECT date FROM forgotten WHERE digest = ?", NULL);
    gboolean found = FALSE;
    if (statement == NULL)
        return FALSE;
    sqlite3_bind_blob (statement, 1, digest.bytes, DIGEST_SIZE, SQLITE_STATIC);
    if (sqlite3_step (statement) == SQLITE_ROW) {
        *date = sqlite3_column_int64 (statement, 0);
        found = TRUE;
    }
    sqlite3_finalize (statement);
    return found;
}

gboolean
store_has_forgotten (StoreSqlite *store)
{
    sqlite3_stmt *statement = store_prepare (store, "SELECT 1 FROM forgotten LIMIT 1", NULL);
    gboolean found = statement != NULL && sqlite3_step (statement) == SQLITE_ROW;
    sqlite3_finalize (statement);
    return found;
}

/* The addresses of a query's first column. */
static GPtrArray *
addresses_of (StoreSqlite *store, const char *sql, gint64 before, GError **error)
{
    g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);
    sqlite3_stmt *statement = store_prepare (store, sql, error);
    int code;
    if (statement == NULL)
        return NULL;
    sqlite3_bind_int64 (statement, 1, before);
    while ((code = sqlite3_step (statement)) == SQLITE_ROW)
        g_ptr_array_add (addresses, g_strdup ((const char *) sqlite3_column_text (statement, 0)));
    gboolean fine = code == SQLITE_DONE || store_fail (store, "read", error);
    sqlite3_finalize (statement);
    return fine ? g_steal_pointer (&addresses) : NULL;
}

/* After a merge: the other ledger may have brought back what this one was told to forget, or the other way round. */
gboolean
store_forget_again (StoreSqlite *store, GError **error)
{
    if (!store_has_forgotten (store))
        return TRUE;
    g_autoptr (GPtrArray) addresses =
        addresses_of (store, "SELECT address FROM event UNION SELECT address FROM mark", 0, error);
    for (guint i = 0; addresses != NULL && i < addresses->len; i++) {
        gint64 date;
        guint64 events = 0;
        if (store_is_forgotten (store, addresses->pdata[i], &date)
            && !forget_events (store, addresses->pdata[i], date, &events, error))
            return FALSE;
    }
    return addresses != NULL;
}

gboolean
store_sqlite_compact (Store *base, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    return store_execute (store, "VACUUM", "compact", error)
           && store_execute (store, "PRAGMA wal_checkpoint (TRUNCATE)", "compact", error);
}

/* VACUUM INTO leaves it to us that the bytes reach the disk. */
static gboolean
sync_file (const char *path, GError **error)
{
    int file = open (path, O_RDONLY | O_CLOEXEC);
    gboolean synced = file >= 0 && fsync (file) == 0;
    int number = errno;
    if (file >= 0)
        (void) close (file);
    if (!synced)
        g_set_error (error, STORE_ERROR, STORE_ERROR_IO, "cannot write ledger '%s': %s", path, g_strerror (number));
    return synced;
}

gboolean
store_sqlite_write_out (Store *base, const char *path, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    if (!store_schema_index (store, error) || !store_file_create (path, error))
        return FALSE;
    sqlite3_stmt *statement = store_prepare (store, "VACUUM INTO ?", error);
    if (statement == NULL)
        return FALSE;
    sqlite3_bind_text (statement, 1, path, -1, SQLITE_STATIC);
    gboolean done = sqlite3_step (statement) == SQLITE_DONE || store_fail (store, "copy", error);
    sqlite3_finalize (statement);
    return done && sync_file (path, error);
}

gboolean
store_sqlite_expire (Store *base, gint64 before, StoreKeeps keeps, gpointer user, guint64 *events, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    g_assert (!sqlite3_get_autocommit (store->database));
    g_autoptr (GPtrArray) addresses =
        addresses_of (store, "SELECT DISTINCT address FROM event WHERE date < ?", before, error);
    *events = 0;
    for (guint i = 0; addresses != NULL && i < addresses->len; i++) {
        if (keeps (addresses->pdata[i], user))
            continue;
        if (!run_on (store, "DELETE FROM event WHERE address = ?1 AND date < ?2", addresses->pdata[i], before, error))
            return FALSE;
        *events += (guint64) sqlite3_changes (store->database);
    }
    return addresses != NULL;
}

/* --- verify ------------------------------------------------------------------------------------------------------ */

typedef struct {
    StoreFault found;
    gpointer user;
    guint faults;
} Verifying;

static void
tell (Verifying *verifying, const char *what)
{
    verifying->faults++;
    verifying->found (what, verifying->user);
}

static gboolean
verify_pages (StoreSqlite *store, Verifying *verifying, GError **error)
{
    sqlite3_stmt *statement = store_prepare (store, "PRAGMA integrity_check", error);
    int code;
    if (statement == NULL)
        return FALSE;
    while ((code = sqlite3_step (statement)) == SQLITE_ROW) {
        const char *line = (const char *) sqlite3_column_text (statement, 0);
        if (line != NULL && strcmp (line, "ok") != 0)
            tell (verifying, line);
    }
    if (code != SQLITE_DONE)
        tell (verifying, sqlite3_errmsg (store->database));
    sqlite3_finalize (statement);
    return TRUE;
}

static const struct {
    const char *sql, *what;
} counts[] = {
    {"SELECT count(*) FROM event e LEFT JOIN message m ON m.id = e.message WHERE m.id IS NULL", "events without their message"},
    {"SELECT count(*) FROM message m WHERE result = 'ordinary' AND EXISTS (SELECT 1 FROM event WHERE message = m.id)",
     "events of messages that are no bounces"},
    {"SELECT count(*) FROM message WHERE result NOT IN ('events', 'unparsed', 'ordinary', 'unreadable')",
     "messages with an unknown result"},
    {"SELECT count(*) FROM (SELECT key FROM message GROUP BY key HAVING count(*) > 1)", "messages that are there twice"},
    {"SELECT count(*) FROM (SELECT event_id FROM event GROUP BY event_id HAVING count(*) > 1)", "events that are there twice"},
    {"SELECT count(*) FROM published WHERE length (digests) % 8 != 0", "lists whose memory is damaged"},
};

static gboolean
verify_counts (StoreSqlite *store, Verifying *verifying, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS (counts); i++) {
        sqlite3_stmt *statement = store_prepare (store, counts[i].sql, error);
        if (statement == NULL)
            return FALSE;
        if (sqlite3_step (statement) != SQLITE_ROW) {
            tell (verifying, sqlite3_errmsg (store->database));
        } else if (sqlite3_column_int64 (statement, 0) > 0) {
            g_autofree char *text = g_strdup_printf (
                "%" G_GINT64_FORMAT " %s", (gint64) sqlite3_column_int64 (statement, 0), counts[i].what);
            tell (verifying, text);
        }
        sqlite3_finalize (statement);
    }
    return TRUE;
}

/* A bit that flips in a text is no damage to SQLite. The id of an event is the digest of its message's key and its
 * recipient, so that neither can change unnoticed; words must be of the vocabulary. Dates and what is
 * only shown have no such check. */
static gboolean
is_its_id (const Digest *key, const Digest *id, const char *normal)
{
    for (guint ordinal = 0; ordinal < LIMIT_EVENTS; ordinal++) {
        Digest wanted = event_id (key, normal, ordinal);
        if (digest_equal (&wanted, id))
            return TRUE;
    }
    return FALSE;
}

static gboolean
has_known_words (sqlite3_stmt *row, int first)
{
    BounceEvent event = {0};
    const char *words[5];
    for (int i = 0; i < 5; i++) {
        words[i] = (const char *) sqlite3_column_text (row, first + i);
        if (words[i] == NULL)
            return FALSE;
    }
    return event_type_parse (words[0], &event.type) && fault_parse (words[1], &event.fault) &&
           reason_parse (words[2], &event.reason) && status_from_parse (words[3], &event.status_from) &&
           trust_parse (words[4], &event.trust);
}

static void
verify_row (StoreSqlite *store, sqlite3_stmt *row, Verifying *verifying)
{
    const char *recipient = (const char *) sqlite3_column_text (row, 2);
    const char *address = (const char *) sqlite3_column_text (row, 3);
    Digest key, id;
    arena_clear (store->arena);
    if (sqlite3_column_bytes (row, 0) != DIGEST_SIZE || sqlite3_column_bytes (row, 1) != DIGEST_SIZE ||
        recipient == NULL || address == NULL) {
        tell (verifying, "an event without its id or recipient");
        return;
    }
    memcpy (key.bytes, sqlite3_column_blob (row, 0), DIGEST_SIZE);
    memcpy (id.bytes, sqlite3_column_blob (row, 1), DIGEST_SIZE);
    const char *normal = address_normal (store->arena, recipient);
    if (strcmp (normal, address) != 0 || !is_its_id (&key, &id, normal))
        tell (verifying, "an event whose recipient, message or id was changed");
    if (!has_known_words (row, 4))
        tell (verifying, "an event with a word that is none of the vocabulary");
}

static gboolean
verify_events (StoreSqlite *store, Verifying *verifying, GError **error)
{
    sqlite3_stmt *row =
        store_prepare (store,
                       "SELECT m.key, e.event_id, e.recipient, e.address, e.type, e.fault, e.reason,"
                       " e.status_from, e.trust FROM event e JOIN message m ON m.id = e.message",
                       error);
    int code;
    if (row == NULL)
        return FALSE;
    while ((code = sqlite3_step (row)) == SQLITE_ROW)
        verify_row (store, row, verifying);
    if (code != SQLITE_DONE)
        tell (verifying, sqlite3_errmsg (store->database));
    sqlite3_finalize (row);
    return TRUE;
}

static gboolean
verify_addresses (StoreSqlite *store, Verifying *verifying, GError **error)
{
    g_autoptr (GError) failure = NULL;
    StoreFilter everything = {.with_unparsed = TRUE, .by_source = TRUE};
    g_autoptr (StoreEvents) events = store_events_open (&store->base, &everything, error);
    BounceEvent event;
    if (events == NULL)
        return FALSE;
    while (store_events_next (events, &event, &failure))
        if (*event.recipient != '\0' && !address_is_valid (event.recipient))
            tell (verifying, "an event with an address that cannot be one");
    if (failure != NULL)
        tell (verifying, failure->message);
    return TRUE;
}

gboolean
store_sqlite_verify (Store *base, StoreFault found, gpointer user, guint *faults, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    Verifying verifying = {found, user, 0};
    gboolean fine = verify_pages (store, &verifying, error);
    if (fine && verifying.faults == 0)
        fine = verify_counts (store, &verifying, error) && verify_events (store, &verifying, error) &&
               verify_addresses (store, &verifying, error);
    *faults = verifying.faults;
    return fine;
}
