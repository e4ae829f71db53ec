/* SPDX-License-Identifier: MIT */
/* The SMTP dialogue that many bounces carry, in the shapes of sendmail (`>>> RCPT To:<a@b>`, `<<< 550 …`, `550 5.1.1
 * <a@b>... User unknown`, `... while talking to host:`) and Postfix (`In:`, `Out:`): which
 * answer was about whom. Pure. */
#ifndef NIXIE_EXTRACT_TRANSCRIPT_H
#define NIXIE_EXTRACT_TRANSCRIPT_H

#include "base/arena.h"
#include "base/text.h"
#include <glib.h>

/* One refusal. Strings are never NULL and live in the arena. */
typedef struct {
    const char *address; /* whom it names, or whom the command before it named; "" when nobody */
    const char *text;    /* the answer, one line, reply code first */
    const char *host;    /* who gave it */
    const char *command; /* "RCPT", "MAIL", "DATA" …; "" for a line of summary */
    gboolean summary;    /* the reporter's own line, not the remote's answer */
} TranscriptStep;

typedef struct {
    GArray *steps;     /* of TranscriptStep */
    GPtrArray *asked;  /* of const char*: the addresses of all RCPT commands, refused or not */
} Transcript;

Transcript *transcript_parse (Arena *arena, Span text);
void transcript_free (Transcript *transcript);
guint transcript_length (const Transcript *transcript);
const TranscriptStep *transcript_step (const Transcript *transcript, guint index);
/* What was answered about an address: the remote's words and behind them the reporter's, joined by a blank, in `text`.
 * A refusal that names nobody (MAIL, DATA, connection) is about everybody; the answer's `address` is empty when
 * nothing of it names him. FALSE when nothing was said. */
gboolean transcript_about (const Transcript *transcript, Arena *arena, const char *address, TranscriptStep *answer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Transcript, transcript_free)

#endif
