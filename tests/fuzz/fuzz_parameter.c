/* SPDX-License-Identifier: MIT */
/* Parameters of Content-Type: one line of valid UTF-8, never more than was there. */
#include "fuzz.h"

#include "mail/parameter.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static const char *const names[] = {"boundary", "charset", "name"};
    Arena *arena = fuzz_arena ();
    const char *value = arena_strndup (arena, size > 0 ? (const char *) data : "", size);
    guint32 flags = 0;

    value = text_one_line (arena, value, -1, 3 * size); /* as a header field has it */
    fuzz_check_text (parameter_main_value (arena, value), 3 * size, FALSE);
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        fuzz_check_text (parameter_get (arena, value, names[i], &flags), 9 * size + 3, FALSE);
    return 0;
}
