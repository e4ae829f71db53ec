/* SPDX-License-Identifier: MIT */
#include "mail/charset.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "mail/bytes.h"
#include "mail/charset_jis.h"
#include "mail/mail_view.h"

#include <errno.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"
#define N_CONVERTERS 64

/* Names that mail uses for what iconv calls otherwise, and the larger charsets that are meant where a smaller one is
 * named (as the WHATWG Encoding standard has them). The second column is canonical: "" = look at the bytes. */
static const char *const charset_aliases[][2] = {
    {"us-ascii", ""},
    {"ascii", ""},
    {"ansi_x3.4-1968", ""},
    {"x-unknown", ""},
    {"unknown", ""},
    {"unknown-8bit", ""},
    {"x-user-defined", ""},
    {"default", ""},
    {"none", ""},
    {"utf8", "UTF-8"},
    {"utf-8", "UTF-8"},
    {"uft-8", "UTF-8"},
    {"utf_8", "UTF-8"},
    {"unicode-1-1-utf-8", "UTF-8"},
    {"utf-7", "UTF-7"},
    {"utf7", "UTF-7"},
    {"unicode-1-1-utf-7", "UTF-7"},
    {"x-unicode-2-0-utf-7", "UTF-7"},
    {"iso-8859-1", "CP1252"},
    {"iso8859-1", "CP1252"},
    {"iso_8859-1", "CP1252"},
    {"iso-8859-1:1987", "CP1252"},
    {"latin1", "CP1252"},
    {"latin-1", "CP1252"},
    {"windows-1252", "CP1252"},
    {"cp1252", "CP1252"},
    {"cp-1252", "CP1252"},
    {"ansi", "CP1252"},
    {"iso8859-2", "ISO-8859-2"},
    {"iso_8859-2", "ISO-8859-2"},
    {"iso8859-5", "ISO-8859-5"},
    {"iso_8859-5", "ISO-8859-5"},
    {"iso8859-7", "ISO-8859-7"},
    {"iso_8859-7", "ISO-8859-7"},
    {"iso8859-15", "ISO-8859-15"},
    {"iso_8859-15", "ISO-8859-15"},
    {"latin2", "ISO-8859-2"},
    {"latin-2", "ISO-8859-2"},
    {"latin9", "ISO-8859-15"},
    {"latin-9", "ISO-8859-15"},
    {"iso-8859-8-i", "ISO-8859-8"},
    {"iso-8859-8-e", "ISO-8859-8"},
    {"iso-8859-9", "CP1254"},
    {"iso-8859-11", "CP874"},
    {"tis-620", "CP874"},
    {"windows-874", "CP874"},
    {"gb2312", "GB18030"},
    {"gb_2312-80", "GB18030"},
    {"gbk", "GB18030"},
    {"x-gbk", "GB18030"},
    {"cp936", "GB18030"},
    {"hz-gb-2312", "HZ"},
    {"big5", "BIG5-HKSCS"},
    {"big5-hkscs", "BIG5-HKSCS"},
    {"x-x-big5", "BIG5-HKSCS"},
    {"cn-big5", "BIG5-HKSCS"},
    {"ks_c_5601-1987", "CP949"},
    {"ks_c_5601-1989", "CP949"},
    {"ksc5601", "CP949"},
    {"ksc_5601", "CP949"},
    {"euc-kr", "CP949"},
    {"x-windows-949", "CP949"},
    {"shift_jis", "CP932"},
    {"shift-jis", "CP932"},
    {"shiftjis", "CP932"},
    {"x-sjis", "CP932"},
    {"sjis", "CP932"},
    {"ms_kanji", "CP932"},
    {"windows-31j", "CP932"},
    {"cp932", "CP932"},
    {"euc-jp", "EUC-JP-MS"},
    {"x-euc-jp", "EUC-JP-MS"},
    {"eucjp", "EUC-JP-MS"},
    {"iso-2022-jp", "ISO-2022-JP"},
    {"iso2022jp", "ISO-2022-JP"},
    {"iso-2022-jp-1", "ISO-2022-JP"},
    {"iso-2022-jp-2", "ISO-2022-JP"},
    {"iso-2022-jp-3", "ISO-2022-JP"},
    {"iso-2022-jp-ms", "ISO-2022-JP"},
    {"cp50220", "ISO-2022-JP"},
    {"cp50221", "ISO-2022-JP"},
    {"cp50222", "ISO-2022-JP"},
    {"csiso2022jp", "ISO-2022-JP"},
    {"macintosh", "MACINTOSH"},
    {"x-mac-roman", "MACINTOSH"},
};

