/* SPDX-License-Identifier: MIT */
#include "source/message_end.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>

/* The value of the first Content-Type field, folded lines included; nothing when there is none. */
static Span
content_type (Span head)
{
    Span line, value = {NULL, 0};

    while (text_next_line (&head, &line) && line.length > 0) {
        gboolean folded = *line.at == ' ' || *line.at == '\t';

        if (value.at != NULL && !folded)
            break;
        if (value.at != NULL)
            value.length = (gsize) (line.at + line.length - value.at);
        else if (!folded && span_has_prefix (line, "Content-Type:"))
            value = line;
    }
    return value;
}

/* The boundary parameter as it stands, without its quotes. */
static Span
boundary_of (Span type)
{
    const char *at = type.at == NULL ? NULL : text_find_length (type.at, type.length, "boundary=");
    const char *end, *start;

    if (at == NULL)
        return span (NULL, 0);
    end = type.at + type.length;
    start = at + strlen ("boundary=");
    if (start < end && *start == '"') {
        for (at = ++start; at < end && *at != '"'; at++) {
        }
    } else {
        for (at = start; at < end && strchr (" \t\r\n;", *at) == NULL; at++) {
        }
    }
    return span (start, (gsize) (at - start));
}

MessageEnd
message_end_look (const char *data, gsize length)
{
    Span boundary = boundary_of (content_type (span (data, MIN (length, LIMIT_HEADER_BLOCK))));
    Span rest = span (data, length), line;
    gboolean closed = FALSE;

    if (boundary.length == 0 || boundary.length > LIMIT_BOUNDARY)
        return MESSAGE_END_UNKNOWN;
    while (text_next_line (&rest, &line))
        if (line.length > 0)
            closed = line.length >= boundary.length + 4 && memcmp (line.at, "--", 2) == 0 &&
                     memcmp (line.at + 2, boundary.at, boundary.length) == 0 &&
                     memcmp (line.at + 2 + boundary.length, "--", 2) == 0;
    return closed ? MESSAGE_END_CLOSED : MESSAGE_END_OPEN;
}
