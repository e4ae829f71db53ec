/* SPDX-License-Identifier: MIT */
#include "store_calls.h"

#include "base/date.h"
#include "event/event_id.h"
#include "store/store_sqlite.h"
#include "store/store_upkeep.h"
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SERVER_SCHEMA 2 /* store_pg.h has it, with libpq */

/* --- a ledger of its own for each test ---------------------------------------------------------------------------- */

/* With NIXIE_TEST_SERVER (tests/server/with-postgresql) the same tests run on a server, where each gets a database. */
typedef struct {
    char *folder, *path;
} Place;

static void
psql (const char *database, const char *sql)
{
    const char *const arguments[] = {"psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql, NULL};
    g_autoptr (GError) error = NULL;
    int status = -1;
    assert_true (g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error));
    assert_int_equal (status, 0);
}

static char *
database_make (void)
{
    static guint number;
    g_autofree char *name = g_strdup_printf ("t%d_%u", (int) getpid (), ++number);
    g_autofree char *sql = g_strdup_printf ("CREATE DATABASE %s", name);
    psql ("postgres", sql);
    return g_strdup_printf ("postgresql:///%s", name);
}

/* A ledger beside the place's: on a server, or private. Yours. */
static char *
elsewhere (void)
{
    return on_server () ? database_make () : NULL;
}

/* What is about files. */
static void
only_with_files (void)
{
    if (on_server ())
        skip ();
}

static int
place_make (void **state)
{
    Place *place = g_new0 (Place, 1);
    place->folder = g_dir_make_tmp ("nixie-store-XXXXXX", NULL);
    place->path = on_server () ? database_make () : g_build_filename (place->folder, "new", "state.db", NULL);
    *state = place;
    return place->folder == NULL;
}

static void
remove_all (const char *path)
{
    if (g_file_test (path, G_FILE_TEST_IS_DIR)) {
        GDir *dir = g_dir_open (path, 0, NULL);
        for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;) {
            g_autofree char *below = g_build_filename (path, name, NULL);
            remove_all (below);
        }
        g_clear_pointer (&dir, g_dir_close);
    }
    g_remove (path);
}

static int
place_clear (void **state)
{
    Place *place = *state;
    g_chmod (place->folder, 0700);
    remove_all (place->folder);
    g_free (place->folder);
    g_free (place->path);
    g_free (place);
    return 0;
}

/* --- messages made up for the tests ------------------------------------------------------------------------------ */

static const gint64 DAY = 24 * 60 * 60;
static const gint64 START = 1790000000;

/* One message of `n` recipients: "name", "name2" … at example.com, on day `day`. */
static gboolean
put (Store *store, const char *name, int day, guint n, MessageResult result)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (EventList) events = event_list_new (arena);
    g_autofree char *source = g_strdup_printf ("box/%s", name);
    g_autofree char *seed = g_strdup_printf ("%s %d", name, day);
    StoreMessage message = {digest_of (seed, strlen (seed)), source, 100u + (guint) day, START, result, 1 + (guint) day % 3};
    gboolean is_new = FALSE;

    for (guint i = 0; i < n; i++) {
        BounceEvent *event = event_list_add (events);
        event->recipient = i == 0 ? arena_printf (arena, "%s@Example.COM", name)
                                  : arena_printf (arena, "%s%u@example.com", name, i + 1);
        event->event_id = event_id (&message.key, event->recipient, 0);
        event->date = START + day * DAY;
        event->type = TYPE_HARD;
        event->fault = FAULT_RECIPIENT;
        event->reason = REASON_USER_UNKNOWN;
        event->status = "5.1.1";
        event->status_from = STATUS_FROM_FIELD;
        event->diagnostic = "550 no such user \xc3\xa9\xe2\x82\xac '\"%s";
        event->provider = i % 2 == 0 ? "even" : "odd";
        event->trust = TRUST_PLAUSIBLE;
        event->flags = FLAG_GUESSED | FLAG_UNREADABLE;
        event->domain = "example.com";
        event->status_field = "5.0.0 (kept)";
    }
    assert_fine (store_put (store, &message, events, &is_new, &error), error);
    return is_new;
}

