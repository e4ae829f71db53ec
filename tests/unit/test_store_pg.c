/* SPDX-License-Identifier: MIT */
/* What only a ledger on a server has to show: it knows what a file would know, whatever happens on the way there. Without
 * NIXIE_TEST_SERVER (tests/server/with-postgresql) only what needs no server runs. */
#include "store_calls.h"

#include "base/date.h"
#include "event/event_id.h"
#include "store/store_upkeep.h"
#include <string.h>
#include <unistd.h>

static const gint64 DAY = 24 * 60 * 60;
static const gint64 START = 1790000000; /* 2026-09-21 */

static char *
psql (const char *database, const char *sql)
{
    const char *const arguments[] = {"psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql, NULL};
    g_autoptr (GError) error = NULL;
    char *out = NULL;
    int status = -1;
    assert_true (g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, &status, &error));
    assert_int_equal (status, 0);
    return g_strchomp (out);
}

typedef struct {
    char *name, *url;
} Place;

static int
place_make (void **state)
{
    static guint number;
    Place *place = g_new0 (Place, 1);
    *state = place;
    if (!on_server ())
        return 0;
    place->name = g_strdup_printf ("p%d_%u", (int) getpid (), ++number);
    place->url = g_strdup_printf ("postgresql:///%s", place->name);
    g_autofree char *sql = g_strdup_printf ("CREATE DATABASE %s", place->name);
    g_autofree char *out = psql ("postgres", sql);
    return 0;
}

static int
place_clear (void **state)
{
    Place *place = *state;
    g_free (place->name);
    g_free (place->url);
    g_free (place);
    return 0;
}

#define NEEDS_SERVER() \
    do { \
        if (!on_server ()) \
            skip (); \
    } while (0)

static char *
export_of (Store *store)
{
    g_autoptr (GError) error = NULL;
    GString *text = g_string_new (NULL);
    Writer *writer = writer_new_string (text);
    assert_fine (store_export (store, writer, &error), error);
    assert_fine (writer_close (writer, &error), error);
    return g_string_free (text, FALSE);
}

static guint
verify (Store *store)
{
    g_autoptr (GError) error = NULL;
    guint faults = 0;
    assert_fine (store_verify (store, (StoreFault) print_message, NULL, &faults, &error), error);
    return faults;
}

/* --- names of ledgers --------------------------------------------------------------------------------------------- */

static void
test_urls (void **state)
{
    (void) state;
    static const struct {
        const char *url;
        StoreError code;
    } cases[] = {
        {"postgresql://ann:secret@localhost/x", STORE_ERROR_UNKNOWN},
        {"postgresql://localhost/x?password=secret", STORE_ERROR_UNKNOWN},
        {"postgres://localhost/x?sslpassword=secret", STORE_ERROR_UNKNOWN},
        {"postgresql://localhost/x?nonsense=1", STORE_ERROR_UNKNOWN},
        {"postgresql://[half/x", STORE_ERROR_UNKNOWN},
        {"postgresql:///x?host=/nowhere/at/all", STORE_ERROR_UNAVAILABLE},
    };
    assert_true (store_is_server ("postgresql://"));
    assert_true (store_is_server ("postgres://h/d"));
    assert_false (store_is_server ("postgresql.db"));
    assert_false (store_is_server ("/var/lib/nixie/state.db"));
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GError) error = NULL;
        assert_null (store_open (cases[i].url, STORE_WRITE, &error));
        assert_non_null (error);
        assert_null (strstr (error->message, "secret"));
        if (store_has_servers ())
            assert_int_equal (error->code, cases[i].code);
        else
            assert_int_equal (error->code, STORE_ERROR_UNKNOWN);
    }
}

static void
test_whose_database_it_is (void **state)
{
    NEEDS_SERVER ();
    Place *place = *state;
    g_autoptr (GError) error = NULL;
    assert_null (store_open (place->url, STORE_READ, &error));
    assert_true (g_error_matches (error, STORE_ERROR, STORE_ERROR_MISSING));
    g_clear_error (&error);
    g_autofree char *none = psql (place->name, "SELECT count(*) FROM pg_namespace WHERE nspname = 'nixie'");
    assert_string_equal (none, "0");

    g_autofree char *made = psql (place->name, "CREATE SCHEMA nixie; CREATE TABLE nixie.meta (name text, value text)");
    assert_null (store_open (place->url, STORE_WRITE, &error));
    assert_true (g_error_matches (error, STORE_ERROR, STORE_ERROR_OPEN));
    g_autofree char *tables = psql (place->name, "SELECT count(*) FROM pg_tables WHERE schemaname = 'nixie'");
    assert_string_equal (tables, "1");
}

