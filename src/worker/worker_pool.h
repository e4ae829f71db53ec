/* SPDX-License-Identifier: MIT */
/* Parse processes: messages in, what they say out, in the same order. The mail of strangers is read in children that
 * can do nothing else (sandbox.h); one that hangs costs the message that it was reading, and so do some that die over
 * it. The parent never parses; what comes back is checked like any input.
 *
 *     while (worker_pool_wants (pool) && there is another message)
 *         worker_pool_put (pool, &input, &note);
 *     … worker_pool_finish (pool) when there is none …
 *     while (worker_pool_take (pool, &result, &error))
 *         …
 *
 * Children are made when the first mail is there for them, and replaced after LIMIT_CHILD_MESSAGES. */
#ifndef NIXIE_WORKER_WORKER_POOL_H
#define NIXIE_WORKER_WORKER_POOL_H

#include "worker/parser.h"
#include "worker/worker_child.h"

#define WORKER_ERROR (worker_error_quark ())
GQuark worker_error_quark (void);
typedef enum { WORKER_ERROR_START } WorkerError;

typedef struct WorkerPool WorkerPool;

/* Valid until the next worker_pool_take(). */
typedef struct {
    ParsedMessage parsed; /* MESSAGE_UNREADABLE: one event without a recipient that says why */
    const char *path;     /* as it was put */
    gconstpointer note;   /* what was put with it */
} WorkerResult;

/* `jobs` >= 1 children; `parse` (user, input) runs in them. `note_size`: of what the caller wants back with each
 * message. */
WorkerPool *worker_pool_new (guint jobs, WorkerParse parse, gpointer user, gsize note_size);
void worker_pool_free (WorkerPool *pool);
/* Other than LIMIT_MESSAGE_CPU: for tests. */
void worker_pool_limit_cpu (WorkerPool *pool, gint64 microseconds);
/* FALSE: take first. */
gboolean worker_pool_wants (WorkerPool *pool, GError **error);
/* Copies what it needs. */
gboolean worker_pool_put (WorkerPool *pool, const ParserInput *input, gconstpointer note, GError **error);
/* One that first_look_may_tell() knows: it comes back in its place as MESSAGE_ORDINARY, with this key. `data` is not
 * looked at. */
gboolean worker_pool_put_ordinary (WorkerPool *pool, const ParserInput *input, const Digest *key, gconstpointer note,
                                   GError **error);
/* There will be no more. */
gboolean worker_pool_finish (WorkerPool *pool, GError **error);
/* The next one, waiting for it when need be. FALSE without an error: none is on its way. */
gboolean worker_pool_take (WorkerPool *pool, WorkerResult *result, GError **error);

/* What decides whether a message can be read: the version of the program and its limits, one line. Yours. A message
 * that could not be read is worth another try when this is another one. */
char *worker_pool_conditions (void);

/* How many messages were lost to a death so far; the processes now (for tests and for -v). */
guint worker_pool_lost (const WorkerPool *pool);
guint worker_pool_processes (const WorkerPool *pool, GPid *pids, guint maximum);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WorkerPool, worker_pool_free)

#endif
