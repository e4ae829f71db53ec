/* SPDX-License-Identifier: MIT */
/* MailView → events: the recognisers, tried in the order of one table; the first that says "mine" wins. They tell what
 * the message says (who failed, which status, which words, where); what that means is
 * src/classify's. No I/O, no clock. */
#ifndef NIXIE_EXTRACT_EXTRACT_H
#define NIXIE_EXTRACT_EXTRACT_H

#include "event/event.h"
#include "event/message_result.h"
#include "extract/formats.h"
#include "mail/mail_view.h"

/* `formats`: the stanzas of data/formats, NULL = none. Adds the message's events to `list` with everything filled
 * that the message says; type and fault stay UNKNOWN unless `decided`. MESSAGE_UNPARSED adds one event without
 * recipient, type unknown, with the evidence (diagnostic = the first telling line, format = "unparsed"). message_id,
 * date, original_*, list_id are filled for every event. */
MessageResult extract (const Formats *formats, const MailView *view, EventList *list);

#endif
