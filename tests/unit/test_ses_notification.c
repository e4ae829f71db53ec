/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/date.h"
#include "extract_show.h"

#define HEAD \
    "From: Notifications <no-reply@sns.example.com>\nTo: <bounces@example.com>\nSubject: AWS Notification Message\n" \
    "Date: Tue, 3 Nov 2026 10:00:00 +0100\nMessage-ID: <n1@sns.example.com>\nMIME-Version: 1.0\n"
#define PLAIN HEAD "Content-Type: text/plain; charset=utf-8\n\n"
/* The three members of a notification. */
#define MAIL \
    "\"mail\":{\"timestamp\":\"2026-11-03T08:00:00Z\",\"source\":\"news@example.com\",\"messageId\":\"0102-ab\"," \
    "\"destination\":[\"ann@example.org\"],\"commonHeaders\":{\"subject\":\"November\"}}"
#define BOUNCE(recipients) \
    "{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\",\"bounceSubType\":\"General\"," \
    "\"timestamp\":\"2026-11-03T08:00:05Z\",\"reportingMTA\":\"dns; a8.smtp.example.com\"," \
    "\"bouncedRecipients\":[" recipients "]}," MAIL "}\n"
#define ANN \
    "{\"emailAddress\":\"ann@example.org\",\"action\":\"failed\",\"status\":\"5.1.1\"," \
    "\"diagnosticCode\":\"smtp; 550 5.1.1 user unknown\"}"
#define COMPLAINT(recipients) \
    "{\"notificationType\":\"Complaint\",\"complaint\":{\"complaintFeedbackType\":\"abuse\"," \
    "\"timestamp\":\"2026-11-03T08:00:06Z\",\"complainedRecipients\":[" recipients "]}," MAIL "}"
#define DELIVERY(recipients) \
    "{\"notificationType\":\"Delivery\",\"delivery\":{\"timestamp\":\"2026-11-03T08:00:07Z\"," \
    "\"smtpResponse\":\"250 2.0.0 OK\",\"reportingMTA\":\"a8.smtp.example.com\",\"recipients\":[" recipients "]}," MAIL "}"

static const ShownCase cases[] = {
    {PLAIN BOUNCE (ANN), "events; ann@example.org failed 5.1.1@field 550"},
    {PLAIN BOUNCE (ANN ",{\"emailAddress\":\"bob@example.org\",\"action\":\"delayed\",\"status\":\"4.2.2\"}"),
     "events; ann@example.org failed 5.1.1@field 550; bob@example.org delayed 4.2.2@field -"},
    /* held back by the service: no report, only its types */
    {PLAIN BOUNCE ("{\"emailAddress\":\"ann@example.org\"}"), "events; ann@example.org failed -@- -"},
    {PLAIN BOUNCE ("{\"emailAddress\":\"Ann <ann@example.org>\",\"status\":\"5.1.1\"}"), "events; ann@example.org failed 5.1.1@field -"},
    {PLAIN COMPLAINT ("{\"emailAddress\":\"ann@example.org\"},{\"emailAddress\":\"bob@example.org\"}"),
     "events; ann@example.org complaint; bob@example.org complaint"},
    {PLAIN DELIVERY ("\"ann@example.org\""), "events; ann@example.org delivered 2.0.0@diagnostic -"},
    /* in the envelope of the notification service, and what its mails append */
    {PLAIN "{\"Type\":\"Notification\",\"Message\":\"{\\\"eventType\\\":\\\"Bounce\\\",\\\"bounce\\\":{\\\"bouncedRecipients\\\":"
           "[{\\\"emailAddress\\\":\\\"ann@example.org\\\",\\\"status\\\":\\\"5.1.1\\\"}]}}\"}",
     "events; ann@example.org failed 5.1.1@field -"},
    {PLAIN BOUNCE (ANN) "\n\n--\nIf you wish to stop receiving notifications, visit https://sns.example.com/\n",
     "events; ann@example.org failed 5.1.1@field 550"},
    /* lines that a mailer broke inside of strings: as they are, with a blank behind, with sendmail's mark before */
    {PLAIN BOUNCE ("{\"emailAddress\":\"ann@exam\nple.org\",\"status\":\"5.1.1\"}"), "events; ann@example.org failed 5.1.1@field -"},
    {PLAIN BOUNCE ("{\"emailAddress\":\"ann@exam\n ple.org\",\n \"status\":\"5.1.1\"}"), "events; ann@example.org failed 5.1.1@field -"},
    {PLAIN BOUNCE ("{\"emailAddress\":\"ann@exam!\n ple.org\",\"status\":\"5.1.1\"}"), "events; ann@example.org failed 5.1.1@field -"},
    {PLAIN BOUNCE ("{\"emailAddress\":\"ann@example.org\",\"status\":\"5.1.1\",\"diagnosticCode\":\"smtp; 550 \\\"no\n such\\\" user\"}"),
     "events; ann@example.org failed 5.1.1@field 550"},
    /* … between a backslash and what it is for */
    {PLAIN BOUNCE ("{\"emailAddress\":\"ann@example.org\",\"status\":\"5.1.1\",\"diagnosticCode\":\"smtp; 550 \\\\\\\n\"no such\\\" user\"}"),
     "events; ann@example.org failed 5.1.1@field 550"},
    {PLAIN BOUNCE ("{\"emailAddress\":\"ann@example.org\",\"diagnosticCode\":\"a\\\\\"}\n,{\"emailAddress\":\"bob@example.org\"}"),
     "events; ann@example.org failed -@- -; bob@example.org failed -@- -"},
    /* addresses that are none; members of the wrong kind */
    {PLAIN BOUNCE ("{\"emailAddress\":\"ann\"}"), "ordinary"},
    {PLAIN BOUNCE ("{\"emailAddress\":\"ann@example.org\\u0000@x.example\"}"), "ordinary"},
    {PLAIN BOUNCE ("{\"emailAddress\":7}," ANN), "events; ann@example.org failed 5.1.1@field 550"},
    {PLAIN BOUNCE ("\"ann@example.org\""), "ordinary"},
    {PLAIN COMPLAINT ("7,{},{\"emailAddress\":\"bob\"}"), "ordinary"},
    {PLAIN DELIVERY ("{\"emailAddress\":\"ann@example.org\"},\"bob\""), "ordinary"},
    {PLAIN "{\"notificationType\":\"Bounce\",\"bounce\":[],\"complaint\":\"x\",\"delivery\":{\"recipients\":{}}}", "ordinary"},
    {PLAIN "{\"notificationType\":\"Bounce\"", "ordinary"},
    {PLAIN "{\"Message\":\"{\",\"eventType\":1}", "ordinary"},
    {PLAIN "{\"Message\":\"{\\\"a\\\":1}\",\"notificationType\":1}", "ordinary"},
    /* other JSON, and a person who shows one */
    {PLAIN "{\"bounce\":{\"bouncedRecipients\":[" ANN "]}}", "ordinary"},
    {PLAIN "Look at this:\n\n" BOUNCE (ANN), "ordinary"},
    {HEAD "Content-Type: text/html\n\n" BOUNCE (ANN), "ordinary"},
};

