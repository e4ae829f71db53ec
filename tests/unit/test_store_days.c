/* SPDX-License-Identifier: MIT */
/* A file keeps its message keys by day. A key is there once, whether its day is known or not: by what came first, by
 * what was merged, and in whatever order. */
#include "store_calls.h"

#include "event/event_id.h"
#include "store/store_upkeep.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static const gint64 START = 1790000000;

typedef struct {
    char *folder, *one, *two, *out;
} Place;

static int
place_make (void **state)
{
    Place *place = g_new0 (Place, 1);
    place->folder = g_dir_make_tmp ("nixie-days-XXXXXX", NULL);
    place->one = g_build_filename (place->folder, "one.db", NULL);
    place->two = g_build_filename (place->folder, "two.db", NULL);
    place->out = g_build_filename (place->folder, "out.db", NULL);
    *state = place;
    return 0;
}

static void
drop (const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
        g_autofree char *part = g_strconcat (path, endings[i], NULL);
        g_unlink (part);
    }
}

static int
place_clear (void **state)
{
    Place *place = *state;
    drop (place->one);
    drop (place->two);
    drop (place->out);
    g_rmdir (place->folder);
    g_free (place->folder);
    g_free (place->one);
    g_free (place->two);
    g_free (place->out);
    g_free (place);
    return 0;
}

static Digest
key_of (guint number)
{
    g_autofree char *text = g_strdup_printf ("message %u", number);
    return digest_of (text, strlen (text));
}

/* The copy of a message at `source`, with one event, as a scan puts it on `day`; 0: as somebody who does not know the
 * day. The words are those of the copy. */
static gboolean
put_copy (Store *store, guint number, guint day, const char *source)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (EventList) events = event_list_new (arena);
    g_autofree char *recipient = g_strdup_printf ("user%u@example.com", number % 7);
    StoreMessage message = {.key = key_of (number), .source = source, .offset = number, .seen = START,
                            .result = MESSAGE_EVENTS, .day = day};
    gboolean is_new = FALSE;
    BounceEvent *event = event_list_add (events);
    event->recipient = recipient;
    event->event_id = event_id (&message.key, recipient, 0);
    event->date = START;
    event->type = TYPE_HARD;
    event->diagnostic = source;
    assert_fine (store_put (store, &message, events, &is_new, &error), error);
    return is_new;
}

static gboolean
put (Store *store, guint number, guint day)
{
    return put_copy (store, number, day, "box");
}

static gboolean
knows (Store *store, guint number, guint day)
{
    g_autoptr (GError) error = NULL;
    Digest key = key_of (number);
    gboolean known = FALSE;
    assert_fine (store_knows (store, &key, day, &known, &error), error);
    return known;
}

static guint64
messages_of (Store *store)
{
    StoreInfo info;
    g_autoptr (GError) error = NULL;
    assert_fine (store_info (store, &info, &error), error);
    assert_int_equal (info.messages, info.events);
    return info.messages;
}

static void
tell (const char *what, gpointer user)
{
    (void) user;
    print_error ("%s\n", what);
}

/* All that the ledger knows, which is what the reports are made of; and nothing is wrong with it. Yours. */
static char *
all_of (const char *path)
{
    g_autoptr (Store) store = open_store (path, STORE_READ);
    g_autoptr (GError) error = NULL;
    GString *text = g_string_new (NULL);
    Writer *writer = writer_new_string (text);
    guint faults = 0;
    assert_fine (store_verify (store, tell, NULL, &faults, &error), error);
    assert_int_equal (faults, 0);
    assert_fine (store_export (store, writer, &error), error);
    writer_free (writer);
    return g_string_free (text, FALSE);
}

