/* SPDX-License-Identifier: MIT */
/* The words by which a bounce is known in many languages: parts of subjects, sentences of failure and delay, labels,
 * and those of mail that is no bounce. They are data: the [words] sections of data/formats (doc/formats.md). All are
 * found in one pass over a text, whatever their number; case, typographic quotes and the amount of white space do not
 * count. Pure. */
#ifndef NIXIE_EXTRACT_WORDS_H
#define NIXIE_EXTRACT_WORDS_H

#include "base/arena.h"
#include "base/text.h"
#include <glib.h>

typedef enum {
    WORD_SUBJECT = 1 << 0, /* part of a subject that tells of a failed or delayed delivery */
    WORD_FAILED = 1 << 1,  /* part of a sentence that does */
    WORD_DELAYED = 1 << 2, /* … of one that says: not yet */
    WORD_ENDED = 1 << 3,   /* … that says: no more tries */
    WORD_CAUSE = 1 << 11,  /* says why: counts beside an address, but makes no message a bounce */
    WORD_RETRIED = 1 << 10, /* … that says for certain that it is tried again */
    WORD_LABEL = 1 << 4,   /* before an address: it is the recipient's */
    WORD_MENTION = 1 << 5, /* in a line with an address: it is only mentioned */
    WORD_AUTHOR = 1 << 9,  /* directly before or behind an address: it is the sender's */
    WORD_DAEMON = 1 << 6,  /* part of the name by which a mail system signs */
    WORD_PROGRAM = 1 << 7, /* part of the name of a program that people write mail with */
    WORD_AWAY = 1 << 8,    /* part of the subject of an automatic answer */
    WORD_SUCCEEDED = 1 << 13, /* part of a sentence or subject that tells of a delivery that went well */
    WORD_MANAGER = 1 << 12, /* part of the address by which a list manager writes, or of a subject that only it has */
} WordKind;

typedef struct Words Words;

Words *words_new (void);
void words_free (Words *words);
/* `kind` as in the data: "subject", "failed" … FALSE when words_knows() no such kind. Between words_new() and the first
 * words_in() words_compile() must be called; nothing can be added behind it. */
gboolean words_knows (const char *kind);
gboolean words_add (Words *words, const char *kind, const char *text);
void words_compile (Words *words);
/* Which kinds of words (WORD_… bits) stand anywhere in the text. `words` NULL = none are known. */
guint32 words_in (const Words *words, Arena *arena, Span text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Words, words_free)

#endif
