/* SPDX-License-Identifier: MIT */
#include "base/writer.h"

#include <stdarg.h>
#include <string.h>

#define WRITER_BUFFER ((gsize) 64 * 1024)

struct Writer {
    WriterFunc write;
    gpointer user;
    char *buffer; /* of WRITER_BUFFER bytes */
    gsize used;
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
    writer->buffer = g_malloc (WRITER_BUFFER);
    return writer;
}

Writer *
writer_new_string (GString *out)
{
    return writer_new (write_string, out);
}

static void
send (Writer *writer, const char *data, gsize length)
{
    if (length > 0 && writer->error == NULL)
        writer->write (data, length, writer->user, &writer->error);
}

static void
drain (Writer *writer)
{
    send (writer, writer->buffer, writer->used);
    writer->used = 0;
}

void
writer_put (Writer *writer, const char *data, gsize length)
{
    if (length == 0)
        return;
    if (length >= WRITER_BUFFER - writer->used) {
        drain (writer);
        if (length >= WRITER_BUFFER) {
            send (writer, data, length);
            return;
        }
    }
    memcpy (writer->buffer + writer->used, data, length);
    writer->used += length;
}

void
writer_putc (Writer *writer, char byte)
{
    if (writer->used == WRITER_BUFFER)
        drain (writer);
    writer->buffer[writer->used++] = byte;
}

void
writer_put_number (Writer *writer, guint64 number)
{
    char digits[20], *start = digits + sizeof digits;

    do
        *--start = (char) ('0' + number % 10);
    while ((number /= 10) > 0);
    writer_put (writer, start, (gsize) (digits + sizeof digits - start));
}

void
writer_printf (Writer *writer, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list args;

    va_start (args, format);
    text = g_strdup_vprintf (format, args);
    va_end (args);
    writer_puts (writer, text);
}

gboolean
writer_failed (const Writer *writer)
{
    return writer->error != NULL;
}

gboolean
writer_flush (Writer *writer, GError **error)
{
    drain (writer);
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
    g_free (writer->buffer);
    g_clear_error (&writer->error);
    g_free (writer);
}
