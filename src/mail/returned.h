/* SPDX-License-Identifier: MIT */
/* Where a plain-text report ends and the copy of the message that came back begins. A line that says so in words, or
 * a block of header lines that only a transported message has. When in doubt nothing is found: to read a little of
 * the original as report is less wrong than to lose the report. Pure. */
#ifndef NIXIE_MAIL_RETURNED_H
#define NIXIE_MAIL_RETURNED_H

#include "base/text.h"

typedef struct {
    gsize report_end; /* where the report ends: the marker line, or the first header line */
    gsize copy_start; /* where the copy's headers start, blank lines skipped */
} ReturnedCopy;

/* `text` with LF line ends. `separated`: its start counts as a separator line (a part of its own behind the report). */
gboolean returned_find (Span text, gboolean separated, ReturnedCopy *copy);
/* Is all of it such a copy: a header block, blank lines before it allowed? */
gboolean returned_starts (Span text);

#endif
