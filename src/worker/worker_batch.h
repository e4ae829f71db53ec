/* SPDX-License-Identifier: MIT */
/* Some messages on their way to one child and back: the mail itself lies in the space that they share, requests tell
 * where. Private to the pool. */
#ifndef NIXIE_WORKER_WORKER_BATCH_H
#define NIXIE_WORKER_WORKER_BATCH_H

#include "base/text.h"
#include "worker/mail_space.h"
#include "worker/parser.h"

typedef enum { ITEM_WAITING, ITEM_DONE, ITEM_LOST } ItemState;

typedef struct {
    GRefString *path;
    guint64 offset;
    gsize mail, mail_length;     /* in the batch's mail */
    gsize result, result_length; /* in `results` */
    ItemState state;
    guint deaths;      /* so many children died on it */
    gboolean ordinary; /* ITEM_DONE without an answer: nobody had to read it */
    char *failure;     /* ITEM_LOST: why */
    Digest key;        /* ITEM_LOST, or ordinary */
} BatchItem;

typedef struct {
    guint64 first;        /* number of its first message */
    GArray *items;        /* of BatchItem */
    guint n_to_read;      /* of them, when they were added */
    MailSpace *space;     /* borrowed */
    MailRange mail;       /* kept until all is taken: another child may have to read it */
    gsize mail_length;
    GArray *requests;     /* of WorkerRequest, as they are sent */
    GByteArray *results;
    GByteArray *notes;
    guint next_answer;    /* the first item that waits */
    guint next_taken;
} WorkerBatch;

WorkerBatch *worker_batch_new (guint64 first, MailSpace *space);
void worker_batch_free (WorkerBatch *batch);
/* FALSE: there is no room for its mail. */
gboolean worker_batch_add (WorkerBatch *batch, GRefString *path, const ParserInput *input, gconstpointer note,
                           gsize note_size);
/* One that needs no reading. */
void worker_batch_add_ordinary (WorkerBatch *batch, GRefString *path, guint64 offset, const Digest *key,
                                gconstpointer note, gsize note_size);
gboolean worker_batch_is_full (const WorkerBatch *batch);
/* Nothing more will be added. */
void worker_batch_close (WorkerBatch *batch);
gboolean worker_batch_is_answered (const WorkerBatch *batch);
BatchItem *worker_batch_item (const WorkerBatch *batch, guint index);
/* An answer to the first item that waits. */
void worker_batch_answer (WorkerBatch *batch, Span frame);
/* An item that is given up; takes the words. Its key is made here: no parser ever told it. */
void worker_batch_lose (WorkerBatch *batch, guint index, char *failure);
/* Make it ready to be sent again: only what still waits is asked for. */
void worker_batch_rewind (WorkerBatch *batch);

#endif
