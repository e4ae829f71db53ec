/* SPDX-License-Identifier: MIT */
/* One run at a time: flock(2) on a file, STATE.lock. The file stays; only its lock counts, and that goes with
 * the process, however it ends. */
#ifndef NIXIE_APP_RUN_LOCK_H
#define NIXIE_APP_RUN_LOCK_H

#include <glib.h>

typedef struct RunLock RunLock;

/* Waits up to `wait_seconds` for another run to end. APP_ERROR_LOCKED,
 * APP_ERROR_CANNOT_CREATE, APP_ERROR_PERMISSION. */
RunLock *run_lock_take (const char *path, int wait_seconds, GError **error);
void run_lock_free (RunLock *lock);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunLock, run_lock_free)

#endif
