/* SPDX-License-Identifier: MIT */
#include "cmd/cmd_option.h"

#include <string.h>

#include "app/decisions.h"
#include "base/i18n.h"
#include "report/threshold.h"

#define FIELD(name) G_STRUCT_OFFSET (Options, name)

static const CmdOption cmd_options[] = {
    { "format", 0, G_OPTION_ARG_FILENAME, FIELD (format), N_("FORMAT"), N_("how it is written") },
    { "by", 0, G_OPTION_ARG_FILENAME, FIELD (by), N_("WHAT"),
      N_("one table only: provider, domain, recipient, status, reason, day or format") },
    { "provider", 0, G_OPTION_ARG_FILENAME, FIELD (provider), N_("NAME"),
      N_("only what this provider answered, in depth; --by=provider has the names") },
    { "color", 0, G_OPTION_ARG_FILENAME, FIELD (color), N_("WHEN"), N_("colours: auto (default), always or never") },
    { "fail-on", 0, G_OPTION_ARG_FILENAME, FIELD (fail_on), N_("LIMITS"),
      N_("exit 2 when a figure is higher: block>5%,unparsed>10,remove>1000 (types, decisions, events, recipients, unparsed)") },
    { "metrics", 0, G_OPTION_ARG_FILENAME, FIELD (metrics), N_("FILE"),
      N_("write how the run went, and the figures, for Prometheus; also when it fails") },
    { "decision", 0, G_OPTION_ARG_FILENAME, FIELD (decision), N_("WORD"),
      N_("which addresses: remove (default), inactive, pause, review, watch, keep, or several with commas") },
    { "profile", 0, G_OPTION_ARG_FILENAME, FIELD (profile), N_("NAME"),
      N_("the policy: default, seed, strict, or a file of your own") },
    { "column", 0, G_OPTION_ARG_FILENAME, FIELD (column), N_("NAME"), N_("the column of the address: its name or number") },
    { "delimiter", 0, G_OPTION_ARG_FILENAME, FIELD (delimiter), N_("CHAR"),
      N_("what stands between columns, or 'tab' (default: found)") },
    { "no-header", 0, G_OPTION_ARG_NONE, FIELD (no_header), NULL, N_("the first row is a row like others") },
    { "mark", 0, G_OPTION_ARG_NONE, FIELD (mark), NULL, N_("keep all rows and add columns with what is known") },
    { "dropped", 0, G_OPTION_ARG_FILENAME, FIELD (dropped), N_("FILE"), N_("write what was left out, and why, to FILE") },
    { "case-sensitive", 0, G_OPTION_ARG_NONE, FIELD (case_sensitive), NULL,
      N_("Ann@example.com is not ann@example.com") },
    { "top", 0, G_OPTION_ARG_INT, FIELD (top), N_("N"), N_("at most N rows of a table; 0 = all") },
    { "unparsed", 0, G_OPTION_ARG_NONE, FIELD (unparsed), NULL, N_("only the bounces that were not understood") },
    { "follow-cursor", 0, G_OPTION_ARG_FILENAME, FIELD (follow_cursor), N_("FILE"),
      N_("only what the state got since FILE was written; then write FILE") },
    { "since", 0, G_OPTION_ARG_FILENAME, FIELD (since), N_("TIME"),
      N_("only failures from then on: 2026-11-21, 2026-11-21T03:00:00Z, or 7d (h, d, w, y) ago") },
    { "until", 0, G_OPTION_ARG_FILENAME, FIELD (until), N_("TIME"), N_("only failures before then") },
    { "output", 'o', G_OPTION_ARG_FILENAME, FIELD (output), N_("FILE"),
      N_("write FILE, whole or not at all, instead of standard output") },
    { "state", 0, G_OPTION_ARG_FILENAME, FIELD (state), N_("FILE"),
      N_("the ledger: a file, or postgresql://… (default: $XDG_STATE_HOME/nixie/state.db)") },
    { "files-from", 0, G_OPTION_ARG_FILENAME, FIELD (files_from), N_("LIST"),
      N_("read the names of mail files from LIST, one a line (- = stdin)") },
    { "null", '0', G_OPTION_ARG_NONE, FIELD (nul), NULL, N_("names in LIST end in a NUL byte (find -print0)") },
    { "partial", 0, G_OPTION_ARG_FILENAME, FIELD (partial), N_("OUT"),
      N_("write a new state of this mail alone, to be merged: whole or not at all") },
    { "rules", 0, G_OPTION_ARG_FILENAME_ARRAY, FIELD (rules), N_("FILE"),
      N_("rules that are tried before the built-in ones (may be given again)") },
    { "mx-file", 0, G_OPTION_ARG_FILENAME, FIELD (mx_file), N_("FILE"),
      N_("which MX host serves which domain: \"domain<TAB>host\" lines (no DNS query is made)") },
    { "jobs", 'j', G_OPTION_ARG_INT, FIELD (jobs), N_("N"),
      N_("parse processes (default: one a core); 0 = none; the result is always the same") },
    { "no-formats", 0, G_OPTION_ARG_NONE, FIELD (no_formats), NULL, NULL },
    { "no-first-look", 0, G_OPTION_ARG_NONE, FIELD (no_first_look), NULL, NULL },
    { "full", 0, G_OPTION_ARG_NONE, FIELD (full), NULL, N_("read everything again; counts do not change by it") },
    { "dry-run", 'n', G_OPTION_ARG_NONE, FIELD (dry_run), NULL, N_("say what would be new, change nothing") },
    { "lock-wait", 0, G_OPTION_ARG_INT, FIELD (lock_wait), N_("SECS"), N_("wait so long for another run to end (0)") },
    { "confirm", 0, G_OPTION_ARG_NONE, FIELD (confirm), NULL, N_("publish what the guard would hold back") },
    { "guard", 0, G_OPTION_ARG_NONE, FIELD (guard), NULL, N_("hold the list back when it changes too much at once") },
    { "added", 0, G_OPTION_ARG_NONE, FIELD (added), NULL, N_("only who came to the list after --since") },
    { "removed", 0, G_OPTION_ARG_NONE, FIELD (removed), NULL, N_("only who was on the list at --since and is no more") },
    { "compare", 0, G_OPTION_ARG_FILENAME, FIELD (compare), N_("PROFILE"),
      N_("a table of the addresses on which another policy decides otherwise") },
    { "undo", 0, G_OPTION_ARG_NONE, FIELD (undo), NULL, N_("take it back") },
    { "summary", 0, G_OPTION_ARG_FILENAME, FIELD (summary), N_("FILE"), N_("what was done, as JSON, in FILE") },
    /* every verb */
    { "config", 'c', G_OPTION_ARG_FILENAME, FIELD (config), N_("FILE"), N_("configuration (default: $NIXIE_CONFIG)") },
    { "now", 0, G_OPTION_ARG_FILENAME, FIELD (now), N_("TIME"), N_("take this for the present moment") },
    { "lang", 0, G_OPTION_ARG_FILENAME, FIELD (lang), N_("LANGUAGE"),
      N_("the language of what people read: en, de, it, ja (default: that of the locale)") },
    { "quiet", 'q', G_OPTION_ARG_NONE, FIELD (quiet), NULL, N_("say nothing on success") },
    { "verbose", 'v', G_OPTION_ARG_NONE, FIELD (verbose), NULL, N_("say more") },
    { "help", 'h', G_OPTION_ARG_NONE, FIELD (help), NULL, N_("this text") },
};

