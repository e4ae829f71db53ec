/* SPDX-License-Identifier: MIT */
/* Mail that is no bounce though it looks like one, tests/data/ordinary: it quotes, forwards or discusses a bounce, answers by
 * itself, reports something else. expected.tsv says for each file the type of its event, or none. */
#include "unit.h"

#include "base/date.h"
#include "base/tsv.h"
#include "event/vocabulary.h"
#include "worker/parser.h"

#include <string.h>

static char *
load (const char *name, gsize *length)
{
    const char *top = g_getenv ("top_srcdir");
    g_autofree char *path = g_build_filename (top == NULL ? "." : top, "tests", "data", "ordinary", name, NULL);
    char *text = NULL;
    GError *error = NULL;

    if (!g_file_get_contents (path, &text, length, &error))
        fail_msg ("%s", error->message);
    return text;
}

/* "none", or the types of the events. */
static char *
types_of (Parser *parser, const char *file)
{
    gsize length;
    g_autofree char *text = load (file, &length);
    ParserInput input = {.path = file, .received = DATE_NONE, .data = text, .length = length};
    const ParsedMessage *parsed = parser_parse (parser, &input);
    GString *types = g_string_new (NULL);

    for (guint i = 0; i < event_list_length (parsed->events); i++)
        g_string_append_printf (types, "%s%s", i > 0 ? " " : "", event_type_word (event_list_get (parsed->events, i)->type));
    return g_string_free (types->len > 0 ? types : g_string_assign (types, "none"), FALSE);
}

static void
test_messages (void **state)
{
    static const char *const columns[] = {"file", "type", NULL};
    g_autoptr (Knowledge) knowledge = knowledge_load (NULL, FALSE, NULL);
    g_autoptr (Parser) parser = parser_new (knowledge);
    g_autoptr (GError) error = NULL;
    gsize length;
    guint n = 0, wrong = 0;
    g_autofree char *text = load ("expected.tsv", &length);
    g_autoptr (Tsv) tsv = tsv_new ("expected.tsv", text, length, columns, &error);
    TsvRow row;

    (void) state;
    for (; tsv != NULL && tsv_next (tsv, &row, &error); n++) {
        g_autofree char *types = types_of (parser, row.cells[0]);

        if (strcmp (types, row.cells[1]) != 0) {
            print_error ("%s: %s, not %s\n", row.cells[0], types, row.cells[1]);
            wrong++;
        }
    }
    if (error != NULL)
        fail_msg ("%s", error->message);
    assert_true (n >= 40);
    assert_int_equal (wrong, 0);
}

UNIT_MAIN (cmocka_unit_test (test_messages))
