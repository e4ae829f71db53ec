/* SPDX-License-Identifier: MIT */
/* The engine that runs the stanzas of data/formats over a message. */
#include "extract/recogniser.h"

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

#define USUAL_TEXT 256
#define ANNOUNCE_LINES 200 /* a report says within its first lines what it is */

/* Somebody who was named, and what was said about him so far. */
typedef struct {
    const char *address, *original;
    const char *line; /* where he was named, when it says more than the address */
    GString *text;
    const char *status, *reply, *host, *command;
    guint indent;
} Finding;

/* One stanza's way through one message. */
typedef struct {
    const Format *format;
    const MailView *view;
    const ReportLines *report;
    Arena *arena;
    Innocent innocent;    /* blamed only when the report has nobody else to name */
    gboolean desperate;
    GPtrArray *findings;  /* of Finding */
    Finding *current;
    Finding before;       /* what `also` lines said before anybody was named: it is about everybody */
    gboolean collecting;  /* lines go to the current finding */
    gboolean wait_next;   /* … from the next paragraph on */
} Run;

/* What the conditions look at. */
typedef struct {
    const MailView *view;
    Arena *arena;
    const ReportLines *report;  /* NULL until look_at_text() */
    const gboolean *possible;   /* … and which conditions can fit at all */
    const MailHeader **fields;  /* by formats_field(): the first one of the name, NULL = none */
    guint64 present;            /* formats_field_bit() of those that are there */
    Span *folded;               /* values of the header's fields as patterns want them; {NULL, 0} until asked for */
    ReportLines lines;
} Look;

/* --- is it announced? ----------------------------------------------------------------------------------------------*/

static gboolean
header_fits (const FormatClause *clause, const Look *look)
{
    const MailHeaders *headers = &look->view->headers;
    const MailHeader *field = look->fields[clause->field];

    if (field == NULL || clause->pattern == NULL)
        return field != NULL;
    for (; field != NULL; field = mail_headers_next (headers, field)) {
        Span *folded = &look->folded[field - headers->fields];

        if (folded->at == NULL)
            *folded = pattern_fold (look->arena, span_of (field->value));
        if (pattern_match (clause->pattern, *folded, NULL))
            return TRUE;
    }
    return FALSE;
}

static gboolean
body_fits (const FormatClause *clause, const ReportLines *report)
{
    for (guint i = 0; i < report->n_lines && i < ANNOUNCE_LINES; i++)
        if (report->lines[i].text.length > 0 && pattern_match (clause->pattern, report->lines[i].text, NULL))
            return TRUE;
    return FALSE;
}

static gboolean
clause_holds (const FormatClause *clause, const Look *look)
{
    gboolean fits;

    if (clause->kind == CLAUSE_HEADER)
        fits = header_fits (clause, look);
    else if (clause->kind == CLAUSE_BODY) /* look_at_text() was there before */
        fits = look->possible[clause->anchor] && body_fits (clause, &look->lines);
    else
        fits = pattern_match (clause->pattern, span_of (look->view->type), NULL);
    return fits != clause->negated;
}

/* All conditions of one kind, or of the others. */
static gboolean
clauses_hold (const GArray *clauses, const Look *look, gboolean body)
{
    for (guint i = 0; i < clauses->len; i++) {
        const FormatClause *clause = &g_array_index (clauses, FormatClause, i);

        if ((clause->kind == CLAUSE_BODY) == body && !clause_holds (clause, look))
            return FALSE;
    }
    return TRUE;
}

/* It says itself who writes: by a field that no person's mail has. A subject can be anybody's. */
static gboolean
names_writer (const GArray *clauses)
{
    for (guint i = 0; i < clauses->len; i++) {
        const FormatClause *clause = &g_array_index (clauses, FormatClause, i);

        if (clause->kind == CLAUSE_HEADER && !clause->negated && !text_equal (clause->header, "Subject"))
            return TRUE;
    }
    return FALSE;
}

static void
look_at_header (Look *look, const Formats *formats)
{
    guint n = formats == NULL ? 0 : formats_n_fields (formats);

    look->folded = arena_new_array (look->arena, Span, look->view->headers.n_fields + 1);
    look->fields = arena_new_array (look->arena, const MailHeader *, n + 1);
    for (guint i = 0; i < n; i++) {
        look->fields[i] = mail_headers_find (&look->view->headers, formats_field (formats, i));
        look->present |= look->fields[i] != NULL ? formats_field_bit (i) : 0;
    }
}