static StoreInfo
info_of (Store *store)
{
    g_autoptr (GError) error = NULL;
    StoreInfo info;
    assert_fine (store_info (store, &info, &error), error);
    return info;
}

/* "a@x day, b@x day": what a filter gives, in its order. */
static char *
listing (Store *store, const StoreFilter *filter)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (StoreEvents) events = store_events_open (store, filter, &error);
    GString *out = g_string_new (NULL);
    BounceEvent event;
    assert_fine (events != NULL, error);
    while (store_events_next (events, &event, &error))
        g_string_append_printf (out, "%s%s %d", out->len > 0 ? ", " : "", event.recipient,
                                event.date == DATE_NONE ? -1 : (int) ((event.date - START) / DAY));
    assert_null (error);
    return g_string_free (out, FALSE);
}

static void
assert_listing (Store *store, const StoreFilter *filter, const char *expected)
{
    g_autofree char *found = listing (store, filter);
    assert_string_equal (found, expected);
}

/* --- tests ------------------------------------------------------------------------------------------------------- */

static void
test_round_trip (void **state)
{
    Place *place = *state;
    Store *store = open_store (place->path, STORE_WRITE);
    g_autoptr (GError) error = NULL;
    BounceEvent event;
    struct stat about;

    begin (store);
    assert_true (put (store, "ann", 3, 1, MESSAGE_EVENTS));
    commit (store);
    store_free (store);
    if (!on_server ()) {
        assert_int_equal (stat (place->path, &about), 0);
        assert_int_equal (about.st_mode & 0777, 0600);
        g_autofree char *folder = g_path_get_dirname (place->path);
        assert_int_equal (stat (folder, &about), 0);
        assert_int_equal (about.st_mode & 0777, 0700);
    }

    store = open_store (place->path, STORE_READ);
    StoreEvents *events = store_events_open (store, NULL, &error);
    assert_fine (events != NULL, error);
    assert_true (store_events_next (events, &event, &error));
    assert_string_equal (event.recipient, "ann@Example.COM");
    assert_string_equal (event.source, "box/ann");
    assert_int_equal (event.offset, 103);
    assert_true (event.date == START + 3 * DAY);
    assert_int_equal (event.type, TYPE_HARD);
    assert_int_equal (event.fault, FAULT_RECIPIENT);
    assert_int_equal (event.reason, REASON_USER_UNKNOWN);
    assert_int_equal (event.status_from, STATUS_FROM_FIELD);
    assert_int_equal (event.trust, TRUST_PLAUSIBLE);
    assert_int_equal (event.flags, FLAG_GUESSED | FLAG_UNREADABLE);
    assert_string_equal (event.diagnostic, "550 no such user \xc3\xa9\xe2\x82\xac '\"%s");
    assert_string_equal (event.status_field, "5.0.0 (kept)");
    assert_string_equal (event.list_id, "");
    Digest key = digest_of ("ann 3", 5), id = event_id (&key, "ann@Example.COM", 0);
    assert_true (digest_equal (&event.event_id, &id));
    assert_false (store_events_next (events, &event, &error));
    assert_null (error);
    store_events_free (events);
    store_free (store);
}

static void
test_known_message_adds_nothing (void **state)
{
    Place *place = *state;
    Store *store = open_store (place->path, STORE_WRITE);
    g_autoptr (GError) error = NULL;
    gboolean known = TRUE;
    Digest key = digest_of ("ann 0", 5), other = digest_of ("bob", 3);

    begin (store);
    assert_true (put (store, "ann", 0, 2, MESSAGE_EVENTS));
    assert_false (put (store, "ann", 0, 2, MESSAGE_EVENTS));
    commit (store);
    begin (store);
    assert_false (put (store, "ann", 0, 3, MESSAGE_EVENTS));
    commit (store);
    assert_int_equal (info_of (store).messages, 1);
    assert_int_equal (info_of (store).events, 2);
    assert_fine (store_knows (store, &key, 1, &known, &error), error);
    assert_true (known);
    assert_fine (store_knows (store, &other, 1, &known, &error), error);
    assert_false (known);
    store_free (store);
}

