/* SPDX-License-Identifier: MIT */
/* A small file as a whole: configurations, lists, tables. What g_file_get_contents() does, but that a signal which
 * comes while the file is opened (a file system on a network lets it) is no failure. */
#ifndef NIXIE_BASE_FILE_TEXT_H
#define NIXIE_BASE_FILE_TEXT_H

#include <glib.h>

/* *text: yours, with a NUL behind it; `length` may be NULL. Errors are those of G_FILE_ERROR. */
gboolean file_text_read (const char *path, char **text, gsize *length, GError **error);

#endif
