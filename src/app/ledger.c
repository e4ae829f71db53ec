/* SPDX-License-Identifier: MIT */
#include "app/ledger.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app_error.h"
#include "app/said_list.h"
#include "app/learn.h"
#include "app/scan.h"
#include "app/state.h"
#include "base/date.h"
#include "base/file_text.h"
#include "event/address.h"
#include "event/domain.h"
#include "store/store.h"

struct Ledger {
    App *app;
    Store *store;
    ScanCounts counts; /* of the private scan; zero for the state */
    PolicyRun *run;    /* of ledger_decision() */
    SaidList *said;    /* NULL until somebody asks */
    Learned *learned;  /* by the state; NULL: nothing */
    gint64 moment;     /* DATE_NONE = now */
    GError *failure;   /* of ledger_rest() and ledger_texts(), which are asked by those who cannot fail */
};

void
ledger_free (Ledger *ledger)
{
    if (!ledger)
        return;
    policy_run_free (ledger->run);
    said_list_free (ledger->said);
    learned_free (ledger->learned);
    g_clear_error (&ledger->failure);
    store_free (ledger->store);
    g_free (ledger);
}

static Store *
open_state (App *app, GError **error)
{
    g_autofree char *path = app_state_path (app);
    struct stat found;
    if (store_is_server (path))
        return state_open (app, path, STORE_READ, error);
    if (stat (path, &found) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
        g_set_error (error, APP_ERROR, APP_ERROR_NO_INPUT,
                     "there is no state yet ('%s'): name the mail to read, or fill the state with 'nixie scan PATH…'",
                     path);
        return NULL;
    }
    if (access (path, R_OK) != 0) {
        int number = errno;
        g_set_error (error, APP_ERROR, app_error_from_errno (number, APP_ERROR_IO), "cannot read the state '%s': %s",
                     path, g_strerror (number));
        return NULL;
    }
    return store_open (path, STORE_READ, error);
}

Ledger *
ledger_open (App *app, GError **error)
{
    g_autoptr (Ledger) ledger = g_new0 (Ledger, 1);
    ledger->app = app;
    ledger->moment = DATE_NONE;
    if (!app_has_paths (app)) {
        g_autoptr (GError) failure = NULL;
        ledger->store = open_state (app, error);
        ledger->learned = ledger->store ? learn_domains (app, ledger->store, &failure) : NULL;
        if (failure)
            g_propagate_error (error, g_steal_pointer (&failure));
        else if (ledger->store)
            return g_steal_pointer (&ledger);
        return NULL;
    }
    ledger->store = store_open (NULL, STORE_WRITE, error);
    if (!ledger->store || !scan_into (app, SCAN_PRIVATE, ledger->store, NULL, &ledger->counts, error))
        return NULL;
    return g_steal_pointer (&ledger);
}

guint
ledger_failures (const Ledger *ledger)
{
    return ledger->counts.failures;
}

/* The whole of an event that came without all its texts. */
static gboolean
ledger_rest (guint64 row, BounceEvent *event, gpointer user)
{
    Ledger *ledger = user;
    return !ledger->failure && store_event_get (ledger->store, row, event, &ledger->failure);
}

/* Its texts alone: a ReportRest. */
static gboolean
ledger_texts (guint64 row, BounceEvent *event, gpointer user)
{
    Ledger *ledger = user;
    return !ledger->failure && store_event_texts (ledger->store, row, event, &ledger->failure);
}

static gboolean
rest_failed (Ledger *ledger, GError **error)
{
    if (!ledger->failure)
        return FALSE;
    g_propagate_error (error, g_steal_pointer (&ledger->failure));
    return TRUE;
}

/* Those whom the state has taught something need all their words to be named. The words are copied: whoever asks for the
 * rest of another event meanwhile gets it in the same place. */
static gboolean
learn_provider (Ledger *ledger, BounceEvent *event, Arena *arena)
{
    if (event->row != 0 && learned_concerns (ledger->learned, event)) {
        BounceEvent whole;
        if (!ledger_rest (event->row, &whole, ledger))
            return FALSE;
        arena_clear (arena);
        event_copy (event, &whole, arena);
    }
    learned_apply (ledger->learned, event);
    return TRUE;
}

static gboolean
walk_events (Ledger *ledger, StoreEvents *events, LedgerEvent each, gpointer user, GError **error)
{
    g_autoptr (GError) failure = NULL;
    g_autoptr (Arena) arena = arena_new ();
    BounceEvent event;
    const Identity *identity;
    if (!app_identity (ledger->app, &identity, error))
        return FALSE;
    /* Whose mail it is about is judged by today's configuration, whatever was in force when it was stored. */
    while (store_events_next (events, &event, &failure)) {
        if (!learn_provider (ledger, &event, arena))
            break;
        event.trust = identity_judge (identity, &event);
        if (!each (&event, user, error))
            return FALSE;
    }
    if (failure) {
        g_propagate_error (error, g_steal_pointer (&failure));
        return FALSE;
    }
    return !rest_failed (ledger, error);
}

