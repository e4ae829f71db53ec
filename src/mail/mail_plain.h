/* SPDX-License-Identifier: MIT */
/* The MIME structure of plain multiparts, found in place: every delimiter where it should be, every part
 * with a proper head, multiparts within multiparts as mailers write them. GMime takes longer for such a tree
 * than everything else takes for the message. Whatever is odd, deep or large is left to GMime; tests hold
 * both against each other. Pure. */
#ifndef NIXIE_MAIL_MAIL_PLAIN_H
#define NIXIE_MAIL_MAIL_PLAIN_H

#include "mail/mail_walk.h"

/* As mail_walk_multipart(). FALSE: not as plain as that, and nothing was added. */
gboolean mail_plain_walk (const char *boundary, Span body, GArray *parts);

#endif
