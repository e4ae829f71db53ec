/* SPDX-License-Identifier: MIT */
#include "extract/words.h"

#include "base/fold.h"
#include "base/matcher.h"

#include <string.h>

struct Words {
    Matcher *matcher; /* the id of a word is its kind */
    gboolean compiled;
};

static const struct {
    const char *name;
    WordKind kind;
} kinds[] = {
    {"subject", WORD_SUBJECT}, {"failed", WORD_FAILED}, {"delayed", WORD_DELAYED}, {"ended", WORD_ENDED},
    {"retried", WORD_RETRIED}, {"cause", WORD_CAUSE}, {"label", WORD_LABEL},   {"mention", WORD_MENTION}, {"author", WORD_AUTHOR},
    {"daemon", WORD_DAEMON},   {"program", WORD_PROGRAM}, {"away", WORD_AWAY},
    {"manager", WORD_MANAGER}, {"succeeded", WORD_SUCCEEDED},
};

Words *
words_new (void)
{
    Words *words = g_new0 (Words, 1);

    words->matcher = matcher_new ();
    return words;
}

void
words_free (Words *words)
{
    if (words == NULL)
        return;
    matcher_free (words->matcher);
    g_free (words);
}

gboolean
words_knows (const char *kind)
{
    for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
        if (strcmp (kind, kinds[i].name) == 0)
            return TRUE;
    return FALSE;
}

gboolean
words_add (Words *words, const char *kind, const char *text)
{
    g_autoptr (Arena) arena = arena_new ();

    g_assert (!words->compiled);
    for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
        if (strcmp (kind, kinds[i].name) == 0) {
            gsize length;
            const char *folded = fold_text (arena, span_of (text), &length);

            matcher_add (words->matcher, folded, length, kinds[i].kind);
            return TRUE;
        }
    return FALSE;
}

void
words_compile (Words *words)
{
    matcher_compile (words->matcher);
    words->compiled = TRUE;
}

static void
note_kind (guint id, gsize end, gpointer user)
{
    (void) end;
    *(guint32 *) user |= id;
}

guint32
words_in (const Words *words, Arena *arena, Span text)
{
    guint32 found = 0;
    gsize length;
    const char *folded;

    if (words == NULL || text.length == 0)
        return 0;
    g_assert (words->compiled);
    folded = fold_text (arena, text, &length);
    matcher_scan (words->matcher, folded, length, note_kind, &found);
    return found;
}