/* What charset_preload() opens: what real bounces have been seen in. */
static const char *const charset_usual[] = {
    "CP932",      "EUC-JP-MS",  "UTF-7",      "GB18030",     "BIG5-HKSCS", "CP949",      "KOI8-R",      "KOI8-U",
    "CP1250",     "CP1251",     "CP1253",     "CP1254",      "CP1255",     "CP1256",     "CP1257",      "CP1258",
    "ISO-8859-2", "ISO-8859-3", "ISO-8859-4", "ISO-8859-5",  "ISO-8859-6", "ISO-8859-7", "ISO-8859-8",  "ISO-8859-10",
    "CP874",      "ISO-8859-13", "ISO-8859-14", "ISO-8859-15", "ISO-8859-16", "ISO-2022-KR", "UTF-16",   "HZ",
    "ISO-2022-JP", "MACINTOSH",  "CP437",      "CP850",       "CP852",      "CP866",      "UTF-16LE",    "UTF-16BE",
    "ISO-2022-CN-EXT",
};

/* Converters once opened: opening costs more than converting a header, and cannot be done in a sandbox. The first
 * charset_n_pinned stay, the others make room for each other. Which are open never changes what a text becomes. */
static struct {
    char name[CHARSET_NAME_SIZE];
    GIConv converter; /* (GIConv) -1 = iconv does not know the name */
} charset_cache[N_CONVERTERS];
static guint charset_n_cached, charset_n_pinned, charset_next_victim;
/* By charset_preload(): no other is opened, so that a process that may open no file reads as one that may. */
static gboolean charset_is_closed;

const char *
charset_canonical (const char *charset, char out[CHARSET_NAME_SIZE])
{
    gsize length = 0;

    if (text_is_empty (charset)) {
        out[0] = '\0';
        return out;
    }
    /* Quotes, spaces, backslashes and what else stands around a name are no part of it. */
    for (; *charset && length < CHARSET_NAME_SIZE - 1; charset++)
        if (g_ascii_isalnum (*charset) || strchr ("-_.:+", *charset))
            out[length++] = ascii_lower (*charset);
        else if (length > 0)
            break;
    out[length] = '\0';
    for (gsize i = 0; i < G_N_ELEMENTS (charset_aliases); i++)
        if (*out == *charset_aliases[i][0] && strcmp (out, charset_aliases[i][0]) == 0)
            return charset_aliases[i][1];
    if (g_str_has_prefix (out, "windows-"))
        memcpy (out, "cp", 2), memmove (out + 2, out + 8, length - 8 + 1);
    return out;
}

static GIConv
charset_open (const char *name)
{
    guint slot;

    for (slot = 0; slot < charset_n_cached; slot++)
        if (g_ascii_strcasecmp (charset_cache[slot].name, name) == 0)
            return charset_cache[slot].converter;
    if (charset_is_closed)
        return (GIConv) -1;
    if (charset_n_cached < N_CONVERTERS) {
        charset_n_cached++;
    } else {
        slot = charset_n_pinned + charset_next_victim++ % (N_CONVERTERS - charset_n_pinned);
        if (charset_cache[slot].converter != (GIConv) -1)
            g_iconv_close (charset_cache[slot].converter);
    }
    g_strlcpy (charset_cache[slot].name, name, CHARSET_NAME_SIZE);
    charset_cache[slot].converter = g_iconv_open ("UTF-8", name);
    return charset_cache[slot].converter;
}

void
charset_preload (void)
{
    if (charset_n_pinned > 0)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS (charset_usual); i++)
        (void) charset_open (charset_usual[i]);
    charset_n_pinned = charset_n_cached;
    charset_is_closed = TRUE;
}

/* --- looking at the bytes ---------------------------------------------------------------------------------------- */

/* How many characters beyond ASCII are well-formed UTF-8, how many bytes are none. */
static void
count_utf8 (Span bytes, gsize *well_formed, gsize *broken)
{
    *well_formed = *broken = 0;
    for (gsize i = 0; i < bytes.length;) {
        guint length = (guint8) bytes.at[i] < 0x80 ? 1 : utf8_length (bytes.at + i, bytes.length - i);
        if (length == 0)
            ++*broken;
        else if (length > 1)
            ++*well_formed;
        i += MAX (length, 1);
    }
}