static void
test_equal_event_ids_count_once (void **state)
{
    (void) state;
    g_autofree char *path = elsewhere ();
    g_autoptr (Store) store = open_store (path, STORE_WRITE);
    g_autoptr (GError) error = NULL;
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (EventList) events = event_list_new (arena);
    StoreMessage message = {digest_of ("x", 1), "x", 0, START, MESSAGE_EVENTS, 7};
    gboolean is_new;

    event_list_add (events)->recipient = "a@example.com";
    event_list_add (events)->recipient = "b@example.com";
    begin (store);
    assert_fine (store_put (store, &message, events, &is_new, &error), error);
    commit (store);
    assert_listing (store, NULL, "a@example.com -1");
}

static void
test_rollback (void **state)
{
    Place *place = *state;
    for (int private = 0; private < 2; private++) {
        Store *store = open_store (private ? NULL : place->path, STORE_WRITE);
        begin (store);
        put (store, "ann", 0, 1, MESSAGE_EVENTS);
        commit (store);
        begin (store);
        put (store, "bob", 0, 200, MESSAGE_EVENTS);
        store_rollback (store);
        assert_int_equal (info_of (store).messages, 1);
        assert_listing (store, NULL, "ann@Example.COM 0");
        begin (store);
        assert_true (put (store, "bob", 0, 1, MESSAGE_EVENTS));
        commit (store);
        assert_listing (store, NULL, "ann@Example.COM 0, bob@Example.COM 0");
        store_free (store);
    }
}

/* A process that dies in the middle of a transaction leaves what was committed, and the next one goes on. */
static void
test_killed (void **state)
{
    Place *place = *state;
    pid_t child = fork ();
    assert_true (child >= 0);
    if (child == 0) {
        Store *store = store_open (place->path, STORE_WRITE, NULL);
        StoreCursor cursor = {.offset = 7};
        store_begin (store, NULL);
        put (store, "ann", 0, 1, MESSAGE_EVENTS);
        store_commit (store, NULL);
        store_begin (store, NULL);
        put (store, "bob", 0, 1, MESSAGE_EVENTS);
        store_cursor_put (store, "box", &cursor, NULL);
        kill (getpid (), SIGKILL);
    }
    int status;
    assert_true (waitpid (child, &status, 0) == child);
    assert_true (WIFSIGNALED (status));

    g_autoptr (Store) store = open_store (place->path, STORE_WRITE);
    g_autoptr (GError) error = NULL;
    StoreCursor cursor;
    gboolean found = TRUE;
    assert_listing (store, NULL, "ann@Example.COM 0");
    assert_fine (store_cursor_get (store, "box", &cursor, &found, &error), error);
    assert_false (found);
    begin (store);
    assert_true (put (store, "bob", 0, 1, MESSAGE_EVENTS));
    commit (store);
    assert_int_equal (info_of (store).messages, 2);
}

static void
fill (Store *store)
{
    begin (store);
    put (store, "dan", 1, 1, MESSAGE_EVENTS);
    put (store, "ann", 2, 2, MESSAGE_EVENTS);
    put (store, "bob", 9, 1, MESSAGE_UNPARSED);
    put (store, "ann", 1, 1, MESSAGE_EVENTS);
    put (store, "eve", 0, 0, MESSAGE_ORDINARY);
    commit (store);
}

