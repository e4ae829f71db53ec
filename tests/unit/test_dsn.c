/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/date.h"
#include "dsn_report.h"
#include "extract_show.h"

static const ShownCase cases[] = {
    {REPORT ("It failed.", MTA ANN FAILED), "events; ann@example.org failed 5.1.1@field 550"},
    /* several recipients, every action */
    {REPORT ("", MTA ANN FAILED "\nFinal-Recipient: rfc822; bob@example.org\nAction: delayed\nStatus: 4.4.1\n"
                 "\nFinal-Recipient: rfc822; cat@example.org\nAction: delivered\nStatus: 2.0.0\n"
                 "\nFinal-Recipient: rfc822; dan@example.org\nAction: relayed\nStatus: 2.1.9\n"
                 "\nFinal-Recipient: rfc822; eve@example.org\nAction: expanded\nStatus: 2.0.0\n"),
     "events; ann@example.org failed 5.1.1@field 550; bob@example.org delayed 4.4.1@field -; cat@example.org delivered "
     "2.0.0@field -; dan@example.org relayed 2.1.9@field -; eve@example.org expanded 2.0.0@field -"},
    {REPORT ("", MTA ANN "Action: FAILED (gave up)\nStatus: 5.2.2 (full)\n"), "events; ann@example.org failed 5.2.2@field -"},
    /* words and codes that stand in the field of the status alone */
    {REPORT ("", MTA ANN "Action: failed\nStatus: 550 5.1.1 no such user\n"), "events; ann@example.org failed 5.1.1@diagnostic 550 [status-broken]"},
    {REPORT ("", MTA ANN "Action: failed\nStatus: 5.1.0 (552 over quota)\n"), "events; ann@example.org failed 5.1.0@field 552"},
    {REPORT ("", MTA ANN "Action: expired\nStatus: 4.4.7\n"), "events; ann@example.org failed 4.4.7@field -"},
    {REPORT ("", MTA ANN "Status: 5.2.2\n"), "events; ann@example.org failed 5.2.2@field -"},
    {REPORT ("", MTA ANN "Status: 2.0.0\n"), "events; ann@example.org delivered 2.0.0@field -"},
    {REPORT ("", MTA ANN "Status: 4.4.1\nWill-Retry-Until: Thu, 5 Nov 2026 10:00:00 +0100\n"),
     "events; ann@example.org delayed 4.4.1@field -"},
    {REPORT ("", MTA ANN "Status: 4.4.1\n"), "events; ann@example.org failed 4.4.1@field -"},
    /* which address */
    {REPORT ("", MTA ANN "Original-Recipient: rfc822;Ann@Example.ORG\n" FAILED), "events; Ann@example.org failed 5.1.1@field 550"},
    {REPORT ("", MTA "Original-Recipient: rfc822;list@example.org\n" ANN FAILED),
     "events; list@example.org failed 5.1.1@field 550 [forwarded]"},
    {REPORT ("", MTA ANN "X-Actual-Recipient: rfc822; ann@home.example\n" FAILED),
     "events; ann@example.org failed 5.1.1@field 550 [forwarded]"},
    {REPORT ("", MTA ANN "X-Actual-Recipient: X-Unix; |/usr/bin/vacation\n" FAILED), "events; ann@example.org failed 5.1.1@field 550"},
    {REPORT ("", MTA "Original-Recipient: x400; /S=ann/\n" ANN FAILED), "events; ann@example.org failed 5.1.1@field 550"},
    {REPORT ("", MTA "Original-Recipient: rfc822;unknown\n" ANN FAILED), "events; ann@example.org failed 5.1.1@field 550"},
    {REPORT ("", MTA "Original-Recipient: rfc822;ann+2Bnews@example.org\n" ANN FAILED),
     "events; ann+news@example.org failed 5.1.1@field 550 [forwarded]"},
    {REPORT ("", MTA "Final-Recipient: rfc822; \"a..b.\"@example.org\nOriginal-Recipient: rfc822;a..b.@example.org\n" FAILED),
     "events; a..b.@example.org failed 5.1.1@field 550"},
    {REPORT ("", MTA "Final-Recipient: utf-8; j\\x{F6}rg@example.org\n" FAILED), "events; j\303\266rg@example.org failed 5.1.1@field 550"},
    {REPORT ("", MTA "Final-Recipient: <ann@example.org>\n" FAILED), "events; ann@example.org failed 5.1.1@field 550"},
    {REPORT ("", MTA "Final-Recipient: rfc/822;ann@example.org\n" FAILED), "events; ann@example.org failed 5.1.1@field 550"},
    /* addresses that are none never become recipients; the others still do */
    {REPORT ("", MTA "Final-Recipient: rfc822; a b@c@\n" FAILED "\n" ANN FAILED),
     "events; ann@example.org failed 5.1.1@field 550 [address-broken]"},
    /* a name alone: the one addressee of the returned message, when the name is his */
    {REPORT ("", MTA "Final-Recipient: rfc822; ann\n" FAILED), "events; ann@example.org failed 5.1.1@field 550 [guessed]"},
    {REPORT ("", MTA FAILED), "events; ann@example.org failed 5.1.1@field 550 [guessed]"},
    {REPORT ("", MTA "Final-Recipient: rfc822; an\n" FAILED), "unparsed; - - -@- - [no-recipient]"},
    {REPORT ("", MTA "Final-Recipient: rfc822; ann ann@example\n" FAILED), "unparsed; - - -@- - [no-recipient,address-broken]"},
    {REPORT ("", MTA "Final-Recipient: rfc822 ann@example.org\n" FAILED), "events; ann@example.org failed 5.1.1@field 550"},
    {REPORT ("", MTA "Final-Recipient: rfc822; ann@\n" FAILED), "unparsed; - - -@- - [no-recipient,address-broken]"},
    {REPORT ("", MTA "Final-Recipient: rfc822; ann@exam\001ple.org\n" FAILED), "unparsed; - - -@- - [no-recipient,address-broken]"},
    /* the status: field, diagnostic, text */
    {REPORT ("", MTA ANN "Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.1 unknown\n"),
     "events; ann@example.org failed 5.1.1@diagnostic 550"},
    {REPORT ("", MTA ANN "Action: failed\nDiagnostic-Code: smtp; 550 5.1.1 unknown\n"),
     "events; ann@example.org failed 5.1.1@diagnostic 550 [status-broken]"},
    {REPORT ("", MTA ANN "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 552 5.2.2 full\n"),
     "events; ann@example.org failed 5.1.1@field 552 [status-conflict]"},
    {REPORT ("", MTA ANN "Action: failed\nStatus: 5.3.0\nDiagnostic-Code: x-unix; 550 5.1.1 is what the program printed\n"),
     "events; ann@example.org failed 5.3.0@field - [status-conflict]"},
    {REPORT ("", MTA ANN "Action: failed\nStatus: 5.0.0\nDiagnostic-Code: X-Postfix; host h.example[192.0.2.1] said: 554\n"
                     " 5.6.0 spam (in reply to end of DATA command)\n"),
     "events; ann@example.org failed 5.6.0@diagnostic 554"},
    {REPORT ("550 5.1.1 <ann@example.org>... User unknown", MTA ANN "Action: failed\nStatus: 5.0.0\n"),
     "events; ann@example.org failed 5.1.1@text 550"},
    {REPORT ("550 5.1.1 <ann@example.org>... User unknown", MTA ANN "Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550\n"),
     "events; ann@example.org failed 5.1.1@text 550"},
    {REPORT ("550 5.1.1 <ann@example.org>... User unknown", MTA ANN "Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; no luck\n"),
     "events; ann@example.org failed 5.1.1@text 550"},
    {REPORT ("<ann@example.org>: host h.example[192.0.2.1] said: 452 4.2.2 full\n    (in reply to RCPT TO command)",
             MTA ANN "Action: failed\nStatus: 4.0.0\n"),
     "events; ann@example.org failed 4.2.2@text 452"},
    {REPORT ("   ----- Transcript -----\n554 5.3.0 unknown mailer error 255", MTA ANN "Action: failed\nStatus: 5.0.0\nDiagnostic-Code: X-Unix; 255\n"),
     "events; ann@example.org failed 5.3.0@text 554"},
    /* … of another recipient, or of two: not of this one */
    {REPORT ("550 5.1.1 <bob@example.org>... User unknown", MTA ANN "Action: failed\nStatus: 5.0.0\n"),
     "events; ann@example.org failed 5.0.0@field -"},
    {REPORT ("554 5.3.0 unknown mailer error 255", MTA ANN "Action: failed\nStatus: 5.0.0\n\nFinal-Recipient: rfc822; bob@example.org\n"
                                                      "Action: failed\nStatus: 5.0.0\n"),
     "events; ann@example.org failed 5.0.0@field -; bob@example.org failed 5.0.0@field -"},
    {REPORT ("<joann@example.org>: 550 5.1.1 unknown\n<ann@example.org.example>: 550 5.1.2 unknown", MTA ANN "Action: failed\nStatus: 5.0.0\n"),
     "events; ann@example.org failed 5.0.0@field -"},
    /* contradictions: both are seen, the documented one wins */
    {REPORT ("", MTA ANN "Action: delivered\nStatus: 5.1.1\n"), "events; ann@example.org delivered 5.1.1@field - [contradicted]"},
    {REPORT ("", MTA ANN "Action: failed\nStatus: 2.0.0\n"), "events; ann@example.org failed 2.0.0@field - [contradicted]"},
    {REPORT ("", MTA ANN "Action: failed\nStatus: 5.1.1\nStatus: 5.2.2\n"), "events; ann@example.org failed 5.1.1@field - [contradicted]"},
    {REPORT ("", MTA ANN "Final-Recipient: rfc822; bob@example.org\n" FAILED), "events; ann@example.org failed 5.1.1@field 550 [contradicted]"},
    {REPORT ("", MTA ANN FAILED "\n" ANN FAILED), "events; ann@example.org failed 5.1.1@field 550 [duplicate-recipient]"},
    {REPORT ("", MTA ANN FAILED "\n" ANN "Action: delivered\nStatus: 2.0.0\n"),
     "events; ann@example.org failed 5.1.1@field 550 [duplicate-recipient]; ann@example.org delivered 2.0.0@field - "
     "[contradicted,duplicate-recipient]"},
    {REPORT ("", MTA "Original-Recipient: rfc822;list@example.org\n" ANN FAILED
                     "\nOriginal-Recipient: rfc822;list@example.org\nFinal-Recipient: rfc822; bob@example.org\n" FAILED),
     "events; list@example.org failed 5.1.1@field 550 [duplicate-recipient,forwarded]; list@example.org failed "
     "5.1.1@field 550 [duplicate-recipient,forwarded]"},
    {TYPED STATUS (MTA ANN FAILED) STATUS (MTA ANN FAILED) STATUS (MTA "Final-Recipient: rfc822; bob@example.org\n" FAILED) RETURNED,
     "events; ann@example.org failed 5.1.1@field 550 [duplicate-recipient]; bob@example.org failed 5.1.1@field 550"},
    /* other clothes */
    {HEAD "Content-Type: multipart/mixed; boundary=\"=b\"\n\n" TEXT ("") STATUS (MTA ANN FAILED) RETURNED,
     "events; ann@example.org failed 5.1.1@field 550 [not-multipart-report]"},
    {HEAD "Content-Type: message/delivery-status\n\n" MTA ANN FAILED,
     "events; ann@example.org failed 5.1.1@field 550 [not-multipart-report,no-original]"},
    {HEAD "Content-Type: text/plain\n\nYour mail failed.\n\n" MTA ANN FAILED,
     "events; ann@example.org failed 5.1.1@field 550 [not-multipart-report,no-original]"},
    {TYPED "--=b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n"
           "UmVwb3J0aW5nLU1UQTogZG5zOyBtCgpGaW5hbC1SZWNpcGllbnQ6IHJmYzgyMjsgYW5uQGV4YW1wbGUub3JnCkFjdGlvbjogZmFpbGVkClN0YXR1czogNS4xLjEK\n"
           RETURNED,
     "events; ann@example.org failed 5.1.1@field -"},
    {TYPED "--=b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: quoted-printable\n\n"
           "Reporting-MTA: dns; m\n\nFinal-Recipient: rfc822; ann=40example=\n.org\nAction: failed\nStatus: 5.1.1\n\n" RETURNED,
     "events; ann@example.org failed 5.1.1@field -"},
    {TYPED "--=b\nContent-Type: message/global-delivery-status\n\n" MTA "Final-Recipient: utf-8; j\303\266rg@example.org\n" FAILED RETURNED,
     "events; j\303\266rg@example.org failed 5.1.1@field 550"},
    /* the fields name nobody: the header or the list in the text does */
    {HEAD "X-Failed-Recipients: ann@example.org, bob@example.org\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"=b\"\n\n"
          TEXT ("It failed.") RETURNED,
     "events; ann@example.org failed -@- - [status-broken]; bob@example.org failed -@- - [status-broken]"},
    {REPORT ("Delivery to the following recipients failed permanently:\n\n   * ann@example.org\n\nWrite to help@example.net.", MTA),
     "events; ann@example.org failed -@- - [status-broken]"},
    {REPORT ("Something went wrong. Write to help@example.net.", MTA), "unparsed; - - -@- - [no-recipient]"},
    /* no report of the one who sends it */
    {"From: Carl <carl@example.org>\nTo: help@example.com\nSubject: Fwd: Undelivered Mail\nContent-Type: multipart/mixed; boundary=\"=b\"\n\n"
     TEXT ("See below") STATUS (MTA ANN FAILED) RETURNED, "ordinary"},
    {"From: Carl <carl@example.org>\nTo: help@example.com\nSubject: strange mail\nContent-Type: multipart/mixed; boundary=\"=b\"\n\n"
     TEXT ("See below") "--=b\nContent-Type: message/rfc822\n\nFrom: MAILER-DAEMON@mx.example.net\nSubject: Undelivered\n"
     "Content-Type: multipart/report; report-type=delivery-status; boundary=\"=c\"\n\n--=c\nContent-Type: message/delivery-status\n\n"
     MTA ANN FAILED "\n--=c--\n\n--=b--\n", "ordinary"},
    {"From: Carl <carl@example.org>\nTo: list@example.com\nSubject: Re: what does this mean?\n\n> " ANN "> Action: failed\n> Status: 5.1.1\n", "ordinary"},
    {"From: Carl <carl@example.org>\nTo: list@example.com\nSubject: Delivery status notification\n\nIt could not be delivered:\n\n" MTA ANN FAILED, "ordinary"},
    {"From: Carl <carl@example.org>\nTo: list@example.com\nSubject: parsing reports\n\nFor example:\n\n" MTA ANN FAILED, "ordinary"},
    /* a gateway's notice that returns the report and says nothing */
    {HEAD "Content-Type: multipart/mixed; boundary=\"=b\"\n\n" TEXT ("The following message was handled.")
     "--=b\nContent-Type: message/rfc822\n\nFrom: MAILER-DAEMON@in.example.net\nTo: <news@example.com>\nSubject: Returned mail\n"
     "Content-Type: multipart/report; report-type=delivery-status; boundary=\"=c\"\n\n--=c\nContent-Type: message/delivery-status\n\n"
     MTA ANN FAILED "\n--=c--\n\n--=b--\n", "events; ann@example.org failed 5.1.1@field 550 [not-multipart-report]"},
    /* read receipts and tracking */
    {HEAD "Content-Type: multipart/report; report-type=disposition-notification; boundary=\"=b\"\n\n" TEXT ("It was read.")
     "--=b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; ann@example.org\nDisposition: manual-action/MDN-sent-manually; displayed\n\n--=b--\n",
     "ordinary"},
    /* nothing in it at all */
    {HEAD "Content-Type: multipart/report; report-type=delivery-status; boundary=\"=b\"\n\n", "unparsed; - - -@- - [no-recipient,no-original,mime-broken]"},
    {"\n", "ordinary"},
    {"", "ordinary"},
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
    const char *message =
        REPORT ("<ann@example.org>: host in.example.org[192.0.2.7] said: 550 5.1.1 unknown (in reply to RCPT TO command)",
                "Reporting-MTA: dns; MX.Example.NET. (relay)\nX-Postfix-Queue-ID: 1234\nX-Postfix-Sender: rfc822; other@example.com\n\n"
                "Original-Recipient: rfc822;list@example.org\n" ANN
                "Action: failed\nStatus: 5.1.1 (no)\nRemote-MTA: dns; [192.0.2.7]\nDiagnostic-Code: smtp;550\n 5.1.1\n unknown\n"
                "Last-Attempt-Date: Tue, 3 Nov 2026 09:30:00 +0100\n");
    MessageResult result;
    g_autoptr (EventList) list = read_message (arena, message, strlen (message), &result);
    assert_int_equal (result, MESSAGE_EVENTS);
    assert_int_equal (event_list_length (list), 1);
    const BounceEvent *event = event_list_get (list, 0);
    assert_string_equal (event->format, "rfc3464");
    assert_string_equal (event->final_recipient, "ann@example.org");
    assert_string_equal (event->original_recipient, "list@example.org");
    assert_string_equal (event->status_field, "5.1.1 (no)");
    assert_string_equal (event->diagnostic, "550 5.1.1 unknown");
    assert_string_equal (event->command, "RCPT");
    assert_string_equal (event->agent, "postfix");
    assert_string_equal (event->reporting_mta, "mx.example.net");
    assert_string_equal (event->remote_mta, "192.0.2.7");
    assert_string_equal (event->message_id, "report.1@mx.example.net");
    assert_string_equal (event->original_message_id, "nov@example.com");
    assert_string_equal (event->original_sender, "bounce+7@example.com");
    assert_string_equal (event->original_subject, "November");
    assert_string_equal (event->list_id, "news.example.com");
    assert_true (event->date == date_parse_rfc3339 ("2026-11-03T08:30:00Z"));
    assert_int_equal (event->type, TYPE_UNKNOWN);
    assert_false (event->decided);
}

