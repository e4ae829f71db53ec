/* SPDX-License-Identifier: MIT */
/* What a ledger counts by itself, and which messages it tries again; on a server with NIXIE_TEST_SERVER, as test_store. */
#include "store_calls.h"

#include "base/date.h"
#include "event/event_id.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static const gint64 DAY = 24 * 60 * 60;
static const gint64 START = 1790000000;

/* --- a ledger for each test ---------------------------------------------------------------------------------------- */

static int
place_make (void **state)
{
    static guint number;
    g_autofree char *name = g_strdup_printf ("c%d_%u", (int) getpid (), ++number);
    if (!on_server ()) {
        g_autofree char *file = g_strconcat ("nixie-", name, ".db", NULL);
        *state = g_build_filename (g_get_tmp_dir (), file, NULL);
        return 0;
    }
    g_autofree char *command = g_strdup_printf ("psql -qAt -d postgres -c 'CREATE DATABASE %s'", name);
    int status = -1;
    *state = g_strdup_printf ("postgresql:///%s", name);
    return !g_spawn_command_line_sync (command, NULL, NULL, &status, NULL) || status != 0;
}

static int
place_clear (void **state)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
        g_autofree char *path = g_strconcat (*state, endings[i], NULL);
        g_unlink (path);
    }
    g_free (*state);
    return 0;
}

/* --- counting ------------------------------------------------------------------------------------------------------ */

typedef struct {
    const char *recipient, *domain, *provider, *status, *reply, *diagnostic;
    int day; /* -1: none is known */
    EventType type;
    Reason reason;
    MessageResult result;
    const char *format;
} Told;

/* In the order of addresses, which is not the order in which they come: ann, ANN (the same), bob, cid, dan, eve. */
static const Told told[] = {
    {"eve@d.example", "d.example", "big", "5.1.1", "550", "eve", 1, TYPE_HARD, REASON_USER_UNKNOWN, MESSAGE_EVENTS, "rfc3464"},
    {"bob@d.example", "d.example", "big", "5.1.1", "550", "bob", 2, TYPE_HARD, REASON_USER_UNKNOWN, MESSAGE_EVENTS, "rfc3464"},
    {"ann@d.example", "d.example", "big", "5.1.1", "550", "", 3, TYPE_HARD, REASON_USER_UNKNOWN, MESSAGE_EVENTS, "rfc3464"},
    {"ANN@d.example", "d.example", "big", "5.1.1", "550", "late", 9, TYPE_HARD, REASON_USER_UNKNOWN, MESSAGE_EVENTS, "exim"},
    {"ann@d.example", "d.example", "big", "5.1.1", "550", "later", 10, TYPE_HARD, REASON_USER_UNKNOWN, MESSAGE_EVENTS, "exim"},
    {"ann@d.example", "d.example", "big", "5.1.1", "550", "dateless", -1, TYPE_SOFT, REASON_MAILBOX_FULL, MESSAGE_EVENTS, "exim"},
    {"bob@d.example", "d.example", "big", "", "452", "by reply", 4, TYPE_SOFT, REASON_MAILBOX_FULL, MESSAGE_EVENTS, "exim"},
    {"cid@l.example", "l.example", "other", "4.2.2", "", "cid's", 5, TYPE_SOFT, REASON_MAILBOX_FULL, MESSAGE_EVENTS, "exim"},
    {"dan@l.example", "l.example", "", "4.2.2", "", "dan's", 5, TYPE_SOFT, REASON_MAILBOX_FULL, MESSAGE_EVENTS, "exim"},
    {"cid@l.example", "l.example", "small", "4.2.2", "", "told", 4, TYPE_SOFT, REASON_MAILBOX_FULL, MESSAGE_EVENTS, "exim"},
    {"dan@u.example", "u.example", "other", "4.2.2", "", "unknown", 6, TYPE_SOFT, REASON_MAILBOX_FULL, MESSAGE_EVENTS, "exim"},
    {"eve@g.example", "g.example", "other", "", "", "", 6, TYPE_SOFT, REASON_EXPIRED, MESSAGE_EVENTS, "exim"},
    {"", "", "", "5.0.0", "", "nobody named", 7, TYPE_UNKNOWN, REASON_UNKNOWN, MESSAGE_EVENTS, "exim"},
    {"", "", "", "5.0.0", "", "not counted", 7, TYPE_UNKNOWN, REASON_UNKNOWN, MESSAGE_EVENTS, "unparsed"},
    {"fay@d.example", "d.example", "big", "5.1.1", "", "evidence", 7, TYPE_HARD, REASON_USER_UNKNOWN, MESSAGE_UNPARSED, "unparsed"},
};

