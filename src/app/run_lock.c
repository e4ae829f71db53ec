/* SPDX-License-Identifier: MIT */
#include "app/run_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "app/app_error.h"
#include "app/interrupt.h"

#define LOOK_AGAIN_MICROSECONDS (G_USEC_PER_SEC / 20)

struct RunLock {
    int file;
};

static int
open_file (const char *path, GError **error)
{
    int file;
    do
        file = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    while (file < 0 && errno == EINTR);
    if (file < 0) {
        int number = errno;
        AppError code = number == EACCES || number == EPERM ? APP_ERROR_PERMISSION : APP_ERROR_CANNOT_CREATE;
        g_set_error (error, APP_ERROR, code, "cannot create '%s': %s", path, g_strerror (number));
    }
    return file;
}

RunLock *
run_lock_take (const char *path, int wait_seconds, GError **error)
{
    gint64 end = g_get_monotonic_time () + wait_seconds * G_USEC_PER_SEC;
    g_autoptr (RunLock) lock = g_new0 (RunLock, 1);
    lock->file = open_file (path, error);
    if (lock->file < 0)
        return NULL;
    while (flock (lock->file, LOCK_EX | LOCK_NB) != 0) {
        int number = errno;
        if (number != EWOULDBLOCK && number != EINTR) {
            g_set_error (error, APP_ERROR, APP_ERROR_IO, "cannot lock '%s': %s", path, g_strerror (number));
            return NULL;
        }
        if (interrupted (error))
            return NULL;
        if (number == EINTR)
            continue;
        if (g_get_monotonic_time () >= end) {
            g_set_error (error, APP_ERROR, APP_ERROR_LOCKED, "another run holds the lock '%s'", path);
            return NULL;
        }
        g_usleep (LOOK_AGAIN_MICROSECONDS);
    }
    return g_steal_pointer (&lock);
}

void
run_lock_free (RunLock *lock)
{
    if (!lock)
        return;
    if (lock->file >= 0)
        (void) close (lock->file);
    g_free (lock);
}
