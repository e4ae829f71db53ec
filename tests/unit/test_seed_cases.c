/* SPDX-License-Identifier: MIT */
/* tests/data/seed-cases.tsv: every row with its listed reason and type: with and without the code in front of the text, and
 * with the provider unknown, since a report often does not name it. tests/data/language-cases.tsv: what mail systems say in
 * other languages. */
#include "unit.h"

#include "base/tsv.h"
#include "classify/classify.h"
#include "classify/rules_test.h"
#include "classify/verdict.h"
#include <stdlib.h>
#include <string.h>

enum { N, PROVIDER, REPLY, STATUS, REASON, TYPE, TEXT };
static const char *const COLUMNS[] = {"n", "provider", "reply", "status", "reason", "type", "text", NULL};

#define EXPECTED_ROWS 195 /* 131 rows of the pages; 53 of page 003 and 11 of Outlook in Japanese as well */

static gboolean
is_one_of (const char *word, const char *alternatives)
{
    g_auto (GStrv) words = g_strsplit (alternatives, "|", -1);

    return g_strv_contains ((const char *const *) words, word);
}

static guint
check (const Tables *tables, const TsvRow *row, const char *provider, gboolean with_codes)
{
    g_autoptr (Arena) arena = arena_new ();
    const char *const *cells = row->cells;
    BounceEvent event;

    event_init (&event);
    event.action = "failed";
    event.provider = provider;
    event.reply = cells[REPLY];
    event.status = cells[STATUS];
    event.status_from = cells[STATUS][0] == '\0' ? STATUS_FROM_NOTHING : STATUS_FROM_FIELD;
    event.diagnostic = with_codes ? arena_printf (arena, "%s %s %s", cells[REPLY], cells[STATUS], cells[TEXT])
                                  : cells[TEXT];
    verdict_decide (tables, &event, arena);
    if (is_one_of (reason_word (event.reason), cells[REASON]) &&
        is_one_of (event_type_word (event.type), cells[TYPE]))
        return 0;
    print_error ("row %s (%s%s): %s %s by %s, expected %s %s: %s\n", cells[N], provider,
                 with_codes ? ", codes" : "", reason_word (event.reason), event_type_word (event.type), event.rule,
                 cells[REASON], cells[TYPE], cells[TEXT]);
    return 1;
}

static char *
read_data (const char *name, gsize *length)
{
    const char *folder = getenv ("top_srcdir");
    g_autofree char *path = g_build_filename (folder == NULL ? "." : folder, "tests/data", name, NULL);
    char *text = NULL;

    assert_true (g_file_get_contents (path, &text, length, NULL));
    return text;
}

static void
test_languages (void **state)
{
    static const char *const columns[] = {"reason", "text", NULL};
    gsize length;
    g_autofree char *text = read_data ("language-cases.tsv", &length);
    g_autoptr (Tables) tables = tables_load (NULL, FALSE, NULL);
    g_autoptr (Tsv) tsv = tsv_new ("language-cases.tsv", text, length, columns, NULL);
    g_autoptr (Arena) arena = arena_new ();
    guint rows = 0, wrong = 0;
    TsvRow row;

    (void) state;
    assert_non_null (tsv);
    for (; tsv_next (tsv, &row, NULL); rows++) {
        gboolean block = strcmp (row.cells[0], "block") == 0;
        BounceEvent event;

        rules_test_event (arena, row.cells[1], &event);
        verdict_decide (tables, &event, arena);
        if (block ? event.type == TYPE_BLOCK : strcmp (reason_word (event.reason), row.cells[0]) == 0)
            continue;
        wrong++;
        print_error ("%s: %s by %s, expected %s\n", row.cells[1], reason_word (event.reason), event.rule, row.cells[0]);
    }
    assert_true (rows >= 60);
    assert_int_equal (wrong, 0);
}

static void
test_seed_cases (void **state)
{
    gsize length;
    g_autofree char *text = read_data ("seed-cases.tsv", &length);
    g_autoptr (Tables) tables = tables_load (NULL, FALSE, NULL);
    g_autoptr (Tsv) tsv = NULL;
    guint rows = 0, wrong = 0;
    GError *error = NULL;
    TsvRow row;

    (void) state;
    assert_non_null (tables);
    tsv = tsv_new ("seed-cases.tsv", text, length, COLUMNS, NULL);
    assert_non_null (tsv);
    while (tsv_next (tsv, &row, &error)) {
        rows++;
        wrong += check (tables, &row, row.cells[PROVIDER], TRUE);
        wrong += check (tables, &row, row.cells[PROVIDER], FALSE);
        wrong += check (tables, &row, "other", TRUE);
    }
    assert_null (error);
    assert_int_equal (rows, EXPECTED_ROWS);
    assert_int_equal (wrong, 0);
}

UNIT_MAIN (cmocka_unit_test (test_seed_cases), cmocka_unit_test (test_languages))
