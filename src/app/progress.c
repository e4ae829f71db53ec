/* SPDX-License-Identifier: MIT */
#include "app/progress.h"

#include "base/i18n.h"

#define PROGRESS_INTERVAL (G_USEC_PER_SEC / 5)

void
progress_init (Progress *progress, Log *log)
{
    progress->log = log_shows_progress (log) ? log : NULL;
    progress->start = g_get_monotonic_time ();
    progress->next = progress->start + PROGRESS_INTERVAL;
}

void
progress_update (Progress *progress, guint64 messages, guint64 bytes)
{
    if (!progress->log)
        return;
    gint64 now = g_get_monotonic_time ();
    if (now < progress->next)
        return;
    progress->next = now + PROGRESS_INTERVAL;
    double seconds = (double) (now - progress->start) / G_USEC_PER_SEC;
    char digits[I18N_DIGITS];
    log_progress (progress->log, _("%s messages, %.1f MB, %.0f messages a second"), i18n_digits (messages, digits),
                  (double) bytes / 1e6, (double) messages / seconds);
}

void
progress_clear (Progress *progress)
{
    if (progress->log)
        log_progress_end (progress->log);
    progress->log = NULL;
}