static void
put_told (Store *store)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Arena) arena = arena_new ();
    begin (store);
    for (guint i = 0; i < G_N_ELEMENTS (told); i++) {
        g_autoptr (EventList) events = event_list_new (arena);
        BounceEvent *event = event_list_add (events);
        StoreMessage message = {digest_of (&i, sizeof i), "box", i, START, told[i].result, 1 + i};
        gboolean is_new;
        event->recipient = told[i].recipient;
        event->event_id = event_id (&message.key, event->recipient, 0);
        event->domain = told[i].domain;
        event->provider = told[i].provider;
        event->status = told[i].status;
        event->reply = told[i].reply;
        event->diagnostic = told[i].diagnostic;
        event->date = told[i].day < 0 ? DATE_NONE : START + told[i].day * DAY;
        event->type = told[i].type;
        event->reason = told[i].reason;
        event->format = told[i].format;
        assert_fine (store_put (store, &message, events, &is_new, &error), error);
        assert_true (is_new);
    }
    assert_fine (store_domain_put (store, "l.example", "small", "", &error), error);
    assert_fine (store_domain_put (store, "g.example", "", "gate", &error), error);
    commit (store);
}

/* As report_model_add_tally() does: several of one key are added up, the first sample stays. */
static void
add_tally (const StoreTally *tally, gpointer user)
{
    g_autofree char *key = g_strdup_printf ("%s %s %s %s", tally->provider, tally->code, reason_word (tally->reason),
                                            event_type_word (tally->type));
    const char *before = g_hash_table_lookup (user, key);
    g_auto (GStrv) words = g_strsplit (before != NULL ? before : "0 99 -1 ", " ", 4);
    int first = tally->first == DATE_NONE ? 99 : (int) ((tally->first - START) / DAY);
    int last = tally->last == DATE_NONE ? -1 : (int) ((tally->last - START) / DAY);
    char *sum = g_strdup_printf ("%u %d %d %s", (guint) (atoi (words[0]) + (int) tally->events), MIN (atoi (words[1]), first),
                                 MAX (atoi (words[2]), last), *words[3] != '\0' ? words[3] : tally->sample);
    g_hash_table_replace (user, g_steal_pointer (&key), sum);
}

static void
set_recipients (const char *provider, guint64 recipients, gpointer user)
{
    if (recipients > 0)
        g_hash_table_replace (user, g_strconcat (provider, " recipients", NULL),
                              g_strdup_printf ("%u", (guint) recipients));
}

/* "KEY: VALUE; …", in the order of the keys. */
static char *
tally_of (Store *store, const StoreFilter *filter)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    gboolean done = FALSE;
    assert_fine (store_tally (store, filter, add_tally, set_recipients, found, &done, &error), error);
    assert_true (done);
    g_autoptr (GList) keys = g_list_sort (g_hash_table_get_keys (found), (GCompareFunc) strcmp);
    GString *out = g_string_new (NULL);
    for (const GList *key = keys; key != NULL; key = key->next)
        g_string_append_printf (out, "%s: %s\n", (const char *) key->data,
                                (const char *) g_hash_table_lookup (found, key->data));
    return g_string_free (out, FALSE);
}

/* Events, first and last day, sample. */
static void
test_tally (void **state)
{
    static const char all[] = " 5.0.0 unknown unknown: 1 7 7 nobody named\n"
                              "big 452 mailbox-full soft: 1 4 4 by reply\n"
                              "big 5.1.1 mailbox-full soft: 1 99 -1 dateless\n"
                              "big 5.1.1 user-unknown hard: 5 1 10 late\n"
                              "big recipients: 3\n"
                              "other  expired soft: 1 6 6 \n"
                              "other 4.2.2 mailbox-full soft: 1 6 6 unknown\n"
                              "other recipients: 2\n"
                              "small 4.2.2 mailbox-full soft: 3 4 5 told\n"
                              "small recipients: 2\n";
    static const char middle[] = "big 452 mailbox-full soft: 1 4 4 by reply\n"
                                 "big 5.1.1 user-unknown hard: 2 2 3 bob\n"
                                 "big recipients: 2\n"
                                 "small 4.2.2 mailbox-full soft: 1 4 4 told\n"
                                 "small recipients: 1\n";
    static const StoreFilter everything = {0}, days = {.since = START + 2 * DAY, .until = START + 5 * DAY};
    Store *store = open_store (*state, STORE_WRITE);
    g_autofree char *none = tally_of (store, &everything);
    assert_string_equal (none, "");
    put_told (store);
    g_autofree char *found = tally_of (store, &everything), *part = tally_of (store, &days);
    assert_string_equal (found, all);
    assert_string_equal (part, middle);
    store_free (store);
}

