/* SPDX-License-Identifier: MIT */
/* Several processes write to one ledger: none is kept out by one that writes transaction behind transaction. */
#include "unit.h"

#include "store/store.h"
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static char *path;

/* As a scan of much mail: the ledger is left for moments only. Ends when it is killed, or when the test is gone. */
static void
write_without_end (int ready, pid_t test)
{
    Store *store = store_open (path, STORE_WRITE, NULL);
    for (guint i = 0; store != NULL && getppid () == test && store_begin (store, NULL); i++) {
        g_autofree char *value = g_strdup_printf ("%u", i);
        if (i == 0 && write (ready, "", 1) != 1)
            break;
        g_usleep (20000);
        if (!store_meta_put (store, "test", value, NULL) || !store_commit (store, NULL))
            break;
    }
    _exit (1);
}

static pid_t
start_writer (void)
{
    int ready[2];
    char byte;
    pid_t test = getpid ();
    assert_int_equal (pipe (ready), 0);
    pid_t child = fork ();
    assert_true (child >= 0);
    if (child == 0)
        write_without_end (ready[1], test);
    close (ready[1]);
    assert_int_equal (read (ready[0], &byte, 1), 1);
    close (ready[0]);
    return child;
}

/* Six turns in a row would take a minute, and mostly fail, where nobody gives way. */
static void
lets_others_in (void **state)
{
    g_autoptr (GError) error = NULL;
    pid_t child = start_writer ();
    gint64 start = g_get_monotonic_time ();
    g_autoptr (Store) store = store_open (path, STORE_WRITE, &error);
    int status;

    (void) state;
    assert_null (error);
    for (guint i = 0; i < 6; i++) {
        gboolean begun = store_begin (store, &error);
        if (error != NULL)
            print_error ("turn %u: %s\n", i, error->message);
        assert_true (begun);
        assert_true (store_commit (store, &error));
    }
    assert_true (g_get_monotonic_time () - start < 20 * G_USEC_PER_SEC);
    assert_int_equal (waitpid (child, &status, WNOHANG), 0); /* it writes still */
    kill (child, SIGKILL);
    assert_int_equal (waitpid (child, &status, 0), child);
}

/* Who keeps the ledger to himself is told of, after a while. */
static void
gives_up_at_last (void **state)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Store) keeper = store_open (path, STORE_WRITE, NULL);
    g_autoptr (Store) store = store_open (path, STORE_WRITE, NULL);
    gint64 start = g_get_monotonic_time ();

    (void) state;
    assert_true (store_begin (keeper, NULL));
    assert_false (store_begin (store, &error));
    assert_true (g_error_matches (error, STORE_ERROR, STORE_ERROR_BUSY));
    assert_true (g_get_monotonic_time () - start >= 9 * G_USEC_PER_SEC);
    assert_true (store_commit (keeper, NULL));
    g_clear_error (&error);
    assert_true (store_begin (store, &error));
    assert_true (store_commit (store, &error));
}

static int
make_place (void **state)
{
    (void) state;
    path = g_strdup_printf ("%s/nixie-turn-%d.db", g_get_tmp_dir (), (int) getpid ());
    return 0;
}

static int
clear_place (void **state)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
        g_autofree char *name = g_strconcat (path, endings[i], NULL);
        g_unlink (name);
    }
    g_free (path);
    return 0;
}

int
main (void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown (lets_others_in, make_place, clear_place),
                                       cmocka_unit_test_setup_teardown (gives_up_at_last, make_place, clear_place)};
    return cmocka_run_group_tests (tests, NULL, NULL);
}
