/* SPDX-License-Identifier: MIT */
#include "classify/tables_private.h"

#include "base/text.h"
#include "classify/builtin_data.h"
#include <errno.h>
#include <gio/gio.h>
#include <string.h>

#define BUILTIN_FOLDER "/nixie"
#define VERSION_LENGTH 12 /* hexadecimal digits of the digest that people see */

G_DEFINE_QUARK (nixie-tables-error-quark, tables_error)

/* The first column of the header row tells what a file is, whatever its name. */
static gboolean
starts_with_column (const char *text, gsize length, const char *column)
{
    Span rest = span (text, length), line;

    while (text_next_line (&rest, &line))
        if (line.length > 0 && line.at[0] != '#')
            return line.length > strlen (column) && memcmp (line.at, column, strlen (column)) == 0 &&
                   line.at[strlen (column)] == '\t';
    return FALSE;
}

static gboolean
read_text (Tables *tables, const char *name, const char *text, gsize length, guint layer, GError **error)
{
    GError *failure = NULL;
    gboolean done = FALSE;

    digester_add (tables->digester, text, length);
    if (starts_with_column (text, length, "code"))
        done = code_table_read_statuses (&tables->codes, tables->arena, name, text, length, &failure);
    else if (starts_with_column (text, length, "reply"))
        done = code_table_read_replies (&tables->codes, tables->arena, name, text, length, &failure);
    else if (starts_with_column (text, length, "kind"))
        done = provider_table_read (tables->providers, name, text, length, &failure);
    else if (starts_with_column (text, length, "id"))
        done = rule_table_read (tables->rules, name, text, length, layer, &failure);
    else
        g_set_error (&failure, TABLES_ERROR, TABLES_ERROR_FORMAT,
                     "%s: the header row is none of status.tsv, reply.tsv, providers.tsv or a rules file", name);
    if (done)
        return TRUE;
    g_set_error_literal (error, TABLES_ERROR, TABLES_ERROR_FORMAT, failure->message);
    g_error_free (failure);
    return FALSE;
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
    return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
read_builtin_folder (Tables *tables, GResource *resource, const char *folder, GError **error)
{
    g_auto (GStrv) names = g_resource_enumerate_children (resource, folder, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

    if (names == NULL)
        return TRUE;
    qsort (names, g_strv_length (names), sizeof names[0], compare_names);
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *path = g_strconcat (folder, "/", names[i], NULL);
        g_autoptr (GBytes) bytes = NULL;
        const char *text;
        gsize length;

        if (!g_str_has_suffix (path, ".tsv"))
            continue;
        bytes = g_resource_lookup_data (resource, path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
        if (bytes == NULL)
            return FALSE;
        text = g_bytes_get_data (bytes, &length);
        if (!read_text (tables, path + strlen (BUILTIN_FOLDER "/"), text, length, 0, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_builtin (Tables *tables, GError **error)
{
    GResource *resource = builtin_data_get_resource ();

    return read_builtin_folder (tables, resource, BUILTIN_FOLDER, error) &&
           read_builtin_folder (tables, resource, BUILTIN_FOLDER "/rules", error);
}

static gboolean
read_file (Tables *tables, const char *path, guint layer, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    GError *failure = NULL;

    if (!g_file_get_contents (path, &text, &length, &failure)) {
        g_set_error (error, TABLES_ERROR, TABLES_ERROR_READ, "cannot read '%s': %s", path,
                     g_strerror (failure->code == G_FILE_ERROR_NOENT  ? ENOENT
                                 : failure->code == G_FILE_ERROR_ACCES ? EACCES
                                 : failure->code == G_FILE_ERROR_ISDIR ? EISDIR
                                                                       : EIO));
        g_error_free (failure);
        return FALSE;
    }
    return read_text (tables, path, text, length, layer, error);
}

/* All *.tsv of a folder in byte order; a folder that is not there holds nothing. */
static gboolean
read_folder (Tables *tables, const char *folder, guint layer, GError **error)
{
    g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
    g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
    const char *name;

    if (directory == NULL)
        return TRUE;
    while ((name = g_dir_read_name (directory)) != NULL)
        if (g_str_has_suffix (name, ".tsv") && name[0] != '.')
            g_ptr_array_add (names, g_build_filename (folder, name, NULL));
    g_ptr_array_sort (names, compare_names);
    for (guint i = 0; i < names->len; i++)
        if (!read_file (tables, g_ptr_array_index (names, i), layer, error))
            return FALSE;
    return TRUE;
}

static gboolean
read_layers (Tables *tables, const char *const *extra, gboolean system_folders, GError **error)
{
    guint layer = 0;

    if (!read_builtin (tables, error))
        return FALSE;
    if (system_folders) {
        if (!read_folder (tables, NIXIE_DATADIR, ++layer, error) ||
            !read_folder (tables, NIXIE_DATADIR "/rules", layer, error) ||
            !read_folder (tables, NIXIE_SYSCONFDIR "/rules.d", ++layer, error))
            return FALSE;
    }
    for (guint i = 0; extra != NULL && extra[i] != NULL; i++) {
        layer++;
        if (g_file_test (extra[i], G_FILE_TEST_IS_DIR) ? !read_folder (tables, extra[i], layer, error)
                                                       : !read_file (tables, extra[i], layer, error))
            return FALSE;
    }
    return TRUE;
}

Tables *
tables_load (const char *const *extra, gboolean system_folders, GError **error)
{
    g_autoptr (Tables) tables = g_new0 (Tables, 1);
    Digest digest;

    tables->arena = arena_new ();
    tables->digester = digester_new ();
    code_table_init (&tables->codes);
    tables->providers = provider_table_new ();
    tables->rules = rule_table_new ();
    if (!read_layers (tables, extra, system_folders, error))
        return NULL;
    provider_table_finish (tables->providers);
    rule_table_finish (tables->rules);
    digest = digester_end (tables->digester);
    digest_format (&digest, tables->version);
    tables->version[VERSION_LENGTH] = '\0';
    return g_steal_pointer (&tables);
}

void
tables_free (Tables *tables)
{
    if (tables == NULL)
        return;
    rule_table_free (tables->rules);
    provider_table_free (tables->providers);
    code_table_clear (&tables->codes);
    digester_free (tables->digester);
    arena_free (tables->arena);
    g_free (tables);
}

const CodeRow *
tables_status (const Tables *tables, const char *status)
{
    return code_table_status (&tables->codes, status);
}

const CodeRow *
tables_reply (const Tables *tables, const char *reply)
{
    return code_table_reply (&tables->codes, reply);
}

guint
tables_n_rules (const Tables *tables)
{
    return rule_table_length (tables->rules);
}

const Rule *
tables_rule (const Tables *tables, guint index)
{
    return rule_table_get (tables->rules, index);
}

const char *
tables_version (const Tables *tables)
{
    return tables->version;
}