static const char *const options_of_every_verb[] = { "config", "now", "lang", "quiet", "verbose", "help", NULL };

static gboolean
takes (const Verb *verb, const char *name)
{
    return g_strv_contains (options_of_every_verb, name) || (verb->options && g_strv_contains (verb->options, name));
}

gboolean
cmd_option_is_common (const CmdOption *option)
{
    return g_strv_contains (options_of_every_verb, option->name);
}

const CmdOption *
cmd_option (const Verb *verb, guint index)
{
    for (gsize i = 0; i < G_N_ELEMENTS (cmd_options); i++)
        if (takes (verb, cmd_options[i].name) && index-- == 0)
            return &cmd_options[i];
    return NULL;
}

static GOptionEntry *
make_entries (const Verb *verb, Options *options)
{
    GArray *entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));
    const CmdOption *option;
    for (guint i = 0; (option = cmd_option (verb, i)); i++) {
        GOptionEntry entry = { .long_name = option->name,
                               .short_name = option->letter,
                               .arg = option->kind,
                               .arg_data = (char *) options + option->field };
        g_array_append_val (entries, entry);
    }
    return (GOptionEntry *) (gpointer) g_array_free (entries, FALSE);
}

static const CmdOption *
option_of_letter (const Verb *verb, char letter)
{
    const CmdOption *option;
    for (guint i = 0; (option = cmd_option (verb, i)); i++)
        if (option->letter == letter)
            return option;
    return NULL;
}