static void
test_filters (void **state)
{
    Place *place = *state;
    static const struct {
        StoreFilter filter;
        const char *expected;
    } cases[] = {
        {{0}, "ann2@example.com 2, ann@Example.COM 1, ann@Example.COM 2, dan@Example.COM 1"},
        {{.since = DATE_NONE, .until = DATE_NONE},
         "ann2@example.com 2, ann@Example.COM 1, ann@Example.COM 2, dan@Example.COM 1"},
        {{.by_source = TRUE}, "ann@Example.COM 1, ann2@example.com 2, ann@Example.COM 2, dan@Example.COM 1"},
        {{.with_unparsed = TRUE},
         "ann2@example.com 2, ann@Example.COM 1, ann@Example.COM 2, bob@Example.COM 9, dan@Example.COM 1"},
        {{.unparsed_only = TRUE}, "bob@Example.COM 9"},
        {{.since = START + 2 * DAY, .until = DATE_NONE}, "ann2@example.com 2, ann@Example.COM 2"},
        {{.since = DATE_NONE, .until = START + 2 * DAY}, "ann@Example.COM 1, dan@Example.COM 1"},
        {{.since = START + DAY, .until = START + DAY + 1}, "ann@Example.COM 1, dan@Example.COM 1"},
        {{.recipient = "ann@example.com"}, "ann@Example.COM 1, ann@Example.COM 2"},
        {{.recipient = "ann@Example.COM"}, ""},
        {{.recipient = "' OR 1 --"}, ""},
        {{.provider = "odd"}, "ann2@example.com 2"},
        {{.provider = "odd", .recipient = "ann@example.com"}, ""},
    };
    for (int private = 0; private < 2; private++) {
        Store *store = open_store (private ? NULL : place->path, STORE_WRITE);
        fill (store);
        for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
            assert_listing (store, &cases[i].filter, cases[i].expected);
        StoreInfo info = info_of (store);
        assert_int_equal (info.messages, 5);
        assert_int_equal (info.bounces, 3);
        assert_int_equal (info.unparsed, 1);
        assert_int_equal (info.events, 4);
        assert_int_equal (info.schema, on_server () && !private ? SERVER_SCHEMA : STORE_SCHEMA);
        assert_true (info.first_seen == START && info.last_seen == START);
        store_free (store);
    }
}

/* What was put in another order comes out in the same one. */
static void
test_order_does_not_depend_on_insertion (void **state)
{
    (void) state;
    g_autofree char *here = elsewhere (), *there = elsewhere ();
    g_autoptr (Store) forward = open_store (here, STORE_WRITE), backward = open_store (there, STORE_WRITE);
    begin (forward);
    begin (backward);
    for (int i = 0; i < 60; i++) {
        put (forward, i % 2 ? "ann" : "bob", i % 30, 3, MESSAGE_EVENTS);
        put (backward, (59 - i) % 2 ? "ann" : "bob", (59 - i) % 30, 3, MESSAGE_EVENTS);
    }
    commit (forward);
    commit (backward);
    StoreFilter by_source = {.by_source = TRUE};
    g_autofree char *one = listing (forward, NULL), *two = listing (backward, NULL);
    assert_string_equal (one, two);
    g_autofree char *three = listing (forward, &by_source), *four = listing (backward, &by_source);
    assert_string_equal (three, four);
}

static void
test_cursor (void **state)
{
    Place *place = *state;
    g_autoptr (GError) error = NULL;
    Store *store = open_store (place->path, STORE_WRITE);
    StoreCursor cursor = {G_MAXUINT64, 5, 6, -7, 8, digest_of ("before", 6)}, back;
    gboolean found = TRUE;

    assert_fine (store_cursor_get (store, "a", &back, &found, &error), error);
    assert_false (found);
    begin (store);
    assert_fine (store_cursor_put (store, "a", &cursor, &error), error);
    cursor.offset = 9;
    assert_fine (store_cursor_put (store, "a", &cursor, &error), error);
    commit (store);
    store_free (store);

    store = open_store (place->path, STORE_READ);
    assert_fine (store_cursor_get (store, "a", &back, &found, &error), error);
    assert_true (found);
    assert_true (back.device == G_MAXUINT64 && back.inode == 5 && back.size == 6 && back.mtime_ns == -7);
    assert_true (back.offset == 9 && digest_equal (&back.before, &cursor.before));
    store_free (store);
}

static void
assert_refused (const char *path, StoreMode mode, StoreError code)
{
    g_autoptr (GError) error = NULL;
    Store *store = store_open (path, mode, &error);
    assert_null (store);
    assert_non_null (error);
    if (!g_error_matches (error, STORE_ERROR, (int) code))
        print_error ("%s\n", error->message);
    assert_true (g_error_matches (error, STORE_ERROR, (int) code));
    assert_non_null (strstr (error->message, path));
}