/* The text is cut into lines, and searched for anchors, when somebody asks for it first. */
static void
look_at_text (Look *look, const Formats *formats)
{
    const ReportLines *report;
    const char *end;

    if (look->report != NULL)
        return;
    look->lines = report_lines_cut (look->arena, look->view->body);
    look->report = report = &look->lines;
    end = report->n_lines <= ANNOUNCE_LINES ? look->view->body + strlen (look->view->body)
                                            : report->lines[ANNOUNCE_LINES].raw.at;
    look->possible = formats_anchors_in (
        formats, look->arena,
        span_dup (look->arena, span (look->view->body, (gsize) (end - look->view->body))));
}

/* One of the conjunctions holds in full. `trusted` FALSE: only one that says who writes. */
static gboolean
any_holds (const GPtrArray *conjunctions, const Formats *formats, Look *look, gboolean trusted)
{
    for (guint i = 0; i < conjunctions->len; i++) {
        const FormatConjunction *conjunction = g_ptr_array_index (conjunctions, i);

        if ((conjunction->fields & ~look->present) != 0 || (!trusted && !names_writer (conjunction->clauses)) ||
            !clauses_hold (conjunction->clauses, look, FALSE))
            continue;
        look_at_text (look, formats);
        if (clauses_hold (conjunction->clauses, look, TRUE))
            return TRUE;
    }
    return FALSE;
}

/* --- reading the lines ---------------------------------------------------------------------------------------------*/

/* The first pattern that fits, NULL when none does. */
static const Pattern *
first_match (const GPtrArray *patterns, Span line, PatternMatch *match)
{
    for (guint i = 0; i < patterns->len; i++)
        if (pattern_match (g_ptr_array_index (patterns, i), line, match))
            return g_ptr_array_index (patterns, i);
    return NULL;
}

static gboolean
any_match (const GPtrArray *patterns, Span line, PatternMatch *match)
{
    return first_match (patterns, line, match) != NULL;
}

static void
finding_add_text (Finding *finding, Span text)
{
    text = span_trim (text);
    if (text.length == 0 || finding->text->len + text.length > LIMIT_FIELD)
        return;
    if (finding->text->len > 0)
        g_string_append_c (finding->text, ' ');
    g_string_append_len (finding->text, text.at, (gssize) text.length);
}

static const char *
capture_or (Arena *arena, const PatternMatch *match, Capture capture, const char *otherwise)
{
    Span piece = match->captures[capture];

    return piece.length == 0 ? otherwise : span_dup (arena, piece);
}

/* "550 5.1.1 no such user", taken out as a reply and a text, is one answer. */
static Span
reply_with_text (const PatternMatch *match)
{
    Span reply = match->captures[CAPTURE_REPLY], text = match->captures[CAPTURE_TEXT];

    return reply.length > 0 && text.length > 0 && text.at > reply.at
               ? span (reply.at, (gsize) (text.at + text.length - reply.at))
               : text;
}

/* What a line said beside the address. */
static void
finding_take (Run *run, Finding *finding, const PatternMatch *match)
{
    const char *original;

    finding->status = capture_or (run->arena, match, CAPTURE_STATUS, finding->status);
    finding->reply = capture_or (run->arena, match, CAPTURE_REPLY, finding->reply);
    finding->host = capture_or (run->arena, match, CAPTURE_HOST, finding->host);
    finding->command = capture_or (run->arena, match, CAPTURE_COMMAND, finding->command);
    original = capture_or (run->arena, match, CAPTURE_ORIGINAL, "");
    if (*original != '\0' && (original = address_clean (run->arena, span_of (original))) != NULL)
        finding->original = original;
    finding_add_text (finding, reply_with_text (match));
}

static void
finding_init (Finding *finding)
{
    *finding = (Finding){"", "", "", g_string_sized_new (USUAL_TEXT), "", "", "", "", 0};
}

static void
finding_free (gpointer data)
{
    Finding *finding = data;

    g_string_free (finding->text, TRUE);
    g_free (finding);
}

