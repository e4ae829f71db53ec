/* SPDX-License-Identifier: MIT */
#include "extract/evidence.h"

#include "extract/common.h"
#include "extract/status.h"
#include <string.h>

gboolean
evidence_subject_fails (const Extraction *extraction, const char *subject)
{
    return (words_in (extraction->words, extraction->arena, span_of (subject)) & WORD_SUBJECT) != 0;
}

/* "Undeliverable: your train is delayed" ends in our own subject: where the words before a colon are a report's, they
 * alone count. */
static guint32
words_of_subject (const Extraction *extraction)
{
    Span subject = span_of (mail_view_header (extraction->view, "Subject"));
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): a field that is not there is "" */
    const char *colon = memchr (subject.at, ':', subject.length);
    guint32 head = colon ? words_in (extraction->words, extraction->arena,
                                     span (subject.at, (gsize) (colon - subject.at)))
                         : 0;
    return head & (WORD_SUBJECT | WORD_DELAYED) ? head : words_in (extraction->words, extraction->arena, subject);
}

gboolean
evidence_says_delayed (const Extraction *extraction, gboolean any_word)
{
    guint32 text = words_in (extraction->words, extraction->arena, span_of (extraction->view->body));
    guint32 told = words_of_subject (extraction) | (any_word ? text : 0);
    return (text & WORD_RETRIED) || ((told & WORD_DELAYED) && !(text & WORD_ENDED));
}

Span
evidence_failing_line (const Extraction *extraction, const char *text)
{
    Span rest = span_of (text), line;
    g_autoptr (Arena) scratch = arena_new ();
    while (text_next_line (&rest, &line)) {
        Span trimmed = span_trim (line);
        if (!trimmed.length || trimmed.at[0] == '>')
            continue; /* quoted: somebody else's words */
        guint32 words = words_in (extraction->words, scratch, trimmed);
        if ((words & (WORD_FAILED | WORD_DELAYED)) && !(words & WORD_SUCCEEDED))
            return trimmed;
        arena_clear (scratch);
    }
    return span (NULL, 0);
}

/* "Fwd: …", "[list] Re: …", "[Ticket 5] …": a person, a list or a ticket system passes on what somebody else wrote. A
 * mail system marks its own subjects so as well: "[Postmaster] …". */
static gboolean
is_forward_subject (const char *subject, gboolean from_daemon)
{
    static const char *const prefixes[] = {
        "fwd:", "fw:",     "wg:",   "tr:", "rv:", "i:",  "vs:",
        "enc:", "doorst:", "[fwd:", "re:", "aw:", "sv:", "antw:",
    };
    for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
        if (text_has_prefix (subject, prefixes[i]))
            return TRUE;
    return *subject == '[' && !from_daemon;
}

static guint32
sender_evidence (const Extraction *extraction)
{
    const MailView *view = extraction->view;
    guint32 evidence = 0;
    g_autoptr (Arena) arena = arena_new ();
    const MailHeader *path = mail_headers_find (&view->headers, "Return-Path");
    if (path) {
        Span value = span_trim (span_of (path->value));
        const char *address = common_address (arena, path->value);
        if (span_equal (value, "<>") || !value.length || span_equal (value, "<mailer-daemon>"))
            evidence |= EVIDENCE_NULL_PATH | EVIDENCE_EMPTY_PATH;
        else if (common_is_daemon (*address ? address : path->value))
            evidence |= EVIDENCE_NULL_PATH;
        else
            evidence |= EVIDENCE_OTHER_PATH;
    }
    const MailHeader *from = mail_headers_find (&view->headers, "From");
    if (from) {
        const char *address = common_address (arena, from->value);
        Span value = span_trim (span_of (from->value));
        if ((*address && common_is_daemon (address)) ||
            (value.length >= 2 && !memcmp (value.at + value.length - 2, "<>", 2)) ||
            (words_in (extraction->words, arena, value) & WORD_DAEMON) ||
            (!*address && common_is_daemon (span_dup (arena, value))))
            evidence |= EVIDENCE_DAEMON;
        if (text_has_prefix (address, "postmaster@"))
            evidence |= EVIDENCE_POSTMASTER;
    }
    return evidence;
}

