/* SPDX-License-Identifier: MIT */
#include "app/scan.h"

#include <string.h>

#include "app/app_error.h"
#include "app/interrupt.h"
#include "app/learn.h"
#include "app/progress.h"
#include "app/reading.h"
#include "base/limits.h"
#include "worker/worker_pool.h"

static void
on_warning (const char *path, guint64 offset, const char *reason, gpointer user)
{
    const App *app = user;
    if (offset > 0)
        log_warning (app->log, "%s: at byte %" G_GUINT64_FORMAT ": %s", path, offset, reason);
    else
        log_warning (app->log, "%s: %s", path, reason);
}

static Source *
open_source (App *app, GError **error)
{
    const Options *options = app->options;
    g_autoptr (Source) source = source_new (on_warning, app);
    gboolean list_is_stdin = options->files_from && g_str_equal (options->files_from, "-");
    for (char **path = options->paths; *path; path++) {
        if (list_is_stdin && g_str_equal (*path, "-")) {
            g_set_error_literal (error, APP_ERROR, APP_ERROR_USAGE,
                                 "stdin cannot be both the list of files and the mail");
            return NULL;
        }
        source_add (source, *path);
    }
    if (options->files_from && !source_add_list (source, options->files_from, options->nul, error))
        return NULL;
    return g_steal_pointer (&source);
}

/* Nothing of what was asked for is there: most likely a slip of the pen, and an empty report would look like good news.
 * The source has told each missing path, so there is nothing to add. */
static gboolean
found_nothing (const App *app, const Source *source, const ScanCounts *counts)
{
    guint missing = source_missing (source);
    if (missing == 0 || counts->messages > 0)
        return FALSE;
    return app->options->files_from ? source_failures (source) == missing && source_bytes (source) == 0
                                    : missing == g_strv_length (app->options->paths);
}

/* What the kinds of scan do with messages. */
typedef struct {
    ScanEach each;
    void (*start) (Source *source, gpointer user); /* NULL: nothing */
    ReadingKnows knows;                            /* NULL: nobody knows a message */
    gboolean keys;                                 /* of ordinary messages as well */
    gpointer user;
} ScanHooks;

static gboolean
scan (App *app, const ScanHooks *hooks, ScanCounts *counts, GError **error)
{
    g_autoptr (Source) source = open_source (app, error);
    g_autoptr (Reading) reading = source ? reading_new (app, source, hooks->keys, error) : NULL;
    memset (counts, 0, sizeof *counts);
    const Identity *identity;
    if (!reading || !app_identity (app, &identity, error))
        return FALSE;
    g_autoptr (GError) failure = NULL;
    g_auto (Progress) progress;
    SourceMessage message;
    const ParsedMessage *parsed;
    progress_init (&progress, app->log);
    if (hooks->start)
        hooks->start (source, hooks->user);
    reading_set_knows (reading, hooks->knows, hooks->user);
    while (reading_next (reading, &message, &parsed, &failure)) {
        counts->messages++;
        for (guint i = 0; parsed->events && i < event_list_length (parsed->events); i++) {
            BounceEvent *event = event_list_get (parsed->events, i);
            event->trust = identity_judge (identity, event);
        }
        if (!hooks->each (&message, parsed, hooks->user, error) || interrupted (error))
            return FALSE;
        progress_update (&progress, counts->messages + reading_passed (reading), source_bytes (source));
    }
    if (failure) {
        g_propagate_error (error, g_steal_pointer (&failure));
        return FALSE;
    }
    counts->messages += reading_passed (reading);
    counts->failures = source_failures (source) + reading_lost (reading);
    if (found_nothing (app, source, counts)) {
        g_set_error_literal (error, APP_ERROR, APP_ERROR_NO_INPUT, "");
        return FALSE;
    }
    return TRUE;
}

gboolean
scan_each (App *app, gboolean keys, ScanEach each, gpointer user, ScanCounts *counts, GError **error)
{
    ScanHooks hooks = { .each = each, .keys = keys, .user = user };
    return scan (app, &hooks, counts, error);
}

/* --- into a store ---------------------------------------------------------------------------------------------- */

/* A mailbox is read to its end, but its last messages are still being parsed: the cursor is put with the message
 * `serial`, in the same transaction or a later one. */
typedef struct {
    char *path;
    StoreCursor cursor;
    GBytes *seen; /* of a Maildir; else NULL */
    guint64 serial;
} PendingCursor;