/* A user who may only read. */
static void
test_reader (void **state)
{
    NEEDS_SERVER ();
    Place *place = *state;
    g_autoptr (GError) error = NULL;
    StoreInfo info;
    store_free (open_store (place->url, STORE_WRITE));
    g_autofree char *made = psql (place->name, "DROP ROLE IF EXISTS looker; CREATE ROLE looker LOGIN;"
                                               "GRANT USAGE ON SCHEMA nixie TO looker;"
                                               "GRANT SELECT ON ALL TABLES IN SCHEMA nixie TO looker");
    g_autofree char *url = g_strdup_printf ("postgresql://looker@/%s", place->name);
    g_autoptr (Store) store = store_open (url, STORE_READ, &error);
    assert_fine (store != NULL, error);
    assert_fine (store_info (store, &info, &error), error);
    g_autoptr (Store) writer = store_open (url, STORE_WRITE, &error);
    assert_fine (writer != NULL, error);
    assert_false (store_meta_put (writer, "x", "y", &error));
    assert_true (g_error_matches (error, STORE_ERROR, STORE_ERROR_PERMISSION));
    g_clear_pointer (&store, store_free);
    g_clear_pointer (&writer, store_free);
    g_autofree char *gone = psql (place->name, "DROP OWNED BY looker; DROP ROLE looker");
}

/* --- the same as a file -------------------------------------------------------------------------------------------- */

typedef struct {
    Store *store;
    gboolean is_new;
} Side;

/* Message `number` as it lies in place `place`: copies differ in their dates, and a copy may say more or less. */
static void
put (Side *side, guint number, guint place, gint64 seen, MessageResult result)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (EventList) events = event_list_new (arena);
    const char *seed = arena_printf (arena, "message %u", number);
    StoreMessage message = {digest_of (seed, strlen (seed)), arena_printf (arena, "box/%u", place), place * 10, seen, result, 1};
    guint n = result == MESSAGE_EVENTS ? 1 + number % 3 : result == MESSAGE_UNPARSED ? 1 : 0;
    for (guint i = 0; i < n; i++) {
        BounceEvent *event = event_list_add (events);
        event->recipient = result == MESSAGE_UNPARSED ? "" : arena_printf (arena, "p%u.%u@Example.org", number % 17, i);
        event->event_id = event_id (&message.key, event->recipient, 0);
        event->date = number % 11 == 0 ? DATE_NONE : START - (gint64) (number % 50) * 20 * DAY + place;
        if (number % 13 == 0)
            event->date = START + 4000 * DAY; /* far ahead */
        event->diagnostic = arena_printf (arena, "550 <p%u.0@example.org> \xc3\xa9 by way of %u", number % 17, place);
        event->status = "5.1.1";
        event->flags = place % 2 ? FLAG_GUESSED : 0;
        event->type = TYPE_HARD;
    }
    assert_fine (store_put (side->store, &message, events, &side->is_new, &error), error);
}

/* What schema 1 had. */
static const char back_to_1[] = "SET search_path = nixie; DROP INDEX event_by_address; DROP TABLE unreadable;"
                                "DROP INDEX message_unreadable; ALTER TABLE event DROP COLUMN served, DROP COLUMN kind;"
                                "CREATE INDEX event_by_address ON event (address, date NULLS FIRST, event_id);"
                                "UPDATE meta SET value = '1' WHERE name = 'schema'";

static void
put_numbers (Store *store, guint first, guint n)
{
    Side side = {store, FALSE};
    begin (store);
    for (guint number = first; number < first + n; number++)
        put (&side, number, number % 6, START, (MessageResult) (number % 4));
    commit (store);
}

