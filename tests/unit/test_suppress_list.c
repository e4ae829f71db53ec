/* SPDX-License-Identifier: MIT */
#include "base/date.h"
#include "report/suppress_list.h"
#include "unit.h"
#include <string.h>

static Decision
gone (const char *email)
{
    return (Decision){.email = email, .domain = "example.com", .provider = "", .decision = DECISION_REMOVE,
                      .reason = REASON_USER_UNKNOWN, .type = TYPE_HARD, .status = "5.1.1", .reply = "550",
                      .failures = 2, .first_seen = date_from_civil (2026, 11, 1, 1, 0, 0),
                      .last_seen = date_from_civil (2026, 11, 20, 3, 12, 45), .next_try = DATE_NONE, .rule = "hard",
                      .event_rule = "5.1.1", .diagnostic = "smtp; 550 5.1.1 user unknown", .events = 2};
}

static char *
list_of (const char *format, const Decision *decisions, guint n, const SuppressOptions *options)
{
    g_autoptr (GString) out = g_string_new (NULL);
    Writer *writer = writer_new_string (out);
    g_autoptr (SuppressList) list = suppress_list_new (suppress_format_find (format), options);

    suppress_list_open (list, writer);
    for (guint i = 0; i < n; i++)
        suppress_list_row (list, &decisions[i]);
    suppress_list_close (list);
    writer_close (writer, NULL);
    return g_strdup (out->str);
}

#define OWN_HEADER \
    "email,domain,provider,decision,reason,type,status,reply,failures,first_seen,last_seen,next_try,attempt,rule,diagnostic\r\n"

typedef struct {
    const char *format, *text;
} Sample;

static const Sample samples[] = {
    {"csv", OWN_HEADER "gone@example.com,example.com,,remove,user-unknown,hard,5.1.1,550,2,2026-11-01T01:00:00Z,"
                       "2026-11-20T03:12:45Z,,0,hard,\"smtp; 550 5.1.1 user unknown\"\r\n"},
    {"plain", "gone@example.com\n"},
    {"jsonl", "{\"email\":\"gone@example.com\",\"domain\":\"example.com\",\"provider\":\"\",\"decision\":\"remove\","
              "\"reason\":\"user-unknown\",\"type\":\"hard\",\"status\":\"5.1.1\",\"reply\":\"550\",\"failures\":2,"
              "\"first_seen\":\"2026-11-01T01:00:00Z\",\"last_seen\":\"2026-11-20T03:12:45Z\",\"next_try\":null,"
              "\"attempt\":0,\"rule\":\"hard\",\"diagnostic\":\"smtp; 550 5.1.1 user unknown\"}\n"},
    {"ses", "gone@example.com,BOUNCE\n"},
    {"ses-json", "{\"emailAddress\":\"gone@example.com\",\"reason\":\"BOUNCE\"}\n"},
    {"mailgun", "address,code,error,created_at\n"
                "gone@example.com,550,\"smtp; 550 5.1.1 user unknown\",\"Fri, 20 Nov 2026 03:12:45 +0000\"\n"},
    {"postfix", "gone@example.com\tREJECT 5.1.1 Suppressed after hard bounce (5.1.1) 2026-11-20\n"},
    {"postfix-transport", "gone@example.com\terror:5.1.1 Suppressed after hard bounce\n"},
    {"exim", "gone@example.com: 550 5.1.1 Suppressed after hard bounce\n"},
    {"sendgrid-json", "{\"recipient_emails\":[\"gone@example.com\"]}\n"},
    {"postmark-json", "{\"Suppressions\":[{\"EmailAddress\":\"gone@example.com\"}]}\n"},
    {"sparkpost", "recipient,type,description\n"
                  "gone@example.com,transactional,5.1.1 user-unknown\n"
                  "gone@example.com,non_transactional,5.1.1 user-unknown\n"},
    {"mautic", "email,doNotEmail\ngone@example.com,1\n"},
    {"listmonk", "email\ngone@example.com\n"},
    {"brevo", "EMAIL\ngone@example.com\n"},
    {"hubspot", "Email\ngone@example.com\n"},
    {"mailchimp", "Email Address\ngone@example.com\n"},
    {"sendgrid", "status,reason,email,created\n5.1.1,\"smtp; 550 5.1.1 user unknown\",gone@example.com,1795144365\n"},
};

static void
every_format_byte_for_byte (void **state)
{
    Decision decision = gone ("gone@example.com");
    guint n = 0;

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (samples); i++) {
        g_autofree char *text = list_of (samples[i].format, &decision, 1, NULL);

        assert_string_equal (text, samples[i].text);
    }
    while (suppress_format_names ()[n])
        n++;
    assert_int_equal (n, G_N_ELEMENTS (samples)); /* no format without a sample */
    assert_null (suppress_format_find ("PLAIN"));
    assert_null (suppress_format_find (""));
}

