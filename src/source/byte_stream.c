/* SPDX-License-Identifier: MIT */
#include "source/byte_stream.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void
byte_stream_init (ByteStream *stream, const ByteStreamClass *class)
{
    *stream = (ByteStream){.class = class};
}

void
byte_stream_free (ByteStream *stream)
{
    if (stream == NULL)
        return;
    stream->class->close (stream);
    g_free (stream->window);
    g_free (stream->failure);
    g_free (stream);
}

gboolean
byte_stream_more (ByteStream *stream)
{
    gssize got;

    if (stream->ended)
        return FALSE;
    if (stream->window == NULL)
        stream->window = g_malloc (BYTE_STREAM_WINDOW);
    if (stream->start > 0) {
        stream->end -= stream->start;
        memmove (stream->window, stream->window + stream->start, stream->end);
        stream->start = 0;
    }
    g_assert (stream->end < BYTE_STREAM_WINDOW);
    got = stream->class->read (stream, stream->window + stream->end, BYTE_STREAM_WINDOW - stream->end,
                               &stream->failure);
    if (got <= 0) {
        stream->ended = TRUE;
        return FALSE;
    }
    stream->end += (gsize) got;
    return TRUE;
}

gsize
byte_stream_peek (ByteStream *stream, gsize wanted, const char **data)
{
    g_assert (wanted <= BYTE_STREAM_PEEK);
    while (stream->end - stream->start < wanted && byte_stream_more (stream)) {
    }
    *data = stream->window == NULL ? "" : stream->window + stream->start;
    return stream->end - stream->start;
}

void
byte_stream_consume (ByteStream *stream, gsize length)
{
    g_assert (length <= stream->end - stream->start);
    stream->start += length;
    stream->offset += length;
}

gboolean
byte_stream_at_end (const ByteStream *stream)
{
    return stream->ended;
}

gboolean
byte_stream_can_seek (const ByteStream *stream)
{
    return stream->class->seek != NULL && stream->class->seek ((ByteStream *) stream, 0, SEEK_CUR) >= 0;
}

gint64
byte_stream_seek (ByteStream *stream, gint64 offset, int whence)
{
    gint64 place;

    if (whence == SEEK_CUR) { /* the file is ahead of the window */
        offset += (gint64) stream->offset;
        whence = SEEK_SET;
    }
    place = stream->class->seek == NULL ? -1 : stream->class->seek (stream, offset, whence);
    if (place >= 0) {
        stream->start = stream->end = 0;
        stream->offset = (guint64) place;
        stream->ended = FALSE;
    }
    return place;
}

guint64
byte_stream_offset (const ByteStream *stream)
{
    return stream->offset;
}

const char *
byte_stream_failure (const ByteStream *stream)
{
    return stream->failure;
}

/* --- file descriptors ----------------------------------------------------------------------------------------------*/

typedef struct {
    ByteStream stream;
    int fd;
} FdStream;

static gssize
fd_stream_read (ByteStream *stream, char *data, gsize length, char **reason)
{
    FdStream *self = (FdStream *) stream;
    gssize got;

    for (;;) {
        got = read (self->fd, data, length);
        if (got >= 0)
            return got;
        if (errno == EAGAIN) { /* a pipe that somebody made non-blocking */
            struct pollfd wait = {.fd = self->fd, .events = POLLIN};

            poll (&wait, 1, -1);
        } else if (errno != EINTR) {
            *reason = g_strdup (g_strerror (errno));
            return -1;
        }
    }
}

static gint64
fd_stream_seek (ByteStream *stream, gint64 offset, int whence)
{
    return lseek (((FdStream *) stream)->fd, offset, whence);
}

static void
fd_stream_close (ByteStream *stream)
{
    close (((FdStream *) stream)->fd);
}

static const ByteStreamClass fd_stream_class = {fd_stream_read, fd_stream_seek, fd_stream_close};

int
fd_stream_descriptor (const ByteStream *stream)
{
    return stream->class == &fd_stream_class ? ((const FdStream *) stream)->fd : -1;
}

ByteStream *
fd_stream_new (int fd)
{
    FdStream *self = g_new0 (FdStream, 1);

    byte_stream_init (&self->stream, &fd_stream_class);
    self->fd = fd;
    return &self->stream;
}
