/* SPDX-License-Identifier: MIT */
#include "app/log.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

struct Log {
    LogLevel level;
    gboolean terminal;
    gboolean drawn; /* a progress line stands on the terminal */
};

/* What libraries say through g_log() (GMime, GLib) goes the same way as our own words; warnings about mail are no
 * news, so they are only told with -v. */
static GLogWriterOutput
library_message (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user)
{
    Log *log = user;
    const char *message = "", *domain = "";
    for (gsize i = 0; i < n_fields; i++) {
        if (g_str_equal (fields[i].key, "MESSAGE") && fields[i].length < 0)
            message = fields[i].value;
        else if (g_str_equal (fields[i].key, "GLIB_DOMAIN") && fields[i].length < 0)
            domain = fields[i].value;
    }
    /* A fault of the program; but what GMime takes amiss is the mail's. */
    if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) && !g_str_equal (domain, "gmime"))
        log_error (log, "internal: %s", message);
    else
        log_detail (log, "%s", message);
    return G_LOG_WRITER_HANDLED;
}

Log *
log_new (LogLevel level)
{
    Log *log = g_new0 (Log, 1);
    log->level = level;
    log->terminal = isatty (STDERR_FILENO) == 1;
    g_log_set_writer_func (library_message, log, NULL);
    return log;
}

void
log_free (Log *log)
{
    if (!log)
        return;
    log_progress_end (log);
    g_free (log); /* the writer function stays set: nothing is logged by then, main() ends right after */
}

void
log_set_level (Log *log, LogLevel level)
{
    log->level = level;
}

gboolean
log_is_verbose (const Log *log)
{
    return log->level >= LOG_VERBOSE;
}

static void
write_all (const char *text, gsize length)
{
    while (length > 0) {
        gssize n = write (STDERR_FILENO, text, length);
        if (n <= 0)
            return; /* nobody is left to be told */
        text += n;
        length -= (gsize) n;
    }
}

static void
write_line (Log *log, const char *format, va_list arguments)
{
    g_autofree char *text = g_strdup_vprintf (format, arguments);
    g_autoptr (Arena) arena = arena_new ();
    const char *printable = text_printable (arena, text, FALSE);
    log_progress_end (log);
    g_autofree char *line = g_strconcat ("nixie: ", printable, "\n", NULL);
    write_all (line, strlen (line));
}

#define LOG_FUNCTION(name, least) \
    void name (Log *log, const char *format, ...) \
    { \
        va_list arguments; \
        if (log->level < (least)) \
            return; \
        va_start (arguments, format); \
        write_line (log, format, arguments); \
        va_end (arguments); \
    }

LOG_FUNCTION (log_error, LOG_QUIET)
LOG_FUNCTION (log_warning, LOG_QUIET)
LOG_FUNCTION (log_note, LOG_NORMAL)
LOG_FUNCTION (log_detail, LOG_VERBOSE)

gboolean
log_shows_progress (const Log *log)
{
    return log->terminal && log->level >= LOG_NORMAL;
}

void
log_progress (Log *log, const char *format, ...)
{
    va_list arguments;
    if (!log_shows_progress (log))
        return;
    va_start (arguments, format);
    g_autofree char *text = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    g_autoptr (Arena) arena = arena_new ();
    g_autofree char *line = g_strconcat ("\r", text_printable (arena, text, FALSE), "\033[K", NULL);
    write_all (line, strlen (line));
    log->drawn = TRUE;
}

void
log_progress_end (Log *log)
{
    if (log->drawn)
        write_all ("\r\033[K", 4);
    log->drawn = FALSE;
}
