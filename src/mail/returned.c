/* SPDX-License-Identifier: MIT */
#include "mail/returned.h"

#include "base/ascii.h"
#include "mail/headers.h"

#include <string.h>

/* Words of a marker line, in lower case without the dashes around them. `sure`: nobody writes this line above anything
 * but the copy, so headers are not asked for. The others need header lines behind them. */
static const struct {
    const char *words;
    gboolean sure;
} markers[] = {
    /* English */
    {"below this line is a copy of the message", TRUE},
    {"below the next line is a copy of the message", TRUE},
    {"this is a copy of the message, including all the headers", TRUE},
    {"this is a copy of your message, including all the headers", TRUE},
    {"this is a copy of the message's headers", TRUE},
    {"this is a copy of your message's headers", TRUE},
    {"this is a copy of the headers", TRUE},
    {"the body of the message is", FALSE},
    {"enclosed is a copy of the message", TRUE},
    {"a copy of the message is below", TRUE},
    {"a copy of your message", FALSE},
    {"copy of the original message", FALSE},
    {"copy of your message", FALSE},
    {"original message follows", TRUE},
    {"original mail as follows", TRUE},
    {"original message as follows", TRUE},
    {"original message header", FALSE},
    {"original message headers", FALSE},
    {"original mail header", FALSE},
    {"original headers", FALSE},
    {"original message", FALSE},
    {"original mail", FALSE},
    {"begin original message", FALSE},
    {"start of original message", FALSE},
    {"the original message follows", TRUE},
    {"the original message is", FALSE},
    {"the original message was", FALSE},
    {"the following is the original message", TRUE},
    {"following is the original message", TRUE},
    {"here is your original message", FALSE},
    {"the header of the original message is following", TRUE},
    {"the headers of the original message", FALSE},
    {"header of the original message", FALSE},
    {"header of the message", FALSE},
    {"headers of the message", FALSE},
    {"message header follows", FALSE},
    {"message headers follow", FALSE},
    {"message header", FALSE},
    {"message headers", FALSE},
    {"returned message", FALSE},
    {"returned mail", FALSE},
    {"returned message follows", TRUE},
    {"undelivered message", FALSE},
    {"undelivered message follows", TRUE},
    {"unsent message", FALSE},
    {"unsent message below", TRUE},
    {"unsent message follows", TRUE},
    {"unsent message headers follow", TRUE},
    {"your message follows", TRUE},
    {"your message reads", FALSE},
    {"your original message", FALSE},
    {"message text follows", FALSE},
    {"message follows", FALSE},
    {"message in error", FALSE}, /* LISTSERV */
    {"rejected message", FALSE},
    {"forwarded message", FALSE},
    /* German */
    {"originalnachricht", FALSE},
    {"ursprüngliche nachricht", FALSE},
    {"urspruengliche nachricht", FALSE},
    {"nachrichtenkopf", FALSE},
    {"kopfzeilen der nachricht", FALSE},
    /* French, Italian, Spanish, Portuguese, Dutch, Polish */
    {"message original", FALSE},
    {"message d'origine", FALSE},
    {"en-têtes du message", FALSE},
    {"messaggio originale", FALSE},
    {"mensaje original", FALSE},
    {"mensagem original", FALSE},
    {"oorspronkelijk bericht", FALSE},
    {"oryginalna wiadomość", FALSE},
    /* Russian */
    {"исходное сообщение", FALSE},
    /* Japanese, Chinese, Korean */
    {"以下は元のメッセージです", FALSE},
    {"元のメッセージ", FALSE},
    {"元のメール", FALSE},
    {"送信されたメール", FALSE},
    {"オリジナルメッセージ", FALSE},
    {"メールヘッダ", FALSE},
    {"原始邮件", FALSE},
    {"原邮件", FALSE},
    {"原始郵件", FALSE},
    {"원본 메시지", FALSE},
};

/* Fields that a transported message has and that nobody quotes in a sentence. */
static const char *const transport_fields[] = {
    "Received",      "Return-Path",   "Message-ID", "MIME-Version",    "Content-Type",    "Content-Transfer-Encoding",
    "DKIM-Signature", "X-Mailer",     "User-Agent", "Delivered-To",    "Received-SPF",    "Authentication-Results",
    "In-Reply-To",   "References",    "List-Unsubscribe", "List-Id",   "X-Originating-IP", "ARC-Seal",
    "Domainkey-Signature",
};
static const char *const letter_fields[] = {"From", "To", "Subject", "Date", "Reply-To", "Cc", "Sender"};
/* Fields of reports: a block with one of these is the report. */
static const char *const report_fields[] = {
    "Final-Recipient", "Original-Recipient", "Reporting-MTA", "Diagnostic-Code", "Action", "Status", "Remote-MTA",
    "Failed-Recipient", "Feedback-Type", "Last-Attempt-Date",
};

#define MOST_BLANK_LINES 4 /* between a marker and the headers */
#define LONGEST_MARKER 120
#define MOST_BEHIND 40
#define MOST_FIELDS 60 /* of a block are looked at: enough to know it */

