/* SPDX-License-Identifier: MIT */
/* The verdict: every trap where the number says one thing and the text or the provider another, the order of evidence, and
 * what never may happen: a block or a passing trouble that reads as a dead address. */
#include "unit.h"

#include "classify/classify.h"
#include "classify/regex_literals.h"
#include "classify/rules_test.h"
#include "classify/tables_private.h"
#include "classify/verdict.h"
#include <glib/gstdio.h>
#include <string.h>

static Tables *tables;

static int
load_tables (void **state)
{
    (void) state;
    tables = tables_load (NULL, FALSE, NULL);
    return tables == NULL;
}

static int
drop_tables (void **state)
{
    (void) state;
    g_clear_pointer (&tables, tables_free);
    return 0;
}

/* A witness line as in the rules (rules_test.h) and what it must give. */
static const struct {
    const char *line, *reason, *type;
} TRAPS[] = {
    /* full or too fast, not unknown */
    {"552 5.1.1 <alfa@comcast.net> extended quota violation", "mailbox-full", "soft"},
    {"452 4.1.1 <alfa@comcast.net> mailbox over quota", "mailbox-full", "soft"},
    {"552 5.1.1 Boite du destinataire pleine OFR_417", "mailbox-full", "soft"},
    {"550 5.1.1 <bravo@example.net> has sent to too many recipients this hour", "sender-rate", "block"},
    {"554 delivery error: dd Sorry, your message cannot be delivered. This account is over quota.", "mailbox-full",
     "soft"},
    /* the sender, not the address */
    {"550 5.1.0 <bounce@example.com> sender rejected. AUP#In-1310", "sender-rate", "block"},
    {"[recipient=a@charter.net] 550 5.1.0 <b@example.com> sender rejected AUP#In-1310", "sender-rate", "block"},
    {"554 <sender@example.jp>: Sender address rejected: Access denied", "sender-rejected", "block"},
    {"550 5.1.8 <news@example.com>: Sender address rejected: Domain not found", "sender-rejected", "block"},
    {"550 5.1.0 sender user unknown: sender address unknown", "sender-rejected", "block"},
    {"550 5.4.1 <delta@example.org>: Relay access denied", "relay-denied", "block"},
    {"554 5.2.2 mailbox: Submission quota exceeded, try later", "sender-quota", "block"},
    {"550 5.2.2 Submission quota exceeded", "sender-quota", "block"},
    {"450 4.2.1 Peak SMTP relay limit exceeded for customer.", "sender-quota", "block"},
    {"550 5.4.5 Daily sending quota exceeded.", "sender-quota", "block"},
    /* the recipient's rate, not disabled */
    {"450 4.2.1 The user you are trying to contact is receiving mail too quickly.", "recipient-rate", "soft"},
    {"550-5.2.1 The user you are trying to contact is receiving mail at a rate that 550-5.2.1 prevents additional "
     "messages from being delivered.",
     "recipient-rate", "soft"},
    {"[status=5.2.121] 550 The recipient is over its hourly limit", "recipient-rate", "soft"},
    {"[status=5.2.122] 550 The recipient is over its hourly limit", "recipient-rate", "soft"},
    /* full and inactive */
    {"552-5.2.2 The email account that you tried to reach is out of storage space and inactive.", "mailbox-inactive",
     "soft"},
    {"552-5.2.2 The recipient's inbox is out of storage space and inactive. Please 552-5.2.2 direct the recipient to "
     "552 5.2.2 https://support.google.com/mail/?p=OverQuotaPerm - gsmtp",
     "mailbox-inactive", "soft"},
    {"550 5.1.1 <echo@icloud.com>: inactive email address", "mailbox-inactive", "soft"},
    /* Microsoft's own numbers */
    {"550 5.4.1 Recipient address rejected: Access denied. [AM7EUR03FT048.eop-EUR03.prod.protection.outlook.com]",
     "user-unknown", "hard"},
    {"550 5.4.1 [foxtrot@example.com]: Recipient address rejected: Access denied. AS(201806281)", "user-unknown",
     "hard"},
    {"550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient golf@example.com not found by SMTP address lookup",
     "user-unknown", "hard"},
    {"550 5.7.504 [hotel@example.com]: Recipient address rejected: Access denied", "user-unknown", "hard"},
    {"550 5.7.515 Access denied, sending domain EXAMPLE.COM doesn't meet the required authentication level.",
     "authentication", "block"},
    {"550 5.5.0 Requested action not taken: mailbox unavailable", "user-unknown", "hard"},
    {"556 5.1.10 Recipient address has null MX", "accepts-no-mail", "hard"},
    /* Gmail's own meanings of the registry's numbers */
    {"[provider=gmail status=5.7.27 reply=550] see the help", "authentication", "block"},
    {"[provider=gmail status=4.7.28 reply=421] see the help", "sender-rate", "block"},
    {"[provider=google status=5.7.29 reply=550] see the help", "tls", "block"},
    {"[provider=google-workspace status=5.7.30 reply=550] see the help", "authentication", "block"},
    {"[provider=gmail status=4.7.32 reply=421] see the help", "authentication", "block"},
    {"[provider=other status=5.7.27 reply=550] see the help", "sender-rejected", "block"},
    {"[provider=other status=5.7.30 reply=550] see the help", "tls", "block"},
    /* Japanese mobile operators: at RCPT unknown, behind DATA the user's filter */
    {"[provider=docomo command=RCPT] 550 Unknown user india@docomo.ne.jp", "user-unknown", "hard"},
    {"[provider=docomo command=DATA] 550 Unknown user india@docomo.ne.jp", "filtered", "block"},
    {"[provider=kddi-au command=RCPT] 550 <india@ezweb.ne.jp>: User unknown", "user-unknown", "hard"},
    {"[provider=kddi-au command=DATA] 550 <india@ezweb.ne.jp>: User unknown", "filtered", "block"},
    /* owner changed, valid, printed without dots */
    {"550 5.7.17 Mailbox owner has changed", "moved", "hard"},
    {"550 5.7.18 Domain owner has changed", "moved", "hard"},
    {"550 5.1.5 Destination address valid", "unknown", "unknown"},
    {"[status=5.1.5] 550 ", "unknown", "unknown"},
    {"552 5.5.2 syntax error", "protocol", "block"},
    {"552 Requested action not taken: mailbox name not allowed", "address-rejected", "hard"},
    {"[status=4.4.1] 441", "network-error", "soft"},
    {"[reply=511] 511", "unknown", "unknown"},
    /* words that have another side */
    {"554 Your IP address is blocked; the user has been notified", "reputation", "block"},
    {"550 5.1.1 <juliett@example.com> User unknown; rejecting", "user-unknown", "hard"},
    {"550 mailbox is full of spam complaints about you", "reputation", "block"},
    {"550 Message rejected as spam by Content Filtering. User unknown", "spam", "block"},
    {"550 Callout: Sender verify failed: user unknown", "sender-rejected", "block"},
    {"550 5.7.1 <kilo@example.com>: Recipient address rejected: Please see http://www.openspf.org/Why", "authentication",
     "block"},
    {"450 4.2.0 <lima@example.com>: Recipient address rejected: Greylisted", "policy", "block"},
    {"450 4.1.1 <mike@example.com>: Recipient address rejected: unverified address: user unknown", "user-unknown",
     "soft"},
    {"554 5.7.1 <oscar@example.com>: Recipient address rejected: Access denied", "address-rejected|policy",
     "hard|block"},
    {"[command=MAIL] 550 5.1.1 No such user", "sender-rejected", "block"},
    {"[command=MAIL] 550 5.1.2 no such domain", "sender-rejected", "block"},
    {"[command=CONN] 550 unknown user", "reputation", "block"},
    {"connect to mx.example.com[192.0.2.7]:25: Connection timed out", "network-error", "soft"},
    {"[status=4.4.7] delivery time expired", "expired", "soft"},
    {"Host or domain name not found. Name service error for name=example.jp type=MX: Host not found", "domain-unknown",
     "hard"},
    {"[status=4.4.3] Host or domain name not found. Name service error for name=example.jp type=MX: Host not found, "
     "try again",
     "domain-unknown", "soft"},
    /* nothing but a reply */
    {"[reply=550 command=RCPT] ", "user-unknown", "hard"},
    {"[reply=550 command=DATA] ", "policy", "block"},
    {"[reply=550 command=MAIL] ", "sender-rejected", "block"},
    {"[reply=554 command=CONN] ", "reputation", "block"},
    {"[reply=554] ", "unknown", "unknown"},
    {"[status=5.7.999] ", "policy", "block"},
    {"[status=4.4.312] ", "network-error", "soft"},
    {"[status=5.9.1 reply=452] ", "system-full", "soft"},
    {"[reply=421] ", "system-error", "soft"},
    {"[reply=452] ", "system-full", "soft"},
    {"[reply=999] ", "unknown", "unknown"},
    {"", "unknown", "unknown"},
};

