/* SPDX-License-Identifier: MIT */
/* Parse processes: order, deaths, hangs, lies, replacement; and that they can do nothing but read. */
#include "unit.h"

#include "base/date.h"
#include "base/limits.h"
#include "event/event_id.h"
#include "worker/sandbox.h"
#include "worker/worker_pool.h"

#include <errno.h>
#include <fcntl.h>
#include <gmime/gmime.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- a reader that does what the mail says --------------------------------------------------------------------------*/

typedef struct {
    ParsedMessage parsed;
    EventList *events;
    Arena *arena;
} Obedient;

/* GMime 3.2 calls itself for every group of "a:a:a:…" (its issue 15, open in 3.2.15) and dies. src/mail never has it read
 * addresses, so it must be asked here. */
static void
fall_into_library (void)
{
    g_autoptr (GString) bomb = g_string_new (NULL);
    InternetAddressList *list;

    while (bomb->len < 2 * 1000 * 1000)
        g_string_append (bomb, "a:");
    g_mime_init ();
    list = internet_address_list_parse (NULL, bomb->str);
    g_clear_object (&list);
}

static char talk[1000];

static const ParsedMessage *
obey (gpointer user, const ParserInput *input)
{
    Obedient *obedient = user;
    const char *order = arena_strndup (obedient->arena, input->data, MIN (input->length, 64));
    if (g_str_has_prefix (order, "crash"))
        abort ();
    if (g_str_has_prefix (order, "leave"))
        _exit (3);
    if (g_str_has_prefix (order, "library"))
        fall_into_library ();
    for (volatile guint64 n = 0; g_str_has_prefix (order, "hang"); n++)
        ;
    for (gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 20; g_str_has_prefix (order, "busy");)
        if (g_get_monotonic_time () > end)
            break;
    event_list_clear (obedient->events);
    BounceEvent *event = event_list_add (obedient->events);
    event->diagnostic = g_str_has_prefix (order, "lie") ? "\033[2J" : order;
    event->date = input->received;
    if (g_str_has_prefix (order, "talk"))
        event->rule = arena_strndup (obedient->arena, talk, sizeof talk - 1);
    obedient->parsed.events = obedient->events;
    obedient->parsed.result = MESSAGE_EVENTS;
    return &obedient->parsed;
}

static Obedient *
obedient_new (void)
{
    Obedient *obedient = g_new0 (Obedient, 1);
    obedient->arena = arena_new ();
    obedient->events = event_list_new (obedient->arena);
    return obedient;
}

static void
obedient_free (Obedient *obedient)
{
    event_list_free (obedient->events);
    arena_free (obedient->arena);
    g_free (obedient);
}

typedef const char *(*OrderOf) (guint index, char *scratch);

/* Send `count` orders, and check that each comes back in its place. Returns how many were lost. */
static guint
run_orders (guint jobs, guint count, OrderOf order_of, void (*meddle) (WorkerPool *pool, guint taken))
{
    Obedient *obedient = obedient_new ();
    WorkerPool *pool = worker_pool_new (jobs, obey, obedient, sizeof (guint));
    g_autoptr (GError) error = NULL;
    WorkerResult result;
    guint sent = 0, taken = 0, lost = 0;
    char scratch[64];

    worker_pool_limit_cpu (pool, G_USEC_PER_SEC / 5);
    for (;;) {
        while (sent < count && worker_pool_wants (pool, &error)) {
            const char *order = order_of (sent, scratch);
            ParserInput input = {.path = sent % 7 == 0 ? "a\xff" : "b",
                                 .offset = sent,
                                 .received = (gint64) sent,
                                 .data = order,
                                 .length = strlen (order)};
            assert_true (worker_pool_put (pool, &input, &sent, &error));
            sent++;
        }
        assert_null (error);
        if (sent == count)
            assert_true (worker_pool_finish (pool, &error));
        if (!worker_pool_take (pool, &result, &error))
            break;
        const BounceEvent *event = event_list_get (result.parsed.events, 0);
        assert_int_equal (*(const guint *) result.note, taken);
        assert_int_equal (event->offset, taken);
        assert_string_equal (event->source, taken % 7 == 0 ? "a\\xff" : "b");
        assert_string_equal (result.path, taken % 7 == 0 ? "a\xff" : "b");
        if (result.parsed.result == MESSAGE_UNREADABLE) {
            Digester *digester = digester_new ();
            const char *order = order_of (taken, scratch);
            Digest key = message_key (digester, order, strlen (order));
            digester_free (digester);
            lost++;
            assert_true (digest_equal (&key, &result.parsed.key));
            assert_string_not_equal (event->diagnostic, "");
        } else {
            assert_int_equal (strncmp (event->diagnostic, order_of (taken, scratch), 64), 0);
            assert_int_equal (event->date, taken);
        }
        taken++;
        if (meddle)
            meddle (pool, taken);
    }
    assert_null (error);
    assert_int_equal (taken, count);
    assert_int_equal (worker_pool_lost (pool), lost);
    worker_pool_free (pool);
    obedient_free (obedient);
    return lost;
}