static gboolean
is_one_of (Span name, const char *const *names, gsize n_names)
{
    for (gsize i = 0; i < n_names; i++)
        if (span_equal (name, names[i]))
            return TRUE;
    return FALSE;
}

typedef struct {
    guint fields, transport, letter, report;
} Block;

/* The header lines from here to the blank line; none when a line among the first is no header line. */
static Block
look_at_block (Span rest)
{
    Block block = {0};
    Span line;

    while (text_next_line (&rest, &line) && line.length > 0) {
        gsize length = headers_name_length (line);
        Span name = span (line.at, length);
        if (length == 0) {
            if (line.at[0] == ' ' || line.at[0] == '\t' || headers_is_from_line (line))
                continue;
            if (block.fields < 3)
                return (Block){0};
            break;
        }
        block.fields++;
        block.transport += is_one_of (name, transport_fields, G_N_ELEMENTS (transport_fields));
        block.letter += is_one_of (name, letter_fields, G_N_ELEMENTS (letter_fields));
        block.report += is_one_of (name, report_fields, G_N_ELEMENTS (report_fields));
        if (block.fields >= MOST_FIELDS)
            break;
    }
    return block;
}

/* Blank lines skipped, at most a few. */
static Span
skip_blank_lines (Span rest)
{
    Span after = rest, line;

    for (guint i = 0; i < MOST_BLANK_LINES && text_next_line (&after, &line); i++) {
        if (span_trim (line).length > 0)
            break;
        rest = after;
    }
    return rest;
}

static gboolean
is_dash (char byte)
{
    return byte != '\0' && strchr ("-=*_~#+>|<[](): \t.", byte) != NULL;
}

/* The line without the decoration around its words; TRUE when there was some on the left, or it ends with ":". */
static gboolean
undecorate (Span *line)
{
    gsize left = 0;
    gboolean colon = FALSE;

    while (line->length > 0 && is_dash (line->at[0])) {
        left += line->at[0] != ' ' && line->at[0] != '\t';
        line->at++;
        line->length--;
    }
    while (line->length > 0 && is_dash (line->at[line->length - 1])) {
        colon = colon || line->at[line->length - 1] == ':';
        line->length--;
    }
    return left > 0 || colon;
}

static gboolean
is_marker (Span line, gboolean *sure)
{
    gboolean decorated;

    if (line.length > LONGEST_MARKER || line.length == 0)
        return FALSE;
    decorated = undecorate (&line);
    for (gsize i = 0; i < G_N_ELEMENTS (markers); i++) {
        gsize length;
        if (line.length == 0 || ascii_lower (line.at[0]) != markers[i].words[0])
            continue;
        length = strlen (markers[i].words);
        if (line.length < length || !span_has_prefix (line, markers[i].words))
            continue;
        /* What follows the words may only be short: "… the original message (truncated)". */
        if (line.length > length && (g_ascii_isalnum (line.at[length]) || line.length > length + MOST_BEHIND))
            continue;
        if (markers[i].sure || decorated) {
            *sure = markers[i].sure;
            return TRUE;
        }
    }
    return FALSE;
}

/* Three or more of one sign, words allowed between: "-----", "=== Transcript ===". */
static gboolean
is_separator (Span line)
{
    line = span_trim (line);
    return line.length == 0 || (line.length >= 3 && strchr ("-=*_~#", line.at[0]) && line.at[1] == line.at[0] &&
                                line.at[2] == line.at[0]);
}

/* A copy's header block: the fields of a letter and of its transport, none of a report. */
static gboolean
is_copy (const Block *block)
{
    return block->fields >= 3 && block->report == 0 && block->transport >= 1 && block->letter >= 1 &&
           block->transport + block->letter >= 3;
}

gboolean
returned_starts (Span text)
{
    Block block = look_at_block (skip_blank_lines (text));

    return is_copy (&block);
}

gboolean
returned_find (Span text, gboolean separated, ReturnedCopy *copy)
{
    Span rest = text, line;

    while (rest.length > 0) {
        Span here = rest;
        gboolean sure = FALSE;
        text_next_line (&rest, &line);
        if (separated && headers_name_length (line) > 0) {
            Block block = look_at_block (here);
            if (is_copy (&block)) {
                copy->report_end = copy->copy_start = (gsize) (here.at - text.at);
                return TRUE;
            }
        }
        if (is_marker (line, &sure)) {
            Span behind = skip_blank_lines (rest);
            Block block = look_at_block (behind);
            if (sure || (block.fields >= 2 && block.letter + block.transport >= 2 && block.report == 0)) {
                copy->report_end = (gsize) (here.at - text.at);
                copy->copy_start = (gsize) (behind.at - text.at);
                return TRUE;
            }
        }
        separated = (is_separator (line) && headers_name_length (line) == 0) ||
                    (separated && headers_is_from_line (line));
    }
    return FALSE;
}
