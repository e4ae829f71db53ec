/* SPDX-License-Identifier: MIT */
/* The column `brief`: words with a tab between, and four digits at the end, each 0 or 1: the report is contradicted;
 * the recipient is the address and its domain the event's; there is a diagnostic; there is an original Message-ID. A
 * ledger has few of them, so each is taken apart once. */
#include "store/store_sqlite.h"

#include <string.h>

#define MOST_KINDS 20000 /* hostile mail may have any number: what goes beyond is read from its row */
#define LONGEST 512

enum { TYPE, REASON, STATUS, REPLY, COMMAND, ACTION, PROVIDER, FORMAT, RULE, BITS, N_FIELDS };

/* As the ledger has it, not ended by a NUL that would have to be looked for. */
typedef struct {
    const char *text;
    gsize length;
} Words;

typedef struct {
    Words words;
    BounceEvent event;
    gboolean usable;
} Kind;

struct StoreBriefs {
    GHashTable *kinds; /* Words → Kind */
    Arena *arena;
    const Kind *last;  /* of one address, events often come in a row */
};

/* Eight bytes at a time: it is asked for once an event. */
static guint
words_hash (gconstpointer data)
{
    const Words *words = data;
    guint64 hash = words->length, part;
    gsize at = 0;
    for (; at + sizeof part <= words->length; at += sizeof part) {
        memcpy (&part, words->text + at, sizeof part);
        hash = (hash ^ part) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    part = 0;
    memcpy (&part, words->text + at, words->length - at);
    hash = (hash ^ part) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
    return (guint) (hash >> 32);
}

static gboolean
words_equal (gconstpointer a, gconstpointer b)
{
    const Words *x = a, *y = b;
    return x->length == y->length && memcmp (x->text, y->text, x->length) == 0;
}

static StoreBriefs *
briefs_new (void)
{
    StoreBriefs *briefs = g_new0 (StoreBriefs, 1);
    briefs->kinds = g_hash_table_new (words_hash, words_equal);
    briefs->arena = arena_new ();
    return briefs;
}

void
store_briefs_free (StoreBriefs *briefs)
{
    if (briefs == NULL)
        return;
    g_hash_table_unref (briefs->kinds);
    arena_free (briefs->arena);
    g_free (briefs);
}

/* FALSE: nothing that can be told from it alone. */
static gboolean
take_apart (char *text, BounceEvent *event)
{
    char *fields[N_FIELDS];
    guint n = 0;
    event_init (event);
    for (char *at = text; at != NULL && n < N_FIELDS; n++) {
        fields[n] = at;
        /* cppcheck-suppress nullPointer; the loop ends there */
        at = strchr (at, '\t');
        if (at == NULL)
            continue; /* that was the last one */
        *at++ = '\0';
        if (n == BITS)
            return FALSE;
    }
    if (n != N_FIELDS || strlen (fields[BITS]) != 4 || fields[BITS][1] != '1' ||
        !event_type_parse (fields[TYPE], &event->type) || !reason_parse (fields[REASON], &event->reason))
        return FALSE;
    event->status = fields[STATUS];
    event->reply = fields[REPLY];
    event->command = fields[COMMAND];
    event->action = fields[ACTION];
    event->provider = fields[PROVIDER];
    event->format = fields[FORMAT];
    event->rule = fields[RULE];
    event->flags = fields[BITS][0] == '1' ? FLAG_CONTRADICTED : 0;
    event->left_out = (fields[BITS][2] == '1' ? EVENT_HAS_DIAGNOSTIC : 0) |
                      (fields[BITS][3] == '1' ? EVENT_HAS_MESSAGE_ID : 0);
    return TRUE;
}

static const Kind *
find (StoreBriefs *briefs, const Words *words)
{
    Kind *kind = g_hash_table_lookup (briefs->kinds, words);
    if (kind != NULL || g_hash_table_size (briefs->kinds) >= MOST_KINDS)
        return kind;
    kind = arena_new0 (briefs->arena, Kind);
    kind->words = (Words){arena_strndup (briefs->arena, words->text, words->length), words->length};
    kind->usable = memchr (words->text, '\0', words->length) == NULL
                   && take_apart (arena_strndup (briefs->arena, words->text, words->length), &kind->event);
    g_hash_table_insert (briefs->kinds, &kind->words, kind);
    kind->event.kind = g_hash_table_size (briefs->kinds);
    return kind;
}

const BounceEvent *
store_briefs_find (StoreBriefs **where, const char *brief, gsize length)
{
    if (brief == NULL || length > LONGEST)
        return NULL;
    if (*where == NULL)
        *where = briefs_new ();
    StoreBriefs *briefs = *where;
    Words words = {brief, length};
    if (briefs->last == NULL || !words_equal (&briefs->last->words, &words))
        briefs->last = find (briefs, &words);
    return briefs->last != NULL && briefs->last->usable ? &briefs->last->event : NULL;
}
