/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#define BLOCK_SIZE ((gsize) 16 * 1024)

/* A memory checker sees blocks, not the pieces that we cut from them. With AddressSanitizer we tell it: what is not given
 * out must not be touched, and there is a gap behind every piece. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#endif
#if defined(WATCHED) || defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define GAP 16
#define forbid(data, size) ASAN_POISON_MEMORY_REGION ((data), (size))
#define allow(data, size) ASAN_UNPOISON_MEMORY_REGION ((data), (size))
#else
#define GAP 0
#define forbid(data, size) ((void) (data), (void) (size))
#define allow(data, size) ((void) (data), (void) (size))
#endif

typedef struct Block Block;
struct Block {
    Block *next;
    gsize size, used;
    max_align_t data[];
};

struct Arena {
    Block *blocks; /* the newest first; small pieces come from it */
    gsize used;
};

static Block *
block_new (gsize size)
{
    Block *block = g_malloc (sizeof (Block) + size);

    block->next = NULL;
    block->size = size;
    block->used = 0;
    forbid (block->data, size);
    return block;
}

Arena *
arena_new (void)
{
    Arena *arena = g_new0 (Arena, 1);

    arena->blocks = block_new (BLOCK_SIZE);
    return arena;
}

void
arena_free (Arena *arena)
{
    if (arena == NULL)
        return;
    for (Block *block = arena->blocks, *next; block != NULL; block = next) {
        next = block->next;
        g_free (block);
    }
    g_free (arena);
}

void
arena_clear (Arena *arena)
{
    Block *kept = NULL;

    for (Block *block = arena->blocks, *next; block != NULL; block = next) {
        next = block->next;
        if (kept == NULL && block->size == BLOCK_SIZE)
            kept = block;
        else
            g_free (block);
    }
    if (kept == NULL)
        kept = block_new (BLOCK_SIZE);
    kept->next = NULL;
    kept->used = 0;
    forbid (kept->data, BLOCK_SIZE);
    arena->blocks = kept;
    arena->used = 0;
}

static void *
arena_take (Arena *arena, gsize size)
{
    const gsize align = _Alignof (max_align_t);
    Block *block = arena->blocks;
    const gsize asked = size;
    void *piece;

    g_assert (size < G_MAXSIZE / 2);
    size = (MAX (size, 1) + align - 1) / align * align;
    arena->used += size;
    size += GAP;
    if (size > block->size - block->used) {
        if (size > BLOCK_SIZE / 4) { /* a block of its own, behind the one that still has room */
            Block *own = block_new (size);

            own->used = size;
            own->next = block->next;
            block->next = own;
            allow (own->data, asked);
            return own->data;
        }
        block = block_new (BLOCK_SIZE);
        block->next = arena->blocks;
        arena->blocks = block;
    }
    piece = (char *) block->data + block->used;
    block->used += size;
    allow (piece, asked);
    return piece;
}

void *
arena_alloc (Arena *arena, gsize size)
{
    return memset (arena_take (arena, size), 0, size);
}

char *
arena_strdup (Arena *arena, const char *text)
{
    return text == NULL ? arena_strndup (arena, "", 0) : arena_strndup (arena, text, strlen (text));
}

char *
arena_strndup (Arena *arena, const char *text, gsize length)
{
    char *copy = arena_take (arena, length + 1);

    if (length > 0)
        memcpy (copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *
arena_printf (Arena *arena, const char *format, ...)
{
    va_list args;
    g_autofree char *text = NULL;

    va_start (args, format);
    text = g_strdup_vprintf (format, args);
    va_end (args);
    return arena_strdup (arena, text);
}

gsize
arena_used (const Arena *arena)
{
    return arena->used;
}
