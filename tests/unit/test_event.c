/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/date.h"
#include "base/limits.h"
#include "event/event_id.h"
#include "event/event_json.h"

#include <string.h>

static Digest
key_of (const char *message)
{
    g_autoptr (Digester) digester = digester_new ();

    return message_key (digester, message, strlen (message));
}

static void
test_message_key (void **state)
{
    static const char base[] = "From: a@example.com\nSubject: x\n\nbody\nFrom here\n";
    static const char *const same[] = {
        "From: a@example.com\nSubject: x\n\nbody\nFrom here\n\n\n",
        "From: a@example.com\nSubject: x\n\nbody\nFrom here",
        "Return-Path: <>\nReceived: from x\n\tby y; date\nFrom: a@example.com\nSubject: x\nStatus: RO\nX-UID: 7\n\nbody\nFrom here\n",
        "From: a@example.com\nX-Mozilla-Status2: 1\nSubject: x\n\nbody\n>From here\n",
        "From: a@example.com\nSubject: x\n\nbody\n>>From here\n",
    };
    static const char *const other[] = {
        "From: a@example.com\nSubject: y\n\nbody\nFrom here\n",
        "From: a@example.com\nSubject: x\n\nbody\n>from here\n",
        "From: a@example.com\nSubject: x\n\nbody\n> From here\n",
        "From: a@example.com\nSubject: x\nStatusX: 1\n\nbody\nFrom here\n",
        "From: a@example.com\nSubject: x\nbody\nFrom here\n",
    };
    Digest key = key_of (base);

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (same); i++) {
        Digest got = key_of (same[i]);

        assert_true (digest_equal (&key, &got));
    }
    for (gsize i = 0; i < G_N_ELEMENTS (other); i++) {
        Digest got = key_of (other[i]);

        assert_false (digest_equal (&key, &got));
    }
}

/* Ledgers keep keys by these numbers: they are for ever. */
static void
test_message_day (void **state)
{
    static const struct {
        const char *message;
        guint day;
    } cases[] = {
        {"Date: Mon, 2 Nov 2026 08:00:00 +0000\n\nbody\n", 1 + (56 * 12 + 10) * 31 + 2},
        {"From: a@example.com\nReceived: x\n\tDate: 3 Nov 2026\ndate:\t02 NOV 2026\nDate: 5 Nov 2026\n", 1 + 682 * 31 + 2},
        {"Date:2 nov 2026", 1 + 682 * 31 + 2},
        {"Date: Thu, 1 Jan 1970 00:00:00 +0000\n\n", 2},
        {"Date: 31 Dec 2199\n", 1 + (229 * 12 + 11) * 31 + 31},
        {"Date: 31 Dec 1969\n", 1},
        {"Date: 1 Jan 2200\n", 1},
        {"Date: 0 Jan 2026\n", 1},
        {"Date: 32 Jan 2026\n", 1},
        {"Date: 2 Nov 20266\n", 1},
        {"Date: 002 Nov 2026\n", 1},
        {"Date: 2 Nov", 1},
        {"Date: 2 No", 1},
        {"Date: 2026-11-02\n", 1},
        {"Date:\n Mon, 2 Nov 2026\n", 1},
        {"Date: \n", 1},
        {"Date:", 1},
        {"Date: ,", 1},
        {"Dated: 2 Nov 2026\n\n", 1},
        {"From: a@example.com\n\nDate: 2 Nov 2026\n", 1},
        {"", 1},
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        gsize length = strlen (cases[i].message);
        g_autofree char *alone = g_memdup2 (cases[i].message, length + (length == 0)); /* without a NUL, for ASan */

        assert_int_equal (message_day (alone, length), cases[i].day);
    }
}

static void
test_event_id (void **state)
{
    Digest key = key_of ("a: b\n\nc\n"), one = event_id (&key, "A@Example.com", 0), two = event_id (&key, "a@example.com", 0),
           three = event_id (&key, "a@example.com", 1), none = event_id (&key, "", 0);

    (void) state;
    assert_true (digest_equal (&one, &two));
    assert_false (digest_equal (&two, &three));
    assert_false (digest_equal (&two, &none));
}

