/* SPDX-License-Identifier: MIT */
#include "worker/event_frame.h"

#include "base/byte_search.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <string.h>

typedef struct {
    guint64 number;
    Digest key;
    guint32 n_events;
    guint8 result;
} FrameHead;

enum {
#define X(name) STRING_##name,
    EVENT_STRINGS (X)
#undef X
        N_STRINGS
};

typedef struct {
    Digest event_id;
    gint64 date;
    guint32 lengths[N_STRINGS];
    guint32 flags;
    guint16 reason;
    guint8 type, fault, status_from, trust, decided;
} FrameEvent;

#define LENGTH_SIZE sizeof (guint32)

static void
add (GByteArray *out, const void *data, gsize length)
{
    g_byte_array_append (out, data, (guint) length);
}

static void
add_event (GByteArray *out, const BounceEvent *event)
{
    const char *strings[] = {
#define X(name) event->name,
        EVENT_STRINGS (X)
#undef X
    };
    gsize total = 0;
    FrameEvent fixed;
    guint at;

    memset (&fixed, 0, sizeof fixed); /* no byte of the stack leaves the process between the fields */
    fixed.event_id = event->event_id;
    fixed.date = event->date;
    fixed.flags = event->flags;
    fixed.reason = (guint16) event->reason;
    fixed.type = (guint8) event->type;
    fixed.fault = (guint8) event->fault;
    fixed.status_from = (guint8) event->status_from;
    fixed.trust = (guint8) event->trust;
    fixed.decided = event->decided != FALSE;
    for (guint i = 0; i < N_STRINGS; i++) {
        fixed.lengths[i] = (guint32) strlen (strings[i]);
        total += fixed.lengths[i] + 1;
    }
    add (out, &fixed, sizeof fixed);
    at = out->len;
    g_byte_array_set_size (out, at + (guint) total);
    for (guint i = 0; i < N_STRINGS; i++) {
        memcpy (out->data + at, strings[i], (gsize) fixed.lengths[i] + 1);
        at += fixed.lengths[i] + 1;
    }
}

void
event_frame_write (GByteArray *out, guint64 number, const Digest *key, MessageResult result, const EventList *events)
{
    guint start = out->len;
    guint32 length = 0;
    FrameHead head;

    memset (&head, 0, sizeof head);
    head.number = number;
    head.key = *key;
    head.n_events = event_list_length (events);
    head.result = (guint8) result;
    add (out, &length, sizeof length);
    add (out, &head, sizeof head);
    for (guint i = 0; i < head.n_events; i++)
        add_event (out, event_list_get (events, i));
    length = out->len - start - (guint32) LENGTH_SIZE;
    memcpy (out->data + start, &length, sizeof length);
}

gsize
event_frame_length (Span bytes)
{
    guint32 length;

    if (bytes.length < LENGTH_SIZE)
        return 0;
    memcpy (&length, bytes.at, sizeof length);
    return length < sizeof (FrameHead) || length > LIMIT_RESULT_FRAME ? G_MAXSIZE : length + LENGTH_SIZE;
}

guint64
event_frame_number (Span frame)
{
    FrameHead head;

    memcpy (&head, frame.at + LENGTH_SIZE, sizeof head);
    return head.number;
}

/* --- reading -------------------------------------------------------------------------------------------------------*/

static gboolean
take (Span *rest, void *to, gsize length)
{
    if (rest->length < length)
        return FALSE;
    memcpy (to, rest->at, length);
    rest->at += length;
    rest->length -= length;
    return TRUE;
}

/* What every string of an event promises. */
static gboolean
is_clean (const char *text, gsize length)
{
    gsize at = 0;

    while (at < length && (guchar) text[at] >= 0x20 && (guchar) text[at] < 0x7f)
        at++;
    while (at < length) {
        guint n = utf8_length (text + at, length - at);

        if (n == 0 || utf8_is_control (utf8_decode (text + at, n)))
            return FALSE;
        at += n;
    }
    return TRUE;
}

/* Set *total to what the strings take with their NULs, which are where they should be. */
static gboolean
strings_fit (Span rest, const guint32 lengths[N_STRINGS], gsize *total)
{
    *total = 0;
    for (guint i = 0; i < N_STRINGS; i++) {
        if (lengths[i] > LIMIT_EVENT_STRING || rest.length - *total <= lengths[i] ||
            rest.at[*total + lengths[i]] != '\0')
            return FALSE;
        *total += lengths[i] + 1;
    }
    return TRUE;
}

static gboolean
strings_are_clean (const char *text, const guint32 lengths[N_STRINGS], gsize total)
{
    if (byte_count_printable (text, total) == total - N_STRINGS)
        return TRUE; /* only the NULs are something else */
    for (guint i = 0; i < N_STRINGS; text += lengths[i++] + 1)
        if (!is_clean (text, lengths[i]))
            return FALSE;
    return TRUE;
}

static gboolean
take_event (Span *rest, BounceEvent *event)
{
    FrameEvent fixed;
    gsize total;

    if (!take (rest, &fixed, sizeof fixed) || fixed.type >= N_TYPES || fixed.fault >= N_FAULTS ||
        fixed.reason >= N_REASONS || fixed.status_from >= N_STATUS_FROM || fixed.trust >= N_TRUST ||
        fixed.decided > 1 || ((guint64) fixed.flags >> N_FLAGS) != 0 ||
        !strings_fit (*rest, fixed.lengths, &total) || !strings_are_clean (rest->at, fixed.lengths, total))
        return FALSE;
    event->event_id = fixed.event_id;
    event->date = fixed.date;
    event->flags = fixed.flags;
    event->reason = (Reason) fixed.reason;
    event->type = (EventType) fixed.type;
    event->fault = (Fault) fixed.fault;
    event->status_from = (StatusFrom) fixed.status_from;
    event->trust = (Trust) fixed.trust;
    event->decided = fixed.decided;
    rest->length -= total;
#define X(name) \
    event->name = rest->at; \
    rest->at += fixed.lengths[STRING_##name] + 1;
    EVENT_STRINGS (X)
#undef X
    return TRUE;
}

gboolean
event_frame_read (Span frame, Digest *key, MessageResult *result, EventList *events)
{
    FrameHead head;
    guint32 length;

    if (!take (&frame, &length, sizeof length) || !take (&frame, &head, sizeof head) ||
        head.result > MESSAGE_UNREADABLE ||
        (head.result == MESSAGE_UNREADABLE && head.n_events != 1) || head.n_events > LIMIT_EVENTS)
        return FALSE;
    *key = head.key;
    *result = (MessageResult) head.result;
    for (guint32 i = 0; i < head.n_events; i++) {
        BounceEvent *event = event_list_add (events);

        if (event == NULL || !take_event (&frame, event))
            return FALSE;
    }
    return frame.length == 0;
}
