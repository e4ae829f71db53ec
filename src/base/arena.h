/* SPDX-License-Identifier: MIT */
/* An arena: memory that is given out piece by piece and taken back all at once. There is one a message: whatever the
 * pure floors make of the message lives in its arena, so that no function between the mail and the event has to say
 * who frees what. Never fails (it aborts when memory is out, as GLib does).
 *
 *     g_autoptr (Arena) arena = arena_new ();
 *     const char *text = arena_strdup (arena, "kept until arena_clear() or arena_free()");
 */
#ifndef NIXIE_BASE_ARENA_H
#define NIXIE_BASE_ARENA_H

#include <glib.h>

typedef struct Arena Arena;

Arena *arena_new (void);
void arena_free (Arena *arena); /* NULL is fine */
/* Forget everything given out; keeps one block for the next message. */
void arena_clear (Arena *arena);

/* `size` zeroed bytes, aligned for any type. size 0 gives a valid pointer. */
void *arena_alloc (Arena *arena, gsize size);
#define arena_new0(arena, Type) ((Type *) arena_alloc ((arena), sizeof (Type)))
#define arena_new_array(arena, Type, n) ((Type *) arena_alloc ((arena), sizeof (Type) * (gsize) (n)))

/* Copies. A NULL text gives "": strings that come from here are never NULL. */
char *arena_strdup (Arena *arena, const char *text);
char *arena_strndup (Arena *arena, const char *text, gsize length); /* exactly `length` bytes and a NUL */
char *arena_printf (Arena *arena, const char *format, ...) G_GNUC_PRINTF (2, 3);
gsize arena_used (const Arena *arena); /* bytes given out since the last clear */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Arena, arena_free)

#endif
