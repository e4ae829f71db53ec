/* SPDX-License-Identifier: MIT */
/* Status and reply codes in text: which digits of "host x said: 550 5.1.1 <a@b>: user unknown" are a reply (RFC 5321
 * 4.2) and which an enhanced status (RFC 3463), and which are an address, a version or a date. Pure. */
#ifndef NIXIE_EXTRACT_STATUS_H
#define NIXIE_EXTRACT_STATUS_H

#include "base/arena.h"
#include "base/text.h"
#include "event/event.h"

/* The enhanced status in a text, "" when none: class 2, 4 or 5, subject 0..7 (9 is never used), detail 0..999; not part
 * of an IP address, a version or a longer number. */
char *status_find (Arena *arena, Span text);
/* The reply code, "" when none: 4xx or 5xx where a reply stands (start of the text, behind "said:", "smtp;", "SMTP
 * error", "response", a bracket …). */
char *reply_find (Arena *arena, Span text);
/* TRUE when the text is d.d.d of a class 2, 4, 5. */
gboolean status_is_valid (const char *status);
/* X.0.0 and the like: a status that says no more than its class. */
gboolean status_is_vague (const char *status);
/* Settle status, status_from and reply of an event from its Status field (event->status_field) and its diagnostic:
 * where the field is missing, broken or vague, the diagnostic's own code wins. Sets the flags. */
void status_settle (Arena *arena, BounceEvent *event);

#endif
