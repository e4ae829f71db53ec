/* SPDX-License-Identifier: MIT */
/* Frame of an mbox: the splitter over a stream. */
#include "source/source_frame.h"

#include "base/byte_search.h"
#include "source/content_kind.h"
#include "source/mbox_follow.h"
#include "source/mbox_split.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_STATIC_ASSERT (BYTE_STREAM_PEEK >= MBOX_WINDOW);

#define MOST_STARTS 4 /* of one file that is rewritten again and again */

typedef struct {
    Frame frame;
    FileInfo info;
    ByteStream *stream;
    MboxSplit split;
    guint64 messages;
    guint64 offset;   /* of the message at hand */
    gint64 received;
    gboolean told_nul;
    int followed;     /* descriptor of a file that may grow; -1: it is not followed */
    FollowMark mark;  /* of that file */
    guint starts;     /* how often it was begun anew, since it was rewritten meanwhile */
    gboolean loose;   /* too often: it is read as it comes, and there will be no cursor */
    gboolean unsure;  /* since the mark was looked at, more was read */
    gboolean skip;    /* nothing is new in it */
    gboolean waits;   /* its last message is left for the next time */
    guint64 end;      /* of the message given out last */
} MboxFrame;

/* The last message of a file that may be written to at this moment. */
static gboolean
last_waits (MboxFrame *self, Source *source, const MboxPiece *piece, const SourceMessage *message)
{
    gboolean cut = piece->cut || piece->unsure; /* `\n\nFro` may be a separator, or a field of a returned message */
    LastMessage last = mbox_follow_last (self->followed, self->end, message->data, message->length, cut);

    self->waits = last != LAST_WHOLE;
    if (last == LAST_CUT)
        source_fail (source, self->info.path, self->offset,
                     "the mailbox ends in the middle of a message: it waits for its end until the next run");
    return self->waits;
}

/* At an MBOX_END. FALSE when the message is not given out. */
static gboolean
finish_mbox_message (MboxFrame *self, Source *source, const MboxPiece *piece, gsize window, SourceMessage *message)
{
    const char *path = self->info.path;

    if (piece->last && byte_stream_failure (self->stream) != NULL)
        return FALSE; /* it is not whole: told at the end */
    message->kind = SOURCE_MBOX;
    message->received = self->received;
    self->end = self->split.offset + (piece->last ? window : self->split.next_from);
    self->messages++;
    if (!source_finish_message (source, path, self->offset, &self->told_nul, message)) {
        if (piece->cut)
            source_fail (source, path, self->offset, "the mailbox ends in the line that opens a message");
        self->waits = piece->cut;
        return FALSE;
    }
    if ((piece->last || piece->unsure) && self->followed >= 0 && last_waits (self, source, piece, message))
        return FALSE;
    /* A file with one message and no line end behind it is a copy by hand, not a cut. */
    if (piece->cut && (self->messages > 1 || byte_search_pair (message->data, message->length, '\n', '\n') == NULL))
        source_fail (source, path, self->offset, "the mailbox ends in the middle of a message");
    return TRUE;
}

static void
tell_rewritten (const MboxFrame *self, Source *source)
{
    source_warn (source, self->info.path, 0,
                 "the mailbox was rewritten while it was read: all of it is read again next time");
}

/* What the window holds may have been read before the mark was taken: read it again, so that all that is given out is
 * younger than the mark. FALSE when it is no mailbox any more. */
static gboolean
mark_and_read (MboxFrame *self, Source *source)
{
    const char *data;
    gsize length;

    if (!mbox_follow_mark (self->followed, &self->mark))
        self->mark.size = G_MAXUINT64; /* no file has that */
    byte_stream_seek (self->stream, 0, SEEK_SET);
    length = byte_stream_peek (self->stream, CONTENT_KIND_BYTES, &data);
    self->unsure = TRUE;
    self->skip = content_kind (data, length) != CONTENT_MBOX;
    if (self->skip)
        tell_rewritten (self, source);
    return !self->skip;
}

/* A message of which one half is old and the other one new would be one that nobody wrote: what is at hand is
 * dropped, and the file is read from its start. What was given out already is known by then. */
static void
start_again (MboxFrame *self, Source *source)
{
    if (!mark_and_read (self, source))
        return;
    mbox_split_init (&self->split, 0);
    self->messages = 0;
    self->waits = FALSE;
    self->loose = ++self->starts == MOST_STARTS;
    if (self->loose)
        tell_rewritten (self, source);
}

