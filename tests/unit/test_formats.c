/* SPDX-License-Identifier: MIT */
/* The stanzas of data/formats, and the general reader where none fits, against messages of our own: the files of
 * tests/data/formats and what each says, in expected.tsv (a row for each recipient, in the order of the events; no status
 * where a rule decided it). Every stanza has two messages at least. */
#include "unit.h"

#include "base/date.h"
#include "base/tsv.h"
#include "worker/parser.h"

#include <glib/gstdio.h>
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

/* --- stanzas of an administrator ------------------------------------------------------------------------------------ */

#define HEAD "From: MAILER-DAEMON@mx.example\nTo: us@y.example\nSubject: Undelivered: our mail\nDate: Tue, 3 Nov 2026 09:30:00 +0100\n"
#define PLAIN HEAD "\n"
#define MULTIPART HEAD "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n"
#define RETURNED "\n--b\nContent-Type: message/rfc822\n\nFrom: us@y.example\nSubject: Hello\n"
#define OWN "[own]\nwhen: header Subject Undelivered: *\n"

/* Each entry that a stanza may have, by what it makes of a message: "format recipient: diagnostic", several with " | ". */
static void
test_own_stanzas (void **state)
{
    static const struct {
        const char *stanza, *message, *events;
    } cases[] = {
        /* nobody is named: the one recipient of what came back, and only when there is one */
        {OWN "recipient-returned: yes\n", MULTIPART "550 5.1.1 No such user" RETURNED "To: Ann <ann@x.example>\n\nHi\n--b--\n", "own ann@x.example: 550 5.1.1 No such user"},
        {OWN "recipient-returned: yes\n", MULTIPART "550 5.1.1 No such user" RETURNED "Cc: ann@x.example\n\nHi\n--b--\n", "own ann@x.example: 550 5.1.1 No such user"},
        {OWN "recipient-returned: yes\n", MULTIPART "550 5.1.1 No such user" RETURNED "To: ann@x.example, bob@x.example\n\nHi\n--b--\n", "unparsed : 550 5.1.1 No such user"},
        {OWN "recipient-returned: yes\n", MULTIPART "550 5.1.1 No such user" RETURNED "To: ann@x.example\nCc: bob@x.example\n\nHi\n--b--\n", "unparsed : 550 5.1.1 No such user"},
        {OWN "recipient-returned: yes\n", MULTIPART "550 5.1.1 No such user" RETURNED "To: undisclosed-recipients:;\n\nHi\n--b--\n", "unparsed : 550 5.1.1 No such user"},
        /* conditions */
        {"[own]\nwhen: type text/plain\nrecipient: Who: {address}\ntext: rest\n", PLAIN "Who: ann@x.example\nno such user\n", "own ann@x.example: no such user"},
        {"[own]\nwhen: not type multipart/mixed\nrecipient: Who: {address}\ntext: rest\n", PLAIN "Who: ann@x.example\nno such user\n", "own ann@x.example: no such user"},
        {"[own]\nwhen: type text/html\nrecipient: Who: {address}\ntext: rest\n", PLAIN "Who: ann@x.example\nno such user\n", "unparsed : no such user"},
        {"[own]\nwhen: header Subject Undelivered: * & body Elsewhere *\nrecipient: Who: {address}\ntext: rest\n", PLAIN "Who: ann@x.example\nno such user\n", "unparsed : no such user"},
        /* where his text ends */
        {OWN "recipient: Who: {address}\ntext: indented\n", PLAIN "Who: ann@x.example\n  no such\n\n  user\nGoodbye\n  x\n", "own ann@x.example: no such user"},
        {OWN "recipient: Who: {address}\ntext: paragraph\n", PLAIN "Who: ann@x.example\nno such\n  user\n\nmore\n", "own ann@x.example: no such user"},
        {OWN "recipient: Who: {address}\ntext: rest\n", PLAIN "Who: ann@x.example\nno such\n\nuser\n", "own ann@x.example: no such user"},
        {OWN "recipient: Who: {address}\ntext: next\n", PLAIN "Who: ann@x.example\n\nno such user\n\nmore\n", "own ann@x.example: no such user"},
        {OWN "recipient: Who: {address}\ntext: none\n", PLAIN "Who: ann@x.example\nno such user\n", "own ann@x.example: Who: ann@x.example"},
        {OWN "recipient: Who: {address} ({text})\ntext: same\n", PLAIN "Who: ann@x.example (no such user)\nWho: bob@x.example (mailbox full)\n", "own ann@x.example: no such user | own bob@x.example: mailbox full"},
        /* where the report begins and ends */
        {OWN "start: -- begin\nrecipient: Who: {address}\ntext: paragraph\n", PLAIN "Who: eve@x.example\n-- begin\nWho: ann@x.example\nno such user\n", "own ann@x.example: no such user"},
        {OWN "stop: -- end\nrecipient: Who: {address}\ntext: paragraph\n", PLAIN "Who: ann@x.example\nno such user\n\n-- end\nWho: eve@x.example\n", "own ann@x.example: no such user"},
        {OWN "start: -- begin\nstop: -- end\nrecipient: Who: {address}\ntext: paragraph\n",
         PLAIN "-- begin\nnothing\n-- end\nWho: eve@x.example\n-- begin\nWho: ann@x.example\nno such user\n\n-- end\nWho: bob@x.example\n", "own ann@x.example: no such user"},
        {OWN "ignore: *eve*\nrecipient: Who: {address}\ntext: paragraph\n", PLAIN "Who: eve@x.example\nWho: ann@x.example\nno such user\n", "own ann@x.example: no such user"},
        /* shared words, from one line to another */
        {OWN "recipient: Who: {address}\nshared: Why:\ntext: none\n", PLAIN "Who: ann@x.example\nWho: bob@x.example\n\nWhy:\nno such user\n", "own ann@x.example: no such user | own bob@x.example: no such user"},
        {OWN "recipient: Who: {address}\nshared: Why: .. Bye\ntext: none\n", PLAIN "Who: ann@x.example\n\nWhy:\nno such user\nBye\nmore\n", "own ann@x.example: no such user"},
    };
    g_autofree char *folder = g_dir_make_tmp ("nixie-XXXXXX", NULL), *path = g_build_filename (folder, "own.format", NULL);
    const char *const extra[] = {path, NULL};
    guint wrong = 0;

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        assert_true (g_file_set_contents (path, cases[i].stanza, -1, NULL));
        g_autoptr (GError) error = NULL;
        g_autoptr (Knowledge) knowledge = knowledge_load (extra, FALSE, &error);
        if (knowledge == NULL)
            fail_msg ("%s", error->message);
        g_autoptr (Parser) parser = parser_new (knowledge);
        g_autoptr (GString) got = g_string_new (NULL);
        ParserInput input = {.path = "m", .received = DATE_NONE, .data = cases[i].message, .length = strlen (cases[i].message)};
        const EventList *events = parser_parse (parser, &input)->events;
        for (guint k = 0; k < event_list_length (events); k++) {
            const BounceEvent *event = event_list_get (events, k);
            g_string_append_printf (got, "%s%s %s: %s", k > 0 ? " | " : "", event->format, event->recipient, event->diagnostic);
        }
        if (strcmp (got->str, cases[i].events) != 0) {
            print_error ("case %zu: %s%s\n  is  %s\n  not %s\n", i, cases[i].stanza, strstr (cases[i].message, "\n\n"), got->str, cases[i].events);
            wrong++;
        }
    }
    g_remove (path);
    g_rmdir (folder);
    assert_int_equal (wrong, 0);
}

UNIT_MAIN (cmocka_unit_test (test_messages), cmocka_unit_test (test_broken), cmocka_unit_test (test_layers),
           cmocka_unit_test (test_own_stanzas))
