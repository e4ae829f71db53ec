/* SPDX-License-Identifier: MIT */
#include "classify/code_table.h"

#include "base/tsv.h"
#include <string.h>

static const char *const STATUS_COLUMNS[] = {"code", "reason", "type", "fault", "meaning", "advice?", "reference?",
                                             NULL};
static const char *const REPLY_COLUMNS[] = {"reply", "reason", "type", "meaning", "advice?", "reference?", NULL};

void
code_table_init (CodeTable *table)
{
    table->statuses = g_hash_table_new (g_str_hash, g_str_equal);
    table->replies = g_hash_table_new (g_str_hash, g_str_equal);
}

void
code_table_clear (CodeTable *table)
{
    g_clear_pointer (&table->statuses, g_hash_table_unref);
    g_clear_pointer (&table->replies, g_hash_table_unref);
}

/* "X.1.1" or "5.1.1": class 2, 4, 5 or X, then subject and detail of at most three digits. */
static gboolean
is_code (const char *code)
{
    guint part = 1, digits = 0;

    if (strchr ("245X", code[0]) == NULL || code[0] == '\0' || code[1] != '.')
        return FALSE;
    for (const char *at = code + 2; *at != '\0'; at++) {
        if (*at == '.') {
            if (digits == 0 || ++part > 2)
                return FALSE;
            digits = 0;
        } else if (!g_ascii_isdigit (*at) || ++digits > 3) {
            return FALSE;
        }
    }
    return part == 2 && digits > 0;
}

static gboolean
is_reply (const char *reply)
{
    return strlen (reply) == 3 && reply[0] >= '2' && reply[0] <= '5' && g_ascii_isdigit (reply[1]) &&
           g_ascii_isdigit (reply[2]);
}

/* The columns that both tables have; "-" in type and fault: the reason's own. */
static gboolean
read_verdict (const TsvRow *row, const char *reason, const char *type, const char *fault, CodeRow *code,
              GError **error)
{
    if (!reason_parse (reason, &code->reason)) {
        tsv_row_error (row, error, "unknown reason '%s'", reason);
        return FALSE;
    }
    code->type = reason_type (code->reason);
    if (strcmp (type, "-") != 0 && !event_type_parse (type, &code->type)) {
        tsv_row_error (row, error, "unknown type '%s'", type);
        return FALSE;
    }
    code->fault = reason_fault (code->reason);
    if (strcmp (fault, "-") != 0 && !fault_parse (fault, &code->fault)) {
        tsv_row_error (row, error, "unknown fault '%s'", fault);
        return FALSE;
    }
    return TRUE;
}

static void
keep_row (GHashTable *rows, Arena *arena, const CodeRow *code, const char *key, const char *meaning,
          const char *advice, const char *reference)
{
    CodeRow *kept = arena_new0 (arena, CodeRow);

    *kept = *code;
    kept->code = arena_strdup (arena, key);
    kept->meaning = arena_strdup (arena, meaning);
    kept->advice = arena_strdup (arena, advice);
    kept->reference = arena_strdup (arena, reference);
    g_hash_table_replace (rows, (gpointer) kept->code, kept);
}

gboolean
code_table_read_statuses (CodeTable *table, Arena *arena, const char *name, const char *text, gsize length,
                          GError **error)
{
    g_autoptr (Tsv) tsv = tsv_new (name, text, length, STATUS_COLUMNS, error);
    GError *failure = NULL;
    TsvRow row;

    if (tsv == NULL)
        return FALSE;
    while (tsv_next (tsv, &row, &failure)) {
        CodeRow code = {0};

        if (!is_code (row.cells[0])) {
            tsv_row_error (&row, error, "'%s' is no status code (X.1.1 or 5.1.1)", row.cells[0]);
            return FALSE;
        }
        if (!read_verdict (&row, row.cells[1], row.cells[2], row.cells[3], &code, error))
            return FALSE;
        keep_row (table->statuses, arena, &code, row.cells[0], row.cells[4], row.cells[5], row.cells[6]);
    }
    if (failure != NULL)
        g_propagate_error (error, failure);
    return failure == NULL;
}

gboolean
code_table_read_replies (CodeTable *table, Arena *arena, const char *name, const char *text, gsize length,
                         GError **error)
{
    g_autoptr (Tsv) tsv = tsv_new (name, text, length, REPLY_COLUMNS, error);
    GError *failure = NULL;
    TsvRow row;

    if (tsv == NULL)
        return FALSE;
    while (tsv_next (tsv, &row, &failure)) {
        CodeRow code = {0};

        if (!is_reply (row.cells[0])) {
            tsv_row_error (&row, error, "'%s' is no reply code (three digits)", row.cells[0]);
            return FALSE;
        }
        if (!read_verdict (&row, row.cells[1], row.cells[2], "-", &code, error))
            return FALSE;
        keep_row (table->replies, arena, &code, row.cells[0], row.cells[3], row.cells[4], row.cells[5]);
    }
    if (failure != NULL)
        g_propagate_error (error, failure);
    return failure == NULL;
}

const CodeRow *
code_table_status (const CodeTable *table, const char *status)
{
    char any[16];
    const CodeRow *row;

    if (status == NULL || status[0] == '\0' || strlen (status) >= sizeof any)
        return NULL;
    row = g_hash_table_lookup (table->statuses, status);
    if (row != NULL)
        return row;
    g_strlcpy (any, status, sizeof any);
    any[0] = 'X';
    return g_hash_table_lookup (table->statuses, any);
}

const CodeRow *
code_table_reply (const CodeTable *table, const char *reply)
{
    return reply == NULL ? NULL : g_hash_table_lookup (table->replies, reply);
}