static void
change_server (const char *url, const char *sql)
{
    psql (url + strlen ("postgresql:///"), sql);
}

static void
execute (const char *path, const char *sql)
{
    sqlite3 *database;
    assert_int_equal (sqlite3_open (path, &database), SQLITE_OK);
    assert_int_equal (sqlite3_exec (database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close (database);
}

/* What a Maildir's bytes are is not the store's business: they come back, and only these. */
static void
test_maildir (void **state)
{
    Place *place = *state;
    g_autoptr (GError) error = NULL;
    Store *store = open_store (place->path, STORE_WRITE);
    g_autoptr (GBytes) one = g_bytes_new ("one\0two", 7), two = g_bytes_new ("three", 5), back = NULL;

    assert_fine (store_maildir_get (store, "a", &back, &error), error);
    assert_null (back);
    begin (store);
    assert_fine (store_maildir_put (store, "a", one, &error), error);
    assert_fine (store_maildir_put (store, "b", one, &error), error);
    assert_fine (store_maildir_put (store, "b", two, &error), error);
    commit (store);
    store_free (store);

    store = open_store (place->path, STORE_READ);
    assert_fine (store_maildir_get (store, "a", &back, &error), error);
    assert_true (back != NULL && g_bytes_equal (back, one));
    g_clear_pointer (&back, g_bytes_unref);
    assert_fine (store_maildir_get (store, "b", &back, &error), error);
    assert_true (back != NULL && g_bytes_equal (back, two));
    store_free (store);
}

static void
test_what_is_no_ledger (void **state)
{
    only_with_files ();
    Place *place = *state;
    g_autofree char *garbage = g_build_filename (place->folder, "garbage", NULL);
    g_autofree char *foreign = g_build_filename (place->folder, "foreign", NULL);
    g_autofree char *zero = g_build_filename (place->folder, "zero", NULL);
    g_autofree char *noise = g_strnfill (100000, 'x');
    g_autofree char *before = NULL, *after = NULL;
    gsize length = 0, length_after = 0;

    assert_refused (place->path, STORE_READ, STORE_ERROR_OPEN);
    assert_false (g_file_test (place->path, G_FILE_TEST_EXISTS));
    assert_refused (place->folder, STORE_READ, STORE_ERROR_OPEN);

    assert_true (g_file_set_contents (garbage, noise, -1, NULL));
    assert_refused (garbage, STORE_READ, STORE_ERROR_OPEN);
    assert_refused (garbage, STORE_WRITE, STORE_ERROR_OPEN);
    assert_true (g_file_get_contents (garbage, &after, &length_after, NULL));
    assert_string_equal (after, noise);
    g_clear_pointer (&after, g_free);

    /* Somebody else's database is left as it is, to the byte. */
    execute (foreign, "CREATE TABLE bookmarks (x)");
    assert_true (g_file_get_contents (foreign, &before, &length, NULL));
    assert_refused (foreign, STORE_READ, STORE_ERROR_OPEN);
    assert_refused (foreign, STORE_WRITE, STORE_ERROR_OPEN);
    assert_true (g_file_get_contents (foreign, &after, &length_after, NULL));
    assert_int_equal (length, length_after);
    assert_memory_equal (before, after, length);

    assert_true (g_file_set_contents (zero, "", 0, NULL));
    Store *store = open_store (zero, STORE_READ);
    assert_int_equal (info_of (store).messages, 0);
    assert_listing (store, NULL, "");
    store_free (store);
    store = open_store (zero, STORE_WRITE);
    fill (store);
    store_free (store);
    store = open_store (zero, STORE_READ);
    assert_int_equal (info_of (store).messages, 5);
    store_free (store);
}

static void
test_newer_and_damaged (void **state)
{
    Place *place = *state;
    Store *store = open_store (place->path, STORE_WRITE);
    fill (store);
    store_free (store);

    if (on_server ())
        change_server (place->path, "UPDATE nixie.meta SET value = '99' WHERE name = 'schema'");
    else
        execute (place->path, "PRAGMA user_version = 99");
    assert_refused (place->path, STORE_READ, STORE_ERROR_NEWER);
    assert_refused (place->path, STORE_WRITE, STORE_ERROR_NEWER);
    g_autofree char *today = g_strdup_printf ("PRAGMA user_version = %d", STORE_SCHEMA);
    if (on_server ())
        change_server (place->path, "UPDATE nixie.meta SET value = '" G_STRINGIFY (SERVER_SCHEMA) "' WHERE name = 'schema'");
    else
        execute (place->path, today);
    store_free (open_store (place->path, STORE_WRITE));

    if (on_server ())
        change_server (place->path, "DROP TABLE nixie.cursor");
    else
        execute (place->path, "DROP TABLE cursor");
    assert_refused (place->path, STORE_READ, STORE_ERROR_DAMAGED);
    assert_refused (place->path, STORE_WRITE, STORE_ERROR_DAMAGED);
}

/* What schema 1 had. */
static const char back_to_1[] = "DROP TRIGGER event_gone; DELETE FROM meta WHERE name IN ('ledger', 'last_event');"
                                "DROP TABLE maildir; DROP TABLE unreadable; DROP TABLE mark; DROP TABLE forgotten;"
                                "DROP TABLE published; DROP TABLE provider_domain; DROP INDEX event_by_address;"
                                "DROP INDEX message_unreadable;"
                                "ALTER TABLE event DROP COLUMN refused; ALTER TABLE event DROP COLUMN brief;"
                                "ALTER TABLE event DROP COLUMN report_to;"
                                "CREATE INDEX event_by_address ON event (address, date, event_id, evidence);"
                                "CREATE TABLE old (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE"
                                " CHECK (length(key) = 16), source TEXT NOT NULL, offset INTEGER NOT NULL, seen INTEGER NOT NULL,"
                                " result TEXT NOT NULL) STRICT;"
                                "INSERT INTO old SELECT id, key, source, offset, seen, result FROM message;"
                                "PRAGMA legacy_alter_table = ON; DROP TABLE message; ALTER TABLE old RENAME TO message;"
                                "CREATE VIEW IF NOT EXISTS mine AS SELECT key FROM message;"
                                "PRAGMA user_version = 1";

/* Nothing is left in the write-ahead log: a reader could not take it from there, and would look through it for every page. */
static void
assert_log_is_empty (const char *path)
{
    g_autofree char *log = g_strconcat (path, "-wal", NULL);
    GStatBuf status;

    assert_true (g_stat (log, &status) != 0 || status.st_size == 0);
}

static void
test_migration (void **state)
{
    only_with_files ();
    Place *place = *state;
    Store *store = open_store (place->path, STORE_WRITE);
    fill (store);
    g_autofree char *before = listing (store, NULL);
    store_free (store);
    for (guint mode = STORE_READ; mode <= STORE_WRITE; mode++) {
        execute (place->path, back_to_1);
        store = open_store (place->path, (StoreMode) mode);
        assert_int_equal (info_of (store).schema, STORE_SCHEMA);
        assert_listing (store, NULL, before);
        if (mode == STORE_READ)
            assert_log_is_empty (place->path);
        store_free (store);
    }
    /* What was known stays known, whatever day it is of. */
    store = open_store (place->path, STORE_WRITE);
    guint64 messages = info_of (store).messages;
    assert_true (messages > 0);
    fill (store);
    assert_int_equal (info_of (store).messages, messages);
    assert_listing (store, NULL, before);
    store_free (store);
    /* Where it stops half way, the old ledger is still there. */
    execute (place->path, back_to_1);
    execute (place->path, "CREATE TABLE published (something)");
    assert_refused (place->path, STORE_WRITE, STORE_ERROR_IO);
    execute (place->path, "DROP TABLE published");
    store = open_store (place->path, STORE_WRITE);
    assert_listing (store, NULL, before);
    store_free (store);
}

/* Somebody is forgotten while a scan goes on that began when nobody was. */
static void
test_forgotten_meanwhile (void **state)
{
    Place *place = *state;
    Store *scan = open_store (place->path, STORE_WRITE);
    begin (scan);
    put (scan, "ann", 1, 1, MESSAGE_EVENTS);
    commit (scan);
    Store *other = open_store (place->path, STORE_WRITE);
    g_autoptr (GError) error = NULL;
    guint64 events = 0;
    begin (other);
    assert_fine (store_forget (other, "ann@example.com", START + 9 * DAY, TRUE, &events, &error), error);
    commit (other);
    store_free (other);
    assert_int_equal (events, 1);
    begin (scan);
    put (scan, "ann", 2, 1, MESSAGE_EVENTS);
    put (scan, "bob", 2, 1, MESSAGE_EVENTS);
    commit (scan);
    assert_listing (scan, NULL, "bob@Example.COM 2");
    store_free (scan);
}

static void
test_marks_and_lists (void **state)
{
    Place *place = *state;
    Store *store = open_store (place->path, STORE_WRITE);
    g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint64)), back = g_array_new (FALSE, FALSE, 8);
    gint64 date = 0;
    gboolean found = TRUE;
    assert_true (store_published_get (store, "remove", back, &date, &found, NULL));
    assert_false (found);
    for (guint64 i = 1; i <= 1000; i++) {
        guint64 number = i * G_GUINT64_CONSTANT (18000000000000000);
        g_array_append_val (numbers, number);
    }
    assert_true (store_published_put (store, "remove", numbers, 77, NULL));
    assert_true (store_published_put (store, "remove", numbers, 78, NULL));
    assert_true (store_published_get (store, "remove", back, &date, &found, NULL));
    assert_true (found);
    assert_int_equal (date, 78);
    assert_int_equal (back->len, 1000);
    assert_memory_equal (back->data, numbers->data, 8000);
    assert_null (store_meta_get (store, "identity"));
    assert_true (store_meta_put (store, "identity", "x", NULL));
    g_autofree char *value = store_meta_get (store, "identity");
    assert_string_equal (value, "x");
    store_free (store);
}

