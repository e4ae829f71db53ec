/* SPDX-License-Identifier: MIT */
/* UTF-8, byte by byte: what is a character, what must not reach a terminal. Pure. */
#ifndef NIXIE_BASE_UTF8_H
#define NIXIE_BASE_UTF8_H

#include <glib.h>

/* Length of the well-formed character at `at` (1..4), 0 when it is none (overlong, surrogate, cut, beyond U+10FFFF). */
guint utf8_length (const char *text, gsize available);
gunichar utf8_decode (const char *text, guint length);
/* C0, DEL, C1. */
static inline gboolean
utf8_is_control (gunichar character)
{
    return character < 0x20 || (character >= 0x7f && character < 0xa0);
}
/* Bidi embeddings, overrides, isolates and marks, U+2028/2029, zero-width and other invisible formatting characters. */
gboolean utf8_is_invisible (gunichar character);

#endif
