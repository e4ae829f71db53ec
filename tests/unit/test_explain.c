/* SPDX-License-Identifier: MIT */
#include "base/date.h"
#include "report/code_text.h"
#include "report/columns.h"
#include "report/explain_text.h"
#include "unit.h"
#include <string.h>

static const char *
meaning (const char *code, gpointer user)
{
    (void) user;
    return g_str_equal (code, "5.1.1") ? "The mailbox does not exist." : NULL;
}

static const ExplainOptions options = {.unicode = TRUE, .meaning = meaning};

static BounceEvent
bounce (int day, const char *diagnostic)
{
    BounceEvent event;

    event_init (&event);
    event.date = date_from_civil (2026, 11, day, 3, 12, 45);
    event.type = TYPE_HARD;
    event.reason = REASON_USER_UNKNOWN;
    event.status = "5.1.1";
    event.reply = "550";
    event.recipient = "gone@example.com";
    event.diagnostic = diagnostic;
    event.remote_mta = "mx.example.com";
    event.source = "bounces.mbox";
    event.offset = day == 20 ? 4711 : 0;
    event.rule = "status:5.1.1";
    return event;
}

static Decision
decision_of (DecisionKind kind)
{
    return (Decision){.email = "gone@example.com", .domain = "example.com", .provider = "", .decision = kind,
                      .reason = REASON_USER_UNKNOWN, .type = TYPE_HARD, .status = "5.1.1", .reply = "550",
                      .failures = 2, .first_seen = date_from_civil (2026, 11, 1, 3, 12, 45),
                      .last_seen = date_from_civil (2026, 11, 20, 3, 12, 45), .next_try = DATE_NONE, .allowed = DATE_NONE,
                      .forgiven = DATE_NONE, .imported = DATE_NONE, .rule = "hard",
                      .event_rule = "status:5.1.1", .diagnostic = "550 5.1.1 user unknown", .events = 2};
}

static char *
story (const Decision *decision, const BounceEvent *events, guint n, const ExplainOptions *how)
{
    g_autoptr (GString) out = g_string_new (NULL);
    Writer *writer = writer_new_string (out);

    explain_text_begin (writer, decision, how);
    for (guint i = 0; i < n; i++)
        explain_text_event (writer, &events[i], how);
    explain_text_end (writer, decision, how);
    writer_close (writer, NULL);
    return g_strdup (out->str);
}

static void
tells_a_removal (void **state)
{
    Decision decision = decision_of (DECISION_REMOVE);
    BounceEvent events[] = {bounce (1, "550 5.1.1 <gone@example.com>: Recipient address rejected: User unknown"),
                            bounce (20, "550 5.1.1 user unknown")};
    g_autofree char *text = story (&decision, events, 2, &options);

    (void) state;
    assert_string_equal (text,
                         "gone@example.com\n"
                         "  remove: write to this address no more\n"
                         "  no such mailbox (user-unknown, 5.1.1); 2 failures count, from 2026-11-01 to\n"
                         "  2026-11-20\n"
                         "  decided by policy line \"hard\", the event by \"status:5.1.1\"\n"
                         "\n"
                         "What happened: 2 events\n"
                         "  2026-11-01  hard 5.1.1: no such mailbox\n"
                         "              “550 5.1.1 <gone@example.com>: Recipient address rejected: User\n"
                         "              unknown”\n"
                         "              5.1.1: The mailbox does not exist.\n"
                         "              said by mx.example.com; read in bounces.mbox; understood by\n"
                         "              \"status:5.1.1\"\n"
                         "  2026-11-20  hard 5.1.1: no such mailbox\n"
                         "              “550 5.1.1 user unknown”\n"
                         "              5.1.1: The mailbox does not exist.\n"
                         "              said by mx.example.com; read in bounces.mbox at byte 4711;\n"
                         "              understood by \"status:5.1.1\"\n"
                         "\n"
                         "What comes next\n"
                         "  The address goes off the list, and nothing more is sent to it.\n"
                         "\n"
                         "What would change it\n"
                         "  If you know that the address works again, take it back into your list, and\n"
                         "  tell the state: nixie forgive gone@example.com\n");
}

