/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "worker/worker_child.h"

#include "base/limits.h"
#include "worker/event_frame.h"
#include "worker/sandbox.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUESTS 64                /* read at once */
#define SEND_SIZE (64 * 1024)      /* of results are sent together */
#define MOST_UNSENT (1024 * 1024)  /* of results wait for a parent that is busy */
#define KEPT_MEMORY (1024 * 1024)  /* of a buffer that a large message made grow */

typedef struct {
    int fd;
    WorkerPage *page;
    const char *mail;
    WorkerParse parse;
    gpointer user;
    char in[REQUESTS * sizeof (WorkerRequest)];
    gsize in_start, in_end;
    GByteArray *out;
    gsize sent;
} Child;

static gsize
unsent (const Child *child)
{
    return child->out->len - child->sent;
}

/* A parent that is always behind never takes all: what it took goes all the same. */
static void
drop_sent (Child *child)
{
    if (child->sent < MOST_UNSENT)
        return;
    g_byte_array_remove_range (child->out, 0, (guint) child->sent);
    child->sent = 0;
}

/* All that the parent takes, until no more than `rest` bytes are left. With G_MAXSIZE it never waits. */
static void
send_results (Child *child, gsize rest)
{
    while (unsent (child) > 0) {
        int flags = MSG_NOSIGNAL | (unsent (child) <= rest ? MSG_DONTWAIT : 0);
        gssize n = send (child->fd, child->out->data + child->sent, MIN (unsent (child), SEND_SIZE), flags);

        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            drop_sent (child);
            return;
        }
        if (n < 0 && errno != EINTR)
            sandbox_exit (); /* the parent is gone */
        child->sent += n > 0 ? (gsize) n : 0;
    }
    if (child->out->len > KEPT_MEMORY) {
        g_byte_array_unref (child->out);
        child->out = g_byte_array_new ();
    }
    g_byte_array_set_size (child->out, 0);
    child->sent = 0;
}

/* For more requests, or for a parent that takes what is unsent. TRUE: there is something to read. */
static gboolean
wait_for_parent (Child *child)
{
    struct pollfd parent = {.fd = child->fd, .events = POLLIN | POLLOUT};

    if (unsent (child) == 0)
        return TRUE; /* reading waits */
    /* Not poll(2): the sandbox allows one of the two. */
    return ppoll (&parent, 1, NULL, NULL) > 0 && (parent.revents & (POLLIN | POLLHUP | POLLERR)) != 0;
}

/* Before the process would wait for more, it tells what it has. */
static void
fill (Child *child)
{
    gsize there = child->in_end - child->in_start;

    memmove (child->in, child->in + child->in_start, there);
    child->in_start = 0;
    child->in_end = there;
    while (child->in_end < sizeof (WorkerRequest)) {
        gssize n;

        send_results (child, G_MAXSIZE);
        if (!wait_for_parent (child))
            continue;
        n = read (child->fd, child->in + child->in_end, sizeof child->in - child->in_end);
        if (n == 0 || (n < 0 && errno != EINTR))
            sandbox_exit ();
        child->in_end += n > 0 ? (gsize) n : 0;
    }
}

static void
read_message (Child *child, const WorkerRequest *request)
{
    ParserInput input = {.path = "",
                         .received = request->received,
                         .data = child->mail + request->at,
                         .length = request->length,
                         .truncated = request->truncated != 0,
                         .key = request->has_key != 0 ? &request->key : NULL};
    const ParsedMessage *parsed;

    __atomic_store_n (&child->page->reading, request->number + 1, __ATOMIC_SEQ_CST);
    parsed = child->parse (child->user, &input);
    event_frame_write (child->out, request->number, &parsed->key, parsed->result, parsed->events);
    __atomic_store_n (&child->page->reading, 0, __ATOMIC_SEQ_CST);
}

void
worker_child_run (int fd, WorkerPage *page, const char *mail, WorkerParse parse, gpointer user)
{
    Child child = {.fd = fd, .page = page, .mail = mail, .parse = parse, .user = user, .out = g_byte_array_new ()};

    for (;;) {
        WorkerRequest request;

        if (child.in_end - child.in_start < sizeof request)
            fill (&child);
        memcpy (&request, child.in + child.in_start, sizeof request);
        child.in_start += sizeof request;
        read_message (&child, &request);
        if (unsent (&child) >= SEND_SIZE)
            send_results (&child, MOST_UNSENT);
    }
}