/* Two bytes a character, all of them in range, and among them kana: without kana nothing tells them from accented
 * Western letters. */
static gboolean
looks_euc_jp (Span bytes)
{
    gsize kana = 0, characters = 0;

    for (gsize i = 0; i < bytes.length; i++) {
        guint8 lead = (guint8) bytes.at[i];
        if (lead < 0x80)
            continue;
        if (i + 1 == bytes.length || (guint8) bytes.at[i + 1] < 0xa1 || (lead < 0xa1 && lead != 0x8e) || lead == 0xff)
            return FALSE;
        kana += lead == 0xa4 || lead == 0xa5;
        characters++;
        i++;
    }
    return kana >= 2 && kana * 5 >= characters;
}

static gboolean
looks_shift_jis (Span bytes)
{
    gsize kana = 0, characters = 0;

    for (gsize i = 0; i < bytes.length; i++) {
        guint8 lead = (guint8) bytes.at[i];
        guint8 trail = i + 1 < bytes.length ? (guint8) bytes.at[i + 1] : 0;
        if (lead < 0x80)
            continue;
        characters++;
        if (lead >= 0xa1 && lead <= 0xdf) /* half-width katakana */
            continue;
        if (lead == 0x80 || lead == 0xa0 || lead > 0xfc || trail < 0x40 || trail == 0x7f || trail > 0xfc)
            return FALSE;
        kana += (lead == 0x82 && trail >= 0x9f) || (lead == 0x83 && trail <= 0x96);
        i++;
    }
    return kana >= 2 && kana * 5 >= characters;
}

const char *
charset_detect (Span bytes)
{
    gsize well_formed, broken;

    count_utf8 (bytes, &well_formed, &broken);
    if (charset_jis_has_escape (bytes) && broken == 0)
        return "iso-2022-jp";
    if (broken == 0 || well_formed > broken * 4)
        return "utf-8";
    if (looks_euc_jp (bytes))
        return "euc-jp";
    if (looks_shift_jis (bytes))
        return "cp932";
    return "windows-1252";
}

/* --- converting -------------------------------------------------------------------------------------------------- */

/* Own copy: valid UTF-8 with NUL and broken bytes as U+FFFD. */
static gboolean
append_utf8 (GString *out, Span bytes)
{
    gboolean clean = TRUE;

    for (gsize i = 0; i < bytes.length;) {
        gsize start = i;
        guint length = 0;
        while (i < bytes.length && bytes.at[i] != '\0' &&
               (length = (guint8) bytes.at[i] < 0x80 ? 1 : utf8_length (bytes.at + i, bytes.length - i)) > 0)
            i += length;
        g_string_append_len (out, bytes.at + start, (gssize) (i - start));
        if (i < bytes.length) {
            g_string_append (out, REPLACEMENT);
            clean = FALSE;
            i++;
        }
    }
    return clean;
}

/* windows-1252, the five bytes that it does not have as U+FFFD. */
static gboolean
append_windows_1252 (GString *out, Span bytes)
{
    static const guint16 high[32] = {
        0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
    };
    gboolean clean = TRUE;

    for (gsize i = 0; i < bytes.length; i++) {
        guint8 byte = (guint8) bytes.at[i];
        gunichar character = byte == 0 ? 0xfffd : byte >= 0x80 && byte < 0xa0 ? high[byte - 0x80] : byte;
        clean = clean && character != 0xfffd;
        g_string_append_unichar (out, character);
    }
    return clean;
}

/* By iconv; what it refuses becomes one U+FFFD a byte and the rest goes on. FALSE when something was refused. */
static gboolean
append_iconv (GString *out, GIConv converter, Span bytes, gsize maximum)
{
    char *in = (char *) bytes.at;
    gsize left = bytes.length;
    gboolean clean = TRUE;

    g_iconv (converter, NULL, NULL, NULL, NULL);
    while (left > 0 && out->len <= maximum) {
        char block[1024];
        char *block_at = block;
        gsize room = sizeof block;
        gsize result = g_iconv (converter, &in, &left, &block_at, &room);
        int problem = result == (gsize) -1 ? errno : 0;

        clean = append_utf8 (out, span (block, (gsize) (block_at - block))) && clean;
        if (problem == EILSEQ || problem == EINVAL) {
            g_string_append (out, REPLACEMENT);
            clean = FALSE;
            in++;
            left--;
        } else if (problem == E2BIG && block_at == block) {
            break; /* cannot happen: a kilobyte holds any character */
        }
    }
    return clean;
}

