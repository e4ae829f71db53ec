/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"

#include <string.h>

void
buffer_init (Buffer *buffer, gsize maximum)
{
    *buffer = (Buffer){.maximum = maximum};
}

void
buffer_clear (Buffer *buffer)
{
    g_free (buffer->data);
    *buffer = (Buffer){.maximum = buffer->maximum};
}

void
buffer_reset (Buffer *buffer)
{
    buffer->length = 0;
    buffer->truncated = FALSE;
    if (buffer->data != NULL)
        buffer->data[0] = '\0';
}

gboolean
buffer_append (Buffer *buffer, const void *data, gsize length)
{
    gsize room = buffer->maximum - buffer->length, kept = MIN (length, room);

    if (kept < length)
        buffer->truncated = TRUE;
    if (buffer->length + kept + 1 > buffer->allocated) {
        gsize wanted = MAX (buffer->length + kept + 1, MIN (buffer->allocated * 2, buffer->maximum + 1));

        buffer->allocated = MAX (wanted, 256);
        buffer->data = g_realloc (buffer->data, buffer->allocated);
    }
    if (kept > 0)
        memcpy (buffer->data + buffer->length, data, kept);
    buffer->length += kept;
    buffer->data[buffer->length] = '\0';
    return kept == length;
}

gboolean
buffer_append_char (Buffer *buffer, char byte)
{
    return buffer_append (buffer, &byte, 1);
}

gboolean
buffer_append_text (Buffer *buffer, const char *text)
{
    return buffer_append (buffer, text, strlen (text));
}

void
buffer_consume (Buffer *buffer, gsize length)
{
    length = MIN (length, buffer->length);
    if (length == 0)
        return;
    buffer->length -= length;
    memmove (buffer->data, buffer->data + length, buffer->length);
    buffer->data[buffer->length] = '\0';
}
