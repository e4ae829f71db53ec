/* SPDX-License-Identifier: MIT */
/* The words that stand for a code in the report's tables. Events of a ledger come without their texts, and few of them
 * are wanted: their rows are noted while counting, and read at the end, in the order in which they lie. */
#include "report/report_model_private.h"

#include "base/text.h"
#include <string.h>

#define SAMPLE_BYTES 300 /* of a diagnostic: two lines of a terminal; a million keys may each have one */

char *
report_sample_new (const char *diagnostic)
{
    return g_strndup (diagnostic, text_cut (diagnostic, strlen (diagnostic), SAMPLE_BYTES));
}

/* Of the whole answer: what is kept of it as a sample may end before its last line, which names the page. */
static const char *
page_of (ReportModel *model, const char *diagnostic)
{
    g_autoptr (Arena) arena = arena_new ();
    const char *page = report_answer_page (diagnostic, arena);

    return *page ? g_string_chunk_insert_const (model->strings, page) : "";
}

Evidence
report_evidence (ReportModel *model, const char *diagnostic, EventType type)
{
    Evidence evidence = {"", ""};

    evidence.sample = g_string_chunk_insert_len (model->strings, diagnostic,
                                                 (gssize) text_cut (diagnostic, strlen (diagnostic), SAMPLE_BYTES));
    if (type == TYPE_BLOCK)
        evidence.page = page_of (model, diagnostic);
    return evidence;
}

typedef struct {
    Tally *tally;
    gboolean person; /* its strings are its own */
} Wanted;

/* Where few are wanted, the domains without a provider's name that refuse us have them (report_blocks.c). */
static gboolean
is_wanted (const ReportModel *model, ReportBy by, const Key *key)
{
    if (!model->context.few_samples)
        return TRUE;
    return by == REPORT_BY_DOMAIN ? key->by_type[TYPE_BLOCK] > 0 && !report_provider_is_named (key->provider)
                                  : by != REPORT_BY_DAY && by != REPORT_BY_RECIPIENT;
}

static void
want_samples (GArray *wanted, const Key *key, gboolean person)
{
    for (guint i = 0; i < key->tallies->len; i++) {
        Wanted one = {key->tallies->pdata[i], person};

        if (one.tally->row != 0)
            g_array_append_val (wanted, one);
    }
}

static int
compare_wanted (gconstpointer a, gconstpointer b)
{
    const Tally *x = ((const Wanted *) a)->tally, *y = ((const Wanted *) b)->tally;

    return x->row != y->row ? (x->row < y->row ? -1 : 1) : 0;
}

static GArray *
wanted_samples (ReportModel *model)
{
    GArray *wanted = g_array_new (FALSE, FALSE, sizeof (Wanted));
    GPtrArray *kept = model->tables[REPORT_BY_RECIPIENT].kept;

    want_samples (wanted, model->total, FALSE);
    for (guint i = 0; i < kept->len; i++)
        if (is_wanted (model, REPORT_BY_RECIPIENT, kept->pdata[i]))
            want_samples (wanted, kept->pdata[i], TRUE);
    for (guint by = 0; by < N_REPORT_BY; by++) {
        GHashTableIter iter;
        gpointer key;

        if (!model->tables[by].keys)
            continue;
        g_hash_table_iter_init (&iter, model->tables[by].keys);
        while (g_hash_table_iter_next (&iter, NULL, &key))
            if (is_wanted (model, (ReportBy) by, key))
                want_samples (wanted, key, FALSE);
    }
    g_array_sort (wanted, compare_wanted);
    return wanted;
}

static void
fetch_samples (ReportModel *model)
{
    g_autoptr (GArray) wanted = wanted_samples (model);
    BounceEvent texts = {.diagnostic = ""};
    Evidence evidence = {"", ""};
    guint64 row = 0;

    for (guint i = 0; i < wanted->len; i++) {
        const Wanted *one = &g_array_index (wanted, Wanted, i);

        if (one->tally->row != row) {
            if (!model->context.rest (one->tally->row, &texts, model->context.rest_user))
                return;
            evidence = (Evidence){"", ""};
        }
        row = one->tally->row;
        one->tally->row = 0;
        if (one->person) {
            one->tally->sample = report_sample_new (texts.diagnostic);
            continue;
        }
        if (!*evidence.sample)
            evidence = report_evidence (model, texts.diagnostic, one->tally->type);
        one->tally->sample = evidence.sample;
        one->tally->page = evidence.page;
    }
}

static const char *
diagnostic_at (guint64 row, gpointer user)
{
    const ReportModel *model = user;
    BounceEvent texts;

    return model->context.rest (row, &texts, model->context.rest_user) ? texts.diagnostic : "";
}

static const char *
subject_at (guint64 row, gpointer user)
{
    const ReportModel *model = user;
    BounceEvent texts;

    return model->context.rest (row, &texts, model->context.rest_user) ? texts.original_subject : "";
}

void
report_model_settle (ReportModel *model)
{
    report_model_finish_person (model);
    if (model->context.rest) {
        fetch_samples (model);
        report_listed_settle (model->listed, diagnostic_at, model);
        report_incidents_settle (model->incidents, subject_at, model);
    }
    model->context.rest = NULL;
}
