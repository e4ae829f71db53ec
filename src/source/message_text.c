/* SPDX-License-Identifier: MIT */
#include "source/message_text.h"

#include "base/limits.h"
#include "base/byte_search.h"

#include <string.h>

/* Undoing the quoting makes a message shorter: so much more is kept until then, so that a message of an mbox is cut
 * where the same one of a Maildir is. */
#define ROOM_FOR_QUOTES (64 * 1024)

void
message_text_init (MessageText *text)
{
    buffer_init (&text->buffer, LIMIT_MESSAGE + ROOM_FOR_QUOTES);
    message_text_reset (text, FALSE);
}

void
message_text_clear (MessageText *text)
{
    buffer_clear (&text->buffer);
}

void
message_text_reset (MessageText *text, gboolean cr_lines)
{
    buffer_reset (&text->buffer);
    text->lent = span ("", 0);
    text->pending_crs = 0;
    text->cr_lines = cr_lines;
    text->may_be_quoted = text->has_nul = FALSE;
}

/* The CRs seen so far were no part of a line end. */
static void
append_bare_crs (MessageText *text)
{
    text->may_be_quoted |= text->pending_crs > 0; /* it may stand for a line end */
    for (; text->pending_crs > 0; text->pending_crs--)
        buffer_append_char (&text->buffer, text->cr_lines ? '\n' : '\r');
}

/* The next CR, or NULL. What is passed on the way is noted. */
static const char *
next_cr (MessageText *text, const char *at, const char *end)
{
    while ((at = byte_search_odd (at, (gsize) (end - at))) != NULL && *at != '\r') {
        text->has_nul |= *at == '\0';
        text->may_be_quoted |= *at == '\n';
        at++;
    }
    return at;
}

gboolean
message_text_append (MessageText *text, const char *data, gsize length)
{
    const char *at = data, *end = data + length;
    const Buffer *buffer = &text->buffer;

    message_text_keep (text);
    if (length > 0 && *at == '>' && buffer->length > 0 && buffer->data[buffer->length - 1] == '\n')
        text->may_be_quoted = TRUE; /* the line end was the last byte so far */
    while (at < end && !buffer->truncated) {
        const char *cr;

        if (text->pending_crs > 0) {
            if (*at == '\r') {
                text->pending_crs++;
                at++;
                continue;
            }
            if (*at == '\n')
                text->pending_crs = 0;
            append_bare_crs (text);
        }
        cr = next_cr (text, at, end);
        buffer_append (&text->buffer, at, (gsize) ((cr == NULL ? end : cr) - at));
        if (cr == NULL)
            break;
        text->pending_crs = 1;
        at = cr + 1;
    }
    return !text->buffer.truncated;
}

void
message_text_lend (MessageText *text, const char *data, gsize length)
{
    if (text->lent.length == 0 && text->buffer.length == 0 && text->pending_crs == 0 && length <= LIMIT_MESSAGE)
        text->lent = span (data, length);
    else
        (void) message_text_append (text, data, length);
}

void
message_text_keep (MessageText *text)
{
    if (text->lent.length > 0)
        buffer_append (&text->buffer, text->lent.at, text->lent.length);
    text->lent = span ("", 0);
}

static void
bare_cr_to_lf (char *data, gsize length)
{
    char *at = data, *end = data + length;

    while ((at = memchr (at, '\r', (gsize) (end - at))) != NULL)
        *at++ = '\n';
}

/* The first line is no body line: what stands there is no quoting. */
static gsize
unquote (char *data, gsize length)
{
    const char *at = data, *kept = data, *end = data + length;
    char *out = data;

    while ((at = byte_search_pair (at, (gsize) (end - at), '\n', '>')) != NULL) {
        const char *word = ++at;

        while (word < end && *word == '>')
            word++;
        if (end - word < 5 || memcmp (word, "From ", 5) != 0)
            continue;
        if (out < kept)
            memmove (out, kept, (gsize) (at - kept));
        out += at - kept;
        kept = at + 1;
    }
    if (out < kept)
        memmove (out, kept, (gsize) (end - kept));
    return (gsize) (out - data) + (gsize) (end - kept);
}

const char *
message_text_finish (MessageText *text, gboolean quoted, gsize *length, gboolean *truncated)
{
    Buffer *buffer = &text->buffer;
    char *data;

    if (text->lent.length > 0) { /* nothing to undo */
        *length = text->lent.length;
        *truncated = FALSE;
        return text->lent.at;
    }
    append_bare_crs (text);
    buffer_append (buffer, "", 0); /* there is a buffer, even for nothing */
    data = (char *) buffer->data;
    if (memchr (data, '\n', buffer->length) == NULL)
        bare_cr_to_lf (data, buffer->length);
    if (quoted && text->may_be_quoted)
        buffer->length = unquote (data, buffer->length);
    *truncated = buffer->truncated || buffer->length > LIMIT_MESSAGE;
    buffer->length = MIN (buffer->length, LIMIT_MESSAGE);
    data[buffer->length] = '\0';
    *length = buffer->length;
    return data;
}
