/* SPDX-License-Identifier: MIT */
#include "worker/worker_batch.h"

#include "base/limits.h"
#include "event/event_id.h"
#include "worker/worker_child.h"

#include <string.h>

static void
item_clear (gpointer data)
{
    BatchItem *item = data;

    g_ref_string_release (item->path);
    g_free (item->failure);
}

WorkerBatch *
worker_batch_new (guint64 first, MailSpace *space)
{
    WorkerBatch *batch = g_new0 (WorkerBatch, 1);

    batch->first = first;
    batch->space = space;
    batch->items = g_array_new (FALSE, TRUE, sizeof (BatchItem));
    g_array_set_clear_func (batch->items, item_clear);
    batch->requests = g_array_new (FALSE, FALSE, sizeof (WorkerRequest));
    batch->results = g_byte_array_new ();
    batch->notes = g_byte_array_new ();
    return batch;
}

void
worker_batch_free (WorkerBatch *batch)
{
    if (batch == NULL)
        return;
    mail_space_trim (batch->space, &batch->mail, 0);
    g_array_unref (batch->items);
    g_array_unref (batch->requests);
    g_byte_array_unref (batch->results);
    g_byte_array_unref (batch->notes);
    g_free (batch);
}

/* Most batches get by with what is reserved at first. */
static gboolean
add_mail (WorkerBatch *batch, const ParserInput *input)
{
    gsize wanted = MAX (batch->mail_length + input->length, LIMIT_BATCH_BYTES + LIMIT_BATCH_BYTES / 2);

    if (!mail_space_reserve (batch->space, &batch->mail, batch->mail_length, wanted))
        return FALSE;
    if (input->length > 0)
        memcpy (mail_space_bytes (batch->space, &batch->mail) + batch->mail_length, input->data, input->length);
    batch->mail_length += input->length;
    return TRUE;
}

gboolean
worker_batch_add (WorkerBatch *batch, GRefString *path, const ParserInput *input, gconstpointer note, gsize note_size)
{
    WorkerRequest request;
    BatchItem item = {.offset = input->offset, .mail = batch->mail_length, .mail_length = input->length};

    if (!add_mail (batch, input))
        return FALSE;
    memset (&request, 0, sizeof request);
    request.number = batch->first + batch->items->len;
    request.length = input->length;
    request.received = input->received;
    request.truncated = input->truncated;
    request.has_key = input->key != NULL;
    if (input->key != NULL)
        request.key = *input->key;
    item.path = g_ref_string_acquire (path);
    g_array_append_val (batch->requests, request);
    g_array_append_val (batch->items, item);
    if (note_size > 0)
        g_byte_array_append (batch->notes, note, (guint) note_size);
    batch->n_to_read++;
    return TRUE;
}

void
worker_batch_add_ordinary (WorkerBatch *batch, GRefString *path, guint64 offset, const Digest *key, gconstpointer note,
                           gsize note_size)
{
    BatchItem item = {.path = g_ref_string_acquire (path),
                      .offset = offset,
                      .state = ITEM_DONE,
                      .ordinary = TRUE,
                      .key = *key};

    if (note_size > 0)
        g_byte_array_append (batch->notes, note, (guint) note_size);
    if (batch->next_answer == batch->items->len)
        batch->next_answer++;
    g_array_append_val (batch->items, item);
}

gboolean
worker_batch_is_full (const WorkerBatch *batch)
{
    return batch->n_to_read >= LIMIT_BATCH_ITEMS || batch->items->len >= LIMIT_BATCH_ORDINARY ||
           batch->mail_length >= LIMIT_BATCH_BYTES;
}

void
worker_batch_close (WorkerBatch *batch)
{
    gsize at = batch->mail.at;

    mail_space_trim (batch->space, &batch->mail, batch->mail_length);
    for (guint i = 0; i < batch->requests->len; i++) {
        WorkerRequest *request = &g_array_index (batch->requests, WorkerRequest, i);

        request->at = at;
        at += request->length;
    }
}

BatchItem *
worker_batch_item (const WorkerBatch *batch, guint index)
{
    return &g_array_index (batch->items, BatchItem, index);
}

static void
skip_answered (WorkerBatch *batch)
{
    while (batch->next_answer < batch->items->len &&
           worker_batch_item (batch, batch->next_answer)->state != ITEM_WAITING)
        batch->next_answer++;
}

gboolean
worker_batch_is_answered (const WorkerBatch *batch)
{
    return batch->next_answer == batch->items->len;
}

void
worker_batch_answer (WorkerBatch *batch, Span frame)
{
    BatchItem *item = worker_batch_item (batch, batch->next_answer);

    item->state = ITEM_DONE;
    item->result = batch->results->len;
    item->result_length = frame.length;
    g_byte_array_append (batch->results, (const guint8 *) frame.at, (guint) frame.length);
    skip_answered (batch);
}

void
worker_batch_lose (WorkerBatch *batch, guint index, char *failure)
{
    BatchItem *item = worker_batch_item (batch, index);
    g_autoptr (Digester) digester = digester_new ();

    item->key = message_key (digester, mail_space_bytes (batch->space, &batch->mail) + item->mail, item->mail_length);
    item->state = ITEM_LOST;
    item->failure = failure;
    skip_answered (batch);
}

void
worker_batch_rewind (WorkerBatch *batch)
{
    guint n = 0;

    for (guint i = 0; i < batch->requests->len; i++) {
        WorkerRequest request = g_array_index (batch->requests, WorkerRequest, i);

        if (worker_batch_item (batch, (guint) (request.number - batch->first))->state == ITEM_WAITING)
            g_array_index (batch->requests, WorkerRequest, n++) = request;
    }
    g_array_set_size (batch->requests, n);
}
