/* SPDX-License-Identifier: MIT */
#include "mail/charset_jis.h"

#include <string.h>

typedef enum { JIS_ASCII, JIS_KANA, JIS_KANJI, JIS_UNKNOWN } JisSet;

/* ISO 2022 designations; what Japanese mail uses, old forms included. */
static const struct {
    const char *escape;
    JisSet set;
} jis_escapes[] = {
    {"\033(B", JIS_ASCII},  {"\033(J", JIS_ASCII}, {"\033(H", JIS_ASCII},   {"\033(I", JIS_KANA},
    {"\033$@", JIS_KANJI},  {"\033$B", JIS_KANJI}, {"\033$(@", JIS_KANJI},  {"\033$(B", JIS_KANJI},
    {"\033&@", JIS_UNKNOWN}, {"\033$(D", JIS_UNKNOWN}, {"\033$(C", JIS_UNKNOWN}, {"\033$A", JIS_UNKNOWN},
};

static gsize
jis_escape (const char *at, gsize available, JisSet *set)
{
    for (gsize i = 0; i < G_N_ELEMENTS (jis_escapes); i++) {
        gsize length = strlen (jis_escapes[i].escape);
        if (available >= length && memcmp (at, jis_escapes[i].escape, length) == 0) {
            if (jis_escapes[i].escape[1] != '&') /* only announces the next */
                *set = jis_escapes[i].set;
            return length;
        }
    }
    return 0;
}

gboolean
charset_jis_has_escape (Span bytes)
{
    const char *end = bytes.at + bytes.length;
    JisSet set;

    if (bytes.length == 0)
        return FALSE;
    for (const char *at = bytes.at; (at = memchr (at, '\033', (gsize) (end - at))) != NULL; at++)
        if (jis_escape (at, (gsize) (end - at), &set) > 0)
            return TRUE;
    return FALSE;
}

/* Row and cell of JIS X 0208 (0x21..0x7e) to the two bytes of Shift_JIS. */
static void
append_kanji (GString *out, guint row, guint cell)
{
    guint lead = row < 0x5f ? (row - 0x21) / 2 + 0x81 : (row - 0x5f) / 2 + 0xe0;
    guint trail = row & 1 ? cell + (cell < 0x60 ? 0x1f : 0x20) : cell + 0x7e;

    g_string_append_c (out, (char) lead);
    g_string_append_c (out, (char) trail);
}

gboolean
charset_jis_to_shift_jis (Span bytes, GString *out)
{
    JisSet set = JIS_ASCII;
    gboolean clean = TRUE;

    for (gsize i = 0; i < bytes.length;) {
        guint8 byte = (guint8) bytes.at[i];
        guint8 next = i + 1 < bytes.length ? (guint8) bytes.at[i + 1] : 0;
        gsize escape = byte == 0x1b ? jis_escape (bytes.at + i, bytes.length - i, &set) : 0;

        if (escape > 0) {
            i += escape;
        } else if (byte == '\n' || byte == '\r') {
            /* Lines begin in ASCII, also after a line that was cut before its closing escape. */
            set = JIS_ASCII;
            g_string_append_c (out, (char) byte);
            i++;
        } else if (byte <= 0x20 || set == JIS_ASCII || byte >= 0x7f) {
            g_string_append_c (out, (char) byte);
            i++;
        } else if (set == JIS_KANA && byte <= 0x5f) {
            g_string_append_c (out, (char) (byte + 0x80));
            i++;
        } else if (set == JIS_KANJI && next >= 0x21 && next <= 0x7e) {
            append_kanji (out, byte, next);
            i += 2;
        } else {
            g_string_append_c (out, '?');
            clean = FALSE;
            i += set == JIS_UNKNOWN && next > 0x20 && next < 0x7f ? 2 : 1;
        }
    }
    return clean;
}
