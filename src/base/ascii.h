/* SPDX-License-Identifier: MIT */
/* ASCII letters without regard to case, for loops that run over every byte of the mail: inline, no table, no call. */
#ifndef NIXIE_BASE_ASCII_H
#define NIXIE_BASE_ASCII_H

#include <glib.h>

static inline char
ascii_lower (char c)
{
    return (guchar) (c - 'A') < 26 ? (char) (c | 0x20) : c;
}

/* The first `length` bytes of both, case ignored. Unlike strncasecmp() it does not end at a NUL: both must have them. */
static inline gboolean
ascii_equal (const char *a, const char *b, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (a[i] != b[i] && ascii_lower (a[i]) != ascii_lower (b[i]))
            return FALSE;
    return TRUE;
}

#endif
