/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "worker/worker_pool.h"

#include "base/limits.h"
#include "event/event_id.h"
#include "worker/event_frame.h"
#include "worker/worker_batch.h"
#include "worker/worker_process.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#define CHILD_BATCHES 24   /* work for a tenth of a second: as long as the parent is in a commit */
#define LIVE_BATCHES 32    /* a child: a slow one must not stop the others at once */
#define LOOK_MS 250        /* between two looks at the clocks of the children */
#define ANSWERS_SEEN (4 * 1024 * 1024) /* bytes of mail after which what was seen before counts half */
#define MOST_DEATHS 4      /* of children over one message */
#define MOST_BAD_STARTS 3

typedef struct {
    WorkerProcess *process; /* NULL: none now */
    GQueue batches;         /* of WorkerBatch, borrowed: the first is being answered */
    GByteArray *in;
    guint send_batch;       /* of which of the batches the requests are being sent, and from which byte */
    gsize sent;
    guint given;            /* messages, over its life */
} Child;

struct WorkerPool {
    WorkerParse parse;
    gpointer user;
    gsize note_size;
    MailSpace *space;       /* NULL before the first message */
    Child *children;
    guint n_children;
    GQueue live;            /* of WorkerBatch, in order: sent and not yet taken in full; owned */
    gsize live_mail;        /* bytes of it in them */
    gsize answered_mail, answers; /* bytes, of late: what mail makes of answers */
    WorkerBatch *open;      /* the one that is being filled */
    guint64 next_number;
    GRefString *path;       /* of the last message */
    guint lost, bad_starts;
    gint64 cpu_limit;       /* microseconds a message */
    Arena *arena;
    EventList *events;
};

G_DEFINE_QUARK (nixie-worker-error-quark, worker_error)

WorkerPool *
worker_pool_new (guint jobs, WorkerParse parse, gpointer user, gsize note_size)
{
    WorkerPool *pool = g_new0 (WorkerPool, 1);

    pool->parse = parse;
    pool->user = user;
    pool->note_size = note_size;
    pool->cpu_limit = LIMIT_MESSAGE_CPU * G_USEC_PER_SEC;
    pool->n_children = CLAMP (jobs, 1, LIMIT_JOBS);
    pool->children = g_new0 (Child, pool->n_children);
    for (guint i = 0; i < pool->n_children; i++) {
        g_queue_init (&pool->children[i].batches);
        pool->children[i].in = g_byte_array_new ();
    }
    g_queue_init (&pool->live);
    pool->answered_mail = ANSWERS_SEEN / 8; /* until something is known, answers may be long */
    pool->answers = 4 * pool->answered_mail;
    pool->arena = arena_new ();
    pool->events = event_list_new (pool->arena);
    return pool;
}

void
worker_pool_free (WorkerPool *pool)
{
    if (pool == NULL)
        return;
    for (guint i = 0; i < pool->n_children; i++) {
        worker_process_free (pool->children[i].process);
        g_queue_clear (&pool->children[i].batches);
        g_byte_array_unref (pool->children[i].in);
    }
    g_free (pool->children);
    g_queue_clear_full (&pool->live, (GDestroyNotify) worker_batch_free);
    worker_batch_free (pool->open);
    mail_space_free (pool->space);
    g_clear_pointer (&pool->path, g_ref_string_release);
    event_list_free (pool->events);
    arena_free (pool->arena);
    g_free (pool);
}

char *
worker_pool_conditions (void)
{
    return g_strdup_printf (
        PACKAGE_VERSION ", %d and %d s processor time, %d s, %d MiB, message %d MiB, answer %d MiB",
        LIMIT_MESSAGE_CPU_SOFT, LIMIT_MESSAGE_CPU, LIMIT_MESSAGE_WALL, LIMIT_CHILD_MEMORY / 1024 / 1024,
        LIMIT_MESSAGE / 1024 / 1024, LIMIT_RESULT_FRAME / 1024 / 1024);
}

guint
worker_pool_lost (const WorkerPool *pool)
{
    return pool->lost;
}

guint
worker_pool_processes (const WorkerPool *pool, GPid *pids, guint maximum)
{
    guint n = 0;

    for (guint i = 0; i < pool->n_children && n < maximum; i++)
        if (pool->children[i].process != NULL)
            pids[n++] = worker_process_id (pool->children[i].process);
    return n;
}

void
worker_pool_limit_cpu (WorkerPool *pool, gint64 microseconds)
{
    pool->cpu_limit = microseconds;
}

/* --- sending -------------------------------------------------------------------------------------------------------*/