static void
tells_the_next_date (void **state)
{
    Decision decision = decision_of (DECISION_PAUSE);

    (void) state;
    decision.reason = REASON_MAILBOX_DISABLED;
    decision.next_try = date_from_civil (2026, 11, 23, 3, 12, 45);
    decision.attempt = 2;
    decision.attempts = 5;
    decision.failures = 1;
    decision.first_seen = decision.last_seen;
    g_autofree char *text = story (&decision, NULL, 0, &options);
    assert_non_null (strstr (text, "pause: write again at the next date\n"));
    assert_non_null (strstr (text, "1 failure counts, of 2026-11-20\n"));
    assert_non_null (strstr (text, "next try on 2026-11-23 03:12 UTC, number 3 of 5\n"));
    for (guint kind = 0; kind < N_DECISIONS; kind++) {
        Decision other = decision_of ((DecisionKind) kind);
        g_autofree char *told = story (&other, NULL, 0, &options);

        assert_non_null (strstr (told, decision_word ((DecisionKind) kind)));
        assert_non_null (strstr (told, "What would change it\n  "));
    }
}

/* What the policy has found out reaches the page, each in its words. */
static void
tells_what_the_policy_found (void **state)
{
    static const struct {
        Change change;
        const char *text;
    } cases[] = {
        {{CHANGE_DELIVERY, DECISION_KEEP, 0, DATE_NONE}, "  A report that mail has arrived there ends it.\n"},
        {{CHANGE_SILENCE, DECISION_KEEP, 0, 1795000000}, "  Without another failure it is over after 2026-11-18.\n"},
        {{CHANGE_FAILURES, DECISION_REMOVE, 1, 1795000000}, "  1 more failing day, on 2026-11-18 or later: remove.\n"},
        {{CHANGE_FAILURES, DECISION_REVIEW, 2, 1795000000},
         "  2 more failing days, the last of them on 2026-11-18 or later: review.\n"},
        {{CHANGE_TRY, DECISION_PAUSE, 3, 1795000000}, "  If try number 3 fails, the next one follows on the schedule.\n"},
        {{CHANGE_TRY, DECISION_INACTIVE, 5, 1795000000}, "  If try number 5, the last one, fails: inactive.\n"},
        {{CHANGE_DUE, DECISION_REMOVE, 5, 1795000000}, "  If every try fails: remove, on 2026-11-18 at the earliest.\n"},
        {{CHANGE_TRUST, DECISION_REMOVE, 0, DATE_NONE},
         "  The same, told by a report that belongs to mail of ours: remove.\n"},
        {{CHANGE_FORGIVE, DECISION_KEEP, 0, DATE_NONE}, "  If you know that the address works again, take it back"},
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        Decision decision = decision_of (DECISION_PAUSE);
        decision.changes[0] = cases[i].change;
        decision.n_changes = 1;
        g_autofree char *text = story (&decision, NULL, 0, &options);
        if (strstr (text, cases[i].text) == NULL)
            fail_msg ("not told: %s%s", cases[i].text, text);
    }
    Decision decision = decision_of (DECISION_REVIEW);
    decision.action = "remove 1";
    decision.untrusted = decision.flapping = TRUE;
    decision.episodes = 4;
    g_autofree char *text = story (&decision, NULL, 0, &options);
    assert_non_null (strstr (text, "decided by policy line \"hard\" (remove 1), the event"));
    assert_non_null (strstr (text, "not acted upon: "));
    assert_non_null (strstr (text, "flapping: soft failures came back 4 times"));
}

static const char *
evidence (const BounceEvent *event, gpointer user)
{
    (void) event;
    return user;
}

