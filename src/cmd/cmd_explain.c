/* SPDX-License-Identifier: MIT */
#include "app/ledger.h"
#include "app/output.h"
#include "app/terminal.h"
#include "base/i18n.h"
#include "cmd/cmd.h"
#include "event/address.h"
#include "report/explain_text.h"

typedef struct {
    Writer *writer;
    ExplainOptions options;
} Telling;

static const char *
meaning_of (const char *code, gpointer user)
{
    const CodeRow *row = tables_status (user, code);
    if (!row)
        row = tables_reply (user, code);
    return row ? row->meaning : NULL;
}

typedef struct {
    const Tables *tables;
    Arena *arena;
} Provider;

static const char *
evidence_of (const BounceEvent *event, gpointer user)
{
    const Provider *provider = user;
    arena_clear (provider->arena);
    return tables_provider_evidence (provider->tables, event, provider->arena);
}

static gboolean
tell_event (const BounceEvent *event, gpointer user, GError **error)
{
    Telling *telling = user;
    (void) error;
    explain_text_event (telling->writer, event, &telling->options);
    return TRUE;
}

/* *decision NULL: nothing is known of the address. */
static gboolean
tell (App *app, Ledger *ledger, const char *address, const Decision **decision, GError **error)
{
    g_autoptr (GError) failure = NULL;
    g_autoptr (Output) output = NULL;
    const Tables *tables = app_tables (app, error);
    g_autoptr (Arena) arena = arena_new ();
    Provider provider = { .tables = tables, .arena = arena };
    Terminal terminal;
    *decision = NULL;
    if (!tables)
        return FALSE;
    gboolean known = ledger_decision (ledger, address, decision, &failure);
    if (failure) {
        g_propagate_error (error, g_steal_pointer (&failure));
        return FALSE;
    }
    output = output_open (app->options->output, error);
    if (!output)
        return FALSE;
    terminal_init (&terminal, app->options->output != NULL);
    Telling telling = { .writer = output_writer (output),
                        .options = { .width = terminal.width,
                                     .colour = terminal.colour,
                                     .unicode = terminal.unicode,
                                     .meaning = meaning_of,
                                     .meaning_user = (gpointer) tables,
                                     .evidence = evidence_of,
                                     .evidence_user = &provider } };
    if (!known) {
        *decision = NULL;
        explain_text_nothing (telling.writer, address, &telling.options);
        return output_close (output, error);
    }
    explain_text_begin (telling.writer, *decision, &telling.options);
    if (!ledger_events (ledger, address, tell_event, &telling, error))
        return FALSE;
    explain_text_end (telling.writer, *decision, &telling.options);
    return output_close (output, error);
}

static gboolean
run_explain (App *app, ExitStatus *status, GError **error)
{
    const char *typed = app->options->arguments[0];
    g_autoptr (Arena) arena = arena_new ();
    const char *address = address_clean (arena, span_of (typed));
    if (!address) {
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "'%s' is no mail address", typed);
        return FALSE;
    }
    const Decision *decision;
    g_autoptr (Ledger) ledger = ledger_open (app, error);
    if (!ledger || !tell (app, ledger, address, &decision, error))
        return FALSE;
    *status = decision && decision->decision == DECISION_REMOVE ? EXIT_DONE : EXIT_INCOMPLETE;
    return TRUE;
}

static const char *const explain_options[] = { "since", "profile", "until",      "output", "state",
                                               "rules", "mx-file", "files-from", "null",   "jobs", NULL };

const Verb cmd_explain = {
    .name = "explain",
    .arguments = N_("ADDRESS [PATH…]"),
    .summary = N_("why an address is listed, or is not"),
    .text = N_("Tells what was decided on ADDRESS and why: every event with its date, code and source, and "
               "what comes next. Exit status 0 when the address is to be removed, 1 when it is not (as grep "
               "does)."),
    .examples = "nixie explain jo@example.com\n"
                "nixie explain jo@example.com ~/Maildir/.bounces",
    .options = explain_options,
    .words = 1,
    .least = 1,
    .most = CMD_MANY,
    .run = run_explain,
};