static gboolean
append_converted (GString *out, const char *name, Span bytes, gsize maximum)
{
    GIConv converter;

    if (text_equal (name, "UTF-8"))
        return append_utf8 (out, bytes);
    if (text_equal (name, "CP1252") || text_equal (name, "windows-1252"))
        return append_windows_1252 (out, bytes);
    if (text_equal (name, "ISO-2022-JP")) {
        g_autoptr (GString) shifted = g_string_sized_new (bytes.length);
        gboolean clean = charset_jis_to_shift_jis (bytes, shifted);
        return append_converted (out, "CP932", span (shifted->str, shifted->len), maximum) && clean;
    }
    converter = charset_open (text_equal (name, "euc-jp") ? "EUC-JP-MS" : name);
    if (converter == (GIConv) -1)
        return append_utf8 (out, bytes);
    return append_iconv (out, converter, bytes, maximum);
}

/* The charset that the bytes are read in: the named one unless it is unknown or plainly cannot be. */
static const char *
choose (const char *canonical, Span bytes, gboolean *repaired)
{
    gsize well_formed, broken;

    if (*canonical == '\0') {
        const char *found = charset_detect (bytes);
        *repaired = !text_equal (found, "utf-8") && !text_equal (found, "iso-2022-jp");
        return found;
    }
    if (text_equal (canonical, "UTF-8")) {
        count_utf8 (bytes, &well_formed, &broken);
        if (broken > 0 || charset_jis_has_escape (bytes)) {
            *repaired = TRUE;
            return charset_detect (bytes);
        }
        return canonical;
    }
    if (text_equal (canonical, "ISO-2022-JP") && !charset_jis_has_escape (bytes)) {
        /* Seven bits by definition; eight bits say that it is something else. */
        count_utf8 (bytes, &well_formed, &broken);
        *repaired = well_formed + broken > 0;
        return charset_detect (bytes);
    }
    if (!text_equal (canonical, "CP1252") && charset_open (canonical) == (GIConv) -1 &&
        !text_equal (canonical, "ISO-2022-JP")) {
        *repaired = TRUE;
        return charset_detect (bytes);
    }
    return canonical;
}

/* In the charsets that nearly all mail is in, and in most others, ASCII bytes are ASCII characters. */
static gboolean
ascii_is_ascii (const char *canonical)
{
    return canonical[0] == '\0' || text_equal (canonical, "UTF-8") || text_equal (canonical, "us-ascii") ||
           (!text_equal (canonical, "UTF-7") && !text_equal (canonical, "HZ") &&
            !text_has_prefix (canonical, "utf-16") && !text_has_prefix (canonical, "utf-32") &&
            !text_has_prefix (canonical, "ucs-") && !text_has_prefix (canonical, "ebcdic") &&
            !text_has_prefix (canonical, "ibm"));
}

Span
charset_to_utf8 (Arena *arena, const char *charset, Span bytes, gsize maximum, guint32 *flags)
{
    char name[CHARSET_NAME_SIZE];
    const char *canonical = charset_canonical (charset, name);
    gboolean repaired = FALSE;
    gsize length;

    /* Most text: nothing is converted, nothing can be wrong. */
    if (ascii_is_ascii (canonical) && bytes_are_ascii (bytes)) {
        if (bytes.length > maximum)
            *flags |= MAIL_TEXT_CAPPED;
        length = MIN (bytes.length, maximum);
        return span (arena_strndup (arena, bytes.length ? bytes.at : "", length), length);
    }

    g_autoptr (GString) out = g_string_sized_new (bytes.length + bytes.length / 4);
    const char *chosen = choose (canonical, bytes, &repaired);
    if (text_equal (chosen, "iso-2022-jp"))
        chosen = "ISO-2022-JP";
    if (!append_converted (out, chosen, bytes, maximum) || repaired)
        *flags |= MAIL_CHARSET_REPAIRED;
    length = out->len;
    if (length > maximum) {
        length = text_cut (out->str, out->len, maximum);
        *flags |= MAIL_TEXT_CAPPED;
    }
    return span (arena_strndup (arena, out->str, length), length);
}
