/* SPDX-License-Identifier: MIT */
/* The bytes of one message as the rest of the house wants them: LF line ends, one level of mbox quoting undone, cut at
 * LIMIT_MESSAGE. The raw bytes come in pieces of any size; what comes out does not depend on them. Pure. */
#ifndef NIXIE_SOURCE_MESSAGE_TEXT_H
#define NIXIE_SOURCE_MESSAGE_TEXT_H

#include "base/buffer.h"
#include "base/text.h"

typedef struct {
    Span lent;           /* the text so far, where it is not in the buffer */
    Buffer buffer;
    guint pending_crs;   /* CRs in a row just seen: of a line end, or not */
    gboolean cr_lines;   /* known to have bare CRs for line ends */
    gboolean may_be_quoted; /* FALSE: no line starts with `>` */
    gboolean has_nul;       /* of all that was appended */
} MessageText;

void message_text_init (MessageText *text);
void message_text_clear (MessageText *text);
/* A new message. `cr_lines`: of an mbox whose lines end in bare CR. */
void message_text_reset (MessageText *text, gboolean cr_lines);
/* FALSE when nothing more is kept: the caller may stop. */
gboolean message_text_append (MessageText *text, const char *data, gsize length);
/* The same for bytes without CR, NUL and a line that starts with '>' (but maybe the first). They are not copied when they
 * are the first, which most messages end with: so they must stay where they are until message_text_keep(). */
void message_text_lend (MessageText *text, const char *data, gsize length);
void message_text_keep (MessageText *text);

/* The whole message: CRLF is LF, and so is CR CR LF, which gateways make of it; a bare CR stays, but where the
 * message has no LF at all it is LF, too. `quoted`: of an mbox: `>From ` becomes `From `, `>>From ` becomes `>From `.
 * *truncated: it was longer than LIMIT_MESSAGE. Borrowed, until the next reset, or as long as what was lent. */
const char *message_text_finish (MessageText *text, gboolean quoted, gsize *length, gboolean *truncated);

#endif
