/* SPDX-License-Identifier: MIT */
/* The table of cases is tests/data/policy-cases.tsv; what it cannot say is below. */
#include "unit.h"

#include "base/date.h"
#include "base/tsv.h"
#include "policy/policy.h"
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

/* Links the built-in data. */
extern GResource *builtin_data_get_resource (void);

static const gint64 DAY = 86400;

static gint64
day_zero (void)
{
    return date_parse_rfc3339 ("2026-03-01T10:00:00Z");
}

/* "3", "0.5", "-20", "@1900-01-01", "?" */
static gint64
read_date (const char *text)
{
    if (*text == '?')
        return DATE_NONE;
    if (*text == '@')
        return date_parse_rfc3339 (text + 1);
    double days = g_ascii_strtod (text, NULL) * (double) DAY;
    return day_zero () + (gint64) (days + (days < 0 ? -0.5 : 0.5));
}

/* --- histories --------------------------------------------------------------------------------------------------- */

/* One word after the reason. */
static void
read_more (BounceEvent *event, const char *word, gboolean *typed)
{
    if (g_str_has_prefix (word, "type=")) {
        assert_true (event_type_parse (word + 5, &event->type));
        *typed = TRUE;
    } else if (g_str_has_prefix (word, "action=")) {
        event->action = word + 7;
    } else if (g_ascii_isdigit (*word)) {
        if (strchr (word, '.') != NULL)
            event->status = word;
        else
            event->reply = word;
    } else if (g_ascii_isupper (*word)) {
        event->command = word;
    } else {
        assert_true (trust_parse (word, &event->trust));
    }
}

static void
read_event (BounceEvent *event, const char *text, Arena *arena)
{
    g_auto (GStrv) words = g_strsplit (text, ":", -1);
    gboolean typed = FALSE;
    event_init (event);
    assert_true (reason_parse (words[0], &event->reason));
    event->type = reason_type (event->reason);
    for (char **word = words + 1; *word != NULL; word++)
        read_more (event, arena_strdup (arena, *word), &typed);
    char class = *event->status != '\0' ? *event->status : *event->reply;
    if (!typed && event->type == TYPE_HARD && class == '4')
        event->type = TYPE_SOFT;
    event->recipient = "ann@example.com";
    event->domain = "example.com";
    event->provider = "prov";
    event->rule = "r1";
    event->diagnostic = arena_strdup (arena, text);
}

static int
by_date (gconstpointer a, gconstpointer b)
{
    const BounceEvent *one = a, *two = b;
    return one->date < two->date ? -1 : one->date > two->date;
}

/* "0,1=mailbox-disabled:4.2.1 7=delivered" */
static GArray *
read_history (const char *text, Arena *arena)
{
    GArray *events = g_array_new (FALSE, FALSE, sizeof (BounceEvent));
    g_auto (GStrv) groups = g_strsplit (text, " ", -1);
    for (char **group = groups; *group != NULL; group++) {
        char *what = strchr (*group, '=');
        if (what == NULL)
            continue;
        *what++ = '\0';
        g_auto (GStrv) days = g_strsplit (*group, ",", -1);
        for (char **day = days; *day != NULL; day++) {
            BounceEvent event;
            read_event (&event, what, arena);
            event.date = read_date (*day);
            g_array_append_val (events, event);
        }
    }
    g_array_sort (events, by_date);
    return events;
}

static const Decision *
decide (PolicyRun *run, const GArray *events)
{
    policy_run_begin (run);
    for (guint i = 0; i < events->len; i++) {
        /* What is given is only lent. */
        BounceEvent event = g_array_index (events, BounceEvent, i);
        const char **texts[] = {&event.recipient, &event.domain, &event.provider, &event.status,
                                &event.reply, &event.rule, &event.diagnostic};
        char *lent[G_N_ELEMENTS (texts)];
        for (guint k = 0; k < G_N_ELEMENTS (texts); k++)
            *texts[k] = lent[k] = g_strdup (*texts[k]);
        policy_run_add (run, &event);
        for (guint k = 0; k < G_N_ELEMENTS (texts); k++) {
            memset (lent[k], '#', strlen (lent[k]));
            g_free (lent[k]);
        }
    }
    return policy_run_decide (run);
}

/* The same from a ledger: it numbers what events say, keeps those words itself, and lends only the address. Decided twice
 * by one run, with somebody else between: what the run remembers of a number must hold for the next address, too. */
static const Decision *
decide_by_kind (PolicyRun *run, const GArray *events)
{
    for (guint round = 0; round < 2; round++) {
        BounceEvent other;
        event_init (&other);
        other.recipient = "bob@example.net";
        other.domain = "example.net";
        policy_run_begin (run);
        policy_run_add (run, &other);
        policy_run_decide (run);
        policy_run_begin (run);
        for (guint i = 0; i < events->len; i++) {
            BounceEvent event = g_array_index (events, BounceEvent, i);
            while (strcmp (g_array_index (events, BounceEvent, event.kind).diagnostic, event.diagnostic) != 0)
                event.kind++;
            event.kind++;
            event.row = 100 + i;
            char *recipient = g_strdup (event.recipient), *domain = g_strdup (event.domain);
            event.recipient = recipient;
            event.domain = domain;
            policy_run_add (run, &event);
            memset (recipient, '#', strlen (recipient));
            memset (domain, '#', strlen (domain));
            g_free (recipient);
            g_free (domain);
        }
    }
    return policy_run_decide (run);
}

static gboolean
is_same (const Decision *one, const Decision *two)
{
    const char *const texts[] = {one->email, two->email, one->domain, two->domain, one->provider, two->provider,
                                 one->status, two->status, one->reply, two->reply, one->event_rule, two->event_rule,
                                 one->rule, two->rule, one->action, two->action, one->diagnostic, two->diagnostic};
    for (guint i = 0; i < G_N_ELEMENTS (texts); i += 2)
        if (strcmp (texts[i], texts[i + 1]) != 0)
            return FALSE;
    return one->decision == two->decision && one->reason == two->reason && one->type == two->type &&
           one->failures == two->failures && one->first_seen == two->first_seen && one->last_seen == two->last_seen &&
           one->next_try == two->next_try && one->due == two->due && one->since == two->since && one->ended == two->ended &&
           one->attempt == two->attempt && one->untrusted == two->untrusted && one->n_counted == two->n_counted &&
           one->episodes == two->episodes && one->n_changes == two->n_changes && one->events == two->events;
}

/* --- the table --------------------------------------------------------------------------------------------------- */

static gboolean
is_number (const char *name, const char *value, gint64 found)
{
    if (g_ascii_strtoll (value, NULL, 10) == found)
        return TRUE;
    print_error ("  %s is %" G_GINT64_FORMAT ", expected %s\n", name, found, value);
    return FALSE;
}

static gboolean
is_date (const char *name, const char *value, gint64 found)
{
    char text[DATE_TEXT_SIZE];
    if ((g_str_equal (value, "-") ? DATE_NONE : read_date (value)) == found)
        return TRUE;
    print_error ("  %s is %s, expected %s\n", name, date_format (found, text), value);
    return FALSE;
}

static gboolean
is_text (const char *name, const char *value, const char *found)
{
    if (g_str_equal (value, found))
        return TRUE;
    print_error ("  %s is '%s', expected '%s'\n", name, found, value);
    return FALSE;
}

static gboolean
is_more (const Decision *decision, const char *more)
{
    g_auto (GStrv) words = g_strsplit (more, " ", -1);
    gboolean fine = TRUE;
    for (char **word = words; *word != NULL; word++) {
        char *value = strchr (*word, '=');
        if (value == NULL)
            continue;
        *value++ = '\0';
        if (g_str_equal (*word, "failures"))
            fine &= is_number (*word, value, decision->failures);
        else if (g_str_equal (*word, "attempt"))
            fine &= is_number (*word, value, decision->attempt);
        else if (g_str_equal (*word, "attempts"))
            fine &= is_number (*word, value, decision->attempts);
        else if (g_str_equal (*word, "due"))
            fine &= is_date (*word, value, decision->due);
        else if (g_str_equal (*word, "since"))
            fine &= is_date (*word, value, decision->since);
        else if (g_str_equal (*word, "untrusted"))
            fine &= is_number (*word, value, decision->untrusted);
        else if (g_str_equal (*word, "flapping"))
            fine &= is_number (*word, value, decision->flapping);
        else if (g_str_equal (*word, "ended"))
            fine &= is_number (*word, value, decision->ended);
        else if (g_str_equal (*word, "episodes"))
            fine &= is_number (*word, value, decision->episodes);
        else if (g_str_equal (*word, "counted")) {
            g_autoptr (GString) counted = g_string_new (NULL);
            for (guint i = 0; i < decision->n_counted; i++)
                g_string_append_printf (counted, "%s%u", i > 0 ? "," : "", decision->counted[i]);
            fine &= is_text (*word, value, counted->str);
        } else
            fail_msg ("unknown word '%s'", *word);
    }
    return fine;
}

