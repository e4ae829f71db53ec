/* SPDX-License-Identifier: MIT */
/* Events as bytes between two processes: what goes in comes out, and what is not what we write is refused. */
#include "unit.h"

#include "base/byte_search.h"
#include "base/date.h"
#include "worker/event_frame.h"
#include <string.h>

typedef struct {
    Arena *arena;
    EventList *in, *out;
    GByteArray *bytes;
} Fixture;

static int
set_up (void **state)
{
    Fixture *fixture = g_new0 (Fixture, 1);
    fixture->arena = arena_new ();
    fixture->in = event_list_new (fixture->arena);
    fixture->out = event_list_new (fixture->arena);
    fixture->bytes = g_byte_array_new ();
    *state = fixture;
    return 0;
}

static int
tear_down (void **state)
{
    Fixture *fixture = *state;
    event_list_free (fixture->in);
    event_list_free (fixture->out);
    arena_free (fixture->arena);
    g_byte_array_unref (fixture->bytes);
    g_free (fixture);
    return 0;
}

static void
write_one (Fixture *fixture, const char *diagnostic)
{
    Digest key = digest_of ("key", 3);
    BounceEvent *event = event_list_add (fixture->in);
    event->event_id = digest_of ("id", 2);
    event->recipient = "zoë@example.com";
    event->diagnostic = diagnostic;
    event->status_field = "5.1.1";
    event->date = 1793500000;
    event->type = TYPE_HARD;
    event->fault = FAULT_RECIPIENT;
    event->reason = N_REASONS - 1;
    event->trust = TRUST_CONTRADICTED;
    event->status_from = STATUS_FROM_RULE;
    event->flags = 1u << (N_FLAGS - 1);
    event->decided = TRUE;
    event_frame_write (fixture->bytes, 77, &key, MESSAGE_EVENTS, fixture->in);
}

static gboolean
read_back (Fixture *fixture, gsize length)
{
    Digest key;
    MessageResult result;
    event_list_clear (fixture->out);
    return event_frame_read (span ((const char *) fixture->bytes->data, length), &key, &result, fixture->out);
}

static void
test_round (void **state)
{
    Fixture *fixture = *state;
    Digest key, expected = digest_of ("key", 3), id = digest_of ("id", 2);
    MessageResult result;
    write_one (fixture, "550 5.1.1 nobody");
    Span frame = span ((const char *) fixture->bytes->data, fixture->bytes->len);

    assert_int_equal (event_frame_length (frame), frame.length);
    assert_int_equal (event_frame_number (frame), 77);
    assert_true (event_frame_read (frame, &key, &result, fixture->out));
    assert_true (digest_equal (&key, &expected));
    assert_int_equal (result, MESSAGE_EVENTS);
    assert_int_equal (event_list_length (fixture->out), 1);
    const BounceEvent *event = event_list_get (fixture->out, 0), *sent = event_list_get (fixture->in, 0);
    assert_true (digest_equal (&event->event_id, &id));
#define X(name) assert_string_equal (event->name, sent->name);
    EVENT_STRINGS (X)
#undef X
    assert_int_equal (event->date, sent->date);
    assert_int_equal (event->type, sent->type);
    assert_int_equal (event->fault, sent->fault);
    assert_int_equal (event->reason, sent->reason);
    assert_int_equal (event->trust, sent->trust);
    assert_int_equal (event->status_from, sent->status_from);
    assert_int_equal (event->flags, sent->flags);
    assert_true (event->decided);
}

/* Cut anywhere, it is no frame. */
static void
test_cut (void **state)
{
    Fixture *fixture = *state;
    write_one (fixture, "550");
    for (gsize length = 0; length < fixture->bytes->len; length++)
        assert_false (read_back (fixture, length));
    assert_true (read_back (fixture, fixture->bytes->len));
    g_byte_array_append (fixture->bytes, (const guint8 *) "x", 1);
    assert_false (read_back (fixture, fixture->bytes->len));
}

static void
test_strings (void **state)
{
    static const char *const refused[] = {"a\033[2J", "a\nb", "\xff", "\xc2\x85", "\xed\xa0\x80", "a\x7f", "\xc3",
                                          "\xc3\xa9\t", "a long line of thirty-two letters \033"};
    Fixture *fixture = *state;
    for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
        event_list_clear (fixture->in);
        g_byte_array_set_size (fixture->bytes, 0);
        write_one (fixture, refused[i]);
        assert_false (read_back (fixture, fixture->bytes->len));
    }
}

/* Any one byte changed: it is read or refused, never worse; a length or a word out of range is refused. */
static void
test_changed (void **state)
{
    Fixture *fixture = *state;
    write_one (fixture, "550");
    guint refused = 0;
    for (guint i = 4; i < fixture->bytes->len; i++) {
        guint8 kept = fixture->bytes->data[i];
        fixture->bytes->data[i] = 0xff;
        refused += !read_back (fixture, fixture->bytes->len);
        fixture->bytes->data[i] = kept;
    }
    assert_true (refused > fixture->bytes->len / 3);
    assert_true (read_back (fixture, fixture->bytes->len));
}

/* A NUL inside a string, and one at its end that is none: the lengths still fit. */
static void
test_nuls (void **state)
{
    static const char text[] = "550 5.1.1 nobody";
    Fixture *fixture = *state;

    write_one (fixture, text);
    char *start = (char *) byte_search_word ((const char *) fixture->bytes->data, fixture->bytes->len, text, sizeof text);
    assert_non_null (start);
    start[3] = '\0';
    assert_false (read_back (fixture, fixture->bytes->len));
    start[3] = ' ';
    assert_true (read_back (fixture, fixture->bytes->len));
    start[sizeof text - 1] = 'x';
    assert_false (read_back (fixture, fixture->bytes->len));
}

static void
test_lengths (void **state)
{
    (void) state;
    assert_int_equal (event_frame_length (span ("abc", 3)), 0);
    assert_true (event_frame_length (span ("\xff\xff\xff\xff", 4)) == G_MAXSIZE);
    assert_true (event_frame_length (span ("\0\0\0\0", 4)) == G_MAXSIZE);
}

#define T(f) cmocka_unit_test_setup_teardown (f, set_up, tear_down)
UNIT_MAIN (T (test_round), T (test_cut), T (test_strings), T (test_changed), T (test_nuls), T (test_lengths))