static void
test_shown (void **state)
{
    (void) state;
    assert_shown (cases, G_N_ELEMENTS (cases));
}

static void
test_fields (void **state)
{
    (void) state;
    g_autoptr (Arena) arena = arena_new ();
    const char *message = PLAIN BOUNCE (ANN ",{\"emailAddress\":\"bob@example.org\"}");
    MessageResult result;
    g_autoptr (EventList) list = read_message (arena, message, strlen (message), &result);
    assert_int_equal (event_list_length (list), 2);
    const BounceEvent *event = event_list_get (list, 0);
    assert_string_equal (event->format, "ses-json");
    assert_string_equal (event->agent, "amazon-ses");
    assert_string_equal (event->final_recipient, "ann@example.org");
    assert_string_equal (event->diagnostic, "550 5.1.1 user unknown");
    assert_string_equal (event->status_field, "5.1.1");
    assert_string_equal (event->reporting_mta, "a8.smtp.example.com");
    assert_string_equal (event->original_message_id, "0102-ab");
    assert_string_equal (event->original_sender, "news@example.com");
    assert_string_equal (event->original_subject, "November");
    assert_true (event->date == date_parse_rfc3339 ("2026-11-03T08:00:05Z"));
    assert_false (event->flags & FLAG_NO_ORIGINAL);
    assert_string_equal (event_list_get (list, 1)->diagnostic, "Bounce type Permanent, General");
}

/* A date that is none leaves that of the message; what the service says of a delivery is the diagnostic. */
static void
test_other_fields (void **state)
{
    (void) state;
    g_autoptr (Arena) arena = arena_new ();
    const char *message = PLAIN "{\"eventType\":\"Delivery\",\"delivery\":{\"timestamp\":\"yesterday\",\"smtpResponse\":\"250 fine\","
                                "\"recipients\":[\"ann@example.org\"]}}";
    MessageResult result;
    g_autoptr (EventList) list = read_message (arena, message, strlen (message), &result);
    assert_int_equal (event_list_length (list), 1);
    const BounceEvent *event = event_list_get (list, 0);
    assert_true (event->date == date_parse_rfc3339 ("2026-11-03T09:00:00Z"));
    assert_string_equal (event->diagnostic, "250 fine");
    assert_string_equal (event->action, "delivered");
    assert_string_equal (event->reporting_mta, "");
    assert_string_equal (event->original_message_id, "");
    message = PLAIN COMPLAINT ("{\"emailAddress\":\"ann@example.org\"}");
    g_autoptr (EventList) complaints = read_message (arena, message, strlen (message), &result);
    assert_int_equal (event_list_length (complaints), 1);
    event = event_list_get (complaints, 0);
    assert_int_equal (event->type, TYPE_COMPLAINT);
    assert_true (event->decided);
    assert_string_equal (event->diagnostic, "abuse");
}

UNIT_MAIN (cmocka_unit_test (test_shown), cmocka_unit_test (test_fields), cmocka_unit_test (test_other_fields))
