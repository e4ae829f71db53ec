/* SPDX-License-Identifier: MIT */
#include "extract/extract.h"

#include "extract/evidence.h"
#include "extract/recogniser.h"

/* First match wins. What is a standard comes before what is a custom, what names its recipients before what only looks
 * like a bounce; a new format goes between. */
static const struct {
    const char *name;
    RecogniserFunc recognise;
} recognisers[] = {
    {"dsn", dsn_recognise},
    {"arf", arf_recognise},
    {"receipt", receipt_recognise},
    {"dsn-text", dsn_text_recognise},
    {"ses-notification", ses_notification_recognise},
    {"format", format_recognise},
    {"autoreply", autoreply_recognise},
    {"general", general_recognise},
    {"unparsed", unparsed_recognise},
};

MessageResult
extract (const Formats *formats, const MailView *view, EventList *list)
{
    Extraction extraction = {formats, view, list, list->arena, evidence_of (view), 0};
    for (guint i = 0; i < G_N_ELEMENTS (recognisers); i++) {
        switch (recognisers[i].recognise (&extraction)) {
        case ANSWER_PASS:
            break;
        case ANSWER_ORDINARY:
            return MESSAGE_ORDINARY;
        case ANSWER_EVENTS:
            return MESSAGE_EVENTS;
        case ANSWER_UNPARSED:
            return MESSAGE_UNPARSED;
        }
    }
    return MESSAGE_ORDINARY;
}
