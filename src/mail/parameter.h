/* SPDX-License-Identifier: MIT */
/* Parameters of Content-Type and Content-Disposition (RFC 2045 section 5.1), with RFC 2231 continuations and charsets,
 * and read as leniently as mail is written: missing quotes, missing semicolons, comments, encoded words. Pure. */
#ifndef NIXIE_MAIL_PARAMETER_H
#define NIXIE_MAIL_PARAMETER_H

#include "base/arena.h"
#include "base/text.h"

/* "text/plain" of "Text/Plain; charset=x", lower case; "" when there is none. */
char *parameter_main_value (Arena *arena, const char *value);
/* The parameter's value, decoded, one line; "" when there is none. The first of a name counts. */
char *parameter_get (Arena *arena, const char *value, const char *name, guint32 *flags);

#endif
