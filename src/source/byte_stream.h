/* SPDX-License-Identifier: MIT */
/* Bytes that come one way, looked at through a window: a file, a pipe, what a decompressor makes of another stream, a
 * member of an archive. Whoever reads takes as much of the window as it likes and asks for more; nothing is copied.
 *
 *     gsize n = byte_stream_peek (stream, 512, &data);   … at least 512 bytes unless the stream ends before …
 *     byte_stream_consume (stream, n);
 *
 * A stream that breaks (I/O error, damaged or cut archive) ends there: what came before is good, and
 * byte_stream_failure() says why. */
#ifndef NIXIE_SOURCE_BYTE_STREAM_H
#define NIXIE_SOURCE_BYTE_STREAM_H

#include "base/limits.h"
#include <glib.h>

/* The most that peek may ask for. */
#define BYTE_STREAM_PEEK 8192
#define BYTE_STREAM_WINDOW (LIMIT_READ_BLOCK + BYTE_STREAM_PEEK)

typedef struct ByteStream ByteStream;

/* What a kind of stream brings along. */
typedef struct {
    /* Up to `length` bytes; 0 at the end; -1 and *reason (owned by the caller) when it broke. */
    gssize (*read) (ByteStream *stream, char *data, gsize length, char **reason);
    /* NULL where it cannot: go to a place from the start (SEEK_SET) or the end (SEEK_END). -1 when it failed. */
    gint64 (*seek) (ByteStream *stream, gint64 offset, int whence);
    void (*close) (ByteStream *stream); /* frees what it owns besides the ByteStream itself */
} ByteStreamClass;

/* First member of every kind of stream; the fields are private. */
struct ByteStream {
    const ByteStreamClass *class;
    char *window;
    gsize start, end;
    guint64 offset; /* of window[start] */
    gboolean ended;
    char *failure;
};

void byte_stream_init (ByteStream *stream, const ByteStreamClass *class);
void byte_stream_free (ByteStream *stream); /* NULL is fine */

/* Available bytes: at least `wanted` (at most BYTE_STREAM_PEEK) unless the stream ends before; *data is good until the
 * next call. wanted 0 looks without reading. */
gsize byte_stream_peek (ByteStream *stream, gsize wanted, const char **data);
/* Read at least one byte more behind what is there; FALSE at the end. */
gboolean byte_stream_more (ByteStream *stream);
void byte_stream_consume (ByteStream *stream, gsize length);
/* TRUE when nothing comes behind the window. */
gboolean byte_stream_at_end (const ByteStream *stream);
gboolean byte_stream_can_seek (const ByteStream *stream);
/* SEEK_SET or SEEK_END; forgets the window. The new place, or -1. */
gint64 byte_stream_seek (ByteStream *stream, gint64 offset, int whence);
guint64 byte_stream_offset (const ByteStream *stream);
/* Why it ended early; NULL when it did not. */
const char *byte_stream_failure (const ByteStream *stream);

/* A file descriptor, which the stream closes. */
ByteStream *fd_stream_new (int fd);
/* Its descriptor, -1 for any other kind of stream. */
int fd_stream_descriptor (const ByteStream *stream);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ByteStream, byte_stream_free)

#endif
