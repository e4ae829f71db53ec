/* SPDX-License-Identifier: MIT */
/* The last step of reading: from the parts of a MailView to its body (what the reporter says) and to what came back of
 * the original message. Pure. */
#ifndef NIXIE_MAIL_MAIL_BODY_H
#define NIXIE_MAIL_MAIL_BODY_H

#include "base/text.h"
#include "mail/mail_view.h"

/* Fills body, returned and returned_text of a view whose parts are complete. `returned_bytes`: the first returned
 * message as it came, before it was made UTF-8 (its fields may be in their own charset); nothing when none did. */
void mail_body_fill (MailView *view, Arena *arena, Span returned_bytes);

#endif
