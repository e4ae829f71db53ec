/* SPDX-License-Identifier: MIT */
/* All that the reading floors know: the tables of src/classify and the format stanzas of src/extract, from the same
 * layers of files. Loaded once, before any parse process is made. */
#ifndef NIXIE_WORKER_KNOWLEDGE_H
#define NIXIE_WORKER_KNOWLEDGE_H

#include "classify/tables.h"
#include "extract/formats.h"

typedef struct {
    Tables *tables;
    Formats *formats; /* may be empty: then the general reader is alone */
} Knowledge;

/* `extra`: NULL-terminated files or folders, or NULL; `system_folders` FALSE leaves /usr/share and /etc out (tests).
 * Errors of TABLES_ERROR, FORMATS_ERROR and DATA_FILES_ERROR. */
Knowledge *knowledge_load (const char *const *extra, gboolean system_folders, GError **error);
void knowledge_free (Knowledge *knowledge);
/* Forget every stanza, but not the words: what does the general reader find by itself? */
void knowledge_drop_formats (Knowledge *knowledge);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Knowledge, knowledge_free)

#endif
