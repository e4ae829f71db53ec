/* SPDX-License-Identifier: MIT */
#include "mail/transfer.h"

#include <string.h>

enum { BASE64_SKIP = 64, BASE64_PAD = 65 };

Transfer
transfer_from_text (const char *value)
{
    Span word = span_trim (span_of (value));
    static const struct {
        const char *name;
        Transfer transfer;
    } names[] = {
        {"base64", TRANSFER_BASE64},
        {"quoted-printable", TRANSFER_QUOTED_PRINTABLE},
        {"quoted_printable", TRANSFER_QUOTED_PRINTABLE},
        {"x-uuencode", TRANSFER_UUENCODE},
        {"x-uue", TRANSFER_UUENCODE},
        {"uuencode", TRANSFER_UUENCODE},
    };

    if (word.length > 1 && word.at[0] == '"') {
        word.at++;
        word.length--;
    }
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        gsize length = strlen (names[i].name);
        if (span_has_prefix (word, names[i].name) &&
            (word.length == length || !g_ascii_isalnum (word.at[length])))
            return names[i].transfer;
    }
    return TRANSFER_PLAIN;
}

static guint
base64_rank (guint8 byte)
{
    if (byte >= 'A' && byte <= 'Z')
        return byte - 'A';
    if (byte >= 'a' && byte <= 'z')
        return byte - 'a' + 26;
    if (byte >= '0' && byte <= '9')
        return byte - '0' + 52;
    if (byte == '+')
        return 62;
    if (byte == '/')
        return 63;
    return byte == '=' ? BASE64_PAD : BASE64_SKIP;
}

/* Padding ends a quantum, not the text: what comes behind it starts a new one. A quantum that is cut off gives the
 * bytes that it has in full. */
gsize
transfer_base64 (const char *text, gsize length, char *out, gsize maximum)
{
    guint32 bits = 0;
    guint n_ranks = 0;
    gsize written = 0;

    for (gsize i = 0; i <= length && written < maximum; i++) {
        guint rank = i < length ? base64_rank ((guint8) text[i]) : BASE64_PAD;
        if (rank == BASE64_SKIP)
            continue;
        if (rank != BASE64_PAD) {
            bits = bits << 6 | rank;
            n_ranks++;
        }
        if (n_ranks == 4 || rank == BASE64_PAD) {
            guint n_bytes = n_ranks * 6 / 8;
            bits <<= (4 - n_ranks) * 6;
            for (guint k = 0; k < n_bytes && written < maximum; k++)
                out[written++] = (char) (bits >> (16 - 8 * k) & 0xff);
            bits = 0;
            n_ranks = 0;
        }
    }
    return written;
}

/* RFC 2045 section 6.7: "=" and two digits, "=" at the line's end joins it with the next, white space before a line's
 * end was added on the way. A "=" that is neither stands for itself. */
gsize
transfer_quoted_printable (const char *text, gsize length, char *out, gsize maximum)
{
    gsize written = 0;
    gsize line_end = 0; /* white space written since here is at the line's end so far */

    for (gsize i = 0; i < length && written < maximum; i++) {
        char byte = text[i];
        if (byte == '=') {
            gsize next = i + 1;
            if (next + 1 < length && g_ascii_isxdigit (text[next]) && g_ascii_isxdigit (text[next + 1])) {
                out[written++] =
                    (char) (g_ascii_xdigit_value (text[next]) << 4 | g_ascii_xdigit_value (text[next + 1]));
                line_end = written;
                i += 2;
                continue;
            }
            while (next < length && (text[next] == ' ' || text[next] == '\t' || text[next] == '\r'))
                next++;
            if (next == length || text[next] == '\n') {
                line_end = written;
                i = next;
                continue;
            }
        }
        if (byte == '\n' || (byte == '\r' && i + 1 < length && text[i + 1] == '\n'))
            written = line_end;
        out[written++] = byte;
        if (byte != ' ' && byte != '\t')
            line_end = written;
    }
    return written;
}

/* The lines between "begin MODE NAME" and "end". */
static gsize
transfer_uudecode (Span rest, char *out, gsize maximum)
{
    gsize written = 0;
    gboolean inside = FALSE;
    Span line;

    while (text_next_line (&rest, &line)) {
        if (!inside) {
            inside = span_has_prefix (line, "begin ");
            continue;
        }
        if (span_equal (span_trim (line), "end"))
            break;
        gsize n_bytes = line.length > 0 ? ((guint8) line.at[0] - 32) & 63 : 0;
        for (gsize at = 1; n_bytes > 0 && at < line.length; at += 4) {
            guint32 bits = 0;
            for (gsize k = 0; k < 4; k++)
                bits = bits << 6 | (at + k < line.length ? ((guint8) line.at[at + k] - 32) & 63 : 0);
            for (gsize k = 0; k < 3 && n_bytes > 0; k++, n_bytes--) {
                if (written == maximum)
                    return written;
                out[written++] = (char) (bits >> (16 - 8 * k) & 0xff);
            }
        }
    }
    return written;
}

/* Is this text rather than base64? A header line or words with spaces between them never occur in base64. */
static gboolean
looks_plain (Span bytes)
{
    gsize looked = MIN (bytes.length, 4096);
    gsize foreign = 0;

    for (gsize i = 0; i < looked; i++)
        if (base64_rank ((guint8) bytes.at[i]) == BASE64_SKIP && !strchr ("\r\n\t", bytes.at[i]))
            foreign++;
    return looked >= 32 && foreign * 20 > looked;
}

Span
transfer_decode (Arena *arena, Transfer transfer, Span bytes, gsize maximum, gboolean *truncated)
{
    char *out;
    gsize length, room;

    if (transfer == TRANSFER_PLAIN || (transfer == TRANSFER_BASE64 && looks_plain (bytes))) {
        if (bytes.length > maximum && truncated)
            *truncated = TRUE;
        return span (bytes.at, MIN (bytes.length, maximum));
    }
    /* Every encoding gives at most as many bytes as it takes; one more than the maximum shows that there are more. */
    room = MIN (bytes.length, maximum + 1);
    out = arena_alloc (arena, room + 1);
    if (transfer == TRANSFER_BASE64)
        length = transfer_base64 (bytes.at, bytes.length, out, room);
    else if (transfer == TRANSFER_QUOTED_PRINTABLE)
        length = transfer_quoted_printable (bytes.at, bytes.length, out, room);
    else
        length = transfer_uudecode (bytes, out, room);
    if (length > maximum) {
        length = maximum;
        if (truncated)
            *truncated = TRUE;
    }
    out[length] = '\0';
    return span (out, length);
}
