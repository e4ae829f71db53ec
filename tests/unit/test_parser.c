/* SPDX-License-Identifier: MIT */
/* Bytes in, events out: ids, paths, dates, flags. What the reading floors do by themselves is tested there. */
#include "unit.h"

#include "base/date.h"
#include "event/event_id.h"
#include "worker/parser.h"
#include <string.h>

#define REPORT_HEAD \
    "From: MAILER-DAEMON@mx.example.org\nTo: bounces@lists.example.org\nMessage-Id: <1@mx.example.org>\n" \
    "Subject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
#define REPORT_BODY(groups) \
    "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\nContent-Type: text/plain\n\n" \
    "It could not be delivered.\n\n--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n" \
    groups "\n--x--\n"
#define GROUP(address, status) "Final-Recipient: rfc822; " address "\nAction: failed\nStatus: " status "\n\n"

typedef struct {
    Knowledge *knowledge;
    Parser *parser;
} Fixture;

static int
set_up (void **state)
{
    Fixture *fixture = g_new0 (Fixture, 1);
    fixture->knowledge = knowledge_load (NULL, FALSE, NULL);
    fixture->parser = parser_new (fixture->knowledge);
    *state = fixture;
    return 0;
}

static int
tear_down (void **state)
{
    Fixture *fixture = *state;
    parser_free (fixture->parser);
    knowledge_free (fixture->knowledge);
    g_free (fixture);
    return 0;
}

static const ParsedMessage *
parse (Fixture *fixture, const char *path, const char *text)
{
    ParserInput input = {.path = path, .offset = 42, .received = DATE_NONE, .data = text, .length = strlen (text)};
    return parser_parse (fixture->parser, &input);
}

static void
test_one_event (void **state)
{
    const char *text = REPORT_HEAD "Date: Mon, 2 Nov 2026 08:00:00 +0000\n" REPORT_BODY (GROUP ("ann@example.com", "5.1.1"));
    const ParsedMessage *parsed = parse (*state, "a/b.mbox", text);
    char date[DATE_TEXT_SIZE];

    assert_int_equal (parsed->result, MESSAGE_EVENTS);
    assert_int_equal (event_list_length (parsed->events), 1);
    const BounceEvent *event = event_list_get (parsed->events, 0);
    Digest want = event_id (&parsed->key, "ann@example.com", 0);
    assert_string_equal (event->recipient, "ann@example.com");
    assert_string_equal (event->source, "a/b.mbox");
    assert_int_equal (event->offset, 42);
    assert_int_equal (event->type, TYPE_HARD);
    assert_string_equal (event->domain, "example.com");
    assert_string_equal (date_format (event->date, date), "2026-11-02T08:00:00Z");
    assert_true (digest_equal (&event->event_id, &want));
    assert_false (event->flags & FLAG_MESSAGE_CAPPED);
}

static void
test_ordinals (void **state)
{
    const char *text = REPORT_HEAD REPORT_BODY (
        GROUP ("Ann@example.com", "5.1.1") GROUP ("bob@example.com", "5.1.1") GROUP ("ann@EXAMPLE.com", "5.2.2"));
    const ParsedMessage *parsed = parse (*state, "x", text);
    guint n = event_list_length (parsed->events);

    assert_true (n >= 2);
    for (guint i = 0; i < n; i++)
        for (guint j = i + 1; j < n; j++)
            assert_false (digest_equal (&event_list_get (parsed->events, i)->event_id,
                                        &event_list_get (parsed->events, j)->event_id));
    if (n == 3) { /* both were kept: the second one says so */
        assert_false (event_list_get (parsed->events, 0)->flags & FLAG_DUPLICATE_RECIPIENT);
        assert_true (event_list_get (parsed->events, 2)->flags & FLAG_DUPLICATE_RECIPIENT);
    }
}

/* Beyond its processor time a message is given up as a whole; the next one is not held responsible. */
static void
test_budget (void **state)
{
    Fixture *fixture = *state;
    const char *text = REPORT_HEAD REPORT_BODY (GROUP ("ann@example.com", "5.1.1"));
    const ParsedMessage *parsed;
    const BounceEvent *event;
    Digest want;

    parser_limit_cpu (fixture->parser, 0);
    parsed = parse (fixture, "x", text);
    want = event_id (&parsed->key, "", 0);
    event = event_list_get (parsed->events, 0);
    assert_int_equal (parsed->result, MESSAGE_UNREADABLE);
    assert_int_equal (event_list_length (parsed->events), 1);
    assert_string_equal (event->recipient, "");
    assert_string_equal (event->source, "x");
    assert_string_equal (event->format, "unreadable");
    assert_string_equal (event->diagnostic, "it took more than 0 s of processor time");
    assert_true (event->flags & FLAG_UNREADABLE);
    assert_true (digest_equal (&event->event_id, &want));
    parser_limit_cpu (fixture->parser, 60 * G_USEC_PER_SEC);
    parsed = parse (fixture, "x", text);
    assert_int_equal (parsed->result, MESSAGE_EVENTS);
    assert_string_equal (event_list_get (parsed->events, 0)->recipient, "ann@example.com");
}

