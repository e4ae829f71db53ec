/* SPDX-License-Identifier: MIT */
#include "app/stream.h"

#include "app/scan.h"
#include "base/date.h"

typedef struct {
    const App *app;
    gboolean unparsed;
    StreamEvent each;
    gpointer user;
} Streaming;

/* An event without a date is in no range. */
static gboolean
is_in_range (const App *app, gint64 date)
{
    if (app->since == DATE_NONE && app->until == DATE_NONE)
        return TRUE;
    return date != DATE_NONE && (app->since == DATE_NONE || date >= app->since)
           && (app->until == DATE_NONE || date < app->until);
}

static gboolean
stream_message (const SourceMessage *message, const ParsedMessage *parsed, gpointer user, GError **error)
{
    const Streaming *streaming = user;
    (void) message;
    gboolean understood = parsed->result == MESSAGE_EVENTS;
    if (understood == streaming->unparsed)
        return TRUE;
    for (guint i = 0; i < event_list_length (parsed->events); i++) {
        const BounceEvent *event = event_list_get (parsed->events, i);
        if (is_in_range (streaming->app, event->date) && !streaming->each (event, streaming->user, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
stream_events (App *app, gboolean unparsed, StreamEvent each, gpointer user, guint *failures, GError **error)
{
    Streaming streaming = { .app = app, .unparsed = unparsed, .each = each, .user = user };
    ScanCounts counts;
    gboolean done = scan_each (app, FALSE, stream_message, &streaming, &counts, error);
    *failures = counts.failures;
    return done;
}
