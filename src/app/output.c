/* SPDX-License-Identifier: MIT */
#include "app/output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
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

static gboolean
open_beside (Output *output, const char *path, mode_t mode, GError **error)
{
    char *resolved = realpath (path, NULL); /* a link stays: what it points at is replaced */
    output->target = g_strdup (resolved ? resolved : path);
    free (resolved);
    g_autofree char *folder = g_path_get_dirname (output->target);
    g_autofree char *base = g_path_get_basename (output->target);
    output->temporary = g_strdup_printf ("%s/.%.200s.XXXXXX", folder, base);
    output->file = g_mkstemp_full (output->temporary, O_RDWR | O_CLOEXEC, 0600);
    if (output->file < 0) {
        set_create_error (error, path, errno);
        g_clear_pointer (&output->temporary, g_free);
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

/* The new name must survive a power cut as well: the folder is synced, where the file system can do that. */
void
output_sync_folder (const char *path)
{
    g_autofree char *folder = g_path_get_dirname (path);
    int file = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        return;
    (void) fsync (file);
    (void) close (file);
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
    gboolean synced = fsync (file) == 0;
    if (!(close (file) == 0 && synced) || g_rename (output->temporary, output->target) != 0) {
        g_set_error (error, APP_ERROR, APP_ERROR_IO, "cannot write %s: %s", output->name, g_strerror (errno));
        return FALSE;
    }
    g_clear_pointer (&output->temporary, g_free);
    output_sync_folder (output->target);
    return TRUE;
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
