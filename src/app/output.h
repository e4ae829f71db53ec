/* SPDX-License-Identifier: MIT */
/* Where results go: stdout, or a file that is there whole or not at all (temporary file in the same folder, fsync,
 * rename). An existing file keeps its mode, a link stays a link; what is no regular file (/dev/stdout, a pipe) is
 * written to as it is. Temporary files that a killed run left are taken away when the same file is written again.
 *
 *     g_autoptr (Output) output = output_open ("list.csv", &error);
 *     writer_puts (output_writer (output), "…");
 *     return output_close (output, &error);    (not called: the old file stays as it was) */
#ifndef NIXIE_APP_OUTPUT_H
#define NIXIE_APP_OUTPUT_H

#include "base/writer.h"

typedef struct Output Output;

/* NULL and "-": stdout. APP_ERROR_CANNOT_CREATE, APP_ERROR_PERMISSION. */
Output *output_open (const char *path, GError **error);
void output_free (Output *output);
Writer *output_writer (Output *output);
/* All is written, durable and in its place. APP_ERROR_IO, APP_ERROR_PIPE. */
gboolean output_close (Output *output, GError **error);
/* The folder of a file that was renamed, to the disk, where the file system can do that. 0,
 * or the errno of what failed. */
int output_sync_folder (const char *path);
/* What was written so far is what the file holds already. *missing: there is no such file. */
gboolean output_is_in_place (Output *output, gboolean *missing);
/* The name for a second link to the file at `path`, to be renamed at once: one that was left is removed by the next
 * output_open() of that path. Yours. */
char *output_link_name (const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Output, output_free)

#endif
