/* SPDX-License-Identifier: MIT */
/* The column `brief`: words with a tab between, and four digits at the end, each 0 or 1: the report is contradicted;
 * the recipient is the address and its domain the event's; there is a diagnostic; there is an original Message-ID. A
 * ledger has few of them, so each is taken apart once. */
#include "store/store_sqlite.h"

#include <string.h>

#define MOST_KINDS 20000 /* hostile mail may have any number: what goes beyond is read from its row */
#define LONGEST 512

enum { TYPE, REASON, STATUS, REPLY, COMMAND, ACTION, PROVIDER, FORMAT, RULE, BITS, N_FIELDS };

typedef struct {
    const char *text;
    BounceEvent event;
    gboolean usable;
} Kind;

struct StoreBriefs {
    GHashTable *kinds; /* text → Kind */
    Arena *arena;
    const Kind *last;  /* of one address, events often come in a row */
    gsize last_length;
};

static StoreBriefs *
briefs_new (void)
{
    StoreBriefs *briefs = g_new0 (StoreBriefs, 1);
    briefs->kinds = g_hash_table_new (g_str_hash, g_str_equal);
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
find (StoreBriefs *briefs, const char *brief)
{
    Kind *kind = g_hash_table_lookup (briefs->kinds, brief);
    if (kind != NULL || g_hash_table_size (briefs->kinds) >= MOST_KINDS)
        return kind;
    kind = arena_new0 (briefs->arena, Kind);
    kind->text = arena_strdup (briefs->arena, brief);
    kind->usable = take_apart (arena_strdup (briefs->arena, brief), &kind->event);
    g_hash_table_insert (briefs->kinds, (gpointer) kind->text, kind);
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
    if (briefs->last == NULL || briefs->last_length != length || memcmp (briefs->last->text, brief, length) != 0) {
        briefs->last = find (briefs, brief);
        briefs->last_length = length;
    }
    return briefs->last != NULL && briefs->last->usable ? &briefs->last->event : NULL;
}
