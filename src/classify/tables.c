/* SPDX-License-Identifier: MIT */
#include "classify/tables_private.h"

#include "base/text.h"
#include "classify/data_files.h"
#include <string.h>

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
read_table (const char *name, const char *text, gsize length, guint layer, gpointer user, GError **error)
{
    Tables *tables = user;
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
    if (!data_files_each (extra, system_folders, DATA_FILES_TABLES, read_table, tables, error))
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

void
tables_add_mx_list (Tables *tables, const char *text, gsize length)
{
    provider_table_add_mx_list (tables->providers, text, length);
}

void
tables_learn_domain (Tables *tables, const char *domain, const char *provider, const char *gateway)
{
    provider_table_learn (tables->providers, domain, provider, gateway);
}

const char *
tables_provider_evidence (const Tables *tables, const BounceEvent *event, Arena *scratch)
{
    return provider_evidence_word (provider_table_find (tables->providers, event, scratch).evidence);
}
