/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "extract/status.h"

/* A text, the status in it and the reply in it. */
static const struct {
    const char *text, *status, *reply;
} cases[] = {
    /* where codes stand */
    {"550 5.1.1 <a@example.org>: user unknown", "5.1.1", "550"},
    {"550-5.1.1 The email account does not exist", "5.1.1", "550"},
    {"smtp;550 5.1.1 unknown", "5.1.1", "550"},
    {"smtp; 550 5.7.1 no", "5.7.1", "550"},
    {"5.1.1 smtp;550 not here", "5.1.1", "550"},
    {"5.1.1 SMTP; 550 not here", "5.1.1", "550"},
    {"#5.1.1 smtp;550 5.1.1 RESOLVER.ADR.RecipNotFound", "5.1.1", "550"},
    {"550 #5.1.0 Address rejected", "5.1.0", "550"},
    {"550 sorry, no mailbox here by that name (#5.1.1)", "5.1.1", "550"},
    {"550 sorry, no mailbox here by that name. (#5.7.17)", "5.7.17", "550"},
    {"550 sorry, no mailbox (#5.1.1 - chkusr)", "5.1.1", "550"},
    {"550 [5.1.1] user unknown", "5.1.1", "550"},
    {"(550 5.2.2 over quota)", "5.2.2", "550"},
    {"554 5.7.1: denied", "5.7.1", "554"},
    {"550,5.1.1 no", "5.1.1", "550"},
    {"5.3.0 - Other mail system problem 550-'Unknown user a@example.org'", "5.3.0", "550"},
    {"5.1.0 - Unknown address error 550-'5.2.2 <a@example.org>... Mailbox Full'", "5.2.2", "550"},
    {"550-5.1.1 The account does not exist. Try 550-5.1.1 again. 550 5.1.1 Learn more", "5.1.1", "550"},
    {"550-5.7.1 text 550 5.7.1 more", "5.7.1", "550"},
    {"host mx.example.org[192.0.2.1] said: 554 5.6.0 spam (in reply to end of DATA command)", "5.6.0", "554"},
    {"host mx.example.org[192.0.2.1] said: 554\n    5.6.0 spam", "5.6.0", "554"},
    {"host mx.example.org[192.0.2.1] said: 550 no such user (in reply to RCPT TO command)", "", "550"},
    {"SMTP error from remote mail server after RCPT TO:<a@example.org>: host mx.example.org [192.0.2.1]: 550 unknown",
     "", "550"},
    {"SMTP error from remote mail server after end of data: host x.example [192.0.2.1]: 552 5.3.4 too big", "5.3.4", "552"},
    {"host mx.example.org[203.0.113.7] refused to talk to me: 421 Service not available", "", "421"},
    {"421 4.7.0 [TSS04] Messages from 192.0.2.25 temporarily deferred - 4.16.55.1; see", "4.7.0", "421"},
    {"452 4.2.2 The email account is over quota", "4.2.2", "452"},
    {"550 5.1.351 Remote server returned unknown recipient -> 550 : User unknown", "5.1.351", "550"},
    {"Remote server returned -> 550 User unknown", "", "550"},
    {"550 5.1.10 RESOLVER.ADR.RecipientNotFound", "5.1.10", "550"},
    {"550 5.7.509 Access denied", "5.7.509", "550"},
    {"571 5.7.1 denied", "5.7.1", "571"},
    {"542 a@example.org Rejected", "", "542"},
    {"504 Command parameter not implemented", "", "504"},
    {"554delivery error: dd This user does not have an account", "", "554"},
    {"503Bad sequence", "", "503"},
    {"550", "", "550"},
    {"550 : User unknown", "", "550"},
    {"Status: 5.2.1", "5.2.1", ""},
    {"The error code was 5.4.4", "5.4.4", ""},
    {"dsn=5.1.1, status=bounced", "5.1.1", ""},
    {"error 550: mailbox unavailable", "", "550"},
    {"The response was: 553 sorry", "", "553"},
    {"<<< 553 5.1.8 sender refused", "5.1.8", "553"},
    {">>> RCPT TO:<a@example.org>\n<<< 550 5.1.1 unknown\n550 5.1.1 <a@example.org>... User unknown", "5.1.1", "550"},
    {"said: \"550 5.1.1 unknown\"", "5.1.1", "550"},
    {"<mx.example.org #5.1.1 SMTP; 550 5.1.1 unknown>", "5.1.1", "550"},
    {"<mx.example.org #5.5.0>", "5.5.0", ""},
    {"5.1.1", "5.1.1", ""},
    {"5.1.1 User unknown", "5.1.1", ""},
    {"Mailbox full 5.2.2.", "5.2.2", ""},
    {"552 5.2.2 quota; see section 4.2.1 of the policy", "5.2.2", "552"},
    {"550 5.0.0 rejected (#5.1.1)", "5.1.1", "550"},
    {"550 5.0.0 User unknown", "5.0.0", "550"},
    {"250 2.1.0 Sender ok; 550 5.1.1 unknown", "5.1.1", "550"},
    {"250 2.1.5 Ok", "2.1.5", ""},
    {"Service unavailable; 554 5.7.1 blocked", "5.7.1", "554"},
    {"\xe9\x80\x81\xe4\xbf\xa1\xe3\x82\xa8\xe3\x83\xa9\xe3\x83\xbc 550 5.1.1", "5.1.1", "550"},
    /* what only looks like one */
    {"connect to mx.example.org[4.2.2.1]:25: Connection timed out", "", ""},
    {"connect to mx.example.org[192.0.2.1]:587: Connection refused", "", ""},
    {"connect to 5.1.1.7: timed out", "", ""},
    {"blocked 192.5.1.1", "", ""},
    {"Postfix 2.5.1", "", ""},
    {"Exim 4.6.3 said nothing", "", ""},
    {"version 5.2.1", "", ""},
    {"v4.2.1", "", ""},
    {"OpenSMTPD/5.4.2", "", ""},
    {"foo-5.1.1", "", ""},
    {"5.1.1-rc2", "", ""},
    {"5.1.1.7", "", ""},
    {"05.1.1", "", ""},
    {"15.1.1", "", ""},
    {"5.1.1234", "", ""},
    {"5.1.2012", "", ""},
    {"3.1.1 4.9.1 5.8.1 5.9.9 6.1.1", "", ""},
    {"5.1.01", "", ""},
    {"5.1", "", ""},
    {"5.1.", "", ""},
    {"4.16.55", "", ""},
    {"see RFC 5.3.1", "", ""},
    {"https://example.org/5.1.1/help", "", ""},
    {"id 4.5.6", "", ""},
    {"mail5.1.1@example.org", "", ""},
    {"5.1.1.example.org", "", ""},
    {"550@example.org", "", ""},
    {"user550 is gone", "", ""},
    {"at 550.50 EUR", "", ""},
    {"more than 500 messages were sent", "", ""},
    {"20:54:421 queue", "", ""},
    {"255", "", ""},
    {"X-Unix; 77", "", ""},
    {"", "", ""},
    {" ", "", ""},
    {"2550 5.1", "", ""},
    {"[450.1]", "", ""},
    {"ID 5501234", "", ""},
};

