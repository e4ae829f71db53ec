/* SPDX-License-Identifier: MIT */
/* The general reader: a message that is a bounce by every outer sign, in words that no stanza knows. It looks for "this
 * address … this reply": X-Failed-Recipients, an SMTP dialogue, addresses that stand at the start of a line or behind a
 * label, lists behind a sentence of failure. What it says, it says with FLAG_GUESSED. It never blames the sender, the
 * daemon, or an address that is only mentioned. */
#include "base/limits.h"
#include "event/address.h"
#include "extract/common.h"
#include "extract/evidence.h"
#include "extract/innocent.h"
#include "extract/recipient_text.h"
#include "extract/report_lines.h"
#include "extract/smtp_command.h"
#include "extract/status.h"
#include "extract/transcript.h"

#include <string.h>

#define MAX_FAILING_LINES 3
#define SENTENCE 20 /* bytes from which a line is more than a heading */
#define MAX_LINE_NAMES 50
#define MAX_NAMED 200 /* a mail that names more people in running text is no bounce that can be read */

typedef struct {
    Extraction *extraction;
    Arena *arena;
    ReportLines report;
    Transcript *transcript;
    GPtrArray *named;    /* of const char*: who failed */
    Innocent innocent;   /* never blamed */
    GHashTable *told;    /* start of a line → Told */
    Arena *scratch;
    const char *failing; /* failing_lines(), NULL until asked for */
} Search;

/* What the words and codes of a line say, kept: every line is asked for it again and again. */
typedef struct {
    gsize length;
    guint32 kinds;    /* WORD_… */
    gboolean failure;
} Told;

static gboolean
holds (const GPtrArray *list, const char *address)
{
    for (guint i = 0; i < list->len; i++)
        if (text_equal (g_ptr_array_index (list, i), address))
            return TRUE;
    return FALSE;
}

static void
name (Search *search, const char *address)
{
    if (search->named->len < MAX_NAMED && !common_is_daemon (address) && !innocent_has (&search->innocent, address) &&
        !holds (search->named, address))
        g_ptr_array_add (search->named, (gpointer) address);
}

/* --- who failed ----------------------------------------------------------------------------------------------------*/

static void
from_header (Search *search)
{
    const MailHeader *field;

    for (guint n = 0; (field = mail_headers_find (&search->extraction->view->headers, "X-Failed-Recipients", n)) != NULL; n++) {
        Span rest = span_of (field->value);

        for (const char *address; (address = address_find (search->arena, &rest)) != NULL;)
            if (!holds (search->named, address) && search->named->len < MAX_NAMED)
                g_ptr_array_add (search->named, (gpointer) address);
    }
}

static gboolean is_author (Search *search, Span line, gsize start, gsize end);
static gboolean has_code (Search *search, const char *text);

/* "554 5.7.1 <a@b>: Sender address rejected": the address of the summary is the writer's. */
static gboolean
blames_author (Search *search, const TranscriptStep *step)
{
    const char *at = text_find (step->text, step->address);
    gsize start = at == NULL ? 0 : (gsize) (at - step->text);

    return at != NULL && is_author (search, span_of (step->text), start, start + strlen (step->address));
}

/* A refused RCPT, or a line of summary that names its address. */
static void
from_transcript (Search *search)
{
    for (guint i = 0; i < transcript_length (search->transcript); i++) {
        const TranscriptStep *step = transcript_step (search->transcript, i);

        if (*step->address != '\0' && (text_equal (step->command, "RCPT") || (step->summary && !blames_author (search, step))))
            name (search, step->address);
    }
    if (search->named->len == 0 && transcript_length (search->transcript) > 0) /* refused as a whole: at MAIL or DATA */
        for (guint i = 0; i < search->transcript->asked->len; i++)
            name (search, g_ptr_array_index (search->transcript->asked, i));
}

/* Where an address begins that stands at the start of a line, list marks and an opening bracket taken off. */
static Span
without_marks (Span line)
{
    while (line.length > 0 && (strchr ("*->=+|.#<\"'([", line.at[0]) != NULL || line.at[0] == ' '))
        line = span (line.at + 1, line.length - 1);
    return line;
}

/* "Recipient: a@b", "宛先: a@b", "Destinatario: a@b": a label of a line that names somebody. */
static gboolean
is_recipient_label (Search *search, Span label)
{
    return (words_in (search->extraction->words, search->scratch, label) & WORD_LABEL) != 0;
}

