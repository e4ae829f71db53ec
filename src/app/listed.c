/* SPDX-License-Identifier: MIT */
#include "app/listed.h"

#include <string.h>

#include "event/address.h"
#include "event/domain.h"

struct Listed {
    Arena *arena;
    GHashTable *entries; /* key text → ListedEntry, both in the arena */
    guint decisions;
    gboolean case_sensitive;
    Arena *scratch;
};

void
listed_free (Listed *listed)
{
    if (!listed)
        return;
    g_hash_table_unref (listed->entries);
    arena_free (listed->arena);
    arena_free (listed->scratch);
    g_free (listed);
}

static const char *
key_of (const Listed *listed, const char *address, Arena *arena)
{
    if (!listed->case_sensitive)
        return address_normal (arena, address);
    const char *domain = address_domain (address);
    return arena_printf (arena, "%.*s%s", (int) (domain - address), address, domain_to_ascii (arena, domain));
}

static gboolean
add (const Decision *decision, gpointer user, GError **error)
{
    Listed *listed = user;
    (void) error;
    if (!(listed->decisions & 1u << decision->decision))
        return TRUE;
    arena_clear (listed->scratch);
    const char *key = arena_strdup (listed->arena, key_of (listed, decision->email, listed->scratch));
    ListedEntry *entry = arena_new0 (listed->arena, ListedEntry);
    entry->decision = decision->decision;
    entry->reason = decision->reason;
    entry->failures = decision->failures;
    entry->last_seen = decision->last_seen;
    entry->status = arena_strdup (listed->arena, *decision->status ? decision->status : decision->reply);
    g_hash_table_insert (listed->entries, (gpointer) key, entry);
    return TRUE;
}

Listed *
listed_new (Ledger *ledger, guint decisions, gboolean case_sensitive, GError **error)
{
    g_autoptr (Listed) listed = g_new0 (Listed, 1);
    listed->arena = arena_new ();
    listed->scratch = arena_new ();
    listed->entries = g_hash_table_new (g_str_hash, g_str_equal);
    listed->decisions = decisions;
    listed->case_sensitive = case_sensitive;
    return ledger_decisions_of (ledger, 0, add, listed, error) ? g_steal_pointer (&listed) : NULL;
}

const ListedEntry *
listed_find (const Listed *listed, const char *address, Arena *scratch)
{
    return g_hash_table_lookup (listed->entries, key_of (listed, address, scratch));
}
