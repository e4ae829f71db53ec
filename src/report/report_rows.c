/* SPDX-License-Identifier: MIT */
/* The tables of the report's model: rows in their order, made of what was counted. */
#include "report/report_model_private.h"

#include <string.h>

static int
compare_tallies (gconstpointer a, gconstpointer b)
{
    const Tally *x = *(const Tally *const *) a, *y = *(const Tally *const *) b;
    int order;

    if (x->events != y->events)
        return x->events > y->events ? -1 : 1;
    order = strcmp (x->code, y->code);
    if (order == 0)
        order = (int) x->reason - (int) y->reason;
    return order ? order : (int) x->type - (int) y->type;
}

static gboolean
is_failure (EventType type)
{
    return type == TYPE_HARD || type == TYPE_SOFT || type == TYPE_BLOCK || type == TYPE_UNKNOWN;
}

static int
compare_codes (gconstpointer a, gconstpointer b)
{
    const Tally *x = *(const Tally *const *) a, *y = *(const Tally *const *) b;
    int order = strcmp (x->code, y->code);

    return order ? order : compare_tallies (a, b);
}

/* The most frequent code, of failures only or of all, with the sample of its heaviest tally. Tallies are sorted by
 * code. */
static void
find_top (const GPtrArray *tallies, gboolean failures, ReportRow *row)
{
    guint64 most = 0, events = 0;
    const char *sample = "";

    for (guint i = 0; i < tallies->len; i++) {
        const Tally *tally = tallies->pdata[i];

        if (i == 0 || ((const Tally *) tallies->pdata[i - 1])->code != tally->code) {
            events = 0;
            sample = "";
        }
        if (!*tally->code || (failures && !is_failure (tally->type)))
            continue;
        events += tally->events;
        if (!*sample)
            sample = tally->sample;
        if (events > most) {
            most = events;
            row->top_status = tally->code;
            row->sample = sample;
        }
    }
}

static void
make_row (Key *key, ReportRow *row, ReportCode *codes)
{
    *row = (ReportRow){.key = key->name, .events = key->events, .recipients = key->recipients,
                       .first_seen = key->first_seen, .last_seen = key->last_seen, .sample = "", .top_status = "",
                       .provider = key->provider, .codes = codes, .n_codes = key->tallies->len};
    for (guint type = 0; type < N_TYPES; type++)
        row->by_type[type] = key->by_type[type];
    row->messages = key->nameless + (key->messages ? g_hash_table_size (key->messages) : 0);
    if (key->tallies->len > 1)
        g_ptr_array_sort (key->tallies, compare_codes);
    find_top (key->tallies, TRUE, row);
    if (!*row->top_status)
        find_top (key->tallies, FALSE, row);
    if (key->tallies->len > 1)
        g_ptr_array_sort (key->tallies, compare_tallies);
    for (guint i = 0; i < key->tallies->len; i++) {
        const Tally *tally = key->tallies->pdata[i];

        codes[i] = (ReportCode){.code = tally->code, .reason = tally->reason, .type = tally->type,
                                .events = tally->events, .recipients = tally->recipients,
                                .first_seen = tally->first_seen, .last_seen = tally->last_seen,
                                .sample = tally->sample, .page = tally->page};
    }
    for (guint i = 0; i < key->tallies->len && !*row->sample; i++)
        row->sample = ((const Tally *) key->tallies->pdata[i])->sample;
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
    const Key *x = *(const Key *const *) a, *y = *(const Key *const *) b;

    return report_key_before (x, y) ? -1 : report_key_before (y, x) ? 1 : 0;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
    return strcmp ((*(const Key *const *) a)->name, (*(const Key *const *) b)->name);
}

static GPtrArray *
sorted_keys (Table *table, ReportBy by)
{
    GPtrArray *keys = g_ptr_array_new ();
    GHashTableIter iter;
    gpointer key;

    if (table->keys) {
        g_hash_table_iter_init (&iter, table->keys);
        while (g_hash_table_iter_next (&iter, NULL, &key))
            g_ptr_array_add (keys, key);
    } else {
        for (guint i = 0; i < table->kept->len; i++)
            g_ptr_array_add (keys, table->kept->pdata[i]);
    }
    g_ptr_array_sort (keys, by == REPORT_BY_DAY ? compare_names : compare_keys);
    return keys;
}

const ReportRow *
report_model_rows (ReportModel *model, ReportBy by, guint *n)
{
    Table *table = &model->tables[by];
    gsize n_codes = 0, at = 0;

    if (by == REPORT_BY_RECIPIENT && model->person) {
        report_table_forget_rows (table);
        report_model_finish_person (model);
    }
    if (!table->rows) {
        g_autoptr (GPtrArray) keys = sorted_keys (table, by);

        for (guint i = 0; i < keys->len; i++)
            n_codes += ((const Key *) keys->pdata[i])->tallies->len;
        table->rows = g_new (ReportRow, MAX (keys->len, 1));
        table->codes = g_new (ReportCode, MAX (n_codes, 1));
        table->n_rows = keys->len;
        for (guint i = 0; i < keys->len; i++) {
            make_row (keys->pdata[i], &table->rows[i], table->codes + at);
            at += table->rows[i].n_codes;
        }
    }
    *n = table->n_rows;
    return table->rows;
}

guint64
report_model_keys (ReportModel *model, ReportBy by)
{
    return model->tables[by].n_keys;
}

const ReportRow *
report_model_total (ReportModel *model)
{
    g_free (model->total_codes);
    model->total_codes = g_new (ReportCode, MAX (model->total->tallies->len, 1));
    make_row (model->total, &model->total_row, model->total_codes);
    return &model->total_row;
}
