/* SPDX-License-Identifier: MIT */
#include "base/date.h"
#include "report/report_csv.h"
#include "report/report_json.h"
#include "report/report_model.h"
#include "unit.h"
#include <string.h>

static const ReportContext context = {.now = 1795230000, .since = DATE_NONE, .until = DATE_NONE, .messages = 9,
                                      .bounces = 7, .unparsed = 1};

/* Recipient, provider, status, reply, reason, day of November 2026 (0 = no date), diagnostic. */
typedef struct {
    const char *recipient, *provider, *status, *reply;
    Reason reason;
    int day;
    const char *diagnostic;
} Row;

static void
add (ReportModel *model, const Row *row)
{
    const char *at = strrchr (row->recipient, '@');
    BounceEvent event;

    event_init (&event);
    event.recipient = row->recipient;
    event.domain = at ? at + 1 : "";
    event.provider = row->provider;
    event.status = row->status;
    event.reply = row->reply;
    event.reason = row->reason;
    event.type = reason_type (row->reason);
    event.date = row->day ? date_from_civil (2026, 11, row->day, 12, 0, 0) : DATE_NONE;
    event.diagnostic = row->diagnostic;
    event.format = "rfc3464";
    report_model_add_event (model, &event);
}

static const Row rows[] = {
    {"a@x.example", "one", "5.1.1", "550", REASON_USER_UNKNOWN, 3, "no a"},
    {"A@X.example", "one", "5.1.1", "550", REASON_USER_UNKNOWN, 4, "no a again"},
    {"a@x.example", "one", "5.7.1", "554", REASON_SPAM, 5, "spam"},
    {"b@x.example", "one", "5.1.1", "550", REASON_USER_UNKNOWN, 3, "no b"},
    {"c@y.example", "", "", "452", REASON_MAILBOX_FULL, 0, ""},
    {"c@y.example", "", "", "", REASON_AUTOREPLY, 1, "away"},
    {"", "two", "4.4.1", "", REASON_NETWORK_ERROR, 2, "nobody named"},
};

static ReportModel *
model_of_rows (void)
{
    ReportModel *model = report_model_new (&context);

    for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
        add (model, &rows[i]);
    return model;
}

static const ReportRow *
row_of (ReportModel *model, ReportBy by, const char *key)
{
    guint n;
    const ReportRow *table = report_model_rows (model, by, &n);

    for (guint i = 0; i < n; i++)
        if (g_str_equal (table[i].key, key))
            return &table[i];
    fail_msg ("no row %s", key);
    return NULL;
}

/* --- events that come without their texts */

static char *asked; /* rows, in the order in which they were asked for */

static gboolean
texts_of (guint64 row, BounceEvent *event, gpointer user)
{
    g_autofree char *before = asked;

    (void) user;
    event_init (event);
    event->diagnostic = row == 2 ? "see https://unblock.example/2" : "the answer";
    event->original_subject = row == 30 ? "News" : "Other news";
    asked = g_strdup_printf ("%s %" G_GUINT64_FORMAT, before, row);
    return TRUE;
}

/* 30 blocks of one message at 30 addresses, the rows in another order than the addresses; a domain without a provider's
 * name, one with. */
static ReportModel *
brief_model (gboolean few)
{
    ReportContext own = context;

    own.rest = texts_of;
    own.few_samples = few;
    ReportModel *model = report_model_new (&own);
    for (guint i = 0; i < 30; i++) {
        g_autofree char *address = g_strdup_printf ("%02u@%s.example", i, i < 28 ? "named" : "unnamed");
        BounceEvent event;

        event_init (&event);
        event.recipient = address;
        event.domain = strrchr (address, '@') + 1;
        event.provider = i < 28 ? "one" : "other";
        event.status = "5.7.1";
        event.reason = REASON_SPAM;
        event.type = TYPE_BLOCK;
        event.date = date_from_civil (2026, 11, 3, 12, 0, 0);
        event.format = "rfc3464";
        event.original_message_id = "news@lists.example";
        event.row = 30 - i;
        event.kind = i < 28 ? 1 : 2;
        event.left_out = EVENT_HAS_DIAGNOSTIC;
        report_model_add_event (model, &event);
    }
    asked = g_strdup ("");
    report_model_settle (model);
    return model;
}

