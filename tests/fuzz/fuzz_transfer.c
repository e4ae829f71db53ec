/* SPDX-License-Identifier: MIT */
/* Transfer encodings: never more bytes than there were or than are allowed; what others encoded decodes to what it was. */
#include "fuzz.h"

#include "mail/transfer.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    const char *bytes = size > 0 ? (const char *) data : "";
    Arena *arena = fuzz_arena ();
    gsize maximum = size > 0 && (guchar) bytes[0] < 32 ? (guchar) bytes[0] : size;
    gboolean truncated;
    Span out;

    for (Transfer transfer = TRANSFER_PLAIN; transfer <= TRANSFER_UUENCODE; transfer++) {
        truncated = FALSE;
        out = transfer_decode (arena, transfer, span (bytes, size), maximum, &truncated);
        g_assert (out.length <= maximum && (truncated || maximum < size || out.length <= size));
    }
    if (size > 0) {
        char *encoded = g_base64_encode (data, size), *decoded = arena_alloc (arena, 2 * size + 8);

        g_assert (transfer_base64 (encoded, strlen (encoded), decoded, 2 * size + 8) == size);
        g_assert (memcmp (decoded, data, size) == 0);
        g_free (encoded);
    }
    transfer_from_text (arena_strndup (arena, bytes, size));
    return 0;
}
