/* SPDX-License-Identifier: MIT */
/* Faults on demand, for tests/fault/syscalls.sh: a library that is preloaded and stands in front of the calls with which
 * the program changes the world. Built by that script, never installed.
 *
 *     NIXIE_FAULT="CALL WHO NUMBER WHAT"
 *       CALL   read pread write pwrite fsync fdatasync ftruncate rename link unlink mkdir fchmod open close flock
 *              socketpair fork recv send poll waitpid mmap
 *       WHO    parent: the program; child: its parse processes, counted together
 *       NUMBER the NUMBERth of these calls; with a + behind it: and all that follow
 *       WHAT   kill, or the name of an error: then nothing is done and the error is answered (close does close)
 *     NIXIE_FAULT_REPORT=FILE: written at the end of the program: "CALL WHO COUNT" lines, and "fired COUNT" */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define CALLS(X) \
    X (read) X (pread) X (write) X (pwrite) X (fsync) X (fdatasync) X (ftruncate) X (rename) X (link) X (unlink) \
    X (mkdir) X (fchmod) X (open) X (close) X (flock) X (socketpair) X (fork) X (recv) X (send) X (poll) X (waitpid) \
    X (mmap)
enum {
#define X(name) CALL_##name,
    CALLS (X)
#undef X
    N_CALLS
};
static const char *const call_names[] = {
#define X(name) #name,
    CALLS (X)
#undef X
};

typedef struct {
    long counts[N_CALLS][2];
    long fired;
} Page;

static Page *page; /* shared with the children */
static int fault_call = -1, fault_child, fault_on, fault_error;
static long fault_number;
static pid_t parent;

static int
error_of (const char *name)
{
    static const struct {
        const char *name;
        int number;
    } known[] = {{"kill", 0}, {"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EROFS", EROFS}, {"EMFILE", EMFILE},
                 {"EINTR", EINTR}, {"EDQUOT", EDQUOT}, {"EACCES", EACCES}, {"EAGAIN", EAGAIN}, {"ENOMEM", ENOMEM}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp (known[i].name, name) == 0)
            return known[i].number;
    fprintf (stderr, "shim: no error %s\n", name);
    _exit (99);
}