static void
texts_are_asked_for_at_the_end_and_in_their_order (void **state)
{
    g_autoptr (ReportModel) model = brief_model (FALSE);
    g_autoptr (GArray) incidents = report_model_incidents (model);

    (void) state;
    /* Each recipient's, which are those of the first for all tables as well; then the subject. */
    assert_string_equal (asked, " 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 30");
    assert_string_equal (row_of (model, REPORT_BY_DOMAIN, "named.example")->sample, "the answer");
    assert_string_equal (row_of (model, REPORT_BY_RECIPIENT, "03@named.example")->sample, "the answer");
    assert_int_equal (incidents->len, 2);
    const ReportIncident *flood = &g_array_index (incidents, ReportIncident, 1);
    const ReportIncident *message = &g_array_index (incidents, ReportIncident, 0);
    assert_string_equal (message->message_id, "news@lists.example");
    assert_string_equal (message->subject, "News"); /* of the first event, not of the first row */
    assert_int_equal (message->refusals, 30);
    assert_string_equal (flood->provider, "one");
    assert_int_equal (flood->refusals, 28);
    g_clear_pointer (&asked, g_free);
}

static void
what_people_read_wants_few_texts (void **state)
{
    g_autoptr (ReportModel) model = brief_model (TRUE);

    (void) state;
    assert_string_equal (asked, " 2 30 30");
    assert_string_equal (row_of (model, REPORT_BY_PROVIDER, "one")->sample, "the answer");
    assert_string_equal (row_of (model, REPORT_BY_DOMAIN, "named.example")->sample, "");
    assert_string_equal (row_of (model, REPORT_BY_DOMAIN, "unnamed.example")->sample, "see https://unblock.example/2");
    assert_string_equal (row_of (model, REPORT_BY_DOMAIN, "unnamed.example")->codes[0].page, "https://unblock.example/2");
    g_clear_pointer (&asked, g_free);
}

static void
counts_events_and_distinct_recipients (void **state)
{
    g_autoptr (ReportModel) model = model_of_rows ();
    const ReportRow *total = report_model_total (model);
    guint n;

    (void) state;
    assert_int_equal (total->events, 7);
    assert_int_equal (total->recipients, 3);
    assert_int_equal (total->by_type[TYPE_HARD], 3);
    assert_int_equal (total->by_type[TYPE_SOFT], 2);
    assert_int_equal (total->by_type[TYPE_BLOCK], 1);
    assert_int_equal (total->by_type[TYPE_AUTOREPLY], 1);
    assert_int_equal (total->first_seen, date_from_civil (2026, 11, 1, 12, 0, 0));
    assert_int_equal (total->last_seen, date_from_civil (2026, 11, 5, 12, 0, 0));
    assert_string_equal (total->top_status, "5.1.1");

    const ReportRow *provider = report_model_rows (model, REPORT_BY_PROVIDER, &n);
    assert_int_equal (n, 3);
    assert_string_equal (provider[0].key, "one"); /* most events first, then by bytes */
    assert_string_equal (provider[1].key, "");
    assert_string_equal (provider[2].key, "two");
    assert_int_equal (provider[0].events, 4);
    assert_int_equal (provider[0].recipients, 2);
    assert_int_equal (provider[2].recipients, 0); /* an event without address */
    assert_int_equal (provider[0].n_codes, 2);
    assert_string_equal (provider[0].codes[0].code, "5.1.1");
    assert_int_equal (provider[0].codes[0].events, 3);
    assert_int_equal (provider[0].codes[0].recipients, 2);
    assert_string_equal (provider[0].codes[0].sample, "no a");
    assert_int_equal (provider[0].codes[1].type, TYPE_BLOCK);
    assert_int_equal (provider[0].codes[1].recipients, 1);
    assert_string_equal (provider[1].top_status, "452"); /* the reply, where there is no status */

    assert_int_equal (row_of (model, REPORT_BY_REASON, "user-unknown")->recipients, 2);
    assert_int_equal (row_of (model, REPORT_BY_STATUS, "5.1.1")->events, 3);
    assert_int_equal (row_of (model, REPORT_BY_STATUS, "452")->events, 1);
    assert_int_equal (row_of (model, REPORT_BY_STATUS, "")->events, 1);
    assert_int_equal (row_of (model, REPORT_BY_DOMAIN, "y.example")->recipients, 1);
    assert_string_equal (row_of (model, REPORT_BY_DOMAIN, "x.example")->provider, "one");
    assert_string_equal (provider[0].provider, "");
    assert_int_equal (row_of (model, REPORT_BY_FORMAT, "rfc3464")->events, 7);
    assert_int_equal (row_of (model, REPORT_BY_RECIPIENT, "a@x.example")->events, 3);
    assert_int_equal (row_of (model, REPORT_BY_RECIPIENT, "c@y.example")->events, 2);
    assert_int_equal (row_of (model, REPORT_BY_PROVIDER, "")->first_seen, date_from_civil (2026, 11, 1, 12, 0, 0));
}

