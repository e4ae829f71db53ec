/* SPDX-License-Identifier: MIT */
#include "app/address_set.h"

#include <string.h>

#include "event/address.h"

struct AddressSet {
    GArray *numbers; /* of guint64 */
    Arena *arena;    /* of one address */
    gboolean sorted;
};

AddressSet *
address_set_new (void)
{
    AddressSet *set = g_new0 (AddressSet, 1);
    set->numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
    set->arena = arena_new ();
    return set;
}

void
address_set_free (AddressSet *set)
{
    if (!set)
        return;
    g_array_unref (set->numbers);
    arena_free (set->arena);
    g_free (set);
}

static guint64
number_of (AddressSet *set, const char *address)
{
    guint64 number;
    arena_clear (set->arena);
    const char *normal = address_normal (set->arena, address);
    Digest digest = digest_of (normal, strlen (normal));
    memcpy (&number, digest.bytes, sizeof number);
    return GUINT64_FROM_LE (number);
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
    guint64 left = *(const guint64 *) a, right = *(const guint64 *) b;
    return left < right ? -1 : left > right;
}

void
address_set_add (AddressSet *set, const char *address)
{
    guint64 number = number_of (set, address);
    g_array_append_val (set->numbers, number);
    set->sorted = FALSE;
}

const GArray *
address_set_numbers (AddressSet *set)
{
    if (!set->sorted)
        g_array_sort (set->numbers, compare_numbers);
    set->sorted = TRUE;
    return set->numbers;
}

gboolean
address_set_has (AddressSet *set, const char *address)
{
    guint64 number = number_of (set, address);
    return g_array_binary_search ((GArray *) address_set_numbers (set), &number, compare_numbers, NULL);
}

typedef struct {
    AddressSet *set;
    guint decisions;
} Collecting;

static gboolean
collect (const Decision *decision, gpointer user, GError **error)
{
    Collecting *collecting = user;
    (void) error;
    if (collecting->decisions & 1u << decision->decision)
        address_set_add (collecting->set, decision->email);
    return TRUE;
}

AddressSet *
address_set_of (Ledger *ledger, guint decisions, GError **error)
{
    g_autoptr (AddressSet) set = address_set_new ();
    Collecting collecting = { set, decisions };
    return ledger_decisions_of (ledger, 0, collect, &collecting, error) ? g_steal_pointer (&set) : NULL;
}
