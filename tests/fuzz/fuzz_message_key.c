/* SPDX-License-Identifier: MIT */
/* Who a message is: copies that differ in what a delivery or an mbox adds have one key, and on one day, since a ledger
 * looks for a key on its day alone. */
#include "fuzz.h"

#include "event/event_id.h"

#define LAST_DAY (1 + (229 * 12 + 11) * 31 + 31) /* 31 December 2199 */

static Digester *digester;

static void
check_copy (const Digest *key, guint day, const char *copy, gsize length)
{
    Digest other = message_key (digester, copy, length);

    g_assert (digest_equal (key, &other));
    g_assert (message_day (copy, length) == day);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static const char delivered[] = "Received: from a by b;\n\tDate: 7 Nov 2011\nX-UID: 5\n date: 8 Dec 2012\n";
    const char *message = size > 0 ? (const char *) data : "";
    Arena *arena = fuzz_arena ();
    char *copy = arena_alloc (arena, sizeof delivered + size + 2);

    if (digester == NULL)
        digester = digester_new ();
    Digest key = message_key (digester, message, size);
    guint day = message_day (message, size);
    g_assert (day >= 1 && day <= LAST_DAY);
    if (size > 0)
        memcpy (copy, message, size);
    memcpy (copy + size, "\n\n", 2); /* an mbox */
    check_copy (&key, day, copy, size + 2);
    if (size == 0 || *message == ' ' || *message == '\t') /* it would be the rest of what stands before it */
        return 0;
    memcpy (copy, delivered, sizeof delivered - 1);
    memcpy (copy + sizeof delivered - 1, message, size);
    check_copy (&key, day, copy, sizeof delivered - 1 + size);
    return 0;
}