static void
test_upgrade (void **state)
{
    NEEDS_SERVER ();
    Place *place = *state;
    g_autoptr (GError) error = NULL;
    Store *store = open_store (place->url, STORE_WRITE);
    put_numbers (store, 0, 40);
    g_autofree char *before = export_of (store);
    store_free (store);
    g_autofree char *changed = psql (place->name, back_to_1);
    assert_null (store_open (place->url, STORE_READ, &error));
    assert_true (g_error_matches (error, STORE_ERROR, STORE_ERROR_OLDER));
    g_clear_error (&error);
    /* Where it stops half way, the old ledger is still there. */
    g_autofree char *hindered = psql (place->name, "CREATE TABLE nixie.unreadable (something integer)");
    assert_null (store_open (place->url, STORE_WRITE, &error));
    g_clear_error (&error);
    g_autofree char *still = psql (place->name, "SELECT value FROM nixie.meta WHERE name = 'schema';"
                                                "DROP TABLE nixie.unreadable");
    assert_string_equal (still, "1");

    store = open_store (place->url, STORE_WRITE);
    g_autofree char *after = export_of (store);
    assert_string_equal (after, before);
    put_numbers (store, 40, 10);
    assert_int_equal (verify (store), 0);
    store_free (store);
    g_autofree char *made = psql (place->name, "SELECT count(*) FROM nixie.event WHERE served IS NULL OR kind IS NULL");
    assert_string_equal (made, "0");
}

/* The line is lost while tables are made, of the ledger and later of a month: both are begun anew, and never go on without
 * the lock under which they were begun. */
static void
test_lost_while_making (void **state)
{
    static const char cut[] =
        "CREATE SEQUENCE public.times; CREATE FUNCTION public.cut () RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF current_query () LIKE '%TEMPORARY%' THEN RETURN; END IF;"
        " IF NOT EXISTS (SELECT FROM pg_locks WHERE pid = pg_backend_pid () AND locktype = 'advisory') THEN"
        "  RAISE EXCEPTION 'made without the lock'; END IF;"
        " IF nextval ('public.times') = 1 THEN PERFORM pg_terminate_backend (pg_backend_pid ()); PERFORM pg_sleep (9); END IF;"
        " END $$; CREATE EVENT TRIGGER cut ON ddl_command_start WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION public.cut ()";
    NEEDS_SERVER ();
    Place *place = *state;
    g_autofree char *made = psql (place->name, cut);
    Store *store = open_store (place->url, STORE_WRITE);
    g_autofree char *again = psql (place->name, "SELECT last_value > 1 FROM public.times;"
                                                "SELECT setval ('public.times', 1, false)");
    assert_string_equal (again, "t\n1");
    put_numbers (store, 0, 40);
    g_autofree char *later = psql (place->name, "SELECT last_value > 1 FROM public.times; DROP EVENT TRIGGER cut");
    assert_string_equal (later, "t");
    assert_int_equal (verify (store), 0);
    store_free (store);
}

typedef enum { END_COMMIT, END_ROLLBACK } End;

static void
random_batch (GRand *dice, Side *sides, guint n_sides)
{
    End end = g_rand_int_range (dice, 0, 6) == 0 ? END_ROLLBACK : END_COMMIT;
    guint n = (guint) g_rand_int_range (dice, 0, 12);
    for (guint i = 0; i < n_sides; i++)
        begin (sides[i].store);
    for (guint j = 0; j < n; j++) {
        guint number = (guint) g_rand_int_range (dice, 0, 60), place = (guint) g_rand_int_range (dice, 0, 6);
        gint64 seen = START + g_rand_int_range (dice, 0, 100);
        /* What a message is depends on it, and seldom on the copy. */
        MessageResult result = (MessageResult) (g_rand_int_range (dice, 0, 5) == 0 ? g_rand_int_range (dice, 0, 4)
                                                                                   : (int) number % 4);
        for (guint i = 0; i < n_sides; i++)
            put (&sides[i], number, place, seen, result);
        for (guint i = 1; i < n_sides; i++)
            assert_int_equal (sides[i].is_new, sides[0].is_new);
    }
    for (guint i = 0; i < n_sides; i++) {
        if (end == END_COMMIT)
            commit (sides[i].store);
        else
            store_rollback (sides[i].store);
    }
}

static gboolean
keeps (const char *address, gpointer user)
{
    (void) user;
    return g_str_has_prefix (address, "p3.") || g_str_has_prefix (address, "p5.");
}

