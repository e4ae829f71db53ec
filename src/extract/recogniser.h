/* SPDX-License-Identifier: MIT */
/* What a recogniser is: a function that looks at a message and says whether it is its kind of message. extract.c holds
 * the one table of them; they are tried in its order and the first that does not pass decides. A recogniser that passes
 * has added nothing. */
#ifndef NIXIE_EXTRACT_RECOGNISER_H
#define NIXIE_EXTRACT_RECOGNISER_H

#include "event/event.h"
#include "extract/formats.h"
#include "mail/mail_view.h"

typedef enum {
    ANSWER_PASS,     /* not mine */
    ANSWER_ORDINARY, /* mine, and there is nothing to say (a read receipt) */
    ANSWER_EVENTS,   /* mine, events were added */
    ANSWER_UNPARSED, /* a bounce, but nobody can be named: one event with the evidence was added */
} Answer;

/* What the recognisers share about one message. */
typedef struct {
    const Formats *formats; /* the stanzas; NULL = none */
    const Words *words;     /* those of the stanzas; NULL = none */
    const MailView *view;
    EventList *list;
    Arena *arena;     /* of the list */
    guint32 evidence; /* EVIDENCE_… bits (evidence.h) */
    guint32 flags;    /* FLAG_… bits that every event of the message gets */
    const char *agent; /* agent_of() the view, once somebody has asked (common_event); NULL before */
} Extraction;

typedef Answer (*RecogniserFunc) (Extraction *extraction);

Answer dsn_recognise (Extraction *extraction);       /* RFC 3464, RFC 6533 */
Answer dsn_text_recognise (Extraction *extraction);  /* their fields in running text or broken MIME */
Answer receipt_recognise (Extraction *extraction);   /* RFC 8098 and other reports that are no bounces */
Answer arf_recognise (Extraction *extraction);       /* RFC 5965 */
Answer wrapped_recognise (Extraction *extraction);   /* a bounce that a list manager passes on whole */
Answer autoreply_recognise (Extraction *extraction); /* RFC 3834, challenges */
Answer ses_notification_recognise (Extraction *extraction); /* JSON of Amazon SES */
Answer format_recognise (Extraction *extraction);    /* the stanzas of data/formats */
Answer general_recognise (Extraction *extraction);   /* "this address … this reply" anywhere in a bounce */
Answer unparsed_recognise (Extraction *extraction);  /* says that it is a bounce */

#endif
