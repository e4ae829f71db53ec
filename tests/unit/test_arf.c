/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "extract_show.h"

#define HEAD \
    "From: <fbl@provider.example>\nTo: <abuse@example.com>\nSubject: FW: November\nDate: Tue, 3 Nov 2026 10:00:00 +0000\n" \
    "Message-ID: <c1@provider.example>\nMIME-Version: 1.0\n"
#define TYPED HEAD "Content-Type: multipart/report; report-type=feedback-report; boundary=\"=b\"\n\n"
#define TEXT "--=b\nContent-Type: text/plain\n\nThis is an abuse report. 550 5.1.1 is no word of it.\n\n"
#define FEEDBACK(fields) "--=b\nContent-Type: message/feedback-report\n\n" fields "\n"
#define RETURNED(fields) \
    "--=b\nContent-Type: message/rfc822\n\nFrom: News <news@example.com>\nSubject: November\nMessage-ID: <nov@example.com>\n" fields \
    "\nHello\n\n--=b--\n"
#define REPORT(fields, headers) TYPED TEXT FEEDBACK (fields) RETURNED (headers)
#define ABUSE "Feedback-Type: abuse\nUser-Agent: SomeGenerator/1.0\nVersion: 1\n"

static const ShownCase cases[] = {
    {REPORT (ABUSE "Original-Rcpt-To: <ann@example.org>\n", "To: bob@example.org\n"), "events; ann@example.org complaint"},
    {REPORT (ABUSE "Original-Rcpt-To: rfc822; ann@example.org\n", ""), "events; ann@example.org complaint"},
    {REPORT (ABUSE "Original-Rcpt-To: ann@example.org\nOriginal-Rcpt-To: bob@example.org\n", ""),
     "events; ann@example.org complaint; bob@example.org complaint"},
    {REPORT (ABUSE "Original-Rcpt-To: ann@example.org\nOriginal-Rcpt-To: ANN@example.org\n", ""), "events; ann@example.org complaint"},
    /* blank lines inside the report */
    {REPORT (ABUSE "\nOriginal-Rcpt-To: ann@example.org\n", ""), "events; ann@example.org complaint"},
    {REPORT ("Feedback-Type: opt-out\nRemoval-Recipient: ann@example.org\n", ""), "events; ann@example.org complaint"},
    {REPORT ("Feedback-Type: fraud\n", "To: ann@example.org\n"), "events; ann@example.org complaint"},
    {REPORT ("Feedback-Type: virus\n", "To: ann@example.org\n"), "events; ann@example.org complaint"},
    {REPORT ("Feedback-Type: other\n", "To: ann@example.org\n"), "events; ann@example.org complaint"},
    {REPORT ("User-Agent: x\n", "To: ann@example.org\n"), "events; ann@example.org complaint"},
    /* from the copy: what names one, not what names several */
    {REPORT (ABUSE, "X-HmXmrOriginalRecipient: ann@example.org\nTo: bob@example.org\n"), "events; ann@example.org complaint"},
    {REPORT (ABUSE, "To: Ann <ann@example.org>\n"), "events; ann@example.org complaint"},
    {REPORT (ABUSE, "To: ann@example.org, bob@example.org\n"), "events; - complaint [no-recipient]"},
    {REPORT (ABUSE, "To: undisclosed-recipients:;\n"), "events; - complaint [no-recipient]"},
    {REPORT (ABUSE, ""), "events; - complaint [no-recipient]"},
    /* hidden names are no names */
    {REPORT (ABUSE "Original-Rcpt-To: redacted@example.org\n", "To: [REDACTED]\n"), "events; - complaint [no-recipient]"},
    {REPORT (ABUSE "Original-Rcpt-To: <redacted-9f@example.org>\n", "To: ann@example.org\n"), "events; ann@example.org complaint"},
    {REPORT (ABUSE "Original-Rcpt-To: ann\n", ""), "events; - complaint [no-recipient]"},
    /* nobody complains here */
    {REPORT ("Feedback-Type: auth-failure\nAuth-Failure: dkim\nOriginal-Rcpt-To: ann@example.org\n", ""), "ordinary"},
    {REPORT ("Feedback-Type: not-spam\nOriginal-Rcpt-To: ann@example.org\n", ""), "ordinary"},
    /* providers that send less */
    {"From: staff@hotmail.example\nTo: abuse@example.com\nSubject: complaint about message from 192.0.2.7\n"
     "Content-Type: multipart/mixed; boundary=\"=b\"\n\n" RETURNED ("X-HmXmrOriginalRecipient: ann@example.org\nTo: bob@example.org\n"),
     "events; ann@example.org complaint [not-multipart-report]"},
    /* mail programs that unsubscribe */
    {"From: ann@example.org\nTo: unsubscribe+7@example.com\nSubject: unsubscribe\nAuto-Submitted: auto-replied\nX-Apple-Unsubscribe: true\n\nbye\n",
     "events; ann@example.org complaint [not-multipart-report,no-original]"},
    /* a person's forward of a report; a person's word for unsubscribing */
    {"From: carl@example.com\nTo: postmaster@example.com\nSubject: Fwd: complaint\nContent-Type: multipart/mixed; boundary=\"=b\"\n\n" TEXT
     FEEDBACK (ABUSE "Original-Rcpt-To: ann@example.org\n") RETURNED (""), "ordinary"},
    {"From: ann@example.org\nTo: news@example.com\nSubject: unsubscribe\n\nplease\n", "ordinary"},
    /* aggregates */
    {"From: noreply@provider.example\nTo: dmarc@example.com\nSubject: Report Domain: example.com Submitter: provider.example Report-ID: 1\n"
     "Content-Type: application/gzip\n\nxx\n", "ordinary"},
    {"From: tls@provider.example\nTo: tls@example.com\nSubject: Report Domain: example.com Submitter: provider.example\n"
     "TLS-Report-Domain: example.com\nContent-Type: multipart/report; report-type=tlsrpt; boundary=\"=b\"\n\n" TEXT "--=b--\n", "ordinary"},
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
    const char *message = REPORT (ABUSE "Original-Rcpt-To: ann@example.org\nOriginal-Mail-From: <bounce@example.com>\n"
                                        "Reporting-MTA: dns; FBL.provider.example\nSource-IP: 192.0.2.7\n", "");
    MessageResult result;
    g_autoptr (EventList) list = read_message (arena, message, strlen (message), &result);
    const BounceEvent *event = event_list_get (list, 0);
    assert_true (event->decided);
    assert_int_equal (event->type, TYPE_COMPLAINT);
    assert_int_equal (event->reason, REASON_COMPLAINT);
    assert_string_equal (event->format, "arf");
    assert_string_equal (event->diagnostic, "Feedback-Type: abuse");
    assert_string_equal (event->reporting_mta, "fbl.provider.example");
    assert_string_equal (event->original_sender, "bounce@example.com");
    assert_string_equal (event->original_message_id, "nov@example.com");
    assert_string_equal (event->original_subject, "November");
    assert_string_equal (event->status, "");
}

UNIT_MAIN (cmocka_unit_test (test_shown), cmocka_unit_test (test_fields))