static void
days_come_by_date (void **state)
{
    static const char *const days[] = {"", "2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05"};
    g_autoptr (ReportModel) model = model_of_rows ();
    guint n;
    const ReportRow *table = report_model_rows (model, REPORT_BY_DAY, &n);

    (void) state;
    assert_int_equal (n, G_N_ELEMENTS (days));
    for (guint i = 0; i < n; i++)
        assert_string_equal (table[i].key, days[i]);
    assert_int_equal (table[3].events, 2);
    assert_int_equal (table[3].recipients, 2);
    assert_int_equal (table[0].last_seen, DATE_NONE);
}

static void
the_top_code_is_that_of_failures (void **state)
{
    static const Row mixed[] = {
        {"a@x.example", "p", "2.1.5", "250", REASON_DELIVERED, 1, "fine"},
        {"b@x.example", "p", "2.1.5", "250", REASON_DELIVERED, 1, "fine"},
        {"c@x.example", "p", "2.1.5", "250", REASON_DELIVERED, 1, "fine"},
        {"d@x.example", "p", "5.2.2", "552", REASON_MAILBOX_FULL, 1, ""},
        {"e@x.example", "p", "5.2.2", "552", REASON_MAILBOX_INACTIVE, 1, "inactive"},
        {"f@x.example", "p", "5.1.1", "550", REASON_USER_UNKNOWN, 1, "gone"},
        {"g@x.example", "q", "2.1.5", "250", REASON_DELIVERED, 1, "fine"},
    };
    g_autoptr (ReportModel) model = report_model_new (&context);

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (mixed); i++)
        add (model, &mixed[i]);
    assert_string_equal (row_of (model, REPORT_BY_PROVIDER, "p")->top_status, "5.2.2"); /* over both its reasons */
    assert_string_equal (row_of (model, REPORT_BY_PROVIDER, "p")->sample, "inactive");
    assert_string_equal (row_of (model, REPORT_BY_PROVIDER, "q")->top_status, "2.1.5");
}

static void
evidence_of_what_was_not_understood_is_passed_over (void **state)
{
    g_autoptr (ReportModel) model = report_model_new (&context);
    BounceEvent event;

    (void) state;
    event_init (&event);
    event.format = "unparsed";
    event.diagnostic = "something";
    report_model_add_event (model, &event);
    assert_int_equal (report_model_total (model)->events, 0);
    assert_int_equal (report_model_context (model)->unparsed, 1);
}

/* The heaviest recipients stay, whatever the order of weights; the number of all is known. */
static void
the_heaviest_recipients_are_kept (void **state)
{
    ReportContext few = context;
    g_autoptr (ReportModel) model = NULL;
    guint n;

    (void) state;
    few.recipients = 10;
    model = report_model_new (&few);
    for (guint i = 0; i < 1000; i++) {
        g_autofree char *recipient = g_strdup_printf ("r%04u@x.example", i);
        Row row = {recipient, "p", "5.1.1", "550", REASON_USER_UNKNOWN, 1, "gone"};

        for (guint times = 0; times <= (i * 7919) % 1000; times += 50)
            add (model, &row);
    }
    const ReportRow *table = report_model_rows (model, REPORT_BY_RECIPIENT, &n);
    assert_int_equal (n, 10);
    assert_int_equal (report_model_keys (model, REPORT_BY_RECIPIENT), 1000);
    assert_int_equal (report_model_total (model)->recipients, 1000);
    for (guint i = 0; i < n; i++) {
        assert_int_equal (table[i].events, 20);
        assert_int_equal (table[i].recipients, 1);
        assert_string_equal (table[i].sample, "gone");
        if (i > 0)
            assert_true (strcmp (table[i - 1].key, table[i].key) < 0);
    }
    /* Of the 50 that have 20 events, the lowest names. */
    assert_string_equal (table[0].key, "r0025@x.example");
}

