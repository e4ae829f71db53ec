/* SPDX-License-Identifier: MIT */
/* `--metrics FILE`: written at the end of a run, also of one that failed; the file is there whole or not at all, and
 * readable for the exporter. When a run last succeeded is carried on from the file of the run before. */
#ifndef NIXIE_APP_METRICS_FILE_H
#define NIXIE_APP_METRICS_FILE_H

#include "report/metrics.h"

/* last_success is filled in. APP_ERROR_CANNOT_CREATE, APP_ERROR_PERMISSION, APP_ERROR_IO. */
gboolean metrics_file_write (const char *path, Metrics *metrics, GError **error);

#endif
