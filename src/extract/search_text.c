/* SPDX-License-Identifier: MIT */
/* The general reader's second half: what the report says about somebody who was found to have failed. */
#include "base/limits.h"
#include "event/address.h"
#include "extract/common.h"
#include "extract/recipient_text.h"
#include "extract/search.h"
#include "extract/smtp_command.h"
#include "extract/status.h"

#include <string.h>

#define MAX_FAILING_LINES 3
#define SENTENCE 20 /* bytes from which a line is more than a heading */

/* An address stands near the start of the line, and no failure is told. */
static gboolean
names_somebody (Search *search, Span line)
{
    Span rest = line, head = search_without_marks (line);

    return memchr (head.at, '@', MIN (head.length, 64)) != NULL && !search_tells_failure (search, line) &&
           address_find (search->arena, &rest) != NULL;
}

/* The line begins with the address of another one who failed: "b@c 552 mailbox full". */
static gboolean
is_of_another (Search *search, Span line, const char *address)
{
    Span head = search_without_marks (line);

    for (guint i = 0; i < search->named->len; i++) {
        const char *other = g_ptr_array_index (search->named, i);

        if (!text_equal (other, address) && span_has_prefix (head, other))
            return TRUE;
    }
    return FALSE;
}

/* What stands behind the address in its line and below it: to the blank line, over one
 * blank line when that is nothing. */
static const char *
statement_about (Search *search, const char *address)
{
    g_autoptr (GString) text = g_string_new (NULL);
    gboolean inside = FALSE, gap = FALSE;

    for (guint i = 0; i < search->report.n_lines && text->len < LIMIT_DIAGNOSTIC; i++) {
        Span line = search->report.lines[i].text, rest;
        const char *found = line.length == 0 ? NULL : text_find_length (line.at, line.length, address);

        if (!inside) {
            if (found == NULL || search_is_mention (search, line))
                continue;
            inside = TRUE;
            if (!span_has_prefix (search_without_marks (line), address) && search_tells_failure (search, line)) {
                g_string_append_len (text, line.at, (gssize) line.length); /* "mailbox is full: <a@b>" */
                continue;
            }
            rest = span (found + strlen (address), (gsize) (line.at + line.length - found) - strlen (address));
            while (rest.length > 0 && strchr (">)]\"':;,. ", rest.at[0]) != NULL)
                rest = span (rest.at + 1, rest.length - 1);
        } else if (span_equal (line, "--")) { /* NOLINT(bugprone-branch-clone): another reason */
            break; /* whose mail it is */
        } else if (line.length == 0) {
            if (search_ends_in_colon (span (text->str, text->len)))
                g_string_truncate (text, 0); /* "because:", the reason below it */
            else if (text->len > 0 || gap)
                break;
            gap = TRUE;
            continue;
        } else if (search_is_other_field (line) && !search_tells_failure (search, line)) {
            continue; /* "Subject: …" of what came back */
        } else if (found == NULL && (names_somebody (search, line) || is_of_another (search, line, address))) {
            break; /* the next one of a list */
        } else {
            rest = line;
        }
        if (rest.length > 0)
            g_string_append_printf (text, "%s%.*s", text->len > 0 ? " " : "", (int) rest.length, rest.at);
    }
    return text_one_line (search->arena, text->str, (gssize) text->len, LIMIT_DIAGNOSTIC);
}

/* "(expanded from: <a@b>)", "(generated from a@b)", in his line or in one of the next three: the address that was
 * written to. "" when it is this one. */
static const char *
origin_of (Search *search, const char *address)
{
    static const char *const notes[] = {"expanded from", "generated from", "generated via", "forwarded from",
                                        "alias for"};

    for (guint i = 0; i < search->report.n_lines; i++) {
        if (text_find_length (search->report.lines[i].text.at, search->report.lines[i].text.length, address) == NULL)
            continue;
        for (guint k = i; k < search->report.n_lines && k < i + 4 && search->report.lines[k].text.length > 0; k++)
            for (gsize n = 0; n < G_N_ELEMENTS (notes); n++) {
                Span line = search->report.lines[k].text, rest;
                const char *at = text_find_length (line.at, line.length, notes[n]), *found;

                if (at == NULL)
                    continue;
                rest = span (at, line.length - (gsize) (at - line.at));
                found = address_find (search->arena, &rest);
                return found == NULL || text_equal (found, address) ? "" : found;
            }
        return "";
    }
    return "";
}

