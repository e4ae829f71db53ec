/* SPDX-License-Identifier: MIT */
/* Is this message whole? Asked of the last one in a mailbox that may be written to at this moment. Pure. */
#ifndef NIXIE_SOURCE_MESSAGE_END_H
#define NIXIE_SOURCE_MESSAGE_END_H

#include <glib.h>

typedef enum {
    MESSAGE_END_UNKNOWN, /* no multipart message: nothing in it tells */
    MESSAGE_END_CLOSED,  /* a multipart one with its closing boundary, nothing but empty lines behind it */
    MESSAGE_END_OPEN,    /* a multipart one without */
} MessageEnd;

/* `data` has LF line ends. */
MessageEnd message_end_look (const char *data, gsize length);

#endif