static gboolean
walk_span (Ledger *ledger, StoreFilter *filter, LedgerEvent each, gpointer user, GError **error)
{
    const Identity *identity;
    if (!app_identity (ledger->app, &identity, error))
        return FALSE;
    /* Whose mail it is about is read in texts that a brief event has not. */
    filter->brief = filter->brief && (!identity || identity_is_empty (identity));
    g_autoptr (StoreEvents) events = store_events_open (ledger->store, filter, error);
    return events && walk_events (ledger, events, each, user, error);
}

static gboolean
walk (Ledger *ledger, StoreFilter *filter, LedgerEvent each, gpointer user, GError **error)
{
    filter->since = ledger->moment == DATE_NONE ? ledger->app->since : DATE_NONE;
    filter->until = ledger->moment == DATE_NONE ? ledger->app->until : DATE_NONE;
    filter->seen_until = ledger->moment;
    return walk_span (ledger, filter, each, user, error);
}

gboolean
ledger_events (Ledger *ledger, const char *recipient, LedgerEvent each, gpointer user, GError **error)
{
    g_autoptr (Arena) arena = arena_new ();
    StoreFilter filter = { .recipient = recipient ? address_normal (arena, recipient) : NULL,
                           .without_place = recipient == NULL };
    return walk (ledger, &filter, each, user, error);
}

gboolean
ledger_events_by_source (Ledger *ledger, gboolean unparsed, LedgerEvent each, gpointer user, GError **error)
{
    StoreFilter filter = { .by_source = TRUE, .unparsed_only = unparsed };
    return walk (ledger, &filter, each, user, error);
}

/* One line; "" where the file is not there or empty. */
static char *
read_position (const char *path, GError **error)
{
    g_autoptr (GError) failure = NULL;
    g_autofree char *text = NULL;
    gsize length = 0;
    if (!file_text_read (path, &text, &length, &failure)) {
        if (g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOENT))
            return g_strdup ("");
        g_set_error (error, APP_ERROR, APP_ERROR_IO, "cannot read the cursor '%s': %s", path, failure->message);
        return NULL;
    }
    g_strchomp (text);
    if (strlen (text) + 2 < length || strlen (text) > 1000 || strpbrk (text, "\r\n") || !g_str_is_ascii (text)) {
        g_set_error (error, APP_ERROR, APP_ERROR_DATA, "'%s' is no cursor of nixie: it is left as it is", path);
        return NULL;
    }
    return g_steal_pointer (&text);
}

gboolean
ledger_follow (Ledger *ledger, const char *cursor, gboolean unparsed, LedgerEvent each, gpointer user, char **next,
               GError **error)
{
    StoreFilter filter = { .since = ledger->app->since, .until = ledger->app->until, .unparsed_only = unparsed };
    g_autofree char *from = read_position (cursor, error);
    g_autofree char *to = NULL;
    gboolean restarted;
    if (!from)
        return FALSE;
    g_autoptr (StoreEvents) events = store_follow_open (ledger->store, &filter, from, &to, &restarted, error);
    if (!events)
        return FALSE;
    if (restarted)
        log_warning (ledger->app->log, "the cursor '%s' is of another state: every event is told from the start", cursor);
    if (!walk_events (ledger, events, each, user, error))
        return FALSE;
    *next = g_steal_pointer (&to);
    return TRUE;
}

/* Events come sorted by recipient: a new one closes the history of the one before. */
typedef struct {
    Ledger *ledger;
    guint texts;     /* kinds of decisions that want their diagnostic: bits */
    PolicyRun *run;
    Arena *arena;
    char *recipient; /* normal form of the open history; NULL = none is open */
    const SaidList *said;
    guint next_said; /* the first one behind the open history */
    LedgerDecision each;
    gpointer user;
} Deciding;

static gboolean
close_history (Deciding *deciding, GError **error)
{
    if (!deciding->recipient)
        return TRUE;
    const Decision *decision = policy_run_decide (deciding->run);
    if (decision->row == 0 || !(deciding->texts & 1u << decision->decision))
        return deciding->each (decision, deciding->user, error);
    BounceEvent event;
    Decision whole = *decision;
    if (!ledger_texts (decision->row, &event, deciding->ledger))
        return !rest_failed (deciding->ledger, error);
    whole.diagnostic = event.diagnostic;
    whole.row = 0;
    return deciding->each (&whole, deciding->user, error);
}

