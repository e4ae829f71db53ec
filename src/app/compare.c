/* SPDX-License-Identifier: MIT */
#include "app/compare.h"

#include "base/csv_record.h"

/* What the first policy says on an address; the second one meets them in the same order. */
typedef struct {
    DecisionKind decision;
    const char *rule; /* interned */
} Verdict;

typedef struct {
    GArray *verdicts;
    guint next;
    Writer *writer;
} Comparing;

static gboolean
note_verdict (const Decision *decision, gpointer user, GError **error)
{
    Comparing *comparing = user;
    Verdict verdict = { decision->decision, g_intern_string (decision->rule) };
    (void) error;
    g_array_append_val (comparing->verdicts, verdict);
    return TRUE;
}

static gboolean
compare_verdict (const Decision *decision, gpointer user, GError **error)
{
    Comparing *comparing = user;
    const Verdict *before = &g_array_index (comparing->verdicts, Verdict, comparing->next++);
    (void) error;
    if (before->decision == decision->decision)
        return TRUE;
    const char *cells[] = { decision->email, decision_word (before->decision), before->rule,
                            decision_word (decision->decision), decision->rule };
    g_autoptr (GString) row = g_string_new (NULL);
    for (guint i = 0; i < G_N_ELEMENTS (cells); i++) {
        if (i > 0)
            g_string_append_c (row, ',');
        csv_cell_append (row, cells[i], ',');
    }
    writer_put (comparing->writer, row->str, row->len);
    writer_putc (comparing->writer, '\n');
    return TRUE;
}

gboolean
compare_profiles (App *app, Ledger *ledger, const char *profile, Writer *writer, GError **error)
{
    g_autoptr (GArray) verdicts = g_array_new (FALSE, FALSE, sizeof (Verdict));
    Comparing comparing = { .verdicts = verdicts, .writer = writer };
    if (!ledger_decisions_of (ledger, 0, note_verdict, &comparing, error) || !app_use_profile (app, profile, error))
        return FALSE;
    writer_puts (writer, "email,decision,rule,compared_decision,compared_rule\n");
    return ledger_decisions_of (ledger, 0, compare_verdict, &comparing, error);
}