static gboolean
is_one_of (const char *word, const char *alternatives)
{
    g_auto (GStrv) words = g_strsplit (alternatives, "|", -1);

    return g_strv_contains ((const char *const *) words, word);
}

static void
test_traps (void **state)
{
    g_autoptr (Arena) arena = arena_new ();
    guint wrong = 0;

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (TRAPS); i++) {
        BounceEvent event;

        rules_test_event (arena, TRAPS[i].line, &event);
        if (event.provider[0] == '\0')
            verdict_place (tables, &event, arena);
        verdict_decide (tables, &event, arena);
        if (is_one_of (reason_word (event.reason), TRAPS[i].reason) &&
            is_one_of (event_type_word (event.type), TRAPS[i].type))
            continue;
        wrong++;
        print_error ("%s: %s %s by %s, expected %s %s\n", TRAPS[i].line, reason_word (event.reason),
                     event_type_word (event.type), event.rule, TRAPS[i].reason, TRAPS[i].type);
    }
    assert_int_equal (wrong, 0);
}

static BounceEvent
event_of (Arena *arena, const char *line)
{
    BounceEvent event;

    rules_test_event (arena, line, &event);
    return event;
}

/* Words about a missing user, mailbox or domain that speak of the sender, its host or the message: none may be hard. */
static const char *const NEVER_HARD[] = {
    "550 5.7.1 Your mail has been blocked because the user unknown rate of your IP is too high",
    "554 Your mail could not be delivered because the recipient is not accepting mail from you: user blocked sender",
    "550 5.7.1 Message rejected. Account of sender disabled",
    "550 5.2.1 sender account disabled",
    "535 5.7.8 Authentication failed: mailbox not found",
    "550 Sender's mailbox does not exist",
    "553 5.1.8 sender address a@b: no such user",
    "550 Verification failed for <a@b.c> The mail server could not deliver mail to a@b.c. Sender verify failed",
    "554 5.7.1 rejected: your domain does not exist in our allow list",
    "451 4.1.8 Sender domain not found",
    "550 We can't verify your address: no such domain for sender",
    "550 5.7.1 too many unknown users; your IP is blocked",
    "421 Too many invalid recipients, closing",
    "550 HELO: no such host example",
    "504 5.5.2 <localhost>: Helo command rejected: Host not found",
    "550 5.7.1 Client host rejected: cannot find your hostname",
    "554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied",
    "550 5.7.1 spam detected: mailbox full of nonsense",
    "550 reverse DNS for 192.0.2.1 does not exist",
    "550 your reverse dns host unknown",
    "550 mail from domain does not exist",
    "554 unknown client host rejected",
    "550 5.7.1 Unknown host: rejecting your mail server",
    "550 SPF check: domain a.com does not exist",
    "550 5.7.1 no such domain in From header",
    "554 5.7.1 The file attachment extension .exe does not exist on whitelist",
    "550 5.6.0 invalid recipient header: To header malformed",
    "554 Message too large for the user unknown",
    "550 5.1.2 Your domain does not have valid MX",
    "550 Return path domain not found",
    "554 Connection refused: unknown user agent",
    "550 list 'foo' does not exist? you are not a subscriber",
    "552 attachment type not found in allowed list",
    "550 5.7.26 sender does not exist",
    "550 No such user (sender): a@b.c",
    "550 From address user unknown",
    "550 The envelope sender a@b.c does not exist",
    "550 URL in body does not exist; rejected as spam",
};