static gboolean
start (WorkerPool *pool, Child *child, GError **error)
{
    child->process = worker_process_start (pool->space, pool->parse, pool->user);
    child->given = 0;
    child->send_batch = 0;
    child->sent = 0;
    g_byte_array_set_size (child->in, 0);
    if (child->process != NULL)
        return TRUE;
    g_set_error (error, WORKER_ERROR, WORKER_ERROR_START, "cannot start a parse process: %s", g_strerror (errno));
    return FALSE;
}

/* As many requests as the socket takes now. A broken one is seen when it is read. */
static void
send_requests (Child *child)
{
    WorkerBatch *batch;

    while ((batch = g_queue_peek_nth (&child->batches, child->send_batch)) != NULL) {
        gsize length = batch->requests->len * sizeof (WorkerRequest);
        gssize n = worker_process_send (child->process, batch->requests->data + child->sent, length - child->sent);

        if (n <= 0 && child->sent < length)
            return;
        child->sent += (gsize) MAX (n, 0);
        if (child->sent == length) {
            child->send_batch++;
            child->sent = 0;
        }
    }
}

/* The child with the least to do that takes more; NULL when all are busy. One that is due goes when it is idle. */
static Child *
choose_child (WorkerPool *pool)
{
    Child *best = NULL;

    for (guint i = 0; i < pool->n_children; i++) {
        Child *child = &pool->children[i];
        guint n = g_queue_get_length (&child->batches);

        if (child->given >= LIMIT_CHILD_MESSAGES && n == 0 && child->process != NULL) {
            worker_process_free (g_steal_pointer (&child->process));
            child->given = 0;
        }
        if (n >= CHILD_BATCHES || child->given >= LIMIT_CHILD_MESSAGES)
            continue;
        if (best == NULL || n < g_queue_get_length (&best->batches))
            best = child;
    }
    return best;
}

/* A report of a hundred recipients is shorter than what is said about it. */
static void
note_answers (WorkerPool *pool, const WorkerBatch *batch)
{
    pool->answered_mail += batch->mail_length;
    pool->answers += batch->results->len;
    if (pool->answered_mail < ANSWERS_SEEN)
        return;
    pool->answered_mail /= 2;
    pool->answers /= 2;
}

/* For the open batch, and for the answers to all that would be on its way then. */
static gboolean
has_room (WorkerPool *pool)
{
    guint64 mail = pool->live_mail + pool->open->mail_length;

    return g_queue_get_length (&pool->live) < LIVE_BATCHES * pool->n_children &&
           (pool->live_mail == 0 || mail + mail * pool->answers / pool->answered_mail <= LIMIT_IN_FLIGHT);
}

/* Give the open batch to a child. TRUE also when that has to wait: pool->open tells. */
static gboolean
dispatch (WorkerPool *pool, GError **error)
{
    gboolean room = has_room (pool);
    Child *child;

    if (room && worker_batch_is_answered (pool->open)) {
        g_queue_push_tail (&pool->live, g_steal_pointer (&pool->open));
        return TRUE;
    }
    child = room ? choose_child (pool) : NULL;
    if (child == NULL)
        return TRUE;
    if (child->process == NULL && !start (pool, child, error))
        return FALSE;
    worker_batch_close (pool->open);
    child->given += pool->open->n_to_read;
    pool->live_mail += pool->open->mail_length;
    g_queue_push_tail (&child->batches, pool->open);
    g_queue_push_tail (&pool->live, g_steal_pointer (&pool->open));
    send_requests (child);
    return TRUE;
}

gboolean
worker_pool_wants (WorkerPool *pool, GError **error)
{
    if (pool->open != NULL && worker_batch_is_full (pool->open) && !dispatch (pool, error))
        return FALSE;
    if (pool->open != NULL && worker_batch_is_full (pool->open))
        return FALSE;
    return g_queue_is_empty (&pool->live) || mail_space_has_room (pool->space);
}

/* The batch that is being filled; NULL with *error. */
static WorkerBatch *
open_batch (WorkerPool *pool, const char *path, GError **error)
{
    if (pool->space == NULL && (pool->space = mail_space_new ()) == NULL) {
        g_set_error (error, WORKER_ERROR, WORKER_ERROR_START, "no memory for the mail that is to be read: %s",
                     g_strerror (errno));
        return NULL;
    }
    if (pool->path == NULL || strcmp (pool->path, path) != 0) {
        g_clear_pointer (&pool->path, g_ref_string_release);
        pool->path = g_ref_string_new (path);
    }
    if (pool->open == NULL)
        pool->open = worker_batch_new (pool->next_number, pool->space);
    pool->next_number++;
    return pool->open;
}

