/* SPDX-License-Identifier: MIT */
/* The only writer of stderr. Every line starts with "nixie: ", is one line, and is printable whatever it quotes: names
 * of files and words of mail are bytes of strangers. Progress is one line that is drawn over, only on a terminal. */
#ifndef NIXIE_APP_LOG_H
#define NIXIE_APP_LOG_H

#include <glib.h>

typedef enum { LOG_QUIET, LOG_NORMAL, LOG_VERBOSE } LogLevel;

typedef struct Log Log;

Log *log_new (LogLevel level);
void log_free (Log *log);
void log_set_level (Log *log, LogLevel level);
gboolean log_is_verbose (const Log *log);

void log_error (Log *log, const char *format, ...) G_GNUC_PRINTF (2, 3);   /* always */
void log_warning (Log *log, const char *format, ...) G_GNUC_PRINTF (2, 3); /* always: -q silences success only */
void log_note (Log *log, const char *format, ...) G_GNUC_PRINTF (2, 3);    /* not with -q */
void log_detail (Log *log, const char *format, ...) G_GNUC_PRINTF (2, 3);  /* only with -v */

/* Draw over the last progress line. Nothing unless stderr is a terminal and -q was not given. */
void log_progress (Log *log, const char *format, ...) G_GNUC_PRINTF (2, 3);
gboolean log_shows_progress (const Log *log);
void log_progress_end (Log *log);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Log, log_free)

#endif
