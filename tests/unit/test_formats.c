/* SPDX-License-Identifier: MIT */
/* The stanzas of data/formats, and the general reader where none fits, against messages of our own: the files of
 * tests/data/formats and what each says, in expected.tsv (a row for each recipient, in the order of the events; no status
 * where a rule decided it). Every stanza has two messages at least. */
#include "unit.h"

#include "base/date.h"
#include "base/tsv.h"
#include "worker/parser.h"

#include <string.h>

static char *
data_path (const char *name)
{
    const char *top = g_getenv ("top_srcdir");

    return g_build_filename (top == NULL ? "." : top, "tests", "data", "formats", name, NULL);
}

static char *
load (const char *name, gsize *length)
{
    g_autofree char *path = data_path (name);
    char *text = NULL;
    GError *error = NULL;

    if (!g_file_get_contents (path, &text, length, &error))
        fail_msg ("%s", error->message);
    return text;
}

/* One row for each event, as in expected.tsv. */
static void
add_rows (GString *out, const char *file, const ParsedMessage *parsed)
{
    for (guint i = 0; i < event_list_length (parsed->events); i++) {
        const BounceEvent *event = event_list_get (parsed->events, i);

        g_string_append_printf (out, "%s\t%s\t%s\t%s\t%s\t%s\n", file, event->format, event->recipient, event->action,
                                event->reply, event->status_from == STATUS_FROM_RULE ? "" : event->status);
    }
}

/* The file names of expected.tsv, each once, and its rows as one text. */
static char *
read_expected (GPtrArray *files, GHashTable *formats)
{
    static const char *const columns[] = {"file", "format", "recipient", "action", "reply", "status", NULL};
    g_autofree char *text = NULL;
    g_autoptr (GError) error = NULL;
    GString *rows = g_string_new (NULL);
    gsize length;
    TsvRow row;

    text = load ("expected.tsv", &length);
    g_autoptr (Tsv) tsv = tsv_new ("expected.tsv", text, length, columns, &error);
    while (tsv != NULL && tsv_next (tsv, &row, &error)) {
        if (files->len == 0 || strcmp (g_ptr_array_index (files, files->len - 1), row.cells[0]) != 0) {
            guint count = GPOINTER_TO_UINT (g_hash_table_lookup (formats, row.cells[1]));

            g_ptr_array_add (files, g_strdup (row.cells[0]));
            g_hash_table_insert (formats, g_strdup (row.cells[1]), GUINT_TO_POINTER (count + 1));
        }
        g_string_append_printf (rows, "%s\t%s\t%s\t%s\t%s\t%s\n", row.cells[0], row.cells[1], row.cells[2], row.cells[3],
                                row.cells[4], row.cells[5]);
    }
    if (error != NULL)
        fail_msg ("%s", error->message);
    return g_string_free (rows, FALSE);
}

static void
test_messages (void **state)
{
    g_autoptr (Knowledge) knowledge = knowledge_load (NULL, FALSE, NULL);
    g_autoptr (Parser) parser = parser_new (knowledge);
    g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GHashTable) formats = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *expected = read_expected (files, formats);
    g_autoptr (GString) got = g_string_new (NULL);

    (void) state;
    for (guint i = 0; i < files->len; i++) {
        gsize length;
        g_autofree char *text = load (g_ptr_array_index (files, i), &length);
        ParserInput input = {.path = g_ptr_array_index (files, i), .received = DATE_NONE, .data = text, .length = length};

        add_rows (got, g_ptr_array_index (files, i), parser_parse (parser, &input));
    }
    assert_string_equal (got->str, expected);
    for (guint i = 0; i < formats_count (knowledge->formats); i++) {
        const char *name = formats_get (knowledge->formats, i)->name;

        if (GPOINTER_TO_UINT (g_hash_table_lookup (formats, name)) < 2)
            fail_msg ("the stanza “%s” has less than two messages", name);
    }
}

/* What is wrong in a stanza is said with file and line, and nothing of the file is taken. */
static void
test_broken (void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"when: body x\n", "f:1: an entry before the first [stanza]"},
        {"[a]\nrecipient: <{address}>\n", "the stanza has no “when”"},
        {"[a]\nwhen: body x\n", "does not say how a recipient looks"},
        {"[a]\nwhen: body *\n", "f:2: the pattern would fit every line"},
        {"[a]\nwhen: foot x\n", "f:2: a condition is"},
        {"[a]\nwhen: header Subject\n", "f:2: a condition is"},
        {"[a]\nrecipient: {nobody}\n", "f:2: there is no such thing"},
        {"[a]\ntext: sideways\n", "f:2: text is"},
        {"[a]\nnonsense: x\n", "f:2: there is no such entry"},
        {"[a]\nwhen:\n", "f:2: the entry is empty"},
        {"[a]\nwhen\n", "f:2: no “entry: value”"},
        {"[a]\nwhen: body \xff\n", "f:2: the line is not valid UTF-8"},
        {"[a]\nagent: x\001y\n", "f:2: the line is not valid UTF-8, or has control characters"},
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Formats) formats = formats_new ();
        g_autoptr (GError) error = NULL;

        assert_false (formats_add (formats, "f", cases[i].text, strlen (cases[i].text), 0, &error));
        if (strstr (error->message, cases[i].says) == NULL)
            fail_msg ("“%s” does not say “%s”", error->message, cases[i].says);
        assert_int_equal (formats_count (formats), 0);
    }
}

/* The administrator's stanzas come first; one of the same name takes the old one's place. */
static void
test_layers (void **state)
{
    static const char one[] = "[a]\nwhen: body x\nrecipient: {address}\n[b]\nwhen: body x\nrecipient: {address}\n";
    static const char two[] = "[b]\nwhen: body y\nrecipient: {address}\n[c]\nwhen: body x\nrecipient: {address}\n";
    g_autoptr (Formats) formats = formats_new ();

    (void) state;
    assert_true (formats_add (formats, "one", one, strlen (one), 0, NULL));
    assert_true (formats_add (formats, "two", two, strlen (two), 1, NULL));
    assert_int_equal (formats_count (formats), 3);
    assert_string_equal (formats_get (formats, 0)->name, "c");
    assert_string_equal (formats_get (formats, 1)->name, "a");
    assert_string_equal (formats_get (formats, 2)->name, "b");
    assert_string_equal (formats_get (formats, 2)->file, "two");
}

UNIT_MAIN (cmocka_unit_test (test_messages), cmocka_unit_test (test_broken), cmocka_unit_test (test_layers))
