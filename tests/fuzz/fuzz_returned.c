/* SPDX-License-Identifier: MIT */
/* Where a report ends and what came back begins, and where a second message does: places in the text, in order. */
#include "fuzz.h"

#include "mail/appended.h"
#include "mail/returned.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    const char *bytes = size > 0 ? (const char *) data : "";
    ReturnedCopy copy;
    gsize end, next;

    for (int separated = 0; separated < 2; separated++)
        if (returned_find (span (bytes, size), separated, &copy))
            g_assert (copy.report_end <= copy.copy_start && copy.copy_start <= size);
    returned_starts (span (bytes, size));
    if (appended_find (bytes, size, &end, &next))
        g_assert (end < next && next < size && memchr (bytes + end, '\n', next - end) == bytes + next - 1);
    else
        g_assert (end == size && next == size);
    return 0;
}
