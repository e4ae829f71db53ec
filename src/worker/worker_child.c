/* SPDX-License-Identifier: MIT */
#include "worker/worker_child.h"

#include "base/limits.h"
#include "worker/event_frame.h"
#include "worker/sandbox.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define READ_SIZE (256 * 1024)
#define SEND_SIZE (64 * 1024)
#define KEPT_MEMORY (1024 * 1024) /* of a buffer that a large message made grow */

typedef struct {
    int fd;
    WorkerPage *page;
    WorkerParse parse;
    gpointer user;
    char *in;
    gsize in_start, in_end, in_size;
    GByteArray *out;
} Child;

static void
send_results (Child *child)
{
    for (gsize at = 0; at < child->out->len;) {
        gssize n = write (child->fd, child->out->data + at, child->out->len - at);

        if (n < 0 && errno != EINTR)
            sandbox_exit (); /* the parent is gone */
        at += n > 0 ? (gsize) n : 0;
    }
    if (child->out->len > KEPT_MEMORY) {
        g_byte_array_unref (child->out);
        child->out = g_byte_array_new ();
    }
    g_byte_array_set_size (child->out, 0);
}

/* Until `wanted` bytes are there. */
static void
fill (Child *child, gsize wanted)
{
    gsize there = child->in_end - child->in_start;

    memmove (child->in, child->in + child->in_start, there);
    child->in_start = 0;
    child->in_end = there;
    if (child->in_size < wanted || (child->in_size > KEPT_MEMORY && wanted <= READ_SIZE && there <= READ_SIZE)) {
        child->in_size = MAX (wanted, READ_SIZE);
        child->in = g_realloc (child->in, child->in_size);
    }
    while (child->in_end < wanted) {
        gssize n = read (child->fd, child->in + child->in_end, child->in_size - child->in_end);

        if (n == 0 || (n < 0 && errno != EINTR))
            sandbox_exit ();
        child->in_end += n > 0 ? (gsize) n : 0;
    }
}

/* Before the process would wait for more, it tells what it has. */
static void
want (Child *child, gsize wanted)
{
    if (child->in_end - child->in_start >= wanted)
        return;
    send_results (child);
    fill (child, wanted);
}

static void
read_message (Child *child, const WorkerRequest *request)
{
    ParserInput input = {.path = "",
                         .received = request->received,
                         .data = child->in + child->in_start,
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
worker_child_run (int fd, WorkerPage *page, WorkerParse parse, gpointer user)
{
    Child child = {.fd = fd, .page = page, .parse = parse, .user = user, .out = g_byte_array_new ()};

    child.in = g_malloc (READ_SIZE);
    child.in_size = READ_SIZE;
    for (;;) {
        WorkerRequest request;

        want (&child, sizeof request);
        memcpy (&request, child.in + child.in_start, sizeof request);
        child.in_start += sizeof request;
        want (&child, request.length);
        read_message (&child, &request);
        child.in_start += request.length;
        if (child.out->len >= SEND_SIZE)
            send_results (&child);
    }
}
