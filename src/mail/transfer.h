/* SPDX-License-Identifier: MIT */
/* Content-Transfer-Encoding undone. Own decoders: GMime 3.2.13 stops base64 at the first padding, and what
 * follows it is often the rest of the report (two encoded pieces put one behind the other). Both read on
 * over whatever is broken. Pure. */
#ifndef NIXIE_MAIL_TRANSFER_H
#define NIXIE_MAIL_TRANSFER_H

#include "base/arena.h"
#include "base/text.h"

typedef enum {
    TRANSFER_PLAIN, /* 7bit, 8bit, binary, unknown words */
    TRANSFER_BASE64,
    TRANSFER_QUOTED_PRINTABLE,
    TRANSFER_UUENCODE,
} Transfer;

/* From the value of a Content-Transfer-Encoding field. */
Transfer transfer_from_text (const char *value);
/* The bytes it stands for, at most `maximum`; *truncated (may be NULL) is set to TRUE when there were more.
 * TRANSFER_PLAIN gives the bytes themselves, not a copy. What says it is base64 and plainly is not (lines of words) is
 * given as it stands. */
Span transfer_decode (Arena *arena, Transfer transfer, Span bytes, gsize maximum, gboolean *truncated);

/* The pieces, for encoded words. `out` has room for `length` bytes; they give the bytes written, at most `maximum`. */
gsize transfer_base64 (const char *text, gsize length, char *out, gsize maximum);
gsize transfer_quoted_printable (const char *text, gsize length, char *out, gsize maximum);

#endif
