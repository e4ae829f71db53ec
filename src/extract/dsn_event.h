/* SPDX-License-Identifier: MIT */
/* One recipient group of a delivery status → one event. Shared by the recognisers that find such fields in a part of
 * their own and in running text. */
#ifndef NIXIE_EXTRACT_DSN_EVENT_H
#define NIXIE_EXTRACT_DSN_EVENT_H

#include "extract/dsn_fields.h"
#include "extract/recogniser.h"

/* The addresses of a group; NULL where there is none that can be one. */
typedef struct {
    const char *recipient; /* that our list holds: Original-Recipient, else Final-Recipient, else X-Actual-Recipient */
    const char *original, *final, *actual;
    gboolean broken;       /* an address was there that cannot be one */
    gboolean utf8;         /* the utf-8 type of RFC 6533 was used */
} DsnRecipient;

DsnRecipient dsn_recipient_of (Arena *arena, const DsnGroup *group);
/* Adds the event. `group` may be NULL (nothing but the address is known). `only`: nobody else is in the report.
 * NULL when LIMIT_EVENTS is reached or when the message has the very same event already. */
BounceEvent *dsn_event_add (Extraction *extraction, const DsnGroup *message, const DsnGroup *group,
                            const DsnRecipient *recipient, gboolean only, const char *format);

#endif
