/* SPDX-License-Identifier: MIT */
#include "mail/mail_guard.h"

#include "base/ascii.h"
#include "base/limits.h"
#include "mail/headers.h"
#include "mail/mail_view.h"

#include <string.h>

#define MOST_FIELDS (20 * LIMIT_HEADERS) /* of all parts together: 40,000 take GMime 0.1 s and 22 MB */

/* " --boundary" becomes "--boundary ": white space behind a boundary is allowed, RFC 2046 section 5.1.1. */
static gboolean
undo_indent (char *line, gsize length, const char *boundary, gsize boundary_length)
{
    gsize indent = 0;

    while (indent < length && (line[indent] == ' ' || line[indent] == '\t'))
        indent++;
    if (length - indent < boundary_length + 2 || line[indent] != '-' || line[indent + 1] != '-' ||
        memcmp (line + indent + 2, boundary, boundary_length) != 0)
        return FALSE;
    memmove (line, line + indent, length - indent);
    memset (line + length - indent, ' ', indent);
    return TRUE;
}

/* "message/rfc822" and the like become "xessage/…", plain parts for GMime; "multipart/digest", whose parts are messages
 * when they do not say otherwise, becomes "multipart/xigest". Not in a parameter: that may be a boundary. */
static void
disguise_type (char *line, gsize length)
{
    static const struct {
        const char *word;
        gsize length, offset;
    } types[] = {{"message/", 8, 0}, {"multipart/digest", 16, 10}};

    for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
        for (gsize at = 0; at + types[i].length <= length; at++)
            if ((line[at] == 'm' || line[at] == 'M') &&
                ascii_equal (line + at, types[i].word, types[i].length) &&
                (at == 0 || (!g_ascii_isalnum (line[at - 1]) && !strchr ("=\"-_.", line[at - 1]))))
                line[at + types[i].offset] = 'x';
}

/* One line of what may be the fields of a part. `first`: of the block; `spent`: there were too many before it.
 * FALSE: the fields end here. */
static gboolean
guard_field (const char *start, char *line, gsize length, const char *end, gboolean first, gboolean spent)
{
    gboolean blank = length == 0 || (length == 1 && *line == '\r');
    Span rest = span (line, (gsize) (end - line));

    if (blank)
        return FALSE;
    if (spent && !first) {
        disguise_type (line, length);
        line[-1] = ' '; /* one long field in place of a million: GMime makes an object of each */
        return TRUE;
    }
    if (*line == ' ' || *line == '\t' || headers_name_length (span (line, length)) > 0) {
        disguise_type (line, length);
        return TRUE;
    }
    if (headers_is_from_line (span (line, length)))
        return TRUE;
    if (headers_lost_indentation (rest, start)) {
        disguise_type (line, length);
        if (!first)
            line[-1] = ' ';
        return TRUE;
    }
    /* Text without a blank line before it: GMime would drop it, so the blank line is put over its first character. */
    *line = '\n';
    return FALSE;
}

void
mail_guard (char *body, gsize length, const char *boundary, guint32 *flags)
{
    gsize boundary_length = strlen (boundary);
    char *end = body + length;
    guint n_boundaries = 0, n_fields = 0, n_all_fields = 0;
    gboolean in_fields = FALSE; /* behind a line that may be a boundary: what comes may be a part's header fields */
    char *line_end;

    for (char *line = body; line < end; line = line_end + 1) {
        line_end = memchr (line, '\n', (gsize) (end - line));
        if (!line_end)
            line_end = end;
        if ((line[0] == ' ' || line[0] == '\t') &&
            undo_indent (line, (gsize) (line_end - line), boundary, boundary_length))
            *flags |= MAIL_MIME_BROKEN;
        if (line[0] == '-' && line_end - line > 2 && line[1] == '-') {
            /* GMime compares every such line with every open boundary. */
            if (++n_boundaries > LIMIT_BOUNDARY_LINES) {
                line[0] = ' ';
                *flags |= MAIL_PARTS_CAPPED;
            }
            in_fields = TRUE;
            n_fields = 0;
        } else if (in_fields) {
            gboolean spent = ++n_fields > LIMIT_HEADERS || ++n_all_fields > MOST_FIELDS;
            in_fields = guard_field (body, line, (gsize) (line_end - line), end, n_fields == 1, spent);
        }
    }
}
