/* SPDX-License-Identifier: MIT */
/* A message as text in, what the extraction says of it as text out: one line an event, for the tests of recognisers. */
#ifndef NIXIE_TESTS_EXTRACT_SHOW_H
#define NIXIE_TESTS_EXTRACT_SHOW_H

#include "event/event.h"
#include "extract/extract.h"
#include "mail/mail_reader.h"
#include "worker/knowledge.h"
#include <string.h>

static const char *const result_words[] = {"ordinary", "events", "unparsed", "unreadable"};

static EventList *
read_message (Arena *arena, const char *message, gsize length, MessageResult *result)
{
    g_autoptr (MailReader) reader = mail_reader_new ();
    g_autoptr (Knowledge) knowledge = knowledge_load (NULL, FALSE, NULL); /* for its words */
    EventList *list = event_list_new (arena);
    knowledge_drop_formats (knowledge);
    *result = extract (knowledge->formats, mail_reader_read (reader, message, length, arena), list);
    return list;
}

/* "RESULT" and for each event "; RECIPIENT ACTION STATUS@FROM REPLY [FLAG,FLAG]", "-" for what is empty. A decided event
 * shows its reason for action, status and reply. */
static char *
show_message (Arena *arena, const char *message)
{
    MessageResult result;
    g_autoptr (EventList) list = read_message (arena, message, strlen (message), &result);
    g_autoptr (GString) out = g_string_new (result_words[result]);
    for (guint i = 0; i < event_list_length (list); i++) {
        const BounceEvent *event = event_list_get (list, i);
        g_string_append_printf (out, "; %s", *event->recipient ? event->recipient : "-");
        if (event->decided)
            g_string_append_printf (out, " %s", reason_word (event->reason));
        else
            g_string_append_printf (out, " %s %s@%s %s", *event->action ? event->action : "-",
                                    *event->status ? event->status : "-",
                                    *event->status ? status_from_word (event->status_from) : "-",
                                    *event->reply ? event->reply : "-");
        const char *mark = " [";
        for (guint bit = 0; bit < N_FLAGS; bit++)
            if (event->flags & (1u << bit)) {
                g_string_append_printf (out, "%s%s", mark, flag_word (bit));
                mark = ",";
            }
        if (event->flags)
            g_string_append_c (out, ']');
    }
    return arena_strdup (arena, out->str);
}

typedef struct {
    const char *message, *shown;
} ShownCase;

/* The whole table; every case that is wrong is told. Needs unit.h in front. */
static void
assert_shown (const ShownCase *cases, guint n)
{
    guint wrong = 0;
    for (guint i = 0; i < n; i++) {
        g_autoptr (Arena) arena = arena_new ();
        char *shown = show_message (arena, cases[i].message);
        if (strcmp (shown, cases[i].shown)) {
            print_error ("case %u\n  is  %s\n  not %s\n", i, shown, cases[i].shown);
            wrong++;
        }
    }
    assert_int_equal (wrong, 0);
}

#endif
