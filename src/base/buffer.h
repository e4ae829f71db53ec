/* SPDX-License-Identifier: MIT */
/* A growing buffer that cannot be made without its maximum: what is appended beyond it is dropped and remembered, so
 * that no input decides how much memory is used. */
#ifndef NIXIE_BASE_BUFFER_H
#define NIXIE_BASE_BUFFER_H

#include <glib.h>

typedef struct {
    guint8 *data;       /* owned; data[length] is always NUL once something was appended */
    gsize length;
    gsize allocated;
    gsize maximum;      /* bytes kept at most */
    gboolean truncated; /* something was dropped */
} Buffer;

void buffer_init (Buffer *buffer, gsize maximum);
void buffer_clear (Buffer *buffer);  /* frees; init again before use */
void buffer_reset (Buffer *buffer);  /* empties, keeps the memory */
/* TRUE when all bytes were kept. */
gboolean buffer_append (Buffer *buffer, const void *data, gsize length);
gboolean buffer_append_char (Buffer *buffer, char byte);
gboolean buffer_append_text (Buffer *buffer, const char *text);
/* Drop `length` bytes from the front (clamped). */
void buffer_consume (Buffer *buffer, gsize length);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Buffer, buffer_clear)

#endif