/* Somebody is named: a new finding, or the one that he has already. */
static Finding *
find_or_add (Run *run, const char *address)
{
    Finding *finding;

    for (guint i = 0; i < run->findings->len; i++) {
        finding = g_ptr_array_index (run->findings, i);
        if (text_equal (finding->address, address))
            return finding;
    }
    if (run->findings->len >= LIMIT_EVENTS)
        return NULL;
    finding = g_new (Finding, 1);
    finding_init (finding);
    finding->address = address;
    g_ptr_array_add (run->findings, finding);
    return finding;
}

static gboolean
take_recipient (Run *run, const ReportLine *line)
{
    PatternMatch match;
    const char *address;
    Finding *finding;
    const Pattern *pattern = first_match (run->format->recipient, line->text, &match);

    if (pattern == NULL)
        return FALSE;
    if (match.captures[CAPTURE_ADDRESS].length == 0 ||
        (address = address_clean (run->arena, match.captures[CAPTURE_ADDRESS])) == NULL ||
        (pattern_is_bare (pattern) && !run->desperate && innocent_has (&run->innocent, address)))
        return FALSE;
    finding = find_or_add (run, address);
    if (finding == NULL)
        return TRUE;
    finding->indent = line->indent;
    if (!pattern_is_bare (pattern))
        finding->line = span_dup (run->arena, line->text);
    finding_take (run, finding, &match);
    run->current = finding;
    run->collecting = (run->format->text & (TEXT_PARAGRAPH | TEXT_INDENTED | TEXT_REST)) != 0;
    run->wait_next = !run->collecting && (run->format->text & TEXT_NEXT) != 0;
    return TRUE;
}

/* A line that is no recipient: text of the one before it, or the end of his text. */
static void
take_text (Run *run, const ReportLine *line)
{
    guint how = run->format->text;

    if (line->text.length == 0) {
        if (run->collecting && !(how & TEXT_REST) && !((how & TEXT_INDENTED) && !(how & TEXT_PARAGRAPH))) {
            run->collecting = FALSE;
            run->wait_next = (how & TEXT_NEXT) && run->current->text->len == 0;
        }
        return;
    }
    if (run->wait_next) {
        run->wait_next = FALSE;
        run->collecting = TRUE;
    }
    if (!run->collecting)
        return;
    if ((how & TEXT_INDENTED) && !(how & TEXT_PARAGRAPH) && line->indent <= run->current->indent) {
        run->collecting = FALSE;
        return;
    }
    finding_add_text (run->current, line->text);
}

static void
read_lines (Run *run)
{
    const Format *format = run->format;
    gboolean inside = format->start->len == 0;
    const Pattern *also;
    PatternMatch match;

    for (guint i = 0; i < run->report->n_lines; i++) {
        const ReportLine *line = &run->report->lines[i];

        if (line->text.length > 0) {
            if (inside && any_match (format->stop, line->text, NULL)) {
                if (run->findings->len > 0 || format->start->len == 0)
                    break;
                inside = FALSE;
                continue;
            }
            if (!inside && any_match (format->start, line->text, &match))
                inside = TRUE;
            if (!inside || any_match (format->ignore, line->text, NULL))
                continue;
            if (take_recipient (run, line))
                continue;
            if ((also = first_match (format->also, line->text, &match)) != NULL) {
                Finding *about = run->current == NULL ? &run->before : run->current;

                if (pattern_takes_nothing (also))
                    finding_add_text (about, line->text);
                else
                    finding_take (run, about, &match);
                continue;
            }
        }
        if (inside && run->current != NULL)
            take_text (run, line);
    }
}

/* --- who, when no line named him -----------------------------------------------------------------------------------*/

static void
take_headers (Run *run)
{
    for (guint i = 0; i < run->format->from_headers->len; i++) {
        const MailHeaders *headers = &run->view->headers;
        const MailHeader *field = mail_headers_find (headers, g_ptr_array_index (run->format->from_headers, i));

        for (; field != NULL; field = mail_headers_next (headers, field)) {
            Span rest = span_of (field->value);

            for (const char *address; (address = address_find (run->arena, &rest)) != NULL;)
                find_or_add (run, address);
        }
    }
}

