/* SPDX-License-Identifier: MIT */
/* The engine that runs the stanzas of data/formats over a message. */
#ifndef NIXIE_EXTRACT_FORMAT_READER_H
#define NIXIE_EXTRACT_FORMAT_READER_H

#include "extract/recogniser.h"

/* Tries the stanzas in their order; the first that is announced in the message and finds somebody wins: its events are
 * added (recipient, diagnostic, status, reply, host, command, action, format, agent). ANSWER_PASS when none did. */
Answer format_recognise (Extraction *extraction);

#endif
