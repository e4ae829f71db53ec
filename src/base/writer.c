/* SPDX-License-Identifier: MIT */
#include "base/writer.h"

#include <stdarg.h>
#include <string.h>

#define WRITER_BUFFER ((gsize) 64 * 1024)

struct Writer {
    WriterFunc write;
    gpointer user;
    GString *buffer;
    GError *error; /* the first one */
};

static gboolean
write_string (const char *data, gsize length, gpointer user, GError **error)
{
    (void) error;
    g_string_append_len (user, data, (gssize) length);
    return TRUE;
}

Writer *
writer_new (WriterFunc write, gpointer user)
{
    Writer *writer = g_new0 (Writer, 1);

    writer->write = write;
    writer->user = user;
    writer->buffer = g_string_sized_new (WRITER_BUFFER);
    return writer;
}

Writer *
writer_new_string (GString *out)
{
    return writer_new (write_string, out);
}

static void
writer_drain (Writer *writer)
{
    if (writer->buffer->len > 0 && writer->error == NULL)
        writer->write (writer->buffer->str, writer->buffer->len, writer->user, &writer->error);
    g_string_truncate (writer->buffer, 0);
}

void
writer_put (Writer *writer, const char *data, gsize length)
{
    g_string_append_len (writer->buffer, data, (gssize) length);
    if (writer->buffer->len >= WRITER_BUFFER)
        writer_drain (writer);
}

void
writer_puts (Writer *writer, const char *text)
{
    writer_put (writer, text, strlen (text));
}

void
writer_putc (Writer *writer, char byte)
{
    writer_put (writer, &byte, 1);
}

void
writer_printf (Writer *writer, const char *format, ...)
{
    va_list args;

    va_start (args, format);
    g_string_append_vprintf (writer->buffer, format, args);
    va_end (args);
    if (writer->buffer->len >= WRITER_BUFFER)
        writer_drain (writer);
}

gboolean
writer_failed (const Writer *writer)
{
    return writer->error != NULL;
}

gboolean
writer_flush (Writer *writer, GError **error)
{
    writer_drain (writer);
    if (writer->error == NULL)
        return TRUE;
    if (error != NULL)
        *error = g_error_copy (writer->error);
    return FALSE;
}

gboolean
writer_close (Writer *writer, GError **error)
{
    gboolean ok = writer_flush (writer, error);

    writer_free (writer);
    return ok;
}

void
writer_free (Writer *writer)
{
    if (writer == NULL)
        return;
    g_string_free (writer->buffer, TRUE);
    g_clear_error (&writer->error);
    g_free (writer);
}