static void
test_never_hard (void **state)
{
    g_autoptr (Arena) arena = arena_new ();
    guint wrong = 0;

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (NEVER_HARD); i++) {
        BounceEvent event = event_of (arena, NEVER_HARD[i]);

        classify (tables, &event, arena);
        if (event.type != TYPE_HARD)
            continue;
        wrong++;
        print_error ("%s: %s by %s\n", NEVER_HARD[i], reason_word (event.reason), event.rule);
    }
    assert_int_equal (wrong, 0);
}

static void
test_order (void **state)
{
    g_autoptr (Arena) arena = arena_new ();
    BounceEvent event = event_of (arena, "[status=5.2.2] 550 5.2.2 Nothing that a rule knows");

    (void) state;
    classify (tables, &event, arena);
    assert_string_equal (event.rule, "status:X.2.2");
    event = event_of (arena, "[reply=552] Nothing that a rule knows");
    classify (tables, &event, arena);
    assert_string_equal (event.rule, "reply:552");
    assert_int_equal (event.reason, REASON_MAILBOX_FULL);
    /* what the extractor decided stays */
    event = event_of (arena, "550 5.1.1 User unknown");
    event.decided = TRUE;
    event.reason = REASON_COMPLAINT;
    event.format = "arf";
    classify (tables, &event, arena);
    assert_int_equal (event.reason, REASON_COMPLAINT);
    assert_int_equal (event.type, TYPE_COMPLAINT);
    assert_string_equal (event.rule, "format:arf");
    /* a message that was not understood is no verdict about anybody */
    event = event_of (arena, "550 5.1.1 User unknown");
    event.format = "unparsed";
    classify (tables, &event, arena);
    assert_int_equal (event.type, TYPE_UNKNOWN);
}

