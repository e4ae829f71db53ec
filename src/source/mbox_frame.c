/* SPDX-License-Identifier: MIT */
/* Frame of an mbox: the splitter over a stream. */
#include "source/source_frame.h"

#include "source/byte_search.h"
#include "source/mbox_split.h"

#include <string.h>

G_STATIC_ASSERT (BYTE_STREAM_PEEK >= MBOX_WINDOW);

typedef struct {
    Frame frame;
    FileInfo info;
    ByteStream *stream;
    MboxSplit split;
    guint64 messages;
    guint64 offset;   /* of the message at hand */
    gint64 received;
    gboolean told_nul;
} MboxFrame;

/* At an MBOX_END. FALSE when the message is not given out. */
static gboolean
finish_mbox_message (MboxFrame *self, Source *source, const MboxPiece *piece, SourceMessage *message)
{
    const char *path = self->info.path;

    if (piece->last && byte_stream_failure (self->stream) != NULL)
        return FALSE; /* it is not whole: told at the end */
    message->kind = SOURCE_MBOX;
    message->received = self->received;
    self->messages++;
    if (!source_finish_message (source, path, self->offset, &self->told_nul, message)) {
        if (piece->cut)
            source_fail (source, path, self->offset, "the mailbox ends in the line that opens a message");
        return FALSE;
    }
    /* A file with one message and no line end behind it is a copy by hand, not a cut. */
    if (piece->cut && (self->messages > 1 || byte_search_pair (message->data, message->length, '\n', '\n') == NULL))
        source_fail (source, path, self->offset, "the mailbox ends in the middle of a message");
    return TRUE;
}

static FrameResult
mbox_next (Frame *frame, Source *source, SourceMessage *message)
{
    MboxFrame *self = (MboxFrame *) frame;
    MessageText *text = source_text (source);
    gboolean give = FALSE;
    MboxPiece piece;

    while (!give) {
        const char *window;
        gsize length = byte_stream_peek (self->stream, 0, &window);

        mbox_split_next (&self->split, window, length, byte_stream_at_end (self->stream), &piece);
        if (piece.kind == MBOX_EOF)
            break;
        if (piece.kind == MBOX_MORE)
            byte_stream_more (self->stream);
        else if (piece.kind == MBOX_TEXT)
            message_text_append (text, window, piece.length);
        else if (piece.kind == MBOX_END)
            give = finish_mbox_message (self, source, &piece, message);
        else if (piece.kind == MBOX_BEGIN) {
            message_text_reset (text, self->split.line_end == '\r');
            self->offset = piece.offset;
            self->received = piece.received;
        }
        source_count_bytes (source, piece.consumed);
        byte_stream_consume (self->stream, piece.consumed);
    }
    if (give)
        return FRAME_MESSAGE;
    if (byte_stream_failure (self->stream) != NULL)
        source_fail (source, self->info.path, byte_stream_offset (self->stream), "%s",
                     byte_stream_failure (self->stream));
    return FRAME_END;
}

static void
mbox_free (Frame *frame)
{
    MboxFrame *self = (MboxFrame *) frame;

    byte_stream_free (self->stream);
    g_free (self->info.path);
    g_free (self);
}

Frame *
mbox_frame_new (ByteStream *stream, const FileInfo *info)
{
    static const FrameClass class = {mbox_next, mbox_free};
    MboxFrame *self = g_new0 (MboxFrame, 1);

    self->frame.class = &class;
    self->info = file_info_copy (info);
    self->stream = stream;
    mbox_split_init (&self->split, byte_stream_offset (stream));
    return &self->frame;
}