static void
an_empty_list_is_complete (void **state)
{
    static const Sample empty[] = {{"csv", OWN_HEADER}, {"plain", ""}, {"ses", ""}, {"sendgrid-json", ""},
                                   {"mailgun", "address,code,error,created_at\n"}, {"brevo", "EMAIL\n"}};

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (empty); i++) {
        g_autofree char *text = list_of (empty[i].format, NULL, 0, NULL);

        assert_string_equal (text, empty[i].text);
    }
}

static void
count_refusal (const Decision *decision, const char *why, gpointer user)
{
    (void) decision;
    assert_true (*why && !g_str_has_suffix (why, "."));
    ++*(guint *) user;
}

typedef struct {
    const char *email;
    const char *format; /* NULL = all of them */
} Refusal;

static void
what_a_format_cannot_say_is_left_out (void **state)
{
    g_autofree char *long_address = g_strdup_printf ("%0400d@example.com", 1);
    g_autofree char *mailchimp_long = g_strdup_printf ("%0250d@example.com", 1);
    const Refusal refusals[] = {
        {"no-at.example.com", NULL}, {"@example.com", NULL}, {"user@", NULL}, {"", NULL},
        {"a\rb@example.com", NULL}, {"a\nb@example.com", NULL}, {"a\tb@example.com", NULL},
        {"a b@example.com", NULL}, {"a@exam ple.com", NULL}, {"\x1b[31m@example.com", NULL},
        {"\xc2\x85@example.com", NULL}, {"\xff@example.com", NULL}, {long_address, NULL},
        {"#comment@example.com", "postfix"}, {"#comment@example.com", "postfix-transport"},
        {"\"#comment\"@example.com", "postfix"}, {"\" x\"@example.com", "postfix"}, {"\"\"@example.com", "postfix"},
        {"*@example.com", "exim"}, {"a,b@example.com", "ses"}, {"\"a b\"@example.com", "ses"},
        {mailchimp_long, "mailchimp"},
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
        for (const char *const *name = suppress_format_names (); *name; name++) {
            Decision decision = gone (refusals[i].email);
            guint refused = 0;
            SuppressOptions options = {.refused = count_refusal, .user = &refused};
            g_autofree char *header = list_of (*name, NULL, 0, NULL);
            g_autofree char *text = NULL;

            if (refusals[i].format && !g_str_equal (refusals[i].format, *name))
                continue;
            text = list_of (*name, &decision, 1, &options);
            if (refused != 1 || !g_str_equal (text, header))
                fail_msg ("%s takes %s: %s", *name, refusals[i].email, text);
        }
}

typedef struct {
    const char *format, *email, *line; /* the line's start */
} Spelling;

static const Spelling spellings[] = {
    {"plain", "+tag@example.com", "+tag@example.com\n"},
    {"plain", "=b@example.com", "=b@example.com\n"},
    {"plain", "\"john doe\"@example.com", "\"john doe\"@example.com\n"},
    {"plain", "\"a\\\" b\"@example.com", "\"a\\\" b\"@example.com\n"},
    {"plain", "用户@例子.example", "用户@例子.example\n"},
    {"listmonk", "=b@example.com", "email\n=b@example.com\n"},
    {"listmonk", "-b@example.com", "email\n-b@example.com\n"},
    {"listmonk", "\"a,b\"@example.com", "email\n\"\"\"a,b\"\"@example.com\"\n"},
    {"csv", "=b@example.com", OWN_HEADER "\"\"\"=b\"\"@example.com\","},
    {"csv", "@b@example.com", OWN_HEADER "@b@example.com,"},
    {"ses-json", "\"q\\\\\"@example.com", "{\"emailAddress\":\"\\\"q\\\\\\\\\\\"@example.com\""},
    {"postfix", "\"john doe\"@example.com", "\"john doe\"@example.com\tREJECT"},
    {"postfix", "\"semi;colon\"@example.com", "\"semi;colon\"@example.com\tREJECT"},
    {"postfix", "\"plain\"@example.com", "plain@example.com\tREJECT"},
    {"postfix", "a..b@example.com", "\"a..b\"@example.com\tREJECT"},
    {"postfix", "end.@example.com", "\"end.\"@example.com\tREJECT"},
    {"postfix", "\"a\\\"b\"@example.com", "\"a\\\"b\"@example.com\tREJECT"},
    {"postfix", "a#b@example.com", "a#b@example.com\tREJECT"},
    {"exim", "a:b@example.com", "\"a:b@example.com\": 550"},
    {"exim", "#x@example.com", "\"#x@example.com\": 550"},
    {"exim", "\"john doe\"@example.com", "\"\\\"john doe\\\"@example.com\": 550"},
};

static void
odd_addresses_are_spelled_for_their_reader (void **state)
{
    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (spellings); i++) {
        Decision decision = gone (spellings[i].email);
        g_autofree char *text = list_of (spellings[i].format, &decision, 1, NULL);

        if (!g_str_has_prefix (text, spellings[i].line))
            fail_msg ("%s: %s became %s", spellings[i].format, spellings[i].email, text);
    }
}