/* A ledger whose pages are overwritten or cut gives an error or what is left; never a crash. */
static void
test_hurt_pages (void **state)
{
    only_with_files ();
    Place *place = *state;
    Store *store = open_store (place->path, STORE_WRITE);
    g_autofree char *whole = NULL, *hurt = NULL;
    gsize length;
    guint errors = 0;

    begin (store);
    for (int i = 0; i < 100; i++)
        put (store, "ann", i, 3, MESSAGE_EVENTS);
    commit (store);
    store_free (store);
    assert_true (g_file_get_contents (place->path, &whole, &length, NULL));
    for (gsize at = 0; at < length; at += 4096 / 2) {
        g_autoptr (GError) error = NULL;
        BounceEvent event;
        hurt = g_memdup2 (whole, length);
        memset (hurt + at, 0xa5, MIN (300, length - at));
        assert_true (g_file_set_contents (place->path, hurt, (gssize) (at % 4096 == 0 ? length : at + 100), NULL));
        g_clear_pointer (&hurt, g_free);
        store = store_open (place->path, STORE_READ, &error);
        StoreEvents *events = store != NULL ? store_events_open (store, NULL, &error) : NULL;
        while (events != NULL && store_events_next (events, &event, &error))
            assert_non_null (event.recipient);
        errors += error != NULL;
        store_events_free (events);
        store_free (store);
    }
    assert_true (errors > 10);
}

