/* SPDX-License-Identifier: MIT */
#include "mail/mail_guard.h"

#include "base/limits.h"
#include "mail/mail_view.h"

#include <string.h>

void
mail_guard (char *body, gsize length, guint32 *flags)
{
    char *end = body + length;
    guint n_boundaries = 0, n_fields = 0;
    gboolean in_fields = FALSE; /* behind a line that may be a boundary: what comes may be a part's header fields */
    char *line_end;

    for (char *line = body; line < end; line = line_end + 1) {
        line_end = memchr (line, '\n', (gsize) (end - line));
        if (!line_end)
            line_end = end;
        if (line[0] == '-' && line_end - line > 2 && line[1] == '-') {
            /* GMime compares every such line with every open boundary. */
            if (++n_boundaries > LIMIT_BOUNDARY_LINES) {
                line[0] = ' ';
                *flags |= MAIL_PARTS_CAPPED;
            }
            in_fields = TRUE;
            n_fields = 0;
        } else if (in_fields) {
            if (line_end == line || (line_end == line + 1 && *line == '\r')) {
                in_fields = FALSE;
            } else if (++n_fields > LIMIT_HEADERS) {
                /* One long field in place of a million: GMime makes an object of each. */
                line[-1] = ' ';
            }
        }
    }
}
