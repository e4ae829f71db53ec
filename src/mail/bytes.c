/* SPDX-License-Identifier: MIT */
#include "mail/bytes.h"

#include <string.h>

#define EACH(byte) (G_GUINT64_CONSTANT (0x0101010101010101) * (guint8) (byte))
#define TOP_BITS EACH (0x80)

/* Non-zero when a byte of the word is zero: the usual trick; it may also mark bytes above a zero, never without one. */
static guint64
zero_byte (guint64 word)
{
    return (word - EACH (1)) & ~word & TOP_BITS;
}

static guint64
load (const char *at)
{
    guint64 word;

    memcpy (&word, at, sizeof word);
    return word;
}

gboolean
bytes_are_printable (Span bytes)
{
    gsize i = 0;

    for (; i + 8 <= bytes.length; i += 8) {
        guint64 word = load (bytes.at + i);
        guint64 below_space = (word - EACH (' ')) & ~word & TOP_BITS;
        if ((word & TOP_BITS) | below_space | zero_byte (word ^ EACH (0x7f)))
            return FALSE;
    }
    for (; i < bytes.length; i++)
        if (bytes.at[i] < ' ' || bytes.at[i] == 0x7f)
            return FALSE;
    return TRUE;
}

gboolean
bytes_are_ascii (Span bytes)
{
    gsize i = 0;

    for (; i + 8 <= bytes.length; i += 8) {
        guint64 word = load (bytes.at + i);
        if ((word & TOP_BITS) | zero_byte (word) | zero_byte (word ^ EACH (0x1b)))
            return FALSE;
    }
    for (; i < bytes.length; i++)
        if ((guint8) bytes.at[i] >= 0x80 || bytes.at[i] == '\0' || bytes.at[i] == 0x1b)
            return FALSE;
    return TRUE;
}