enum { NAME, HISTORY, NOW, DEFAULT, NEXT, RULE, SEED, SEED_NEXT, SEED_RULE, MORE };

static gboolean
check_row (const TsvRow *row, const Policy *policy, guint first, const char *more)
{
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GArray) events = read_history (row->cells[HISTORY], arena);
    g_autoptr (PolicyRun) run = policy_run_new (policy, read_date (row->cells[NOW]));
    const Decision *decision = decide (run, events);
    gboolean fine = is_text ("decision", row->cells[first], decision_word (decision->decision));
    fine &= is_date ("next", row->cells[first + 1], decision->next_try);
    fine &= is_text ("rule", g_str_equal (row->cells[first + 2], "-") ? "" : row->cells[first + 2], decision->rule);
    fine &= is_more (decision, more);
    assert_int_equal (decision->events, events->len);
    const char *const texts[] = {decision->email, decision->domain, decision->provider, decision->status,
                                 decision->reply, decision->event_rule, decision->diagnostic};
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
        assert_null (strchr (texts[i], '#'));
    if (events->len > 0) {
        assert_string_equal (decision->email, "ann@example.com");
        assert_string_equal (decision->domain, "example.com");
        assert_string_equal (decision->provider, "prov");
        assert_string_equal (decision->event_rule, "r1");
    }
    g_autoptr (PolicyRun) ledger = policy_run_new (policy, read_date (row->cells[NOW]));
    const Decision *same = decide_by_kind (ledger, events);
    /* The texts that are left out belong to the event that the decision shows. */
    if (!is_same (same, decision) || (events->len > 0 && (same->row < 100 || same->row >= 100 + events->len ||
        strcmp (g_array_index (events, BounceEvent, same->row - 100).diagnostic, same->diagnostic) != 0))) {
        print_error ("  not the same from a ledger\n");
        fine = FALSE;
    }
    if (!fine)
        print_error ("%s:%u: %s (%s)\n", row->name, row->line, row->cells[NAME],
                     first == DEFAULT ? "default" : "seed");
    return fine;
}

static void
test_table (void **state)
{
    (void) state;
    static const char *const columns[] = {"name", "history", "now", "decision", "next", "rule",
                                          "seed", "seed_next", "seed_rule", "more?", NULL};
    g_autoptr (GError) error = NULL;
    g_autofree char *text = NULL;
    gsize length;
    const char *top = g_getenv ("top_srcdir");
    g_autofree char *path = g_build_filename (top != NULL ? top : ".", "tests", "data", "policy-cases.tsv", NULL);
    g_autoptr (Policy) standard = policy_new_default (), seed = policy_new_builtin ("seed", &error);
    guint rows = 0, wrong = 0;
    TsvRow row;

    assert_non_null (seed);
    if (!g_file_get_contents (path, &text, &length, &error))
        fail_msg ("%s", error->message);
    g_autoptr (Tsv) tsv = tsv_new ("policy-cases.tsv", text, length, columns, &error);
    if (tsv == NULL)
        fail_msg ("%s", error->message);
    while (tsv_next (tsv, &row, &error)) {
        rows++;
        wrong += !check_row (&row, standard, DEFAULT, row.cells[MORE]);
        wrong += !check_row (&row, seed, SEED, "");
    }
    assert_null (error);
    assert_true (rows >= 120);
    assert_int_equal (wrong, 0);
}

/* --- what the table cannot say ------------------------------------------------------------------------------------ */

static const Decision *
decide_text (PolicyRun *run, const char *history)
{
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GArray) events = read_history (history, arena);
    return decide (run, events);
}

static Policy *
with (const char *profile, const char *key, const char *value)
{
    g_autoptr (GError) error = NULL;
    Policy *policy = policy_new_builtin (profile, &error);
    assert_non_null (policy);
    if (key != NULL && !policy_set (policy, key, value, &error))
        fail_msg ("%s = %s: %s", key, value, error->message);
    return policy;
}

/* A single setting or line takes the place of the profile's. */
static void
test_overrides (void **state)
{
    (void) state;
    static const struct {
        const char *profile, *key, *value, *history, *now;
        DecisionKind expected;
        const char *next;
    } cases[] = {
        {"default", "user-unknown", "remove 2/2d", "0=user-unknown:5.1.1", "0", DECISION_WATCH, "-"},
        {"default", "user-unknown", "remove 2/2d", "0,2=user-unknown:5.1.1", "2", DECISION_REMOVE, "-"},
        {"default", "user-unknown", "inactive 1", "0=user-unknown:5.1.1", "0", DECISION_INACTIVE, "-"},
        {"default", "user-unknown", "review 1", "0=user-unknown:5.1.1", "0", DECISION_REVIEW, "-"},
        {"default", "user-unknown", "hold", "0,30=user-unknown:5.1.1", "30", DECISION_WATCH, "-"},
        {"default", "user-unknown", "never", "0=user-unknown:5.1.1", "0", DECISION_KEEP, "-"},
        {"default", "user-unknown", "pause schedule", "0=user-unknown:5.1.1", "0", DECISION_PAUSE, "1"},
        {"default", "user-unknown/5.1.1", "hold", "0=user-unknown:5.1.1", "0", DECISION_WATCH, "-"},
        {"default", "user-unknown/5.1.1", "hold", "0=user-unknown:5.1.10", "0", DECISION_REMOVE, "-"},
        {"default", "user-unknown/x.1.x", "hold", "0=user-unknown:5.1.10", "0", DECISION_WATCH, "-"},
        {"default", "attempts", "3", "0,1,3=mailbox-disabled:4.2.1", "3", DECISION_REMOVE, "-"},
        {"default", "attempts", "3", "0,1=mailbox-disabled:4.2.1", "1", DECISION_PAUSE, "3"},
        {"default", "attempts", "4", "0,1,3=mailbox-disabled:4.2.1", "3", DECISION_PAUSE, "6"},
        {"default", "attempts", "4", "0,1,3,6=mailbox-disabled:4.2.1", "6", DECISION_REMOVE, "-"},
        {"default", "after", "inactive", "0,1,3,6,13=mailbox-disabled:4.2.1", "13", DECISION_INACTIVE, "-"},
        {"default", "mailbox-disabled/temporary", "pause schedule then inactive",
         "0,1,3,6,13=mailbox-disabled:4.2.1", "13", DECISION_INACTIVE, "-"},
        {"default", "mailbox-disabled/temporary", "pause schedule then review",
         "0,1,3,6,13=mailbox-disabled:4.2.1", "30", DECISION_REVIEW, "20"},
        {"default", "mailbox-full", "pause schedule, remove 3/3d", "0,1,3=mailbox-full:4.2.2", "3", DECISION_REMOVE, "-"},
        {"default", "schedule", "2d", "0=mailbox-disabled:4.2.1", "1", DECISION_PAUSE, "2"},
        {"default", "schedule", "2d", "0,2,4,6=mailbox-disabled:4.2.1", "6", DECISION_PAUSE, "8"},
        {"default", "schedule", "2d", "0,2,4,6,8=mailbox-disabled:4.2.1", "8", DECISION_REMOVE, "-"},
        {"default", "reset", "7d", "0,8=mailbox-disabled:5.2.1", "8", DECISION_WATCH, "-"},
        {"default", "reset", "90", "0,80=mailbox-disabled:5.2.1", "80", DECISION_REMOVE, "-"},
        {"default", "mailbox-full", "pause 12h", "0=mailbox-full:5.2.2", "0.4", DECISION_PAUSE, "0.5"},
        {"default", "mailbox-full", "pause 1d 3d", "0,1,4=mailbox-full:5.2.2", "4", DECISION_PAUSE, "7"},
        {"default", "complaint", "review 1", "0=complaint", "0", DECISION_REVIEW, "-"},
        {"strict", NULL, NULL, "0,1,3=mailbox-disabled:4.2.1", "3", DECISION_REMOVE, "-"},
        {"strict", NULL, NULL, "0=address-rejected:5.1.0:550", "0", DECISION_REMOVE, "-"},
        {"strict", NULL, NULL, "0,7,14=spam:5.7.1", "14", DECISION_KEEP, "-"},
        {"strict", NULL, NULL, "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14=recipient-rate:5.2.1", "14", DECISION_WATCH, "-"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Policy) policy = with (cases[i].profile, cases[i].key, cases[i].value);
        g_autoptr (PolicyRun) run = policy_run_new (policy, read_date (cases[i].now));
        const Decision *decision = decide_text (run, cases[i].history);
        if (decision->decision != cases[i].expected)
            print_error ("%s = %s: %s\n", cases[i].key, cases[i].value, cases[i].history);
        assert_string_equal (decision_word (decision->decision), decision_word (cases[i].expected));
        assert_true (is_date ("next", cases[i].next, decision->next_try));
    }
}

