/* SPDX-License-Identifier: MIT */
/* The data files: what the built-in ones hold, how later files win, how broken ones are refused. */
#include "unit.h"

#include "classify/data_files.h"
#include "classify/tables.h"
#include <glib/gstdio.h>
#include <string.h>

/* The IANA registry's subjects and their highest detail: every code from X.s.0 to X.s.n has a row. */
static const struct {
    guint subject, last;
} REGISTRY[] = {{0, 0}, {1, 10}, {2, 4}, {3, 6}, {4, 7}, {5, 6}, {6, 10}, {7, 30}};

static void
test_registry (void **state)
{
    g_autoptr (Tables) tables = tables_load (NULL, FALSE, NULL);

    (void) state;
    assert_non_null (tables);
    for (guint i = 0; i < G_N_ELEMENTS (REGISTRY); i++)
        for (guint detail = 0; detail <= REGISTRY[i].last; detail++) {
            g_autofree char *code = g_strdup_printf ("5.%u.%u", REGISTRY[i].subject, detail);
            const CodeRow *row = tables_status (tables, code);

            if (row == NULL)
                fail_msg ("no row for %s", code);
            assert_true (row->meaning[0] != '\0');
            assert_true (row->reference[0] != '\0');
        }
    assert_null (tables_status (tables, "5.1.99"));
    assert_null (tables_status (tables, ""));
    assert_null (tables_status (tables, NULL));
}

static void
test_lookup (void **state)
{
    g_autoptr (Tables) tables = tables_load (NULL, FALSE, NULL);
    static const char *const REPLIES[] = {"421", "450", "451", "452", "500", "501", "502", "503",
                                          "504", "550", "551", "552", "553", "554", "555", "556"};

    (void) state;
    /* a row with its class wins over X */
    assert_string_equal (tables_status (tables, "4.2.1")->code, "4.2.1");
    assert_string_equal (tables_status (tables, "5.2.1")->code, "X.2.1");
    assert_int_equal (tables_status (tables, "5.1.1")->type, TYPE_HARD);
    assert_int_equal (tables_status (tables, "5.2.2")->reason, REASON_MAILBOX_FULL);
    for (guint i = 0; i < G_N_ELEMENTS (REPLIES); i++)
        assert_non_null (tables_reply (tables, REPLIES[i]));
    /* codes printed without dots are no replies */
    assert_null (tables_reply (tables, "511"));
    assert_null (tables_reply (tables, "911"));
}

static char *
write_file (const char *folder, const char *name, const char *text)
{
    char *path = g_build_filename (folder, name, NULL);

    assert_true (g_file_set_contents (path, text, -1, NULL));
    return path;
}

static void
test_layers (void **state)
{
    g_autofree char *folder = g_dir_make_tmp ("nixie-tables-XXXXXX", NULL);
    g_autofree char *one = write_file (folder, "one.tsv",
                                       "code\treason\ttype\tfault\tmeaning\n"
                                       "5.1.1\tpolicy\t-\t-\tours\n");
    g_autofree char *two = write_file (folder, "two.tsv",
                                       "id\tscope\tstatus\treply\tmatch\ttext\treason\ttype\twitness\n"
                                       "site-1\tall\t-\t-\tcontains\tNo Entry\tspam\t-\tno entry here\n");
    const char *const files[] = {one, two, NULL}, *const folders[] = {folder, NULL};
    g_autoptr (Tables) plain = tables_load (NULL, FALSE, NULL);
    g_autoptr (Tables) tables = tables_load (files, FALSE, NULL);
    g_autoptr (Tables) same = tables_load (folders, FALSE, NULL);

    (void) state;
    assert_non_null (tables);
    assert_non_null (same);
    assert_int_equal (tables_status (tables, "5.1.1")->reason, REASON_POLICY);
    assert_int_equal (tables_status (tables, "4.1.1")->reason, REASON_USER_UNKNOWN);
    /* the latest layer is tried first */
    assert_string_equal (tables_rule (tables, 0)->id, "site-1");
    assert_int_equal (tables_n_rules (tables), tables_n_rules (plain) + 1);
    assert_null (tables_rule (tables, tables_n_rules (tables)));
    assert_string_not_equal (tables_version (tables), tables_version (plain));
    assert_string_equal (tables_version (tables), tables_version (same));
    g_unlink (one);
    g_unlink (two);
    g_rmdir (folder);
}