/* "From: a@b", "Message-ID: <x@y>": a header field that names no recipient. */
static gboolean
is_other_field (Span line)
{
    static const char *const starts[] = {"from", "sender", "reply-to", "message-id", "return-path", "received", "cc", "subject", "date",
                                         "in-reply-to", "references", "x-", "envelope-from", "mail from", "references", "list-", "errors-to"};

    for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
        if (span_has_prefix (line, starts[i]) && memchr (line.at, ':', MIN (line.length, 24)) != NULL)
            return TRUE;
    return FALSE;
}

static Told
listen_to (Search *search, Span line)
{
    Told told = {.length = line.length, .kinds = words_in (search->extraction->words, search->scratch, line)};
    const char *status = status_find (search->scratch, line);

    told.failure = *status == '4' || *status == '5' || (told.kinds & (WORD_FAILED | WORD_DELAYED)) ||
                   *reply_find (search->scratch, line) != '\0';
    arena_clear (search->scratch);
    return told;
}

static Told
told_by (Search *search, Span line)
{
    const Told *known = line.length == 0 ? NULL : g_hash_table_lookup (search->told, line.at);
    Told told;

    if (known != NULL && known->length == line.length)
        return *known;
    told = listen_to (search, line);
    if (line.length > 0 && known == NULL)
        g_hash_table_insert (search->told, (gpointer) line.at, g_memdup2 (&told, sizeof told));
    return told;
}

static gboolean tells_failure (Search *search, Span line);

/* "contact a@b", "a@b までお問い合わせください": mentioned, not blamed. What stands before an address says so for certain,
 * what stands behind it only when the line tells of no failure: "a@b: mailbox full, contact your administrator". */
static gboolean
is_mention (Search *search, Span line)
{
    const char *at = memchr (line.at, '@', line.length);
    Span before = at == NULL ? line : span (line.at, (gsize) (at - line.at));
    const Words *words = search->extraction->words;

    while (before.length > 0 && before.at[before.length - 1] != ' ')
        before.length--;
    before = span_trim (before);
    if (before.length >= 7 && span_equal (span (before.at + before.length - 7, 7), "message"))
        return TRUE; /* "your message <id@host> could not …" */
    return is_other_field (line) || ((told_by (search, line).kinds & WORD_MENTION) &&
                                     (!tells_failure (search, line) || (words_in (words, search->scratch, before) & WORD_MENTION)));
}

/* The line itself says that delivery failed: it holds a code, or words of failure. */
static gboolean
tells_failure (Search *search, Span line)
{
    return told_by (search, line).failure;
}

static gboolean
next_text_tells (Search *search, guint at)
{
    for (guint i = at + 1, blank = 0; i < search->report.n_lines && i < at + 5; i++) {
        Span line = search->report.lines[i].text;

        if (line.length == 0) {
            if (++blank > 1)
                return FALSE;
            continue;
        }
        if (tells_failure (search, line))
            return TRUE;
        if (memchr (line.at, '@', line.length) != NULL && !is_mention (search, line))
            return TRUE; /* a list of addresses */
    }
    return FALSE;
}

static gboolean
ends_in_colon (Span line)
{
    line = span_trim (line);
    return line.length > 0 && (line.at[line.length - 1] == ':' ||
                               (line.length > 3 && memcmp (line.at + line.length - 3, "：", 3) == 0));
}

/* The line of text before, over blank lines, says that delivery failed or ends in a colon: what follows is a list. */
static gboolean
previous_text_tells (Search *search, guint at)
{
    for (guint i = at, seen = 0; i > 0 && seen < 4; i--, seen++) {
        Span line = search->report.lines[i - 1].text;

        if (line.length == 0)
            continue;
        return ends_in_colon (line) || tells_failure (search, line);
    }
    return FALSE;
}

/* "a@b: no such user", "a@b ... unknown host": an address at the start of a line and words behind it. */
static gboolean
has_words_behind (Span head, const char *address)
{
    Span rest = span (head.at + strlen (address), head.length - strlen (address));

    while (rest.length > 0 && strchr (">)]\"'", rest.at[0]) != NULL)
        rest = span (rest.at + 1, rest.length - 1);
    rest = span_trim (rest);
    return rest.length > 4 && (rest.at[0] == ':' || rest.at[0] == '-' || rest.at[0] == '(' || rest.at[0] == '[' ||
                               span_has_prefix (rest, "..."));
}

