/* SPDX-License-Identifier: MIT */
#include "app/address_set.h"
#include "app/compare.h"
#include "app/ledger.h"
#include "app/output.h"
#include "app/publish.h"
#include "app/state.h"
#include "base/date.h"
#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/cmd_option.h"
#include "report/suppress_list.h"

typedef struct {
    AddressSet *others; /* who is left out because they were, or are, on the other list; NULL = nobody */
    SuppressList *list;
    guint decisions; /* bits 1 << DecisionKind */
} Listing;

static gboolean
list_decision (const Decision *decision, gpointer user, GError **error)
{
    Listing *listing = user;
    (void) error;
    if (listing->decisions & 1u << decision->decision
        && !(listing->others && address_set_has (listing->others, decision->email)))
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

/* What changed since a moment: the list of now without that of then, or the other way round. Both come from the state,
 * which knows when it heard of what. */
static gboolean
prepare_change (App *app, Ledger *ledger, Listing *listing, gint64 since, GError **error)
{
    if (app->options->added)
        ledger_set_moment (ledger, since);
    listing->others = address_set_of (ledger, listing->decisions, error);
    ledger_set_moment (ledger, app->options->added ? DATE_NONE : since);
    return listing->others != NULL;
}

static gboolean
check_change (const App *app, GError **error)
{
    const Options *options = app->options;
    const char *problem = options->added && options->removed ? "--added and --removed are two lists"
                          : app->since == DATE_NONE          ? "--added and --removed want --since"
                          : app_has_paths (app) ? "--added and --removed want the state: mail that is named has no past"
                                                : NULL;
    if (problem)
        g_set_error_literal (error, APP_ERROR, APP_ERROR_USAGE, problem);
    return !problem;
}

static void
tell_written (App *app, guint64 addresses, const char *file, gboolean first)
{
    char digits[I18N_DIGITS];
    if (first)
        log_note (app->log, P_("%s address in %s, the first list, nothing to compare it with",
                               "%s addresses in %s, the first list, nothing to compare it with", addresses),
                  i18n_digits (addresses, digits), file);
    else
        log_note (app->log, P_("%s address in %s", "%s addresses in %s", addresses),
                  i18n_digits (addresses, digits), file);
}

/* As an output of `nixie run`, remembered under the name of the file. */
static gboolean
run_guarded (App *app, const SuppressFormat *format, guint decisions, ExitStatus *status, GError **error)
{
    const char *output = app->options->output;
    if (!output || g_str_equal (output, "-") || app_has_paths (app) || app->options->added || app->options->removed) {
        g_set_error_literal (error, APP_ERROR, APP_ERROR_USAGE,
                             "--guard is for a whole list of the state that goes to a file (-o FILE)");
        return FALSE;
    }
    g_autofree char *file = g_canonicalize_filename (output, NULL);
    g_autofree char *path = app_state_path (app);
    PublishJob job = { .name = file, .file = file, .format = format, .decisions = decisions, .guarded = TRUE,
                       .confirm = app->options->confirm };
    PublishResult result;
    g_autoptr (Ledger) ledger = ledger_open (app, error);
    g_autoptr (Store) state = ledger ? state_open (app, path, STORE_WRITE, error) : NULL;
    if (!state || !publish (app, ledger, state, &job, &result, error))
        return FALSE;
    g_autofree char *reason = result.reason;
    *status = !result.published ? EXIT_HELD_BACK : result.refused > 0 ? EXIT_INCOMPLETE : EXIT_DONE;
    if (reason)
        log_warning (app->log, "'%s' held back, the old file stays: %s; --confirm publishes it", output, reason);
    else
        tell_written (app, result.listed, output, result.verdict == GUARD_FIRST);
    return TRUE;
}

static gboolean
run_compare (App *app, ExitStatus *status, GError **error)
{
    g_autoptr (Ledger) ledger = ledger_open (app, error);
    g_autoptr (Output) output = ledger ? output_open (app->options->output, error) : NULL;
    if (!output || !compare_profiles (app, ledger, app->options->compare, output_writer (output), error))
        return FALSE;
    *status = ledger_failures (ledger) > 0 ? EXIT_INCOMPLETE : EXIT_DONE;
    return output_close (output, error);
}

static gboolean
write_list (App *app, Ledger *ledger, Listing *listing, const SuppressFormat *format, ExitStatus *status,
            GError **error)
{
    g_autoptr (Output) output = output_open (app->options->output, error);
    if (!output)
        return FALSE;
    SuppressOptions options = { .refused = tell_refused, .user = app };
    g_autoptr (SuppressList) list = suppress_list_new (format, &options);
    listing->list = list;
    suppress_list_open (list, output_writer (output));
    if (!ledger_decisions_of (ledger, listing->decisions, list_decision, listing, error))
        return FALSE;
    suppress_list_close (list);
    /* A list without an address that it should have is not whole. */
    *status = ledger_failures (ledger) > 0 || suppress_list_refused_count (list) > 0 ? EXIT_INCOMPLETE : EXIT_DONE;
    if (!output_close (output, error))
        return FALSE;
    if (app->options->output)
        tell_written (app, suppress_list_written (list), app->options->output, FALSE);
    return TRUE;
}

static gboolean
run_suppress (App *app, ExitStatus *status, GError **error)
{
    Listing listing = { 0 };
    const Options *options = app->options;
    gboolean change = options->added || options->removed;
    gint64 since = app->since;
    const SuppressFormat *format = parse_options (options, &listing.decisions, error);
    if (!format || (change && !check_change (app, error)))
        return FALSE;
    if (options->guard)
        return run_guarded (app, format, listing.decisions, status, error);
    if (options->compare)
        return run_compare (app, status, error);
    if (change)
        app->since = DATE_NONE; /* a moment, and no span of events */
    g_autoptr (Ledger) ledger = ledger_open (app, error);
    if (!ledger || (change && !prepare_change (app, ledger, &listing, since, error)))
        return FALSE;
    gboolean done = write_list (app, ledger, &listing, format, status, error);
    address_set_free (listing.others);
    return done;
}

static const char *
format_of_list (guint index, const char **help)
{
    const char *name = suppress_format_names ()[index];
    *help = name ? suppress_format_help (suppress_format_find (name)) : NULL;
    return name;
}

static const char *const suppress_options[] = { "added",  "removed",  "compare", "guard",   "confirm",
                                                "format", "decision", "profile", "since",   "until",
                                                "output", "state",    "rules",   "mx-file", "files-from",
                                                "null",   "jobs",     NULL };

const Verb cmd_suppress = {
    .name = "suppress",
    .arguments = N_("[PATH…]"),
    .summary = N_("the list: whom to stop writing to"),
    .text = N_("Writes the addresses that the bounces in the PATHs, or in the state, say to remove (or "
               "another --decision), one an address, sorted. An address that a format cannot express is left "
               "out with a warning, never written in another form.\n"
               "--added, --removed with --since: what came to the list of the state, or went, since then, "
               "for systems that take changes. --guard holds the file back (exit status 3) when it changes "
               "too much at once, as 'nixie run' does."),
    .format = format_of_list,
    .examples = "nixie suppress ~/Maildir/.bounces >remove.csv\n"
                "nixie suppress --format=plain -o /etc/lists/remove.txt\n"
                "nixie suppress --decision=watch archive.mbox.gz\n"
                "nixie suppress --added --since=7d --format=plain\n"
                "nixie suppress --compare=strict",
    .options = suppress_options,
    .most = CMD_MANY,
    .run = run_suppress,
};
