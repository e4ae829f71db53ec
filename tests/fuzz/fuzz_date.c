/* SPDX-License-Identifier: MIT */
/* Dates: what is read lies between the years 1 and 9999, and its RFC 3339 form reads as the same; the same for the first
 * line of a message in an mbox and for names of files in a Maildir. */
#include "fuzz.h"

#include "base/date.h"
#include "source/maildir_name.h"
#include "source/mbox_from.h"

#define FIRST G_GINT64_CONSTANT (-62135596800) /* 0001-01-01T00:00:00Z */
#define LAST G_GINT64_CONSTANT (253402300799)  /* 9999-12-31T23:59:59Z */

static void
check_date (gint64 date)
{
    char text[DATE_TEXT_SIZE];

    if (date == DATE_NONE) {
        g_assert (*date_format (date, text) == '\0');
        return;
    }
    g_assert (date >= FIRST && date <= LAST);
    g_assert (date_parse_rfc3339 (date_format (date, text)) == date);
    g_assert (date_parse (text) == date);
    g_assert (date_parse_rfc3339 (date_format_day (date, text)) == date_day (date) * 86400);
    g_assert (date_day (date) * 86400 <= date && date < (date_day (date) + 1) * 86400);
}

static void
check_name (const char *name)
{
    gsize base = maildir_name_base (name);
    const char *part = maildir_name_part (name);

    g_assert (base <= strlen (name) && (name[base] == '\0' || name[base] == ':'));
    check_date (maildir_name_received (name));
    g_assert (*part == '\0' || strstr (name, part) != NULL);
    maildir_name_is_index (name);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    const char *bytes = size > 0 ? (const char *) data : "";
    const char *text = arena_strndup (fuzz_arena (), bytes, size);
    gint64 received, date = date_parse_length (bytes, size), strict = date_parse_rfc3339 (text);
    MboxFrom from = mbox_from_parse (bytes, size, &received);

    check_date (date);
    check_date (strict);
    check_date (received);
    g_assert (strict == DATE_NONE || date_parse (text) == strict);
    g_assert (from == MBOX_FROM_DATED || received == DATE_NONE);
    header_line_look (bytes, size);
    check_name (text);
    return 0;
}
