/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "worker/mail_space.h"

#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define GRAIN ((gsize) 16 * 1024)
#define GRAINS ((gsize) 4096)
#define SPACE_SIZE (GRAIN * GRAINS) /* of addresses: memory is only what mail ever lay in, and it lies low */
#define LARGEST_BATCH ((gsize) LIMIT_MESSAGE + 2 * LIMIT_BATCH_BYTES)

/* However a batch that is being filled lies, the largest one finds room beside it when all others are gone. */
G_STATIC_ASSERT (SPACE_SIZE / 2 > LARGEST_BATCH + LIMIT_BATCH_BYTES);

struct MailSpace {
    char *bytes;
    int file;      /* -1: the children inherit the mapping itself */
    gsize top;     /* no grain from here on is taken */
    guint8 taken[GRAINS];
};

/* A file without a name that nobody can map for writing once we have. */
static int
nameless_file (void)
{
    int file = memfd_create ("nixie mail", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (file >= 0 && ftruncate (file, (off_t) SPACE_SIZE) != 0) {
        close (file);
        return -1;
    }
    return file;
}

static void
seal (int file)
{
    int seals = F_SEAL_SHRINK | F_SEAL_GROW;

#ifdef F_SEAL_FUTURE_WRITE
    seals |= F_SEAL_FUTURE_WRITE;
#endif
    (void) fcntl (file, F_ADD_SEALS, seals);
}

MailSpace *
mail_space_new (void)
{
    int file = nameless_file (), flags = file >= 0 ? MAP_SHARED : MAP_SHARED | MAP_ANONYMOUS;
    /* cppcheck-suppress invalidFunctionArg; without a file the descriptor is -1 */
    char *bytes = mmap (NULL, SPACE_SIZE, PROT_READ | PROT_WRITE, flags, file, 0);

    if (bytes == MAP_FAILED) {
        int failure = errno;

        if (file >= 0)
            close (file);
        errno = failure;
        return NULL;
    }
    if (file >= 0) {
        seal (file);
        (void) madvise (bytes, SPACE_SIZE, MADV_DONTFORK);
    }
    MailSpace *space = g_new0 (MailSpace, 1);
    space->bytes = bytes;
    space->file = file;
    return space;
}

void
mail_space_free (MailSpace *space)
{
    if (space == NULL)
        return;
    munmap (space->bytes, SPACE_SIZE);
    if (space->file >= 0)
        close (space->file);
    g_free (space);
}

const char *
mail_space_enter (MailSpace *space)
{
    char *bytes;

    if (space->file < 0)
        return mprotect (space->bytes, SPACE_SIZE, PROT_READ) == 0 ? space->bytes : NULL;
    bytes = mmap (NULL, SPACE_SIZE, PROT_READ, MAP_SHARED, space->file, 0);
    if (bytes == MAP_FAILED)
        return NULL;
    close (space->file);
    return bytes;
}

/* The first of `n` free grains in a row; GRAINS when there are none. */
static gsize
find_room (const MailSpace *space, gsize n)
{
    gsize run = 0;

    for (gsize i = 0; i < space->top; i++) {
        run = space->taken[i] ? 0 : run + 1;
        if (run == n)
            return i + 1 - n;
    }
    return space->top - run + n <= GRAINS ? space->top - run : GRAINS;
}

static gsize
grains (gsize bytes)
{
    return (bytes + GRAIN - 1) / GRAIN;
}

gboolean
mail_space_has_room (const MailSpace *space)
{
    gsize n = grains (LARGEST_BATCH);

    return GRAINS - space->top >= n || find_room (space, n) < GRAINS;
}

static void
mark (MailSpace *space, gsize first, gsize n, gboolean taken)
{
    memset (space->taken + first, taken, n);
    space->top = MAX (space->top, first + n);
    while (space->top > 0 && !space->taken[space->top - 1])
        space->top--;
}

gboolean
mail_space_reserve (MailSpace *space, MailRange *range, gsize used, gsize size)
{
    gsize n = grains (size), first;

    if (size <= range->size)
        return TRUE;
    first = n <= GRAINS ? find_room (space, n) : GRAINS;
    if (first == GRAINS)
        return FALSE;
    mark (space, first, n, TRUE);
    if (used > 0)
        memcpy (space->bytes + first * GRAIN, space->bytes + range->at, used);
    mail_space_trim (space, range, 0);
    *range = (MailRange){.at = first * GRAIN, .size = n * GRAIN};
    return TRUE;
}

void
mail_space_trim (MailSpace *space, MailRange *range, gsize used)
{
    gsize kept = grains (used), all = range->size / GRAIN;

    if (kept >= all)
        return;
    mark (space, range->at / GRAIN + kept, all - kept, FALSE);
    range->size = kept * GRAIN;
}

char *
mail_space_bytes (const MailSpace *space, const MailRange *range)
{
    return space->bytes + range->at;
}
