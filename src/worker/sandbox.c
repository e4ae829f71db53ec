/* SPDX-License-Identifier: MIT */
#include "worker/sandbox.h"

#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef NIXIE_COVERAGE
#include <gcov.h>
#endif
#ifdef __linux__
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#if defined __x86_64__
#define SANDBOX_ARCH AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define SANDBOX_ARCH AUDIT_ARCH_AARCH64
#elif defined __riscv && __riscv_xlen == 64
#define SANDBOX_ARCH AUDIT_ARCH_RISCV64
#endif
#endif

void
sandbox_close_all_but (int kept)
{
    int nowhere = open ("/dev/null", O_RDWR);
    long most = sysconf (_SC_OPEN_MAX);

    for (int fd = 0; fd <= 2; fd++)
        if (nowhere < 0)
            close (fd);
        else if (fd != nowhere)
            dup2 (nowhere, fd);
#if defined __linux__ && defined SYS_close_range
    if (kept > 2 && syscall (SYS_close_range, 3u, (unsigned) kept - 1, 0u) == 0 &&
        syscall (SYS_close_range, (unsigned) kept + 1, ~0u, 0u) == 0)
        return;
#endif
    for (int fd = 3; fd < (most < 0 || most > 65536 ? 65536 : most); fd++)
        if (fd != kept)
            close (fd);
}

static void
limit (int what, rlim_t value)
{
    struct rlimit old;

    if (getrlimit (what, &old) != 0)
        return;
    if (old.rlim_max == RLIM_INFINITY || old.rlim_max > value)
        old.rlim_max = value;
    old.rlim_cur = MIN (old.rlim_max, value);
    (void) setrlimit (what, &old);
}

/* The address space at hand; 0 = not known. */
static rlim_t
address_space (void)
{
    unsigned long pages = 0;
#ifdef __linux__
    FILE *file = fopen ("/proc/self/statm", "re");

    if (file == NULL)
        return 0;
    char line[64];
    if (fgets (line, sizeof line, file) != NULL)
        pages = strtoul (line, NULL, 10); /* 0 where it is no number */
    (void) fclose (file);
#endif
    return (rlim_t) pages * (rlim_t) sysconf (_SC_PAGESIZE);
}

static void
limit_resources (void)
{
    rlim_t used = address_space ();

    if (used > 0)
        limit (RLIMIT_AS, used + LIMIT_CHILD_MEMORY);
    limit (RLIMIT_CORE, 0); /* mail does not belong into a core file */
    limit (RLIMIT_NOFILE, LIMIT_CHILD_FILES);
    limit (RLIMIT_FSIZE, 0);
}

/* --- Landlock ------------------------------------------------------------------------------------------------------*/

#ifdef __linux__
/* landlock(7); the numbers are the same on every architecture. Not from <linux/landlock.h>: that of the machine that
 * builds may be older than the kernel that runs. */
#define CALL_LANDLOCK_CREATE 444
#define CALL_LANDLOCK_RESTRICT 446
#define LANDLOCK_VERSION 1u

typedef struct {
    guint64 files, network, scope;
} LandlockRights;

static int
landlock_version (void)
{
    long version = syscall (CALL_LANDLOCK_CREATE, NULL, (size_t) 0, LANDLOCK_VERSION);

    return version > 0 ? (int) version : 0;
}

/* Every right that this kernel can take away, with no exception for any path or port. */
static void
enter_landlock (void)
{
    int version = landlock_version (), ruleset;
    LandlockRights rights = {.files = 0x1fff};
    size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;

    if (version <= 0)
        return;
    rights.files |= version >= 2 ? 0x2000 : 0; /* refer */
    rights.files |= version >= 3 ? 0x4000 : 0; /* truncate */
    rights.files |= version >= 5 ? 0x8000 : 0; /* ioctl on devices */
    rights.network = version >= 4 ? 3 : 0;     /* bind, connect (TCP) */
    rights.scope = version >= 6 ? 3 : 0;       /* abstract sockets, signals */
    ruleset = (int) syscall (CALL_LANDLOCK_CREATE, &rights, size, 0u);
    if (ruleset < 0)
        return;
    (void) syscall (CALL_LANDLOCK_RESTRICT, ruleset, 0u);
    close (ruleset);
}
#endif

/* --- seccomp -------------------------------------------------------------------------------------------------------*/

#ifdef SANDBOX_ARCH
/* What a process needs that reads a socket, computes, and answers. Memory may be mapped, but not to be executed. */
static const guint32 allowed_calls[] = {
    __NR_read, __NR_write, __NR_readv, __NR_writev, __NR_recvfrom, __NR_sendto, __NR_close, __NR_brk, __NR_munmap,
    __NR_mremap, __NR_madvise, __NR_futex, __NR_exit, __NR_exit_group, __NR_rt_sigreturn, __NR_rt_sigaction,
    __NR_rt_sigprocmask, __NR_clock_gettime, __NR_gettimeofday, __NR_getpid, __NR_gettid, __NR_getrandom, __NR_sched_yield,
    __NR_restart_syscall, __NR_fstat, __NR_lseek, __NR_ppoll,
};
static const guint32 allowed_unless_executable[] = {__NR_mmap, __NR_mprotect};