/* The word that ends at `end`, and the one that starts there, without marks. */
static Span
word_at (Span line, gsize end, gboolean before)
{
    static const char marks[] = " <>()[]\"':;,.=";
    gsize from = end, to = end;

    if (before) {
        while (from > 0 && strchr (marks, line.at[from - 1]) != NULL)
            from--;
        for (to = from; from > 0 && line.at[from - 1] != ' ';)
            from--;
    } else {
        while (from < line.length && strchr (marks, line.at[from]) != NULL)
            from++;
        for (to = from; to < line.length && line.at[to] != ' ';)
            to++;
    }
    return span (line.at + from, to - from);
}

/* "from a@b", "<a@b>: Sender address rejected": who wrote. */
static gboolean
is_author (Search *search, Span line, gsize start, gsize end)
{
    return ((words_in (search->extraction->words, search->scratch, word_at (line, start, TRUE)) |
             words_in (search->extraction->words, search->scratch, word_at (line, end, FALSE))) &
            WORD_AUTHOR) != 0;
}

/* The first address of the line that is not that of a writer, and those that follow it with nothing but marks between:
 * up to `maximum` into `out`. */
static guint
addresses_in (Search *search, Span line, const char **out, guint maximum)
{
    Span rest = line;
    gsize last = 0;
    guint n = 0;

    for (const char *address; n < maximum && (address = address_find (search->arena, &rest)) != NULL;) {
        gsize end = line.length - rest.length;
        const char *at = text_find_length (line.at + last, line.length - last, address);
        gsize start = at == NULL ? end : (gsize) (at - line.at);

        if (n > 0)
            for (gsize i = last; i < start; i++)
                if (strchr (" <>,;\"'", line.at[i]) == NULL)
                    return n;
        if (!is_author (search, line, start, MIN (start + strlen (address), line.length)))
            out[n++] = address;
        else if (n > 0)
            return n;
        last = MAX (end, last);
    }
    return n;
}

/* "please write to" at the end of the line above: what begins this one is whom to ask. */
static gboolean
follows_mention (Search *search, guint at)
{
    Span above = at == 0 ? span (NULL, 0) : search->report.lines[at - 1].text;
    gsize tail = MIN (above.length, 30);

    return above.length > 0 && !ends_in_colon (above) &&
           (words_in (search->extraction->words, search->scratch, span (above.at + above.length - tail, tail)) & WORD_MENTION);
}

/* The line is the head of a list of addresses: one that it holds itself is not of that list. */
static gboolean
heads_list (Search *search, guint at)
{
    if (!ends_in_colon (search->report.lines[at].text))
        return FALSE;
    for (guint i = at + 1; i < search->report.n_lines && i < at + 4; i++) {
        Span head = without_marks (search->report.lines[i].text), rest = head;
        const char *address;

        if (head.length == 0)
            continue;
        address = address_find (search->arena, &rest);
        return address != NULL && span_has_prefix (head, address);
    }
    return FALSE;
}

/* The line says that it went well: "a@b: delivered (250 2.0.0 Ok)". */
static gboolean
tells_success (Search *search, Span line)
{
    const char *status = status_find (search->arena, line);

    return *status == '2' || (*status == '\0' && text_find_length (line.at, line.length, "250 ok") != NULL);
}

/* The line above names nobody and says that what follows it has failed. */
static gboolean
follows_head (Search *search, guint at)
{
    for (guint i = at; i > 0 && i + 2 > at; i--) {
        Span above = search->report.lines[i - 1].text;

        if (above.length > 0)
            return ends_in_colon (above) && tells_failure (search, above);
    }
    return FALSE;
}

/* `again`: the line above named somebody, and this one goes on. */
static gboolean
line_blames (Search *search, guint at, const char *address, gboolean again)
{
    Span line = search->report.lines[at].text, head = without_marks (line);
    gboolean first = span_has_prefix (head, address);
    const char *found = text_find_length (line.at, line.length, address);
    const char *colon = found == NULL ? NULL : memchr (line.at, ':', (gsize) (found - line.at));

    if (tells_success (search, line) || heads_list (search, at))
        return FALSE;
    if (first && head.length <= strlen (address) + 3)
        return again || previous_text_tells (search, at) || next_text_tells (search, at);
    if (tells_failure (search, line) || follows_head (search, at))
        return TRUE;
    if (first && (has_words_behind (head, address) || next_text_tells (search, at)))
        return TRUE;
    return colon != NULL && is_recipient_label (search, span (line.at, (gsize) (colon - line.at)));
}