static guint32
header_evidence (const Extraction *extraction, gboolean from_daemon)
{
    const MailView *view = extraction->view;
    guint32 evidence = 0;
    const char *submitted = mail_view_header (view, "Auto-Submitted");
    if (text_has_prefix (submitted, "auto-replied"))
        evidence |= EVIDENCE_AUTO_REPLIED;
    else if (*submitted && !text_has_prefix (submitted, "no"))
        evidence |= EVIDENCE_AUTO_GENERATED;
    if (mail_headers_find (&view->headers, "X-Failed-Recipients"))
        evidence |= EVIDENCE_FAILED_RECIPIENTS;
    if (*mail_view_header (view, "In-Reply-To") || *mail_view_header (view, "References"))
        evidence |= EVIDENCE_ANSWER;
    if (*mail_view_header (view, "List-Id") || *mail_view_header (view, "List-Post") ||
        *mail_view_header (view, "List-Unsubscribe"))
        evidence |= EVIDENCE_LIST;
    const char *subject = mail_view_header (view, "Subject");
    if (is_forward_subject (subject, from_daemon))
        evidence |= EVIDENCE_FORWARDED;
    else if (evidence_subject_fails (extraction, subject))
        evidence |= EVIDENCE_SUBJECT;
    const char *mailer = mail_view_header (view, "X-Mailer");
    if (*mail_view_header (view, "User-Agent") ||
        (words_in (extraction->words, extraction->arena, span_of (mailer)) & WORD_PROGRAM))
        evidence |= EVIDENCE_PERSON;
    return evidence;
}

guint32
evidence_of (const Extraction *extraction)
{
    const MailView *view = extraction->view;
    guint32 evidence = sender_evidence (extraction);
    evidence |= header_evidence (extraction, evidence & EVIDENCE_DAEMON);
    if (text_equal (view->type, "multipart/report") &&
        text_equal (view->report_type, "delivery-status"))
        evidence |= EVIDENCE_REPORT;
    if (mail_view_part (view, PART_DELIVERY_STATUS, NULL))
        evidence |= EVIDENCE_DSN_PART;
    if (view->returned.n_fields)
        evidence |= EVIDENCE_RETURNED;
    return evidence;
}

/* A line that is not quoted holds a reply or a status code. */
static gboolean
has_code (const MailView *view)
{
    Span rest = span_of (view->body), line;
    g_autoptr (Arena) scratch = arena_new ();
    while (text_next_line (&rest, &line)) {
        Span trimmed = span_trim (line);
        if (!trimmed.length || trimmed.at[0] == '>')
            continue;
        if (*reply_find (scratch, trimmed) || *status_find (scratch, trimmed))
            return TRUE;
        arena_clear (scratch);
    }
    return FALSE;
}

/* "Delivery Status Notification (Success)", "Your message has been successfully relayed to the following recipients"
 * under no title of a failure. */
static gboolean
tells_success (const Extraction *extraction)
{
    const MailView *view = extraction->view;
    guint32 subject = words_in (extraction->words, extraction->arena, span_of (mail_view_header (view, "Subject")));
    if (subject & (WORD_SUCCEEDED | WORD_SUBJECT))
        return (subject & WORD_SUCCEEDED) != 0;
    return (words_in (extraction->words, extraction->arena, span_of (view->body)) & WORD_SUCCEEDED) != 0;
}

guint32
evidence_of_text (const Extraction *extraction)
{
    const MailView *view = extraction->view;
    guint32 evidence = extraction->evidence, found = 0;
    if (!evidence_is_from_machine (evidence) && !(evidence & EVIDENCE_SUBJECT))
        return 0;
    if (evidence_failing_line (extraction, view->body).length)
        found |= EVIDENCE_TEXT;
    if (has_code (view))
        found |= EVIDENCE_CODE;
    if (!found && tells_success (extraction))
        found |= EVIDENCE_SUCCEEDED;
    return found;
}

