/* SPDX-License-Identifier: MIT */
#include "app/ledger.h"
#include "app/output.h"
#include "cmd/cmd.h"
#include "cmd/cmd_option.h"
#include "report/suppress_list.h"

typedef struct {
    SuppressList *list;
    guint decisions; /* bits 1 << DecisionKind */
} Listing;

static gboolean
list_decision (const Decision *decision, gpointer user, GError **error)
{
    Listing *listing = user;
    (void) error;
    if (listing->decisions & 1u << decision->decision)
        suppress_list_row (listing->list, decision);
    return TRUE;
}

static void
tell_refused (const Decision *decision, const char *why, gpointer user)
{
    const App *app = user;
    log_warning (app->log, "%s left out: %s", decision->email, why);
}

static const SuppressFormat *
parse_options (const Options *options, guint *decisions, GError **error)
{
    const char *name = options->format ? options->format : "csv";
    const SuppressFormat *format = suppress_format_find (name);
    if (!format) {
        g_autofree char *names = g_strjoinv (", ", (char **) suppress_format_names ());
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "--format: '%s' is none of %s", name, names);
        return NULL;
    }
    return cmd_decisions_parse (options->decision, decisions, error) ? format : NULL;
}

static gboolean
run_suppress (App *app, ExitStatus *status, GError **error)
{
    Listing listing;
    const SuppressFormat *format = parse_options (app->options, &listing.decisions, error);
    g_autoptr (Ledger) ledger = format ? ledger_open (app, error) : NULL;
    g_autoptr (Output) output = ledger ? output_open (app->options->output, error) : NULL;
    if (!output)
        return FALSE;
    SuppressOptions options = { .refused = tell_refused, .user = app };
    g_autoptr (SuppressList) list = suppress_list_new (format, &options);
    listing.list = list;
    suppress_list_open (list, output_writer (output));
    if (!ledger_decisions (ledger, list_decision, &listing, error))
        return FALSE;
    suppress_list_close (list);
    /* A list without an address that it should have is not whole. */
    *status = ledger_failures (ledger) > 0 || suppress_list_refused_count (list) > 0 ? EXIT_INCOMPLETE : EXIT_DONE;
    if (!output_close (output, error))
        return FALSE;
    if (app->options->output)
        log_note (app->log, "%" G_GUINT64_FORMAT " addresses in %s", suppress_list_written (list),
                  app->options->output);
    return TRUE;
}

static const char *const suppress_options[] = { "format", "decision", "profile",   "since", "until", "output", "state",
                                                "rules", "mx-file",  "files-from", "null",  "jobs",  NULL };

const Verb cmd_suppress = {
    .name = "suppress",
    .arguments = "[PATH…]",
    .summary = "the list: whom to stop writing to",
    .text = "Writes the addresses that the bounces in the PATHs, or in the state, say to remove\n"
            "(or another --decision), one an address, sorted. Formats: csv, plain, jsonl, and\n"
            "those of mailing systems. An address that a format cannot express is left out with a\n"
            "warning, never written in another form.",
    .examples = "nixie suppress ~/Maildir/.bounces >remove.csv\n"
                "nixie suppress --format=plain -o /etc/lists/remove.txt\n"
                "nixie suppress --decision=watch archive.mbox.gz",
    .options = suppress_options,
    .most = CMD_MANY,
    .run = run_suppress,
};