#define MOST_STEPS (2 * G_N_ELEMENTS (allowed_calls) + 5 * G_N_ELEMENTS (allowed_unless_executable) + 16)

typedef struct {
    struct sock_filter steps[MOST_STEPS];
    guint16 n;
} Program;

static void
put (Program *program, guint16 code, guint32 value, guint8 if_true, guint8 if_false)
{
    g_assert (program->n < MOST_STEPS);
    program->steps[program->n++] = (struct sock_filter){code, if_true, if_false, value};
}

static void
load (Program *program, gsize offset)
{
    put (program, BPF_LD | BPF_W | BPF_ABS, (guint32) offset, 0, 0);
}

static void
answer (Program *program, guint32 action)
{
    put (program, BPF_RET | BPF_K, action, 0, 0);
}

static gsize
argument (guint index)
{
#if G_BYTE_ORDER == G_BIG_ENDIAN
    return offsetof (struct seccomp_data, args) + 8 * index + 4;
#else
    return offsetof (struct seccomp_data, args) + 8 * index;
#endif
}

static void
allow_call (Program *program, guint32 call)
{
    put (program, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1);
    answer (program, SECCOMP_RET_ALLOW);
}

/* The third argument of mmap(2) and mprotect(2) is the protection. */
static void
allow_unless_executable (Program *program, guint32 call)
{
    put (program, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4);
    load (program, argument (2));
    put (program, BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 1, 0);
    answer (program, SECCOMP_RET_ALLOW);
    answer (program, SECCOMP_RET_ERRNO | EPERM);
}

static void
enter_seccomp (void)
{
    Program program = {.n = 0};
    struct sock_fprog loaded;

    load (&program, offsetof (struct seccomp_data, arch));
    put (&program, BPF_JMP | BPF_JEQ | BPF_K, SANDBOX_ARCH, 1, 0);
    answer (&program, SECCOMP_RET_KILL_PROCESS);
    load (&program, offsetof (struct seccomp_data, nr));
    for (gsize i = 0; i < G_N_ELEMENTS (allowed_calls); i++)
        allow_call (&program, allowed_calls[i]);
    for (gsize i = 0; i < G_N_ELEMENTS (allowed_unless_executable); i++)
        allow_unless_executable (&program, allowed_unless_executable[i]);
    /* abort(3) sends the signal to itself: to nobody else. */
    put (&program, BPF_JMP | BPF_JEQ | BPF_K, __NR_tgkill, 0, 4);
    load (&program, argument (0));
    put (&program, BPF_JMP | BPF_JEQ | BPF_K, (guint32) getpid (), 0, 1);
    answer (&program, SECCOMP_RET_ALLOW);
    answer (&program, SECCOMP_RET_ERRNO | EPERM);
    answer (&program, SECCOMP_RET_ERRNO | EPERM);
    loaded = (struct sock_fprog){program.n, program.steps};
    (void) prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &loaded, 0, 0);
}

static gboolean
has_seccomp (void)
{
    const guint32 action = SECCOMP_RET_ERRNO;

    return syscall (__NR_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}
#endif

/* -------------------------------------------------------------------------------------------------------------------*/

void
sandbox_exit (void)
{
#ifdef NIXIE_COVERAGE
    __gcov_dump ();
#endif
    _exit (0);
}

gboolean
sandbox_exists (void)
{
#ifdef __has_feature /* clang; gcc defines the other */
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#endif
#if defined WATCHED || defined __SANITIZE_ADDRESS__
    return FALSE; /* its runtime maps terabytes and opens files of its own while it runs */
#elif defined NIXIE_COVERAGE
    return FALSE; /* what was counted is written to files at the end */
#else
    return TRUE;
#endif
}

void
sandbox_enter (void)
{
    if (!sandbox_exists ())
        return;
    limit_resources ();
#ifdef __linux__
    if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
        (void) prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
        enter_landlock ();
#ifdef SANDBOX_ARCH
        enter_seccomp ();
#endif
    }
#endif
}

char *
sandbox_describe (void)
{
    GString *text = g_string_new (NULL);

    if (!sandbox_exists ())
        return g_string_free (g_string_append (text, "none: built with the address sanitizer, or to count lines"), FALSE);
#ifdef SANDBOX_ARCH
    if (has_seccomp ())
        g_string_append (text, "seccomp, ");
#endif
#ifdef __linux__
    if (landlock_version () > 0)
        g_string_append_printf (text, "Landlock %d, ", landlock_version ());
#endif
    g_string_append (text, "resource limits");
    return g_string_free (text, FALSE);
}
