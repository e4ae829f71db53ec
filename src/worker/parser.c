/* SPDX-License-Identifier: MIT */
#include "worker/parser.h"

#include <string.h>
#include <time.h>

#include "base/date.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "classify/classify.h"
#include "event/address.h"
#include "event/event_id.h"
#include "extract/extract.h"
#include "mail/appended.h"
#include "mail/mail_reader.h"

struct Parser {
    const Knowledge *knowledge;
    MailReader *reader;
    Arena *arena;       /* all that is made of one message; cleared before the next */
    EventList *events;  /* of the piece at hand; live in `arena` */
    EventList *all;     /* of the whole message */
    Digester *digester;
    ParsedMessage parsed;
    gint64 cpu_limit;   /* microseconds a message */
    gint64 began, cpu_began;
};

Parser *
parser_new (const Knowledge *knowledge)
{
    Parser *parser = g_new0 (Parser, 1);
    parser->knowledge = knowledge;
    parser->reader = mail_reader_new ();
    parser->arena = arena_new ();
    parser->events = event_list_new (parser->arena);
    parser->all = event_list_new (parser->arena);
    parser->digester = digester_new ();
    parser->cpu_limit = (gint64) LIMIT_MESSAGE_CPU_SOFT * G_USEC_PER_SEC;
    return parser;
}

void
parser_limit_cpu (Parser *parser, gint64 microseconds)
{
    parser->cpu_limit = microseconds;
}

void
parser_preload (Parser *parser)
{
    mail_reader_preload (parser->reader);
}

void
parser_free (Parser *parser)
{
    if (!parser)
        return;
    event_list_free (parser->events);
    event_list_free (parser->all);
    mail_reader_free (parser->reader);
    digester_free (parser->digester);
    arena_free (parser->arena);
    g_free (parser);
}

/* The date in the topmost Received header: what stands behind its last semicolon (RFC 5321 4.4). */
static gint64
received_date (const MailView *view)
{
    const char *value = mail_view_header (view, "Received");
    const char *semicolon = strrchr (value, ';');
    return semicolon ? date_parse (semicolon + 1) : DATE_NONE;
}

/* An address that cannot be one never leaves this floor as a recipient, whoever let it through. TRUE when the event
 * had one and lost it. */
static gboolean
drop_impossible_addresses (BounceEvent *event)
{
    gboolean lost = *event->recipient && !address_is_valid (event->recipient);
    if (lost)
        event->recipient = "";
    if (*event->final_recipient && !address_is_valid (event->final_recipient))
        event->final_recipient = "";
    if (*event->original_recipient && !address_is_valid (event->original_recipient))
        event->original_recipient = "";
    if (lost)
        event->flags |= FLAG_ADDRESS_BROKEN;
    return lost;
}

/* What the extractor promised is made sure of: a message that was not understood names nobody, and one whose every
 * address was impossible was not understood. One evidence event stays of either. */
static void
settle_result (Parser *parser)
{
    EventList *events = parser->events;
    guint named = 0, lost = 0, n = event_list_length (events);
    for (guint i = 0; i < n; i++) {
        BounceEvent *event = event_list_get (events, i);
        lost += drop_impossible_addresses (event) ? 1 : 0;
        named += *event->recipient ? 1 : 0;
    }
    if (parser->parsed.result == MESSAGE_EVENTS && (n == 0 || (named == 0 && lost == n)))
        parser->parsed.result = n == 0 ? MESSAGE_ORDINARY : MESSAGE_UNPARSED;
    if (parser->parsed.result == MESSAGE_EVENTS)
        return;
    if (parser->parsed.result == MESSAGE_UNPARSED || parser->parsed.result == MESSAGE_UNREADABLE) {
        BounceEvent *evidence = n > 0 ? event_list_get (events, 0) : event_list_add (events);
        evidence->recipient = "";
        if (n == 0)
            evidence->format = "unparsed";
        g_array_set_size (events->events, 1);
    } else {
        g_array_set_size (events->events, 0);
    }
}