static void
test_actions (void **state)
{
    g_autoptr (Arena) arena = arena_new ();
    static const char *const DONE[] = {"delivered", "relayed", "expanded", "Delivered"};
    BounceEvent event;

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (DONE); i++) {
        event = event_of (arena, "250 2.1.5 fine; user unknown");
        event.action = DONE[i];
        classify (tables, &event, arena);
        assert_int_equal (event.type, TYPE_DELIVERED);
        assert_int_equal (event.reason, REASON_DELIVERED);
    }
    event = event_of (arena, "450 4.2.0 something");
    event.action = "delayed";
    classify (tables, &event, arena);
    assert_int_equal (event.type, TYPE_DELAYED);
    assert_int_equal (event.reason, REASON_DELAYED);
    assert_string_equal (event.rule, "action:delayed");
    event = event_of (arena, "550 5.1.1 User unknown");
    event.action = "delayed";
    classify (tables, &event, arena);
    assert_int_equal (event.type, TYPE_DELAYED);
    assert_int_equal (event.reason, REASON_USER_UNKNOWN);
}

static void
test_status (void **state)
{
    g_autoptr (Arena) arena = arena_new ();
    BounceEvent event = event_of (arena, "The mailbox is full");

    (void) state;
    classify (tables, &event, arena);
    assert_string_equal (event.status, "5.2.2");
    assert_int_equal (event.status_from, STATUS_FROM_RULE);
    /* deciding a stored event again takes no status of its own for evidence */
    event.diagnostic = "450 no such user";
    event.reply = "450";
    classify (tables, &event, arena);
    assert_string_equal (event.status, "4.1.1");
    assert_int_equal (event.type, TYPE_SOFT);
    classify (tables, &event, arena);
    assert_string_equal (event.status, "4.1.1");
    event = event_of (arena, "something else");
    classify (tables, &event, arena);
    assert_string_equal (event.status, "");
    assert_int_equal (event.status_from, STATUS_FROM_NOTHING);
    /* a status that the report gave stays */
    event = event_of (arena, "[status=5.0.0] The mailbox is full");
    classify (tables, &event, arena);
    assert_string_equal (event.status, "5.0.0");
    assert_int_equal (event.status_from, STATUS_FROM_FIELD);
}

