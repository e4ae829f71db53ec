/* SPDX-License-Identifier: MIT */
/* A list manager that cannot make out a bounce passes it on whole to the owner of the list, who archives it as well:
 * Mailman's "Uncaught bounce notification" and its notices of what it did about one, LISTSERV's "error report". What
 * came back in it is read as the bounce that it is. A person who forwards a bounce says nothing of our mail by it,
 * and is never taken for a list manager. */
#include "base/date.h"
#include "extract/common.h"
#include "extract/evidence.h"
#include "extract/extract.h"

#include <string.h>

/* By its own field, its address ("talk-bounces@", "LISTSERV@", "mailman-owner@") or a subject that nobody else has. */
static gboolean
is_by_list_manager (const Extraction *extraction)
{
    const MailView *view = extraction->view;
    const char *from = common_address (extraction->arena, mail_view_header (view, "From"));
    const char *at = strrchr (from, '@');
    const char *subject = mail_view_header (view, "Subject");

    if (text_equal (mail_view_header (view, "X-List-Administrivia"), "yes"))
        return TRUE;
    return ((at != NULL ? words_in (extraction->words, extraction->arena, span (from, (gsize) (at - from) + 1)) : 0) |
            words_in (extraction->words, extraction->arena, span_of (subject))) &
           WORD_MANAGER;
}

/* One message came back: a digest holds many, and none of them is a bounce to its reader. */
static gboolean
is_single (const MailView *view)
{
    const MailPart *first = mail_view_part (view, PART_RETURNED, NULL);

    return !text_equal (view->type, "multipart/digest") &&
           (first == NULL || (mail_view_part (view, PART_RETURNED, first) == NULL && first->depth <= 1));
}

/* What the bounce does not say of itself, the notice does. */
static void
complete_events (Extraction *extraction)
{
    const MailView *view = extraction->view;

    for (guint i = 0; i < event_list_length (extraction->list); i++) {
        BounceEvent *event = event_list_get (extraction->list, i);

        if (event->date == DATE_NONE)
            event->date = date_parse (mail_view_header (view, "Date"));
        if (*event->message_id == '\0')
            event->message_id = common_id (extraction, mail_view_header (view, "Message-ID"));
        if (*event->list_id == '\0')
            event->list_id = common_id (extraction, mail_view_header (view, "List-Id"));
    }
}

Answer
wrapped_recognise (Extraction *extraction)
{
    const MailView *view = extraction->view;
    Extraction inner = *extraction;

    if (view->forwarded == NULL || (extraction->evidence & (EVIDENCE_PERSON | EVIDENCE_FORWARDED | EVIDENCE_ANSWER)) ||
        !is_single (view) || !is_by_list_manager (extraction))
        return ANSWER_PASS;
    inner.view = view->forwarded;
    if (!evidence_is_from_machine (evidence_of (&inner)))
        return ANSWER_PASS;
    if (view->flags & MAIL_CUT) /* the bounce stops in its middle */
        return unparsed_recognise (extraction);
    switch (extract (extraction->formats, view->forwarded, extraction->list)) {
    case MESSAGE_EVENTS:
        complete_events (extraction);
        return ANSWER_EVENTS;
    case MESSAGE_UNPARSED:
        return ANSWER_UNPARSED;
    default:
        return ANSWER_PASS;
    }
}