#define RULE_HEADER "id\tscope\tstatus\treply\tmatch\ttext\treason\ttype\twitness\n"

static const struct {
    const char *text, *says;
} BROKEN[] = {
    {"", "header row"},
    {"name\tvalue\n", "header row is none of"},
    {"code\treason\n5.1.1\tuser-unknown\n", "no column"},
    {"code\treason\ttype\tfault\tmeaning\n5.1\tuser-unknown\t-\t-\tx\n", ":2: '5.1' is no status code"},
    {"code\treason\ttype\tfault\tmeaning\n3.1.1\tuser-unknown\t-\t-\tx\n", "no status code"},
    {"code\treason\ttype\tfault\tmeaning\n5.1.1\tnobody\t-\t-\tx\n", "unknown reason 'nobody'"},
    {"code\treason\ttype\tfault\tmeaning\n5.1.1\tpolicy\thrad\t-\tx\n", "unknown type 'hrad'"},
    {"code\treason\ttype\tfault\tmeaning\n5.1.1\tpolicy\t-\tus\tx\n", "unknown fault 'us'"},
    {"reply\treason\ttype\tmeaning\n55\tpolicy\t-\tx\n", "'55' is no reply code"},
    {"kind\tkey\tprovider\tgroup\nhost\ta.example\tx\tisp\n", "domain, mx or hint"},
    {RULE_HEADER "r\teverywhere\t-\t-\tcontains\tx\tspam\t-\tx\n", "a scope is"},
    {RULE_HEADER "r\tall\t5.1\t-\tcontains\tx\tspam\t-\tx\n", "a status is"},
    {RULE_HEADER "r\tall\t-\t5x0\tcontains\tx\tspam\t-\tx\n", "a reply is"},
    {RULE_HEADER "r\tall\t-\t-\tlike\tx\tspam\t-\tx\n", "match is contains"},
    {RULE_HEADER "r\tall\t-\t-\tcontains\t\tspam\t-\tx\n", "no text"},
    {RULE_HEADER "r\tall\t-\t-\tglob\t*?*\tspam\t-\tx\n", "no text"},
    {RULE_HEADER "r\tall\t-\t-\tregex\t(\tspam\t-\tx\n", "rule r:"},
    {RULE_HEADER "r\tall\t-\t-\tcontains\tx\tspam\t-\tx\nr\tall\t-\t-\tcontains\ty\tspam\t-\ty\n", "already"},
    {RULE_HEADER "\tall\t-\t-\tcontains\tx\tspam\t-\tx\n", "needs an id"},
};

static void
test_broken (void **state)
{
    g_autofree char *folder = g_dir_make_tmp ("nixie-tables-XXXXXX", NULL);

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (BROKEN); i++) {
        g_autofree char *path = write_file (folder, "broken.tsv", BROKEN[i].text);
        const char *const files[] = {path, NULL};
        g_autoptr (GError) error = NULL;
        g_autoptr (Tables) tables = tables_load (files, FALSE, &error);

        if (tables != NULL)
            fail_msg ("taken: %s", BROKEN[i].text);
        assert_non_null (error);
        assert_int_equal (error->domain, TABLES_ERROR);
        if (strstr (error->message, BROKEN[i].says) == NULL)
            fail_msg ("'%s' does not say '%s'", error->message, BROKEN[i].says);
        g_unlink (path);
    }
    g_rmdir (folder);
}

static void
test_missing (void **state)
{
    const char *const files[] = {"/nowhere/rules.tsv", NULL};
    g_autoptr (GError) error = NULL;

    (void) state;
    assert_null (tables_load (files, FALSE, &error));
    assert_int_equal (error->code, DATA_FILES_ERROR_READ);
    assert_string_equal (error->message, "cannot read '/nowhere/rules.tsv': No such file or directory");
}

UNIT_MAIN (cmocka_unit_test (test_registry), cmocka_unit_test (test_lookup), cmocka_unit_test (test_layers),
           cmocka_unit_test (test_broken), cmocka_unit_test (test_missing))
