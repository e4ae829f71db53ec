/* SPDX-License-Identifier: MIT */
/* Catalogues of translations (.mo files): a damaged one is refused or answers with text, never with bytes behind it. */
#include "fuzz.h"

#include "base/i18n.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    if (i18n_use ((const char *) data, size)) {
        g_assert (strlen (i18n_text ("Blocks")) <= MAX (size, 6));
        g_assert (strlen (i18n_plural ("%u day", "%u days", 1)) <= MAX (size, 7));
        g_assert (strlen (i18n_plural ("%u day", "%u days", 2)) <= MAX (size, 7));
    }
    i18n_use (NULL, 0);
    return 0;
}
