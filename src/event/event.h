/* SPDX-License-Identifier: MIT */
/* BounceEvent: what one message says about one recipient. The value that travels from the reading floors to the ledger
 * and the reports. Strings are never NULL: "" is unknown. They are valid UTF-8 without control characters. An event
 * owns nothing: its strings live in the arena of the list, message or row that it came with.
 *
 * doc/event.schema.json is the same shape for the outside; event_json.h writes it. */
#ifndef NIXIE_EVENT_EVENT_H
#define NIXIE_EVENT_EVENT_H

#include "base/arena.h"
#include "base/digest.h"
#include "event/vocabulary.h"
#include <glib.h>

/* Every string of an event, in the order of the schema's keys. */
#define EVENT_STRINGS(X) \
    X (message_id)           /* Message-ID of the report, without <> */ \
    X (source)               /* path as given; ARCHIVE!MEMBER inside an archive */ \
    X (rule)                 /* rule id or table row that decided */ \
    X (recipient)            /* the address we wrote to; where the report gives both, the one our list holds */ \
    X (final_recipient) \
    X (original_recipient) \
    X (domain)               /* of `recipient`: A-label, lower case */ \
    X (provider) \
    X (gateway) \
    X (action)               /* RFC 3464 2.3.3: failed, delayed, delivered, relayed, expanded */ \
    X (status)               /* d.d.d (RFC 3463) */ \
    X (reply)                /* three digits (RFC 5321) */ \
    X (diagnostic)           /* one line */ \
    X (command)              /* SMTP command it failed at: CONN HELO EHLO STARTTLS AUTH MAIL RCPT DATA QUIT */ \
    X (format)               /* rfc3464 rfc6533 arf autoreply challenge qmail exim … */ \
    X (agent)                /* the MTA that wrote it */ \
    X (reporting_mta) \
    X (remote_mta) \
    X (original_message_id)  /* without <> */ \
    X (original_sender) \
    X (original_subject) \
    X (list_id) \
    X (status_field)         /* not in the schema: Status as the report had it, kept so that new rules can decide again */ \
    X (report_to)            /* not in the schema: addresses that the report was delivered to, separated by spaces */

typedef struct {
    Digest event_id;
    guint64 offset;     /* byte offset in an mbox or archive member, else 0 */
    gint64 date;        /* when the failure happened; DATE_NONE = unknown */
    EventType type;
    Fault fault;
    Reason reason;
    StatusFrom status_from;
    Trust trust;
    guint32 flags;      /* FLAG_… bits */
    gboolean decided;   /* the extractor knows the reason by the format (complaint, autoreply, challenge): rules may not
                           change it */
    /* A ledger that is summed up may leave texts out: it knows them by `row`. Not 0: recipient, domain, date, type, reason,
       provider, status, reply, command, action, format, rule and FLAG_CONTRADICTED are there, and of a block the
       original_message_id; all else is not. Events of one ledger with the same `kind` (not 0) agree in what of that is not
       the recipient's, the date or the message's; those strings live as long as the ledger is open. */
    guint64 row;
    guint32 kind;
    guint8 left_out;    /* EVENT_HAS_… bits: texts that are not empty in truth */
#define X(name) const char *name;
    EVENT_STRINGS (X)
#undef X
} BounceEvent;

#define EVENT_HAS_DIAGNOSTIC 1
#define EVENT_HAS_MESSAGE_ID 2 /* original_message_id */

/* All of a message's events, with the arena that their strings live in. */
typedef struct {
    Arena *arena;   /* borrowed */
    GArray *events; /* of BounceEvent */
} EventList;

void event_init (BounceEvent *event); /* all "", DATE_NONE, 0 */
/* Copy every string into `arena`. */
void event_copy (BounceEvent *to, const BounceEvent *from, Arena *arena);

EventList *event_list_new (Arena *arena);
void event_list_free (EventList *list);
void event_list_clear (EventList *list);
/* A new, initialised event at the end, or NULL when LIMIT_EVENTS is reached. Valid until the next add. */
BounceEvent *event_list_add (EventList *list);
guint event_list_length (const EventList *list);
BounceEvent *event_list_get (const EventList *list, guint index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EventList, event_list_free)

#endif
