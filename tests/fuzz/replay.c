/* SPDX-License-Identifier: MIT */
/* main() of a fuzz target in `make check`: every seed as it is, cut short at many places, and with bytes changed; always
 * the same ones. With arguments: those files, as they are (to look at a finding). */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>

#define MAX_CUTS 400
#define CHANGES 400

static void
run (const char *data, gsize length)
{
    /* exactly as long as told, so that a sanitizer sees a read behind the end */
    g_autofree guint8 *copy = g_memdup2 (data, length);

    LLVMFuzzerTestOneInput (copy, length);
}

static void
run_changed (const char *data, gsize length)
{
    static const char bytes[] = "\0\n\r\t F>:=-;\"<@\\\x7f\x80\xff\xc3";
    guint32 random = 1;

    for (gsize cut = 0; cut < length; cut += 1 + length / MAX_CUTS)
        run (data, cut);
    for (guint i = 0; i < CHANGES && length > 0; i++) {
        g_autofree char *changed = g_memdup2 (data, length);

        for (guint j = 0; j <= i % 4; j++) {
            random = random * 1664525 + 1013904223;
            changed[(random >> 8) % length] = bytes[(random >> 4) % (sizeof bytes - 1)];
        }
        run (changed, length);
    }
}

static gboolean
run_file (const char *path, gboolean change)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *data = NULL;
    gsize length;

    if (!g_file_get_contents (path, &data, &length, &error)) {
        fprintf (stderr, "%s\n", error->message);
        return FALSE;
    }
    run (data, length);
    if (change)
        run_changed (data, length);
    return TRUE;
}

static int
run_seeds (const char *program)
{
    const char *top = g_getenv ("top_srcdir");
    g_autofree char *name = g_path_get_basename (program);
    g_autofree char *folder = g_build_filename (top == NULL ? "." : top, "tests", "fuzz", "seeds", name, NULL);
    GDir *seeds = g_dir_open (folder, 0, NULL);
    gboolean good = TRUE;
    const char *seed;
    guint n = 0;

    if (seeds == NULL) {
        fprintf (stderr, "%s: no seeds\n", folder);
        return 1;
    }
    run ("", 0);
    for (; (seed = g_dir_read_name (seeds)) != NULL; n++) {
        g_autofree char *path = g_build_filename (folder, seed, NULL);

        good &= run_file (path, TRUE);
    }
    g_dir_close (seeds);
    printf ("%s: %u seeds\n", name, n);
    return good && n > 0 ? 0 : 1;
}

int
main (int argc, char **argv)
{
    gboolean good = TRUE;

    if (argc < 2)
        return run_seeds (argv[0]);
    for (int i = 1; i < argc; i++)
        good &= run_file (argv[i], FALSE);
    return good ? 0 : 1;
}
