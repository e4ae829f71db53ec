/* SPDX-License-Identifier: MIT */
/* Which mail software wrote a report, told by the marks that it leaves in its own headers, its status fields and its
 * words. Pure. */
#ifndef NIXIE_EXTRACT_AGENT_H
#define NIXIE_EXTRACT_AGENT_H

#include "mail/mail_view.h"

/* A static name ("postfix", "exim" …), "" when unknown. */
const char *agent_of (const MailView *view);

#endif