/* Whatever the text, a 4yz or 4.x is never hard, and nothing breaks. */
static void
test_hostile (void **state)
{
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GRand) rand = g_rand_new_with_seed (77);
    static const char *const PIECES[] = {"user ",    "unknown ",   "mailbox ", "full ",      "rejected ", "<a@b.example> ",
                                         "spam ",    "\xff\xfe",   "no such ", "domain ",    "550-",      "5.1.1 ",
                                         "account ", "disabled ",  "(((((",    "quota ",     "exceeded ", "\xe3\x83\xa1",
                                         "host ",    "not found ", "is ",      "recipient ", "blocked ",  "aaaaaaaaaa"};

    (void) state;
    for (guint round = 0; round < 400; round++) {
        GString *text = g_string_new ("450 4.1.1 ");
        BounceEvent event;

        for (gint i = g_rand_int_range (rand, 0, 120); i > 0; i--)
            g_string_append (text, PIECES[g_rand_int_range (rand, 0, G_N_ELEMENTS (PIECES))]);
        event = event_of (arena, text->str);
        classify (tables, &event, arena);
        assert_int_not_equal (event.type, TYPE_HARD);
        assert_non_null (event.rule);
        g_string_free (text, TRUE);
        arena_clear (arena);
    }
}

static void
report_finding (const RulesTestFinding *finding, gpointer user)
{
    (void) user;
    print_error ("%s:%u: rule %s %s %s\n", finding->rule->file, finding->rule->line, finding->rule->id,
                 finding->problem, finding->reached == NULL ? "" : finding->reached->id);
}

static void
test_witnesses (void **state)
{
    (void) state;
    assert_int_equal (rules_test (tables, report_finding, NULL), 0);
    /* a rule without a certain literal is looked at for every text: they must stay few */
    assert_true (rule_table_always (tables->rules) <= 20);
}

/* Built-in expressions are made when they are first needed, and an alternative that cannot be made would never fit. */
static void
test_alternatives (void **state)
{
    guint n_all = 0;

    (void) state;
    for (guint i = 0; i < rule_table_length (tables->rules); i++) {
        const Rule *rule = rule_table_get (tables->rules, i);
        g_autoptr (Arena) arena = arena_new ();
        const RegexAlternative *alternatives;
        guint n;

        if (strcmp (rule->match, "regex") != 0)
            continue;
        alternatives = regex_alternatives (arena, rule->text, &n);
        n_all += n;
        for (guint k = 0; k < n; k++) {
            g_autoptr (GRegex) regex = g_regex_new (alternatives[k].text, G_REGEX_CASELESS, 0, NULL);

            if (regex == NULL)
                fail_msg ("%s:%u: %s", rule->file, rule->line, alternatives[k].text);
        }
    }
    assert_true (n_all > 500);
}

static void
count_finding (const RulesTestFinding *finding, gpointer user)
{
    GString *seen = user;

    g_string_append_printf (seen, "%s %s;", finding->rule->id, finding->problem);
}

static void
test_findings (void **state)
{
    g_autofree char *path = g_build_filename (g_get_tmp_dir (), "nixie-findings.tsv", NULL);
    const char *const files[] = {path, NULL};
    g_autoptr (GString) seen = g_string_new (NULL);
    g_autoptr (Tables) more = NULL;

    (void) state;
    assert_true (g_file_set_contents (path,
                                      "id\tscope\tstatus\treply\tmatch\ttext\treason\ttype\twitness\n"
                                      "one\tall\t-\t-\tcontains\tpurple cow\tspam\t-\ta Purple  Cow came\n"
                                      "two\tall\t-\t-\tglob\tpurple*came\tspam\t-\ta purple cow came\n"
                                      "three\tall\t-\t-\tregex\tgreen (?:cow|ox)\tspam\t-\tyellow cow\n"
                                      "four\tall\t-\t-\tcontains\tblue cow\tspam\t-\t\n",
                                      -1, NULL));
    more = tables_load (files, FALSE, NULL);
    assert_non_null (more);
    assert_int_equal (rules_test (more, count_finding, seen), 3);
    assert_string_equal (seen->str, "two is shadowed by;three is not reached by its witness;four has no witness;");
    g_assert_cmpint (g_unlink (path), ==, 0);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_traps),   cmocka_unit_test (test_never_hard), cmocka_unit_test (test_order),     cmocka_unit_test (test_actions),
        cmocka_unit_test (test_status),  cmocka_unit_test (test_hostile),   cmocka_unit_test (test_witnesses), cmocka_unit_test (test_alternatives),
        cmocka_unit_test (test_findings)};

    return cmocka_run_group_tests (tests, load_tables, drop_tables);
}
