/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/code_lookup.h"
#include "app/output.h"
#include "app/terminal.h"
#include "base/i18n.h"
#include "cmd/cmd.h"

typedef struct {
    const Tables *tables;
    Arena *arena;
    Writer *writer;
    CodeTextOptions text;
    gboolean json;
} Answering;

static void
answer_line (Answering *answering, const char *line)
{
    CodeAnswer answer;
    arena_clear (answering->arena);
    code_lookup (answering->tables, line, answering->arena, &answer);
    if (answering->json)
        code_json_write (answering->writer, &answer);
    else
        code_text_write (answering->writer, &answer, &answering->text);
}

static gboolean
answer_stdin (Answering *answering, GError **error)
{
    char *line = NULL;
    size_t size = 0;
    gboolean first = TRUE;
    while (getline (&line, &size, stdin) >= 0 && !writer_failed (answering->writer)) {
        if (!*g_strstrip (line))
            continue;
        if (!first && !answering->json)
            writer_putc (answering->writer, '\n');
        first = FALSE;
        answer_line (answering, line);
    }
    free (line);
    if (!ferror (stdin))
        return TRUE;
    g_set_error_literal (error, APP_ERROR, APP_ERROR_IO, "cannot read standard input");
    return FALSE;
}

static gboolean
parse_format (const char *word, gboolean *json, GError **error)
{
    *json = word && g_str_equal (word, "json");
    if (!word || *json || g_str_equal (word, "text"))
        return TRUE;
    g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "--format: '%s' is none of text, json", word);
    return FALSE;
}

static gboolean
run_code (App *app, ExitStatus *status, GError **error)
{
    Answering answering = { 0 };
    Terminal terminal;
    (void) status;
    if (!parse_format (app->options->format, &answering.json, error))
        return FALSE;
    g_autoptr (Arena) arena = arena_new ();
    answering.tables = app_tables (app, error);
    g_autoptr (Output) output = answering.tables ? output_open (app->options->output, error) : NULL;
    if (!output)
        return FALSE;
    terminal_init (&terminal, app->options->output != NULL);
    answering.arena = arena;
    answering.writer = output_writer (output);
    answering.text = (CodeTextOptions){ terminal.width, terminal.colour, terminal.unicode };
    if (app->options->arguments[0]) {
        g_autofree char *line = g_strjoinv (" ", app->options->arguments);
        answer_line (&answering, line);
    } else if (!answer_stdin (&answering, error)) {
        return FALSE;
    }
    return output_close (output, error);
}

static const char *const code_options[] = { "format", "output", "rules", NULL };

const Verb cmd_code = {
    .name = "code",
    .arguments = N_("[WORDS…]"),
    .summary = N_("what a code or a server's answer means, and what to do"),
    .text = N_("Explains an enhanced status (4.2.1), a reply (550) or a whole answer of a mail server: what "
               "it means, hard or soft, and what to do. Without WORDS, lines are read from standard input. "
               "Formats: text, json (one object a line)."),
    .examples = "nixie code 4.2.1\n"
                "nixie code '550 5.7.1 Unauthenticated email is not accepted'\n"
                "grep -h status=bounced /var/log/mail.log | nixie code",
    .options = code_options,
    .words = CMD_MANY,
    .most = CMD_MANY,
    .run = run_code,
};
