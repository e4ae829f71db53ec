/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "extract_show.h"

#define HEAD "From: Ann <ann@example.org>\nTo: news@example.com\nDate: Tue, 3 Nov 2026 10:00:00 +0000\n"
#define DAEMON "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\nTo: news@example.com\n"

static const ShownCase cases[] = {
    /* one strong mark is enough */
    {HEAD "Subject: Re: November\nAuto-Submitted: auto-replied\n\nI am away.\n", "events; ann@example.org autoreply"},
    {HEAD "Subject: x\nAuto-Submitted: auto-replied (vacation)\n\nI am away.\n", "events; ann@example.org autoreply"},
    {HEAD "Subject: x\nX-Autoreply: yes\n\nI am away.\n", "events; ann@example.org autoreply"},
    {HEAD "Subject: x\nX-Autorespond: November\n\nI am away.\n", "events; ann@example.org autoreply"},
    {HEAD "Subject: x\nPrecedence: auto_reply\n\nI am away.\n", "events; ann@example.org autoreply"},
    /* a weak one needs the words of a subject */
    {HEAD "Return-Path: <>\nSubject: Out of Office: November\n\nI am away.\n", "events; ann@example.org autoreply"},
    {HEAD "X-Auto-Response-Suppress: All\nSubject: Automatische Antwort: November\n\nIch bin weg.\n", "events; ann@example.org autoreply"},
    {HEAD "Auto-Submitted: auto-generated\nSubject: R\303\251ponse automatique\n\nAbsent.\n", "events; ann@example.org autoreply"},
    {HEAD "Precedence: bulk\nSubject: =?UTF-8?B?6Ieq5YuV6L+U5L+h?=\n\n\344\270\215\345\234\250\n", "events; ann@example.org autoreply"},
    {HEAD "X-Auto-Response-Suppress: All\nSubject: November\n\nThanks for it.\n", "ordinary"},
    {HEAD "Subject: Out of office tomorrow\n\nI tell you myself.\n", "ordinary"},
    {HEAD "Subject: Re: Automatic reply: November\n\nYou wrote that you are away.\n", "ordinary"},
    {HEAD "X-Autoreply: no\nSubject: x\n\nHello.\n", "ordinary"},
    {HEAD "Auto-Submitted: no\nSubject: Out of office\n\nHello.\n", "ordinary"},
    {HEAD "Auto-Submitted: auto-generated\nSubject: Your invoice\n\nHello.\n", "ordinary"},
    {HEAD "Auto-Submitted: auto-replied\nList-Id: <talk.example.com>\nSubject: x\n\nHello.\n", "ordinary"},
    {"To: news@example.com\nAuto-Submitted: auto-replied\nSubject: x\n\nNobody answers.\n", "ordinary"},
    /* challenges */
    {HEAD "Auto-Submitted: auto-replied\nSubject: Re: November [please confirm your message]\n\n"
     "Please reply to this message so that your message will be delivered. I use this against spam.\n", "events; ann@example.org challenge"},
    {HEAD "Return-Path: <>\nSubject: Verification required\n\nYou are not on my whitelist. Click the link to prove that you are human.\n",
     "events; ann@example.org challenge"},
    {HEAD "Auto-Submitted: auto-replied\nSubject: Away\n\nI am away. Click here for our address.\n", "events; ann@example.org autoreply"},
    {HEAD "Subject: Please confirm your message\n\nPlease confirm, or it is held as unsolicited.\n", "ordinary"},
    /* bounces that call themselves replies are none */
    {DAEMON "Auto-Submitted: auto-replied\nSubject: Undelivered Mail Returned to Sender\n\nIt could not be delivered.\n",
     "unparsed; - - -@- - [no-recipient,no-original]"},
    {"From: admin@example.org\nTo: news@example.com\nAuto-Submitted: auto-replied\nX-Failed-Recipients: ann@example.org\nSubject: failed\n\nIt failed.\n",
     "events; ann@example.org failed -@- - [guessed,no-original]"},
    /* the last resort: what is a bounce by every sign, and what only sounds like one */
    {DAEMON "Subject: failure notice\n\nSorry, it didn't work out. 550 5.1.1 unknown\n", "unparsed; - - 5.1.1@diagnostic 550 [no-recipient,no-original]"},
    {"Return-Path: <>\nFrom: System <system@example.net>\nTo: news@example.com\nSubject: Unzustellbar: November\n\nLeider.\n",
     "unparsed; - - -@- - [no-recipient,no-original]"},
    {HEAD "Subject: Undelivered mail\n\nMy letter was not delivered. What does 550 5.1.1 user unknown mean?\n", "ordinary"},
    {HEAD "Subject: Fwd: Undelivered Mail Returned to Sender\n\n> <bob@example.net>: 550 5.1.1 user unknown\n", "ordinary"},
    {HEAD "Subject: Mail delivery failed: returning message to sender\nIn-Reply-To: <a@example.com>\n\n550 5.1.1 bob@example.net\n", "ordinary"},
    {"Return-Path: <>\n" HEAD "Subject: Hello\n\nThe parcel could not be delivered.\n", "ordinary"},
    {"From: postmaster@example.net\nTo: news@example.com\nSubject: Maintenance on Sunday\n\nMail will be slow.\n", "ordinary"},
    {"From: postmaster@example.net\nTo: talk@example.com\nList-Id: <talk.example.com>\nSubject: Delivery failure rates\n\nThey were rejected by us.\n", "ordinary"},
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
    const char *message = HEAD "Auto-Submitted: auto-replied\nIn-Reply-To: <nov@example.com>\nSubject: Away\n\n\n  I am away.\nBye\n";
    MessageResult result;
    g_autoptr (EventList) list = read_message (arena, message, strlen (message), &result);
    const BounceEvent *event = event_list_get (list, 0);
    assert_true (event->decided);
    assert_int_equal (event->type, TYPE_AUTOREPLY);
    assert_int_equal (event->fault, FAULT_NONE);
    assert_string_equal (event->format, "autoreply");
    assert_string_equal (event->diagnostic, "I am away.");
    assert_string_equal (event->original_message_id, "nov@example.com");
}

UNIT_MAIN (cmocka_unit_test (test_shown), cmocka_unit_test (test_fields))