static void
test_refused_lines (void **state)
{
    (void) state;
    static const struct {
        const char *key, *value;
    } cases[] = {
        {"user-unknow", "remove 1"}, {"user-unknown", ""}, {"user-unknown", "remove"}, {"user-unknown", "remove 0"},
        {"user-unknown", "remove 2/14"}, {"user-unknown", "remove 2/14h"}, {"user-unknown", "remove -1"},
        {"user-unknown", "remove 99999"}, {"user-unknown", "delete 1"}, {"user-unknown", "remove 1, remove 2"},
        {"user-unknown", "remove 1 pause 2d"}, {"user-unknown", "pause"}, {"user-unknown", "pause 0d"},
        {"user-unknown", "pause 7"}, {"user-unknown", "pause 1d 1d 1d 1d 1d 1d 1d 1d 1d"},
        {"user-unknown", "pause schedule then keep"}, {"user-unknown", "pause schedule then"},
        {"user-unknown", "pause schedules"}, {"user-unknown", "pause 1d, pause 2d"}, {"user-unknown", "never, hold"},
        {"5.1", "remove 1"}, {"5.1.1.1", "remove 1"}, {"5.1.", "remove 1"}, {"5..1", "remove 1"}, {"5.1.12345", "hold"},
        {"x55", "hold"}, {"55", "hold"}, {"5555", "hold"}, {"rcpt", "hold"}, {"", "hold"}, {"/", "hold"},
        {"user-unknown/", "hold"}, {"spam", "remove 1"}, {"spam", "pause 1d"}, {"block", "review 1"},
        {"recipient-rate", "remove 9/90d"}, {"recipient-rate", "pause schedule"}, {"autoreply", "remove 1"},
        {"delayed", "remove 1"}, {"delivered", "review 1"}, {"mailbox-full/delayed", "remove 1"}, {"reset", "0"},
        {"reset", "1h"}, {"reset", "soon"}, {"attempts", "2"}, {"attempts", "6"}, {"after", "keep"},
        {"schedule", ""}, {"schedule", "1w"}, {"flapping", "1/9d"}, {"flapping", "3"}, {"require-trust", "maybe"},
        {"count-blocks", "1"}, {"flapping", "3/0d"}, {"after", "review"}, {"after", "pause"}, {"reset", "3651"},
        {"reset", "30dd"}, {"schedule", "1d 2"}, {"schedule", "3651d"}, {"schedule", "99999999999999999999d"},
        {"user-unknown", "remove 1001"}, {"user-unknown", "remove 2/3651d"}, {"user-unknown", "remove 2/14dd"},
        {"user-unknown", "pause 3651h"}, {"user-unknown", "pause schedule then pause"},
        {"user-unknown", "pause schedule, pause schedule"}, {"user-unknown", "review 1, remove 2"},
        {"5-1-1", "hold"}, {"5.1.1000", "hold"}, {"5.1.00000001", "hold"}, {"x.x.x.x", "hold"}, {"xx.1.1", "hold"},
        {"5x5y", "hold"}, {"5y5", "hold"}, {"55y", "hold"}, {"ABCDEFGHIJKL", "hold"}, {"RCPT1", "hold"},
        {"user-unknown/mailbox-full", "hold"}, {"unknown/mailbox-full", "hold"}, {"list-expansion/delivered", "pause 1d"},
        {"autoreply", "pause schedule"}, {"block", "pause 1d"}, {"soft/recipient-rate", "review 1"},
    };
    g_autoptr (Policy) policy = with ("default", NULL, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GError) error = NULL;
        if (policy_set (policy, cases[i].key, cases[i].value, &error))
            fail_msg ("'%s = %s' was taken", cases[i].key, cases[i].value);
        assert_true (g_error_matches (error, POLICY_ERROR, POLICY_ERROR_SYNTAX));
        assert_true (strlen (error->message) > 0);
    }
    /* None of them has left a trace. */
    g_autoptr (PolicyRun) run = policy_run_new (policy, day_zero ());
    assert_int_equal (decide_text (run, "0=user-unknown:5.1.1")->decision, DECISION_REMOVE);
    assert_int_equal (decide_text (run, "0=spam:5.7.1")->decision, DECISION_KEEP);
    assert_true (policy_set (policy, "count-blocks", "yes", NULL));
    assert_true (policy_set (policy, "spam", "remove 1", NULL));
    assert_int_equal (decide_text (run, "0=spam:5.7.1")->decision, DECISION_REMOVE);
}

/* What stands just inside the limits. */
static void
test_taken_lines (void **state)
{
    (void) state;
    static const struct {
        const char *key, *value;
    } cases[] = {
        {"user-unknown", "remove 1000"}, {"user-unknown", "remove 2/3650d"}, {"user-unknown", "pause 3650d"},
        {"user-unknown", "pause 1h"}, {"user-unknown", "pause 1d 1d 1d 1d 1d 1d 1d 1d"},
        {"user-unknown", "pause  1d  2d "}, {"user-unknown", " remove 2 , pause 1d"},
        {"user-unknown", "pause schedule then review, inactive 3"}, {"5.1.999", "hold"}, {"999.x.999", "hold"},
        {"4xx", "hold"}, {"250", "hold"}, {"ABCDEFGHIJK", "hold"}, {"reset", "1"}, {"reset", "1d"}, {"reset", "3650"},
        {"attempts", "3"}, {"attempts", "5"}, {"after", "inactive"}, {"flapping", "2/1d"}, {"flapping", "1000/3650d"},
        {"schedule", "1h 3650d"}, {"require-trust", "no"}, {"require-trust", "yes"}, {"count-blocks", "no"},
        {"spam", "hold"}, {"spam", "never"}, {"autoreply", "hold"}, {"user-unknown/soft/4.x.x/4xx/RCPT/temporary", "hold"},
        {"soft/complaint", "remove 1"}, {"moved", "remove 1"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Policy) policy = with ("default", cases[i].key, cases[i].value);
        assert_non_null (policy);
    }
}

/* What a message says, word by word. */
static void
test_messages (void **state)
{
    (void) state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"[policy]\nreset=never\n[rules]\n* = hold\n", "mine.conf: [policy] reset: 'never' is not understood"},
        {"[policy]\nrest=30\n[rules]\n* = hold\n", "mine.conf: [policy] rest: no such setting"},
        {"[rules]\nmoved = remove\n", "mine.conf: [rules] moved: 'remove' is not understood"},
        {"[rules]\nnobody = remove 1\n", "mine.conf: [rules] nobody: 'nobody' is not understood"},
        {"[rules]\n", "mine.conf: no line in [rules]"},
        {"[rules]\ndelayed = remove 1\n", "mine.conf: [rules] delayed: 'delayed' is no failure and can only be 'never'"},
        {"[rules]\nspam = remove 1\n",
         "mine.conf: [rules] spam: a block is not the address's fault (only with 'count-blocks = yes')"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GError) error = NULL;
        assert_null (policy_parse ("mine.conf", cases[i].text, strlen (cases[i].text), &error));
        assert_string_equal (error->message, cases[i].message);
    }
    g_autoptr (Policy) policy = with ("default", NULL, NULL);
    g_autoptr (GError) error = NULL;
    assert_false (policy_set (policy, "reset", "0", &error));
    assert_string_equal (error->message, "'0' is not understood");
}

