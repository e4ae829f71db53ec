/* SPDX-License-Identifier: MIT */
#include "app/interrupt.h"

#include <signal.h>

#include "app/app_error.h"

/* The one thing that a signal handler may touch (C11 7.14.1.1). */
static volatile sig_atomic_t pending_signal;

static void
on_signal (int number)
{
    pending_signal = number;
}

void
interrupt_install (void)
{
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND | SA_RESTART };
    sigemptyset (&action.sa_mask);
    sigaction (SIGINT, &action, NULL);
    sigaction (SIGTERM, &action, NULL);
    action.sa_handler = SIG_IGN;
    action.sa_flags = 0;
    sigaction (SIGPIPE, &action, NULL);
}

gboolean
interrupted (GError **error)
{
    if (!pending_signal)
        return FALSE;
    g_set_error (error, APP_ERROR, APP_ERROR_INTERRUPTED, "stopped by signal %d; run it again for the rest",
                 (int) pending_signal);
    return TRUE;
}