static void
many_codes_of_one_key (void **state)
{
    g_autoptr (ReportModel) model = report_model_new (&context);
    guint n;

    (void) state;
    for (guint round = 0; round < 2; round++)
        for (guint i = 0; i < 1000; i++) {
            g_autofree char *recipient = g_strdup_printf ("%u-%u@x.example", round, i);
            g_autofree char *status = g_strdup_printf ("5.7.%u", i);
            Row row = {recipient, "p", status, "", REASON_POLICY, 1, "no"};

            add (model, &row);
            if (i == 777)
                add (model, &row);
        }
    const ReportRow *table = report_model_rows (model, REPORT_BY_PROVIDER, &n);
    assert_int_equal (table[0].n_codes, 1000);
    assert_string_equal (table[0].codes[0].code, "5.7.777");
    assert_int_equal (table[0].codes[0].events, 4);
    assert_int_equal (table[0].codes[0].recipients, 2);
    assert_string_equal (table[0].top_status, "5.7.777");
    assert_string_equal (table[0].codes[1].code, "5.7.0");
    assert_int_equal (table[0].codes[999].events, 2);
}

static void
decisions_and_words (void **state)
{
    g_autoptr (ReportModel) model = report_model_new (&context);
    Decision decision = {.decision = DECISION_REMOVE};
    ReportContext later = context;
    ReportBy by;

    (void) state;
    report_model_add_decision (model, &decision);
    report_model_add_decision (model, &decision);
    decision.decision = DECISION_PAUSE;
    report_model_add_decision (model, &decision);
    assert_int_equal (report_model_decisions (model, DECISION_REMOVE), 2);
    assert_int_equal (report_model_decisions (model, DECISION_PAUSE), 1);
    assert_int_equal (report_model_decisions (model, DECISION_KEEP), 0);
    later.messages = 12345;
    later.rules_version = "abc";
    report_model_set_context (model, &later);
    assert_int_equal (report_model_context (model)->messages, 12345);
    assert_string_equal (report_model_context (model)->rules_version, "abc");
    assert_string_equal (report_model_context (model)->psl_date, "");
    for (guint i = 0; i < N_REPORT_BY; i++) {
        assert_true (report_by_parse (report_by_word ((ReportBy) i), &by));
        assert_int_equal (by, i);
    }
    assert_false (report_by_parse ("providers", &by));
}

static void
the_tables_as_csv (void **state)
{
    g_autoptr (ReportModel) model = model_of_rows ();
    g_autoptr (GString) out = g_string_new (NULL);
    Writer *writer = writer_new_string (out);

    (void) state;
    report_csv_write (writer, model, REPORT_BY_PROVIDER, 2, (CsvStyle){0});
    report_csv_write (writer, model, REPORT_BY_DAY, 1, (CsvStyle){.lf = TRUE});
    writer_close (writer, NULL);
    assert_string_equal (
        out->str,
        "provider,events,recipients,hard,soft,block,complaint,autoreply,delayed,delivered,unknown,first_seen,last_seen,"
        "top_status,sample\r\n"
        "one,4,2,3,0,1,0,0,0,0,0,2026-11-03T12:00:00Z,2026-11-05T12:00:00Z,5.1.1,no a\r\n"
        ",2,1,0,1,0,0,1,0,0,0,2026-11-01T12:00:00Z,2026-11-01T12:00:00Z,452,away\r\n"
        "day,events,recipients,hard,soft,block,complaint,autoreply,delayed,delivered,unknown,first_seen,last_seen,"
        "top_status,sample\n"
        "2026-11-05,1,1,0,0,1,0,0,0,0,0,2026-11-05T12:00:00Z,2026-11-05T12:00:00Z,5.7.1,spam\n");
}

static const char *
meaning (const char *code, gpointer user)
{
    return g_str_equal (code, "5.1.1") ? user : NULL;
}