/* Without what came back, the report's own fields tell what they can. */
static void
test_fields_alone (void **state)
{
    (void) state;
    g_autoptr (Arena) arena = arena_new ();
    const char *message = HEAD "In-Reply-To: <sent@example.com>\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"=b\"\n\n"
        STATUS ("Reporting-MTA: dns; m\nX-Postfix-Sender: rfc822; bounce@example.com\n\n" ANN
                "Action: failed\nStatus: 4.4.1\nDiagnostic-Code: X-Postfix; connect to in.example.org[192.0.2.7]:25: Connection timed out\n") "--=b--\n";
    MessageResult result;
    g_autoptr (EventList) list = read_message (arena, message, strlen (message), &result);
    const BounceEvent *event = event_list_get (list, 0);
    assert_string_equal (event->original_message_id, "sent@example.com");
    assert_string_equal (event->original_sender, "bounce@example.com");
    assert_string_equal (event->remote_mta, "in.example.org");
    assert_string_equal (event->command, "CONN");
    assert_string_equal (event->reply, "");
    assert_true (event->date == date_parse_rfc3339 ("2026-11-03T09:00:00Z"));
    assert_true (event->flags & FLAG_NO_ORIGINAL);
}

static void
test_limits (void **state)
{
    (void) state;
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GString) message = g_string_new (TYPED "--=b\nContent-Type: message/delivery-status\n\n" MTA);
    for (guint i = 0; i < 1100; i++)
        g_string_append_printf (message, "Final-Recipient: rfc822; u%u@example.org\nAction: failed\nStatus: 5.1.1\n\n", i);
    g_string_append (message, RETURNED);
    MessageResult result;
    g_autoptr (EventList) list = read_message (arena, message->str, message->len, &result);
    assert_int_equal (event_list_length (list), 1000);
    assert_true (event_list_get (list, 0)->flags & FLAG_RECIPIENTS_CAPPED);
}

UNIT_MAIN (cmocka_unit_test (test_shown), cmocka_unit_test (test_fields), cmocka_unit_test (test_fields_alone),
           cmocka_unit_test (test_limits))
