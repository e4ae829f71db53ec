/* SPDX-License-Identifier: MIT */
/* At which SMTP command a delivery failed, as far as the words of a report say so. Pure. */
#ifndef NIXIE_EXTRACT_SMTP_COMMAND_H
#define NIXIE_EXTRACT_SMTP_COMMAND_H

#include "base/text.h"

/* One of CONN HELO EHLO STARTTLS AUTH MAIL RCPT DATA QUIT (static), "" when not said. */
const char *smtp_command_find (const char *text);
/* The same from an SMTP dialogue in the text alone (">>> RCPT To:", "<<< 550 …"). */
const char *smtp_command_of_dialogue (const char *text);

/* Who sends ahead (RFC 2920) notes the answers to RCPT behind his last command, DATA. Two lines tell that it was so:
 * the answer to DATA itself, "503 Need RCPT", "554 no valid recipients": nobody had been accepted; and sendmail's
 * summary "550 <a@b>... User unknown", for behind a refused DATA it says "554 Service unavailable". */
gboolean smtp_command_wants_recipient (Span answer);
gboolean smtp_command_is_rcpt_summary (Span line);

#endif