static void
test_json (void **state)
{
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GString) line = g_string_new (NULL), again = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    Writer *writer = writer_new_string (line);
    BounceEvent event, back;

    (void) state;
    event_init (&event);
    event.recipient = "a\"b\\c@example.com";
    event.diagnostic = "\xe3\x83\xa1\xc2\x85 \t\xff<>&\xe2\x80\xae\xf3\xa0\x80\xa0";
    event.type = TYPE_BLOCK;
    event.reason = REASON_SENDER_RATE;
    event.fault = FAULT_SENDER;
    event.status_from = STATUS_FROM_DIAGNOSTIC;
    event.trust = TRUST_PLAUSIBLE;
    event.flags = FLAG_GUESSED | FLAG_UNREADABLE;
    event.offset = G_MAXUINT64;
    event.date = date_from_civil (2026, 11, 21, 3, 0, 0);
    event_json_write (writer, &event);
    assert_true (writer_close (writer, NULL));
    assert_true (g_utf8_validate (line->str, (gssize) line->len, NULL));
    assert_non_null (strstr (line->str, "\"flags\":[\"guessed\",\"unreadable\"]}\n"));
    assert_non_null (strstr (line->str, "\"recipient\":\"a\\\"b\\\\c@example.com\""));
    assert_non_null (strstr (line->str, "\\u0085 \\t\xef\xbf\xbd<>&\\u202e\\udb40\\udc20\""));
    assert_true (event_json_read (line->str, line->len, arena, &back, &error));
    writer = writer_new_string (again);
    event_json_write (writer, &back);
    assert_true (writer_close (writer, NULL));
    assert_string_equal (line->str, again->str);
}

static void
test_json_bad (void **state)
{
    static const char *const bad[] = {
        "", "{", "{}", "[]", "{\"v\":2}", "{\"v\":1,}", "{\"v\":1}x", "{\"v\":1,\"type\":\"nonsense\"}",
        "{\"v\":1,\"recipient\":\"a", "{\"v\":1,\"recipient\":\"\\u0000\"}", "{\"v\":1,\"recipient\":\"\\ud800x\"}",
        "{\"v\":1,\"date\":\"yesterday\"}", "{\"v\":1,\"event_id\":\"12\"}", "{\"v\":1,\"offset\":99999999999999999999}",
        "{\"v\":1,\"x\":[[[[[[[[[[[[1]]]]]]]]]]]]}", "{\"v\":1,\"recipient\":\"\xff\"}",
    };
    static const char *const good[] = {"{\"v\":1}", "{\"v\":1,\"new\":{\"a\":[1,true,null,\"x\"]},\"recipient\":\"a@b\"}",
                                       " { \"v\" : 1 , \"date\" : null } "};
    g_autoptr (Arena) arena = arena_new ();
    BounceEvent event;

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
        g_autoptr (GError) error = NULL;

        if (event_json_read (bad[i], strlen (bad[i]), arena, &event, &error) || error == NULL)
            fail_msg ("“%s” was taken", bad[i]);
    }
    for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
        assert_true (event_json_read (good[i], strlen (good[i]), arena, &event, NULL));
}

static void
test_list (void **state)
{
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (EventList) list = event_list_new (arena);

    (void) state;
    for (guint i = 0; i < LIMIT_EVENTS; i++)
        assert_non_null (event_list_add (list));
    assert_null (event_list_add (list));
    assert_int_equal (event_list_length (list), LIMIT_EVENTS);
    assert_string_equal (event_list_get (list, 7)->recipient, "");
}

static void
test_vocabulary (void **state)
{
    (void) state; /* every word leads back to its value, and no two are the same */
    for (guint i = 0; i < N_REASONS; i++) {
        Reason reason = N_REASONS;

        assert_true (reason_parse (reason_word ((Reason) i), &reason) && reason == i);
        if (reason_fault (reason) == FAULT_SENDER || reason_fault (reason) == FAULT_MESSAGE)
            assert_int_equal (reason_type (reason), TYPE_BLOCK);
        if (reason_type (reason) == TYPE_HARD)
            assert_int_equal (reason_fault (reason), FAULT_RECIPIENT);
    }
    for (guint i = 0; i < N_TYPES; i++) {
        EventType type = N_TYPES;

        assert_true (event_type_parse (event_type_word ((EventType) i), &type) && type == i);
    }
    for (guint i = 0; i < N_FLAGS; i++) {
        guint bit = N_FLAGS;

        assert_true (flag_parse (flag_word (i), &bit) && bit == i);
    }
    for (guint i = 0; i < N_DECISIONS; i++) {
        DecisionKind decision = N_DECISIONS;

        assert_true (decision_parse (decision_word ((DecisionKind) i), &decision) && decision == i);
    }
    assert_false (reason_parse ("User-Unknown", &(Reason){0}));
}

UNIT_MAIN (cmocka_unit_test (test_message_key), cmocka_unit_test (test_message_day), cmocka_unit_test (test_event_id),
           cmocka_unit_test (test_json),
           cmocka_unit_test (test_json_bad), cmocka_unit_test (test_list), cmocka_unit_test (test_vocabulary))
