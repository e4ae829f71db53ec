/* SPDX-License-Identifier: MIT */
/* The inside of a parse process: requests in, results out, until the parent hangs up.
 * Between worker_pool.c and here. */
#ifndef NIXIE_WORKER_WORKER_CHILD_H
#define NIXIE_WORKER_WORKER_CHILD_H

#include "worker/parser.h"

/* One message to read. */
typedef struct {
    guint64 number;
    guint64 at, length; /* in the mail space */
    gint64 received;
    guint64 truncated;
    guint64 has_key;
    Digest key;
} WorkerRequest;

/* Shared with the parent, one a child. */
typedef struct {
    guint64 reading; /* number of the message at hand + 1; 0 = none */
} WorkerPage;

typedef const ParsedMessage *(*WorkerParse) (gpointer user, const ParserInput *input);

/* Never returns. `fd`: the socket to the parent; `mail`: where it puts the messages. */
void worker_child_run (int fd, WorkerPage *page, const char *mail, WorkerParse parse, gpointer user) G_GNUC_NORETURN;

#endif
