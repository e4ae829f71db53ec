/* SPDX-License-Identifier: MIT */
#include "worker/knowledge.h"

#include "classify/data_files.h"

static gboolean
read_formats (const char *name, const char *text, gsize length, guint layer, gpointer user, GError **error)
{
    return formats_add (user, name, text, length, layer, error);
}

Knowledge *
knowledge_load (const char *const *extra, gboolean system_folders, GError **error)
{
    g_autoptr (Knowledge) knowledge = g_new0 (Knowledge, 1);

    knowledge->formats = formats_new ();
    knowledge->tables = tables_load (extra, system_folders, error);
    if (knowledge->tables == NULL ||
        !data_files_each (extra, system_folders, DATA_FILES_FORMATS, read_formats, knowledge->formats, error))
        return NULL;
    formats_compile (knowledge->formats);
    return g_steal_pointer (&knowledge);
}

void
knowledge_free (Knowledge *knowledge)
{
    if (knowledge == NULL)
        return;
    tables_free (knowledge->tables);
    formats_free (knowledge->formats);
    g_free (knowledge);
}

void
knowledge_drop_formats (Knowledge *knowledge)
{
    formats_drop_stanzas (knowledge->formats);
}
