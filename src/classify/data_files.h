/* SPDX-License-Identifier: MIT */
/* The files of knowledge in their layers: built in (GResource) < /usr/share/nixie < /etc/nixie/rules.d < those given.
 * Tables (*.tsv) and format stanzas (*.format) are found in the same places by the same walk. */
#ifndef NIXIE_CLASSIFY_DATA_FILES_H
#define NIXIE_CLASSIFY_DATA_FILES_H

#include <glib.h>

#define DATA_FILES_ERROR (data_files_error_quark ())
GQuark data_files_error_quark (void);
typedef enum { DATA_FILES_ERROR_READ } DataFilesError;

#define DATA_FILES_TABLES ".tsv"
#define DATA_FILES_FORMATS ".format"

/* `name` is for messages; `layer` grows with every layer. FALSE with *error ends the walk. */
typedef gboolean (*DataFileFunc) (const char *name, const char *text, gsize length, guint layer, gpointer user,
                                  GError **error);

/* Every file of a kind, layer by layer, in byte order of the names within a folder. `extra`: NULL-terminated files or
 * folders, or NULL; a file whose name ends in neither suffix counts as a table. `system_folders` FALSE leaves
 * /usr/share and /etc out. A system folder that is not there holds nothing; a file given that cannot be read is an
 * error. */
gboolean data_files_each (const char *const *extra, gboolean system_folders, const char *suffix, DataFileFunc take,
                          gpointer user, GError **error);

#endif