static void
test_find (void **state)
{
    (void) state;
    g_autoptr (Arena) arena = arena_new ();
    guint wrong = 0;
    assert_true (G_N_ELEMENTS (cases) >= 80);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        const char *status = status_find (arena, span_of (cases[i].text));
        const char *reply = reply_find (arena, span_of (cases[i].text));
        if (g_strcmp0 (status, cases[i].status) || g_strcmp0 (reply, cases[i].reply)) {
            print_error ("\"%s\": status \"%s\" not \"%s\", reply \"%s\" not \"%s\"\n", cases[i].text, status,
                         cases[i].status, reply, cases[i].reply);
            wrong++;
        }
    }
    assert_int_equal (wrong, 0);
}

/* A piece that is not ended by NUL is read no further than its length. */
static void
test_length (void **state)
{
    (void) state;
    g_autoptr (Arena) arena = arena_new ();
    const char *text = "550 5.1.12";
    assert_string_equal (status_find (arena, span (text, 9)), "5.1.1");
    assert_string_equal (status_find (arena, span (text, 8)), "");
    assert_string_equal (reply_find (arena, span (text, 3)), "550");
    assert_string_equal (reply_find (arena, span (text, 2)), "");
    assert_string_equal (status_find (arena, span (NULL, 0)), "");
    assert_string_equal (reply_find (arena, span (NULL, 0)), "");
    assert_string_equal (status_find (arena, span ("550\0" "5.1.1", 9)), "5.1.1");
}

static void
test_words (void **state)
{
    (void) state;
    static const char *const valid[] = {"5.1.1", "4.0.0", "2.1.5", "5.7.999", "5.1.10"};
    static const char *const invalid[] = {"", "5", "5.1", "5.1.1 ", " 5.1.1", "5.1.1a", "3.1.1", "5.8.1", "5.1.1000",
                                          "5,1,1", "5.0.0 (failed)", "5.1.01"};
    for (guint i = 0; i < G_N_ELEMENTS (valid); i++)
        assert_true (status_is_valid (valid[i]));
    for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
        assert_false (status_is_valid (invalid[i]));
    assert_false (status_is_valid (NULL));
    assert_true (status_is_vague ("5.0.0"));
    assert_true (status_is_vague ("4.0.0"));
    assert_false (status_is_vague ("5.1.0"));
    assert_false (status_is_vague (""));
    assert_false (status_is_vague (NULL));
}

