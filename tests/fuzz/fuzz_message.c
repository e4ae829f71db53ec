/* SPDX-License-Identifier: MIT */
/* A whole message through all the reading floors: what comes out keeps every promise of BounceEvent, survives the way
 * from a parse process to its parent, and the first look never turns away what the readers find something in. */
#include "fuzz.h"

#include "base/date.h"
#include "base/limits.h"
#include "event/address.h"
#include "extract/first_look.h"
#include "source/message_text.h"
#include "worker/event_frame.h"
#include "worker/parser.h"
#include <string.h>

/* As the program has them: loaded once. */
typedef struct {
    Knowledge *knowledge;
    FirstLook *look;
    Parser *parser;
    MessageText text;
    GByteArray *frame;
    Arena *arena;
    EventList *events;
} Program;

static Program *
program_start (void)
{
    Program *program = g_new0 (Program, 1);

    program->knowledge = knowledge_load (NULL, FALSE, NULL);
    g_assert (program->knowledge);
    program->look = first_look_new (program->knowledge->formats);
    program->parser = parser_new (program->knowledge);
    parser_preload (program->parser);
    message_text_init (&program->text);
    program->frame = g_byte_array_new ();
    program->arena = arena_new ();
    program->events = event_list_new (program->arena);
    return program;
}

static void
check_event (const BounceEvent *event)
{
#define X(name) g_assert (event->name);
    EVENT_STRINGS (X)
#undef X
    g_assert (!*event->recipient || address_is_valid (event->recipient));
    g_assert (!*event->final_recipient || address_is_valid (event->final_recipient));
    g_assert (!*event->original_recipient || address_is_valid (event->original_recipient));
    g_assert (strlen (event->diagnostic) <= LIMIT_DIAGNOSTIC && strlen (event->original_subject) <= LIMIT_SUBJECT);
    g_assert (event->type < N_TYPES && event->reason < N_REASONS && event->fault < N_FAULTS);
    g_assert (!*event->reply || strlen (event->reply) == 3);
    g_assert (*event->format);
}

static void
check_parsed (const ParsedMessage *parsed)
{
    guint n = event_list_length (parsed->events);

    g_assert (n <= LIMIT_EVENTS);
    g_assert ((parsed->result == MESSAGE_ORDINARY) == (n == 0));
    for (guint i = 0; i < n; i++)
        check_event (event_list_get (parsed->events, i));
    if (parsed->result == MESSAGE_UNPARSED)
        g_assert (n == 1 && !*event_list_get (parsed->events, 0)->recipient);
}

/* The frame's reader is strict: what a parse process says about any message must pass it. */
static void
check_frame (Program *program, const ParsedMessage *parsed)
{
    MessageResult result;
    Digest key;

    g_byte_array_set_size (program->frame, 0);
    event_frame_write (program->frame, 7, &parsed->key, parsed->result, parsed->events);
    Span frame = span ((const char *) program->frame->data, program->frame->len);
    event_list_clear (program->events);
    arena_clear (program->arena);
    g_assert (event_frame_length (frame) == frame.length && event_frame_number (frame) == 7);
    g_assert (event_frame_read (frame, &key, &result, program->events));
    g_assert (result == parsed->result && digest_equal (&key, &parsed->key));
    for (guint i = 0; i < event_list_length (parsed->events); i++) {
        const BounceEvent *sent = event_list_get (parsed->events, i), *got = event_list_get (program->events, i);
#define X(name) g_assert (sent->name == sent->source || !strcmp (sent->name, got->name));
        EVENT_STRINGS (X)
#undef X
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static Program *program; /* one a process */
    ParserInput input = { .path = "mail", .received = DATE_NONE };

    if (!program)
        program = program_start ();
    message_text_reset (&program->text, FALSE);
    message_text_append (&program->text, (const char *) data, size);
    input.data = message_text_finish (&program->text, FALSE, &input.length, &input.truncated);
    gboolean may_tell = first_look_may_tell (program->look, input.data, input.length);
    const ParsedMessage *parsed = parser_parse (program->parser, &input);
    check_parsed (parsed);
    g_assert (may_tell || parsed->result == MESSAGE_ORDINARY);
    if (parsed->result != MESSAGE_ORDINARY)
        check_frame (program, parsed);
    return 0;
}
