/* SPDX-License-Identifier: MIT */
/* The format stanzas of an administrator, and the engine that runs them over a report. */
#include "fuzz.h"

#include "base/limits.h"
#include "event/address.h"
#include "extract/extract.h"
#include "extract/formats.h"

static const char BODY[] =
    "Hi. This is the mail program at a.example.\n\n<x@b.example>:\n550 5.1.1 User unknown\n    y@b.example\n"
    "      host mx.b.example said: 452 4.2.2 full\n\n--- Below this line is a copy.\n\nTo: z@b.example\n";

static const MailView *
report (void)
{
    static MailHeader fields[] = {{"From", "MAILER-DAEMON@a.example", "MAILER-DAEMON@a.example"},
                                  {"Subject", "failure notice", "failure notice"},
                                  {"X-Failed", "x@b.example", "x@b.example"}};
    static MailHeader returned[] = {{"To", "z@b.example", "z@b.example"}};
    static MailPart part = {.kind = PART_TEXT, .type = "text/plain", .charset = "", .name = "", .description = "",
                            .text = BODY, .text_length = sizeof BODY - 1, .parent = -1};
    static MailView view = {.headers = {fields, G_N_ELEMENTS (fields)}, .parts = &part, .n_parts = 1,
                            .type = "text/plain", .report_type = "", .body = BODY, .returned = {returned, 1},
                            .returned_text = "To: z@b.example\n", .raw = ""};

    return &view;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static Arena *arena;
    static EventList *events;
    g_autoptr (Formats) formats = formats_new ();
    g_autoptr (GError) error = NULL;
    gboolean good = formats_add (formats, "f", size > 0 ? (const char *) data : "", size, 1, &error);

    if (arena == NULL) {
        arena = arena_new ();
        events = event_list_new (arena);
    }
    g_assert (good == (error == NULL) && (good || formats_count (formats) == 0));
    if (!good || formats_count (formats) == 0)
        return 0;
    formats_compile (formats);
    arena_clear (arena);
    event_list_clear (events);
    extract (formats, report (), events);
    g_assert (event_list_length (events) <= LIMIT_EVENTS);
    for (guint i = 0; i < event_list_length (events); i++) {
        const BounceEvent *event = event_list_get (events, i);

        g_assert (*event->recipient == '\0' || address_is_valid (event->recipient));
        fuzz_check_text (event->diagnostic, LIMIT_DIAGNOSTIC, FALSE);
        fuzz_check_text (event->agent, size + 16, FALSE);
    }
    return 0;
}