/* Addresses of which only a person spoke, up to this one: they have their place among the others. */
static gboolean
decide_said (Deciding *deciding, const char *before, GError **error)
{
    const char *address;
    const Said *said;
    while ((said = said_list_get (deciding->said, deciding->next_said, &address))
           && (!before || strcmp (address, before) < 0)) {
        deciding->next_said++;
        if (deciding->recipient && strcmp (address, deciding->recipient) <= 0)
            continue;
        policy_run_begin (deciding->run);
        policy_run_said (deciding->run, said);
        if (said->imported != DATE_NONE && !deciding->each (policy_run_decide (deciding->run), deciding->user, error))
            return FALSE;
    }
    return TRUE;
}

/* The last history, and whoever comes behind it. */
static gboolean
close_histories (Deciding *deciding, GError **error)
{
    return close_history (deciding, error) && decide_said (deciding, NULL, error);
}

static gboolean
decide_event (const BounceEvent *event, gpointer user, GError **error)
{
    Deciding *deciding = user;
    if (!*event->recipient)
        return TRUE;
    /* Most spellings are the normal one; one look tells that the history goes on. */
    if (deciding->recipient && g_str_equal (deciding->recipient, event->recipient)) {
        policy_run_add (deciding->run, event);
        return TRUE;
    }
    arena_clear (deciding->arena);
    const char *normal = event->row != 0 ? event->recipient : address_normal (deciding->arena, event->recipient);
    if (!deciding->recipient || !g_str_equal (deciding->recipient, normal)) {
        if (!close_history (deciding, error) || !decide_said (deciding, normal, error))
            return FALSE;
        g_free (deciding->recipient);
        deciding->recipient = g_strdup (normal);
        policy_run_begin (deciding->run);
        const Said *said = said_list_find (deciding->said, normal);
        if (said)
            policy_run_said (deciding->run, said);
    }
    policy_run_add (deciding->run, event);
    return TRUE;
}

static gint64
now_of (const Ledger *ledger)
{
    return ledger->moment == DATE_NONE ? ledger->app->clock.now : ledger->moment;
}

void
ledger_set_moment (Ledger *ledger, gint64 moment)
{
    ledger->moment = moment;
    g_clear_pointer (&ledger->said, said_list_free);
}

static gboolean
load_said (Ledger *ledger, GError **error)
{
    if (!ledger->said)
        ledger->said = said_list_load (ledger->store, ledger->moment, error);
    return ledger->said != NULL;
}

static gboolean
decide_all (Ledger *ledger, Deciding *deciding, GError **error)
{
    const Policy *policy = app_policy (ledger->app, error);
    if (!policy || !load_said (ledger, error))
        return FALSE;
    g_autoptr (PolicyRun) run = policy_run_new (policy, now_of (ledger));
    g_autoptr (Arena) arena = arena_new ();
    StoreFilter filter = { .without_place = TRUE, .brief = TRUE };
    deciding->ledger = ledger;
    deciding->arena = arena;
    deciding->run = run;
    deciding->said = ledger->said;
    gboolean done = walk (ledger, &filter, decide_event, deciding, error) && close_histories (deciding, error);
    g_clear_pointer (&deciding->recipient, g_free);
    return done;
}

gboolean
ledger_decisions (Ledger *ledger, LedgerDecision each, gpointer user, GError **error)
{
    return ledger_decisions_of (ledger, G_MAXUINT, each, user, error);
}

gboolean
ledger_decisions_of (Ledger *ledger, guint kinds, LedgerDecision each, gpointer user, GError **error)
{
    Deciding deciding = { .texts = kinds, .each = each, .user = user };
    return decide_all (ledger, &deciding, error);
}

static gboolean
add_to_run (const BounceEvent *event, gpointer user, GError **error)
{
    (void) error;
    policy_run_add (user, event);
    return TRUE;
}

gboolean
ledger_decision (Ledger *ledger, const char *recipient, const Decision **decision, GError **error)
{
    const Policy *policy = app_policy (ledger->app, error);
    g_autoptr (Arena) arena = arena_new ();
    if (!policy || !load_said (ledger, error))
        return FALSE;
    policy_run_free (ledger->run);
    ledger->run = policy_run_new (policy, now_of (ledger));
    policy_run_begin (ledger->run);
    const Said *said = said_list_find (ledger->said, address_normal (arena, recipient));
    if (said)
        policy_run_said (ledger->run, said);
    if (!ledger_events (ledger, recipient, add_to_run, ledger->run, error))
        return FALSE;
    *decision = policy_run_decide (ledger->run);
    return (*decision)->events > 0 || *(*decision)->email;
}

static const char *
code_meaning (const char *code, gpointer user)
{
    const CodeRow *row = tables_status (user, code);
    if (!row)
        row = tables_reply (user, code);
    return row ? row->meaning : NULL;
}

typedef struct {
    Deciding deciding;
    ReportModel *model;
    const Ledger *ledger;
} Reporting;

