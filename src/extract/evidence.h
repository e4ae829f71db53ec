/* SPDX-License-Identifier: MIT */
/* What speaks for a message being a bounce or an automatic answer, before anybody has read what it says. Each bit alone
 * can stand on ordinary mail; the recognisers ask for several. Pure. */
#ifndef NIXIE_EXTRACT_EVIDENCE_H
#define NIXIE_EXTRACT_EVIDENCE_H

#include "base/text.h"
#include "extract/recogniser.h"

enum {
    EVIDENCE_NULL_PATH = 1 << 0,         /* Return-Path: <> or that of a mailer daemon */
    EVIDENCE_DAEMON = 1 << 1,            /* From is a mailer daemon or postmaster, signs as one, or is nobody: "<>" */
    EVIDENCE_SUBJECT = 1 << 2,           /* the subject tells of a failed or delayed delivery */
    EVIDENCE_TEXT = 1 << 3,              /* a sentence of the text does */
    EVIDENCE_REPORT = 1 << 4,            /* multipart/report; report-type=delivery-status */
    EVIDENCE_DSN_PART = 1 << 5,          /* a delivery-status part */
    EVIDENCE_FAILED_RECIPIENTS = 1 << 6, /* X-Failed-Recipients */
    EVIDENCE_AUTO_REPLIED = 1 << 7,      /* Auto-Submitted: auto-replied (RFC 3834 section 5) */
    EVIDENCE_AUTO_GENERATED = 1 << 8,    /* Auto-Submitted: auto-generated or other than "no" */
    EVIDENCE_ANSWER = 1 << 9,            /* In-Reply-To or References: somebody's answer, or a good report */
    EVIDENCE_LIST = 1 << 10,             /* came through a mailing list */
    EVIDENCE_RETURNED = 1 << 11,         /* something of a message came back */
    EVIDENCE_FORWARDED = 1 << 12,        /* a person passes it on: "Fwd:", "-----Original Message-----" */
    EVIDENCE_CODE = 1 << 13,             /* a line of the text holds a reply or a status code */
    EVIDENCE_EMPTY_PATH = 1 << 14,       /* Return-Path: <>, not only that of a daemon */
    EVIDENCE_OTHER_PATH = 1 << 15,       /* Return-Path is somebody's address */
    EVIDENCE_PERSON = 1 << 16,           /* written with a program for people */
    EVIDENCE_SUCCEEDED = 1 << 17,        /* it tells of a delivery that went well, and of nothing else */
    EVIDENCE_POSTMASTER = 1 << 18,       /* From is a postmaster: a daemon's name that people write under as well */
};

/* Those that the headers and the MIME structure tell: all bits but EVIDENCE_TEXT and EVIDENCE_CODE. */
guint32 evidence_of (const Extraction *extraction);
/* Those two, looked for only where extraction->evidence gives them a meaning: they cost a search of the text. */
guint32 evidence_of_text (const Extraction *extraction);
/* Sent by a machine that delivers mail, not by a person: a null return path, a daemon, or a report. */
gboolean evidence_is_from_machine (guint32 evidence);
/* Nothing speaks against it: words that a bounce would have may be taken for one. */
gboolean evidence_may_be_bounce (guint32 evidence);
/* Enough to call the message a bounce though nobody could be named. */
gboolean evidence_is_bounce (guint32 evidence);

/* The subject, or a line of text, tells of a failed or delayed delivery. */
gboolean evidence_subject_fails (const Extraction *extraction, const char *subject);
/* The report is of a delay, nothing has failed yet: its subject says so, or that it is tried again. `any_word`: a
 * word of delay in its text is enough. */
gboolean evidence_says_delayed (const Extraction *extraction, gboolean any_word);
/* The first line of `text` that does, {NULL, 0} when none. */
Span evidence_failing_line (const Extraction *extraction, const char *text);

#endif
