/* SPDX-License-Identifier: MIT */
/* Domain names: A-labels (IDNA 2008, UTS 46 by libidn2) and registrable domains (public suffix list by libpsl). */
#ifndef NIXIE_EVENT_DOMAIN_H
#define NIXIE_EVENT_DOMAIN_H

#include "base/arena.h"
#include <glib.h>

/* Lower-case A-label form without a trailing dot; a name that IDNA refuses comes back in lower case as it is. */
char *domain_to_ascii (Arena *arena, const char *domain);
/* For people: the U-label form, or the same when there is none. */
char *domain_to_unicode (Arena *arena, const char *domain);
/* `name` is `suffix` or ends in ".suffix"; both in A-labels, lower case. */
gboolean domain_has_suffix (const char *name, const char *suffix);
/* example.co.jp of mail.example.co.jp; the name itself when the list has no answer. */
const char *domain_registrable (const char *domain);
/* Date of the public suffix list in use, "" when unknown. Static. */
const char *domain_psl_date (void);

#endif
