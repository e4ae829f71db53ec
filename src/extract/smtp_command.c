/* SPDX-License-Identifier: MIT */
#include "extract/smtp_command.h"

#include <string.h>

/* The words that stand before the name of a command where a report says that it failed there. */
static const char *const leaders[] = {
    "in reply to ",                                      /* Postfix */
    "error from remote mail server after ",              /* Exim */
    "error from remote mailer after ",                   /* Exim 3 */
    "rejected after ", "temporary rejection after ", "while sending ", "while performing the ",
    "timed out during ", "timeout after ", "lost connection after ", "in response to ",
};

static const struct {
    const char *words;
    const char *command;
} commands[] = {
    {"end of data", "DATA"},   {"data", "DATA"},         {"message body", "DATA"},      {"rcpt", "RCPT"},
    {"recipient", "RCPT"},     {"mail from", "MAIL"},    {"mail", "MAIL"},              {"helo", "HELO"},
    {"ehlo", "EHLO"},          {"starttls", "STARTTLS"}, {"auth", "AUTH"},              {"quit", "QUIT"},
    {"initial connection", "CONN"}, {"connection", "CONN"}, {"connect", "CONN"},        {"initial greeting", "CONN"},
    {"bdat", "DATA"},          {"lhlo", "EHLO"},         {"initial server greeting", "CONN"},
};

static const char *
command_at (const char *text)
{
    static const char *const fillers[] = {"pipelined ", "sending ", "the ", "smtp "};
    for (guint i = 0; i < G_N_ELEMENTS (fillers); i++)
        if (text_has_prefix (text, fillers[i]))
            text += strlen (fillers[i]);
    for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
        if (text_has_prefix (text, commands[i].words))
            return commands[i].command;
    return "";
}

gboolean
smtp_command_wants_recipient (Span answer)
{
    static const char *const words[] = {"need rcpt", "no valid recipient", "rcpt first", "no recipient",
                                        "rcpt command must"};

    if (!span_has_prefix (answer, "503") && !span_has_prefix (answer, "554"))
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS (words); i++)
        if (text_find_length (answer.at, answer.length, words[i]))
            return TRUE;
    return FALSE;
}

gboolean
smtp_command_is_rcpt_summary (Span line)
{
    return line.length > 4 && line.at[0] == '5' && text_find_length (line.at, line.length, "... user unknown") != NULL;
}

/* A line behind the refusal tells that it was an answer to RCPT. */
static gboolean
was_sent_ahead (const char *refusal)
{
    Span rest = span_of (refusal), line;
    while (text_next_line (&rest, &line)) {
        line = span_trim (line);
        if (span_has_prefix (line, "<<< "))
            line = span (line.at + 4, line.length - 4);
        else if (smtp_command_is_rcpt_summary (line))
            return TRUE;
        if (span_has_prefix (line, ">>> "))
            return FALSE;
        if (smtp_command_wants_recipient (line))
            return TRUE;
    }
    return FALSE;
}

const char *
smtp_command_of_dialogue (const char *text)
{
    /* the last ">>> " before the first "<<< 4…" or "<<< 5…" */
    const char *refusal = NULL;
    for (const char *at = text; (at = strstr (at, "<<< ")); at += 4)
        if (at[4] == '4' || at[4] == '5') {
            refusal = at;
            break;
        }
    const char *command = "";
    for (const char *at = text; refusal && (at = strstr (at, ">>> ")) && at < refusal; at += 4)
        if (*command_at (at + 4))
            command = command_at (at + 4);
    return strcmp (command, "DATA") == 0 && was_sent_ahead (refusal) ? "RCPT" : command;
}

const char *
smtp_command_find (const char *text)
{
    for (guint i = 0; i < G_N_ELEMENTS (leaders); i++)
        for (const char *at = text; (at = text_find (at, leaders[i]));) {
            at += strlen (leaders[i]);
            const char *command = command_at (at);
            if (*command)
                return command;
        }
    const char *command = smtp_command_of_dialogue (text);
    if (*command)
        return command;
    /* No connection, no command. */
    if (text_find (text, "refused to talk to me") || text_find (text, "connect to ") ||
        text_find (text, "connection refused") ||
        text_find (text, "retry time not reached for any host"))
        return text_find (text, "said: ") ? "" : "CONN";
    return "";
}