gboolean
evidence_is_from_machine (guint32 evidence)
{
    return (evidence & (EVIDENCE_NULL_PATH | EVIDENCE_DAEMON | EVIDENCE_REPORT |
                        EVIDENCE_FAILED_RECIPIENTS)) != 0;
}

/* People answer and forward, lists pass on; a machine that reports a failure does neither. */
static gboolean
is_passed_on (guint32 evidence)
{
    return (evidence & (EVIDENCE_FORWARDED | EVIDENCE_LIST)) != 0;
}

gboolean
evidence_may_be_bounce (guint32 evidence)
{
    if (evidence & (EVIDENCE_FAILED_RECIPIENTS | EVIDENCE_REPORT))
        return TRUE;
    if (evidence & EVIDENCE_SUCCEEDED)
        return FALSE;
    if (is_passed_on (evidence))
        return (evidence & EVIDENCE_EMPTY_PATH) && (evidence & EVIDENCE_DAEMON);
    if (evidence & EVIDENCE_DAEMON)
        return TRUE;
    if (evidence & EVIDENCE_NULL_PATH)
        return !(evidence & EVIDENCE_AUTO_REPLIED) || (evidence & EVIDENCE_SUBJECT);
    return (evidence & EVIDENCE_SUBJECT) &&
           !(evidence & (EVIDENCE_ANSWER | EVIDENCE_PERSON | EVIDENCE_OTHER_PATH));
}

gboolean
evidence_is_bounce (guint32 evidence)
{
    /* A postmaster writes letters too. A sentence of failure is enough only where nothing says that answers are welcome:
     * a return path with a name, no report's title, and nothing that came back. */
    gboolean is_letter = (evidence & EVIDENCE_POSTMASTER) &&
                         (evidence & (EVIDENCE_NULL_PATH | EVIDENCE_OTHER_PATH)) && !(evidence & EVIDENCE_EMPTY_PATH) &&
                         !(evidence & (EVIDENCE_RETURNED | EVIDENCE_AUTO_GENERATED | EVIDENCE_AUTO_REPLIED));
    gboolean says_so = (evidence & EVIDENCE_SUBJECT) || ((evidence & EVIDENCE_TEXT) && !is_letter);
    if (evidence & (EVIDENCE_FAILED_RECIPIENTS | EVIDENCE_REPORT))
        return TRUE;
    if (evidence & EVIDENCE_SUCCEEDED)
        return FALSE;
    /* "Re: …" is also how some mail systems title their reports */
    if (is_passed_on (evidence) && (evidence & (EVIDENCE_LIST | EVIDENCE_AUTO_REPLIED)))
        return FALSE;
    if (is_passed_on (evidence))
        return (evidence & EVIDENCE_DAEMON) && (evidence & EVIDENCE_EMPTY_PATH) && (evidence & EVIDENCE_TEXT);
    if ((evidence & EVIDENCE_DAEMON) && says_so)
        return TRUE;
    /* in a language that nobody has taught us: a code, or the message itself, under the sign of a mail system */
    if ((evidence & EVIDENCE_DAEMON) && (evidence & EVIDENCE_EMPTY_PATH) &&
        (evidence & (EVIDENCE_CODE | EVIDENCE_RETURNED)))
        return TRUE;
    if ((evidence & EVIDENCE_DAEMON) && (evidence & EVIDENCE_CODE) && !is_letter &&
        !(evidence & (EVIDENCE_OTHER_PATH | EVIDENCE_ANSWER | EVIDENCE_PERSON)))
        return TRUE;
    if ((evidence & EVIDENCE_SUBJECT) && (evidence & (EVIDENCE_AUTO_GENERATED | EVIDENCE_AUTO_REPLIED)) &&
        (evidence & EVIDENCE_CODE) && !(evidence & (EVIDENCE_ANSWER | EVIDENCE_PERSON)))
        return TRUE;
    return (evidence & EVIDENCE_NULL_PATH) && (evidence & EVIDENCE_SUBJECT);
}