static void
tells_how_the_provider_is_known (void **state)
{
    static const struct {
        const char *evidence, *provider, *text;
    } cases[] = {
        {"domain", "gmail", "; provider gmail, known by the domain; read in "},
        {"remote-mta", "icloud", "said by mx.example.com; provider icloud, known by that host; read in "},
        {"said-host", "yahoo", "; provider yahoo, known by a host that the answer names; read in "},
        {"hint", "outlook", "; provider outlook, known by the wording; read in "},
        {"learned", "gmail", "; provider gmail, known from other bounces of the domain; read in "},
        {"mx-file", "gmail", "; provider gmail, known from --mx-file; read in "},
        {"reporting-mta", "gmail", "; provider gmail, known by that host; read in "},
        {"none", "other", "said by mx.example.com; read in "},
        {"learned", "other", "said by mx.example.com; read in "},
        {"hint", "", "said by mx.example.com; read in "},
        {"a word of tomorrow", "gmail", "said by mx.example.com; read in "},
    };
    ExplainOptions told = options;

    (void) state;
    told.width = 300;
    told.evidence = evidence;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        Decision decision = decision_of (DECISION_REMOVE);
        BounceEvent event = bounce (1, "550 5.1.1 user unknown");
        event.provider = cases[i].provider;
        told.evidence_user = (gpointer) cases[i].evidence;
        g_autofree char *text = story (&decision, &event, 1, &told);
        assert_non_null (strstr (text, cases[i].text));
    }
}

/* The command can be copied into a shell whatever the address is. */
static void
tells_the_command (void **state)
{
    static const struct {
        const char *email, *command;
    } cases[] = {
        {"gone@example.com", "nixie forgive gone@example.com\n"},
        {"a.b-c_d+e=f@example.com", "nixie forgive a.b-c_d+e=f@example.com\n"},
        {"-rf@example.com", "nixie forgive -- -rf@example.com\n"},
        {"`id`@example.com", "nixie forgive '`id`@example.com'\n"},
        {"o'neil@example.com", "nixie forgive 'o'\\''neil@example.com'\n"},
        {"-$x@example.com", "nixie forgive -- '-$x@example.com'\n"},
    };
    ExplainOptions known = options;

    (void) state;
    known.width = 300;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        Decision decision = decision_of (DECISION_REMOVE);
        decision.email = cases[i].email;
        g_autofree char *removed = story (&decision, NULL, 0, &known);
        assert_non_null (strstr (removed, cases[i].command));
        decision.decision = DECISION_KEEP;
        decision.allowed = date_from_civil (2026, 11, 21, 0, 0, 0);
        g_autofree char *allowed = story (&decision, NULL, 0, &known);
        assert_null (strstr (allowed, "nixie forgive"));
        assert_non_null (strstr (allowed, "\n  nixie allow --undo "));
        assert_non_null (strstr (allowed, "\n  keep: it was allowed, whatever comes back\n"));
        assert_null (strstr (allowed, "nothing speaks against"));
    }
}

static void
tells_that_nothing_is_known (void **state)
{
    g_autoptr (GString) out = g_string_new (NULL);
    Writer *writer = writer_new_string (out);

    (void) state;
    explain_text_nothing (writer, "who\x1b[2J@example.com", &options);
    writer_close (writer, NULL);
    assert_true (g_str_has_prefix (out->str, "who\xef\xbf\xbd[2J@example.com\n  not listed: no bounce of this address "));
}

/* Neither a control character nor a line beyond the page, whatever the mail says. */
static void
check_page (const char *text, guint width, gboolean ascii)
{
    g_auto (GStrv) lines = g_strsplit (text, "\n", 0);

    assert_true (g_utf8_validate (text, -1, NULL));
    for (guint i = 0; lines[i]; i++) {
        for (const char *at = lines[i]; *at; at = g_utf8_next_char (at)) {
            gunichar c = g_utf8_get_char (at);

            if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) || (ascii && c > 0x7e))
                fail_msg ("U+%04X in: %s", c, lines[i]);
        }
        if (columns_of (lines[i]) > width)
            fail_msg ("%u columns in %u: %s", columns_of (lines[i]), width, lines[i]);
    }
}

static const char *const hostile[] = {
    "\x1b[31mred", "\x1b]52;c;cm0gLXJm\x07", "\xc2\x9b" "31m", "\xe2\x80\xae" "evil", "two\r\nlines", "\xff\xfe",
    "%s%n", "とても長い日本語の文字列で空白がひとつもないので端末の行の終わりを越えてどこまでも続いていきます",
    "a_very_long_word_without_any_space_that_goes_on_and_on_beyond_the_end_of_every_line_of_the_terminal_of_anybody",
};

