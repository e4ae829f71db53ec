/* SPDX-License-Identifier: MIT */
/* Is there anything in these bytes that needs care? Asked of every field and every text, so eight bytes at a time. */
#ifndef NIXIE_MAIL_BYTES_H
#define NIXIE_MAIL_BYTES_H

#include "base/text.h"

/* Printable ASCII and spaces only: one line that can be taken as it is. */
gboolean bytes_are_printable (Span bytes);
/* ASCII without NUL and without ESC (which may switch the charset): text that is UTF-8 whatever it is said to be. */
gboolean bytes_are_ascii (Span bytes);

#endif