static const char *
peaceful (guint index, char *scratch)
{
    g_snprintf (scratch, 64, "message %u", index);
    return scratch;
}

static void
test_order (void **state)
{
    (void) state;
    assert_int_equal (run_orders (1, 1, peaceful, NULL), 0);
    assert_int_equal (run_orders (1, 1000, peaceful, NULL), 0);
    assert_int_equal (run_orders (3, 25000, peaceful, NULL), 0); /* enough to replace children */
    assert_int_equal (run_orders (2, 0, peaceful, NULL), 0);
}

static const char *
talkative (guint index, char *scratch)
{
    g_snprintf (scratch, 64, "talk %u", index);
    return scratch;
}

static void
sleep_over_it (WorkerPool *pool, guint taken)
{
    (void) pool;
    if (taken % 4000 == 1)
        g_usleep (G_USEC_PER_SEC / 5);
}

/* A parent that is in a commit takes nothing: more than a socket holds waits in its processes, and is not lost. */
static void
test_busy_parent (void **state)
{
    (void) state;
    memset (talk, 'x', sizeof talk - 1);
    assert_int_equal (run_orders (1, 6000, talkative, sleep_over_it), 0);
    assert_int_equal (run_orders (3, 6000, talkative, sleep_over_it), 0);
}

/* As long as messages may be: they do not fit into what waits, and wait for it. */
static void
test_large_messages (void **state)
{
    Obedient *obedient = obedient_new ();
    g_autoptr (WorkerPool) pool = worker_pool_new (2, obey, obedient, 0);
    g_autofree char *mail = g_malloc (LIMIT_MESSAGE);
    g_autoptr (GError) error = NULL;
    WorkerResult result;
    guint sent = 0, taken = 0;
    const guint count = 24;

    (void) state;
    do {
        for (; sent < count && worker_pool_wants (pool, &error); sent++) {
            memset (mail, 'a' + (int) sent, LIMIT_MESSAGE);
            ParserInput input = {.path = "b", .data = mail, .length = sent % 3 == 1 ? 100 : LIMIT_MESSAGE};
            assert_true (worker_pool_put (pool, &input, NULL, &error));
        }
        if (sent == count)
            assert_true (worker_pool_finish (pool, &error));
        assert_true (worker_pool_take (pool, &result, &error));
        assert_int_equal (event_list_get (result.parsed.events, 0)->diagnostic[0], 'a' + (int) taken);
    } while (++taken < count);
    obedient_free (obedient);
}

static const char *
some_crash (guint index, char *scratch)
{
    return index % 100 == 63 ? "crash" : index % 100 == 64 ? "leave" : index % 100 == 0 ? "lie" : peaceful (index, scratch);
}

static void
test_deaths (void **state)
{
    (void) state;
    assert_int_equal (run_orders (1, 300, some_crash, NULL), 9);
    assert_int_equal (run_orders (3, 1000, some_crash, NULL), 30);
}

static const char *
all_crash (guint index, char *scratch)
{
    (void) index;
    (void) scratch;
    return "crash";
}

/* Long enough to be a batch of its own, behind others that are read but not yet told of. */
static const char *
one_crashes_alone (guint index, char *scratch)
{
    static char alone[LIMIT_BATCH_BYTES + 8];

    if (index != 50 && index != 51)
        return index == 0 ? "busy" : peaceful (index, scratch);
    memset (alone, ' ', LIMIT_BATCH_BYTES);
    memcpy (alone, index == 50 ? "quiet" : "crash", 5);
    return alone;
}

static const char *
one_hangs (guint index, char *scratch)
{
    return index == 5 ? "hang" : peaceful (index, scratch);
}

static void
test_only_bad_mail (void **state)
{
    (void) state;
    assert_int_equal (run_orders (2, 70, all_crash, NULL), 70);
    assert_int_equal (run_orders (2, 200, one_hangs, NULL), 1);
    assert_int_equal (run_orders (1, 300, one_crashes_alone, NULL), 1);
}

static const char *
one_meets_fault (guint index, char *scratch)
{
    return index == 11 ? "library" : peaceful (index, scratch);
}