/* --- what could not be read --------------------------------------------------------------------------------------- */

#define BOX "box"

static void
put_one (Store *store, const char *name, guint64 offset, MessageResult result)
{
    g_autoptr (GError) error = NULL;
    StoreMessage message = {digest_of (name, strlen (name)), BOX, offset, START, result, 1};
    gboolean is_new;
    assert_fine (store_put (store, &message, NULL, &is_new, &error), error);
}

static gboolean
knows (Store *store, const char *name, guint64 offset)
{
    g_autoptr (GError) error = NULL;
    Digest key = digest_of (name, strlen (name));
    gboolean known = FALSE;
    assert_fine (store_knows (store, &key, 1, &known, &error), error);
    if (known)
        assert_fine (store_knows_at (store, &key, 1, BOX, offset, &known, &error), error);
    return known;
}

static void
put_places (Store *store)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) seen = g_bytes_new_static ("seen", 4);
    StoreCursor cursor = {.device = 1, .offset = 7};
    begin (store);
    assert_fine (store_cursor_put (store, BOX, &cursor, &error), error);
    assert_fine (store_maildir_put (store, "Maildir", seen, &error), error);
    commit (store);
}

/* 0: neither is remembered, 2: both are. */
static int
places (Store *store)
{
    g_autoptr (GError) error = NULL;
    GBytes *seen = NULL;
    StoreCursor cursor;
    gboolean found = FALSE;
    assert_fine (store_cursor_get (store, BOX, &cursor, &found, &error), error);
    assert_fine (store_maildir_get (store, "Maildir", &seen, &error), error);
    int n = found + (seen != NULL);
    g_clear_pointer (&seen, g_bytes_unref);
    return n;
}

static void
try_again (Store *store, const char *with)
{
    g_autoptr (GError) error = NULL;
    assert_fine (store_try_again (store, with, &error), error);
}

static void
test_try_again (void **state)
{
    Store *store = open_store (*state, STORE_WRITE);
    try_again (store, "1");
    begin (store);
    put_one (store, "good", 0, MESSAGE_EVENTS);
    put_one (store, "bad", 1, MESSAGE_UNREADABLE);
    put_one (store, "worse", 2, MESSAGE_UNREADABLE);
    commit (store);
    put_places (store);
    store_free (store);

    store = open_store (*state, STORE_WRITE);
    assert_true (knows (store, "bad", 1)); /* nobody said what it would be tried with */
    try_again (store, "1");
    assert_int_equal (places (store), 2);
    assert_true (knows (store, "bad", 1));
    store_free (store);

    store = open_store (*state, STORE_WRITE);
    try_again (store, "2");
    assert_int_equal (places (store), 0);
    assert_true (knows (store, "good", 0));
    assert_false (knows (store, "bad", 1));
    assert_false (knows (store, "worse", 2));
    begin (store);
    put_one (store, "bad", 1, MESSAGE_EVENTS);
    put_one (store, "worse", 2, MESSAGE_UNREADABLE); /* once more in vain */
    commit (store);
    assert_true (knows (store, "bad", 1));
    assert_true (knows (store, "worse", 2));
    put_places (store);
    store_free (store);

    store = open_store (*state, STORE_WRITE);
    try_again (store, "2");
    assert_int_equal (places (store), 2);
    try_again (store, "3");
    assert_int_equal (places (store), 0);
    assert_false (knows (store, "worse", 2));
    put_places (store);
    try_again (store, "3"); /* it lies where nobody looks: mailboxes are read again once */
    assert_int_equal (places (store), 2);
    store_free (store);
}

/* Each host forgets how far it has read its own mailboxes, and nobody else's. */
static void
test_hosts_try_again (void **state)
{
    if (!on_server ())
        skip ();
    Store *store = open_store (*state, STORE_WRITE), *other = open_store (*state, STORE_WRITE);
    store_set_host (store, "mx1");
    store_set_host (other, "mx2");
    try_again (store, "1");
    begin (store);
    put_one (store, "bad", 1, MESSAGE_UNREADABLE);
    commit (store);
    put_places (store);
    put_places (other);
    try_again (store, "2");
    assert_int_equal (places (store), 0);
    assert_int_equal (places (other), 2);
    try_again (other, "2");
    assert_int_equal (places (other), 0);
    store_free (store);
    store_free (other);
}

int
main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, place_make, place_clear)
    const struct CMUnitTest tests[] = {
        TEST (test_tally),
        TEST (test_try_again),
        TEST (test_hosts_try_again),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
