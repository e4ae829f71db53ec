/* SPDX-License-Identifier: MIT */
/* What src/app does without mail: points in time, output files, the configuration, exit statuses. */
#include "unit.h"

#include "app/app_error.h"
#include "app/clock.h"
#include "app/config.h"
#include "app/output.h"
#include "base/date.h"
#include "cmd/cmd_option.h"
#include "source/source.h"
#include "store/store.h"
#include <glib/gstdio.h>
#include <sys/stat.h>

static const struct {
    const char *text, *want; /* want NULL: refused */
} MOMENTS[] = {
    {"2026-11-02", "2026-11-02T00:00:00Z"},
    {"2026-11-02T08:30:00+01:00", "2026-11-02T07:30:00Z"},
    {"7d", "2026-11-14T03:00:00Z"},
    {"36h", "2026-11-19T15:00:00Z"},
    {"2w", "2026-11-07T03:00:00Z"},
    {"1y", "2025-11-21T03:00:00Z"},
    {"0d", "2026-11-21T03:00:00Z"},
    {"", NULL}, {"d", NULL}, {"7", NULL}, {"7dd", NULL}, {"-7d", NULL}, {"7D", NULL}, {"7 d", NULL},
    {"99999999999999999999d", NULL}, {"1000001d", NULL}, {"yesterday", NULL}, {"2026-13-01", NULL},
};

static void
test_moments (void **state)
{
    Clock clock = {.now = date_from_civil (2026, 11, 21, 3, 0, 0), .fixed = TRUE};
    char text[DATE_TEXT_SIZE];
    gint64 moment;

    (void) state;
    assert_true (clock_parse_moment (NULL, &clock, "since", &moment, NULL));
    assert_true (moment == DATE_NONE);
    for (guint i = 0; i < G_N_ELEMENTS (MOMENTS); i++) {
        g_autoptr (GError) error = NULL;
        gboolean good = clock_parse_moment (MOMENTS[i].text, &clock, "since", &moment, &error);
        if (good != (MOMENTS[i].want != NULL))
            fail_msg ("'%s' is %s", MOMENTS[i].text, good ? "taken" : "refused");
        if (good)
            assert_string_equal (date_format (moment, text), MOMENTS[i].want);
        else
            assert_int_equal (exit_status_of (error), EXIT_USAGE);
    }
}

static void
test_now (void **state)
{
    Clock clock;
    g_autoptr (GError) error = NULL;

    (void) state;
    g_setenv ("SOURCE_DATE_EPOCH", "86400", TRUE);
    assert_true (clock_init (&clock, NULL, NULL));
    assert_true (clock.fixed && clock.now == 86400);
    assert_true (clock_init (&clock, "1970-01-03", NULL)); /* the option wins */
    assert_true (clock.fixed && clock.now == 2 * 86400);
    g_setenv ("SOURCE_DATE_EPOCH", "tomorrow", TRUE);
    assert_false (clock_init (&clock, NULL, &error));
    g_unsetenv ("SOURCE_DATE_EPOCH");
    assert_true (clock_init (&clock, NULL, NULL));
    assert_true (!clock.fixed && clock.now > date_from_civil (2024, 1, 1, 0, 0, 0));
}

static const struct {
    GQuark (*domain) (void);
    int code;
    ExitStatus want;
} STATUSES[] = {
    {app_error_quark, APP_ERROR_USAGE, EXIT_USAGE},
    {app_error_quark, APP_ERROR_NO_INPUT, EXIT_NO_INPUT},
    {app_error_quark, APP_ERROR_PIPE, EXIT_IO},
    {app_error_quark, APP_ERROR_CONFIG, EXIT_CONFIG},
    {app_error_quark, APP_ERROR_CANNOT_CREATE, EXIT_CANNOT_CREATE},
    {app_error_quark, APP_ERROR_LOCKED, EXIT_LOCKED},
    {app_error_quark, APP_ERROR_PERMISSION, EXIT_PERMISSION},
    {store_error_quark, STORE_ERROR_NEWER, EXIT_CONFIG},
    {store_error_quark, STORE_ERROR_DAMAGED, EXIT_DATA},
    {store_error_quark, STORE_ERROR_IO, EXIT_IO},
    {source_error_quark, SOURCE_ERROR_OPEN, EXIT_NO_INPUT},
    {tables_error_quark, TABLES_ERROR_FORMAT, EXIT_DATA},
    {g_file_error_quark, G_FILE_ERROR_NOENT, EXIT_NO_INPUT},
    {g_file_error_quark, G_FILE_ERROR_ACCES, EXIT_PERMISSION},
    {g_file_error_quark, G_FILE_ERROR_NOSPC, EXIT_IO},
    {g_spawn_error_quark, 1, EXIT_INTERNAL},
};

static void
test_exit_statuses (void **state)
{
    (void) state;
    assert_int_equal (exit_status_of (NULL), EXIT_DONE);
    for (guint i = 0; i < G_N_ELEMENTS (STATUSES); i++) {
        g_autoptr (GError) error = g_error_new_literal (STATUSES[i].domain (), STATUSES[i].code, "x");
        if (exit_status_of (error) != STATUSES[i].want)
            fail_msg ("case %u: %d, not %d", i, (int) exit_status_of (error), (int) STATUSES[i].want);
    }
}

