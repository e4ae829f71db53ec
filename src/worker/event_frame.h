/* SPDX-License-Identifier: MIT */
/* What one message gave, as bytes: how a parse process tells its parent. Both are the same program on the same machine,
 * so numbers stand as they are in memory. The reader trusts nothing: the process that wrote may be in a stranger's hand.
 *
 *     u32 length of all that follows · u64 number of the message · key · u8 result · u32 events
 *     an event: its fixed fields, the lengths of its strings among them, then every string and a NUL */
#ifndef NIXIE_WORKER_EVENT_FRAME_H
#define NIXIE_WORKER_EVENT_FRAME_H

#include "base/text.h"
#include "event/event.h"
#include "event/message_result.h"

/* `source` and `offset` are not sent: the parent knows them better. */
void event_frame_write (GByteArray *out, guint64 number, const Digest *key, MessageResult result,
                        const EventList *events);
/* The length of the frame that `bytes` starts with, its own four bytes included; 0 = more bytes are needed to know.
 * G_MAXSIZE: it is longer than any frame may be. */
gsize event_frame_length (Span bytes);
/* Of a whole frame. */
guint64 event_frame_number (Span frame);
/* Read a whole frame. The events are added to the list, their strings are in the frame. FALSE when it is no frame: a
 * length or a word that cannot be, a string that is not valid UTF-8 or has control characters. */
gboolean event_frame_read (Span frame, Digest *key, MessageResult *result, EventList *events);

#endif
