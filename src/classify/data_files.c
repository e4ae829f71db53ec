/* SPDX-License-Identifier: MIT */
#include "classify/data_files.h"

#include "base/file_text.h"
#include "classify/builtin_data.h"
#include <errno.h>
#include <gio/gio.h>
#include <string.h>

#define BUILTIN_ROOT "/nixie/"

G_DEFINE_QUARK (nixie-data-files-error-quark, data_files_error)

typedef struct {
    const char *suffix;
    DataFileFunc take;
    gpointer user;
    guint layer;
} Walk;

static gint
compare_names (gconstpointer a, gconstpointer b)
{
    return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
walk_builtin (const Walk *walk, const char *folder, GError **error)
{
    GResource *resource = builtin_data_get_resource ();
    g_autofree char *parent = g_strconcat (BUILTIN_ROOT, folder, NULL);
    g_auto (GStrv) names = g_resource_enumerate_children (resource, parent, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

    if (names == NULL)
        return TRUE;
    qsort (names, g_strv_length (names), sizeof names[0], compare_names);
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *name = g_strconcat (folder, names[i], NULL), *path = g_strconcat (parent, names[i], NULL);
        g_autoptr (GBytes) bytes = NULL;
        const char *text;
        gsize length;

        if (!g_str_has_suffix (name, walk->suffix))
            continue;
        bytes = g_resource_lookup_data (resource, path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
        if (bytes == NULL)
            return FALSE;
        text = g_bytes_get_data (bytes, &length);
        if (!walk->take (name, text, length, walk->layer, walk->user, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
walk_file (const Walk *walk, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    GError *failure = NULL;

    if (!file_text_read (path, &text, &length, &failure)) {
        g_set_error (error, DATA_FILES_ERROR, DATA_FILES_ERROR_READ, "cannot read '%s': %s", path,
                     g_strerror (failure->code == G_FILE_ERROR_NOENT   ? ENOENT
                                 : failure->code == G_FILE_ERROR_ACCES ? EACCES
                                 : failure->code == G_FILE_ERROR_ISDIR ? EISDIR
                                                                       : EIO));
        g_error_free (failure);
        return FALSE;
    }
    return walk->take (path, text, length, walk->layer, walk->user, error);
}

static gboolean
walk_folder (const Walk *walk, const char *folder, GError **error)
{
    g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
    g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
    const char *name;

    if (directory == NULL)
        return TRUE;
    while ((name = g_dir_read_name (directory)) != NULL)
        if (g_str_has_suffix (name, walk->suffix) && name[0] != '.')
            g_ptr_array_add (names, g_build_filename (folder, name, NULL));
    g_ptr_array_sort (names, compare_names);
    for (guint i = 0; i < names->len; i++)
        if (!walk_file (walk, g_ptr_array_index (names, i), error))
            return FALSE;
    return TRUE;
}

static gboolean
is_of_kind (const Walk *walk, const char *path)
{
    gboolean format = g_str_has_suffix (path, DATA_FILES_FORMATS);

    return strcmp (walk->suffix, DATA_FILES_FORMATS) == 0 ? format : !format;
}

gboolean
data_files_each (const char *const *extra, gboolean system_folders, const char *suffix, DataFileFunc take,
                 gpointer user, GError **error)
{
    Walk walk = {suffix, take, user, 0};

    if (!walk_builtin (&walk, "", error) || !walk_builtin (&walk, "rules/", error) ||
        !walk_builtin (&walk, "formats/", error))
        return FALSE;
    if (system_folders) {
        walk.layer++;
        if (!walk_folder (&walk, NIXIE_DATADIR, error) || !walk_folder (&walk, NIXIE_DATADIR "/rules", error) ||
            !walk_folder (&walk, NIXIE_DATADIR "/formats", error))
            return FALSE;
        walk.layer++;
        if (!walk_folder (&walk, NIXIE_SYSCONFDIR "/rules.d", error))
            return FALSE;
    }
    for (guint i = 0; extra != NULL && extra[i] != NULL; i++) {
        walk.layer++;
        if (g_file_test (extra[i], G_FILE_TEST_IS_DIR)
                ? !walk_folder (&walk, extra[i], error)
                : is_of_kind (&walk, extra[i]) && !walk_file (&walk, extra[i], error))
            return FALSE;
    }
    return TRUE;
}
