/* SPDX-License-Identifier: MIT */
/* What is read out of the text of a report: codes, words about a recipient, the SMTP dialogue. What is found stands in
 * it. */
#include "fuzz.h"

#include "base/limits.h"
#include "event/address.h"
#include "extract/recipient_text.h"
#include "extract/smtp_command.h"
#include "extract/status.h"
#include "extract/transcript.h"

static void
check_text (Arena *arena, const char *text, gsize size)
{
    const char *status = status_find (arena, span (text, size));
    const char *reply = reply_find (arena, span (text, size));
    g_assert (!*status || (status_is_valid (status) && text_find_length (text, size, status)));
    g_assert (!*reply || (strlen (reply) == 3 && (*reply == '4' || *reply == '5')));

    char *body = text_valid_utf8 (arena, text, (gssize) size);
    const char *listed[8];
    guint n = recipient_text_list (arena, body, listed, G_N_ELEMENTS (listed));
    g_assert (n <= G_N_ELEMENTS (listed));
    for (guint i = 0; i < n; i++) {
        g_assert (address_is_valid (listed[i]));
        g_assert (strlen (recipient_text_find (arena, body, listed[i], n == 1)) <= LIMIT_DIAGNOSTIC);
    }
    smtp_command_find (body);
    BounceEvent event;
    event_init (&event);
    event.format = "rfc3464";
    event.status_field = event.diagnostic = text_one_line (arena, text, (gssize) size, LIMIT_DIAGNOSTIC);
    status_settle (arena, &event);
    g_assert (!*event.status || status_is_valid (event.status));
    g_assert ((*event.status == '\0') == (event.status_from == STATUS_FROM_NOTHING));
}

static void
check_transcript (Arena *arena, const char *text, gsize size)
{
    g_autoptr (Transcript) transcript = transcript_parse (arena, span (text, size));
    TranscriptStep answer;

    for (guint i = 0; i < transcript_length (transcript); i++) {
        const TranscriptStep *step = transcript_step (transcript, i);
        fuzz_check_text (step->text, 3 * size, FALSE);
        g_assert (!*step->address || address_is_valid (step->address));
        g_assert (step->host && step->command);
    }
    transcript_about (transcript, arena, "x@b.example", &answer);
    smtp_command_of_dialogue (arena_strndup (arena, text, size));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    Arena *arena = fuzz_arena ();
    const char *text = size ? (const char *) data : "";
    check_text (arena, text, size);
    check_transcript (arena, text, size);
    return 0;
}