/* --- profiles of a few lines --------------------------------------------------------------------------------------- */

/* "DECISION RULE failures N[ since DAY][ next DAY][ due DAY]" */
static char *
tell (const char *profile, const char *history, const char *now)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Policy) policy = policy_parse ("test", profile, strlen (profile), &error);
    if (policy == NULL)
        fail_msg ("%s", error->message);
    g_autoptr (PolicyRun) run = policy_run_new (policy, read_date (now));
    const Decision *decision = decide_text (run, history);
    GString *out = g_string_new (NULL);
    g_string_printf (out, "%s %s failures %u", decision_word (decision->decision),
                     *decision->rule != '\0' ? decision->rule : "-", decision->failures);
    const gint64 dates[] = {decision->since, decision->next_try, decision->due};
    static const char *const words[] = {"since", "next", "due"};
    for (guint i = 0; i < G_N_ELEMENTS (dates); i++)
        if (dates[i] != DATE_NONE)
            g_string_append_printf (out, " %s %g", words[i], (double) (dates[i] - day_zero ()) / (double) DAY);
    return g_string_free (out, FALSE);
}

#define DISABLED "[rules]\nmailbox-disabled = pause schedule\n"
#define FULL "[rules]\nmailbox-full = "

static void
test_small_profiles (void **state)
{
    (void) state;
    static const struct {
        const char *profile, *history, *now, *told;
    } cases[] = {
        /* a profile that sets nothing: 24h 48h 72h 7d, five tries, then remove; 30 days */
        {DISABLED, "0=mailbox-disabled", "0", "pause mailbox-disabled failures 1 next 1 due 13"},
        {DISABLED, "0,1=mailbox-disabled", "1", "pause mailbox-disabled failures 2 next 3 due 13"},
        {DISABLED, "0,1,3=mailbox-disabled", "3", "pause mailbox-disabled failures 3 next 6 due 13"},
        {DISABLED, "0,1,3,6=mailbox-disabled", "6", "pause mailbox-disabled failures 4 next 13 due 13"},
        {DISABLED, "0,1,3,6,13=mailbox-disabled", "13", "remove mailbox-disabled failures 5 since 13"},
        {"[rules]\nmailbox-disabled = pause schedule then review\n", "0,1,3,6,13=mailbox-disabled", "20",
         "review mailbox-disabled failures 5 next 20 due 20"},
        {DISABLED, "0,30=mailbox-disabled", "30", "pause mailbox-disabled failures 2 next 32 due 42"},
        {DISABLED, "0,30.01=mailbox-disabled", "30.01", "pause mailbox-disabled failures 1 next 31.01 due 43.01"},
        /* a try may come six hours before its time, and not earlier */
        {DISABLED, "0,0.75=mailbox-disabled", "1", "pause mailbox-disabled failures 2 next 2.75 due 12.75"},
        {DISABLED, "0,0.74=mailbox-disabled", "0.8", "pause mailbox-disabled failures 2 next 1 due 13"},
        /* no line fits: nothing is counted */
        {"[rules]\nuser-unknown = remove 1\n", "0=mailbox-full", "0", "keep - failures 0"},
        {"[rules]\n* = remove 1\n", "0=recipient-rate", "0", "keep - failures 0"},
        {"[rules]\n* = pause 7d\n", "0=recipient-rate", "0", "keep - failures 0"},
        {"[rules]\n* = remove 1\n", "0=spam", "0", "keep - failures 0"},
        {"[rules]\n* = remove 1\n", "0=autoreply", "0", "keep - failures 0"},
        {"[policy]\ncount-blocks = yes\n[rules]\n* = remove 1\n", "0=recipient-rate", "0", "remove * failures 1 since 0"},
        {"[policy]\ncount-blocks = yes\n[rules]\n* = remove 1\n", "0=spam", "0", "remove * failures 1 since 0"},
        {"[rules]\n* = hold\n", "0=mailbox-full", "0", "watch * failures 1"},
        /* the more particular line: reason, status, reply, command, permanence, type */
        {"[rules]\n5.x.x/5xx/RCPT/permanent/soft = remove 1\nmailbox-full = hold\n", "0=mailbox-full:5.2.2:552:RCPT", "0",
         "watch mailbox-full failures 1"},
        {"[rules]\n5xx/RCPT/permanent/soft = remove 1\nx.x.x = hold\n", "0=mailbox-full:5.2.2:552:RCPT", "0",
         "watch x.x.x failures 1"},
        {"[rules]\nRCPT/temporary/soft = remove 1\n4xx = hold\n", "0=mailbox-full:452:RCPT", "0", "watch 4xx failures 1"},
        {"[rules]\n5x2 = remove 1\n552 = hold\n55x = review 1\n", "0=mailbox-full:552", "0", "watch 552 failures 1"},
        {"[rules]\n5.2.x = remove 1\n5.2.2 = hold\nx.x.2 = review 1\n", "0=mailbox-full:5.2.2", "0", "watch 5.2.2 failures 1"},
        {"[rules]\npermanent = remove 1\nRCPT = hold\n", "0=mailbox-full:552:RCPT", "0", "watch RCPT failures 1"},
        {"[rules]\nsoft = remove 1\npermanent = hold\n", "0=mailbox-full:552:RCPT", "0", "watch permanent failures 1"},
        {"[rules]\nsoft = hold\n* = remove 1\n", "0=mailbox-full", "0", "watch soft failures 1"},
        {"[rules]\npermanent = hold\n", "0=mailbox-full", "0", "keep - failures 0"},
        {"[rules]\npermanent = hold\n", "0=user-unknown", "0", "watch permanent failures 1"},
        {"[rules]\ntemporary = hold\n", "0=user-unknown:5.1.1:450", "0", "keep - failures 0"},
        {"[rules]\ntemporary = hold\n", "0=mailbox-full:4.2.2:552", "0", "watch temporary failures 1"},
        {"[rules]\n5.1.1 = hold\n", "0=user-unknown:5.1.11", "0", "keep - failures 0"},
        {"[rules]\n5.1.x = hold\n", "0=user-unknown:5.1.11", "0", "watch 5.1.x failures 1"},
        {"[rules]\n5.x.1 = hold\n", "0=user-unknown:5.1.11", "0", "keep - failures 0"},
        {"[rules]\n55x = hold\n", "0=user-unknown", "0", "keep - failures 0"},
        {"[rules]\nhard = hold\n", "0=mailbox-full", "0", "keep - failures 0"},
        {"[rules]\nhard = hold\n", "0=user-unknown", "0", "watch hard failures 1"},
        {"[rules]\nuser-unknown/unknown = hold\n", "0=user-unknown", "0", "keep - failures 0"},
        /* a type that is no failure holds, whatever the reason */
        {"[rules]\ncomplaint = remove 1\n* = hold\n", "0=spam:type=complaint", "0", "remove complaint failures 1 since 0"},
        {"[rules]\nautoreply = never\nuser-unknown = remove 1\n", "0=user-unknown:type=autoreply", "0", "keep autoreply failures 0"},
        {"[rules]\ndelayed = never\nuser-unknown = remove 1\n", "0=user-unknown:type=delayed", "0", "keep delayed failures 0"},
        {"[rules]\ndelivered = never\nuser-unknown = remove 1\n", "0=user-unknown:type=delivered", "0", "keep delivered failures 0"},
        {"[rules]\n55x = hold\n", "0=user-unknown:560", "0", "keep - failures 0"},
        /* counts and spans */
        {FULL "remove 2\n", "0,1=mailbox-full", "1", "remove mailbox-full failures 2 since 1"},
        {FULL "remove 2/1d\n", "0,1=mailbox-full", "1", "remove mailbox-full failures 2 since 1"},
        {FULL "remove 2/2d\n", "0,1=mailbox-full", "1", "watch mailbox-full failures 2"},
        {FULL "remove 2/2d\n", "0,1,2=mailbox-full", "2", "remove mailbox-full failures 3 since 2"},
        {FULL "remove 3\n", "0,1=mailbox-full", "1", "watch mailbox-full failures 2"},
        {FULL "remove 1\n", "?=mailbox-full", "1", "remove mailbox-full failures 1"},
        {FULL "pause 7d\n", "?=mailbox-full", "1", "watch mailbox-full failures 1"},
        {FULL "inactive 2, pause 7d\n", "0=mailbox-full", "1", "pause mailbox-full failures 1 next 7"},
        {FULL "inactive 2, pause 7d\n", "0,7=mailbox-full", "8", "inactive mailbox-full failures 2 since 7"},
        {FULL "review 1, pause 7d\n", "0=mailbox-full", "1", "pause mailbox-full failures 1 next 7"},
        {FULL "review 1, pause 7d\n", "0=mailbox-full", "7", "review mailbox-full failures 1 next 7"},
        {FULL "review 1\n", "0,1=mailbox-full", "1", "review mailbox-full failures 2"},
        /* complaints: one a day counts, silence does not end them, the day they were enough stays */
        {"[rules]\ncomplaint = remove 1\n", "?=complaint", "0", "remove complaint failures 1"},
        {"[rules]\ncomplaint = remove 2\n", "0,0.1=complaint", "1", "keep complaint failures 0"},
        {"[rules]\ncomplaint = remove 2\n", "0,1=complaint", "1", "remove complaint failures 2 since 1"},
        {"[rules]\ncomplaint = remove 2\n", "0,90=complaint", "90", "remove complaint failures 2 since 90"},
        {"[rules]\ncomplaint = remove 2\n", "0,1,2,3=complaint", "3", "remove complaint failures 4 since 1"},
        {"[rules]\ncomplaint = hold\n", "0=complaint", "0", "keep complaint failures 0"},
        {"[rules]\ncomplaint = review 1\n* = remove 1\n", "0=complaint 1=user-unknown", "1", "remove * failures 1 since 1"},
        {"[rules]\ncomplaint = remove 1\n* = remove 1\n", "0=user-unknown 1=complaint", "1", "remove complaint failures 1 since 1"},
        /* the first verdict stands; a graver one takes its place */
        {"[rules]\nmoved = remove 1\nuser-unknown = remove 1\n", "0=moved 5=user-unknown", "5", "remove moved failures 1 since 0"},
        {"[rules]\nmoved = inactive 1\nuser-unknown = remove 1\n", "0=moved 5=user-unknown", "5", "remove user-unknown failures 1 since 5"},
        {"[rules]\nmoved = remove 1\nuser-unknown = inactive 1\n", "0=moved 5=user-unknown", "5", "remove moved failures 1 since 0"},
        /* … with what its line has counted since, in the same run */
        {FULL "remove 2\n", "0,1,2=mailbox-full", "2", "remove mailbox-full failures 3 since 1"},
        {FULL "remove 2\nmoved = hold\n", "0=moved 1,2,3=mailbox-full 60=moved", "60", "remove mailbox-full failures 2 since 2"},
        {FULL "remove 2\n", "0,1,60=mailbox-full", "60", "remove mailbox-full failures 2 since 1"},
        /* the gravest of a day, the latest of equals */
        {"[rules]\nmoved = remove 2\nuser-unknown = remove 3\n", "0=user-unknown 0.1=moved 0.2=user-unknown", "1", "watch moved failures 1"},
        {"[rules]\nmoved = hold\nuser-unknown = review 3\n", "0=moved 0.1=user-unknown 0.2=moved", "1", "watch user-unknown failures 1"},
        {"[rules]\nmoved = review 1\nuser-unknown = pause 1d\n", "0=moved 0.1=user-unknown 0.2=moved", "0.5", "pause user-unknown failures 1 next 1.1"},
        {"[rules]\nmoved = pause 1d\nuser-unknown = pause 1d, review 5\n", "0=user-unknown 0.1=moved", "0.5", "pause user-unknown failures 1 next 1"},
        {"[rules]\nmoved = inactive 5\nuser-unknown = pause 1d, review 1\n", "0=user-unknown 0.1=moved", "0.5", "watch moved failures 1"},
        {"[rules]\nmoved = hold\nuser-unknown = hold\n", "0=moved 0.1=user-unknown", "0.5", "watch user-unknown failures 1"},
        {"[rules]\nmoved = hold\nuser-unknown = hold\n", "0=moved 1=user-unknown", "1", "watch user-unknown failures 1"},
        {"[rules]\nmoved = review 9\nuser-unknown = hold\n", "0=moved 1=user-unknown", "1", "watch moved failures 1"},
        {"[rules]\nmoved = review 1\nuser-unknown = pause 1d\n", "0=user-unknown 1=moved", "3", "review moved failures 1"},
        {"[rules]\nmoved = review 1\nuser-unknown = pause 1d\n", "0=moved 1=user-unknown", "1", "pause user-unknown failures 1 next 2"},
    };
    guint wrong = 0;
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *told = tell (cases[i].profile, cases[i].history, cases[i].now);
        if (!g_str_equal (told, cases[i].told)) {
            print_error ("case %u: %s\n%s  is  %s\n  not %s\n", i, cases[i].history, cases[i].profile, told, cases[i].told);
            wrong++;
        }
    }
    assert_int_equal (wrong, 0);
}