static void
test_reader_beside_a_writer (void **state)
{
    Place *place = *state;
    g_autoptr (Store) writer = open_store (place->path, STORE_WRITE);
    fill (writer);
    g_autoptr (Store) reader = open_store (place->path, STORE_READ);
    begin (writer);
    put (writer, "zoe", 4, 1, MESSAGE_EVENTS);
    assert_int_equal (info_of (reader).messages, 5);
    commit (writer);
    assert_int_equal (info_of (reader).messages, 6);
}

static void
test_read_only_folder (void **state)
{
    only_with_files ();
    Place *place = *state;
    Store *store = open_store (place->path, STORE_WRITE);
    fill (store);
    store_free (store);
    g_autofree char *folder = g_path_get_dirname (place->path);
    g_chmod (folder, 0500);
    store = open_store (place->path, STORE_READ);
    assert_int_equal (info_of (store).messages, 5);
    store_free (store);
    g_chmod (folder, 0700);
}

static void
decide_again (BounceEvent *event, Arena *arena, gpointer user)
{
    guint *calls = user;
    (*calls)++;
    if (g_str_has_prefix (event->recipient, "ann")) {
        event->reason = REASON_MAILBOX_FULL;
        event->type = TYPE_SOFT;
        event->rule = arena_printf (arena, "rule-%u", 7u);
    }
    /* Not for a decision to change. */
    event->event_id.bytes[0] ^= 1;
    event->recipient = "somebody@else.example";
}

