/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <sys/stat.h>

#include "app/clean.h"
#include "app/output.h"
#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/cmd_option.h"

static gboolean
is_same_file (const char *a, const char *b)
{
    struct stat first, second;
    return a && b && stat (a, &first) == 0 && stat (b, &second) == 0 && S_ISREG (first.st_mode)
           && first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

static gboolean
parse_options (const Options *options, CleanOptions *clean, GError **error)
{
    const char *list = options->arguments[0], *delimiter = options->delimiter;
    clean->column = options->column;
    clean->no_header = options->no_header;
    clean->case_sensitive = options->case_sensitive;
    clean->mark = options->mark;
    if (delimiter && g_str_equal (delimiter, "tab"))
        delimiter = "\t";
    if (delimiter && (strlen (delimiter) != 1 || strchr ("\"\r\n", *delimiter)))
        g_set_error_literal (error, APP_ERROR, APP_ERROR_USAGE, "--delimiter wants one character, or 'tab'");
    else if (is_same_file (list, options->output) || is_same_file (list, options->dropped))
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "'%s' would be written over; the list itself is never changed",
                     list);
    else if (options->dropped && options->output && g_str_equal (options->dropped, options->output))
        g_set_error_literal (error, APP_ERROR, APP_ERROR_USAGE, "--dropped and --output name the same file");
    else if (options->dropped && g_str_equal (options->dropped, "-"))
        g_set_error_literal (error, APP_ERROR, APP_ERROR_USAGE, "--dropped wants a file");
    else if (g_str_equal (list, "-") && *options->paths && g_strv_contains ((const char *const *) options->paths, "-"))
        g_set_error_literal (error, APP_ERROR, APP_ERROR_USAGE, "stdin cannot be both the list and the mail");
    else {
        clean->delimiter = delimiter ? *delimiter : '\0';
        return cmd_decisions_parse (options->decision, &clean->decisions, error);
    }
    return FALSE;
}

static void
tell_counts (App *app, const CleanCounts *counts)
{
    g_autoptr (GString) text = g_string_new (NULL);
    char digits[I18N_DIGITS];
    g_string_append_printf (text, P_("%s row", "%s rows", counts->rows), i18n_digits (counts->rows, digits));
    g_string_append (text, _(", "));
    if (app->options->mark)
        g_string_append_printf (text, P_("%s to be left out", "%s to be left out", counts->listed),
                                i18n_digits (counts->listed, digits));
    else
        g_string_append_printf (text, P_("%s left out", "%s left out", counts->listed),
                                i18n_digits (counts->listed, digits));
    g_string_append (text, _(", "));
    g_string_append_printf (
        text, P_("%s without an address (kept)", "%s without an address (kept)", counts->without_address),
        i18n_digits (counts->without_address, digits));
    log_note (app->log, "%s", text->str);
}

static gboolean
run_clean (App *app, ExitStatus *status, GError **error)
{
    const Options *options = app->options;
    CleanOptions clean;
    CleanCounts counts;
    g_autoptr (GError) failure = NULL;
    g_autoptr (Output) dropped = NULL;
    if (!parse_options (options, &clean, error))
        return FALSE;
    g_autoptr (Ledger) ledger = ledger_open (app, error);
    g_autoptr (Output) output = ledger ? output_open (options->output, error) : NULL;
    if (!output || (options->dropped && !(dropped = output_open (options->dropped, error))))
        return FALSE;
    if (!clean_list (ledger, options->arguments[0], &clean, output_writer (output),
                     dropped ? output_writer (dropped) : NULL, &counts, &failure) && failure) {
        g_propagate_error (error, g_steal_pointer (&failure));
        return FALSE;
    }
    /* What was left out is on record before the list without it is. */
    if ((dropped && !output_close (dropped, error)) || !output_close (output, error))
        return FALSE;
    tell_counts (app, &counts);
    *status = ledger_failures (ledger) > 0 ? EXIT_INCOMPLETE : EXIT_DONE;
    return TRUE;
}

static const char *const clean_options[] = { "column",  "delimiter", "no-header",  "decision",
                                             "profile", "mark",      "dropped",    "case-sensitive",
                                             "since",   "until",     "output",     "state",
                                             "rules",   "mx-file",   "files-from", "null",
                                             "jobs",    NULL };

const Verb cmd_clean = {
    .name = "clean",
    .arguments = N_("LIST.csv [PATH…]"),
    .summary = N_("a mailing list without the addresses that are to be removed"),
    .text = N_("Copies the CSV file LIST ('-' for standard input) without the rows whose address is to be "
               "removed by the state, or by the mail in the PATHs. All other rows pass unchanged, with all "
               "their columns and their quoting. LIST itself is never changed.\n"
               "The column of the address is found by its name or its contents. Addresses are compared "
               "without regard to case; rows without an address are kept and counted.\n"
               "--dropped and --mark add the columns nixie_decision, nixie_reason, nixie_status, "
               "nixie_failures, nixie_last_seen."),
    .examples = "nixie clean subscribers.csv >clean.csv\n"
                "nixie clean --dropped=gone.csv -o clean.csv subscribers.csv ~/Maildir/.bounces\n"
                "nixie clean --mark --column='E-mail 1' -o marked.csv contacts.csv",
    .options = clean_options,
    .words = 1,
    .least = 1,
    .most = CMD_MANY,
    .run = run_clean,
};
