/* SPDX-License-Identifier: MIT */
#include "report/report_listed.h"

#include "base/text.h"
#include <string.h>

#define DIAGNOSTIC_BYTES 600

struct ReportListed {
    guint most;
    GPtrArray *kept[N_DECISIONS]; /* of Decision; a heap, the last of the list on top, until it is asked for */
    gboolean sorted[N_DECISIONS];
};

/* The strings of a decision that a list shows; what else it points to belongs to the run and is not kept. */
#define STRINGS(X) X (email) X (domain) X (provider) X (status) X (reply) X (rule) X (event_rule) X (diagnostic) X (action)

static void
decision_free (gpointer data)
{
    Decision *decision = data;

#define X(name) g_free ((char *) decision->name);
    STRINGS (X)
#undef X
    g_free (decision);
}

static void
cut_diagnostic (Decision *decision)
{
    gsize length = text_cut (decision->diagnostic, strlen (decision->diagnostic), DIAGNOSTIC_BYTES);

    ((char *) decision->diagnostic)[length] = '\0';
}

static Decision *
decision_copy (const Decision *from)
{
    Decision *decision = g_new (Decision, 1);

    *decision = *from;
#define X(name) decision->name = g_strdup (from->name ? from->name : "");
    STRINGS (X)
#undef X
    cut_diagnostic (decision);
    decision->counted = NULL;
    decision->n_counted = 0;
    return decision;
}

ReportListed *
report_listed_new (guint most)
{
    ReportListed *listed = g_new0 (ReportListed, 1);

    listed->most = most;
    for (guint kind = 0; kind < N_DECISIONS; kind++)
        listed->kept[kind] = g_ptr_array_new_with_free_func (decision_free);
    return listed;
}

void
report_listed_free (ReportListed *listed)
{
    if (!listed)
        return;
    for (guint kind = 0; kind < N_DECISIONS; kind++)
        g_ptr_array_unref (listed->kept[kind]);
    g_free (listed);
}

/* DATE_NONE is the least of all dates: what has none comes last. */
static gboolean
before (const Decision *a, const Decision *b)
{
    if (a->last_seen != b->last_seen)
        return a->last_seen > b->last_seen;
    return g_strcmp0 (a->email, b->email) < 0;
}

static int
compare (gconstpointer a, gconstpointer b)
{
    const Decision *x = *(const Decision *const *) a, *y = *(const Decision *const *) b;

    return before (x, y) ? -1 : before (y, x) ? 1 : 0;
}

static void
swap (GPtrArray *heap, guint a, guint b)
{
    gpointer kept = heap->pdata[a];

    heap->pdata[a] = heap->pdata[b];
    heap->pdata[b] = kept;
}

static void
sink (GPtrArray *heap)
{
    for (guint at = 0, last; ; at = last) {
        last = at;
        for (guint child = 2 * at + 1; child <= 2 * at + 2 && child < heap->len; child++)
            if (before (heap->pdata[last], heap->pdata[child]))
                last = child;
        if (last == at)
            return;
        swap (heap, at, last);
    }
}

static void
rise (GPtrArray *heap)
{
    for (guint at = heap->len - 1; at > 0 && before (heap->pdata[(at - 1) / 2], heap->pdata[at]); at = (at - 1) / 2)
        swap (heap, at, (at - 1) / 2);
}

void
report_listed_add (ReportListed *listed, const Decision *decision)
{
    GPtrArray *heap = listed->kept[decision->decision];

    if (listed->most == 0)
        return;
    if (listed->sorted[decision->decision]) {
        /* The list is sorted the other way round than the heap wants it: its reverse is a heap. */
        for (guint i = 0; i < heap->len / 2; i++)
            swap (heap, i, heap->len - 1 - i);
        listed->sorted[decision->decision] = FALSE;
    }
    if (heap->len < listed->most) {
        g_ptr_array_add (heap, decision_copy (decision));
        rise (heap);
    } else if (before (decision, heap->pdata[0])) {
        decision_free (heap->pdata[0]);
        heap->pdata[0] = decision_copy (decision);
        sink (heap);
    }
}

void
report_listed_settle (ReportListed *listed, const char *(*diagnostic) (guint64 row, gpointer user), gpointer user)
{
    for (guint kind = 0; kind < N_DECISIONS; kind++)
        for (guint i = 0; i < listed->kept[kind]->len; i++) {
            Decision *decision = listed->kept[kind]->pdata[i];

            if (decision->row == 0)
                continue;
            g_free ((char *) decision->diagnostic);
            decision->diagnostic = g_strdup (diagnostic (decision->row, user));
            decision->row = 0;
            cut_diagnostic (decision);
        }
}

const Decision *const *
report_listed_get (ReportListed *listed, DecisionKind kind, guint *n)
{
    GPtrArray *kept = listed->kept[kind];

    if (!listed->sorted[kind] && kept->len > 0)
        g_ptr_array_sort (kept, compare);
    listed->sorted[kind] = TRUE;
    *n = kept->len;
    return (const Decision *const *) kept->pdata;
}