__attribute__ ((constructor)) static void
begin (void)
{
    const char *fault = getenv ("NIXIE_FAULT");
    char call[16], who[16], number[16], what[16];
    page = mmap (NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        _exit (99);
    memset (page, 0, sizeof *page);
    parent = getpid ();
    if (fault == NULL)
        return;
    if (sscanf (fault, "%15s %15s %15s %15s", call, who, number, what) != 4)
        _exit (99);
    fault_error = error_of (what);
    fault_child = strcmp (who, "child") == 0;
    fault_on = strchr (number, '+') != NULL;
    fault_number = atol (number);
    for (int i = 0; i < N_CALLS; i++)
        if (strcmp (call_names[i], call) == 0)
            fault_call = i;
    if (fault_call < 0)
        _exit (99);
}

__attribute__ ((destructor)) static void
end (void)
{
    const char *name = getenv ("NIXIE_FAULT_REPORT");
    if (name == NULL || page == NULL || getpid () != parent)
        return;
    fault_call = -1;
    FILE *file = fopen (name, "we");
    if (file == NULL)
        return;
    for (int i = 0; i < N_CALLS; i++)
        for (int child = 0; child < 2; child++)
            fprintf (file, "%s %s %ld\n", call_names[i], child ? "child" : "parent", page->counts[i][child]);
    fprintf (file, "fired %ld\n", page->fired);
    fclose (file);
}

/* 0: go on; else the error to answer. */
static int
count (int call)
{
    if (page == NULL)
        return 0; /* somebody else's constructor */
    int child = getpid () != parent;
    long number = __atomic_add_fetch (&page->counts[call][child], 1, __ATOMIC_SEQ_CST);
    if (call != fault_call || child != fault_child || number < fault_number || (number > fault_number && !fault_on))
        return 0;
    __atomic_add_fetch (&page->fired, 1, __ATOMIC_SEQ_CST);
    if (fault_error == 0) {
        /* A parse process may send signals to itself only. */
        syscall (SYS_tgkill, getpid (), (pid_t) syscall (SYS_gettid), SIGKILL);
        for (;;)
            ;
    }
    return fault_error;
}

#define REAL(type, name, ...) \
    static type (*real) (__VA_ARGS__); \
    if (real == NULL) \
        *(void **) &real = dlsym (RTLD_NEXT, name)
#define FAIL_AT(call, failed) \
    int error = count (call); \
    if (error != 0) { \
        errno = error; \
        return failed; \
    }
/* A call under its names, which differ by the width of off_t. */
#define WRAP(type, failed, call, name, parameters, arguments, ...) \
    type name parameters; \
    type name parameters \
    { \
        REAL (type, #name, __VA_ARGS__); \
        FAIL_AT (CALL_##call, failed) \
        return real arguments; \
    }

WRAP (ssize_t, -1, read, read, (int fd, void *data, size_t n), (fd, data, n), int, void *, size_t)
WRAP (ssize_t, -1, pread, pread, (int fd, void *data, size_t n, off_t at), (fd, data, n, at), int, void *, size_t, off_t)
WRAP (ssize_t, -1, pread, pread64, (int fd, void *data, size_t n, off64_t at), (fd, data, n, at), int, void *, size_t,
      off64_t)
WRAP (ssize_t, -1, write, write, (int fd, const void *data, size_t n), (fd, data, n), int, const void *, size_t)
WRAP (ssize_t, -1, pwrite, pwrite, (int fd, const void *data, size_t n, off_t at), (fd, data, n, at), int, const void *,
      size_t, off_t)
WRAP (ssize_t, -1, pwrite, pwrite64, (int fd, const void *data, size_t n, off64_t at), (fd, data, n, at), int,
      const void *, size_t, off64_t)
WRAP (int, -1, fsync, fsync, (int fd), (fd), int)
WRAP (int, -1, fdatasync, fdatasync, (int fd), (fd), int)
WRAP (int, -1, ftruncate, ftruncate, (int fd, off_t n), (fd, n), int, off_t)
WRAP (int, -1, ftruncate, ftruncate64, (int fd, off64_t n), (fd, n), int, off64_t)
WRAP (int, -1, rename, rename, (const char *from, const char *to), (from, to), const char *, const char *)
WRAP (int, -1, rename, renameat, (int at, const char *from, int there, const char *to), (at, from, there, to), int,
      const char *, int, const char *)
WRAP (int, -1, link, link, (const char *from, const char *to), (from, to), const char *, const char *)
WRAP (int, -1, unlink, unlink, (const char *name), (name), const char *)
WRAP (int, -1, unlink, unlinkat, (int at, const char *name, int flags), (at, name, flags), int, const char *, int)
WRAP (int, -1, mkdir, mkdir, (const char *name, mode_t mode), (name, mode), const char *, mode_t)
WRAP (int, -1, fchmod, fchmod, (int fd, mode_t mode), (fd, mode), int, mode_t)
WRAP (int, -1, flock, flock, (int fd, int what), (fd, what), int, int)
WRAP (int, -1, socketpair, socketpair, (int domain, int type, int protocol, int fds[2]), (domain, type, protocol, fds),
      int, int, int, int *)
WRAP (pid_t, -1, fork, fork, (void), (), void)
WRAP (ssize_t, -1, recv, recv, (int fd, void *data, size_t n, int flags), (fd, data, n, flags), int, void *, size_t, int)
WRAP (ssize_t, -1, send, send, (int fd, const void *data, size_t n, int flags), (fd, data, n, flags), int, const void *,
      size_t, int)
WRAP (int, -1, poll, poll, (struct pollfd *fds, nfds_t n, int timeout), (fds, n, timeout), struct pollfd *, nfds_t, int)
WRAP (pid_t, -1, waitpid, waitpid, (pid_t id, int *status, int options), (id, status, options), pid_t, int *, int)
WRAP (void *, MAP_FAILED, mmap, mmap, (void *at, size_t n, int protection, int flags, int fd, off_t offset),
      (at, n, protection, flags, fd, offset), void *, size_t, int, int, int, off_t)
WRAP (void *, MAP_FAILED, mmap, mmap64, (void *at, size_t n, int protection, int flags, int fd, off64_t offset),
      (at, n, protection, flags, fd, offset), void *, size_t, int, int, int, off64_t)

/* Linux has closed the descriptor whatever it answers. */
int
close (int fd)
{
    REAL (int, "close", int);
    int error = count (CALL_close), result = real (fd);
    if (error == 0)
        return result;
    errno = error;
    return -1;
}

#define WRAP_OPEN(name) \
    int name (const char *path, int flags, ...); \
    int name (const char *path, int flags, ...) \
    { \
        REAL (int, #name, const char *, int, ...); \
        va_list more; \
        va_start (more, flags); \
        mode_t mode = (mode_t) va_arg (more, unsigned); \
        va_end (more); \
        FAIL_AT (CALL_open, -1) \
        return real (path, flags, mode); \
    }
#define WRAP_OPENAT(name) \
    int name (int at, const char *path, int flags, ...); \
    int name (int at, const char *path, int flags, ...) \
    { \
        REAL (int, #name, int, const char *, int, ...); \
        va_list more; \
        va_start (more, flags); \
        mode_t mode = (mode_t) va_arg (more, unsigned); \
        va_end (more); \
        FAIL_AT (CALL_open, -1) \
        return real (at, path, flags, mode); \
    }
WRAP_OPEN (open)
WRAP_OPEN (open64)
WRAP_OPENAT (openat)
WRAP_OPENAT (openat64)