static void
forget (Side *side, const char *address, gint64 date)
{
    g_autoptr (GError) error = NULL;
    guint64 events;
    begin (side->store);
    assert_fine (store_forget (side->store, address, date, TRUE, &events, &error), error);
    commit (side->store);
    assert_fine (store_compact (side->store, &error), error);
}

static guint64
expire (Side *side, gint64 before)
{
    g_autoptr (GError) error = NULL;
    guint64 events;
    begin (side->store);
    assert_fine (store_expire (side->store, before, keeps, NULL, &events, &error), error);
    commit (side->store);
    return events;
}

static void
assert_same (Side *sides)
{
    g_autofree char *file = export_of (sides[0].store), *server = export_of (sides[1].store);
    StoreInfo one, other;
    assert_string_equal (file, server);
    assert_true (store_info (sides[0].store, &one, NULL) && store_info (sides[1].store, &other, NULL));
    assert_int_equal (one.messages, other.messages);
    assert_int_equal (one.bounces, other.bounces);
    assert_int_equal (one.unparsed, other.unparsed);
    assert_int_equal (one.events, other.events);
    assert_int_equal (one.first_seen, other.first_seen);
}

static void
decide_again (BounceEvent *event, Arena *arena, gpointer user)
{
    const char *rule = user;
    if (strlen (event->recipient) % 2 == 0)
        event->rule = arena_printf (arena, "%s-%s", rule, event->status);
}

static void
test_same_as_a_file (void **state)
{
    NEEDS_SERVER ();
    Place *place = *state;
    g_autoptr (GRand) dice = g_rand_new_with_seed (8);
    g_autoptr (Store) file = open_store (NULL, STORE_WRITE), server = open_store (place->url, STORE_WRITE);
    Side sides[] = {{file, FALSE}, {server, FALSE}};
    guint64 changed[2];
    for (guint round = 0; round < 60; round++)
        random_batch (dice, sides, 2);
    assert_same (sides);
    for (guint i = 0; i < 2; i++)
        assert_true (store_reclassify (sides[i].store, decide_again, (gpointer) "new", &changed[i], NULL));
    assert_int_equal (changed[0], changed[1]);
    assert_true (changed[0] > 10);
    assert_same (sides);
    for (guint i = 0; i < 2; i++)
        forget (&sides[i], "p7.0@example.org", START - 30 * DAY);
    for (guint round = 0; round < 20; round++)
        random_batch (dice, sides, 2);
    assert_same (sides);
    assert_int_equal (verify (server), 0);
    assert_int_equal (expire (&sides[0], START - 321 * DAY), expire (&sides[1], START - 321 * DAY));
    assert_same (sides);
    for (guint round = 0; round < 20; round++)
        random_batch (dice, sides, 2);
    assert_same (sides);
    assert_int_equal (verify (server), 0);
}

/* --- unions --------------------------------------------------------------------------------------------------------- */

static char *
another_database (void)
{
    static guint number;
    g_autofree char *name = g_strdup_printf ("u%d_%u", (int) getpid (), ++number);
    g_autofree char *sql = g_strdup_printf ("CREATE DATABASE %s", name);
    g_autofree char *out = psql ("postgres", sql);
    return g_strdup_printf ("postgresql:///%s", name);
}

static void
say (Store *store, guint32 seed)
{
    g_autoptr (GRand) dice = g_rand_new_with_seed (seed);
    g_autoptr (GError) error = NULL;
    begin (store);
    for (guint i = 0; i < 20; i++) {
        g_autofree char *address = g_strdup_printf ("p%d.0@example.org", g_rand_int_range (dice, 0, 9));
        g_autofree char *email = g_strdup_printf ("%c%s", g_rand_int_range (dice, 0, 2) ? 'P' : 'p', address + 1);
        StoreMark mark = {.address = address, .email = email, .kind = (MarkKind) g_rand_int_range (dice, 0, N_MARKS),
                          .date = START + g_rand_int_range (dice, 0, 3), .said = START + g_rand_int_range (dice, 0, 9),
                          .undone = g_rand_int_range (dice, 0, 2), .note = i % 3 ? "list" : ""};
        assert_fine (store_mark_put (store, &mark, &error), error);
        g_autofree char *domain = g_strdup_printf ("d%d.example", g_rand_int_range (dice, 0, 9));
        assert_fine (store_domain_put (store, domain, i % 2 ? "google" : "microsoft365", "", &error), error);
    }
    commit (store);
}

