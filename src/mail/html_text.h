/* SPDX-License-Identifier: MIT */
/* The text that an HTML page shows, for bounces that come as HTML only. No layout: blocks become lines, cells are
 * parted by spaces, entities become characters, scripts, styles and comments go. Made for broken HTML: what cannot be
 * a tag is text (an address in angle brackets above all). Linear in its input. Pure. */
#ifndef NIXIE_MAIL_HTML_TEXT_H
#define NIXIE_MAIL_HTML_TEXT_H

#include "base/arena.h"
#include "base/text.h"

/* `html`: valid UTF-8. Gives valid UTF-8 with LF line ends, NUL-terminated; never longer than the input by more than a
 * line end. */
Span html_text (Arena *arena, Span html);

#endif
