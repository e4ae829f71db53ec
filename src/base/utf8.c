/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

static gboolean
is_tail (const guchar *at, guint n)
{
    for (guint i = 0; i < n; i++)
        if ((at[i] & 0xc0) != 0x80)
            return FALSE;
    return TRUE;
}

guint
utf8_length (const char *text, gsize available)
{
    const guchar *at = (const guchar *) text;

    if (available == 0)
        return 0;
    if (at[0] < 0x80)
        return 1;
    if (at[0] >= 0xc2 && at[0] <= 0xdf)
        return available >= 2 && is_tail (at + 1, 1) ? 2 : 0;
    if (at[0] >= 0xe0 && at[0] <= 0xef) {
        if (available < 3 || !is_tail (at + 1, 2) || (at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f))
            return 0;
        return 3;
    }
    if (at[0] >= 0xf0 && at[0] <= 0xf4) {
        if (available < 4 || !is_tail (at + 1, 3) || (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
            return 0;
        return 4;
    }
    return 0;
}

gunichar
utf8_decode (const char *text, guint length)
{
    const guchar *at = (const guchar *) text;

    switch (length) {
    case 1:
        return at[0];
    case 2:
        return (gunichar) (at[0] & 0x1f) << 6 | (at[1] & 0x3f);
    case 3:
        return (gunichar) (at[0] & 0x0f) << 12 | (gunichar) (at[1] & 0x3f) << 6 | (at[2] & 0x3f);
    default:
        return (gunichar) (at[0] & 0x07) << 18 | (gunichar) (at[1] & 0x3f) << 12 | (gunichar) (at[2] & 0x3f) << 6 |
               (at[3] & 0x3f);
    }
}

gboolean
utf8_is_invisible (gunichar c)
{
    return c == 0xad || c == 0x61c || c == 0x180e || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}
