/* SPDX-License-Identifier: MIT */
#include "app/metrics_file.h"

#include <string.h>
#include <sys/stat.h>

#include "app/output.h"
#include "base/date.h"
#include "base/file_text.h"

#define FILE_MOST (1024 * 1024)

/* DATE_NONE when there is no such file or it tells of no success. */
static gint64
success_before (const char *path)
{
    g_autofree char *text = NULL;
    gsize length = 0;
    struct stat found;
    if (stat (path, &found) != 0 || !S_ISREG (found.st_mode) || found.st_size > FILE_MOST
        || !file_text_read (path, &text, &length, NULL))
        return DATE_NONE;
    const char *line = strstr (text, "\n" METRICS_SUCCESS " ");
    gint64 date = 0;
    g_autofree char *number = line ? g_strdup (line + strlen ("\n" METRICS_SUCCESS " ")) : NULL;
    if (number)
        number[strcspn (number, "\n")] = '\0';
    return number && g_ascii_string_to_signed (number, 10, 0, G_MAXINT64, &date, NULL) ? date : DATE_NONE;
}

gboolean
metrics_file_write (const char *path, Metrics *metrics, GError **error)
{
    metrics->last_success = metrics->success ? metrics->now : success_before (path);
    g_autoptr (Output) output = output_open (path, error);
    if (!output)
        return FALSE;
    metrics_write (output_writer (output), metrics);
    return output_close (output, error);
}
