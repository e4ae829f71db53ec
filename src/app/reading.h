/* SPDX-License-Identifier: MIT */
/* Messages and what they say, one after the other in the order of the source: a Source and the parse processes behind
 * it. With --jobs 0 the mail is read in this process, for debuggers; the result is the same. */
#ifndef NIXIE_APP_READING_H
#define NIXIE_APP_READING_H

#include "app/app.h"
#include "source/source.h"
#include "worker/parser.h"

typedef struct Reading Reading;

/* Of the source's messages; both are borrowed. `keys` FALSE: a message that the first look knows as ordinary gets no
 * key, which would cost a digest of all its bytes. */
Reading *reading_new (App *app, Source *source, gboolean keys, GError **error);
void reading_free (Reading *reading);
/* Whether a message is known already, so that nothing can come of reading this copy: then it is not parsed and does not
 * come out, only counted. */
typedef gboolean (*ReadingKnows) (const Digest *key, const SourceMessage *message, gboolean *known, gpointer user,
                                  GError **error);
void reading_set_knows (Reading *reading, ReadingKnows knows, gpointer user);
guint64 reading_passed (const Reading *reading);
/* TRUE and a message with what it says, good until the next call; FALSE at the end, or with *error. What only lives
 * while the source stands at the message (`data`) is NULL. */
gboolean reading_next (Reading *reading, SourceMessage *message, const ParsedMessage **parsed, GError **error);
/* Messages that could not be read because their parse process ended: told on stderr, exit 1. */
guint reading_lost (const Reading *reading);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reading, reading_free)

#endif
