/* SPDX-License-Identifier: MIT */
#include "base/date.h"
#include "report/columns.h"
#include "report/report_text.h"
#include "unit.h"
#include <string.h>

#define NOW 1795230000 /* 2026-11-21T03:00:00Z */

static const char *
meaning (const char *code, gpointer user)
{
    (void) user;
    return g_str_equal (code, "5.1.1") ? "The mailbox does not exist." : "";
}

static const ReportContext context = {.now = NOW, .since = DATE_NONE, .until = DATE_NONE, .messages = 1204,
                                      .bounces = 13, .unparsed = 2, .rules_version = "3f2a91",
                                      .psl_date = "2023-02-09", .meaning = meaning};

typedef struct {
    const char *provider, *domain, *status, *reply, *diagnostic;
    Reason reason;
    guint addresses, days; /* one event each, on so many days before NOW */
} Group;

static const Group groups[] = {
    {"google", "gmail.com", "5.1.1", "550", "550-5.1.1 The email account that you tried to reach does not exist.",
     REASON_USER_UNKNOWN, 5, 1},
    {"google", "gmail.com", "5.7.26", "550",
     "550-5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires all senders to "
     "authenticate with either SPF or DKIM.", REASON_AUTHENTICATION, 3, 2},
    {"docomo", "docomo.ne.jp", "4.2.2", "452", "452 4.2.2 メールボックスがいっぱいのため、配信できませんでした。しばらくしてからもう一度お試しください。",
     REASON_MAILBOX_FULL, 2, 4},
    {"", "例え.example", "", "", "", REASON_UNKNOWN, 1, 0},
    {"", "example.org", "", "", "I am away", REASON_AUTOREPLY, 1, 4},
    {"yahoo", "yahoo.com", "", "", "", REASON_COMPLAINT, 1, 4},
};

static ReportModel *
model_of_groups (void)
{
    ReportModel *model = report_model_new (&context);
    Decision decision = {.decision = DECISION_REMOVE};

    for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
        for (guint n = 0; n < groups[i].addresses; n++) {
            const Group *group = &groups[i];
            g_autofree char *recipient = g_strdup_printf ("%u.%u@%s", i, n, group->domain);
            BounceEvent event;

            event_init (&event);
            event.recipient = recipient;
            event.domain = group->domain;
            event.provider = group->provider;
            event.status = group->status;
            event.reply = group->reply;
            event.diagnostic = group->diagnostic;
            event.reason = group->reason;
            event.type = reason_type (group->reason);
            event.format = "rfc3464";
            event.date = NOW - (gint64) (1 + (n + group->days) % 5) * 86400;
            report_model_add_event (model, &event);
            if (event.type == TYPE_HARD)
                report_model_add_decision (model, &decision);
        }
    decision.decision = DECISION_WATCH;
    report_model_add_decision (model, &decision);
    return model;
}

static char *
text_of (ReportModel *model, const ReportTextOptions *options)
{
    g_autoptr (GString) out = g_string_new (NULL);
    Writer *writer = writer_new_string (out);

    report_text_write (writer, model, options);
    writer_close (writer, NULL);
    return g_strdup (out->str);
}