/* The most particular line is replaced like any other. */
static void
test_replaced_line (void **state)
{
    (void) state;
    g_autoptr (Policy) policy = with ("default", NULL, NULL);
    const char *key, *value;
    guint before = 0, after = 0;
    while (policy_line (policy, before, &key, &value))
        before++;
    for (guint i = 0; i < before; i++) {
        assert_true (policy_line (policy, i, &key, &value));
        g_autofree char *same = g_strdup (key), *old = g_strdup (value);
        assert_true (policy_set (policy, same, old, NULL));
    }
    while (policy_line (policy, after, &key, &value))
        after++;
    assert_int_equal (after, before);
}

/* Only the latest episodes are remembered, and those of the window are counted. */
static void
test_episodes (void **state)
{
    (void) state;
    g_autoptr (GString) history = g_string_new (NULL);
    for (guint i = 0; i < 40; i++)
        g_string_append_printf (history, "%u=mailbox-full:5.2.2 %u=delivered ", 2 * i, 2 * i + 1);
    static const struct {
        const char *flapping;
        guint episodes;
        gboolean flaps;
    } cases[] = {{"3/180d", 32, TRUE}, {"3/64d", 32, TRUE}, {"3/63d", 31, TRUE}, {"3/6d", 3, TRUE}, {"3/5d", 2, FALSE}, {"32/64d", 32, TRUE}, {"33/180d", 32, FALSE}};
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Policy) policy = with ("default", "flapping", cases[i].flapping);
        g_autoptr (PolicyRun) run = policy_run_new (policy, read_date ("80"));
        const Decision *decision = decide_text (run, history->str);
        assert_int_equal (decision->episodes, cases[i].episodes);
        assert_int_equal (decision->flapping, cases[i].flaps);
    }
    g_autoptr (Policy) policy = with ("default", NULL, NULL);
    g_autoptr (PolicyRun) run = policy_run_new (policy, read_date ("80"));
    assert_int_equal (decide_text (run, "0,40,80=address-rejected:5.1.0:550")->episodes, 0);
    assert_int_equal (decide_text (run, "?=mailbox-full 40=mailbox-full")->episodes, 1);
    assert_int_equal (decide_text (run, "0,1,2=mailbox-full")->episodes, 1);
    /* a profile that sets nothing: three in 180 days */
    static const struct {
        const char *history, *now;
        guint episodes;
        gboolean flaps;
    } unset[] = {{"0,60,120=mailbox-full", "180", 3, TRUE}, {"0,60,120=mailbox-full", "180.01", 2, FALSE}, {"60,120=mailbox-full", "180", 2, FALSE}};
    g_autoptr (Policy) plain = policy_parse ("test", FULL "hold\n", strlen (FULL "hold\n"), NULL);
    for (guint i = 0; i < G_N_ELEMENTS (unset); i++) {
        g_autoptr (PolicyRun) later = policy_run_new (plain, read_date (unset[i].now));
        const Decision *decision = decide_text (later, unset[i].history);
        assert_int_equal (decision->episodes, unset[i].episodes);
        assert_int_equal (decision->flapping, unset[i].flaps);
    }
}