static void
test_a_key_is_there_once (void **state)
{
    Place *place = *state;
    const char *const paths[] = {place->one, NULL};
    for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
        g_autoptr (Store) store = open_store (paths[i], STORE_WRITE);
        begin (store);
        assert_true (put (store, 1, 3));
        assert_false (put (store, 1, 3));
        assert_true (put (store, 2, 4));
        assert_true (knows (store, 1, 3));
        assert_false (knows (store, 3, 3));
        commit (store);
        begin (store);
        assert_false (put (store, 1, 0)); /* now no day is known */
        assert_true (put (store, 5, 0));
        assert_false (put (store, 1, 3));
        assert_false (put (store, 2, 4));
        assert_false (put (store, 5, 9));
        assert_true (knows (store, 1, 3));
        assert_true (knows (store, 5, 9));
        assert_true (put (store, 6, 9)); /* and this one beside them */
        assert_false (put (store, 6, 9));
        assert_false (put (store, 6, 0));
        assert_true (knows (store, 6, 9));
        commit (store);
        assert_int_equal (messages_of (store), 4);
    }
}

/* Half of `n` messages by chance; of `known` in eight, the day is known. */
static void
fill (const char *path, const char *source, guint n, guint known, GRand *dice)
{
    g_autoptr (Store) store = open_store (path, STORE_WRITE);
    begin (store);
    for (guint i = 0; i < n; i++)
        if (g_rand_boolean (dice))
            put_copy (store, i, g_rand_int_range (dice, 0, 8) < (gint) known ? 1 + i / 10 : 0, source);
    commit (store);
}

static void
merge (const char *into, const char *path)
{
    g_autoptr (Store) store = open_store (into, STORE_WRITE);
    g_autoptr (GError) error = NULL;
    assert_fine (store_merge (store, path, &error), error);
}

static void
test_merge (void **state)
{
    static const guint known[][2] = {{8, 8}, {8, 0}, {0, 8}, {0, 0}, {4, 8}, {8, 4}, {4, 4}, {7, 7}};
    Place *place = *state;
    g_autoptr (GRand) dice = g_rand_new_with_seed (6);
    for (guint round = 0; round < 4 * G_N_ELEMENTS (known); round++) {
        const guint *of = known[round % G_N_ELEMENTS (known)];
        guint n = 1 + round * 4;
        fill (place->one, "one", n, of[0], dice);
        fill (place->two, "two", n, of[1], dice);
        g_autoptr (Store) wanted_store = open_store (place->out, STORE_WRITE);
        begin (wanted_store);
        { /* what both know, put by hand */
            g_autoptr (Store) one = open_store (place->one, STORE_READ), two = open_store (place->two, STORE_READ);
            for (guint i = 0; i < n; i++) {
                if (knows (two, i, 1 + i / 10))
                    put_copy (wanted_store, i, 1 + i / 10, "two");
                if (knows (one, i, 1 + i / 10))
                    put_copy (wanted_store, i, 1 + i / 10, "one");
            }
        }
        commit (wanted_store);
        g_clear_pointer (&wanted_store, store_free);
        g_autofree char *wanted = all_of (place->out), *first = NULL, *again = NULL, *scanned = NULL, *other = NULL;
        drop (place->out);

        merge (place->out, place->one);
        merge (place->out, place->two);
        first = all_of (place->out);
        assert_string_equal (first, wanted);
        merge (place->out, place->one);
        again = all_of (place->out);
        assert_string_equal (again, wanted);
        { /* and a scan of everything adds only what neither had */
            g_autoptr (Store) store = open_store (place->out, STORE_WRITE);
            begin (store);
            for (guint i = 0; i < n; i++)
                if (knows (store, i, 1 + i / 10))
                    assert_false (put_copy (store, i, 1 + i / 10, "two"));
            commit (store);
        }
        scanned = all_of (place->out);
        assert_string_equal (scanned, wanted);
        drop (place->out);

        merge (place->two, place->one);
        other = all_of (place->two);
        assert_string_equal (other, wanted);
        drop (place->one);
        drop (place->two);
    }
}

int
main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, place_make, place_clear)
    const struct CMUnitTest tests[] = {
        TEST (test_a_key_is_there_once),
        TEST (test_merge),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