static const char golden[] =
    "Bounce report  2026-11-21\n"
    "bounces from 2026-11-16 to 2026-11-20\n"
    "1 204 messages read · 13 bounces · 2 not understood\n"
    "\n"
    "13 events about 13 addresses\n"
    "  hard        5    38 %  ███████████████████  the address will not work again\n"
    "  soft        2    15 %  ███████▋             trouble that may pass\n"
    "  block       3    23 %  ███████████▍         we were refused; the address stays\n"
    "  complaint   1   7.7 %  ███▊                 the recipient called it spam\n"
    "  delayed     0     0 %                       still being tried\n"
    "  autoreply   1   7.7 %  ███▊                 vacation notes and the like\n"
    "  delivered   0     0 %                       arrived after all\n"
    "  unknown     1   7.7 %  ███▊                 cause not understood\n"
    "\n"
    "Addresses\n"
    "  5  remove: write to this address no more\n"
    "  1  watch: write on, and see whether it bounces again\n"
    "\n"
    "Problems: who refuses us\n"
    "  google  5.7.26 SPF, DKIM or DMARC failed\n"
    "    3 events, 3 addresses, from 2026-11-16 to 2026-11-18\n"
    "    550-5.7.26 This mail has been blocked because the sender is unauthenticated.\n"
    "    Gmail requires all senders to authenticate with either SPF or DKIM.\n"
    "    →  Mend SPF, DKIM and DMARC of the sending domain; keep the address.\n"
    "\n"
    "Providers      events  addresses  hard  soft  block\n"
    "  google            8          8     5     ·      3  ███████████████████████████\n"
    "    5.1.1     63 % 550-5.1.1 The email account that you tried to reach does not…\n"
    "    5.7.26    38 % 550-5.7.26 This mail has been blocked because the sender is …\n"
    "  (not known)       2          2     ·     ·      ·  ██████▊\n"
    "  docomo            2          2     ·     2      ·  ██████▊\n"
    "    4.2.2    100 % 452 4.2.2 メールボックスがいっぱいのため、配信できませんでし…\n"
    "  yahoo             1          1     ·     ·      ·  ███▍\n"
    "\n"
    "Domains         events  addresses  hard  soft  block\n"
    "  gmail.com          8          8     5     ·      3  ██████████████████████████\n"
    "  docomo.ne.jp       2          2     ·     2      ·  ██████▌\n"
    "  example.org        1          1     ·     ·      ·  ███▎\n"
    "  yahoo.com          1          1     ·     ·      ·  ███▎\n"
    "  例え.example       1          1     ·     ·      ·  ███▎\n"
    "\n"
    "Codes        events  addresses\n"
    "  5.1.1           5          5  hard       The mailbox does not exist.\n"
    "  (no code)       3          3             The report names no code: complaints,\n"
    "                                           automatic answers, words alone.\n"
    "  5.7.26          3          3  block      SPF, DKIM or DMARC failed\n"
    "  4.2.2           2          2  soft       mailbox full\n"
    "\n"
    "Reasons           events  addresses\n"
    "  user-unknown         5          5  hard       no such mailbox\n"
    "  authentication       3          3  block      SPF, DKIM or DMARC failed\n"
    "  mailbox-full         2          2  soft       mailbox full\n"
    "  autoreply            1          1  autoreply  automatic answer\n"
    "  complaint            1          1  complaint  recipient called it spam\n"
    "  unknown              1          1  unknown    cause not told\n"
    "\n"
    "Days          events  addresses  hard  soft  block\n"
    "  2026-11-16       5          5     1     1      1  ████████████████████████████\n"
    "  2026-11-17       2          2     1     ·      1  ██████████████████▋\n"
    "  2026-11-18       2          2     1     ·      1  ██████████████████▋\n"
    "  2026-11-19       1          1     1     ·      ·  █████████▍\n"
    "  2026-11-20       3          3     1     1      ·  ██████████████████▋\n"
    "\n"
    "What to do next\n"
    "  nixie suppress bounces.mbox >remove.csv\n"
    "      the list of the 5 addresses to remove\n"
    "  nixie explain ADDRESS bounces.mbox\n"
    "      why an address gets no mail: every event, with date and wording\n"
    "  nixie events --unparsed bounces.mbox\n"
    "      the bounces that were not understood, with what they say\n"
    "\n"
    "rules 3f2a91, public suffix list of 2023-02-09\n";

static void
reads_as_it_did (void **state)
{
    g_autoptr (ReportModel) model = model_of_groups ();
    g_autofree char *text = text_of (model, &(ReportTextOptions){.unicode = TRUE, .arguments = "bounces.mbox"});

    (void) state;
    assert_string_equal (text, golden);
}

