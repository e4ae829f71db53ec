/* SPDX-License-Identifier: MIT */
#include "cmd/cmd_help.h"

#include <string.h>

#include "app/output.h"
#include "base/arena.h"
#include "base/i18n.h"
#include "base/writer.h"
#include "cmd/cmd_help_formats.h"
#include "cmd/cmd_option.h"
#include "report/columns.h"

#define OPTION_COLUMN 26
#define VERB_COLUMN 12
#define EXAMPLE_COLUMN 2
#define HELP_WIDTH 79

/* --- a page of help: columns are those of a terminal, where Japanese characters are two wide -------------------------- */

typedef struct {
    GString *text;
    Page page;
} Help;

static void
help_begin (Help *help)
{
    help->text = g_string_new (NULL);
    help->page = (Page){ .writer = writer_new_string (help->text), .arena = arena_new (), .unicode = TRUE,
                         .width = HELP_WIDTH };
}

static char *
help_end (Help *help)
{
    writer_close (help->page.writer, NULL);
    arena_free (help->page.arena);
    return g_string_free (help->text, FALSE);
}

static void
put_title (Help *help, const char *title)
{
    page_end (&help->page);
    page_text (&help->page, INK_PLAIN, title);
    page_end (&help->page);
}

/* A word and, from `column` on, what it means: on the next line where the word is too long. */
static void
put_entry (Help *help, const char *word, guint column, const char *text)
{
    guint width = columns_of (word);
    page_text (&help->page, INK_PLAIN, word);
    if (width >= column)
        page_end (&help->page);
    page_spaces (&help->page, width >= column ? column : column - width);
    page_wrap (&help->page, INK_PLAIN, text, column, 0);
}

static void
put_lines (Help *help, const char *lines, guint indent)
{
    g_auto (GStrv) split = g_strsplit (lines, "\n", -1);
    for (char **line = split; *line; line++) {
        page_spaces (&help->page, indent);
        page_text (&help->page, INK_PLAIN, *line); /* commands and file names: never broken */
        page_end (&help->page);
    }
}

static void
put_paragraphs (Help *help, const char *text)
{
    g_auto (GStrv) paragraphs = g_strsplit (text, "\n", -1);
    for (char **paragraph = paragraphs; *paragraph; paragraph++)
        page_wrap (&help->page, INK_PLAIN, *paragraph, 0, 0);
}

static void
put_option (Help *help, const CmdOption *option)
{
    g_autoptr (GString) left = g_string_new ("  ");
    if (option->letter)
        g_string_append_printf (left, "-%c, ", option->letter);
    else
        g_string_append (left, "    ");
    g_string_append_printf (left, "--%s", option->name);
    if (option->argument)
        g_string_append_printf (left, "=%s", _(option->argument));
    put_entry (help, left->str, OPTION_COLUMN, _(option->text));
}

static void
put_formats (Help *help, const Verb *verb)
{
    const char *name, *text;
    put_title (help, _("Formats:"));
    for (guint i = 0; (name = verb->format (i, &text)); i++) {
        g_autofree char *left = g_strdup_printf ("  %s", name);
        put_entry (help, left, OPTION_COLUMN, text);
    }
}

char *
cmd_help_of_verb (const Verb *verb)
{
    Help help;
    const CmdOption *option;
    help_begin (&help);
    page_text (&help.page, INK_PLAIN, _("Usage:"));
    page_text (&help.page, INK_PLAIN, arena_printf (help.page.arena, " nixie %s %s", verb->name, _("[OPTION…]")));
    if (*verb->arguments)
        page_text (&help.page, INK_PLAIN, arena_printf (help.page.arena, " %s", _(verb->arguments)));
    page_end (&help.page);
    page_end (&help.page);
    put_paragraphs (&help, _(verb->text));
    if (verb->verbatim)
        put_lines (&help, verb->verbatim, EXAMPLE_COLUMN);
    if (verb->format)
        put_formats (&help, verb);
    put_title (&help, _("Options:"));
    for (guint i = 0; (option = cmd_option (verb, i)); i++)
        if (option->text)
            put_option (&help, option);
    put_title (&help, _("Examples:"));
    put_lines (&help, verb->examples, EXAMPLE_COLUMN);
    return help_end (&help);
}

char *
cmd_help_of_all (void)
{
    Help help;
    const Verb *verb;
    help_begin (&help);
    page_text (&help.page, INK_PLAIN, _("Usage:"));
    page_text (&help.page, INK_PLAIN, arena_printf (help.page.arena, " nixie %s", _("VERB [OPTION…] [ARGUMENT…]")));
    page_end (&help.page);
    page_end (&help.page);
    put_paragraphs (&help, _("Reads bounce mail (mbox, Maildir, .eml, compressed or in archives) and says whom to stop "
                              "writing to, whom to pause, whom to leave alone, and why."));
    put_title (&help, _("Verbs:"));
    for (guint i = 0; (verb = cmd_verb (i)); i++) {
        g_autofree char *left = g_strdup_printf ("  %s", verb->name);
        put_entry (&help, left, VERB_COLUMN, _(verb->summary));
    }
    put_title (&help, _("'nixie help VERB' tells more. Begin with:"));
    put_lines (&help, "nixie report ~/Maildir/.bounces", EXAMPLE_COLUMN);
    return help_end (&help);
}

/* NULL when there is no such format. */
static char *
other_format (const char *format)
{
    i18n_use (NULL, 0); /* the manual is English, and so is what a shell shows: made once, for everybody */
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
    .arguments = N_("[VERB]"),
    .summary = N_("this list, or all about one verb"),
    .text = N_("Lists the verbs, or tells what one of them does and which options it has.\n"
               "--format=mdoc, bash or zsh writes the same for the manual and for the completion of shells."),
    .options = help_options,
    .examples = "nixie help\nnixie help report\nnixie help --format=bash >~/.local/share/bash-completion/completions/nixie",
    .words = CMD_MANY,
    .most = 1,
    .run = run_help,
};
