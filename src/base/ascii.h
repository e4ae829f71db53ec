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

/* In a header field's name: of what RFC 5322 allows there, without the signs that no field has and that text,
 * addresses and lost continuation lines ("h=From:Date;", "<a@b>: said") have. */
static inline gboolean
ascii_is_field_name (char byte)
{
    static const guint64 marks[2] = {
        /* !#$%&'*+-./ and the digits; ^_`{|}~ and the letters */
        G_GUINT64_CONSTANT (0x03ffecfa00000000), G_GUINT64_CONSTANT (0x7fffffffc7fffffe)};

    return byte >= 0 && (marks[byte >> 6] >> (byte & 63) & 1);
}

/* The first `length` bytes of both, case ignored. Unlike strncasecmp() it does not end at
 * a NUL: both must have them. */
static inline gboolean
ascii_equal (const char *a, const char *b, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (a[i] != b[i] && ascii_lower (a[i]) != ascii_lower (b[i]))
            return FALSE;
    return TRUE;
}

#endif