typedef struct {
    App *app;
    ScanMode mode;
    Store *store, *known;
    ScanCounts counts;
    GArray *pending;   /* of PendingCursor, by serial */
    guint in_batch;    /* messages, or their events where they are more */
    gint64 batch_end;  /* monotonic */
    gboolean open;
    GError *failure;   /* of a cursor: callbacks of the source cannot fail */
    char *path;        /* the last one that was asked for, and as the store has it */
    const char *text;
    Arena *arena;
} Filling;

static void
pending_clear (gpointer data)
{
    PendingCursor *pending = data;
    g_free (pending->path);
    g_clear_pointer (&pending->seen, g_bytes_unref);
}

static gboolean
begin (Filling *filling, GError **error)
{
    if (filling->open)
        return TRUE;
    if (!store_begin (filling->store, error))
        return FALSE;
    filling->open = TRUE;
    filling->in_batch = 0;
    filling->batch_end = g_get_monotonic_time () + LIMIT_BATCH_SECONDS * G_USEC_PER_SEC;
    return TRUE;
}

static gboolean
batch_is_full (const Filling *filling)
{
    return filling->in_batch >= LIMIT_BATCH_MESSAGES || g_get_monotonic_time () >= filling->batch_end;
}

static gboolean
commit (Filling *filling, GError **error)
{
    if (!filling->open)
        return TRUE;
    filling->open = FALSE;
    return store_commit (filling->store, error);
}

/* The store that knows how far mailboxes were read; NULL when nobody is to be asked. */
static Store *
cursors_of (const Filling *filling)
{
    Store *store = filling->mode == SCAN_STATE ? filling->store : filling->known;
    return filling->app->options->full || filling->failure ? NULL : store;
}

/* Cursors are known by the absolute path: the same mailbox may be named in other ways tomorrow. */
static gboolean
get_cursor (const char *path, SourceCursor *to, gpointer user)
{
    Filling *filling = user;
    Store *store = cursors_of (filling);
    g_autofree char *absolute = g_canonicalize_filename (path, NULL);
    StoreCursor cursor;
    gboolean found = FALSE;
    if (!store || !store_cursor_get (store, absolute, &cursor, &found, &filling->failure) || !found)
        return FALSE;
    *to = (SourceCursor){ .device = cursor.device, .inode = cursor.inode, .size = cursor.size,
                          .mtime_ns = cursor.mtime_ns, .offset = cursor.offset, .before = cursor.before };
    return TRUE;
}

static void
note_cursor (const char *path, const SourceCursor *from, guint64 serial, gpointer user)
{
    Filling *filling = user;
    PendingCursor pending = { .path = g_canonicalize_filename (path, NULL), .serial = serial };
    pending.cursor = (StoreCursor){ .device = from->device, .inode = from->inode, .size = from->size,
                                    .mtime_ns = from->mtime_ns, .offset = from->offset, .before = from->before };
    g_array_append_val (filling->pending, pending);
}

static GBytes *
get_seen (const char *path, gpointer user)
{
    Filling *filling = user;
    Store *store = cursors_of (filling);
    g_autofree char *absolute = g_canonicalize_filename (path, NULL);
    GBytes *seen = NULL;
    return store && store_maildir_get (store, absolute, &seen, &filling->failure) ? seen : NULL;
}

static void
note_seen (const char *path, GBytes *seen, guint64 serial, gpointer user)
{
    Filling *filling = user;
    PendingCursor pending = { .path = g_canonicalize_filename (path, NULL), .seen = g_bytes_ref (seen),
                              .serial = serial };
    g_array_append_val (filling->pending, pending);
}

static gboolean
put_cursor (Filling *filling, const PendingCursor *pending, GError **error)
{
    return pending->seen ? store_maildir_put (filling->store, pending->path, pending->seen, error)
                         : store_cursor_put (filling->store, pending->path, &pending->cursor, error);
}

/* The cursors of the mailboxes whose messages, up to `serial`, are all in the store. */
static gboolean
put_cursors (Filling *filling, guint64 serial, GError **error)
{
    guint done = 0;
    for (; done < filling->pending->len; done++) {
        const PendingCursor *pending = &g_array_index (filling->pending, PendingCursor, done);
        if (pending->serial > serial)
            break;
        if (!begin (filling, error) || !put_cursor (filling, pending, error))
            return FALSE;
    }
    if (done > 0)
        g_array_remove_range (filling->pending, 0, done);
    return TRUE;
}

static void
count_new (ScanCounts *counts, const ParsedMessage *parsed)
{
    counts->new_messages++;
    if (parsed->result == MESSAGE_EVENTS) {
        counts->bounces++;
        counts->events += event_list_length (parsed->events);
    } else if (parsed->result == MESSAGE_UNPARSED) {
        counts->unparsed++;
    }
}

