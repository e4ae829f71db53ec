/* SPDX-License-Identifier: MIT */
#include "source/content_kind.h"

#include "source/mbox_from.h"
#include "source/mbox_split.h"

#include <string.h>

G_STATIC_ASSERT (CONTENT_KIND_BYTES >= MBOX_WINDOW);

#define TAR_BLOCK 512
#define TAR_CHECKSUM 148
#define LINES_BEFORE_HEADER 5 /* junk that a mail reader or a copy put before the first field */

static gboolean
starts_with (const char *data, gsize length, const char *magic, gsize magic_length)
{
    return length >= magic_length && memcmp (data, magic, magic_length) == 0;
}

#define STARTS_WITH(magic) starts_with (data, length, magic, sizeof (magic) - 1)

static gboolean
is_filter (const char *data, gsize length)
{
    if (STARTS_WITH ("BZh") && length >= 10)
        return data[3] >= '1' && data[3] <= '9' &&
               (memcmp (data + 4, "\x31\x41\x59\x26\x53\x59", 6) == 0 ||
                memcmp (data + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
    if (length >= 4 && memcmp (data + 1, "\x2a\x4d\x18", 3) == 0) /* a zst or lz4 file that starts with a skippable frame */
        return ((guchar) data[0] & 0xf0) == 0x50;
    return STARTS_WITH ("\xfd" "7zXZ\0") || STARTS_WITH ("\x28\xb5\x2f\xfd") || STARTS_WITH ("\x04\x22\x4d\x18") ||
           STARTS_WITH ("LZIP") || STARTS_WITH ("\x1f\x9d") || STARTS_WITH ("\x5d\0\0\x80\0");
}

/* A tar header is known by its checksum, whichever dialect it is: the sum of the block with blanks for the checksum. */
static gboolean
is_tar (const char *data, gsize length)
{
    guint sum = 8 * ' ', told = 0;
    guint i = TAR_CHECKSUM;

    if (length < TAR_BLOCK || data[0] == '\0')
        return FALSE;
    while (i < TAR_CHECKSUM + 8 && data[i] == ' ')
        i++;
    if (i == TAR_CHECKSUM + 8)
        return FALSE;
    for (; i < TAR_CHECKSUM + 8 && data[i] >= '0' && data[i] <= '7'; i++)
        told = told * 8 + (guint) (data[i] - '0');
    if (told == 0) /* no sum is: mail, as good as always */
        return FALSE;
    for (i = 0; i < TAR_BLOCK; i++)
        if (i < TAR_CHECKSUM || i >= TAR_CHECKSUM + 8)
            sum += (guchar) data[i];
    return sum == told;
}

static gboolean
is_zip (const char *data, gsize length)
{
    return STARTS_WITH ("PK\003\004") || STARTS_WITH ("PK\005\006") || STARTS_WITH ("PK00PK\003\004");
}

/* Stricter than what ends a message of an mbox: nothing else tells here that this is mail at all. */
static gboolean
is_field_name_start (const char *line, gsize length)
{
    gsize i = 0;

    while (i < length && (g_ascii_isalnum (line[i]) || line[i] == '-' || line[i] == '_' || line[i] == '.'))
        i++;
    return i > 0 && header_line_look (line, length) == HEADER_LINE_YES &&
           (line[i] == ':' || line[i] == ' ' || line[i] == '\t');
}

static gboolean
is_blank_line (const char *line, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (line[i] != ' ' && line[i] != '\t')
            return FALSE;
    return TRUE;
}

/* Blank lines may come first; then a header field must come soon, and before the next blank line. */
static ContentKind
look_at_lines (const char *data, gsize length)
{
    const char *at = data, *end = data + length;
    guint lines = 0;

    while (at < end && lines < LINES_BEFORE_HEADER) {
        const char *line = at;

        while (at < end && *at != '\n' && *at != '\r')
            at++;
        if (is_field_name_start (line, (gsize) (at - line)))
            return CONTENT_MESSAGE;
        if (memchr (line, '\0', (gsize) (at - line)) != NULL)
            return CONTENT_OTHER;
        if (!is_blank_line (line, (gsize) (at - line)))
            lines++;
        else if (lines > 0)
            return CONTENT_OTHER;
        at++;
    }
    return lines == 0 && length < CONTENT_KIND_BYTES ? CONTENT_EMPTY : CONTENT_OTHER;
}

ContentKind
content_kind (const char *data, gsize length)
{
    if (length == 0)
        return CONTENT_EMPTY;
    if (STARTS_WITH ("\x1f\x8b"))
        return CONTENT_GZIP;
    if (is_filter (data, length))
        return CONTENT_FILTER;
    if (is_zip (data, length) || is_tar (data, length))
        return CONTENT_ARCHIVE;
    if (mbox_split_looks_like_mbox (data, length))
        return CONTENT_MBOX;
    if (STARTS_WITH ("\xef\xbb\xbf")) {
        data += 3;
        length -= 3;
    }
    return look_at_lines (data, length);
}
