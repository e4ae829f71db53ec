/* SPDX-License-Identifier: MIT */
/* Makes the copy of a message body harmless for GMime, byte for byte in place, so that every offset stays true: what
 * GMime takes time or memory for without limit (lines that may be boundaries, header fields of parts) is changed beyond
 * the limits into what costs it nothing. The content of parts is read from the message itself, never from the copy. */
#ifndef NIXIE_MAIL_MAIL_GUARD_H
#define NIXIE_MAIL_MAIL_GUARD_H

#include <glib.h>

/* `boundary` is the outermost one. */
void mail_guard (char *body, gsize length, const char *boundary, guint32 *flags);

#endif
