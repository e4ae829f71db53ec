/* SPDX-License-Identifier: MIT */
#include "app/reading.h"

#include <string.h>

#include "app/jobs.h"
#include "event/event_id.h"
#include "extract/first_look.h"
#include "worker/worker_pool.h"

struct Reading {
    App *app;
    Source *source;
    Parser *parser;
    FirstLook *look;     /* NULL: every message is read in full */
    gboolean keys;       /* of ordinary messages as well */
    Digest key;          /* of the message at hand, where it was wanted */
    Arena *arena;        /* these: of an ordinary message that is told without the pool */
    EventList *none;
    ParsedMessage ordinary;
    WorkerPool *pool;    /* NULL: in this process */
    WorkerResult result; /* of the pool, the last one taken */
    gboolean ended;      /* the source is */
    guint lost;
    ReadingKnows knows;  /* NULL: nobody does */
    gpointer knows_user;
    guint64 passed;      /* messages that were known */
};

static const ParsedMessage *
parse (gpointer user, const ParserInput *input)
{
    return parser_parse (user, input);
}

Reading *
reading_new (App *app, Source *source, gboolean keys, GError **error)
{
    const Knowledge *knowledge = app_knowledge (app, error);
    if (!knowledge)
        return NULL;
    Reading *reading = g_new0 (Reading, 1);
    reading->app = app;
    reading->source = source;
    reading->parser = parser_new (knowledge);
    parser_preload (reading->parser);
    if (!app->options->no_first_look)
        reading->look = first_look_new (knowledge->formats);
    reading->keys = keys;
    reading->arena = arena_new ();
    reading->none = event_list_new (reading->arena);
    guint jobs = jobs_in_force (app);
    if (jobs > 0)
        reading->pool = worker_pool_new (jobs, parse, reading->parser, sizeof (SourceMessage));
    return reading;
}

void
reading_free (Reading *reading)
{
    if (!reading)
        return;
    worker_pool_free (reading->pool);
    parser_free (reading->parser);
    first_look_free (reading->look);
    event_list_free (reading->none);
    arena_free (reading->arena);
    g_free (reading);
}

guint
reading_lost (const Reading *reading)
{
    return reading->lost;
}

void
reading_set_knows (Reading *reading, ReadingKnows knows, gpointer user)
{
    reading->knows = knows;
    reading->knows_user = user;
}

guint64
reading_passed (const Reading *reading)
{
    return reading->passed;
}

static ParserInput
input_of (const SourceMessage *message)
{
    return (ParserInput){ .path = message->path,
                          .offset = message->offset,
                          .received = message->received,
                          .data = message->data,
                          .length = message->length,
                          .truncated = message->truncated };
}

/* The source's next message that nobody knows. FALSE at the end, or with *error. */
static gboolean
next_unknown (Reading *reading, SourceMessage *message, ParserInput *input, GError **error)
{
    while (source_next (reading->source, message)) {
        gboolean known = FALSE;
        *input = input_of (message);
        if (reading->keys || reading->knows)
            message->day = message_day (message->data, message->length);
        if (!reading->knows)
            return TRUE;
        reading->key = parser_key (reading->parser, input);
        if (!reading->knows (&reading->key, message, &known, reading->knows_user, error))
            return FALSE;
        input->key = &reading->key;
        if (!known)
            return TRUE;
        reading->passed++;
    }
    return FALSE;
}

/* It cannot tell anything: only its place and its key are left of it. */
static gboolean
is_ordinary (Reading *reading, const ParserInput *input)
{
    if (!reading->look || first_look_may_tell (reading->look, input->data, input->length))
        return FALSE;
    if (reading->keys && !reading->knows)
        reading->key = parser_key (reading->parser, input);
    return TRUE;
}

/* Hand the processes as much as they take. */
static gboolean
feed (Reading *reading, GError **error)
{
    SourceMessage message;
    ParserInput input;
    while (!reading->ended && worker_pool_wants (reading->pool, error)) {
        if (!next_unknown (reading, &message, &input, error)) {
            reading->ended = TRUE;
            return !*error && worker_pool_finish (reading->pool, error);
        }
        gboolean put = is_ordinary (reading, &input)
                           ? worker_pool_put_ordinary (reading->pool, &input, &reading->key, &message, error)
                           : worker_pool_put (reading->pool, &input, &message, error);
        if (!put)
            return FALSE;
    }
    return !*error;
}

static void
tell_loss (Reading *reading, const SourceMessage *message, const ParsedMessage *parsed)
{
    const char *failure = event_list_get (parsed->events, 0)->diagnostic;

    reading->lost++;
    if (message->offset > 0)
        log_warning (reading->app->log, "%s: at byte %" G_GUINT64_FORMAT ": the message could not be read: %s",
                     message->path, message->offset, failure);
    else
        log_warning (reading->app->log, "%s: the message could not be read: %s", message->path, failure);
}

static gboolean
next_of_pool (Reading *reading, SourceMessage *message, const ParsedMessage **parsed, GError **error)
{
    g_autoptr (GError) failure = NULL;
    if (!feed (reading, &failure) || !worker_pool_take (reading->pool, &reading->result, &failure)) {
        if (failure)
            g_propagate_error (error, g_steal_pointer (&failure));
        return FALSE;
    }
    memcpy (message, reading->result.note, sizeof *message);
    message->path = reading->result.path;
    message->data = NULL;
    *parsed = &reading->result.parsed;
    return TRUE;
}

static gboolean
next_in_process (Reading *reading, SourceMessage *message, const ParsedMessage **parsed, GError **error)
{
    ParserInput input;
    if (!next_unknown (reading, message, &input, error))
        return FALSE;
    if (is_ordinary (reading, &input)) {
        arena_clear (reading->arena);
        reading->ordinary = (ParsedMessage){ .key = reading->key,
                                             .source = parser_source_text (reading->arena, input.path),
                                             .result = MESSAGE_ORDINARY,
                                             .events = reading->none };
        *parsed = &reading->ordinary;
    } else {
        *parsed = parser_parse (reading->parser, &input);
    }
    message->data = NULL;
    return TRUE;
}

gboolean
reading_next (Reading *reading, SourceMessage *message, const ParsedMessage **parsed, GError **error)
{
    if (!(reading->pool ? next_of_pool : next_in_process) (reading, message, parsed, error))
        return FALSE;
    if ((*parsed)->result == MESSAGE_UNREADABLE)
        tell_loss (reading, message, *parsed);
    return TRUE;
}
