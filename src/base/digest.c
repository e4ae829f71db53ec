/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include <string.h>

struct Digester {
    GChecksum *sum;
};

Digester *
digester_new (void)
{
    Digester *digester = g_new0 (Digester, 1);

    digester->sum = g_checksum_new (G_CHECKSUM_SHA256);
    return digester;
}

void
digester_free (Digester *digester)
{
    if (digester == NULL)
        return;
    g_checksum_free (digester->sum);
    g_free (digester);
}

void
digester_reset (Digester *digester)
{
    g_checksum_reset (digester->sum);
}

void
digester_add (Digester *digester, const void *data, gsize length)
{
    const guchar *at = data;

    while (length > 0) { /* g_checksum_update() counts in gssize */
        gsize step = MIN (length, (gsize) 1 << 30);

        g_checksum_update (digester->sum, at, (gssize) step);
        at += step;
        length -= step;
    }
}

Digest
digester_end (Digester *digester)
{
    guint8 whole[32];
    gsize length = sizeof whole;
    Digest digest;

    g_checksum_get_digest (digester->sum, whole, &length);
    memcpy (digest.bytes, whole, DIGEST_SIZE);
    return digest;
}

Digest
digest_of (const void *data, gsize length)
{
    g_autoptr (Digester) digester = digester_new ();

    digester_add (digester, data, length);
    return digester_end (digester);
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
