/* SPDX-License-Identifier: MIT */
#include "app/output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app_error.h"

struct Output {
    int file;
    char *name;      /* for messages; NULL = stdout */
    char *target;    /* what the temporary file will replace; NULL = written directly */
    char *temporary; /* to be removed unless it was renamed */
    Writer *writer;
};

static gboolean
write_bytes (const char *data, gsize length, gpointer user, GError **error)
{
    Output *output = user;
    while (length > 0) {
        gssize n = write (output->file, data, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            int number = errno;
            if (number == EPIPE)
                g_set_error_literal (error, APP_ERROR, APP_ERROR_PIPE, "");
            else
                g_set_error (error, APP_ERROR, APP_ERROR_IO, "cannot write %s: %s",
                             output->name ? output->name : "standard output", g_strerror (number));
            return FALSE;
        }
        data += n;
        length -= (gsize) n;
    }
    return TRUE;
}

static void
set_create_error (GError **error, const char *path, int number)
{
    AppError code = number == EACCES || number == EPERM ? APP_ERROR_PERMISSION : APP_ERROR_CANNOT_CREATE;
    g_set_error (error, APP_ERROR, code, "cannot create '%s': %s", path, g_strerror (number));
}

/* The mode that a new file gets. There is no other way to ask for the mask than to set it. */
static mode_t
new_file_mode (void)
{
    mode_t mask = umask (077);
    umask (mask);
    return 0666 & ~mask;
}

/* Files that were being written are ".NAME.nixie-…" beside NAME, and locked: one without a lock was left by a run that
 * was killed. Where there are no locks none is taken away. */
#define TEMPORARY_MARK ".nixie-"

