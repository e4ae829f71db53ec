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

/* What differs between the two tables. */
typedef struct {
    const char *const *columns;
    gboolean (*is_key) (const char *key);
    const char *wanted;
    gboolean has_fault; /* a column of its own, behind the type */
} Layout;

static gboolean
read_row (GHashTable *rows, Arena *arena, const Layout *layout, const TsvRow *row, GError **error)
{
    const char *const *rest = &row->cells[layout->has_fault ? 4 : 3];
    CodeRow code = {0};

    if (!layout->is_key (row->cells[0])) {
        tsv_row_error (row, error, "'%s' is no %s", row->cells[0], layout->wanted);
        return FALSE;
    }
    if (!read_verdict (row, row->cells[1], row->cells[2], layout->has_fault ? row->cells[3] : "-", &code, error))
        return FALSE;
    keep_row (rows, arena, &code, row->cells[0], rest[0], rest[1], rest[2]);
    return TRUE;
}

static gboolean
read_rows (GHashTable *rows, Arena *arena, const Layout *layout, const char *name, const char *text, gsize length,
           GError **error)
{
    g_autoptr (Tsv) tsv = tsv_new (name, text, length, layout->columns, error);
    GError *failure = NULL;
    TsvRow row;

    if (tsv == NULL)
        return FALSE;
    while (tsv_next (tsv, &row, &failure))
        if (!read_row (rows, arena, layout, &row, error))
            return FALSE;
    if (failure != NULL)
        g_propagate_error (error, failure);
    return failure == NULL;
}

gboolean
code_table_read_statuses (CodeTable *table, Arena *arena, const char *name, const char *text, gsize length,
                          GError **error)
{
    static const Layout layout = {STATUS_COLUMNS, is_code, "status code (X.1.1 or 5.1.1)", TRUE};

    return read_rows (table->statuses, arena, &layout, name, text, length, error);
}

gboolean
code_table_read_replies (CodeTable *table, Arena *arena, const char *name, const char *text, gsize length,
                         GError **error)
{
    static const Layout layout = {REPLY_COLUMNS, is_reply, "reply code (three digits)", FALSE};

    return read_rows (table->replies, arena, &layout, name, text, length, error);
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
