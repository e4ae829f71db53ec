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

#endif
