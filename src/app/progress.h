/* SPDX-License-Identifier: MIT */
/* How far a scan is: one line on a terminal, a few times a second, gone when the work is done. */
#ifndef NIXIE_APP_PROGRESS_H
#define NIXIE_APP_PROGRESS_H

#include "app/log.h"

typedef struct {
    Log *log;
    gint64 next;   /* monotonic time of the next drawing */
    gint64 start;
} Progress;

void progress_init (Progress *progress, Log *log);
void progress_update (Progress *progress, guint64 messages, guint64 bytes);
void progress_clear (Progress *progress);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Progress, progress_clear)

#endif