static const CmdOption *
option_of_name (const Verb *verb, const char *name)
{
    const CmdOption *option;
    for (guint i = 0; (option = cmd_option (verb, i)); i++)
        if (g_str_equal (option->name, name))
            return option;
    return NULL;
}

/* The value that is written together with the letter it belongs to ("2" of "-qj2"); NULL = there is none, and then
 * *wants_next says whether the value is the next word. */
static const char *
attached_value (const Verb *verb, const char *word, gboolean *wants_next)
{
    *wants_next = FALSE;
    if (word[0] != '-' || !word[1])
        return NULL;
    if (word[1] == '-') {
        const CmdOption *option = option_of_name (verb, word + 2);
        *wants_next = option && option->kind != G_OPTION_ARG_NONE;
        return NULL;
    }
    for (const char *letter = word + 1; *letter; letter++) {
        const CmdOption *option = option_of_letter (verb, *letter);
        if (!option || option->kind == G_OPTION_ARG_NONE)
            continue;
        *wants_next = !letter[1];
        return letter[1] ? letter + 1 : NULL;
    }
    return NULL;
}

/* GOption takes the value of a letter from the next word only: "-j2" and "-ofile", which every getopt program takes,
 * become two words. A word that is itself a value stays as it is, and so does what stands behind "--". */
static char **
separate_values (const Verb *verb, char *const *words)
{
    g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
    gboolean open = TRUE, is_value = FALSE;
    for (; *words; words++) {
        gboolean wants_next = FALSE;
        const char *value = open && !is_value ? attached_value (verb, *words, &wants_next) : NULL;
        if (open && !is_value && g_str_equal (*words, "--"))
            open = FALSE;
        if (value) {
            g_autofree char *letters = g_strndup (*words, (gsize) (value - *words));
            g_strv_builder_add (builder, letters);
            g_strv_builder_add (builder, value);
        } else {
            g_strv_builder_add (builder, *words);
        }
        is_value = wants_next;
    }
    return g_strv_builder_end (builder);
}

/* Edit distance (Levenshtein), small words only. */
static guint
distance (const char *a, const char *b)
{
    enum { LONGEST = 32 };
    guint row[LONGEST + 1];
    gsize length_a = strlen (a), length_b = strlen (b);
    if (length_a > LONGEST || length_b > LONGEST)
        return G_MAXUINT;
    for (guint j = 0; j <= length_b; j++)
        row[j] = j;
    for (guint i = 1; i <= length_a; i++) {
        guint diagonal = row[0];
        row[0] = i;
        for (guint j = 1; j <= length_b; j++) {
            guint change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = MIN (change, MIN (row[j], row[j - 1]) + 1);
        }
    }
    return row[length_b];
}

const char *
cmd_nearest (const char *typed, const char *const *words)
{
    const char *best = NULL;
    guint length = (guint) strlen (typed);
    guint least = MIN (MAX (2, length / 3) + 1, length); /* further away is another word */
    for (; *words; words++) {
        guint d = distance (typed, *words);
        if (d < least) {
            least = d;
            best = *words;
        }
    }
    return best;
}