static void
hostile_wording_stays_in_its_cell (void **state)
{
    Decision decision = gone ("a@example.com");

    (void) state;
    decision.diagnostic = "=1+1\r\nb@example.com,BOUNCE\t\x1b[31m\"x\"\xff";
    decision.provider = "@evil";
    g_autofree char *own = list_of ("csv", &decision, 1, NULL);
    g_autofree char *open = list_of ("csv", &decision, 1, &(SuppressOptions){.csv = {.no_guard = TRUE, .lf = TRUE}});
    g_autofree char *mailgun = list_of ("mailgun", &decision, 1, NULL);
    g_autofree char *sendgrid = list_of ("sendgrid", &decision, 1, NULL);

    assert_non_null (strstr (own, ",\"'@evil\",remove,"));
    assert_non_null (strstr (own, ",hard,\"'=1+1\r\nb@example.com,BOUNCE\t\x1b[31m\"\"x\"\"\xff\"\r\n"));
    assert_non_null (strstr (open, ",@evil,remove,"));
    assert_true (g_str_has_prefix (open, "email,domain") && strstr (open, "diagnostic\na@example.com"));
    /* A vendor's file keeps its text, without controls and without our apostrophe. */
    assert_non_null (strstr (mailgun, ",550,\"=1+1  b@example.com,BOUNCE  [31m\"\"x\"\"\xef\xbf\xbd\",\"Fri"));
    assert_non_null (strstr (sendgrid, "5.1.1,\"=1+1  b@example.com,BOUNCE  [31m"));
}

static void
soft_verdicts_and_missing_data (void **state)
{
    static const char *const verdict_lists[] = {"ses", "ses-json", "mailgun", "sparkpost"};
    Decision decision = gone ("a@example.com");
    guint refused = 0;
    SuppressOptions options = {.refused = count_refusal, .user = &refused};

    (void) state;
    decision.decision = DECISION_PAUSE;
    decision.type = TYPE_SOFT;
    for (guint i = 0; i < G_N_ELEMENTS (verdict_lists); i++)
        g_free (list_of (verdict_lists[i], &decision, 1, &options));
    assert_int_equal (refused, G_N_ELEMENTS (verdict_lists));
    decision.status = decision.reply = decision.diagnostic = "";
    decision.last_seen = DATE_NONE;
    g_autofree char *postfix = list_of ("postfix", &decision, 1, NULL);
    assert_string_equal (postfix, "a@example.com\tREJECT 5.1.1 Suppressed after soft bounces\n");
    decision.decision = DECISION_REMOVE;
    decision.type = TYPE_COMPLAINT;
    decision.reason = REASON_COMPLAINT;
    g_autofree char *ses = list_of ("ses", &decision, 1, NULL);
    g_autofree char *mailgun = list_of ("mailgun", &decision, 1, NULL);
    g_autofree char *sparkpost = list_of ("sparkpost", &decision, 1, NULL);
    assert_string_equal (ses, "a@example.com,COMPLAINT\n");
    assert_string_equal (mailgun, "address,code,error,created_at\na@example.com,550,\"\",\n");
    assert_non_null (strstr (sparkpost, "a@example.com,non_transactional,complaint\n"));
}

static void
bodies_come_in_chunks (void **state)
{
    Decision decisions[120];
    guint lines = 0;

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (decisions); i++)
        decisions[i] = gone ("a@example.com");
    g_autofree char *text = list_of ("postmark-json", decisions, 120, NULL);
    g_auto (GStrv) bodies = g_strsplit (text, "\n", 0);
    static const guint expected[] = {50, 50, 20};

    for (; bodies[lines] && *bodies[lines]; lines++) {
        guint n = 0;

        assert_true (g_str_has_prefix (bodies[lines], "{\"Suppressions\":[{\"EmailAddress\":"));
        assert_true (g_str_has_suffix (bodies[lines], "\"}]}"));
        for (const char *at = bodies[lines]; (at = strstr (at, "EmailAddress")); at++)
            n++;
        assert_int_equal (n, expected[lines]);
    }
    assert_int_equal (lines, 3);
}