/* A date ahead of the clock, a clock that was never set. */
static void
test_dates_ahead (void **state)
{
    (void) state;
    static const struct {
        const char *history, *now, *told;
    } cases[] = {
        /* a day ahead: as it is */
        {"0=mailbox-full", "-1", "pause mailbox-full failures 1 next 7"},
        /* further ahead: from now */
        {"0=mailbox-full", "-1.01", "pause mailbox-full failures 1 next 5.99"},
        {"0=mailbox-full", "-366", "pause mailbox-full failures 1 next -359"},
        {"0=mailbox-full", "-366.01", "watch mailbox-full failures 1"},
        /* a clock before 2020 */
        {"0=mailbox-full", "@2020-01-01T00:00:00Z", "watch mailbox-full failures 1"},
        {"0=mailbox-full", "@2019-12-31T23:59:59Z", "pause mailbox-full failures 1 next 7"},
        /* the pause is over at its second; silence is longer than 30 days */
        {"0=mailbox-full", "6.9999", "pause mailbox-full failures 1 next 7"},
        {"0=mailbox-full", "7", "watch mailbox-full failures 1 next 7"},
        {"0=mailbox-full", "30", "watch mailbox-full failures 1 next 7"},
        {"0=mailbox-full", "30.0001", "keep mailbox-full failures 0"},
    };
    guint wrong = 0;
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *told = tell (FULL "pause 7d\n", cases[i].history, cases[i].now);
        if (!g_str_equal (told, cases[i].told)) {
            print_error ("at %s is  %s\n  not %s\n", cases[i].now, told, cases[i].told);
            wrong++;
        }
    }
    assert_int_equal (wrong, 0);
}

/* What people say, against what was counted. */
static void
test_said (void **state)
{
    (void) state;
    static const struct {
        const char *history, *allowed, *forgiven, *imported, *decision, *rule, *since;
        guint failures, changes;
    } cases[] = {
        {"0=user-unknown", "?", "?", "?", "remove", "user-unknown", "0", 1, 2},
        {"0=user-unknown", "5", "?", "?", "keep", "allow", "-", 1, 0},
        {"0=user-unknown", "?", "0", "?", "keep", "user-unknown", "-", 0, 0},
        {"0=user-unknown", "?", "-0.1", "?", "remove", "user-unknown", "0", 1, 2},
        {"0,3=user-unknown", "?", "1", "?", "remove", "user-unknown", "3", 1, 2},
        {"?=user-unknown", "?", "0", "?", "keep", "user-unknown", "-", 0, 0},
        {"", "?", "?", "4", "remove", "import", "4", 0, 1},
        {"", "?", "4", "4", "keep", "", "-", 0, 0},
        {"", "?", "3.9", "4", "remove", "import", "4", 0, 1},
        {"", "?", "4.1", "4", "keep", "", "-", 0, 0},
        {"", "1", "?", "4", "keep", "allow", "-", 0, 0},
        {"", "1", "?", "?", "keep", "allow", "-", 0, 0},
        {"0=user-unknown", "?", "?", "4", "remove", "user-unknown", "0", 1, 2},
        {"0=mailbox-full", "?", "?", "4", "remove", "import", "4", 1, 1},
    };
    g_autoptr (Policy) policy = with ("default", NULL, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Arena) arena = arena_new ();
        g_autoptr (GArray) events = read_history (cases[i].history, arena);
        g_autoptr (PolicyRun) run = policy_run_new (policy, read_date ("5"));
        g_autofree char *email = g_strdup ("Ann@example.com");
        Said said = {email, read_date (cases[i].allowed), read_date (cases[i].forgiven), read_date (cases[i].imported)};
        policy_run_begin (run);
        policy_run_said (run, &said);
        memset (email, '#', strlen (email));
        for (guint k = 0; k < events->len; k++)
            policy_run_add (run, &g_array_index (events, BounceEvent, k));
        const Decision *decision = policy_run_decide (run);
        gboolean fine = is_text ("decision", cases[i].decision, decision_word (decision->decision)) &&
                        is_text ("rule", cases[i].rule, decision->rule) && is_date ("since", cases[i].since, decision->since) &&
                        is_number ("failures", events->len > 0 && cases[i].failures ? "1" : "0", decision->failures) &&
                        is_number ("changes", cases[i].changes == 0 ? "0" : cases[i].changes == 1 ? "1" : "2", decision->n_changes);
        fine = fine && decision->allowed == said.allowed && decision->forgiven == said.forgiven &&
               decision->imported == said.imported && !decision->untrusted;
        if (events->len == 0 && *decision->rule != '\0')
            fine = fine && is_text ("email", "Ann@example.com", decision->email) && is_text ("domain", "example.com", decision->domain) &&
                   is_date ("first", said.imported == DATE_NONE ? "1" : "4", decision->first_seen) &&
                   decision->last_seen == decision->first_seen;
        if (cases[i].changes == 1)
            fine = fine && decision->changes[0].kind == CHANGE_FORGIVE && decision->changes[0].count == 0 &&
                   decision->changes[0].to == DECISION_KEEP && decision->changes[0].date == DATE_NONE;
        if (events->len == 0) /* no event whose texts could be looked up */
            fine = fine && decision->row == 0 && decision->events == 0;
        if (!fine)
            fail_msg ("case %u", i);
    }
}

/* Where nothing counts, the first and the last of all events are told; one without a date tells none. */
static void
test_seen (void **state)
{
    (void) state;
    static const struct {
        const char *history, *first, *last;
    } cases[] = {
        {"0=spam", "0", "0"}, {"0,5=spam", "0", "5"}, {"0,5,9=spam", "0", "9"}, {"?,5,9=spam", "5", "9"},
        {"?=spam", "-", "-"}, {"", "-", "-"}, {"0=autoreply 3=delivered", "0", "3"},
    };
    g_autoptr (Policy) policy = with ("default", NULL, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (PolicyRun) run = policy_run_new (policy, read_date ("10"));
        const Decision *decision = decide_text (run, cases[i].history);
        if (!is_date ("first", cases[i].first, decision->first_seen) || !is_date ("last", cases[i].last, decision->last_seen))
            fail_msg ("case %u", i);
    }
}

/* Who is shown is who the latest event was about, as it spells the address; a ledger's words come with its number. */
static void
test_latest_spelling (void **state)
{
    (void) state;
    static const struct {
        struct {
            const char *recipient, *domain, *provider;
            guint32 kind;
        } events[3];
        const char *email, *domain, *provider;
    } cases[] = {
        {{{"ann@x.example", "x.example", "p", 1}, {"Ann@x.example", "x.example", "p", 1}}, "Ann@x.example", "x.example", "p"},
        {{{"ann@x.example", "x.example", "p", 1}, {"ann@x.example", "y.example", "p", 1}}, "ann@x.example", "y.example", "p"},
        {{{"ann+b@x.example", "x.example", "p", 1}, {"ann+a@x.example", "x.example", "p", 1}}, "ann+a@x.example", "x.example", "p"},
        {{{"ann@x.example", "y.example", "p", 1}, {"ann@x.example", "x.example", "p", 1}}, "ann@x.example", "x.example", "p"},
        {{{"ann@x.example", "x.example", "p", 1}, {"ann@x.example", "x.example", "q", 2}}, "ann@x.example", "x.example", "q"},
        {{{"ann@x.example", "x.example", "p", 1}, {"ann@x.example", "x.example", "q", 0}}, "ann@x.example", "x.example", "q"},
        {{{"ann@x.example", "x.example", "p", 0}, {"ann@x.example", "x.example", "q", 1}}, "ann@x.example", "x.example", "q"},
        {{{"Ann@x.example", "x.example", "p", 2}, {"ann@x.example", "x.example", "p", 1}, {"ann@x.example", "x.example", "p", 1}},
         "ann@x.example", "x.example", "p"},
    };
    g_autoptr (Policy) policy = with ("default", NULL, NULL);
    g_autoptr (PolicyRun) run = policy_run_new (policy, read_date ("5"));
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        policy_run_begin (run);
        for (guint k = 0; k < G_N_ELEMENTS (cases[i].events) && cases[i].events[k].recipient != NULL; k++) {
            BounceEvent event;
            char recipient[32], domain[32];
            event_init (&event);
            g_strlcpy (recipient, cases[i].events[k].recipient, sizeof recipient);
            g_strlcpy (domain, cases[i].events[k].domain, sizeof domain);
            event.recipient = recipient;
            event.domain = domain;
            event.provider = cases[i].events[k].provider;
            event.kind = cases[i].events[k].kind;
            event.date = read_date ("0") + k;
            policy_run_add (run, &event);
            memset (recipient, '#', sizeof recipient - 1); /* the address is lent */
            memset (domain, '#', sizeof domain - 1);
        }
        const Decision *decision = policy_run_decide (run);
        gboolean fine = is_text ("email", cases[i].email, decision->email);
        fine &= is_text ("domain", cases[i].domain, decision->domain);
        fine &= is_text ("provider", cases[i].provider, decision->provider);
        if (!fine)
            fail_msg ("case %u", i);
    }
}