static void
remove_leftover (const char *name)
{
    struct stat found;
    int file = open (name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return;
    if (fstat (file, &found) == 0 && S_ISREG (found.st_mode) && found.st_uid == geteuid ()
        && flock (file, LOCK_EX | LOCK_NB) == 0)
        (void) g_unlink (name);
    (void) close (file);
}

static void
remove_leftovers (const char *folder, const char *prefix)
{
    g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
    const char *base;
    while (dir && (base = g_dir_read_name (dir)))
        if (g_str_has_prefix (base, prefix)) {
            g_autofree char *name = g_build_filename (folder, base, NULL);
            remove_leftover (name);
        }
}

static char *
temporary_prefix (const char *path)
{
    g_autofree char *base = g_path_get_basename (path);
    return g_strdup_printf (".%.200s" TEMPORARY_MARK, base);
}

char *
output_link_name (const char *path)
{
    g_autofree char *folder = g_path_get_dirname (path);
    g_autofree char *prefix = temporary_prefix (path);
    return g_strdup_printf ("%s/%scopy", folder, prefix);
}

/* A new locked file; -1 with errno. Between its making and its lock somebody else may have taken it for a leftover. */
static int
make_temporary (const char *folder, const char *prefix, char **name)
{
    struct stat found;
    for (;;) {
        g_autofree char *pattern = g_strdup_printf ("%s/%sXXXXXX", folder, prefix);
        int file = g_mkstemp_full (pattern, O_RDWR | O_CLOEXEC, 0600);
        if (file < 0 && errno == EINTR)
            continue;
        if (file < 0)
            return -1;
        (void) flock (file, LOCK_EX | LOCK_NB);
        if (fstat (file, &found) != 0 || found.st_nlink > 0) {
            *name = g_steal_pointer (&pattern);
            return file;
        }
        (void) close (file);
    }
}

static gboolean
open_beside (Output *output, const char *path, mode_t mode, GError **error)
{
    char *resolved = realpath (path, NULL); /* a link stays: what it points at is replaced */
    output->target = g_strdup (resolved ? resolved : path);
    free (resolved);
    g_autofree char *folder = g_path_get_dirname (output->target);
    g_autofree char *prefix = temporary_prefix (output->target);
    remove_leftovers (folder, prefix);
    output->file = make_temporary (folder, prefix, &output->temporary);
    if (output->file < 0) {
        set_create_error (error, path, errno);
        return FALSE;
    }
    if (fchmod (output->file, mode) != 0) {
        set_create_error (error, path, errno);
        return FALSE;
    }
    return TRUE;
}

Output *
output_open (const char *path, GError **error)
{
    g_autoptr (Output) output = g_new0 (Output, 1);
    struct stat found;
    output->file = -1;
    if (!path || g_str_equal (path, "-")) {
        output->file = STDOUT_FILENO;
    } else {
        output->name = g_strdup_printf ("'%s'", path);
        gboolean exists = stat (path, &found) == 0;
        if (exists && S_ISDIR (found.st_mode)) {
            set_create_error (error, path, EISDIR);
            return NULL;
        }
        if (exists && !S_ISREG (found.st_mode)) {
            output->file = open (path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
            if (output->file < 0) {
                set_create_error (error, path, errno);
                return NULL;
            }
        } else if (!open_beside (output, path, exists ? found.st_mode & 07777 : new_file_mode (), error)) {
            return NULL;
        }
    }
    output->writer = writer_new (write_bytes, output);
    return g_steal_pointer (&output);
}

Writer *
output_writer (Output *output)
{
    return output->writer;
}

/* 0, or the errno of what failed. A descriptor is gone whatever close(2) answers. */
static int
sync_and_close (int file)
{
    int number = 0;
    while (fsync (file) != 0) {
        number = errno;
        if (number != EINTR)
            break;
        number = 0;
    }
    if (close (file) != 0 && errno != EINTR && number == 0)
        number = errno;
    return number;
}

/* The new name must survive a power cut as well: the folder is synced, where the file system can do that. */
int
output_sync_folder (const char *path)
{
    g_autofree char *folder = g_path_get_dirname (path);
    int file = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        return 0; /* writing there needs no permission to read */
    int number = sync_and_close (file);
    return number == EIO || number == ENOSPC || number == EDQUOT ? number : 0;
}

static gboolean
fail_writing (const Output *output, int number, GError **error)
{
    g_set_error (error, APP_ERROR, APP_ERROR_IO, "cannot write %s: %s", output->name, g_strerror (number));
    return FALSE;
}

gboolean
output_close (Output *output, GError **error)
{
    if (!writer_close (g_steal_pointer (&output->writer), error))
        return FALSE;
    if (!output->temporary)
        return TRUE;
    int file = output->file;
    output->file = -1;
    int number = sync_and_close (file);
    if (number == 0 && g_rename (output->temporary, output->target) != 0)
        number = errno;
    if (number != 0)
        return fail_writing (output, number, error);
    g_clear_pointer (&output->temporary, g_free);
    number = output_sync_folder (output->target);
    return number == 0 || fail_writing (output, number, error);
}

gboolean
output_is_in_place (Output *output, gboolean *missing)
{
    g_autoptr (GMappedFile) there = NULL, here = NULL;
    *missing = FALSE;
    if (!output->temporary || !writer_flush (output->writer, NULL))
        return FALSE;
    there = g_mapped_file_new (output->target, FALSE, NULL);
    here = g_mapped_file_new (output->temporary, FALSE, NULL);
    *missing = !g_file_test (output->target, G_FILE_TEST_EXISTS);
    gsize length = here ? g_mapped_file_get_length (here) : 0;
    return there && here && length == g_mapped_file_get_length (there)
           && (length == 0
               || memcmp (g_mapped_file_get_contents (here), g_mapped_file_get_contents (there), length) == 0);
}

void
output_free (Output *output)
{
    if (!output)
        return;
    writer_free (output->writer);
    if (output->file >= 0 && output->file != STDOUT_FILENO)
        (void) close (output->file);
    if (output->temporary)
        (void) g_unlink (output->temporary);
    g_free (output->temporary);
    g_free (output->target);
    g_free (output->name);
    g_free (output);
}