/* Every line is valid UTF-8 without a control character and no wider than the page; colours are the only escapes. */
static void
check_page (const char *text, guint width, gboolean ascii, gboolean colour)
{
    g_auto (GStrv) lines = g_strsplit (text, "\n", 0);

    assert_true (g_utf8_validate (text, -1, NULL));
    assert_true (g_str_has_suffix (text, "\n"));
    for (guint i = 0; lines[i]; i++) {
        g_autoptr (GString) seen = g_string_new (NULL);

        for (const char *at = lines[i]; *at; at++) {
            if (colour && g_str_has_prefix (at, "\x1b[")) {
                at += 2 + strspn (at + 2, "0123456789");
                assert_int_equal (*at, 'm');
                continue;
            }
            g_string_append_c (seen, *at);
        }
        for (const char *at = seen->str; *at; at = g_utf8_next_char (at)) {
            gunichar c = g_utf8_get_char (at);

            if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
                fail_msg ("U+%04X in: %s", c, lines[i]);
            if (ascii && c > 0x7e)
                fail_msg ("not ASCII: %s", lines[i]);
        }
        if (columns_of (seen->str) > width)
            fail_msg ("%u columns in %u: %s", columns_of (seen->str), width, lines[i]);
        if (g_str_has_suffix (seen->str, " "))
            fail_msg ("white space at the end: \"%s\"", seen->str);
    }
}

static void
every_width_holds (void **state)
{
    g_autoptr (ReportModel) model = model_of_groups ();

    (void) state;
    for (guint width = 60; width <= 200; width += 7)
        for (guint style = 0; style < 4; style++) {
            ReportTextOptions options = {.width = width, .unicode = style & 1, .colour = style & 2,
                                         .arguments = "a/very/long/path/to/the/archive.mbox another/one"};
            g_autofree char *text = text_of (model, &options);

            check_page (text, width, !options.unicode, options.colour);
        }
}

static const char *const hostile[] = {
    "\x1b[31mred\x1b[0m", "\x1b]52;c;cm0gLXJm\x07", "\x1b]0;title\x1b\\", "\xc2\x9b" "31m", "\xe2\x80\xae" "evil",
    "\xe2\x81\xa6x\xe2\x81\xa9", "two\r\nlines\ttab", "\xff\xfe\xc3", "\x7f\x08\x08", "%s%n%d",
    "a_very_long_word_without_any_space_that_goes_on_and_on_beyond_the_end_of_every_line_of_the_terminal_of_anybody",
    "とても長い日本語の文字列で空白がひとつもないので端末の行の終わりを越えてどこまでも続いていきます", "",
    "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", "<script>alert(1)</script>",
};

static void
hostile_mail_stays_text (void **state)
{
    ReportContext asking = context;

    (void) state;
    asking.meaning = NULL;
    for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
        for (guint type = 0; type < N_TYPES; type++) {
            g_autoptr (ReportModel) model = NULL;
            BounceEvent event;

            asking.rules_version = asking.psl_date = hostile[i];
            model = report_model_new (&asking);
            event_init (&event);
#define X(name) event.name = hostile[i];
            EVENT_STRINGS (X)
#undef X
            event.type = (EventType) type;
            event.reason = REASON_SPAM;
            event.date = NOW;
            report_model_add_event (model, &event);
            for (guint style = 0; style < 4; style++) {
                ReportTextOptions options = {.width = style & 1 ? 60 : 100, .unicode = style & 2, .colour = style & 1,
                                             .arguments = hostile[i]};
                g_autofree char *text = text_of (model, &options);

                check_page (text, options.width, !options.unicode, options.colour);
            }
        }
}

