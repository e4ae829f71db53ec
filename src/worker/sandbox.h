/* SPDX-License-Identifier: MIT */
/* Locking a process away, for good: it may compute, use the memory it gets, and read and write the descriptors that it
 * has; it may open nothing, connect to nothing, start nothing. Linux: Landlock (no path at all),
 * seccomp (everything but a short list of calls is refused with EPERM), no_new_privs, resource limits.
 * Elsewhere the resource limits alone. */
#ifndef NIXIE_WORKER_SANDBOX_H
#define NIXIE_WORKER_SANDBOX_H

#include <glib.h>

/* Close every descriptor but `kept` and let 0, 1 and 2 lead nowhere. */
void sandbox_close_all_but (int kept);
/* End this parse process at once: nothing of the parent's is flushed or undone. */
void sandbox_exit (void) G_GNUC_NORETURN;
/* FALSE in a build with the address sanitizer or that counts lines: there sandbox_enter() does nothing. */
gboolean sandbox_exists (void);
/* There is no way back. What the kernel does not have is left out: sandbox_describe() says what it has. */
void sandbox_enter (void);
/* One line about this machine: "seccomp, Landlock 4, resource limits". Free with g_free. */
char *sandbox_describe (void);

#endif
