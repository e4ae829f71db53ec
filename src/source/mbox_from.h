/* SPDX-License-Identifier: MIT */
/* The line that opens a message in an mbox: `From `, the envelope sender, the time of delivery. There is no standard
 * (RFC 4155 describes the common ground: an address, a space, an asctime(3) date in UTC); what programs write in the
 * field has zones, no seconds, RFC 3339 dates, `-`, `MAILER-DAEMON`, `<>` or nothing for the sender. Pure. */
#ifndef NIXIE_SOURCE_MBOX_FROM_H
#define NIXIE_SOURCE_MBOX_FROM_H

#include <glib.h>

typedef enum {
    MBOX_FROM_NONE,    /* no such line: text */
    MBOX_FROM_UNDATED, /* `From ` and at most one word, no date: what some mail programs write */
    MBOX_FROM_DATED,   /* something that reads as an address (or nothing), and a date with a time of day */
} MboxFrom;

/* `line` without its line end. *received: the date as UTC; DATE_NONE unless MBOX_FROM_DATED, and
 * where that date does not exist. */
MboxFrom mbox_from_parse (const char *line, gsize length, gint64 *received);

typedef enum { HEADER_LINE_NO, HEADER_LINE_YES, HEADER_LINE_UNSURE /* ends before it can be told */ } HeaderLine;

/* A field name is taken as such up to this length, white space before the colon included. */
#define HEADER_NAME_LIMIT 512

/* Whether a line starts as a header field: a name of printable ASCII, white space (RFC 5322 section 4.5.3), a colon. */
HeaderLine header_line_look (const char *data, gsize length);

#endif
