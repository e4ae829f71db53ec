/* SPDX-License-Identifier: MIT */
/* One message's way through the reading floors: bytes → MailView → extract → classify → events with their ids. The
 * body of a parse process, and of the in-process run. */
#ifndef NIXIE_WORKER_PARSER_H
#define NIXIE_WORKER_PARSER_H

#include "event/event.h"
#include "event/message_result.h"
#include "worker/knowledge.h"

typedef struct Parser Parser;

/* What is known of the message from outside. */
typedef struct {
    const char *path;
    guint64 offset;
    gint64 received;
    const char *data;
    gsize length;
    gboolean truncated;
    const Digest *key; /* of the message, by who has made it already; NULL = to be made */
} ParserInput;

/* Valid until the next parser_parse(). */
typedef struct {
    Digest key;
    const char *source; /* the path as valid UTF-8 without control characters: \xNN for other bytes, \\ for \ */
    MessageResult result;
    const EventList *events;
} ParsedMessage;

Parser *parser_new (const Knowledge *knowledge); /* borrowed */
void parser_free (Parser *parser);
/* Open whatever file reading may need, so that it can be locked away; and so that one that is not reads the same. */
void parser_preload (Parser *parser);
/* Other than LIMIT_MESSAGE_CPU_SOFT: for tests. In microseconds. */
void parser_limit_cpu (Parser *parser, gint64 microseconds);
/* A message that takes more processor time than it may have is not read to its end: it is
 * MESSAGE_UNREADABLE, and its one event says so. */
const ParsedMessage *parser_parse (Parser *parser, const ParserInput *input);
/* Its key alone, for those who look first whether the message is known. */
Digest parser_key (Parser *parser, const ParserInput *input);

/* A path as ParsedMessage.source has it. */
const char *parser_source_text (Arena *arena, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Parser, parser_free)

#endif
