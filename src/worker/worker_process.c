/* SPDX-License-Identifier: MIT */
#include "worker/worker_process.h"

#include "base/limits.h"
#include "worker/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#define RECEIVE_SIZE (256 * 1024)
#define SOCKET_BUFFER (1024 * 1024) /* asked for; the system gives what it likes */
#define PATIENCE_MS 1000            /* for a process that hung up, to end */

struct WorkerProcess {
    GPid id;
    int socket;
    WorkerPage *page;
    guint64 watched;                   /* the message that the clocks below are about */
    gint64 cpu_at_start, wall_at_start; /* microseconds */
};

/* Where the mail is. Ctrl-C and the service manager reach the whole group: the parent decides when it is over. */
static const char *
prepare_child (int socket, GPid parent, MailSpace *space)
{
    static const int ignored[] = {SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGTSTP, SIGPIPE};
    const char *mail;

    for (gsize i = 0; i < G_N_ELEMENTS (ignored); i++)
        (void) signal (ignored[i], SIG_IGN);
#ifdef __linux__
    prctl (PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (getppid () != parent)
        sandbox_exit (); /* it died meanwhile */
    mail = mail_space_enter (space);
    if (mail == NULL)
        sandbox_exit ();
    sandbox_close_all_but (socket);
    sandbox_enter ();
    return mail;
}

static void
enlarge (int socket)
{
    int size = SOCKET_BUFFER;

    (void) setsockopt (socket, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    (void) setsockopt (socket, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

/* Both ends above the standard descriptors. */
static gboolean
make_sockets (int sockets[2])
{
    if (socketpair (AF_UNIX, SOCK_STREAM, 0, sockets) != 0)
        return FALSE;
    for (int i = 0; i < 2; i++) {
        int moved = fcntl (sockets[i], F_DUPFD_CLOEXEC, 3);

        close (sockets[i]);
        sockets[i] = moved;
        if (moved >= 0)
            enlarge (moved);
    }
    if (sockets[0] >= 0 && sockets[1] >= 0)
        return TRUE;
    for (int i = 0; i < 2; i++)
        if (sockets[i] >= 0)
            close (sockets[i]);
    return FALSE;
}

WorkerProcess *
worker_process_start (MailSpace *space, WorkerParse parse, gpointer user)
{
    WorkerProcess *process = g_new0 (WorkerProcess, 1);
    GPid parent = getpid ();
    int sockets[2];

    /* cppcheck-suppress invalidFunctionArg; without a file the descriptor is -1 */
    process->page = mmap (NULL, sizeof (WorkerPage), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (process->page == MAP_FAILED || !make_sockets (sockets)) {
        if (process->page != MAP_FAILED)
            munmap (process->page, sizeof (WorkerPage));
        g_free (process);
        return NULL;
    }
    process->id = fork ();
    if (process->id == 0) {
        const char *mail = prepare_child (sockets[1], parent, space);

        worker_child_run (sockets[1], process->page, mail, parse, user);
    }
    close (sockets[1]);
    process->socket = sockets[0];
    if (process->id > 0)
        return process;
    close (sockets[0]);
    munmap (process->page, sizeof (WorkerPage));
    g_free (process);
    return NULL;
}

/* Its socket is closed: it ends by itself, or is made to. */
static int
wait_for_end (GPid id)
{
    int status = 0;

    for (guint waited = 0;; waited++) {
        pid_t ended = waitpid (id, &status, waited < PATIENCE_MS ? WNOHANG : 0);

        if (ended == id || (ended < 0 && errno != EINTR))
            return status;
        if (waited < PATIENCE_MS)
            g_usleep (1000);
        if (waited == PATIENCE_MS - 1)
            kill (id, SIGKILL);
    }
}

char *
worker_process_end (WorkerProcess *process)
{
    int status;

    close (process->socket);
    status = wait_for_end (process->id);
    munmap (process->page, sizeof (WorkerPage));
    g_free (process);
    if (WIFSIGNALED (status))
        return g_strdup_printf ("its parse process was ended by signal %d (%s)", WTERMSIG (status),
                                g_strsignal (WTERMSIG (status)));
    return g_strdup_printf ("its parse process ended by itself (%d)", WIFEXITED (status) ? WEXITSTATUS (status) : -1);
}

void
worker_process_free (WorkerProcess *process)
{
    if (process != NULL)
        g_free (worker_process_end (process));
}

GPid
worker_process_id (const WorkerProcess *process)
{
    return process->id;
}

int
worker_process_socket (const WorkerProcess *process)
{
    return process->socket;
}

gssize
worker_process_send (WorkerProcess *process, gconstpointer data, gsize length)
{
    gssize n;

    do
        n = send (process->socket, data, length, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    return MAX (n, 0);
}

gssize
worker_process_receive (WorkerProcess *process, GByteArray *into)
{
    guint before = into->len;
    gssize n;

    g_byte_array_set_size (into, before + RECEIVE_SIZE);
    do
        n = recv (process->socket, into->data + before, RECEIVE_SIZE, MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    g_byte_array_set_size (into, before + (guint) MAX (n, 0));
    if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
        return 0; /* ECONNRESET: it died with mail unread */
    return n;
}

guint64
worker_process_reading (const WorkerProcess *process)
{
    return __atomic_load_n (&process->page->reading, __ATOMIC_SEQ_CST);
}

static gint64
cpu_time (GPid id)
{
    clockid_t clock;
    struct timespec now;

    if (clock_getcpuclockid (id, &clock) != 0 || clock_gettime (clock, &now) != 0)
        return 0;
    return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

const char *
worker_process_overdue (WorkerProcess *process, gint64 cpu_limit)
{
    guint64 reading = worker_process_reading (process);
    gint64 cpu = cpu_time (process->id), wall = g_get_monotonic_time ();

    if (reading == 0 || reading != process->watched) {
        process->watched = reading;
        process->cpu_at_start = cpu;
        process->wall_at_start = wall;
        return NULL;
    }
    if (cpu - process->cpu_at_start > cpu_limit) {
        kill (process->id, SIGKILL);
        return "reading it takes more processor time than a message may";
    }
    if (wall - process->wall_at_start > LIMIT_MESSAGE_WALL * G_USEC_PER_SEC) {
        kill (process->id, SIGKILL);
        return "its parse process did not answer for " G_STRINGIFY (LIMIT_MESSAGE_WALL) " seconds";
    }
    return NULL;
}
