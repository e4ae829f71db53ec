/* SPDX-License-Identifier: MIT */
#include "cmd/cmd_help.h"

#include <string.h>

#include "app/output.h"
#include "cmd/cmd_help_formats.h"
#include "cmd/cmd_option.h"

#define OPTION_COLUMN 26
#define HELP_WIDTH 79

static void
append_wrapped (GString *out, const char *text, guint indent)
{
    guint column = indent;
    g_auto (GStrv) words = g_strsplit (text, " ", -1);
    for (char **word = words; *word; word++) {
        guint length = (guint) g_utf8_strlen (*word, -1);
        if (column > indent && column + 1 + length > HELP_WIDTH) {
            g_string_append_printf (out, "\n%*s", (int) indent, "");
            column = indent;
        } else if (column > indent) {
            g_string_append_c (out, ' ');
            column++;
        }
        g_string_append (out, *word);
        column += length;
    }
    g_string_append_c (out, '\n');
}

static void
append_option (GString *out, const CmdOption *option)
{
    g_autoptr (GString) left = g_string_new ("  ");
    if (option->letter)
        g_string_append_printf (left, "-%c, ", option->letter);
    else
        g_string_append (left, "    ");
    g_string_append_printf (left, "--%s", option->name);
    if (option->argument)
        g_string_append_printf (left, "=%s", option->argument);
    g_string_append (out, left->str);
    if (left->len >= OPTION_COLUMN)
        g_string_append_printf (out, "\n%*s", OPTION_COLUMN, "");
    else
        g_string_append_printf (out, "%*s", (int) (OPTION_COLUMN - left->len), "");
    append_wrapped (out, option->text, OPTION_COLUMN);
}

char *
cmd_help_of_verb (const Verb *verb)
{
    GString *out = g_string_new (NULL);
    const CmdOption *option;
    g_string_append_printf (out, "Usage: nixie %s [OPTION…]%s%s\n\n%s\n", verb->name, *verb->arguments ? " " : "",
                            verb->arguments, verb->text);
    g_string_append (out, "\nOptions:\n");
    for (guint i = 0; (option = cmd_option (verb, i)); i++)
        if (option->text)
            append_option (out, option);
    g_string_append (out, "\nExamples:\n");
    g_auto (GStrv) examples = g_strsplit (verb->examples, "\n", -1);
    for (char **example = examples; *example; example++)
        g_string_append_printf (out, "  %s\n", *example);
    return g_string_free (out, FALSE);
}

char *
cmd_help_of_all (void)
{
    GString *out = g_string_new ("Usage: nixie VERB [OPTION…] [ARGUMENT…]\n\n"
                                 "Reads bounce mail (mbox, Maildir, .eml, compressed or in archives) and says whom to "
                                 "stop\nwriting to, whom to pause, whom to leave alone, and why.\n\nVerbs:\n");
    const Verb *verb;
    for (guint i = 0; (verb = cmd_verb (i)); i++)
        g_string_append_printf (out, "  %-10s%s\n", verb->name, verb->summary);
    g_string_append (out, "\n'nixie help VERB' tells more. Begin with:\n  nixie report ~/Maildir/.bounces\n");
    return g_string_free (out, FALSE);
}

/* NULL when there is no such format. */
static char *
other_format (const char *format)
{
    if (g_str_equal (format, "mdoc"))
        return cmd_help_mdoc ();
    if (g_str_equal (format, "bash"))
        return cmd_help_bash ();
    return g_str_equal (format, "zsh") ? cmd_help_zsh () : NULL;
}

static gboolean
run_help (App *app, ExitStatus *status, GError **error)
{
    const char *name = app->options->arguments[0];
    const Verb *verb = name ? cmd_find (name) : NULL;
    (void) status;
    if (name && !verb) {
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "there is no verb '%s'; 'nixie help' lists them", name);
        return FALSE;
    }
    const char *format = app->options->format;
    g_autofree char *text = format ? other_format (format) : verb ? cmd_help_of_verb (verb) : cmd_help_of_all ();
    if (!text || (format && name)) {
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "--format: '%s' is none of mdoc, bash, zsh, which tell all verbs",
                     format);
        return FALSE;
    }
    g_autoptr (Output) output = output_open (NULL, error);
    if (!output)
        return FALSE;
    writer_puts (output_writer (output), text);
    return output_close (output, error);
}

static const char *const help_options[] = { "format", NULL };

const Verb cmd_help = {
    .name = "help",
    .arguments = "[VERB]",
    .summary = "this list, or all about one verb",
    .text = "Lists the verbs, or tells what one of them does and which options it has.\n"
            "--format=mdoc, bash or zsh writes the same for the manual and for the completion of\n"
            "shells.",
    .options = help_options,
    .examples = "nixie help\nnixie help report\nnixie help --format=bash >~/.local/share/bash-completion/completions/nixie",
    .words = CMD_MANY,
    .most = 1,
    .run = run_help,
};