/* The texts of the first failure outlive the memory of a hundred thousand later ones, whichever line they are of. */
static void
test_texts_are_kept (void **state)
{
    (void) state;
    static const char *const profiles[] = {
        "[rules]\nuser-unknown = remove 1\nspam = never\n",   /* a verdict */
        "[rules]\nuser-unknown = hold\nspam = never\n",       /* a tally */
        "[rules]\ncomplaint = remove 1\nspam = never\n",      /* a complaint */
        "[rules]\nuser-unknown = review 1\nmoved = hold\nspam = never\n", /* a tally of a day that is over */
        "[rules]\nuser-unknown = remove 1\nmoved = hold\nspam = never\n", /* a verdict of a run that is over */
    };
    for (guint i = 0; i < G_N_ELEMENTS (profiles); i++) {
        g_autoptr (Policy) policy = policy_parse ("test", profiles[i], strlen (profiles[i]), NULL);
        g_autoptr (PolicyRun) run = policy_run_new (policy, read_date ("2"));
        g_autoptr (Arena) arena = arena_new ();
        BounceEvent event;
        Said said = {"ann@example.com", DATE_NONE, DATE_NONE, DATE_NONE};
        policy_run_begin (run);
        policy_run_said (run, &said);
        read_event (&event, i != 2 ? "user-unknown:5.1.1:550" : "complaint", arena);
        event.date = read_date (i == 4 ? "-60" : "0");
        event.diagnostic = "the first";
        policy_run_add (run, &event);
        if (i >= 3) {
            read_event (&event, "moved:5.1.6:551", arena);
            event.date = read_date ("0.9");
            policy_run_add (run, &event);
        }
        read_event (&event, "spam:5.7.1:554", arena);
        event.diagnostic = "another one that is repeated very often and fills the memory of this address with itself";
        event.provider = "other";
        event.rule = "r2";
        for (guint k = 0; k < 20000; k++) {
            event.date = read_date ("1") + k;
            policy_run_add (run, &event);
        }
        const Decision *decision = policy_run_decide (run);
        assert_string_equal (decision->diagnostic, "the first");
        assert_string_equal (decision->provider, "prov");
        assert_string_equal (decision->event_rule, "r1");
        assert_string_equal (decision->status, i != 2 ? "5.1.1" : "");
    }
}

static void
test_refused_profiles (void **state)
{
    (void) state;
    static const char *const texts[] = {
        "", "nonsense", "[policy]\nreset=30\n", "[rules]\n", "[rules]\nuser-unknown\n", "[rules]\nnobody = remove 1\n",
        "[policy]\nreset=never\n[rules]\n* = hold\n", "[policy]\nrest=30\n[rules]\n* = hold\n",
        "[rules]\nspam = remove 1\n", "[rules]\n* = hold\n\xff\xfe = remove 1\n",
    };
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
        g_autoptr (GError) error = NULL;
        assert_null (policy_parse ("mine.conf", texts[i], strlen (texts[i]), &error));
        assert_true (g_error_matches (error, POLICY_ERROR, POLICY_ERROR_SYNTAX));
        assert_true (g_str_has_prefix (error->message, "mine.conf: "));
    }
    g_autoptr (GError) error = NULL;
    assert_null (policy_new_builtin ("../default", &error));
    assert_true (g_error_matches (error, POLICY_ERROR, POLICY_ERROR_UNKNOWN));
}

/* With an identity, only mail of ours removes. */
static void
test_identity (void **state)
{
    (void) state;
    static const struct {
        const char *history;
        DecisionKind expected;
        gboolean untrusted;
    } cases[] = {
        {"0=user-unknown:5.1.1:unverified", DECISION_REVIEW, TRUE},
        {"0=user-unknown:5.1.1:contradicted", DECISION_REVIEW, TRUE},
        {"0=user-unknown:5.1.1:plausible", DECISION_REMOVE, FALSE},
        {"0=user-unknown:5.1.1:correlated", DECISION_REMOVE, FALSE},
        {"0=complaint:unverified", DECISION_REVIEW, TRUE},
        {"0=user-unknown:5.1.1:unverified 1=user-unknown:5.1.1:correlated", DECISION_REMOVE, FALSE},
        {"0=mailbox-disabled:4.2.1:unverified", DECISION_WATCH, TRUE},
        {"0=mailbox-disabled:4.2.1:correlated", DECISION_PAUSE, FALSE},
        {"0,1,3,6,13=mailbox-disabled:4.2.1:unverified", DECISION_REVIEW, TRUE},
        {"0,1,3,6=mailbox-disabled:4.2.1:correlated 13=mailbox-disabled:4.2.1:unverified", DECISION_REVIEW, TRUE},
        {"0=user-unknown:5.1.1:correlated 1=delivered:unverified", DECISION_REMOVE, FALSE},
        {"0=user-unknown:5.1.1:correlated 1=delivered:correlated", DECISION_KEEP, FALSE},
        {"0=spam:5.7.1:unverified", DECISION_KEEP, FALSE},
        {"0=unknown:unverified", DECISION_WATCH, TRUE},
        {"-1,6,13=unknown:correlated", DECISION_REVIEW, FALSE},
        {"-1,6,13=unknown:unverified", DECISION_REVIEW, TRUE},
    };
    g_autoptr (Policy) policy = with ("default", NULL, NULL);
    policy_require_trust (policy, TRUE);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (PolicyRun) run = policy_run_new (policy, read_date ("13"));
        /* the first day of the history is too long ago for a pause only where the case means it */
        PolicyRun *now = run;
        g_autoptr (PolicyRun) early = policy_run_new (policy, read_date ("0.5"));
        if (strchr (cases[i].history, ',') == NULL && strchr (cases[i].history, ' ') == NULL)
            now = early;
        const Decision *decision = decide_text (now, cases[i].history);
        if (decision->decision != cases[i].expected || decision->untrusted != cases[i].untrusted)
            print_error ("%s\n", cases[i].history);
        assert_string_equal (decision_word (decision->decision), decision_word (cases[i].expected));
        assert_int_equal (decision->untrusted, cases[i].untrusted);
    }
}

static char *
changes_of (const Decision *decision)
{
    static const char *const words[] = {"delivery", "silence", "failures", "try", "due", "trust", "forgive"};
    GString *out = g_string_new (NULL);
    for (guint i = 0; i < decision->n_changes; i++) {
        const Change *change = &decision->changes[i];
        g_string_append_printf (out, "%s%s %u", i > 0 ? ", " : "", words[change->kind], change->count);
        if (change->date != DATE_NONE)
            g_string_append_printf (out, " %d", (int) (date_day (change->date) - date_day (day_zero ())));
        g_string_append_printf (out, " %s", decision_word (change->to));
    }
    return g_string_free (out, FALSE);
}