/* The only recipient of the returned message: with a second one, in To: or in Cc:, nobody knows whom it is about. */
static void
take_returned (Run *run)
{
    const char *only = NULL;
    guint n = 0;

    for (guint i = 0; i < run->view->returned.n_fields; i++) {
        const MailHeader *field = &run->view->returned.fields[i];
        Span rest = span_of (field->value);

        if (!text_equal (field->name, "To") && !text_equal (field->name, "Cc") && !text_equal (field->name, "Bcc"))
            continue;
        for (const char *address; (address = address_find (run->arena, &rest)) != NULL; n++)
            only = address;
    }
    if (n == 1)
        find_or_add (run, only);
}

/* --- words about everybody -----------------------------------------------------------------------------------------*/

static void
collect_section (Run *run, const FormatSection *section, GString *text)
{
    gboolean inside = FALSE, any = FALSE;
    PatternMatch match;

    for (guint i = 0; i < run->report->n_lines; i++) {
        Span line = run->report->lines[i].text;

        if (!inside) {
            inside = line.length > 0 && pattern_match (section->after, line, &match);
            if (!inside)
                continue;
            line = reply_with_text (&match);
        } else if ((line.length == 0 && section->until == NULL && any) ||
                   (line.length > 0 && section->until != NULL && pattern_match (section->until, line, NULL)) ||
                   (line.length > 0 && any_match (run->format->stop, line, NULL))) {
            inside = any = FALSE;
            continue;
        }
        if (line.length == 0 || text->len + line.length > LIMIT_FIELD)
            continue;
        if (text->len > 0)
            g_string_append_c (text, ' ');
        g_string_append_len (text, line.at, (gssize) line.length);
        any = TRUE;
    }
}

static gboolean
has_code (Run *run, const GString *text)
{
    Span words = span (text->str, text->len);

    return *status_find (run->arena, words) != '\0' || *reply_find (run->arena, words) != '\0';
}

static void
take_shared (Run *run)
{
    g_autoptr (GString) text = g_string_sized_new (USUAL_TEXT);
    gboolean coded;

    for (guint i = 0; i < run->format->shared->len; i++)
        collect_section (run, &g_array_index (run->format->shared, FormatSection, i), text);
    coded = (run->format->text & TEXT_NEXT) && has_code (run, text);
    for (guint i = 0; i < run->findings->len; i++) {
        Finding *finding = g_ptr_array_index (run->findings, i);

        if (coded && !has_code (run, finding->text)) /* what was said to people, and the answer itself is there */
            g_string_truncate (finding->text, 0);
        if (finding->text->len == 0)
            g_string_append (finding->text, run->before.text->str);
        finding_add_text (finding, span (text->str, text->len));
        if (finding->text->len == 0)
            g_string_append (finding->text, finding->line);
        if (*finding->status == '\0')
            finding->status = run->before.status;
        if (*finding->reply == '\0')
            finding->reply = run->before.reply;
        if (*finding->host == '\0')
            finding->host = run->before.host;
        if (*finding->command == '\0')
            finding->command = run->before.command;
    }
}

/* A list of people and one reason below it: who has no words of his own has those of the next one. */
static void
take_listed (Run *run)
{
    for (guint i = run->findings->len; i > 1; i--) {
        const Finding *next = g_ptr_array_index (run->findings, i - 1);
        Finding *finding = g_ptr_array_index (run->findings, i - 2);

        if (finding->text->len > 0 || *finding->status != '\0' || *finding->reply != '\0')
            continue;
        g_string_append (finding->text, next->text->str);
        finding->status = next->status;
        finding->reply = next->reply;
        finding->host = next->host;
        finding->command = next->command;
    }
}

static void
take_transcript (Run *run)
{
    g_autoptr (Transcript) transcript = transcript_parse (run->arena, span_of (run->view->body));

    for (guint i = 0; i < run->findings->len; i++) {
        Finding *finding = g_ptr_array_index (run->findings, i);
        TranscriptStep answer;

        if (!transcript_about (transcript, run->arena, finding->address, &answer) &&
            (*finding->original == '\0' || !transcript_about (transcript, run->arena, finding->original, &answer)))
            continue;
        g_string_prepend (finding->text, finding->text->len > 0 ? " " : "");
        g_string_prepend (finding->text, answer.text);
        if (*finding->host == '\0')
            finding->host = answer.host;
        if (*finding->command == '\0')
            finding->command = answer.command;
    }
}

/* Words were found but no code: what the rest of the report says about him, or, when there is nobody else, the first
 * line with a code in it. Whatever else changes from version to version and from language to language, codes stay. */
