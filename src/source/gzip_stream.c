/* SPDX-License-Identifier: MIT */
#include "source/gzip_stream.h"

#include <gio/gio.h>
#include <string.h>

/* So much is given to the decompressor at once: where data are damaged (and not only cut), what came of the last
 * slice is lost. */
#define SLICE 4096

typedef struct {
    ByteStream stream;
    ByteStream *packed;
    GZlibDecompressor *decompressor;
    gboolean between; /* members */
} GzipStream;

/* FALSE at the end of the file, with *what when it is not a clean one. Zeroes behind a member are padding (tapes, some
 * archivers). */
static gboolean
next_member (GzipStream *self, const char **what)
{
    const char *data;
    gsize length;

    *what = NULL;
    for (;;) {
        length = byte_stream_peek (self->packed, 2, &data);
        if (length >= 2 && memcmp (data, "\x1f\x8b", 2) == 0)
            return TRUE;
        if (length == 0) {
            *what = byte_stream_failure (self->packed);
            return FALSE;
        }
        if (*data != '\0') {
            *what = "what follows the last gzip member is no gzip data";
            return FALSE;
        }
        byte_stream_consume (self->packed, 1);
    }
}

static gssize
broken (GzipStream *self, const char *what, char **reason)
{
    const char *why = byte_stream_failure (self->packed);

    *reason = g_strdup (why != NULL ? why : what);
    return -1;
}

static gssize
gzip_stream_read (ByteStream *stream, char *out, gsize room, char **reason)
{
    GzipStream *self = (GzipStream *) stream;
    gsize wanted = 1;

    for (;;) {
        g_autoptr (GError) error = NULL;
        const char *data;
        gsize length, used = 0, made = 0;
        GConverterResult result;

        if (self->between) {
            const char *what;

            if (!next_member (self, &what))
                return what == NULL ? 0 : broken (self, what, reason);
            g_converter_reset (G_CONVERTER (self->decompressor));
            self->between = FALSE;
        }
        /* At the end of the file as well: the decompressor may hold back what found no room in `out`. */
        length = byte_stream_peek (self->packed, wanted, &data);
        result = g_converter_convert (G_CONVERTER (self->decompressor), data, MIN (length, MAX (SLICE, wanted)), out,
                                      room, G_CONVERTER_NO_FLAGS, &used, &made, &error);
        if (result == G_CONVERTER_ERROR && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
            return broken (self, "the gzip data are damaged", reason);
        byte_stream_consume (self->packed, used);
        self->between = result == G_CONVERTER_FINISHED;
        if (made > 0)
            return (gssize) made;
        if (!self->between && (length < wanted || (used == 0 && length >= BYTE_STREAM_PEEK)))
            return broken (self, "the gzip data end too early", reason);
        wanted = used > 0 ? 1 : length + 1;
    }
}

static void
gzip_stream_close (ByteStream *stream)
{
    GzipStream *self = (GzipStream *) stream;

    byte_stream_free (self->packed);
    g_object_unref (self->decompressor);
}

ByteStream *
gzip_stream_new (ByteStream *packed)
{
    static const ByteStreamClass class = {gzip_stream_read, NULL, gzip_stream_close};
    GzipStream *self = g_new0 (GzipStream, 1);

    byte_stream_init (&self->stream, &class);
    self->packed = packed;
    self->decompressor = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
    return &self->stream;
}
