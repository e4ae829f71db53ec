/* SPDX-License-Identifier: MIT */
/* ISO-2022-JP as Japanese mail really has it (RFC 1468 and what Microsoft calls code page 50221): half-width katakana,
 * the vendors' rows of JIS X 0208, and raw Shift_JIS bytes between. iconv's strict reading refuses these, so the
 * escapes are turned into Shift_JIS here, and code page 932 has all of them. Pure. */
#ifndef NIXIE_MAIL_CHARSET_JIS_H
#define NIXIE_MAIL_CHARSET_JIS_H

#include "base/text.h"

/* Has it an escape sequence of ISO-2022-JP? */
gboolean charset_jis_has_escape (Span bytes);
/* Append as Shift_JIS (code page 932). FALSE when something was broken; it is a "?" then. */
gboolean charset_jis_to_shift_jis (Span bytes, GString *out);

#endif
