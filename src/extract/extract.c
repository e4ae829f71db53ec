/* SPDX-License-Identifier: MIT */
#include "extract/extract.h"

#include "extract/evidence.h"
#include "extract/recogniser.h"

/* First match wins. What is a standard comes before what is a custom, what names its recipients before what only looks
 * like a bounce; a new format goes between. */
static const struct {
    const char *name;
    RecogniserFunc recognise;
    gboolean asks_text; /* it and those behind it want to know of EVIDENCE_TEXT */
} recognisers[] = {
    {"dsn", dsn_recognise, FALSE},
    {"arf", arf_recognise, FALSE},
    {"receipt", receipt_recognise, FALSE},
    {"dsn-text", dsn_text_recognise, TRUE},
    {"ses-notification", ses_notification_recognise, TRUE},
    {"format", format_recognise, TRUE},
    {"autoreply", autoreply_recognise, TRUE},
    {"general", general_recognise, TRUE},
    {"unparsed", unparsed_recognise, TRUE},
};

MessageResult
extract (const Formats *formats, const MailView *view, EventList *list)
{
    Extraction extraction = {formats, formats == NULL ? NULL : formats_words (formats), view, list, list->arena, 0, 0};
    gboolean asked = FALSE;
    extraction.evidence = evidence_of (&extraction);
    for (guint i = 0; i < G_N_ELEMENTS (recognisers); i++) {
        if (recognisers[i].asks_text && !asked) {
            extraction.evidence |= evidence_of_text (&extraction);
            asked = TRUE;
        }
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