/* The line that named him. */
static const char *
line_about (Search *search, const char *address)
{
    for (guint i = 0; i < search->report.n_lines; i++) {
        Span line = search->report.lines[i].text;

        if (line.length > strlen (address) + 8 && !search_is_mention (search, line) &&
            text_find_length (line.at, line.length, address) != NULL)
            return common_line (search->extraction, line, LIMIT_DIAGNOSTIC);
    }
    return "";
}

/* The first lines of the report that tell of a failure: what is said about everybody, not of one among several. */
static const char *
failing_lines (Search *search)
{
    g_autoptr (GString) text = g_string_new (NULL);

    if (search->failing != NULL)
        return search->failing;
    for (guint i = 0, n = 0; i < search->report.n_lines && n < MAX_FAILING_LINES; i++) {
        Span line = search->report.lines[i].text;

        if (span_equal (line, "--"))
            break;
        if (line.length == 0 || line.at[0] == '>' || !search_tells_failure (search, line) ||
            (search->named->len > 1 && is_of_another (search, line, "")))
            continue;
        g_string_append_printf (text, "%s%.*s", n++ > 0 ? " " : "", (int) MIN (line.length, LIMIT_DIAGNOSTIC), line.at);
    }
    for (guint i = 0; text->len == 0 && i < search->report.n_lines; i++) /* or the first sentence */
        if (search->report.lines[i].text.length > SENTENCE)
            g_string_append_len (text, search->report.lines[i].text.at, (gssize) search->report.lines[i].text.length);
    return search->failing = text_one_line (search->arena, text->str, (gssize) text->len, LIMIT_DIAGNOSTIC);
}

static const char *
words_about (Search *search, const char *address, const char **host, const char **command)
{
    const char *body = search->extraction->view->body, *text;
    TranscriptStep answer;

    gboolean answered = transcript_about (search->transcript, search->arena, address, &answer);
    const char *statement = answered && search->named->len == 1 ? "" : statement_about (search, address);

    /* what names nobody is about him only when he is alone, or nothing else is said of him */
    if (answered && (search->named->len == 1 || text_equal (answer.address, address) ||
                     !search_tells_failure (search, span_of (statement)))) {
        *host = answer.host;
        *command = answer.command;
        return answer.text;
    }

    if (search_has_code (search, statement))
        return statement;
    text = recipient_text_find (search->arena, body, address, search->named->len == 1);
    if (!search_has_code (search, text) && search->named->len == 1) {
        const char *coded = report_line_with_code (search->arena, &search->report);

        text = *coded == '\0' ? text : coded;
    }
    if (*text != '\0' && (search_tells_failure (search, span_of (text)) ||
                          !search_tells_failure (search, span_of (statement))))
        return text;
    if (strlen (statement) > 8)
        return statement;
    text = line_about (search, address);
    if (*text != '\0' && search_tells_failure (search, span_of (text)))
        return text;
    statement = failing_lines (search);
    return *statement != '\0' ? statement : text;
}

void
search_emit (Search *search, const char *address, gboolean delayed)
{
    const char *host = "", *command = "";
    const char *text = words_about (search, address, &host, &command);
    BounceEvent *event = common_event (search->extraction, "general");

    if (event == NULL)
        return;
    event->final_recipient = address;
    event->original_recipient = origin_of (search, address);
    event->recipient = *event->original_recipient == '\0' ? address : event->original_recipient;
    if (*event->original_recipient != '\0')
        event->flags |= FLAG_FORWARDED;
    event->diagnostic = text;
    event->remote_mta = host;
    event->command = smtp_command_find (*command == '\0' ? text : command);
    event->action = delayed ? "delayed" : "failed";
    event->flags |= FLAG_GUESSED;
    status_settle (search->arena, event);
}
