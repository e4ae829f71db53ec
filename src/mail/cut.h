/* SPDX-License-Identifier: MIT */
/* Does a message stop in the middle? Of "ann@example.com" a cut leaves "ann@example.co", of "5.1.10" it leaves "5.1.1":
 * somebody else, something else. So the last line of what was cut is not read. Mail whose last line has no end is
 * common enough, too (never by SMTP); what ends in a closing tag, bracket or boundary is taken for whole. Pure. */
#ifndef NIXIE_MAIL_CUT_H
#define NIXIE_MAIL_CUT_H

#include "base/text.h"
#include "mail/transfer.h"

/* The lines of `text` that have an end. */
Span cut_whole_lines (Span text);
/* Its last line has an end, or looks finished. */
gboolean cut_is_finished (Span text);
/* `content` is the last thing in its message, encoded, and stands for `bytes`: do these stop in the middle? `ended`:
 * the message has an end of line behind it. */
gboolean cut_stops_short (Transfer transfer, Span content, Span bytes, gboolean ended);

#endif
