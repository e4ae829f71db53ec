/* SPDX-License-Identifier: MIT */
/* What every event of a message shares, whichever recogniser made it: who wrote the report and when, and what is known
 * of the message that came back. */
#ifndef NIXIE_EXTRACT_COMMON_H
#define NIXIE_EXTRACT_COMMON_H

#include "base/text.h"
#include "extract/recogniser.h"

/* A new event with the common fields filled, or NULL when LIMIT_EVENTS is reached. `format` is static. */
BounceEvent *common_event (Extraction *extraction, const char *format);
/* One line of at most `maximum` bytes. */
const char *common_line (Extraction *extraction, Span text, gsize maximum);
/* The sender of the original message as the report knows it: `typed` is "rfc822; a@b" or empty. Only when the returned
 * message did not tell its envelope sender itself. */
void common_set_sender (Extraction *extraction, BounceEvent *event, Span typed);
/* First usable address of a header field that holds addresses; "" when none. */
const char *common_address (Arena *arena, const char *field);
/* All usable addresses of such a field: up to `maximum` into `out`; how many. */
guint common_addresses (Arena *arena, const char *field, const char **out, guint maximum);
/* Without angle brackets and white space: the id in a Message-ID or List-Id field. */
const char *common_id (Extraction *extraction, const char *field);
/* Whether an address is that of a mailer daemon, which nobody writes to and nobody lists. */
gboolean common_is_daemon (const char *address);

#endif
