/* SPDX-License-Identifier: MIT */
/* A mail program that expunges just then, for tests/fault/mbox-rewritten.sh: a library that is preloaded and, in front of
 * one call with which the program asks a mailbox something, puts other bytes into that mailbox. Built by that script,
 * never installed. Counted are the calls read, pread, fstat and lseek on an open descriptor of the mailbox, together.
 *
 *     NIXIE_REWRITE="NUMBER MAILBOX OTHER"  before the NUMBERth of these calls MAILBOX gets the bytes of OTHER; 0: never
 *     NIXIE_REWRITE_HOW=over                written over and cut to its size, instead of emptied first
 *     NIXIE_REWRITE_TURNS=THIRD             again before every 20th call that follows: THIRD and OTHER in turns
 *     NIXIE_REWRITE_REPORT=FILE             at the end of the program: how many such calls there were */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static long wanted, calls;
static char mailbox[4096], other[4096];
static int (*real_fstat) (int, struct stat *);
static ssize_t (*real_read) (int, void *, size_t);
static pid_t parent;
static const char *turns;

static void
find (void *to, const char *name)
{
    *(void **) to = dlsym (RTLD_NEXT, name);
    if (*(void **) to == NULL)
        _exit (99);
}

__attribute__ ((constructor)) static void
begin (void)
{
    const char *words = getenv ("NIXIE_REWRITE");

    find (&real_fstat, "fstat");
    find (&real_read, "read");
    parent = getpid ();
    turns = getenv ("NIXIE_REWRITE_TURNS");
    if (words == NULL || sscanf (words, "%ld %4095s %4095s", &wanted, mailbox, other) != 3)
        _exit (99);
}

__attribute__ ((destructor)) static void
end (void)
{
    const char *name = getenv ("NIXIE_REWRITE_REPORT");
    FILE *file = name != NULL && getpid () == parent ? fopen (name, "we") : NULL;

    if (file == NULL)
        return;
    fprintf (file, "%ld\n", calls);
    fclose (file);
}

static void
rewrite (const char *other)
{
    static char piece[65536];
    const char *how = getenv ("NIXIE_REWRITE_HOW");
    int empty = how == NULL || strcmp (how, "over") != 0;
    int from = open (other, O_RDONLY | O_CLOEXEC), to = open (mailbox, O_WRONLY | O_CLOEXEC | (empty ? O_TRUNC : 0));
    off_t size = 0;
    ssize_t n;

    if (from < 0 || to < 0)
        _exit (99);
    while ((n = real_read (from, piece, sizeof piece)) > 0) {
        if (write (to, piece, (size_t) n) != n)
            _exit (99);
        size += n;
    }
    if (n < 0 || ftruncate (to, size) != 0)
        _exit (99);
    close (from);
    close (to);
}

static void
count (int fd)
{
    struct stat here, there;

    if (real_fstat == NULL || *mailbox == '\0' || getpid () != parent || real_fstat (fd, &here) != 0 ||
        !S_ISREG (here.st_mode) || stat (mailbox, &there) != 0 || here.st_ino != there.st_ino ||
        here.st_dev != there.st_dev)
        return;
    calls++;
    if (wanted <= 0 || calls < wanted || (calls > wanted && turns == NULL) || (calls - wanted) % 20 != 0)
        return;
    rewrite ((calls - wanted) / 20 % 2 == 0 ? other : turns);
}

/* A call under its names, which differ by the width of off_t. */
#define WRAP(type, name, parameters, arguments, ...) \
    type name parameters; \
    type name parameters \
    { \
        static type (*real) (__VA_ARGS__); \
        if (real == NULL) \
            find (&real, #name); \
        count (fd); \
        return real arguments; \
    }

WRAP (ssize_t, read, (int fd, void *data, size_t n), (fd, data, n), int, void *, size_t)
WRAP (ssize_t, pread, (int fd, void *data, size_t n, off_t at), (fd, data, n, at), int, void *, size_t, off_t)
WRAP (ssize_t, pread64, (int fd, void *data, size_t n, off64_t at), (fd, data, n, at), int, void *, size_t, off64_t)
WRAP (int, fstat, (int fd, struct stat *status), (fd, status), int, struct stat *)
WRAP (int, fstat64, (int fd, struct stat64 *status), (fd, status), int, struct stat64 *)
WRAP (off_t, lseek, (int fd, off_t at, int whence), (fd, at, whence), int, off_t, int)
WRAP (off64_t, lseek64, (int fd, off64_t at, int whence), (fd, at, whence), int, off64_t, int)
