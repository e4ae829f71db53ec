/* SPDX-License-Identifier: MIT */
/* Which of several copies of a message counts. */
#include "store/store_backend.h"

#include <string.h>

static const char *const result_words[] = {
    [MESSAGE_ORDINARY] = "ordinary",
    [MESSAGE_EVENTS] = "events",
    [MESSAGE_UNPARSED] = "unparsed",
    [MESSAGE_UNREADABLE] = "unreadable",
};

const char *
store_result_word (MessageResult result)
{
    return result_words[result];
}

gboolean
store_result_parse (const char *word, MessageResult *result)
{
    for (guint i = 0; i < G_N_ELEMENTS (result_words); i++)
        if (strcmp (word, result_words[i]) == 0) {
            *result = (MessageResult) i;
            return TRUE;
        }
    return FALSE;
}

/* Where the name of a Maildir file begins that lies in new/ or cur/; 0 when it is none. */
static gsize
maildir_file (const char *source)
{
    const char *slash = strrchr (source, '/');
    gsize at = slash == NULL ? 0 : (gsize) (slash - source);
    if (at < 3 || (at > 3 && slash[-4] != '/'))
        return 0;
    return memcmp (slash - 3, "new", 3) == 0 || memcmp (slash - 3, "cur", 3) == 0 ? at + 1 : 0;
}

/* One file of a Maildir, which moved from new/ to cur/ or changed its flags. */
static gboolean
is_same_file (const char *a, const char *b)
{
    gsize at = maildir_file (a), base = strcspn (a + at, ":");
    return at > 0 && maildir_file (b) == at && strncmp (a, b, at - 4) == 0 && strcspn (b + at, ":") == base
           && strncmp (a + at, b + at, base) == 0;
}

int
store_compare_copies (MessageResult result_a, const char *source_a, guint64 offset_a, MessageResult result_b,
                      const char *source_b, guint64 offset_b)
{
    static const int says[] = {
        [MESSAGE_ORDINARY] = 0, [MESSAGE_UNREADABLE] = 1, [MESSAGE_UNPARSED] = 2, [MESSAGE_EVENTS] = 3};
    int order = says[result_a] - says[result_b];
    if (order == 0 && is_same_file (source_a, source_b))
        return 0;
    if (order == 0)
        order = strcmp (source_b, source_a);
    if (order == 0)
        order = offset_a < offset_b ? 1 : offset_a > offset_b ? -1 : 0;
    return order;
}
