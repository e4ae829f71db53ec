/* SPDX-License-Identifier: MIT */
/* What the rest of this folder needs to know of header lines beside mail_headers_parse(). Pure. */
#ifndef NIXIE_MAIL_HEADERS_H
#define NIXIE_MAIL_HEADERS_H

#include "base/text.h"

/* Length of the field name when the line is "Name: …" (RFC 5322 section 2.2; white space before the colon is
 * tolerated, section 4.5), else 0. */
gsize headers_name_length (Span line);
/* A "From " line of an mbox, also quoted, which tools leave in front of headers. */
gboolean headers_is_from_line (Span line);

/* Does `rest` start with what belongs to the field before it, though not indented? A line that is no field and has a
 * field behind it before the blank line: the rest of a folded line that lost its indentation on the way. At the end
 * of a block it is the start of the text instead, unless it is a parameter ("boundary=…"), one long word, or the line
 * before it asks for more. `start`: where the block starts; the line before is looked at. */
gboolean headers_lost_indentation (Span rest, const char *start);

#endif
