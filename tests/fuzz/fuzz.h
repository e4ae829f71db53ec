/* SPDX-License-Identifier: MIT */
/* A fuzz target is one file tests/fuzz/fuzz_NAME.c with this one function. `make check` links it with replay.c and runs
 * it over tests/fuzz/seeds/fuzz_NAME/; scripts/fuzz links it with libFuzzer or AFL++. A target aborts (g_assert) when
 * what must hold does not. Targets of small parsers are run millions of times: they keep what costs time to make. */
#ifndef NIXIE_TESTS_FUZZ_H
#define NIXIE_TESTS_FUZZ_H

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include <glib.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* The arena of a target, empty. (In a build with AddressSanitizer, arena.c guards every piece of it.) */
static inline Arena *
fuzz_arena (void)
{
    static Arena *arena;

    if (arena == NULL)
        arena = arena_new ();
    arena_clear (arena);
    return arena;
}

/* Valid UTF-8 up to its NUL, without control characters where they are not `allowed`, at most so long. */
static inline void
fuzz_check_text (const char *text, gsize maximum, gboolean allowed)
{
    gsize length = strlen (text);

    g_assert (length <= maximum);
    for (gsize at = 0; at < length;) {
        guint n = utf8_length (text + at, length - at);

        g_assert (n > 0);
        g_assert (allowed || !utf8_is_control (utf8_decode (text + at, n)));
        at += n;
    }
}

#endif
