/* SPDX-License-Identifier: MIT */
/* What a message is, as far as the reading floors can tell; kept by the ledger for every message seen. */
#ifndef NIXIE_EVENT_MESSAGE_RESULT_H
#define NIXIE_EVENT_MESSAGE_RESULT_H

typedef enum {
    MESSAGE_ORDINARY,   /* no bounce, nothing to say */
    MESSAGE_EVENTS,     /* it gave events */
    MESSAGE_UNPARSED,   /* it is a bounce (or says so), but nobody could be named: counted as not understood */
    MESSAGE_UNREADABLE, /* it could not be read at all */
} MessageResult;

#endif