/* Which argument GOption stumbled over is only in its message; the option that nobody knows is found again here. */
static gboolean
set_unknown_option (const Verb *verb, char *const *argv, GError **error)
{
    g_autoptr (GPtrArray) names = g_ptr_array_new ();
    const CmdOption *option;
    for (guint i = 0; (option = cmd_option (verb, i)); i++)
        g_ptr_array_add (names, (gpointer) option->name);
    g_ptr_array_add (names, NULL);
    for (char *const *argument = argv; *argument && !g_str_equal (*argument, "--"); argument++) {
        if (!g_str_has_prefix (*argument, "--"))
            continue;
        g_autofree char *name = g_strndup (*argument + 2, strcspn (*argument + 2, "="));
        if (g_strv_contains ((const char *const *) names->pdata, name))
            continue;
        const char *nearest = cmd_nearest (name, (const char *const *) names->pdata);
        if (nearest)
            g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "%s has no option --%s; did you mean --%s?", verb->name,
                         name, nearest);
        else
            g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "%s has no option --%s; see 'nixie help %s'", verb->name,
                         name, verb->name);
        return TRUE;
    }
    return FALSE;
}

static gboolean
check_values (const Verb *verb, const Options *options, GError **error)
{
    guint n = g_strv_length (options->arguments);
    const char *negative = options->top < -1                                      ? "--top"
                           : options->jobs < 0 && options->jobs != JOBS_NOT_GIVEN ? "--jobs"
                           : options->lock_wait < 0                               ? "--lock-wait"
                                                                                  : NULL;
    g_autofree char *problem = options->fail_on ? threshold_problem (options->fail_on) : NULL;
    if (options->help)
        return TRUE;
    if (problem)
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "--fail-on: '%s' is no limit like block>5%% or unparsed>10",
                     problem);
    else if (negative)
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "%s cannot be negative", negative);
    else if (options->nul && !options->files_from)
        g_set_error_literal (error, APP_ERROR, APP_ERROR_USAGE, "-0 says how --files-from is read, which is missing");
    else if (n < verb->least && !(verb->words != CMD_MANY && n >= verb->words && options->files_from))
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "%s wants %s; see 'nixie help %s'", verb->name,
                     verb->arguments, verb->name);
    else if (n > verb->most)
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "%s does not want '%s'; see 'nixie help %s'", verb->name,
                     options->arguments[verb->most], verb->name);
    else
        return TRUE;
    return FALSE;
}

gboolean
cmd_decisions_parse (const char *text, guint *decisions, GError **error)
{
    g_autofree char *bad = NULL;
    if (decisions_parse (text, decisions, &bad))
        return TRUE;
    g_set_error (error, APP_ERROR, APP_ERROR_USAGE,
                 "--decision: '%s' is none of remove, inactive, pause, review, watch, keep", bad);
    return FALSE;
}

Options *
cmd_option_parse (const Verb *verb, int argc, char **argv, GError **error)
{
    g_autoptr (Options) options = options_new ();
    g_autofree GOptionEntry *entries = make_entries (verb, options);
    g_autoptr (GOptionContext) context = g_option_context_new (NULL);
    g_autoptr (GError) failure = NULL;
    g_auto (GStrv) words = argc > 0 ? separate_values (verb, argv + 1) : g_new0 (char *, 1);
    g_option_context_set_help_enabled (context, FALSE);
    g_option_context_add_main_entries (context, entries, NULL);
    g_auto (GStrv) rest = g_strdupv (words);
    if (!g_option_context_parse_strv (context, &rest, &failure)) {
        if (failure->code != G_OPTION_ERROR_UNKNOWN_OPTION || !set_unknown_option (verb, words, error))
            g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "%s: %s; see 'nixie help %s'", verb->name,
                         failure->message, verb->name);
        return NULL;
    }
    /* rest[0] is the verb, what is left is no option; "--" itself is no argument. */
    g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
    gboolean open = TRUE;
    guint n;
    for (char **word = rest[0] ? rest + 1 : rest; *word; word++) {
        if (open && g_str_equal (*word, "--"))
            open = FALSE;
        else
            g_ptr_array_add (arguments, g_strdup (*word));
    }
    g_ptr_array_add (arguments, NULL);
    options->arguments = (char **) g_ptr_array_free (g_steal_pointer (&arguments), FALSE);
    n = g_strv_length (options->arguments);
    options->paths = options->arguments + MIN (n, verb->words);
    return check_values (verb, options, error) ? g_steal_pointer (&options) : NULL;
}
