/* SPDX-License-Identifier: MIT */
/* Bytes in a charset to UTF-8. Mail names charsets by many words, names the wrong one, or names none: the table of
 * aliases, the look at the bytes and the rule "a byte that cannot be read becomes U+FFFD and the rest is read" are
 * here. Nothing is ever lost but the byte that was broken. Pure but for iconv(3), whose modules are opened once. */
#ifndef NIXIE_MAIL_CHARSET_H
#define NIXIE_MAIL_CHARSET_H

#include "base/arena.h"
#include "base/text.h"

/* Valid UTF-8 without NUL (it becomes U+FFFD), NUL-terminated; at most `maximum` bytes, cut at a character. `charset`:
 * as the mail names it, "" when it does not. *flags gets MAIL_CHARSET_REPAIRED when the bytes were not valid in it, and
 * MAIL_TEXT_CAPPED when text was cut. */
Span charset_to_utf8 (Arena *arena, const char *charset, Span bytes, gsize maximum, guint32 *flags);

/* What the bytes look like, whatever they are said to be: "utf-8" (also plain ASCII), "iso-2022-jp", "euc-jp",
 * "cp932" or "windows-1252". */
const char *charset_detect (Span bytes);

/* The iconv(3) name of a charset as mail names it: "ks_c_5601-1987" → "CP949". "" for none, us-ascii and the words that
 * mean "not known". `out` must have room for CHARSET_NAME_SIZE. */
#define CHARSET_NAME_SIZE 48
const char *charset_canonical (const char *charset, char out[CHARSET_NAME_SIZE]);

/* Open the converters that real mail needs and keep them, for a process that will not be allowed to open files. */
void charset_preload (void);

#endif
