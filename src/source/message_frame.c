/* SPDX-License-Identifier: MIT */
/* Frame of a file that is one message. */
#include "source/source_frame.h"

#include "source/mbox_from.h"

#include <string.h>

typedef struct {
    Frame frame;
    FileInfo info;
    ByteStream *stream;
} MessageFrame;

/* A byte order mark, blank lines and the line of an mbox may stand before the first header field. */
static void
skip_to_header (ByteStream *stream)
{
    const char *data;
    gsize length = byte_stream_peek (stream, BYTE_STREAM_PEEK, &data), at = 0, line = 0;

    if (length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
        at = line = 3;
    for (; at < length; at++) {
        if (data[at] == '\n' || data[at] == '\r')
            line = at + 1;
        else if (data[at] != ' ' && data[at] != '\t')
            break;
    }
    byte_stream_consume (stream, line);
    length = byte_stream_peek (stream, BYTE_STREAM_PEEK, &data);
    if (length < 5 || memcmp (data, "From ", 5) != 0 || header_line_look (data, length) == HEADER_LINE_YES)
        return;
    for (at = 0; at < length && data[at] != '\n' && data[at] != '\r'; at++) {
    }
    if (at < length)
        byte_stream_consume (stream, at + (data[at] == '\r' && at + 1 < length && data[at + 1] == '\n' ? 2 : 1));
}

static FrameResult
message_next (Frame *frame, Source *source, SourceMessage *message)
{
    MessageFrame *self = (MessageFrame *) frame;
    MessageText *text = source_text (source);
    gboolean more = TRUE;

    if (self->stream == NULL)
        return FRAME_END;
    message_text_reset (text, FALSE);
    skip_to_header (self->stream);
    while (more) {
        const char *window;
        gsize length = byte_stream_peek (self->stream, 1, &window);

        more = length > 0 && message_text_append (text, window, length);
        source_count_bytes (source, length);
        byte_stream_consume (self->stream, length);
    }
    if (byte_stream_failure (self->stream) != NULL) {
        source_fail (source, self->info.path, byte_stream_offset (self->stream), "%s",
                     byte_stream_failure (self->stream));
        return FRAME_END;
    }
    byte_stream_free (g_steal_pointer (&self->stream));
    message->kind = self->info.maildir ? SOURCE_MAILDIR : SOURCE_FILE;
    message->received = self->info.received;
    return source_finish_message (source, self->info.path, 0, NULL, message) ? FRAME_MESSAGE : FRAME_END;
}

static void
message_free (Frame *frame)
{
    MessageFrame *self = (MessageFrame *) frame;

    byte_stream_free (self->stream);
    g_free (self->info.path);
    g_free (self);
}

Frame *
message_frame_new (ByteStream *stream, const FileInfo *info)
{
    static const FrameClass class = {message_next, message_free};
    MessageFrame *self = g_new0 (MessageFrame, 1);

    self->frame.class = &class;
    self->info = file_info_copy (info);
    self->stream = stream;
    return &self->frame;
}