static void
test_changes (void **state)
{
    (void) state;
    static const struct {
        const char *history, *now, *expected;
    } cases[] = {
        {"0=user-unknown:5.1.1", "0", "delivery 0 keep, forgive 0 keep"},
        {"0=complaint", "0", "forgive 0 keep"},
        {"0=mailbox-disabled:4.2.1", "0", "try 2 1 pause, due 5 13 remove, delivery 0 keep, silence 0 30 keep"},
        {"0,1,3=mailbox-disabled:4.2.1", "3", "try 4 6 pause, due 5 13 remove, delivery 0 keep, silence 0 33 keep"},
        {"0,1,3,6=mailbox-disabled:4.2.1", "6", "try 5 13 remove, delivery 0 keep, silence 0 36 keep"},
        {"0=mailbox-disabled:5.2.1", "0", "failures 1 14 remove, delivery 0 keep, silence 0 30 keep"},
        {"0,4=unknown", "4", "failures 1 14 review, delivery 0 keep, silence 0 34 keep"},
        {"0,4,8=unknown", "8", "failures 1 14 review, delivery 0 keep, silence 0 38 keep"},
        {"0,7,14=unknown", "14", "delivery 0 keep, silence 0 44 keep"},
        {"0=recipient-rate:4.2.1", "0", "delivery 0 keep, silence 0 30 keep"},
        {"0=user-unknown:5.1.1:contradicted", "0", "trust 0 remove, delivery 0 keep, silence 0 30 keep"},
        {"0=spam:5.7.1", "0", ""},
        {"0=unknown:contradicted", "0", "failures 2 14 review, delivery 0 keep, silence 0 30 keep"},
        /* a graver report that may not act is no matter of trust while what may act weighs more than a review */
        {"0=mailbox-disabled:4.2.1:correlated 0.1=user-unknown:5.1.1:contradicted", "0.2",
         "try 2 1 pause, due 5 13 remove, delivery 0 keep, silence 0 30 keep"},
    };
    g_autoptr (Policy) policy = with ("default", NULL, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (PolicyRun) run = policy_run_new (policy, read_date (cases[i].now));
        g_autofree char *found = changes_of (decide_text (run, cases[i].history));
        assert_string_equal (found, cases[i].expected);
    }
    g_autoptr (Policy) both = with ("default", "mailbox-full", "pause schedule, remove 3/30d");
    g_autoptr (PolicyRun) run = policy_run_new (both, read_date ("0"));
    const Decision *decision = decide_text (run, "0=mailbox-full");
    g_autofree char *found = changes_of (decision);
    assert_string_equal (found, "try 2 1 pause, due 5 13 remove, failures 2 30 remove, delivery 0 keep, silence 0 30 keep");
    /* the first second of silence that is longer than 30 days */
    assert_true (decision->changes[4].date == day_zero () + 30 * DAY + 1);
}

/* No clock, however wrong, adds to or takes from what is listed for good. */
static void
test_no_clock_removes (void **state)
{
    (void) state;
    static const char *const histories[] = {
        "0=user-unknown:5.1.1", "0,1,3,6,13=mailbox-disabled:4.2.1", "0,1,3,6=mailbox-disabled:4.2.1",
        "0,14=mailbox-disabled:5.2.1", "0,13=mailbox-disabled:5.2.1", "0=complaint", "0,7,14=unknown",
        "0,3,6,9,14=mailbox-full:4.2.2", "@1900-01-01=user-unknown:5.1.1", "@9999-12-31=user-unknown:5.1.1",
        "@1900-01-01=mailbox-full:5.2.2 0,3,6,9=mailbox-full:5.2.2 @9999-12-31=mailbox-full:5.2.2",
    };
    static const char *const clocks[] = {"@0001-01-01", "@1900-01-01", "@1970-01-01", "-400", "-31", "-1", "0",
                                         "15", "400", "@2106-02-07", "@9999-12-31"};
    g_autoptr (Policy) policy = with ("default", NULL, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (histories); i++) {
        guint removed = 0;
        for (guint k = 0; k < G_N_ELEMENTS (clocks); k++) {
            g_autoptr (PolicyRun) run = policy_run_new (policy, read_date (clocks[k]));
            const Decision *decision = decide_text (run, histories[i]);
            removed += decision->decision == DECISION_REMOVE;
            assert_true (decision->next_try == DATE_NONE || decision->next_try < read_date ("@9999-12-31") + 40 * DAY);
        }
        if (removed != 0 && removed != G_N_ELEMENTS (clocks))
            fail_msg ("%s: removed under %u of the clocks", histories[i], removed);
    }
}

/* One address that fails a million times keeps the memory of a few. */
static void
test_many_events (void **state)
{
    (void) state;
    g_autoptr (Policy) policy = with ("default", NULL, NULL);
    g_autoptr (PolicyRun) run = policy_run_new (policy, read_date ("120"));
    BounceEvent event;
    char diagnostic[600];

    policy_run_begin (run);
    event_init (&event);
    event.recipient = "ann@example.com";
    event.type = TYPE_SOFT;
    event.reason = REASON_SYSTEM_ERROR;
    event.diagnostic = diagnostic;
    memset (diagnostic, 'x', sizeof diagnostic);
    diagnostic[sizeof diagnostic - 1] = '\0';
    for (guint i = 0; i < 100000; i++) {
        event.date = day_zero () + (gint64) i * 100;
        policy_run_add (run, &event);
    }
    const Decision *decision = policy_run_decide (run);
    assert_int_equal (decision->decision, DECISION_WATCH);
    assert_int_equal (decision->events, 100000);
    assert_int_equal (decision->failures, decision->n_counted);
    assert_int_equal (decision->failures, date_day (event.date) - date_day (day_zero ()) + 1);
    assert_int_equal (strlen (decision->diagnostic), 599);
    assert_string_equal (decision->email, "ann@example.com");
    /* And the run is as new for the next address. */
    decision = decide_text (run, "119=mailbox-full:5.2.2");
    assert_int_equal (decision->failures, 1);
    assert_int_equal (decision->events, 1);
    assert_int_equal (decision->decision, DECISION_PAUSE);
}

/* A run holds on to its policy. */
static void
test_run_outlives_policy (void **state)
{
    (void) state;
    Policy *policy = with ("default", NULL, NULL);
    g_autoptr (PolicyRun) run = policy_run_new (policy, day_zero ());
    policy_free (policy);
    policy_free (NULL);
    policy_run_free (NULL);
    assert_string_equal (decide_text (run, "0=user-unknown:5.1.1")->rule, "user-unknown");
}

static void
test_lines_are_told (void **state)
{
    (void) state;
    static const char *const profiles[] = {"default", "seed", "strict"};
    for (guint i = 0; i < G_N_ELEMENTS (profiles); i++) {
        g_autoptr (Policy) policy = with (profiles[i], NULL, NULL);
        const char *key, *value;
        guint n = 0;
        while (policy_line (policy, n, &key, &value)) {
            assert_true (*key != '\0' && *value != '\0');
            n++;
        }
        assert_true (n > 10);
        assert_string_equal (key, "*"); /* the least particular line is the last */
    }
}

int
main (void)
{
    g_resources_register (builtin_data_get_resource ());
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_table),
        cmocka_unit_test (test_overrides),
        cmocka_unit_test (test_refused_lines),
        cmocka_unit_test (test_taken_lines),
        cmocka_unit_test (test_messages),
        cmocka_unit_test (test_small_profiles),
        cmocka_unit_test (test_replaced_line),
        cmocka_unit_test (test_episodes),
        cmocka_unit_test (test_dates_ahead),
        cmocka_unit_test (test_said),
        cmocka_unit_test (test_seen),
        cmocka_unit_test (test_latest_spelling),
        cmocka_unit_test (test_texts_are_kept),
        cmocka_unit_test (test_refused_profiles),
        cmocka_unit_test (test_identity),
        cmocka_unit_test (test_changes),
        cmocka_unit_test (test_no_clock_removes),
        cmocka_unit_test (test_many_events),
        cmocka_unit_test (test_run_outlives_policy),
        cmocka_unit_test (test_lines_are_told),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
