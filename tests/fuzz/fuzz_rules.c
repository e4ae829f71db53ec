/* SPDX-License-Identifier: MIT */
/* The tables of an administrator: the first byte says which. What is taken can be asked, and what is refused says why.
 * Globs find what their literal stands in. */
#include "fuzz.h"

#include "classify/code_table.h"
#include "classify/provider_table.h"
#include "classify/rule_pattern.h"
#include "classify/rule_table.h"

static const char TEXT[] = "550 5.1.1 <x@b.example>: user unknown; mailbox full, see https://a.example/?p=unknown";

static void
read_rules (Arena *arena, const char *bytes, gsize size, GError **error)
{
    g_autoptr (RuleTable) table = rule_table_new ();
    RuleSubject subject = {"gmail", "mimecast", "rfc3464", "RCPT", "5.1.1", "550", TEXT, sizeof TEXT - 1};

    /* layer 0: expressions are only made where their literals are found, as in the program */
    if (!rule_table_read (table, "f", bytes, size, 0, error))
        return;
    rule_table_finish (table);
    const Rule *first = rule_table_find (table, &subject, arena);
    g_autoptr (GPtrArray) all = rule_table_find_all (table, &subject, arena);
    g_assert (first == NULL ? all->len == 0 : all->len > 0 && g_ptr_array_index (all, 0) == first);
}

static void
read_codes (Arena *arena, const char *bytes, gsize size, GError **error)
{
    CodeTable table;

    code_table_init (&table);
    if (size % 2 ? code_table_read_statuses (&table, arena, "f", bytes, size, error)
                 : code_table_read_replies (&table, arena, "f", bytes, size, error)) {
        code_table_status (&table, "5.1.1");
        code_table_reply (&table, "550");
    }
    code_table_clear (&table);
}

static void
read_providers (Arena *arena, const char *bytes, gsize size, gboolean list, GError **error)
{
    g_autoptr (ProviderTable) table = provider_table_new ();
    BounceEvent event;

    if (list)
        provider_table_add_mx_list (table, bytes, size);
    else if (!provider_table_read (table, "f", bytes, size, error))
        return;
    provider_table_finish (table);
    event_init (&event);
    event.domain = "mail.b.example";
    event.remote_mta = "mx.b.example";
    event.diagnostic = TEXT;
    ProviderAnswer answer = provider_table_find (table, &event, arena);
    g_assert (answer.provider != NULL && answer.gateway != NULL && answer.group != NULL);
}

static void
read_glob (Arena *arena, const char *bytes, gsize size)
{
    const char *glob = arena_strndup (arena, bytes, size);

    if (glob_found (glob, TEXT))
        g_assert (strstr (TEXT, glob_literal (arena, glob)) != NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    Arena *arena = fuzz_arena ();
    g_autoptr (GError) error = NULL;
    const char *bytes = size > 0 ? (const char *) data + 1 : "";
    gsize length = size > 0 ? size - 1 : 0;

    switch (size > 0 ? data[0] : 0) {
    case 's': read_codes (arena, bytes, length, &error); break;
    case 'p': read_providers (arena, bytes, length, FALSE, &error); break;
    case 'm': read_providers (arena, bytes, length, TRUE, &error); break;
    case 'g': read_glob (arena, bytes, length); break;
    default: read_rules (arena, bytes, length, &error); break;
    }
    g_assert (error == NULL || g_str_has_prefix (error->message, "f"));
    return 0;
}