/* Ledger number `seed`, the same in every kind. Returns its path. */
static char *
make_ledger (char *path, guint32 seed)
{
    g_autoptr (Store) store = open_store (path, STORE_WRITE);
    g_autoptr (GRand) dice = g_rand_new_with_seed (seed);
    Side side = {store, FALSE};
    for (guint round = 0; round < 20; round++)
        random_batch (dice, &side, 1);
    say (store, seed);
    if (seed % 2)
        forget (&side, "p4.0@example.org", START - 100 * DAY);
    return path;
}

static char *
united (const char *path, const char *with)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Store) store = open_store (path, STORE_WRITE);
    assert_fine (store_merge (store, with, &error), error);
    g_autofree char *once = export_of (store);
    assert_fine (store_merge (store, with, &error), error);
    g_autofree char *twice = export_of (store);
    assert_string_equal (once, twice);
    assert_int_equal (verify (store), 0);
    return g_steal_pointer (&once);
}

static void
test_unions (void **state)
{
    NEEDS_SERVER ();
    (void) state;
    g_autofree char *folder = g_dir_make_tmp ("nixie-pg-XXXXXX", NULL);
    g_autofree char *a = make_ledger (g_build_filename (folder, "a.db", NULL), 21);
    g_autofree char *again = make_ledger (g_build_filename (folder, "again.db", NULL), 21);
    g_autofree char *b = make_ledger (g_build_filename (folder, "b.db", NULL), 22);
    g_autofree char *server_a = make_ledger (another_database (), 21);
    g_autofree char *server_again = make_ledger (another_database (), 21);
    g_autofree char *server_b = make_ledger (another_database (), 22);
    g_autofree char *expected = united (a, b);
    g_autofree char *file_and_server = united (again, server_b);
    g_autofree char *server_and_file = united (server_a, b);
    g_autofree char *servers = united (server_again, server_b);
    g_autofree char *other_way = united (server_b, again);
    assert_string_equal (file_and_server, expected);
    assert_string_equal (server_and_file, expected);
    assert_string_equal (servers, expected);
    assert_string_equal (other_way, expected);
    GDir *dir = g_dir_open (folder, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;) {
        g_autofree char *path = g_build_filename (folder, name, NULL);
        unlink (path);
    }
    g_clear_pointer (&dir, g_dir_close);
    assert_int_equal (rmdir (folder), 0);
}

/* Two hosts with half of the messages in common, by turns: what one was told to be new, the other may put first. */
static void
count_late (const Digest *key, MessageResult result, guint events, gpointer user)
{
    guint *late = user;
    (void) key;
    (void) result;
    *late += 1 + events * 1000;
}

static void
test_late (void **state)
{
    NEEDS_SERVER ();
    Place *place = *state;
    g_autoptr (Store) one = open_store (place->url, STORE_WRITE), other = open_store (place->url, STORE_WRITE);
    Side sides[] = {{one, FALSE}, {other, FALSE}};
    guint late = 0;
    store_on_late (other, count_late, &late);
    begin (one);
    begin (other);
    put (&sides[0], 5, 1, START, MESSAGE_EVENTS);
    put (&sides[1], 5, 1, START, MESSAGE_EVENTS);
    put (&sides[1], 6, 1, START, MESSAGE_EVENTS);
    assert_true (sides[1].is_new);
    commit (one);
    commit (other);
    assert_int_equal (late, 3001); /* message 5, three events */
    StoreInfo info;
    assert_true (store_info (one, &info, NULL));
    assert_int_equal (info.messages, 2);
    assert_int_equal (info.events, 4);
    assert_int_equal (verify (one), 0);
}