/* --provider: everything else is passed over. */
static gboolean
is_wanted (const Ledger *ledger, const char *provider)
{
    return !ledger->app->options->provider || g_ascii_strcasecmp (provider, ledger->app->options->provider) == 0;
}

static gboolean
add_decision (const Decision *decision, gpointer user, GError **error)
{
    Reporting *reporting = user;
    (void) error;
    if (is_wanted (reporting->ledger, decision->provider))
        report_model_add_decision (reporting->model, decision);
    return TRUE;
}

static gboolean
report_event (const BounceEvent *event, gpointer user, GError **error)
{
    Reporting *reporting = user;
    if (is_wanted (reporting->ledger, event->provider))
        report_model_add_event (reporting->model, event);
    else
        report_model_add_other (reporting->model, event);
    return decide_event (event, &reporting->deciding, error);
}

static gboolean
add_earlier (const BounceEvent *event, gpointer user, GError **error)
{
    Reporting *reporting = user;
    (void) error;
    if (is_wanted (reporting->ledger, event->provider))
        report_model_add_earlier (reporting->model, event);
    else
        report_model_add_other (reporting->model, event);
    return TRUE;
}

/* The period before --since, for the comparison alone. */
static gboolean
walk_before (Ledger *ledger, Reporting *reporting, GError **error)
{
    const ReportChange *change = report_model_change (reporting->model);
    if (ledger->app->since == DATE_NONE || change->start == DATE_NONE)
        return TRUE;
    StoreFilter filter = { .since = change->start, .until = change->middle, .without_place = TRUE, .brief = TRUE };
    return walk_span (ledger, &filter, add_earlier, reporting, error);
}

ReportModel *
ledger_report (Ledger *ledger, guint top, guint recipients, GError **error)
{
    const Tables *tables = app_tables (ledger->app, error);
    const Policy *policy = app_policy (ledger->app, error);
    StoreInfo info;
    if (!tables || !policy || !load_said (ledger, error) || !store_count_messages (ledger->store, &info, error))
        return NULL;
    ReportContext context = { .now = ledger->app->clock.now,
                              .since = ledger->app->since,
                              .until = ledger->app->until,
                              .top = top,
                              .count_messages = ledger->app->count_messages,
                              .few_samples = ledger->app->few_samples,
                              .recipients = recipients,
                              .meaning = code_meaning,
                              .meaning_user = (gpointer) tables,
                              .messages = info.messages,
                              .bounces = info.bounces,
                              .unparsed = info.unparsed,
                              .unreadable = ledger->counts.failures,
                              .provider = ledger->app->options->provider,
                              .gate_open = ledger->app->identity == NULL,
                              .rules_version = tables_version (tables),
                              .psl_date = domain_psl_date (),
                              .rest = ledger_texts,
                              .rest_user = ledger };
    g_autoptr (ReportModel) model = report_model_new (&context);
    g_autoptr (PolicyRun) run = policy_run_new (policy, ledger->app->clock.now);
    Reporting reporting = { .model = model, .ledger = ledger };
    g_autoptr (Arena) arena = arena_new ();
    reporting.deciding.ledger = ledger;
    reporting.deciding.arena = arena;
    reporting.deciding.run = run;
    reporting.deciding.said = ledger->said;
    reporting.deciding.each = add_decision;
    reporting.deciding.user = &reporting;
    /* A table of every address shows a diagnostic of each. */
    StoreFilter filter = { .without_place = TRUE, .brief = recipients != G_MAXUINT && !ledger->app->count_messages };
    gboolean done = walk (ledger, &filter, report_event, &reporting, error)
                    && close_histories (&reporting.deciding, error) && walk_before (ledger, &reporting, error);
    g_free (reporting.deciding.recipient);
    if (done) {
        report_model_settle (model);
        done = !rest_failed (ledger, error);
    }
    return done ? g_steal_pointer (&model) : NULL;
}

static void
add_tally (const StoreTally *tally, gpointer user)
{
    report_model_add_tally (user, REPORT_BY_PROVIDER, tally->provider, tally->code, tally->reason, tally->type,
                            tally->events, tally->first, tally->last, tally->sample);
}

static void
set_recipients (const char *provider, guint64 recipients, gpointer user)
{
    report_model_set_recipients (user, REPORT_BY_PROVIDER, provider, recipients);
}

gboolean
ledger_tally (Ledger *ledger, ReportModel **model, GError **error)
{
    ReportContext context = { .now = ledger->app->clock.now, .since = ledger->app->since, .until = ledger->app->until };
    StoreFilter filter = { .since = ledger->app->since, .until = ledger->app->until };
    g_autoptr (ReportModel) counted = report_model_new (&context);
    gboolean done;
    *model = NULL;
    if (!store_tally (ledger->store, &filter, add_tally, set_recipients, counted, &done, error))
        return FALSE;
    if (done)
        *model = g_steal_pointer (&counted);
    return TRUE;
}
