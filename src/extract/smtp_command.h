/* SPDX-License-Identifier: MIT */
/* At which SMTP command a delivery failed, as far as the words of a report say so. Pure. */
#ifndef NIXIE_EXTRACT_SMTP_COMMAND_H
#define NIXIE_EXTRACT_SMTP_COMMAND_H

/* One of CONN HELO EHLO STARTTLS AUTH MAIL RCPT DATA QUIT (static), "" when not said. */
const char *smtp_command_find (const char *text);
/* The same from an SMTP dialogue in the text alone (">>> RCPT To:", "<<< 550 …"). */
const char *smtp_command_of_dialogue (const char *text);

#endif
