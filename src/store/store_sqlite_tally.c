/* SPDX-License-Identifier: MIT */
/* Counting in one walk along the reading order: events of one address come together, so different recipients are those
 * that change, and the first diagnostic that is met is the sample. A ledger has few kinds of events
 * (store_sqlite_brief.c), so nearly every event finds its count by a number. */
#include "store/store_sqlite.h"

#include "base/date.h"
#include <string.h>

typedef struct {
    const char *name;
    guint64 recipients;
    guint64 last;       /* number of the address that was counted last */
} Provider;

typedef struct {
    StoreTally tally;   /* the key: provider, code, reason, type */
    Provider *provider;
    guint64 row;        /* of the sample; 0: none, or it is there */
} Count;

typedef struct {
    Arena *arena;
    GHashTable *learned;   /* domain → provider */
    GHashTable *providers; /* name → Provider */
    GHashTable *counts;    /* Count → itself */
    GPtrArray *in_order;   /* of Count */
    GPtrArray *by_kind;    /* BounceEvent.kind → Count, or NULL */
    GString *address;      /* as the event gave it */
    guint64 addresses;
} Counting;

static guint
count_hash (gconstpointer data)
{
    const StoreTally *tally = &((const Count *) data)->tally;
    return g_str_hash (tally->provider) * 31 + g_str_hash (tally->code) + ((guint) tally->reason << 8)
           + (guint) tally->type;
}

static gboolean
count_equal (gconstpointer a, gconstpointer b)
{
    const StoreTally *x = &((const Count *) a)->tally, *y = &((const Count *) b)->tally;
    return x->reason == y->reason && x->type == y->type && strcmp (x->code, y->code) == 0
           && strcmp (x->provider, y->provider) == 0;
}

static Provider *
provider_of (Counting *counting, const char *name)
{
    Provider *provider = g_hash_table_lookup (counting->providers, name);
    if (provider == NULL) {
        provider = arena_new0 (counting->arena, Provider);
        provider->name = arena_strdup (counting->arena, name);
        g_hash_table_insert (counting->providers, (gpointer) provider->name, provider);
    }
    return provider;
}

static Count *
find_count (Counting *counting, const BounceEvent *event, const char *provider)
{
    Count wanted = {.tally = {.provider = provider, .code = *event->status != '\0' ? event->status : event->reply,
                              .reason = event->reason, .type = event->type, .first = DATE_NONE, .last = DATE_NONE,
                              .sample = ""}};
    Count *count = g_hash_table_lookup (counting->counts, &wanted);
    if (count != NULL)
        return count;
    count = arena_new0 (counting->arena, Count);
    *count = wanted;
    count->provider = provider_of (counting, provider);
    count->tally.provider = count->provider->name;
    count->tally.code = arena_strdup (counting->arena, wanted.tally.code);
    g_hash_table_add (counting->counts, count);
    g_ptr_array_add (counting->in_order, count);
    return count;
}

/* Which provider serves a domain may have been learned from other bounces: src/app/learn.c does the same row by row. */
static const char *
learned_provider (const Counting *counting, const BounceEvent *event)
{
    gboolean told = *event->provider != '\0' && strcmp (event->provider, "other") != 0;
    if (told || *event->recipient == '\0' || g_hash_table_size (counting->learned) == 0)
        return NULL;
    return g_hash_table_lookup (counting->learned, event->domain);
}

static Count *
count_of (Counting *counting, const BounceEvent *event)
{
    const char *learned = learned_provider (counting, event);
    if (learned != NULL || event->kind == 0)
        return find_count (counting, event, learned != NULL ? learned : event->provider);
    if (event->kind >= counting->by_kind->len)
        g_ptr_array_set_size (counting->by_kind, (gint) event->kind + 1);
    Count *count = counting->by_kind->pdata[event->kind];
    if (count == NULL)
        counting->by_kind->pdata[event->kind] = count = find_count (counting, event, event->provider);
    return count;
}

static void
see (gint64 date, StoreTally *tally)
{
    if (date == DATE_NONE)
        return;
    tally->first = tally->first == DATE_NONE ? date : MIN (tally->first, date);
    tally->last = tally->last == DATE_NONE ? date : MAX (tally->last, date);
}

/* `address`: as it is compared, whatever the spelling of the recipient is. */
static void
take (Counting *counting, const BounceEvent *event, const char *address)
{
    Count *count = count_of (counting, event);
    count->tally.events++;
    see (event->date, &count->tally);
    if (counting->addresses == 0 || strcmp (address, counting->address->str) != 0) {
        g_string_assign (counting->address, address);
        counting->addresses++;
    }
    if (*event->recipient != '\0' && count->provider->last != counting->addresses) {
        count->provider->last = counting->addresses;
        count->provider->recipients++;
    }
    if (count->row != 0 || *count->tally.sample != '\0')
        return;
    if (event->left_out & EVENT_HAS_DIAGNOSTIC)
        count->row = event->row;
    else if (*event->diagnostic != '\0')
        count->tally.sample = arena_strdup (counting->arena, event->diagnostic);
}

static gboolean
walk (Counting *counting, StoreSqlite *store, const StoreFilter *filter, GError **error)
{
    StoreFilter brief = {.since = filter->since, .until = filter->until, .without_place = TRUE, .brief = TRUE};
    g_autoptr (StoreEvents) events = store_sqlite_events_open (&store->base, &brief, error);
    g_autoptr (GError) failure = NULL;
    BounceEvent event;
    if (events == NULL)
        return FALSE;
    while (store_sqlite_events_next (events, &event, &failure))
        if (*event.recipient != '\0' || strcmp (event.format, "unparsed") != 0)
            take (counting, &event, store_sqlite_events_address (events));
    if (failure == NULL)
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
}

static gboolean
tell (Counting *counting, StoreSqlite *store, StoreTallyEach each, StoreRecipientsEach recipients, gpointer user,
      GError **error)
{
    for (guint i = 0; i < counting->in_order->len; i++) {
        Count *count = counting->in_order->pdata[i];
        BounceEvent whole;
        if (count->row != 0 && !store_sqlite_event_get (&store->base, count->row, &whole, error))
            return FALSE;
        if (count->row != 0)
            count->tally.sample = whole.diagnostic;
        each (&count->tally, user);
    }
    GHashTableIter iter;
    gpointer provider;
    g_hash_table_iter_init (&iter, counting->providers);
    while (g_hash_table_iter_next (&iter, NULL, &provider))
        recipients (((Provider *) provider)->name, ((Provider *) provider)->recipients, user);
    return TRUE;
}

static void
note_domain (const char *domain, const char *provider, const char *gateway, gpointer user)
{
    (void) gateway;
    if (*provider != '\0')
        g_hash_table_insert (user, g_strdup (domain), g_strdup (provider));
}

gboolean
store_sqlite_tally (Store *base, const StoreFilter *filter, StoreTallyEach each, StoreRecipientsEach recipients,
                    gpointer user, gboolean *done, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GHashTable) learned = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr (GHashTable) providers = g_hash_table_new (g_str_hash, g_str_equal);
    g_autoptr (GHashTable) counts = g_hash_table_new (count_hash, count_equal);
    g_autoptr (GPtrArray) in_order = g_ptr_array_new (), by_kind = g_ptr_array_new ();
    g_autoptr (GString) address = g_string_new (NULL);
    Counting counting = {arena, learned, providers, counts, in_order, by_kind, address, 0};
    *done = TRUE;
    return store_domains (base, note_domain, learned, error) && walk (&counting, store, filter, error)
           && tell (&counting, store, each, recipients, user, error);
}
