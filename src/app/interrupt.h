/* SPDX-License-Identifier: MIT */
/* SIGINT and SIGTERM end a run after the message at hand; the second one kills. SIGPIPE is a failed write. */
#ifndef NIXIE_APP_INTERRUPT_H
#define NIXIE_APP_INTERRUPT_H

#include <glib.h>

void interrupt_install (void);
/* TRUE with APP_ERROR_INTERRUPTED when a signal came. */
gboolean interrupted (GError **error);

#endif
