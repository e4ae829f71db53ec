/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#define BLOCK_SIZE ((gsize) 16 * 1024)
#define FIRST_SIZE ((gsize) 2 * 1024) /* many arenas live for one question only */
#define MOST_SPARE 8                  /* blocks that arena_clear() keeps: a usual message needs a few */

/* A memory checker sees blocks, not the pieces that we cut from them. With AddressSanitizer we tell it: what is not
 * given out must not be touched, and there is a gap behind every piece. */
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
    Block *blocks;  /* all in use, the newest first */
    Block *current; /* of them: small pieces come from it */
    Block *spare;   /* of BLOCK_SIZE, cleared */
    guint n_spare;
    gsize used;
    Block first;    /* of FIRST_SIZE; made with the arena, last of `blocks` */
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
    Arena *arena = g_malloc (sizeof (Arena) + FIRST_SIZE);

    *arena = (Arena){.blocks = &arena->first, .current = &arena->first, .first = {.size = FIRST_SIZE}};
    forbid (arena->first.data, FIRST_SIZE);
    return arena;
}

void
arena_free (Arena *arena)
{
    if (arena == NULL)
        return;
    for (Block *block = arena->blocks, *next; block != &arena->first; block = next) {
        next = block->next;
        g_free (block);
    }
    for (Block *block = arena->spare, *next; block != NULL; block = next) {
        next = block->next;
        g_free (block);
    }
    g_free (arena);
}

void
arena_clear (Arena *arena)
{
    for (Block *block = arena->blocks, *next; block != &arena->first; block = next) {
        next = block->next;
        if (block->size == BLOCK_SIZE && arena->n_spare < MOST_SPARE) {
            forbid (block->data, BLOCK_SIZE);
            block->next = arena->spare;
            arena->spare = block;
            arena->n_spare++;
        } else {
            g_free (block);
        }
    }
    arena->blocks = arena->current = &arena->first;
    arena->first.used = 0;
    forbid (arena->first.data, FIRST_SIZE);
    arena->used = 0;
}

/* A block with room for small pieces. */
static Block *
standard_block (Arena *arena)
{
    Block *block = arena->spare;

    if (block == NULL) {
        block = block_new (BLOCK_SIZE);
    } else {
        arena->spare = block->next;
        arena->n_spare--;
        block->used = 0;
    }
    return block;
}

static void *
arena_take (Arena *arena, gsize size)
{
    const gsize align = _Alignof (max_align_t);
    Block *block = arena->current;
    const gsize asked = size;
    void *piece;

    g_assert (size < G_MAXSIZE / 2);
    size = (MAX (size, 1) + align - 1) / align * align;
    arena->used += size;
    size += GAP;
    if (size > block->size - block->used) {
        if (size > BLOCK_SIZE / 4) /* a block of its own; the current one may have room still */
            block = block_new (size);
        else
            arena->current = block = standard_block (arena);
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
