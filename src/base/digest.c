/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include <nettle/sha2.h>
#include <string.h>

struct Digester {
    struct sha256_ctx sum;
};

Digester *
digester_new (void)
{
    Digester *digester = g_new (Digester, 1);

    sha256_init (&digester->sum);
    return digester;
}

void
digester_free (Digester *digester)
{
    g_free (digester);
}

void
digester_reset (Digester *digester)
{
    sha256_init (&digester->sum);
}

void
digester_add (Digester *digester, const void *data, gsize length)
{
    if (length > 0)
        sha256_update (&digester->sum, length, data);
}

Digest
digester_end (Digester *digester)
{
    Digest digest;

    sha256_digest (&digester->sum, DIGEST_SIZE, digest.bytes);
    return digest;
}

Digest
digest_of (const void *data, gsize length)
{
    Digester digester;

    digester_reset (&digester);
    digester_add (&digester, data, length);
    return digester_end (&digester);
}

gboolean
digest_equal (const Digest *a, const Digest *b)
{
    return memcmp (a->bytes, b->bytes, DIGEST_SIZE) == 0;
}

const char *
digest_format (const Digest *digest, char out[DIGEST_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";

    for (guint i = 0; i < DIGEST_SIZE; i++) {
        out[2 * i] = digits[digest->bytes[i] >> 4];
        out[2 * i + 1] = digits[digest->bytes[i] & 15];
    }
    out[2 * DIGEST_SIZE] = '\0';
    return out;
}

gboolean
digest_parse (const char *text, Digest *out)
{
    if (text == NULL || strlen (text) != 2 * DIGEST_SIZE)
        return FALSE;
    for (guint i = 0; i < DIGEST_SIZE; i++) {
        int high = g_ascii_xdigit_value (text[2 * i]), low = g_ascii_xdigit_value (text[2 * i + 1]);

        if (high < 0 || low < 0)
            return FALSE;
        out->bytes[i] = (guint8) (high << 4 | low);
    }
    return TRUE;
}