/* A fault of a library costs the message that met it, and no other. (None where the library has been corrected.) */
static void
test_library_fault (void **state)
{
    guint lost = run_orders (2, 100, one_meets_fault, NULL);
    (void) state;
    print_message ("GMime %u.%u.%u %s\n", gmime_major_version, gmime_minor_version, gmime_micro_version,
                   lost > 0 ? "falls, and is contained" : "does not fall");
    assert_true (lost <= 1);
}

static void
kill_one (WorkerPool *pool, guint taken)
{
    GPid pid;
    if (taken % 500 == 250 && worker_pool_processes (pool, &pid, 1) == 1)
        kill (pid, SIGKILL);
}

/* Killed from outside, a process costs one message at most, and none when it waited. */
static void
test_kills (void **state)
{
    (void) state;
    assert_true (run_orders (2, 5000, peaceful, kill_one) <= 10);
}

/* --- what a process may ----------------------------------------------------------------------------------------------*/

enum { TRY_READ_FILE, TRY_WRITE_FILE, TRY_SOCKET, TRY_UNIX_SOCKET, TRY_EXEC, TRY_FORK, TRY_SIGNAL, TRY_CODE, TRY_LINK, N_TRIES };

/* TRUE: it worked, which it must not. */
static gboolean
attempt (guint what)
{
    char *const arguments[] = {(char *) "true", NULL};
    switch (what) {
    case TRY_READ_FILE:
        return open ("/etc/passwd", O_RDONLY) >= 0;
    case TRY_WRITE_FILE:
        return open ("sandbox-was-here", O_WRONLY | O_CREAT, 0600) >= 0;
    case TRY_SOCKET:
        return socket (AF_INET, SOCK_STREAM, 0) >= 0;
    case TRY_UNIX_SOCKET:
        return socket (AF_UNIX, SOCK_STREAM, 0) >= 0;
    case TRY_EXEC:
        execv ("/bin/true", arguments);
        return FALSE; /* still here; where exec works, the status is 0 */
    case TRY_FORK:
        return fork () >= 0;
    case TRY_SIGNAL:
        return kill (getppid (), 0) == 0;
    case TRY_CODE:
        return mmap (NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
    default:
        return symlink ("/etc/passwd", "sandbox-was-here") == 0;
    }
}

/* Status of a process that tries: 42 = refused. */
static int
try_locked (guint what)
{
    int status = 0;
    pid_t pid = fork ();
    if (pid == 0) {
        sandbox_close_all_but (-1);
        sandbox_enter ();
        _exit (attempt (what) ? 1 : 42);
    }
    assert_int_equal (waitpid (pid, &status, 0), pid);
    return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

static void
test_sandbox (void **state)
{
    (void) state;
    if (!sandbox_exists ())
        skip (); /* it leaves by longjmp(3): nothing may be owned here */
    g_autofree char *what = sandbox_describe ();
    if (!strstr (what, "seccomp")) {
        print_message ("no seccomp here: %s\n", what);
        return;
    }
    for (guint i = 0; i < N_TRIES; i++)
        if (try_locked (i) != 42)
            fail_msg ("attempt %u was not refused (%s)", i, what);
}

/* What it needs still works: memory, and the descriptor that it kept; memory has an end. */
static void
test_sandbox_allows (void **state)
{
    int ends[2], status;
    char answer[3] = "";
    (void) state;
    if (!sandbox_exists ())
        skip ();
    assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM, 0, ends), 0);
    pid_t pid = fork ();
    if (pid == 0) {
        sandbox_close_all_but (ends[1]);
        sandbox_enter ();
        char *memory = g_try_malloc0 (50 * 1024 * 1024);
        gboolean bounded = g_try_malloc ((gsize) LIMIT_CHILD_MEMORY + 1024 * 1024) == NULL;
        gboolean alone = write (ends[0], "x", 1) < 0;
        if (memory && bounded && alone)
            (void) !write (ends[1], "ok", 2);
        _exit (0);
    }
    close (ends[1]);
    (void) !read (ends[0], answer, 2);
    close (ends[0]);
    assert_int_equal (waitpid (pid, &status, 0), pid);
    assert_string_equal (answer, "ok");
}

UNIT_MAIN (cmocka_unit_test (test_order), cmocka_unit_test (test_busy_parent), cmocka_unit_test (test_large_messages),
           cmocka_unit_test (test_deaths), cmocka_unit_test (test_only_bad_mail),
           cmocka_unit_test (test_library_fault), cmocka_unit_test (test_kills), cmocka_unit_test (test_sandbox), cmocka_unit_test (test_sandbox_allows))