static void
the_whole_as_json (void **state)
{
    ReportContext asking = context;
    g_autoptr (ReportModel) model = NULL;
    g_autoptr (GString) out = g_string_new (NULL);
    Writer *writer = writer_new_string (out);

    (void) state;
    asking.meaning = meaning;
    asking.meaning_user = (gpointer) "no such mailbox";
    model = report_model_new (&asking);
    add (model, &rows[0]);
    report_json_write (writer, model, 10);
    writer_close (writer, NULL);
    const char *counts = "\"events\":1,\"recipients\":1,\"hard\":1,\"soft\":0,\"block\":0,\"complaint\":0,\"autoreply\":0,"
                         "\"delayed\":0,\"delivered\":0,\"unknown\":0,\"first_seen\":\"2026-11-03T12:00:00Z\","
                         "\"last_seen\":\"2026-11-03T12:00:00Z\"";
    g_autofree char *head = g_strdup_printf (
        "{\"v\":1,\"now\":\"2026-11-21T03:00:00Z\",\"since\":null,\"until\":null,\"rules_version\":\"\",\"psl_date\":\"\","
        "\"messages\":{\"read\":9,\"bounces\":7,\"unparsed\":1,\"unreadable\":0},\"total\":{%s},"
        "\"decisions\":{\"remove\":0,\"inactive\":0,\"pause\":0,\"review\":0,\"watch\":0,\"keep\":0},"
        "\"by\":{\"provider\":{\"keys\":1,\"rows\":[{\"key\":\"one\",%s,\"top_status\":\"5.1.1\",\"sample\":\"no a\","
        "\"codes\":[{\"code\":\"5.1.1\",\"reason\":\"user-unknown\",\"type\":\"hard\",\"events\":1,\"recipients\":1,"
        "\"first_seen\":\"2026-11-03T12:00:00Z\",\"last_seen\":\"2026-11-03T12:00:00Z\",\"sample\":\"no a\"}]}]},"
        "\"domain\":{", counts, counts);
    assert_memory_equal (out->str, head, strlen (head));
    assert_non_null (strstr (out->str, "\"status\":{\"keys\":1,\"rows\":[{\"key\":\"5.1.1\","));
    assert_non_null (strstr (out->str, "\"sample\":\"no a\",\"meaning\":\"no such mailbox\",\"codes\":["));
    assert_true (g_str_has_suffix (out->str, "]}]}},\"gate\":\"closed\",\"incidents\":[]}\n"));
}

static void
the_latest_decisions_are_kept (void **state)
{
    ReportContext few = {.now = DATE_NONE, .since = DATE_NONE, .until = DATE_NONE, .decisions = 3};
    g_autoptr (ReportModel) model = report_model_new (&few);
    const Decision *const *list;
    guint n;

    (void) state;
    for (guint i = 0; i < 50; i++) {
        g_autofree char *email = g_strdup_printf ("a%02u@example.com", i);
        Decision decision = {.email = email, .decision = i % 2 ? DECISION_REMOVE : DECISION_PAUSE, .diagnostic = "no",
                             .last_seen = i == 7 || i == 9 ? 5000 : i == 31 ? DATE_NONE : (i * 37) % 50};

        report_model_add_decision (model, &decision);
        if (i == 20) /* asking in between changes nothing */
            report_model_listed (model, DECISION_REMOVE, &n);
    }
    list = report_model_listed (model, DECISION_REMOVE, &n);
    assert_int_equal (n, 3);
    assert_string_equal (list[0]->email, "a07@example.com");
    assert_string_equal (list[1]->email, "a09@example.com");
    assert_string_equal (list[2]->email, "a27@example.com"); /* 27 · 37 = 999: the 49th */
    assert_string_equal (list[2]->diagnostic, "no");
    assert_string_equal (list[2]->provider, "");
    report_model_listed (model, DECISION_REVIEW, &n);
    assert_int_equal (n, 0);
    assert_int_equal (report_model_decisions (model, DECISION_REMOVE), 25);
}

UNIT_MAIN (cmocka_unit_test (the_latest_decisions_are_kept), cmocka_unit_test (counts_events_and_distinct_recipients), cmocka_unit_test (days_come_by_date),
           cmocka_unit_test (the_top_code_is_that_of_failures),
           cmocka_unit_test (evidence_of_what_was_not_understood_is_passed_over),
           cmocka_unit_test (the_heaviest_recipients_are_kept), cmocka_unit_test (many_codes_of_one_key),
           cmocka_unit_test (decisions_and_words), cmocka_unit_test (the_tables_as_csv),
           cmocka_unit_test (the_whole_as_json), cmocka_unit_test (what_people_read_wants_few_texts),
           cmocka_unit_test (texts_are_asked_for_at_the_end_and_in_their_order))