static const struct {
    const char *field, *diagnostic;
    const char *status;
    StatusFrom from;
    const char *reply;
    guint32 flags;
} settle_cases[] = {
    {"5.1.1", "550 5.1.1 unknown", "5.1.1", STATUS_FROM_FIELD, "550", 0},
    {"5.1.1", "", "5.1.1", STATUS_FROM_FIELD, "", 0},
    {"5.0.0", "550 5.1.1 unknown", "5.1.1", STATUS_FROM_DIAGNOSTIC, "550", 0},
    {"5.0.0 (permanent failure)", "550 5.1.1 unknown", "5.1.1", STATUS_FROM_DIAGNOSTIC, "550", 0},
    {"5.2.2 (Over quota)", "", "5.2.2", STATUS_FROM_FIELD, "", 0},
    {"5.0.0", "550 unknown", "5.0.0", STATUS_FROM_FIELD, "550", 0},
    {"5.0.0", "550 5.0.0 unknown", "5.0.0", STATUS_FROM_FIELD, "550", 0},
    {"", "550 5.1.1 unknown", "5.1.1", STATUS_FROM_DIAGNOSTIC, "550", FLAG_STATUS_BROKEN},
    {"", "550 unknown", "", STATUS_FROM_NOTHING, "550", FLAG_STATUS_BROKEN},
    {"permanent", "550 5.1.1 unknown", "5.1.1", STATUS_FROM_DIAGNOSTIC, "550", FLAG_STATUS_BROKEN},
    {"5.1", "", "", STATUS_FROM_NOTHING, "", FLAG_STATUS_BROKEN},
    {"5.1.1.1", "", "", STATUS_FROM_NOTHING, "", FLAG_STATUS_BROKEN},
    {"9.9.9", "", "", STATUS_FROM_NOTHING, "", FLAG_STATUS_BROKEN},
    {"5.1.1", "552 5.2.2 full", "5.1.1", STATUS_FROM_FIELD, "552", FLAG_STATUS_CONFLICT},
    {"4.4.7", "550 5.1.1 unknown", "4.4.7", STATUS_FROM_FIELD, "550", FLAG_STATUS_CONFLICT},
    {"4.4.7", "452 4.3.1 Insufficient disk space", "4.3.1", STATUS_FROM_DIAGNOSTIC, "452", 0},
    {"4.4.7", "554 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.2 Connection dropped>", "4.4.2",
     STATUS_FROM_DIAGNOSTIC, "421", 0},
    {"4.4.7", "550 4.4.7 QUEUE.Expired; message expired", "4.4.7", STATUS_FROM_FIELD, "550", 0},
    {"4.0.0", "550 5.1.1 unknown", "5.1.1", STATUS_FROM_DIAGNOSTIC, "550", FLAG_STATUS_CONFLICT},
    {"5.1.1", "250 2.1.5 fine", "5.1.1", STATUS_FROM_FIELD, "", FLAG_STATUS_CONFLICT},
    {"5.0.0", "250 2.1.5 fine", "5.0.0", STATUS_FROM_FIELD, "", FLAG_STATUS_CONFLICT},
};

static void
test_settle (void **state)
{
    (void) state;
    g_autoptr (Arena) arena = arena_new ();
    for (guint i = 0; i < G_N_ELEMENTS (settle_cases); i++) {
        BounceEvent event;
        event_init (&event);
        event.format = "rfc3464";
        event.status_field = settle_cases[i].field;
        event.diagnostic = settle_cases[i].diagnostic;
        status_settle (arena, &event);
        assert_string_equal (event.status, settle_cases[i].status);
        assert_int_equal (event.status_from, settle_cases[i].from);
        assert_string_equal (event.reply, settle_cases[i].reply);
        assert_int_equal (event.flags, settle_cases[i].flags);
    }
    /* a format that has no Status field cannot have a broken one */
    BounceEvent event;
    event_init (&event);
    event.format = "qmail";
    event.diagnostic = "550 unknown";
    status_settle (arena, &event);
    assert_int_equal (event.flags, 0);
    assert_string_equal (event.reply, "550");
}

UNIT_MAIN (cmocka_unit_test (test_find), cmocka_unit_test (test_length), cmocka_unit_test (test_words),
           cmocka_unit_test (test_settle))
