/* SPDX-License-Identifier: MIT */
/* The engine that runs the stanzas of data/formats over a message. */
#ifndef NIXIE_EXTRACT_FORMAT_READER_H
#define NIXIE_EXTRACT_FORMAT_READER_H

#include "extract/recogniser.h"

/* Tries the stanzas in their order; the first that is announced in the message and finds somebody wins: its events are
 * added (recipient, diagnostic, status, reply, host, command, action, format, agent). ANSWER_PASS when none did. */
Answer format_recognise (Extraction *extraction);
/* The name of the first stanza that is announced in the message, whether or not it finds somebody; NULL when none is:
 * such a message is a bounce, even if nobody can be named. */
const char *formats_announced (const Formats *formats, const MailView *view);

#endif
