/* SPDX-License-Identifier: MIT */
#include "app/scan.h"

#include <string.h>

#include "app/app_error.h"
#include "app/interrupt.h"
#include "app/progress.h"
#include "app/reading.h"
#include "base/limits.h"

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

gboolean
scan_each (App *app, ScanEach each, gpointer user, ScanCounts *counts, GError **error)
{
    g_autoptr (Source) source = open_source (app, error);
    g_autoptr (Reading) reading = source ? reading_new (app, source, error) : NULL;
    if (!reading)
        return FALSE;
    g_autoptr (GError) failure = NULL;
    g_auto (Progress) progress;
    SourceMessage message;
    const ParsedMessage *parsed;
    progress_init (&progress, app->log);
    memset (counts, 0, sizeof *counts);
    while (reading_next (reading, &message, &parsed, &failure)) {
        counts->messages++;
        if (!each (&message, parsed, user, error) || interrupted (error))
            return FALSE;
        progress_update (&progress, counts->messages, source_bytes (source));
    }
    if (failure) {
        g_propagate_error (error, g_steal_pointer (&failure));
        return FALSE;
    }
    counts->failures = source_failures (source) + reading_lost (reading);
    if (found_nothing (app, source, counts)) {
        g_set_error_literal (error, APP_ERROR, APP_ERROR_NO_INPUT, "");
        return FALSE;
    }
    return TRUE;
}

typedef struct {
    const App *app;
    Store *store, *known;
    ScanCounts counts;
    guint in_batch;
    gint64 batch_end; /* monotonic */
    gboolean open;
} Filling;

static gboolean
commit (Filling *filling, GError **error)
{
    if (!filling->open)
        return TRUE;
    filling->open = FALSE;
    return store_commit (filling->store, error);
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

static gboolean
put_message (const SourceMessage *message, const ParsedMessage *parsed, gpointer user, GError **error)
{
    Filling *filling = user;
    gboolean known = FALSE, is_new = FALSE;
    if (filling->known && !store_knows (filling->known, &parsed->key, &known, error))
        return FALSE;
    if (known)
        return TRUE;
    StoreMessage record = { .key = parsed->key,
                            .source = parsed->source,
                            .offset = message->offset,
                            .seen = filling->app->clock.now,
                            .result = parsed->result };
    if (!begin (filling, error) || !store_put (filling->store, &record, parsed->events, &is_new, error))
        return FALSE;
    if (is_new)
        count_new (&filling->counts, parsed);
    filling->in_batch++;
    return !batch_is_full (filling) || commit (filling, error);
}

gboolean
scan_into (App *app, Store *store, Store *known, ScanCounts *counts, GError **error)
{
    Filling filling = { .app = app, .store = store, .known = known };
    g_autoptr (GError) failure = NULL;
    gboolean read = scan_each (app, put_message, &filling, counts, &failure);
    /* What was read before a break is good: the next run goes on behind it. */
    if (!read && filling.open && failure->domain == STORE_ERROR) {
        store_rollback (store);
        filling.open = FALSE;
    }
    if (!commit (&filling, failure ? NULL : &failure))
        read = FALSE;
    counts->new_messages = filling.counts.new_messages;
    counts->bounces = filling.counts.bounces;
    counts->events = filling.counts.events;
    counts->unparsed = filling.counts.unparsed;
    if (failure)
        g_propagate_error (error, g_steal_pointer (&failure));
    return read;
}
