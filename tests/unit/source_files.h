/* SPDX-License-Identifier: MIT */
/* For tests that read real files: a folder of their own for each test, files in it, and what a Source makes of them. */
#ifndef NIXIE_TESTS_SOURCE_FILES_H
#define NIXIE_TESTS_SOURCE_FILES_H

#include "unit.h"

#include "base/limits.h"
#include "source/source.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define FROM(n) "From a" #n "@example.com Mon May  2 16:07:0" #n " 2005\n" /* 45 bytes */
#define MAIL(n) "Subject: m" #n "\n\nbody " #n "\n"                        /* 20 bytes */

G_GNUC_UNUSED static char *
read_all (Source *source, GString *warnings)
{
    GString *out = g_string_new (NULL);
    SourceMessage message;

    while (source_next (source, &message)) {
        const char *end = memchr (message.data, '\n', message.length);

        assert_true (message.length <= LIMIT_MESSAGE);
        g_string_append_printf (out, "%c %s %" G_GUINT64_FORMAT " %.*s%s\n", "xdf"[message.kind], message.path,
                                message.offset, end == NULL ? 0 : (int) MIN (end - message.data, 40), message.data,
                                message.truncated ? " …" : "");
    }
    g_string_append_printf (out, "%u %u\n%s", source_failures (source), source_missing (source), warnings->str);
    g_string_free (warnings, TRUE);
    return g_string_free (out, FALSE);
}

G_GNUC_UNUSED static void
on_warning (const char *path, guint64 offset, const char *reason, gpointer user)
{
    g_string_append_printf (user, "! %s:%" G_GUINT64_FORMAT ": %s\n", path, offset, reason);
}

G_GNUC_UNUSED static char *
read_path (const char *path)
{
    GString *warnings = g_string_new (NULL);
    g_autoptr (Source) source = source_new (on_warning, warnings);

    source_add (source, path);
    return read_all (source, warnings);
}

/* "KIND PATH OFFSET FIRST-LINE" for each message, "FAILURES MISSING", "! PATH:OFFSET: REASON" for each warning. */
G_GNUC_UNUSED static void
assert_reads (const char *path, const char *wanted)
{
    g_autofree char *got = read_path (path);

    if (strcmp (got, wanted) != 0)
        fail_msg ("%s:\n%swanted:\n%s", path, got, wanted);
}

G_GNUC_UNUSED static void
put_length (const char *path, const char *data, gsize length)
{
    g_autofree char *folder = g_path_get_dirname (path);

    assert_int_equal (g_mkdir_with_parents (folder, 0700), 0);
    assert_true (g_file_set_contents (path, data, (gssize) length, NULL));
}

G_GNUC_UNUSED static void
put (const char *path, const char *data)
{
    put_length (path, data, strlen (data));
}

/* Text that no compressor makes small, so that a cut is a cut of mail. */
G_GNUC_UNUSED static GString *
random_mbox (guint n)
{
    GString *mbox = g_string_new (NULL);
    guint32 seed = 1;

    for (guint i = 0; i < n; i++) {
        g_string_append_printf (mbox, FROM (1) "Subject: m%u\n\n", i);
        for (guint j = 0; j < 2000; j++) {
            seed = seed * 1664525 + 1013904223;
            g_string_append_c (mbox, j % 70 == 69 ? '\n' : (char) ('a' + (seed >> 16) % 26));
        }
        g_string_append (mbox, "\n\n");
    }
    return mbox;
}

/* --- a folder for each test ----------------------------------------------------------------------------------------*/

static char *home;

G_GNUC_UNUSED static int
enter (void **state)
{
    g_autofree char *template = g_build_filename (g_get_tmp_dir (), "nixie-source-XXXXXX", NULL);

    home = g_get_current_dir ();
    *state = g_mkdtemp (template) == NULL ? NULL : g_strdup (template);
    return *state == NULL || chdir (*state) != 0;
}

G_GNUC_UNUSED static int
leave (void **state)
{
    const char *const argv[] = {"rm", "-rf", *state, NULL};
    gboolean good = chdir (home) == 0 &&
                    g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);

    g_clear_pointer (&home, g_free);
    g_free (*state);
    return !good;
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown (test, enter, leave)

#endif