static void
nothing_to_tell (void **state)
{
    ReportContext none = {.now = NOW, .since = DATE_NONE, .until = DATE_NONE, .messages = 1};
    g_autoptr (ReportModel) model = report_model_new (&none);
    g_autofree char *text = text_of (model, &(ReportTextOptions){.unicode = TRUE});

    (void) state;
    assert_string_equal (text, "Bounce report  2026-11-21\n"
                               "1 message read · 0 bounces · 0 not understood\n"
                               "\n"
                               "No bounce was found.\n"
                               "\n");
    none.since = date_from_civil (2027, 1, 2, 0, 0, 0);
    g_autoptr (ReportModel) later = report_model_new (&none);
    g_autofree char *later_text = text_of (later, &(ReportTextOptions){.unicode = TRUE});
    assert_non_null (strstr (later_text, "\nbounces since 2027-01-02\n"));
    none.until = none.since;
    none.since = DATE_NONE;
    g_autoptr (ReportModel) earlier = report_model_new (&none);
    g_autofree char *earlier_text = text_of (earlier, &(ReportTextOptions){.unicode = TRUE});
    assert_non_null (strstr (earlier_text, "\nbounces until 2027-01-01\n"));
}

static void
commands_are_never_cut (void **state)
{
    g_autoptr (ReportModel) model = model_of_groups ();
    g_autofree char *long_path = g_strnfill (200, 'p');
    g_autofree char *text = text_of (model, &(ReportTextOptions){.arguments = long_path});
    g_autofree char *state_text = text_of (model, &(ReportTextOptions){.arguments = ""});
    g_autofree char *hidden = text_of (model, &(ReportTextOptions){.unicode = TRUE, .arguments = "a\xe2\x80\xae.mbox"});

    (void) state;
    assert_non_null (strstr (text, "\n  nixie suppress PATH >remove.csv\n"));
    assert_null (strstr (text, "ppp"));
    assert_non_null (strstr (state_text, "\n  nixie suppress >remove.csv\n"));
    assert_non_null (strstr (hidden, "\n  nixie suppress PATH >remove.csv\n"));
}

static void
add_day (ReportModel *model, const char *recipient, const char *domain, const char *provider, gint64 date)
{
    BounceEvent event;

    event_init (&event);
    event.recipient = recipient;
    event.domain = domain;
    event.provider = provider;
    event.status = "5.7.1";
    event.reason = REASON_POLICY;
    event.type = TYPE_BLOCK;
    event.date = date;
    report_model_add_event (model, &event);
}

/* A long span is told by months, holes included; who blocks us at no named provider is told by domain. */
static void
months_and_domains (void **state)
{
    g_autoptr (ReportModel) model = report_model_new (&context);

    (void) state;
    add_day (model, "a@x.example", "x.example", "other", date_from_civil (2025, 12, 1, 23, 0, 0));
    add_day (model, "b@y.example", "y.example", "google", date_from_civil (2026, 2, 1, 0, 0, 0));
    add_day (model, "c@z.example", "z.example", "", date_from_civil (2026, 2, 2, 0, 0, 0));
    g_autofree char *text = text_of (model, &(ReportTextOptions){0});

    /* Of equal weight: the latest first. */
    const char *z = strstr (text, "Problems: who refuses us\n  z.example  5.7.1 refused by policy\n");
    const char *y = strstr (text, "\n  google  5.7.1 refused by policy\n");
    const char *x = strstr (text, "\n  x.example  5.7.1 refused by policy\n");
    assert_true (z && y && x && z < y && y < x);
    assert_non_null (strstr (text, "\nMonths        events  hard  soft  block\n"
                                   "  2025-12          1     -     -      1  ###############\n"
                                   "  2026-01          -     -     -      -\n"
                                   "  2026-02          2     -     -      2  ##############################\n\n"));
}

UNIT_MAIN (cmocka_unit_test (months_and_domains), cmocka_unit_test (reads_as_it_did), cmocka_unit_test (every_width_holds),
           cmocka_unit_test (hostile_mail_stays_text), cmocka_unit_test (nothing_to_tell),
           cmocka_unit_test (commands_are_never_cut))
