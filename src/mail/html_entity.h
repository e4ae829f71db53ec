/* SPDX-License-Identifier: MIT */
/* Character references of HTML: "&lt;", "&#64;", "&#x40;". Pure. */
#ifndef NIXIE_MAIL_HTML_ENTITY_H
#define NIXIE_MAIL_HTML_ENTITY_H

#include "base/text.h"

/* A reference at the start of `text` ("&…")? Gives its length and the character, else 0. References that HTML calls
 * parse errors (numbers of control characters, surrogates, numbers too large) give U+FFFD or what windows-1252 has. */
gsize html_entity_read (Span text, gunichar *character);

#endif
