/* SPDX-License-Identifier: MIT */
#include "report/report_blocks.h"

#include "base/text.h"
#include <string.h>

static int
compare_blocks (gconstpointer a, gconstpointer b)
{
    const ReportBlock *x = a, *y = b;

    if (x->code->events != y->code->events)
        return x->code->events > y->code->events ? -1 : 1;
    if (x->code->last_seen != y->code->last_seen)
        return x->code->last_seen > y->code->last_seen ? -1 : 1;
    if (strcmp (x->row->key, y->row->key) != 0)
        return strcmp (x->row->key, y->row->key);
    return strcmp (x->code->code, y->code->code) ? strcmp (x->code->code, y->code->code)
                                                 : (int) x->code->reason - (int) y->code->reason;
}

gboolean
report_provider_is_named (const char *provider)
{
    return *provider && !g_str_equal (provider, "other");
}

static void
collect_blocks (GArray *blocks, const ReportRow *row)
{
    if (row->by_type[TYPE_BLOCK] == 0)
        return;
    for (guint c = 0; c < row->n_codes; c++)
        if (row->codes[c].type == TYPE_BLOCK) {
            ReportBlock block = {row, &row->codes[c]};
            g_array_append_val (blocks, block);
        }
}

GArray *
report_blocks (ReportModel *model)
{
    GArray *blocks = g_array_new (FALSE, FALSE, sizeof (ReportBlock));
    guint n;
    const ReportRow *rows = report_model_rows (model, REPORT_BY_PROVIDER, &n);

    for (guint i = 0; i < n; i++)
        if (report_provider_is_named (rows[i].key))
            collect_blocks (blocks, &rows[i]);
    rows = report_model_rows (model, REPORT_BY_DOMAIN, &n);
    for (guint i = 0; i < n; i++)
        if (!report_provider_is_named (rows[i].provider))
            collect_blocks (blocks, &rows[i]);
    g_array_sort (blocks, compare_blocks);
    return blocks;
}

#define PAGE_MAXIMUM 120
#define ANSWER_MAXIMUM 2000 /* about what is kept of an answer: half an address leads nowhere */

static const char *
find_page (const char *answer)
{
    static const char *const beginnings[] = {"https://", "http://", "www."};

    for (guint i = 0; i < G_N_ELEMENTS (beginnings); i++) {
        const char *at = text_find (answer, beginnings[i]);

        if (at && (at == answer || !g_ascii_isalnum (at[-1])))
            return at + strlen (beginnings[i]) < at + strlen (at) ? at : NULL;
    }
    return NULL;
}

const char *
report_answer_page (const char *answer, Arena *arena)
{
    const char *at = find_page (answer);
    gsize length;

    if (!at)
        return "";
    length = strcspn (at, " \t\"'<>()[]{}|\\^`,;");
    if (!at[length] && strlen (answer) > ANSWER_MAXIMUM)
        return "";
    while (length > 0 && strchr (".:!?/", at[length - 1]))
        length--;
    return memchr (at, '.', length) && length <= PAGE_MAXIMUM ? arena_strndup (arena, at, length) : "";
}