/* Ids, with an ordinal where the message names a recipient again. */
static void
number_events (Parser *parser)
{
    g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
    for (guint i = 0; i < event_list_length (parser->all); i++) {
        BounceEvent *event = event_list_get (parser->all, i);
        char *normal = address_normal (parser->arena, event->recipient);
        guint ordinal = GPOINTER_TO_UINT (g_hash_table_lookup (seen, normal));
        if (ordinal > 0 && *event->recipient)
            event->flags |= FLAG_DUPLICATE_RECIPIENT;
        event->event_id = event_id (&parser->parsed.key, normal, ordinal);
        g_hash_table_insert (seen, normal, GUINT_TO_POINTER (ordinal + 1));
    }
}

static gboolean
is_plain_path (const char *path)
{
    for (; *path; path++)
        if ((guchar) *path < 0x20 || (guchar) *path >= 0x7f || *path == '\\')
            return FALSE;
    return TRUE;
}

/* A path as text: names are bytes, an event is UTF-8. What is no UTF-8, or no character that can be shown, becomes
 * \xNN byte by byte, and a backslash is doubled, so that the name can be had back. */
const char *
parser_source_text (Arena *arena, const char *path)
{
    gsize available = strlen (path);
    if (is_plain_path (path))
        return arena_strndup (arena, path, available);
    g_autoptr (GString) text = g_string_sized_new (available + 8);
    for (gsize at = 0; at < available;) {
        guint length = utf8_length (path + at, available - at);
        gunichar character = length > 0 ? utf8_decode (path + at, length) : 0;
        gboolean shown = length > 0 && !utf8_is_control (character) && !utf8_is_invisible (character);
        length = MAX (length, 1);
        if (path[at] == '\\')
            g_string_append (text, "\\\\");
        else if (shown)
            g_string_append_len (text, path + at, length);
        else
            for (guint i = 0; i < length; i++)
                g_string_append_printf (text, "\\x%02x", (guchar) path[at + i]);
        at += length;
    }
    return arena_strdup (arena, text->str);
}

/* Whom the report was delivered to: with VERP, that address says which recipient it is about. */
static const char *
report_to (Parser *parser, const MailView *view)
{
    static const char *const names[] = { "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To" };
    g_autoptr (GPtrArray) found = g_ptr_array_new ();
    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        const MailHeader *field = mail_headers_find (&view->headers, names[i]);
        for (; field != NULL; field = mail_headers_next (&view->headers, field)) {
            Span rest = span_of (field->value);
            char *address;
            while (found->len < LIMIT_REPORT_TO && (address = address_find (parser->arena, &rest)))
                if (!strchr (address, ' ') && !g_ptr_array_find_with_equal_func (found, address, g_str_equal, NULL))
                    g_ptr_array_add (found, address);
        }
    }
    g_ptr_array_add (found, NULL);
    g_autofree char *joined = g_strjoinv (" ", (char **) found->pdata);
    return arena_strdup (parser->arena, joined);
}

static void
complete_events (Parser *parser, const MailView *view, const ParserInput *input, gint64 received)
{
    const char *delivered_to = report_to (parser, view);
    for (guint i = 0; i < event_list_length (parser->events); i++) {
        BounceEvent *event = event_list_get (parser->events, i);
        event->source = parser->parsed.source;
        event->offset = input->offset;
        event->report_to = delivered_to;
        if (event->date == DATE_NONE)
            event->date = received;
        if (input->truncated)
            event->flags |= FLAG_MESSAGE_CAPPED;
        if (parser->parsed.result == MESSAGE_EVENTS)
            classify (parser->knowledge->tables, event, parser->arena);
    }
}

Digest
parser_key (Parser *parser, const ParserInput *input)
{
    digester_reset (parser->digester);
    return message_key (parser->digester, input->data, input->length);
}

/* Guessed from what came back alone: that may be the report itself, as far as it goes. */
static gboolean
is_named_by_copy (const Parser *parser, const MailView *view)
{
    for (guint i = 0; i < event_list_length (parser->events); i++) {
        const BounceEvent *event = event_list_get (parser->events, i);
        if ((event->flags & FLAG_GUESSED) && !text_find (view->body, event->recipient))
            return TRUE;
    }
    return FALSE;
}

/* Where the returned message has begun, the report is whole, whatever became of the rest. Words that say so are not
 * enough in a multipart/report (RFC 3462): its fields follow. */
static gboolean
report_is_whole (const Parser *parser, const MailView *view)
{
    if (!(view->flags & MAIL_CUT))
        return TRUE;
    if (is_named_by_copy (parser, view))
        return FALSE;
    if (mail_view_part (view, PART_RETURNED, NULL) || mail_view_part (view, PART_RETURNED_HEADERS, NULL))
        return TRUE;
    if (view->n_parts > 1 && text_equal (view->type, "multipart/report"))
        return FALSE;
    return view->returned.n_fields > 0 || *view->returned_text;
}

