/* SPDX-License-Identifier: MIT */
/* Addresses: whatever is taken for one is one; found in order; the form for comparing is its own form for comparing. */
#include "fuzz.h"

#include "base/limits.h"
#include "event/address.h"
#include "event/domain.h"

static void
check_address (Arena *arena, const char *address)
{
    char *normal;

    if (address == NULL)
        return;
    g_assert (address_is_valid (address));
    fuzz_check_text (address, LIMIT_ADDRESS, FALSE);
    g_assert (strchr (address, '@') != NULL && *address_domain (address) != '\0');
    normal = address_normal (arena, address);
    g_assert (strcmp (address_normal (arena, normal), normal) == 0);
    fuzz_check_text (normal, 2 * LIMIT_ADDRESS, FALSE);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    const char *bytes = size > 0 ? (const char *) data : "";
    Arena *arena = fuzz_arena ();
    Span rest = span (bytes, size), before = rest;
    const char *address;

    check_address (arena, address_clean (arena, rest));
    check_address (arena, address_from_typed (arena, rest));
    while ((address = address_find (arena, &rest)) != NULL) {
        check_address (arena, address);
        g_assert (rest.length < before.length && rest.at + rest.length == bytes + size);
        before = rest;
    }
    address = arena_strndup (arena, bytes, size);
    if (address_is_valid (address))
        check_address (arena, address);
    address_normal (arena, address);
    domain_to_unicode (arena, address);
    domain_registrable (address);
    return 0;
}