static void
test_reclassify (void **state)
{
    (void) state;
    g_autofree char *path = elsewhere ();
    g_autoptr (Store) store = open_store (path, STORE_WRITE);
    g_autoptr (GError) error = NULL;
    guint64 changed = 0;
    guint calls = 0;
    BounceEvent event;

    fill (store);
    g_autofree char *before = listing (store, NULL);
    assert_fine (store_reclassify (store, decide_again, &calls, &changed, &error), error);
    assert_int_equal (calls, 5);
    assert_int_equal (changed, 3);
    assert_listing (store, NULL, before);
    StoreFilter ann = {.recipient = "ann@example.com"};
    g_autoptr (StoreEvents) events = store_events_open (store, &ann, &error);
    assert_true (store_events_next (events, &event, &error));
    assert_int_equal (event.reason, REASON_MAILBOX_FULL);
    assert_int_equal (event.type, TYPE_SOFT);
    assert_string_equal (event.rule, "rule-7");
    assert_string_equal (event.source, "box/ann");
    assert_fine (store_reclassify (store, decide_again, &calls, &changed, &error), error);
    assert_int_equal (changed, 0);
}

static void
test_where_a_log_may_live (void **state)
{
    only_with_files ();
    assert_true (store_file_system_fits_wal (0xef53));      /* ext4 */
    assert_true (store_file_system_fits_wal (0x58465342));  /* xfs */
    assert_true (store_file_system_fits_wal (0x9123683e));  /* btrfs */
    assert_true (store_file_system_fits_wal (0x01021994));  /* tmpfs */
    assert_false (store_file_system_fits_wal (0x6969));     /* nfs */
    assert_false (store_file_system_fits_wal (0xff534d42)); /* cifs */
    assert_false (store_file_system_fits_wal ((unsigned long) (long) (int) 0xfe534d42)); /* smb2, sign-extended */
    assert_false (store_file_system_fits_wal (0x65735546)); /* fuse */
    assert_false (store_file_is_local ("/nowhere/at/all"));
    Place *place = *state;
    g_autoptr (Store) store = open_store (place->path, STORE_WRITE);
    sqlite3_stmt *mode;
    assert_int_equal (sqlite3_prepare_v2 (((StoreSqlite *) store)->database, "PRAGMA journal_mode", -1, &mode, NULL), SQLITE_OK);
    assert_int_equal (sqlite3_step (mode), SQLITE_ROW);
    assert_string_equal ((const char *) sqlite3_column_text (mode, 0),
                         store_file_is_local (place->path) ? "wal" : "truncate");
    sqlite3_finalize (mode);
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, place_make, place_clear)

UNIT_MAIN (TEST (test_round_trip), TEST (test_known_message_adds_nothing), TEST (test_equal_event_ids_count_once),
           TEST (test_rollback), TEST (test_killed), TEST (test_filters),
           TEST (test_order_does_not_depend_on_insertion), TEST (test_cursor), TEST (test_maildir), TEST (test_what_is_no_ledger),
           TEST (test_newer_and_damaged), TEST (test_migration), TEST (test_forgotten_meanwhile), TEST (test_marks_and_lists),
           TEST (test_hurt_pages), TEST (test_reader_beside_a_writer),
           TEST (test_read_only_folder), TEST (test_reclassify), TEST (test_where_a_log_may_live))