static void
assert_file (const char *path, const char *want)
{
    g_autofree char *text = NULL;
    assert_true (g_file_get_contents (path, &text, NULL, NULL));
    assert_string_equal (text, want);
}

static void
test_output (void **state)
{
    g_autofree char *folder = g_dir_make_tmp ("nixie-app-XXXXXX", NULL);
    g_autofree char *path = g_build_filename (folder, "list", NULL);
    GDir *left;

    (void) state;
    assert_true (g_file_set_contents (path, "old", -1, NULL));
    {
        g_autoptr (Output) given_up = output_open (path, NULL);
        writer_puts (output_writer (given_up), "half");
        assert_true (writer_flush (output_writer (given_up), NULL));
    }
    assert_file (path, "old"); /* not closed: as if nothing had been */
    {
        g_autoptr (Output) output = output_open (path, NULL);
        writer_puts (output_writer (output), "new");
        assert_file (path, "old");
        assert_true (output_close (output, NULL));
    }
    assert_file (path, "new");
    g_unlink (path);
    left = g_dir_open (folder, 0, NULL);
    assert_null (g_dir_read_name (left));
    g_dir_close (left);
    g_rmdir (folder);
    {
        g_autoptr (GError) error = NULL;
        assert_null (output_open (path, &error)); /* its folder is gone */
        assert_int_equal (exit_status_of (error), EXIT_CANNOT_CREATE);
    }
}

/* What a killed run left goes; what is being written, and what only looks like it, stays. */
static void
test_output_leftovers (void **state)
{
    g_autofree char *folder = g_dir_make_tmp ("nixie-app-XXXXXX", NULL);
    g_autofree char *path = g_build_filename (folder, "list", NULL);
    g_autofree char *left = g_build_filename (folder, ".list.nixie-a1B2c3", NULL);
    g_autofree char *other = g_build_filename (folder, ".list.backup", NULL);
    g_autofree char *link_name = output_link_name (path);
    gboolean missing;

    (void) state;
    assert_true (g_file_set_contents (left, "half", -1, NULL));
    assert_true (g_file_set_contents (link_name, "copy", -1, NULL));
    assert_true (g_file_set_contents (other, "mine", -1, NULL));
    {
        g_autoptr (Output) first = output_open (path, NULL);
        assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
        assert_false (g_file_test (link_name, G_FILE_TEST_EXISTS));
        assert_file (other, "mine");
        g_autoptr (Output) second = output_open (path, NULL); /* does not take the first one's file */
        writer_puts (output_writer (first), "first");
        assert_false (output_is_in_place (first, &missing));
        assert_true (missing);
        assert_true (output_close (first, NULL));
        writer_puts (output_writer (second), "first");
        assert_true (output_is_in_place (second, &missing));
        assert_false (missing);
        writer_puts (output_writer (second), " and more");
        assert_false (output_is_in_place (second, &missing));
        assert_false (missing);
        assert_true (output_close (second, NULL));
    }
    assert_file (path, "first and more");
    g_unlink (path);
    g_unlink (other);
    assert_int_equal (g_rmdir (folder), 0); /* nothing else is there */
}

static void
test_config (void **state)
{
    g_autofree char *folder = g_dir_make_tmp ("nixie-app-XXXXXX", NULL);
    g_autofree char *path = g_build_filename (folder, "nixie.conf", NULL);
    g_autofree char *rules = g_strdup_printf ("%s/a.tsv;/b.tsv", folder);
    g_autoptr (Log) log = log_new (LOG_QUIET);
    g_autoptr (Config) config = config_new ();
    ConfigEntry entry;
    gboolean found = FALSE;

    (void) state;
    assert_null (config_text (config, "nixie", "state"));
    assert_int_equal (config_number (config, "report", "top", 7), 7);
    assert_true (g_file_set_contents (path, "# top\n[nixie]\nrules = a.tsv; /b.tsv;\n\n[report]\ntop=3\n", -1, NULL));
    assert_true (config_load_file (config, path, log, NULL));
    assert_int_equal (config_number (config, "report", "top", 7), 3);
    assert_string_equal (config_text (config, "nixie", "rules"), rules);
    for (guint i = 0; config_entry (config, i, &entry); i++)
        if (g_str_equal (entry.key, "top")) {
            assert_true (g_str_has_suffix (entry.origin, "nixie.conf:6"));
            found = TRUE;
        }
    assert_true (found);
    g_unlink (path);
    g_rmdir (folder);
}

static void
test_nearest (void **state)
{
    static const char *const words[] = {"report", "suppress", "scan", "code", NULL};

    (void) state;
    assert_string_equal (cmd_nearest ("repotr", words), "report");
    assert_string_equal (cmd_nearest ("supress", words), "suppress");
    assert_string_equal (cmd_nearest ("scna", words), "scan");
    assert_null (cmd_nearest ("banana", words));
    assert_null (cmd_nearest ("x", words));
    assert_null (cmd_nearest ("", words));
    assert_null (cmd_nearest ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", words));
}

UNIT_MAIN (cmocka_unit_test (test_moments), cmocka_unit_test (test_now), cmocka_unit_test (test_exit_statuses),
           cmocka_unit_test (test_output), cmocka_unit_test (test_output_leftovers), cmocka_unit_test (test_config), cmocka_unit_test (test_nearest))
