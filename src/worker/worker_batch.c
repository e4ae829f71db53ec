/* SPDX-License-Identifier: MIT */
#include "worker/worker_batch.h"

#include "base/limits.h"
#include "event/event_id.h"
#include "worker/worker_child.h"

static void
item_clear (gpointer data)
{
    BatchItem *item = data;

    g_ref_string_release (item->path);
    g_free (item->failure);
}

WorkerBatch *
worker_batch_new (guint64 first)
{
    WorkerBatch *batch = g_new0 (WorkerBatch, 1);

    batch->first = first;
    batch->items = g_array_new (FALSE, TRUE, sizeof (BatchItem));
    g_array_set_clear_func (batch->items, item_clear);
    batch->mail = g_byte_array_new ();
    batch->results = g_byte_array_new ();
    batch->notes = g_byte_array_new ();
    return batch;
}

void
worker_batch_free (WorkerBatch *batch)
{
    if (batch == NULL)
        return;
    g_array_unref (batch->items);
    g_byte_array_unref (batch->mail);
    g_byte_array_unref (batch->results);
    g_byte_array_unref (batch->notes);
    g_free (batch);
}

void
worker_batch_add (WorkerBatch *batch, GRefString *path, const ParserInput *input, gconstpointer note, gsize note_size)
{
    WorkerRequest request = {.number = batch->first + batch->items->len,
                             .length = input->length,
                             .received = input->received,
                             .truncated = input->truncated,
                             .has_key = input->key != NULL};
    BatchItem item = {.path = g_ref_string_acquire (path),
                      .offset = input->offset,
                      .frame = batch->mail->len,
                      .frame_length = sizeof request + input->length};

    if (input->key != NULL)
        request.key = *input->key;
    g_byte_array_append (batch->mail, (const guint8 *) &request, sizeof request);
    if (input->length > 0)
        g_byte_array_append (batch->mail, (const guint8 *) input->data, (guint) input->length);
    if (note_size > 0)
        g_byte_array_append (batch->notes, note, (guint) note_size);
    g_array_append_val (batch->items, item);
    batch->n_to_read++;
    batch->to_send = batch->mail->len;
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
           batch->mail->len >= LIMIT_BATCH_BYTES;
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

    item->key = message_key (digester, (const char *) batch->mail->data + item->frame + sizeof (WorkerRequest),
                             item->frame_length - sizeof (WorkerRequest));
    item->state = ITEM_LOST;
    item->failure = failure;
    skip_answered (batch);
}

void
worker_batch_rewind (WorkerBatch *batch)
{
    GByteArray *mail = g_byte_array_new ();

    for (int waiting = 1; waiting >= 0; waiting--) {
        for (guint i = batch->next_taken; i < batch->items->len; i++) {
            BatchItem *item = worker_batch_item (batch, i);
            gsize start = mail->len;

            if (item->ordinary || (item->state == ITEM_WAITING) != waiting)
                continue;
            g_byte_array_append (mail, batch->mail->data + item->frame, (guint) item->frame_length);
            item->frame = start;
        }
        if (waiting)
            batch->to_send = mail->len;
    }
    g_byte_array_unref (batch->mail);
    batch->mail = mail;
}