static void
from_lines (Search *search)
{
    guint last = G_MAXUINT; /* the last line that named somebody */

    for (guint i = 0; i < search->report.n_lines; i++) {
        Span line = search->report.lines[i].text;
        const char *addresses[MAX_LINE_NAMES];
        guint n;

        if (line.length == 0 || line.at[0] == '>' || memchr (line.at, '@', line.length) == NULL ||
            is_mention (search, line) || follows_mention (search, i))
            continue;
        n = addresses_in (search, line, addresses, MAX_LINE_NAMES);
        if (n == 0 || !line_blames (search, i, addresses[0], last != G_MAXUINT && last + 1 == i))
            continue;
        for (guint k = 0; k < n; k++)
            name (search, addresses[k]);
        last = i;
    }
}

static void
from_lists (Search *search)
{
    const char *addresses[MAX_NAMED];
    guint n = recipient_text_list (search->arena, search->extraction->view->body, addresses, MAX_NAMED);

    for (guint i = 0; i < n; i++)
        name (search, addresses[i]);
}

/* A line that is nothing but an address, in a report whose words nobody has taught us. */
static void
from_bare_lines (Search *search)
{
    for (guint i = 0; i < search->report.n_lines; i++) {
        Span line = search->report.lines[i].text, head = without_marks (line);
        const char *address;

        while (head.length > 0 && strchr (">\"')]:;,. ", head.at[head.length - 1]) != NULL)
            head.length--;
        if (line.length > 0 && line.at[0] != '>' && (address = address_clean (search->arena, head)) != NULL)
            name (search, address);
    }
}

/* The only address that is neither innocent nor mentioned, in a report that gives a code at least. */
static void
from_the_only_one (Search *search)
{
    for (guint i = 0; i < search->report.n_lines; i++) {
        Span line = search->report.lines[i].text, rest = line;

        if (line.length == 0 || line.at[0] == '>')
            continue;
        if (search->named->len == 1 && has_code (search, span_dup (search->arena, line)))
            break; /* what stands behind the answer is help */
        if (memchr (line.at, '@', line.length) == NULL || is_mention (search, line))
            continue;
        for (const char *address; (address = address_find (search->arena, &rest)) != NULL;)
            name (search, address);
    }
    if (search->named->len > 1 || !(search->extraction->evidence & EVIDENCE_CODE))
        g_ptr_array_set_size (search->named, 0);
}

/* The report names nobody: whom was the message for? Only when that was one person. */
static void
from_returned (Search *search)
{
    static const char *const fields[] = {"To", "Cc", "Bcc"};
    const char *only = NULL;
    guint n = 0;

    for (gsize i = 0; i < G_N_ELEMENTS (fields); i++) {
        Span rest = span_of (mail_headers_get (&search->extraction->view->returned, fields[i]));

        for (const char *address; (address = address_find (search->arena, &rest)) != NULL;)
            if (only == NULL || !text_equal (only, address)) {
                only = address;
                n++;
            }
    }
    guint32 evidence = search->extraction->evidence;
    if (n == 1 && ((evidence & (EVIDENCE_TEXT | EVIDENCE_CODE)) || ((evidence & EVIDENCE_SUBJECT) && !(evidence & EVIDENCE_DSN_PART))))
        name (search, only);
}

/* --- what was said about him ---------------------------------------------------------------------------------------*/

static gboolean
says_delayed (Search *search)
{
    const MailView *view = search->extraction->view;
    const Words *words = search->extraction->words;
    guint32 subject = words_in (words, search->arena, span_of (mail_view_header (view, "Subject")));
    guint32 text = words_in (words, search->arena, span_of (view->body));

    return (text & WORD_RETRIED) || (((subject | text) & WORD_DELAYED) && !(text & WORD_ENDED));
}

