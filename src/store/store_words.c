/* SPDX-License-Identifier: MIT */
#include "store/store_words.h"

#include <string.h>

const char *
store_flags_to_words (guint32 flags, Arena *arena)
{
    const char *words = "";
    for (guint bit = 0; bit < N_FLAGS; bit++)
        if (flags & (1u << bit))
            words = *words == '\0' ? flag_word (bit)
                                   : arena_printf (arena, "%s %s", words, flag_word (bit));
    return words;
}

guint32
store_flags_from_words (const char *words)
{
    guint32 flags = 0;
    char word[64];
    while (*words != '\0') {
        gsize length = strcspn (words, " ");
        guint bit;
        if (length < sizeof word) {
            memcpy (word, words, length);
            word[length] = '\0';
            if (flag_parse (word, &bit))
                flags |= 1u << bit;
        }
        words += length;
        words += *words == ' ';
    }
    return flags;
}

gboolean
store_row_same (const BounceEvent *a, const BounceEvent *b)
{
    if (!digest_equal (&a->event_id, &b->event_id) || a->date != b->date || a->type != b->type
        || a->fault != b->fault || a->reason != b->reason || a->status_from != b->status_from || a->trust != b->trust
        || a->flags != b->flags || !a->decided != !b->decided)
        return FALSE;
#define X(name) if (strcmp (a->name, b->name) != 0) return FALSE;
    STORE_ROW_STRINGS (X)
#undef X
    return TRUE;
}
