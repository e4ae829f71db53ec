/* SPDX-License-Identifier: MIT */
/* What a parse process says to its parent: bytes that are no frame are refused, what is read keeps the promises of an
 * event, and events that are written are read as they were. */
#include "fuzz.h"

#include "base/date.h"
#include "base/limits.h"
#include "worker/event_frame.h"

typedef struct {
    GByteArray *bytes;
    Arena *arena, *other_arena;
    EventList *events, *other;
} Run;

static Run *
run_of_process (void)
{
    static Run run;

    if (run.bytes == NULL) {
        run.bytes = g_byte_array_new ();
        run.arena = arena_new ();
        run.other_arena = arena_new ();
        run.events = event_list_new (run.arena);
        run.other = event_list_new (run.other_arena);
    }
    g_byte_array_set_size (run.bytes, 0);
    arena_clear (run.arena);
    arena_clear (run.other_arena);
    event_list_clear (run.events);
    event_list_clear (run.other);
    return &run;
}

static void
check_same (const BounceEvent *a, const BounceEvent *b)
{
    g_assert (digest_equal (&a->event_id, &b->event_id) && a->date == b->date && a->flags == b->flags);
    g_assert (a->type == b->type && a->fault == b->fault && a->reason == b->reason && a->trust == b->trust);
    g_assert (a->status_from == b->status_from && !a->decided == !b->decided);
#define X(name) g_assert (strcmp (a->name, b->name) == 0);
    EVENT_STRINGS (X)
#undef X
}

/* The events of run->events go the whole way once. */
static void
check_way (Run *run, const Digest *key, MessageResult result)
{
    MessageResult got_result;
    Digest got_key;
    Span frame;

    g_byte_array_set_size (run->bytes, 0);
    event_frame_write (run->bytes, 99, key, result, run->events);
    frame = span ((const char *) run->bytes->data, run->bytes->len);
    g_assert (event_frame_length (frame) == frame.length && event_frame_number (frame) == 99);
    g_assert (event_frame_length (span (frame.at, 3)) == 0);
    g_assert (event_frame_read (frame, &got_key, &got_result, run->other));
    g_assert (digest_equal (&got_key, key) && got_result == result);
    g_assert (event_list_length (run->other) == event_list_length (run->events));
    for (guint i = 0; i < event_list_length (run->events); i++)
        check_same (event_list_get (run->events, i), event_list_get (run->other, i));
}

static void
read_bytes (Run *run, const char *bytes, gsize size)
{
    gsize length = event_frame_length (span (bytes, size));
    MessageResult result;
    Digest key;

    if (length == 0 || length > size)
        return;
    if (!event_frame_read (span (bytes, length), &key, &result, run->events))
        return;
    for (guint i = 0; i < event_list_length (run->events); i++) {
        const BounceEvent *event = event_list_get (run->events, i);

        g_assert (event->type < N_TYPES && event->fault < N_FAULTS && event->reason < N_REASONS);
        g_assert (event->trust < N_TRUST && event->status_from < N_STATUS_FROM);
#define X(name) fuzz_check_text (event->name, size, FALSE);
        EVENT_STRINGS (X)
#undef X
    }
    check_way (run, &key, result);
}

/* Events made of the bytes: numbers from the first of them, strings from the rest, cut at LFs. */
static void
make_events (Run *run, const char *bytes, gsize size)
{
    Digest key = {{0}};
    Span rest = span (bytes, size), line;
    guint n = size > 0 ? (guchar) bytes[0] % 4 : 0;

    for (guint i = 0; i < n; i++) {
        BounceEvent *event = event_list_add (run->events);

        memcpy (&key, bytes, MIN (size, sizeof key));
        event->event_id = key;
        event->date = (gint64) (guchar) bytes[size / 2] << (i * 20);
        event->type = (EventType) ((guchar) bytes[size - 1] % N_TYPES);
        event->reason = (Reason) ((guchar) bytes[size / 3] % N_REASONS);
        event->decided = i % 2 == 0;
#define X(name) event->name = text_next_line (&rest, &line) ? text_one_line (run->arena, line.at, (gssize) line.length, 300) : "";
        EVENT_STRINGS (X)
#undef X
    }
    check_way (run, &key, n > 0 ? MESSAGE_EVENTS : MESSAGE_ORDINARY);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    Run *run = run_of_process ();
    const char *bytes = size > 0 ? (const char *) data : "";

    if (size > 4 && bytes[0] == 'm') {
        make_events (run, bytes + 1, size - 1);
        run = run_of_process ();
    }
    read_bytes (run, bytes, size);
    return 0;
}
