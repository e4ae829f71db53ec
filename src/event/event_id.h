/* SPDX-License-Identifier: MIT */
/* Who a message and an event are, wherever they lie. The message key is the digest of the canonical message: LF line
 * ends, `>From ` quoting undone, without the headers that delivery or a mail reader adds or changes, without blank
 * lines at its end (mbox writers add and drop them). The event id is the digest of key, normalised recipient and
 * ordinal: never of the verdict, the path or the version. */
#ifndef NIXIE_EVENT_EVENT_ID_H
#define NIXIE_EVENT_EVENT_ID_H

#include "base/digest.h"
#include <glib.h>

/* `message`: LF line ends (src/source sees to that). */
Digest message_key (Digester *digester, const char *message, gsize length);
/* What the message's Date field says, as a number that grows by days: 0 never, 1 when it says nothing that is understood.
 * It is made of the canonical message alone, so all copies have the same: keys of one day can be kept together. What it
 * is of which message may therefore never change, however dates are understood elsewhere. `message` as above. */
guint message_day (const char *message, gsize length);
/* `recipient` as in the event; `ordinal` counts its repetitions in the message from 0. */
Digest event_id (const Digest *message_key, const char *recipient, guint ordinal);

#endif