static void
hostile_mail_stays_text (void **state)
{
    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
        for (guint ascii = 0; ascii < 2; ascii++) {
            ExplainOptions how = {.width = 60, .unicode = !ascii};
            Decision decision = decision_of (DECISION_REMOVE);
            BounceEvent event;

            event_init (&event);
#define X(name) event.name = hostile[i];
            EVENT_STRINGS (X)
#undef X
            event.trust = TRUST_CONTRADICTED;
            decision.email = decision.domain = decision.provider = decision.status = decision.reply = hostile[i];
            decision.rule = decision.event_rule = decision.diagnostic = hostile[i];
            g_autofree char *text = story (&decision, &event, 1, &how);
            check_page (text, 60, ascii);
        }
}

/* --- code --------------------------------------------------------------------------------------------------------------- */

static char *
code (const CodeAnswer *answer, const CodeTextOptions *how)
{
    g_autoptr (GString) out = g_string_new (NULL);
    Writer *writer = writer_new_string (out);

    if (how)
        code_text_write (writer, answer, how);
    else
        code_json_write (writer, answer);
    writer_close (writer, NULL);
    return g_strdup (out->str);
}

static void
a_code_in_words (void **state)
{
    CodeAnswer answer = {.input = "4.2.1", .status = "4.2.1", .type = TYPE_SOFT, .fault = FAULT_RECIPIENT,
                         .reason = REASON_MAILBOX_DISABLED, .rule = "status:X.2.1",
                         .meaning = "The mailbox exists but takes no mail.", .reference = "RFC 3463"};
    g_autofree char *text = code (&answer, &(CodeTextOptions){.unicode = TRUE});
    g_autofree char *json = code (&answer, NULL);

    (void) state;
    assert_string_equal (text, "4.2.1\n"
                               "  soft        trouble that may pass\n"
                               "  class       4  failed for now: sending the same again later may work\n"
                               "  subject     2  the mailbox\n"
                               "  detail      1  The mailbox exists but takes no mail.\n"
                               "  reason      mailbox-disabled: mailbox disabled\n"
                               "  fault of    the address or its mailbox\n"
                               "  what to do  Pause the address and try again after days; remove it when it\n"
                               "              stays disabled.\n"
                               "  try again   24 hours after the first bounce, 48 hours after that, 72 hours\n"
                               "              after that, then after a week; then take it as gone\n"
                               "  known by    status:X.2.1\n"
                               "  see         RFC 3463\n");
    assert_string_equal (json, "{\"input\":\"4.2.1\",\"status\":\"4.2.1\",\"reply\":\"\",\"class\":\"4\",\"subject\":\"2\","
                               "\"detail\":\"1\",\"type\":\"soft\",\"fault\":\"recipient\",\"reason\":\"mailbox-disabled\","
                               "\"rule\":\"status:X.2.1\",\"provider\":\"\",\"meaning\":\"The mailbox exists but takes no "
                               "mail.\",\"advice\":\"\",\"retry\":\"later\",\"reference\":\"RFC 3463\"}\n");
}

static void
odd_codes_in_words (void **state)
{
    static const char *const odd[] = {"9.9.9", "5.99.1", "4.2", "4.2.1.1", "x", "5..1", "55555.1.1", "5.1.", ""};

    (void) state;
    for (guint type = 0; type < N_TYPES; type++)
        for (guint reason = 0; reason < N_REASONS; reason++) {
            CodeAnswer answer = {.input = hostile[reason % G_N_ELEMENTS (hostile)], .status = odd[reason % 9],
                                 .reply = odd[reason % 9], .type = (EventType) type, .reason = (Reason) reason};
            g_autofree char *text = code (&answer, &(CodeTextOptions){.width = 50, .unicode = TRUE});
            g_autofree char *json = code (&answer, NULL);

            check_page (text, 50, FALSE);
            assert_true (g_str_has_suffix (json, "}\n"));
            assert_non_null (strstr (text, reason_word ((Reason) reason)));
        }
}

UNIT_MAIN (cmocka_unit_test (tells_a_removal), cmocka_unit_test (tells_the_next_date),
           cmocka_unit_test (tells_what_the_policy_found), cmocka_unit_test (tells_the_command), cmocka_unit_test (tells_how_the_provider_is_known),
           cmocka_unit_test (tells_that_nothing_is_known), cmocka_unit_test (hostile_mail_stays_text),
           cmocka_unit_test (a_code_in_words), cmocka_unit_test (odd_codes_in_words))