static void
take_codes (Run *run, const Extraction *extraction)
{
    gboolean only = run->findings->len == 1;

    for (guint i = 0; i < run->findings->len; i++) {
        Finding *finding = g_ptr_array_index (run->findings, i);
        Span words = span (finding->text->str, finding->text->len);
        const char *text;

        if (*finding->status != '\0' || *finding->reply != '\0' || *status_find (run->arena, words) != '\0' ||
            *reply_find (run->arena, words) != '\0')
            continue;
        text = recipient_text_find (run->arena, run->view->body, finding->address, only);
        if (*status_find (run->arena, span_of (text)) == '\0' && *reply_find (run->arena, span_of (text)) == '\0')
            text = only ? report_line_with_code (run->arena, run->report) : "";
        if (*text != '\0' && strstr (finding->text->str, text) == NULL)
            finding_add_text (finding, span_of (text));
        if (finding->text->len == 0) /* nothing at all: the sentence by which the report says that it failed */
            finding_add_text (finding, evidence_failing_line (extraction, run->view->body));
    }
}

/* --- findings to events --------------------------------------------------------------------------------------------*/

static void
emit (Run *run, Extraction *extraction, const Finding *finding, gboolean delayed)
{
    BounceEvent *event = common_event (extraction, arena_strdup (run->arena, run->format->name));

    if (event == NULL)
        return;
    event->recipient = *finding->original == '\0' ? finding->address : finding->original;
    event->final_recipient = finding->address;
    event->original_recipient = finding->original;
    if (*finding->original != '\0' && !text_equal (finding->original, finding->address))
        event->flags |= FLAG_FORWARDED;
    event->action = delayed ? "delayed" : "failed";
    event->diagnostic = text_one_line (run->arena, finding->text->str, (gssize) finding->text->len, LIMIT_DIAGNOSTIC);
    event->status_field = finding->status;
    event->reply = finding->reply;
    event->remote_mta = finding->host;
    event->command = smtp_command_find (*finding->command == '\0' ? event->diagnostic : finding->command);
    event->agent = arena_strdup (run->arena, *run->format->agent == '\0' ? run->format->name : run->format->agent);
    status_settle (run->arena, event);
}

static gboolean
run_format (const Format *format, Extraction *extraction, Look *look)
{
    Run run = {.format = format, .view = extraction->view, .report = look->report, .arena = extraction->arena};
    gboolean delayed, found;

    run.innocent = innocent_find (extraction);
    run.findings = g_ptr_array_new_with_free_func (finding_free);
    finding_init (&run.before);
    read_lines (&run);
    if (run.findings->len == 0) {
        run.desperate = TRUE; /* somebody wrote to himself */
        g_string_truncate (run.before.text, 0);
        read_lines (&run);
    }
    if (run.findings->len == 0)
        take_headers (&run);
    if (run.findings->len == 0 && format->from_returned)
        take_returned (&run);
    if (format->text & TEXT_LIST)
        take_listed (&run);
    if (format->text & TEXT_TRANSCRIPT)
        take_transcript (&run);
    take_shared (&run);
    take_codes (&run, extraction);
    delayed = any_holds (format->delayed, extraction->formats, look, TRUE) ||
              (format->delayed->len == 0 && evidence_says_delayed (extraction, FALSE));
    for (guint i = 0; i < run.findings->len; i++)
        emit (&run, extraction, g_ptr_array_index (run.findings, i), delayed);
    found = run.findings->len > 0;
    g_ptr_array_unref (run.findings);
    g_string_free (run.before.text, TRUE);
    innocent_clear (&run.innocent);
    return found;
}

/* Tries the stanzas in their order; the first that is announced in the message and finds somebody wins: its events are
 * added (recipient, diagnostic, status, reply, host, command, action, format, agent). */
Answer
format_recognise (Extraction *extraction)
{
    const Formats *formats = extraction->formats;
    Look look = {.view = extraction->view, .arena = extraction->arena};
    gboolean trusted = evidence_may_be_bounce (extraction->evidence);

    look_at_header (&look, formats);
    for (guint i = 0; formats != NULL && i < formats_count (formats); i++) {
        const Format *format = formats_get (formats, i);

        if (any_holds (format->when, formats, &look, trusted) && run_format (format, extraction, &look))
            return ANSWER_EVENTS;
    }
    return ANSWER_PASS;
}
