/* SPDX-License-Identifier: MIT */
/* The yardstick of scripts/bench: GMime makes the tree of every message and every part is visited once. No address is
 * looked for, no text is decoded: what any reader that stands on GMime's trees pays before it has read a word.
 *
 *     gmime_walk MBOX | gmime_walk MAILDIR/cur */
#define _GNU_SOURCE /* memmem */
#include <dirent.h>
#include <fcntl.h>
#include <gmime/gmime.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static guint messages, parts;

static void
visit (GMimeObject *parent, GMimeObject *part, gpointer user)
{
    (void) parent;
    (void) part;
    (void) user;
    parts++;
}

static void
walk_message (const char *data, gsize length)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer (data, length);
    GMimeParser *parser = g_mime_parser_new_with_stream (stream);
    GMimeMessage *message = g_mime_parser_construct_message (parser, NULL);

    messages++;
    if (message != NULL) {
        g_mime_message_foreach (message, visit, NULL);
        g_object_unref (message);
    }
    g_object_unref (parser);
    g_object_unref (stream);
}

/* A separator is "From " behind a blank line: enough for mail that scripts/bench made itself. */
static void
walk_mbox (const char *data, gsize length)
{
    const char *end = data + length, *start = data;

    while (start < end) {
        const char *body = memchr (start, '\n', (gsize) (end - start));
        const char *next = body != NULL ? memmem (body, (gsize) (end - body), "\n\nFrom ", 7) : NULL;

        next = next != NULL ? next + 2 : end;
        if (body != NULL)
            walk_message (body + 1, (gsize) (next - body - 1));
        start = next;
    }
}

static gboolean
with_file (int folder, const char *name, void (*walk) (const char *, gsize))
{
    int fd = openat (folder, name, O_RDONLY | O_CLOEXEC);
    struct stat status;
    char *data;

    if (fd < 0 || fstat (fd, &status) != 0 || !S_ISREG (status.st_mode) || status.st_size == 0)
        return fd >= 0 && close (fd) == 0;
    data = mmap (NULL, (gsize) status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data != MAP_FAILED) {
        walk (data, (gsize) status.st_size);
        munmap (data, (gsize) status.st_size);
    }
    return close (fd) == 0 && data != MAP_FAILED;
}

int
main (int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir (argv[1]) : NULL;
    struct dirent *entry;

    if (argc != 2)
        return 64;
    g_mime_init ();
    if (folder == NULL && !with_file (AT_FDCWD, argv[1], walk_mbox))
        return 66;
    while (folder != NULL && (entry = readdir (folder)) != NULL)
        with_file (dirfd (folder), entry->d_name, walk_message);
    printf ("%u messages, %u parts\n", messages, parts);
    return 0;
}