/* Cursors and lists are of one host. */
static void
test_hosts (void **state)
{
    NEEDS_SERVER ();
    Place *place = *state;
    g_autoptr (Store) one = open_store (place->url, STORE_WRITE), other = open_store (place->url, STORE_WRITE);
    g_autoptr (GError) error = NULL;
    StoreCursor cursor = {.offset = 7, .before = digest_of ("x", 1)}, back;
    gboolean found = FALSE;
    store_set_host (one, "mx1");
    store_set_host (other, "mx2");
    begin (one);
    assert_fine (store_cursor_put (one, "/var/mail/\xff", &cursor, &error), error);
    commit (one);
    assert_fine (store_cursor_get (one, "/var/mail/\xff", &back, &found, &error), error);
    assert_true (found);
    assert_int_equal (back.offset, 7);
    assert_fine (store_cursor_get (other, "/var/mail/\xff", &back, &found, &error), error);
    assert_false (found);
}

/* --- trouble on the way --------------------------------------------------------------------------------------------- */

static void
cut_off (const char *name)
{
    g_autofree char *sql = g_strdup_printf ("SELECT pg_terminate_backend (pid) FROM pg_stat_activity WHERE datname = '%s'"
                                            " AND pid <> pg_backend_pid ()", name);
    g_autofree char *out = psql ("postgres", sql);
    g_usleep (100000);
}

static void
test_connection_lost (void **state)
{
    NEEDS_SERVER ();
    Place *place = *state;
    g_autoptr (Store) file = open_store (NULL, STORE_WRITE), server = open_store (place->url, STORE_WRITE);
    g_autoptr (GRand) dice = g_rand_new_with_seed (9);
    Side sides[] = {{file, FALSE}, {server, FALSE}};
    StoreInfo info;
    for (guint round = 0; round < 3; round++) {
        begin (file);
        begin (server);
        for (guint i = 0; i < 20; i++) {
            guint number = (guint) g_rand_int_range (dice, 0, 40);
            put (&sides[0], number, round, START, MESSAGE_EVENTS);
            put (&sides[1], number, round, START, MESSAGE_EVENTS);
            if (i == 10)
                cut_off (place->name);
        }
        cut_off (place->name);
        commit (file);
        commit (server); /* sent again on a new connection */
        assert_same (sides);
    }
    cut_off (place->name);
    assert_true (store_info (server, &info, NULL));
    /* What the server knew half of is not repeated: the caller hears of it. */
    g_autoptr (GError) error = NULL;
    guint64 events;
    begin (server);
    assert_fine (store_forget (server, "p1.0@example.org", START, TRUE, &events, &error), error);
    cut_off (place->name);
    assert_false (store_commit (server, &error));
    assert_true (g_error_matches (error, STORE_ERROR, STORE_ERROR_UNAVAILABLE));
    assert_same (sides);
}

/* A partition that another host has dropped comes back when it is needed. */
static void
test_month_dropped_meanwhile (void **state)
{
    NEEDS_SERVER ();
    Place *place = *state;
    g_autoptr (Store) file = open_store (NULL, STORE_WRITE), server = open_store (place->url, STORE_WRITE);
    Side sides[] = {{file, FALSE}, {server, FALSE}};
    for (guint i = 0; i < 2; i++) {
        begin (sides[i].store);
        put (&sides[i], 49, 1, START, MESSAGE_EVENTS); /* 980 days ago */
        commit (sides[i].store);
    }
    g_autofree char *months = psql (place->name, "SELECT count(*) FROM pg_class WHERE relname ~ '^event_20' AND relkind = 'r'");
    assert_string_equal (months, "1");
    {
        g_autoptr (Store) third = open_store (place->url, STORE_WRITE);
        Side other = {third, FALSE};
        assert_int_equal (expire (&sides[0], START - 900 * DAY), expire (&other, START - 900 * DAY));
    }
    g_free (months);
    months = psql (place->name, "SELECT count(*) FROM pg_class WHERE relname ~ '^event_20' AND relkind = 'r'");
    assert_string_equal (months, "0");
    for (guint i = 0; i < 2; i++) {
        begin (sides[i].store);
        put (&sides[i], 99, 1, START, MESSAGE_EVENTS); /* the same day */
        commit (sides[i].store);
    }
    assert_same (sides);
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, place_make, place_clear)

UNIT_MAIN (TEST (test_urls), TEST (test_whose_database_it_is), TEST (test_reader), TEST (test_upgrade), TEST (test_lost_while_making), TEST (test_same_as_a_file),
           TEST (test_unions), TEST (test_late), TEST (test_hosts), TEST (test_connection_lost), TEST (test_month_dropped_meanwhile))
