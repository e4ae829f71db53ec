/* SPDX-License-Identifier: MIT */
#include "extract/extract.h"

#include "extract/evidence.h"
#include "extract/recogniser.h"

#include <string.h>

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
    {"wrapped", wrapped_recognise, FALSE},
    {"dsn-text", dsn_text_recognise, TRUE},
    {"ses-notification", ses_notification_recognise, TRUE},
    {"format", format_recognise, TRUE},
    {"autoreply", autoreply_recognise, TRUE},
    {"general", general_recognise, TRUE},
    {"unparsed", unparsed_recognise, TRUE},
};

/* Every line of the report has an empty one behind it, and where one was empty there are three: some gateway doubled
 * its line ends. Without the doubles; NULL when it is not so. */
static const char *
without_double_ends (Arena *arena, const char *body)
{
    Span rest = span_of (body), line;
    gboolean tripled = FALSE, any = FALSE;
    guint blank = 1;
    GString *text;
    const char *tight;

    while (text_next_line (&rest, &line)) {
        gboolean empty = span_trim (line).length == 0;

        if (!empty && any && blank != 1 && blank != 3)
            return NULL;
        tripled |= !empty && any && blank == 3;
        any |= !empty;
        blank = empty ? blank + 1 : 0;
    }
    if (!tripled)
        return NULL;
    text = g_string_sized_new (strlen (body));
    rest = span_of (body);
    for (guint n = 0; text_next_line (&rest, &line); n++)
        if (n % 2 == 0 || span_trim (line).length > 0) {
            g_string_append_len (text, line.at, (gssize) line.length);
            g_string_append_c (text, '\n');
        }
    tight = arena_strndup (arena, text->str, text->len);
    g_string_free (text, TRUE);
    return tight;
}

MessageResult
extract (const Formats *formats, const MailView *view, EventList *list)
{
    Extraction extraction = {formats, formats == NULL ? NULL : formats_words (formats), view, list, list->arena, 0, 0};
    MailView tight;
    gboolean asked = FALSE;
    extraction.evidence = evidence_of (&extraction);
    if (evidence_is_from_machine (extraction.evidence)) {
        const char *body = without_double_ends (list->arena, view->body);

        if (body != NULL) {
            tight = *view;
            tight.body = body;
            extraction.view = &tight;
        }
    }
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
