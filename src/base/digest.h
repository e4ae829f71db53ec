/* SPDX-License-Identifier: MIT */
/* The identity of bytes: SHA-256 cut to 128 bits. Mail is hostile, so the digest must resist made-up collisions;
 * 128 bits are enough for that and half the size in every index. */
#ifndef NIXIE_BASE_DIGEST_H
#define NIXIE_BASE_DIGEST_H

#include <glib.h>

#define DIGEST_SIZE 16
#define DIGEST_TEXT_SIZE (2 * DIGEST_SIZE + 1)

typedef struct {
    guint8 bytes[DIGEST_SIZE];
} Digest;

typedef struct Digester Digester;

Digester *digester_new (void);
void digester_free (Digester *digester);
void digester_reset (Digester *digester);
void digester_add (Digester *digester, const void *data, gsize length);
/* Ends the stream; reset before the next. */
Digest digester_end (Digester *digester);

Digest digest_of (const void *data, gsize length);
gboolean digest_equal (const Digest *a, const Digest *b);
/* 32 lower-case hexadecimal digits. Returns `out`. */
const char *digest_format (const Digest *digest, char out[DIGEST_TEXT_SIZE]);
gboolean digest_parse (const char *text, Digest *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Digester, digester_free)

#endif
