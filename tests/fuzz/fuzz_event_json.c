/* SPDX-License-Identifier: MIT */
/* Events as lines of JSON, as `merge`, `state import` and `-` take them from strangers: what is read keeps the promises of
 * an event, and written and read again it is the same. */
#include "fuzz.h"

#include "event/event_json.h"

static const char *
written (GString *out, const BounceEvent *event)
{
    Writer *writer = writer_new_string (g_string_truncate (out, 0));

    event_json_write (writer, event);
    g_assert (writer_close (writer, NULL));
    return out->str;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static GString *first, *second;
    Arena *arena = fuzz_arena ();
    g_autoptr (GError) error = NULL;
    BounceEvent event, again;

    if (first == NULL) {
        first = g_string_new (NULL);
        second = g_string_new (NULL);
    }
    if (!event_json_read (size > 0 ? (const char *) data : "", size, arena, &event, &error)) {
        g_assert (error != NULL && g_utf8_validate (error->message, -1, NULL));
        return 0;
    }
    g_assert (error == NULL);
#define X(name) g_assert (g_utf8_validate (event.name, -1, NULL));
    EVENT_STRINGS (X)
#undef X
    written (first, &event);
    g_assert (first->len > 0 && strchr (first->str, '\n') == first->str + first->len - 1);
    g_assert (event_json_read (first->str, first->len, arena, &again, NULL));
    g_assert (strcmp (written (second, &again), first->str) == 0);
    return 0;
}