/* What stands behind the address in its line and below it: to the blank line, over one blank line when that is nothing. */
static const char *
statement_about (Search *search, const char *address)
{
    g_autoptr (GString) text = g_string_new (NULL);
    gboolean inside = FALSE, gap = FALSE;

    for (guint i = 0; i < search->report.n_lines && text->len < LIMIT_DIAGNOSTIC; i++) {
        Span line = search->report.lines[i].text, rest = line;
        const char *found = line.length == 0 ? NULL : text_find_length (line.at, line.length, address);

        if (!inside) {
            if (found == NULL || is_mention (search, line))
                continue;
            inside = TRUE;
            if (!span_has_prefix (without_marks (line), address) && tells_failure (search, line)) {
                g_string_append_len (text, line.at, (gssize) line.length); /* "mailbox is full: <a@b>" */
                continue;
            }
            rest = span (found + strlen (address), (gsize) (line.at + line.length - found) - strlen (address));
            while (rest.length > 0 && strchr (">)]\"':;,. ", rest.at[0]) != NULL)
                rest = span (rest.at + 1, rest.length - 1);
        } else if (line.length == 0) {
            if (ends_in_colon (span (text->str, text->len)))
                g_string_truncate (text, 0); /* "because:", the reason below it */
            else if (text->len > 0 || gap)
                break;
            gap = TRUE;
            continue;
        } else if (is_other_field (line) && !tells_failure (search, line)) {
            continue; /* "Subject: …" of what came back */
        } else if (found == NULL && address_find (search->arena, &rest) != NULL && span_has_prefix (without_marks (line), address) == FALSE &&
                   memchr (without_marks (line).at, '@', MIN (without_marks (line).length, 64)) != NULL && !tells_failure (search, line)) {
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
    static const char *const notes[] = {"expanded from", "generated from", "generated via", "forwarded from", "alias for"};

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

        if (line.length > strlen (address) + 8 && !is_mention (search, line) && text_find_length (line.at, line.length, address) != NULL)
            return common_line (search->extraction, line, LIMIT_DIAGNOSTIC);
    }
    return "";
}

static gboolean
has_code (Search *search, const char *text)
{
    return *status_find (search->arena, span_of (text)) != '\0' || *reply_find (search->arena, span_of (text)) != '\0';
}

/* The first lines of the report that tell of a failure: what is said about everybody. */
static const char *
failing_lines (Search *search)
{
    g_autoptr (GString) text = g_string_new (NULL);

    if (search->failing != NULL)
        return search->failing;
    for (guint i = 0, n = 0; i < search->report.n_lines && n < MAX_FAILING_LINES; i++) {
        Span line = search->report.lines[i].text;

        if (line.length == 0 || line.at[0] == '>' || !tells_failure (search, line))
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

    if (transcript_about (search->transcript, search->arena, address, &answer)) {
        *host = answer.host;
        *command = answer.command;
        return answer.text;
    }
    const char *statement = statement_about (search, address);

    if (has_code (search, statement))
        return statement;
    text = recipient_text_find (search->arena, body, address, search->named->len == 1);
    if (!has_code (search, text) && search->named->len == 1) {
        const char *coded = report_line_with_code (search->arena, &search->report);

        text = *coded == '\0' ? text : coded;
    }
    if (*text != '\0' && (tells_failure (search, span_of (text)) || !tells_failure (search, span_of (statement))))
        return text;
    if (strlen (statement) > 8)
        return statement;
    text = line_about (search, address);
    if (*text != '\0' && tells_failure (search, span_of (text)))
        return text;
    statement = failing_lines (search);
    return *statement != '\0' ? statement : text;
}

static void
emit (Search *search, const char *address, gboolean delayed)
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

Answer
general_recognise (Extraction *extraction)
{
    Search search = {.extraction = extraction, .arena = extraction->arena};
    gboolean delayed;
    guint n;

    if (!evidence_is_bounce (extraction->evidence))
        return ANSWER_PASS;
    search.report = report_lines_cut (search.arena, extraction->view->body);
    search.transcript = transcript_parse (search.arena, span_of (extraction->view->body));
    search.named = g_ptr_array_new ();
    search.innocent = innocent_find (extraction);
    search.told = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, g_free);
    search.scratch = arena_new ();
    from_header (&search);
    if (search.named->len == 0)
        from_transcript (&search);
    if (search.named->len == 0)
        from_lines (&search);
    if (search.named->len == 0)
        from_lists (&search);
    if (search.named->len == 0)
        from_bare_lines (&search);
    if (search.named->len == 0)
        from_returned (&search);
    if (search.named->len == 0)
        from_the_only_one (&search);
    delayed = says_delayed (&search);
    n = search.named->len;
    for (guint i = 0; i < n; i++)
        emit (&search, g_ptr_array_index (search.named, i), delayed);
    g_ptr_array_unref (search.named);
    innocent_clear (&search.innocent);
    g_hash_table_unref (search.told);
    arena_free (search.scratch);
    transcript_free (search.transcript);
    return n > 0 ? ANSWER_EVENTS : ANSWER_PASS;
}