/* Files that were started, and the rows in each, when `n` addresses go in. */
static char *
files_of (const char *format, guint n, const SuppressOptions *options)
{
    g_autoptr (GString) out = g_string_new (NULL);
    g_autoptr (SuppressList) list = suppress_list_new (suppress_format_find (format), options);
    Writer *writer = writer_new_string (out);

    suppress_list_open (list, writer);
    for (guint i = 0; i < n; i++) {
        g_autofree char *email = g_strdup_printf ("%u@x.example", i);
        Decision decision = gone (email);

        if (suppress_list_row (list, &decision) == SUPPRESS_FULL) {
            suppress_list_close (list);
            writer_puts (writer, "--\n");
            suppress_list_open (list, writer);
            assert_int_equal (suppress_list_row (list, &decision), SUPPRESS_WRITTEN);
        }
    }
    suppress_list_close (list);
    assert_int_equal (suppress_list_written (list), n);
    writer_close (writer, NULL);
    return g_strdup (out->str);
}

static void
files_end_at_their_limit (void **state)
{
    g_autofree char *plain = files_of ("plain", 5, &(SuppressOptions){.split = TRUE, .max_rows = 2});
    g_autofree char *brevo = files_of ("brevo", 3, &(SuppressOptions){.split = TRUE, .max_rows = 2});
    g_autofree char *whole = files_of ("plain", 5, &(SuppressOptions){.max_rows = 2});
    g_autofree char *spark = files_of ("sparkpost", 2, &(SuppressOptions){.split = TRUE, .max_rows = 3});
    g_autofree char *tiny = files_of ("sparkpost", 2, &(SuppressOptions){.split = TRUE, .max_rows = 1});
    g_autofree char *bodies = files_of ("sendgrid-json", 3, &(SuppressOptions){.split = TRUE, .max_rows = 2});

    (void) state;
    assert_string_equal (plain, "0@x.example\n1@x.example\n--\n2@x.example\n3@x.example\n--\n4@x.example\n");
    assert_string_equal (brevo, "EMAIL\n0@x.example\n1@x.example\n--\nEMAIL\n2@x.example\n");
    assert_string_equal (whole, "0@x.example\n1@x.example\n2@x.example\n3@x.example\n4@x.example\n");
    assert_string_equal (spark, "recipient,type,description\n0@x.example,transactional,5.1.1 user-unknown\n"
                                "0@x.example,non_transactional,5.1.1 user-unknown\n--\nrecipient,type,description\n"
                                "1@x.example,transactional,5.1.1 user-unknown\n"
                                "1@x.example,non_transactional,5.1.1 user-unknown\n");
    assert_string_equal (tiny, spark);
    assert_string_equal (bodies, "{\"recipient_emails\":[\"0@x.example\",\"1@x.example\"]}\n--\n"
                                 "{\"recipient_emails\":[\"2@x.example\"]}\n");
    assert_int_equal (suppress_format_max_rows (suppress_format_find ("ses")), 100000);
    assert_int_equal (suppress_format_max_bytes (suppress_format_find ("mailgun")), 25000000);
}

static void
files_end_at_their_bytes (void **state)
{
    g_autofree char *filler = g_strnfill (2000, 'x');
    g_autoptr (GString) out = g_string_new (NULL);
    Writer *writer = writer_new_string (out);
    SuppressOptions options = {.split = TRUE};
    g_autoptr (SuppressList) list = suppress_list_new (suppress_format_find ("mailgun"), &options);
    Decision decision = gone ("a@example.com");
    guint rows = 0;

    (void) state;
    decision.diagnostic = filler;
    suppress_list_open (list, writer);
    while (suppress_list_row (list, &decision) == SUPPRESS_WRITTEN)
        rows++;
    suppress_list_close (list);
    writer_close (writer, NULL);
    assert_true (out->len <= 25000000 && out->len > 25000000 - 2100);
    assert_true (rows > 10000);
}

UNIT_MAIN (cmocka_unit_test (every_format_byte_for_byte), cmocka_unit_test (an_empty_list_is_complete),
           cmocka_unit_test (what_a_format_cannot_say_is_left_out),
           cmocka_unit_test (odd_addresses_are_spelled_for_their_reader),
           cmocka_unit_test (hostile_wording_stays_in_its_cell), cmocka_unit_test (soft_verdicts_and_missing_data),
           cmocka_unit_test (bodies_come_in_chunks), cmocka_unit_test (files_end_at_their_limit),
           cmocka_unit_test (files_end_at_their_bytes))