gboolean
worker_pool_put (WorkerPool *pool, const ParserInput *input, gconstpointer note, GError **error)
{
    WorkerBatch *batch = open_batch (pool, input->path, error);

    if (batch == NULL)
        return FALSE;
    if (!worker_batch_add (batch, pool->path, input, note, pool->note_size)) {
        g_set_error (error, WORKER_ERROR, WORKER_ERROR_START, "no room for a message of %" G_GSIZE_FORMAT " bytes",
                     input->length);
        return FALSE;
    }
    return !worker_batch_is_full (batch) || dispatch (pool, error);
}

gboolean
worker_pool_put_ordinary (WorkerPool *pool, const ParserInput *input, const Digest *key, gconstpointer note,
                          GError **error)
{
    WorkerBatch *batch = open_batch (pool, input->path, error);

    if (batch == NULL)
        return FALSE;
    worker_batch_add_ordinary (batch, pool->path, input->offset, key, note, pool->note_size);
    return !worker_batch_is_full (batch) || dispatch (pool, error);
}

gboolean
worker_pool_finish (WorkerPool *pool, GError **error)
{
    return pool->open == NULL || dispatch (pool, error);
}

/* --- deaths --------------------------------------------------------------------------------------------------------*/

/* A child that somebody killed (an administrator, a machine short of memory) says nothing about the message: it gets
 * another one. Whoever dies of the mail dies again, at once. */
static gboolean
is_to_be_tried_again (BatchItem *item, const char *reason)
{
    return reason == NULL && ++item->deaths < MOST_DEATHS;
}

/* Not only the first of them: the message that is lost may be a batch of its own, behind others whose answers had not been
 * sent yet. */
static void
forget_answered (Child *child)
{
    GList *link = child->batches.head, *next;

    for (; link != NULL; link = next) {
        next = link->next;
        if (worker_batch_is_answered (link->data))
            g_queue_delete_link (&child->batches, link);
    }
}

/* The child is gone: the message that it was reading goes to a new one with the others, or is lost. */
static gboolean
bury (WorkerPool *pool, Child *child, const char *reason, GError **error)
{
    guint64 reading = worker_process_reading (child->process);
    g_autofree char *how = worker_process_end (g_steal_pointer (&child->process));
    gboolean blamed = FALSE;

    for (GList *link = child->batches.head; link != NULL; link = link->next) {
        WorkerBatch *batch = link->data;

        if (reading > batch->first + batch->next_answer && reading - 1 < batch->first + batch->items->len &&
            worker_batch_item (batch, (guint) (reading - 1 - batch->first))->state == ITEM_WAITING) {
            guint index = (guint) (reading - 1 - batch->first);

            if (!is_to_be_tried_again (worker_batch_item (batch, index), reason)) {
                worker_batch_lose (batch, index, g_strdup (reason != NULL ? reason : how));
                pool->lost++;
            }
            blamed = TRUE;
        }
        worker_batch_rewind (batch);
    }
    forget_answered (child);
    pool->bad_starts = blamed ? 0 : pool->bad_starts + 1;
    if (pool->bad_starts > MOST_BAD_STARTS * pool->n_children) {
        g_set_error (error, WORKER_ERROR, WORKER_ERROR_START, "parse processes end before they have read anything: %s",
                     how);
        return FALSE;
    }
    if (g_queue_is_empty (&child->batches))
        return TRUE;
    if (!start (pool, child, error))
        return FALSE;
    send_requests (child);
    return TRUE;
}

/* --- receiving -----------------------------------------------------------------------------------------------------*/

/* A frame that answers what was asked. */
static gboolean
accept_frame (WorkerPool *pool, Child *child, Span frame)
{
    WorkerBatch *batch = g_queue_peek_head (&child->batches);

    if (batch == NULL || worker_batch_is_answered (batch) ||
        event_frame_number (frame) != batch->first + batch->next_answer)
        return FALSE;
    worker_batch_answer (batch, frame);
    pool->bad_starts = 0;
    if (worker_batch_is_answered (batch)) {
        note_answers (pool, batch);
        g_queue_pop_head (&child->batches);
        if (child->send_batch == 0)
            return FALSE; /* answered before it was sent */
        child->send_batch--;
    }
    return TRUE;
}

/* FALSE: the child is not what it should be. */
static gboolean
accept_frames (WorkerPool *pool, Child *child)
{
    gsize at = 0, length;

    for (;;) {
        Span rest = span ((const char *) child->in->data + at, child->in->len - at);

        length = event_frame_length (rest);
        if (length == G_MAXSIZE)
            return FALSE;
        if (length == 0 || length > rest.length)
            break;
        if (!accept_frame (pool, child, span (rest.at, length)))
            return FALSE;
        at += length;
    }
    if (at > 0)
        g_byte_array_remove_range (child->in, 0, (guint) at);
    return TRUE;
}

static gboolean
receive (WorkerPool *pool, Child *child, GError **error)
{
    gssize n = worker_process_receive (child->process, child->in);

    if (n > 0 && !accept_frames (pool, child))
        return bury (pool, child, "its parse process answered what was not asked", error);
    return n != 0 || bury (pool, child, NULL, error);
}

