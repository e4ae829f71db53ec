/* SPDX-License-Identifier: MIT */
/* Where a sink writes: a buffered writer in front of a function. The first error sticks: sinks write without asking,
 * whoever owns the writer asks once at writer_close(). Nothing here knows files: src/app gives the function. */
#ifndef NIXIE_BASE_WRITER_H
#define NIXIE_BASE_WRITER_H

#include <glib.h>
#include <string.h>

typedef gboolean (*WriterFunc) (const char *data, gsize length, gpointer user, GError **error);

typedef struct Writer Writer;

Writer *writer_new (WriterFunc write, gpointer user);
Writer *writer_new_string (GString *out); /* for tests and for small texts; `out` is borrowed */
void writer_put (Writer *writer, const char *data, gsize length);
static inline void
writer_puts (Writer *writer, const char *text)
{
    writer_put (writer, text, strlen (text));
}

void writer_putc (Writer *writer, char byte);
void writer_put_number (Writer *writer, guint64 number);
void writer_printf (Writer *writer, const char *format, ...) G_GNUC_PRINTF (2, 3);
gboolean writer_failed (const Writer *writer); /* an early way out of a long loop */
/* Flush. FALSE with the first error. */
gboolean writer_flush (Writer *writer, GError **error);
/* Flush and free. FALSE with the first error. */
gboolean writer_close (Writer *writer, GError **error);
void writer_free (Writer *writer); /* without flushing; NULL is fine */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Writer, writer_free)

#endif
