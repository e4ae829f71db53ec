/* SPDX-License-Identifier: MIT */
/* The last in the table: a message that is a bounce by every outer sign but names nobody that could be blamed. It is
 * counted and its telling line is kept, so that a format that nobody has taught us yet is seen and not lost. */
#include "base/limits.h"
#include "base/text.h"
#include "extract/common.h"
#include "extract/evidence.h"
#include "extract/smtp_command.h"
#include "extract/status.h"

/* The line that tells most: one with a code, else one that says "failed", else the subject. */
static const char *
telling_line (Extraction *extraction)
{
    const MailView *view = extraction->view;
    Span rest = span_of (view->body), line;
    while (text_next_line (&rest, &line)) {
        Span text = span_trim (line);
        if (!text.length || text.at[0] == '>')
            continue;
        g_autoptr (Arena) scratch = arena_new ();
        if (*status_find (scratch, text) || *reply_find (scratch, text))
            return common_line (extraction, text, LIMIT_DIAGNOSTIC);
    }
    line = evidence_failing_line (extraction, view->body);
    if (!line.length)
        line = span_of (mail_view_header (view, "Subject"));
    return common_line (extraction, line, LIMIT_DIAGNOSTIC);
}

Answer
unparsed_recognise (Extraction *extraction)
{
    if (!evidence_is_bounce (extraction->evidence))
        return ANSWER_PASS;
    BounceEvent *event = common_event (extraction, "unparsed");
    if (!event)
        return ANSWER_PASS;
    event->flags |= FLAG_NO_RECIPIENT;
    event->diagnostic = telling_line (extraction);
    event->command = smtp_command_find (event->diagnostic);
    status_settle (extraction->arena, event);
    return ANSWER_UNPARSED;
}