static gboolean
look_at_clocks (WorkerPool *pool, GError **error)
{
    for (guint i = 0; i < pool->n_children; i++) {
        Child *child = &pool->children[i];
        const char *reason = child->process != NULL ? worker_process_overdue (child->process, pool->cpu_limit) : NULL;

        if (reason != NULL && !bury (pool, child, reason, error))
            return FALSE;
    }
    return TRUE;
}

/* Send and receive what can be sent and received, after `timeout` milliseconds at the latest. */
static gboolean
step (WorkerPool *pool, int timeout, GError **error)
{
    g_autofree struct pollfd *polled = g_new0 (struct pollfd, pool->n_children);
    int ready;

    for (guint i = 0; i < pool->n_children; i++) {
        Child *child = &pool->children[i];

        polled[i].fd = child->process != NULL ? worker_process_socket (child->process) : -1;
        polled[i].events = POLLIN;
        if (child->send_batch < g_queue_get_length (&child->batches))
            polled[i].events |= POLLOUT;
    }
    ready = poll (polled, pool->n_children, timeout);
    for (guint i = 0; i < pool->n_children && ready > 0; i++) {
        Child *child = &pool->children[i];

        if (polled[i].fd >= 0 && (polled[i].revents & (POLLIN | POLLHUP | POLLERR)) && !receive (pool, child, error))
            return FALSE;
        if (child->process != NULL && (polled[i].revents & POLLOUT))
            send_requests (child);
    }
    return ready > 0 || timeout == 0 || look_at_clocks (pool, error);
}

/* --- taking --------------------------------------------------------------------------------------------------------*/

static void
tell_loss (WorkerPool *pool, const BatchItem *item, WorkerResult *result)
{
    BounceEvent *event = event_list_add (pool->events);

    result->parsed.key = item->key;
    result->parsed.result = MESSAGE_UNREADABLE;
    event->format = "unreadable";
    event->diagnostic = item->failure;
    event->flags = FLAG_UNREADABLE;
    event->event_id = event_id (&item->key, "", 0);
}

/* FALSE: what the child said about it is no answer; the message is lost by that. */
static gboolean
tell_item (WorkerPool *pool, const WorkerBatch *batch, const BatchItem *item, WorkerResult *result)
{
    /* Without any answer there are no bytes to point into. */
    const char *answers = batch->results->len > 0 ? (const char *) batch->results->data : "";
    Span frame = span (answers + item->result, item->result_length);

    if (item->ordinary) {
        result->parsed.key = item->key;
        result->parsed.result = MESSAGE_ORDINARY;
        return TRUE;
    }
    if (item->state == ITEM_LOST)
        tell_loss (pool, item, result);
    else if (!event_frame_read (frame, &result->parsed.key, &result->parsed.result, pool->events))
        return FALSE;
    for (guint i = 0; i < event_list_length (pool->events); i++) {
        BounceEvent *event = event_list_get (pool->events, i);

        event->source = result->parsed.source;
        event->offset = item->offset;
    }
    return TRUE;
}

static void
take_item (WorkerPool *pool, WorkerBatch *batch, WorkerResult *result)
{
    BatchItem *item = worker_batch_item (batch, batch->next_taken);

    event_list_clear (pool->events);
    arena_clear (pool->arena);
    result->parsed.events = pool->events;
    result->parsed.source = parser_source_text (pool->arena, item->path);
    result->path = item->path;
    result->note = batch->notes->data + batch->next_taken * pool->note_size;
    if (!tell_item (pool, batch, item, result)) {
        worker_batch_lose (batch, batch->next_taken, g_strdup ("its parse process answered nonsense"));
        pool->lost++;
        event_list_clear (pool->events);
        (void) tell_item (pool, batch, item, result);
    }
    batch->next_taken++;
}

gboolean
worker_pool_take (WorkerPool *pool, WorkerResult *result, GError **error)
{
    for (;;) {
        WorkerBatch *batch = g_queue_peek_head (&pool->live);

        if (batch != NULL && batch->next_taken == batch->items->len) {
            pool->live_mail -= batch->mail_length;
            worker_batch_free (g_queue_pop_head (&pool->live));
            if (!step (pool, 0, error))
                return FALSE;
            continue;
        }
        if (batch != NULL && worker_batch_item (batch, batch->next_taken)->state != ITEM_WAITING) {
            take_item (pool, batch, result);
            return TRUE;
        }
        if (batch == NULL && pool->open == NULL)
            return FALSE;
        if (batch == NULL && !dispatch (pool, error))
            return FALSE;
        if (!step (pool, LOOK_MS, error))
            return FALSE;
    }
}