/* Read to the end, or to the message that waits. */
static FrameResult
tell_end (MboxFrame *self, Source *source)
{
    SourceCursor cursor;
    guint64 end = self->waits ? self->offset : byte_stream_offset (self->stream);

    if (self->loose)
        return FRAME_END;
    if (!mbox_follow_cursor (self->followed, end, &cursor) || !mbox_follow_only_grew (self->followed, &self->mark)) {
        start_again (self, source);
        return FRAME_AGAIN;
    }
    source_tell_cursor (source, self->info.path, &cursor);
    return FRAME_END;
}

/* All that was read so far is of the file that was marked. */
static gboolean
is_sure (MboxFrame *self)
{
    if (self->unsure && !self->loose)
        self->unsure = !mbox_follow_still (self->followed, &self->mark);
    return !self->unsure || self->loose;
}

static FrameResult
mbox_next (Frame *frame, Source *source, SourceMessage *message)
{
    MboxFrame *self = (MboxFrame *) frame;
    MessageText *text = source_text (source);
    gboolean give = FALSE;
    MboxPiece piece;

    if (self->skip)
        return FRAME_END;
    while (!give) {
        const char *window;
        gsize length = byte_stream_peek (self->stream, 0, &window);

        if (!is_sure (self)) {
            start_again (self, source);
            return FRAME_AGAIN;
        }
        mbox_split_next (&self->split, window, length, byte_stream_at_end (self->stream), &piece);
        if (piece.kind == MBOX_EOF)
            break;
        if (piece.kind == MBOX_MORE) {
            message_text_keep (text);
            byte_stream_more (self->stream);
            self->unsure = self->followed >= 0;
        } else if (piece.kind == MBOX_TEXT && piece.plain) {
            message_text_lend (text, window, piece.length);
        } else if (piece.kind == MBOX_TEXT) {
            message_text_append (text, window, piece.length);
        } else if (piece.kind == MBOX_END) {
            give = finish_mbox_message (self, source, &piece, length, message);
        } else if (piece.kind == MBOX_BEGIN) {
            message_text_reset (text, self->split.line_end == '\r');
            self->offset = piece.offset;
            self->received = piece.received;
        }
        source_count_bytes (source, piece.consumed);
        byte_stream_consume (self->stream, piece.consumed);
        if (self->waits)
            break;
    }
    if (give)
        return FRAME_MESSAGE;
    if (byte_stream_failure (self->stream) != NULL)
        source_fail (source, self->info.path, byte_stream_offset (self->stream), "%s",
                     byte_stream_failure (self->stream));
    else if (self->followed >= 0)
        return tell_end (self, source);
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

/* Go on where the last run stopped. What follows there must start like a mailbox: otherwise the message before had not
 * been whole, and only reading everything again is sure. */
static void
resume (MboxFrame *self, guint64 offset)
{
    const char *data;
    gsize length;

    if (byte_stream_seek (self->stream, (gint64) offset, SEEK_SET) >= 0) {
        length = byte_stream_peek (self->stream, MBOX_WINDOW, &data);
        self->messages = 1;
        if (mbox_split_looks_like_mbox (data, length))
            return;
    }
    self->messages = 0;
    byte_stream_seek (self->stream, 0, SEEK_SET);
}

static void
follow_file (MboxFrame *self, Source *source, int fd, const SourceCursor *cursor)
{
    self->followed = fd;
    self->skip = cursor != NULL && mbox_follow_untouched (fd, cursor);
    if (self->skip || !mark_and_read (self, source))
        return;
    switch (cursor != NULL ? mbox_follow_from (fd, cursor) : FOLLOW_START) {
    case FOLLOW_NOTHING_NEW:
        self->skip = TRUE;
        break;
    case FOLLOW_RESUME:
        resume (self, cursor->offset);
        break;
    case FOLLOW_START:
        break;
    }
}

/* Standard input of which somebody has read the beginning is not followed: places in it are not those in the file. */
static void
follow (MboxFrame *self, Source *source)
{
    SourceCursor cursor;
    struct stat status;
    gboolean found;
    const char *data;
    gsize length = byte_stream_peek (self->stream, 0, &data);
    int fd = fd_stream_descriptor (self->stream);

    if (fd >= 0 && fstat (fd, &status) == 0 && S_ISREG (status.st_mode) &&
        lseek (fd, 0, SEEK_CUR) == (off_t) length && source_ask_cursor (source, self->info.path, &cursor, &found))
        follow_file (self, source, fd, found ? &cursor : NULL);
}

Frame *
mbox_frame_new (Source *source, ByteStream *stream, const FileInfo *info)
{
    static const FrameClass class = {mbox_next, mbox_free};
    MboxFrame *self = g_new0 (MboxFrame, 1);

    self->frame.class = &class;
    self->info = file_info_copy (info);
    self->stream = stream;
    self->followed = -1;
    follow (self, source);
    mbox_split_init (&self->split, byte_stream_offset (stream));
    return &self->frame;
}