static void
test_dates (void **state)
{
    Fixture *fixture = *state;
    const char *without = REPORT_HEAD REPORT_BODY (GROUP ("ann@example.com", "5.1.1"));
    const char *received = "Received: from a (b; c) by mx.example.org; Tue, 3 Nov 2026 10:00:00 +0100\n" REPORT_HEAD
        REPORT_BODY (GROUP ("ann@example.com", "5.1.1"));
    ParserInput input = {.path = "x", .received = 1793000000, .data = without, .length = strlen (without)};
    char date[DATE_TEXT_SIZE];

    const ParsedMessage *parsed = parser_parse (fixture->parser, &input);
    assert_true (event_list_get (parsed->events, 0)->date == 1793000000);
    input.data = received;
    input.length = strlen (received);
    input.truncated = TRUE;
    parsed = parser_parse (fixture->parser, &input);
    assert_string_equal (date_format (event_list_get (parsed->events, 0)->date, date), "2026-11-03T09:00:00Z");
    assert_true (event_list_get (parsed->events, 0)->flags & FLAG_MESSAGE_CAPPED);
}

static const struct {
    const char *path, *want;
} PATHS[] = {
    {"Maildir/new/1", "Maildir/new/1"},
    {"B\xc3\xbc" "cher", "B\xc3\xbc" "cher"},
    {"a\xff" "b", "a\\xffb"},
    {"a\x1b[2J", "a\\x1b[2J"},
    {"a\xc2\x9b" "b", "a\\xc2\\x9bb"}, /* C1 */
    {"a\nb", "a\\x0ab"},
    {"a\\b", "a\\\\b"},
    {"a\xe2\x80\xae" "b", "a\\xe2\\x80\\xaeb"}, /* turns the reading direction */
    {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
    {"", ""},
};

static void
test_paths (void **state)
{
    for (guint i = 0; i < G_N_ELEMENTS (PATHS); i++)
        assert_string_equal (parse (*state, PATHS[i].path, "Subject: x\n\ny\n")->source, PATHS[i].want);
}

static void
test_nothing_to_say (void **state)
{
    static const char *const TEXTS[] = {"", "\n", "Subject: Lunch\n\nToday?\n", "\xff\xfe", "From:\n"};

    for (guint i = 0; i < G_N_ELEMENTS (TEXTS); i++) {
        const ParsedMessage *parsed = parse (*state, "x", TEXTS[i]);
        assert_int_equal (parsed->result, MESSAGE_ORDINARY);
        assert_int_equal (event_list_length (parsed->events), 0);
    }
}

/* Addresses that cannot be one are never a recipient. */
static void
test_impossible_addresses (void **state)
{
    static const char *const GROUPS[] = {
        REPORT_HEAD REPORT_BODY (GROUP ("nobody", "5.1.1")),
        REPORT_HEAD REPORT_BODY (GROUP ("ann\001@example.com", "5.1.1")),
        REPORT_HEAD REPORT_BODY (GROUP ("@example.com", "5.1.1")),
        REPORT_HEAD REPORT_BODY (GROUP ("ann@", "5.1.1")),
    };

    for (guint i = 0; i < G_N_ELEMENTS (GROUPS); i++) {
        const ParsedMessage *parsed = parse (*state, "x", GROUPS[i]);
        assert_int_equal (parsed->result, MESSAGE_UNPARSED);
        assert_int_equal (event_list_length (parsed->events), 1);
        assert_string_equal (event_list_get (parsed->events, 0)->recipient, "");
        assert_int_equal (event_list_get (parsed->events, 0)->type, TYPE_UNKNOWN);
    }
}

UNIT_MAIN (cmocka_unit_test_setup_teardown (test_one_event, set_up, tear_down),
           cmocka_unit_test_setup_teardown (test_ordinals, set_up, tear_down),
           cmocka_unit_test_setup_teardown (test_budget, set_up, tear_down),
           cmocka_unit_test_setup_teardown (test_dates, set_up, tear_down),
           cmocka_unit_test_setup_teardown (test_paths, set_up, tear_down),
           cmocka_unit_test_setup_teardown (test_nothing_to_say, set_up, tear_down),
           cmocka_unit_test_setup_teardown (test_impossible_addresses, set_up, tear_down))
