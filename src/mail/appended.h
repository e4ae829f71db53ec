/* SPDX-License-Identifier: MIT */
/* Where the next message begins inside a message: delivery programs that forget the blank line of an mbox leave two
 * reports glued together, the second one's `From ` line right behind the closing boundary of the first. Mailbox writers
 * quote that line, Maildirs keep it: it is looked for in the message, not in its container, so that every container
 * gives the same. Pure. */
#ifndef NIXIE_MAIL_APPENDED_H
#define NIXIE_MAIL_APPENDED_H

#include <glib.h>

/* The end of the first message in `text`; *next: where the header of the one behind it begins. FALSE when there is just
 * one: then *end is `length`. The closing boundary (`--…--`, no blanks in it) that the message's header names, a
 * `From ` line (quoted or not) with a date, and a header field below it, all three, make a message: another one's
 * closing boundary stands in what a person attached. LF line ends. */
gboolean appended_find (const char *text, gsize length, gsize *end, gsize *next);

#endif