/* Another host put it first, between our question and our commit. */
static void
uncount_late (const Digest *key, MessageResult result, guint events, gpointer user)
{
    ScanCounts *counts = user;
    (void) key;
    counts->new_messages--;
    if (result == MESSAGE_EVENTS) {
        counts->bounces--;
        counts->events -= events;
    } else if (result == MESSAGE_UNPARSED) {
        counts->unparsed--;
    }
}

static void
follow_mailboxes (Source *source, gpointer user)
{
    Filling *filling = user;
    if (filling->mode == SCAN_STATE || filling->mode == SCAN_TRY) {
        source_follow (source, get_cursor, filling->mode == SCAN_STATE ? note_cursor : NULL, filling);
        source_follow_maildirs (source, get_seen, filling->mode == SCAN_STATE ? note_seen : NULL, filling);
    }
}

/* The path as the store has it. Of a mailbox it is asked once for every message. */
static const char *
source_text (Filling *filling, const char *path)
{
    if (!filling->path || strcmp (filling->path, path) != 0) {
        g_free (filling->path);
        filling->path = g_strdup (path);
        arena_clear (filling->arena);
        filling->text = parser_source_text (filling->arena, path);
    }
    return filling->text;
}

static gboolean
knows (const Digest *key, const SourceMessage *message, gboolean *known, gpointer user, GError **error)
{
    Filling *filling = user;
    if (filling->failure) {
        g_propagate_error (error, g_steal_pointer (&filling->failure));
        return FALSE;
    }
    if (!store_knows (filling->store, key, message->day, known, error))
        return FALSE;
    if (*known)
        return store_knows_at (filling->store, key, message->day, source_text (filling, message->path),
                               message->offset, known, error);
    return !filling->known || store_knows (filling->known, key, message->day, known, error);
}

static gboolean
put_message (const SourceMessage *message, const ParsedMessage *parsed, gpointer user, GError **error)
{
    Filling *filling = user;
    gboolean is_new = FALSE;
    StoreMessage record = { .key = parsed->key,
                            .day = message->day,
                            .source = parsed->source,
                            .offset = message->offset,
                            .seen = filling->app->clock.now,
                            .result = parsed->result };
    if (!put_cursors (filling, message->serial - 1, error) || !begin (filling, error)
        || !store_put (filling->store, &record, parsed->events, &is_new, error))
        return FALSE;
    if (is_new)
        count_new (&filling->counts, parsed);
    gboolean learns = is_new && (filling->mode == SCAN_STATE || filling->mode == SCAN_PARTIAL) && parsed->events;
    for (guint i = 0; learns && i < event_list_length (parsed->events); i++)
        if (!learn_event (filling->app, filling->store, event_list_get (parsed->events, i), error))
            return FALSE;
    filling->in_batch += MAX (1, event_list_length (parsed->events));
    return !batch_is_full (filling) || commit (filling, error);
}

gboolean
scan_into (App *app, ScanMode mode, Store *store, Store *known, ScanCounts *counts, GError **error)
{
    g_autoptr (GArray) pending = g_array_new (FALSE, FALSE, sizeof (PendingCursor));
    g_autoptr (Arena) arena = arena_new ();
    Filling filling = { .app = app, .mode = mode, .store = store, .known = known, .pending = pending, .arena = arena };
    ScanHooks hooks = { .each = put_message, .start = follow_mailboxes, .knows = knows, .keys = TRUE,
                        .user = &filling };
    g_autoptr (GError) failure = NULL;
    g_array_set_clear_func (pending, pending_clear);
    if ((mode == SCAN_STATE || mode == SCAN_PARTIAL) && !learn_rules (app, store, error))
        return FALSE;
    store_on_late (store, uncount_late, &filling.counts);
    g_autofree char *conditions = worker_pool_conditions ();
    if (mode == SCAN_STATE && !store_try_again (store, conditions, error))
        return FALSE;
    gboolean read = scan (app, &hooks, counts, &failure) && put_cursors (&filling, G_MAXUINT64, &failure);
    g_free (filling.path);
    g_clear_error (&filling.failure); /* of a cursor that was asked for last: it was read from its start */
    /* What was read before a break is good: the next run goes on behind it. */
    if (!read && filling.open && failure != NULL && failure->domain == STORE_ERROR) {
        store_rollback (store);
        filling.open = FALSE;
    }
    if (!commit (&filling, failure ? NULL : &failure))
        read = FALSE;
    store_on_late (store, NULL, NULL);
    counts->new_messages = filling.counts.new_messages;
    counts->bounces = filling.counts.bounces;
    counts->events = filling.counts.events;
    counts->unparsed = filling.counts.unparsed;
    if (failure)
        g_propagate_error (error, g_steal_pointer (&failure));
    return read;
}