/* A report that stops in the middle: whom it is about, or why, may have stood behind that. What of it is told carries a
 * flag; a report that is whole says the same with and without the end of what it returns. */
static void
settle_cut (Parser *parser, const MailView *view)
{
    gboolean whole = report_is_whole (parser, view);
    if (!whole && parser->parsed.result == MESSAGE_EVENTS)
        parser->parsed.result = MESSAGE_UNPARSED;
    for (guint i = 0; whole && i < event_list_length (parser->events); i++)
        event_list_get (parser->events, i)->flags &= ~(guint32) FLAG_MESSAGE_CUT;
}

static gint64
processor_time (void)
{
    struct timespec time;
    clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
    return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

/* The clock on the wall is asked first: it costs next to nothing, and shows at least as much. */
static gboolean
budget_is_spent (const Parser *parser)
{
    return g_get_monotonic_time () - parser->began >= parser->cpu_limit &&
           processor_time () - parser->cpu_began >= parser->cpu_limit;
}

/* What was found in a part of it is not told: the rest may say otherwise. */
static void
give_up (Parser *parser)
{
    event_list_clear (parser->all);
    BounceEvent *event = event_list_add (parser->all);
    event->format = "unreadable";
    event->diagnostic = arena_printf (parser->arena, "it took more than %.3g s of processor time",
                                      (double) parser->cpu_limit / G_USEC_PER_SEC);
    event->source = parser->parsed.source;
    event->flags = FLAG_UNREADABLE;
    parser->parsed.result = MESSAGE_UNREADABLE;
}

/* One message, its events into parser->events and what it is into parser->parsed.result. FALSE: it took too long. */
static gboolean
parse_piece (Parser *parser, const ParserInput *input, const char *data, gsize length)
{
    event_list_clear (parser->events);
    MailView *view = mail_reader_read (parser->reader, data, length, parser->arena);
    if (budget_is_spent (parser))
        return FALSE;
    parser->parsed.result = extract (parser->knowledge->formats, view, parser->events);
    settle_cut (parser, view);
    settle_result (parser);
    if (event_list_length (parser->events) > 0) {
        gint64 received = received_date (view);
        complete_events (parser, view, input, received != DATE_NONE ? received : input->received);
    }
    return TRUE;
}

/* The piece just parsed joins those before it: what names somebody counts more than what was not
 * understood. Returns what the whole is. */
static MessageResult
join_results (Parser *parser, MessageResult before)
{
    MessageResult now = parser->parsed.result;
    if (now == MESSAGE_ORDINARY || (before == MESSAGE_EVENTS && now != MESSAGE_EVENTS) ||
        (before != MESSAGE_ORDINARY && now == before && now != MESSAGE_EVENTS))
        return before;
    if (before != MESSAGE_EVENTS)
        event_list_clear (parser->all); /* no more than the evidence of something not understood */
    for (guint i = 0; i < event_list_length (parser->events); i++) {
        BounceEvent *event = event_list_add (parser->all);
        if (event)
            *event = *event_list_get (parser->events, i);
    }
    return now;
}

const ParsedMessage *
parser_parse (Parser *parser, const ParserInput *input)
{
    arena_clear (parser->arena);
    ParsedMessage *parsed = &parser->parsed;
    parsed->events = parser->all;
    parsed->source = parser_source_text (parser->arena, input->path);
    parsed->key = input->key ? *input->key : parser_key (parser, input);

    parser->began = g_get_monotonic_time ();
    parser->cpu_began = processor_time ();

    gsize at = 0, end, next;
    gboolean more, in_time;
    MessageResult result = MESSAGE_ORDINARY;
    event_list_clear (parser->all);
    do {
        more = appended_find (input->data + at, input->length - at, &end, &next);
        in_time = parse_piece (parser, input, input->data + at, end);
        result = join_results (parser, result);
        at += next;
        more = more && event_list_length (parser->all) < LIMIT_EVENTS;
        in_time = in_time && !(more && budget_is_spent (parser));
    } while (more && in_time);
    parsed->result = result;
    if (!in_time)
        give_up (parser);
    number_events (parser);
    return parsed;
}
