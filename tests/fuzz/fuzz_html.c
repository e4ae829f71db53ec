/* SPDX-License-Identifier: MIT */
/* HTML: valid UTF-8 in, valid UTF-8 out, hardly longer than it was; text without marks stays. */
#include "fuzz.h"

#include "mail/html_entity.h"
#include "mail/html_text.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    Arena *arena = fuzz_arena ();
    const char *valid = text_valid_utf8 (arena, size > 0 ? (const char *) data : "", (gssize) size);
    gsize length = strlen (valid);
    Span out = html_text (arena, span (valid, length));
    gunichar character = 0;

    g_assert (strlen (out.at) == out.length);
    fuzz_check_text (out.at, length + 1, TRUE);
    g_assert (strchr (out.at, '\r') == NULL);
    g_assert (html_entity_read (span (valid, length), &character) <= length && g_unichar_validate (character));
    return 0;
}
