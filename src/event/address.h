/* SPDX-License-Identifier: MIT */
/* Mail addresses. What a report gives as an address is a claim by a stranger: an address with NUL, CR, LF, another
 * control character, no `@` or more than LIMIT_ADDRESS bytes is never taken. */
#ifndef NIXIE_EVENT_ADDRESS_H
#define NIXIE_EVENT_ADDRESS_H

#include "base/arena.h"
#include "base/text.h"
#include <glib.h>

/* The address in a piece of text that holds just one: angle brackets, a display name, quotes around the whole, a
 * source route (`@a,@b:user@host`), trailing dots and punctuation and white space are taken off, `mailto:` and
 * `SMTP:` as well; the domain becomes lower case, the local part stays as it is. NULL when there is no usable address.
 * A quoted local part ("john doe"@example.com) stays quoted. */
char *address_clean (Arena *arena, Span text);
/* As in RFC 3464 2.3.1: "rfc822; a@b", "utf-8; …" (RFC 6533 3: \x{…}), xtext of RFC 3461 4 where the type is rfc822
 * and it decodes to an address, or a bare address. NULL when unusable (x400, x.500 and the like give NULL). */
char *address_from_typed (Arena *arena, Span field);
/* The first and next usable address anywhere in the text; *rest moves behind it. NULL at the end. */
char *address_find (Arena *arena, Span *rest);
/* TRUE when the text is an address and nothing else. */
gboolean address_is_valid (const char *address);
/* The part behind the last `@` (borrowed), "" when none. */
const char *address_domain (const char *address);
/* For comparing and for the event id: local part lower case (ASCII) and without quotes that it does not need, domain as
 * A-label in lower case. */
char *address_normal (Arena *arena, const char *address);

#endif
