/* SPDX-License-Identifier: MIT */
#include "app/learn.h"

#include <string.h>

#include "base/text.h"
#include "classify/classify.h"

#define JUDGED_BY "judged_by" /* the remark that names the tables and the identity behind the stored verdicts */

struct Learned {
    Tables *tables;
    GHashTable *domains; /* of those that were learned */
    Arena *arena;        /* of one event */
};

void
learned_free (Learned *learned)
{
    if (!learned)
        return;
    g_hash_table_destroy (learned->domains);
    arena_free (learned->arena);
    g_free (learned);
}

static void
learn_domain (const char *domain, const char *provider, const char *gateway, gpointer user)
{
    Learned *learned = user;
    if (learned->tables)
        tables_learn_domain (learned->tables, domain, provider, gateway);
    g_hash_table_add (learned->domains, g_strdup (domain));
}

/* The tables take their time to be read: only for a state that has something to teach them. */
Learned *
learn_domains (App *app, Store *state, GError **error)
{
    g_autoptr (Learned) learned = g_new0 (Learned, 1);
    learned->domains = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    learned->arena = arena_new ();
    if (!store_domains (state, learn_domain, learned, error) || g_hash_table_size (learned->domains) == 0
        || !app_knowledge (app, error))
        return NULL;
    learned->tables = app->knowledge->tables;
    return store_domains (state, learn_domain, learned, error) ? g_steal_pointer (&learned) : NULL;
}

gboolean
learned_concerns (const Learned *learned, const BounceEvent *event)
{
    if (!learned || (*event->provider && !text_equal (event->provider, "other")))
        return FALSE;
    return *event->recipient && g_hash_table_contains (learned->domains, event->domain);
}

void
learned_apply (Learned *learned, BounceEvent *event)
{
    if (!learned_concerns (learned, event))
        return;
    /* The verdict stays: it was made with the rules of the scan, which may have had others. */
    BounceEvent judged = *event;
    arena_clear (learned->arena);
    classify (learned->tables, &judged, learned->arena);
    event->provider = judged.provider;
    event->gateway = judged.gateway;
}

gboolean
learn_event (App *app, Store *state, const BounceEvent *event, GError **error)
{
    if (!*event->domain || (!*event->gateway && (!*event->provider || text_equal (event->provider, "other"))))
        return TRUE;
    g_autoptr (Arena) scratch = arena_new ();
    const char *evidence = tables_provider_evidence (app->knowledge->tables, event, scratch);
    if (strcmp (evidence, "remote-mta") != 0 && strcmp (evidence, "said-host") != 0)
        return TRUE;
    return store_domain_put (state, event->domain, event->provider, event->gateway, error);
}

typedef struct {
    const Tables *tables;
    const Identity *identity;
} Judges;

static void
judge (BounceEvent *event, Arena *arena, gpointer user)
{
    const Judges *judges = user;
    if (*event->recipient) /* the evidence of what was not understood stays as it is */
        classify (judges->tables, event, arena);
    event->trust = identity_judge (judges->identity, event);
}

gboolean
learn_rules (App *app, Store *state, GError **error)
{
    Judges judges = { .tables = app_tables (app, error) };
    if (!judges.tables || !app_identity (app, &judges.identity, error))
        return FALSE;
    char identity[DIGEST_TEXT_SIZE] = "";
    if (judges.identity) {
        Digest digest = identity_digest (judges.identity);
        digest_format (&digest, identity);
    }
    g_autofree char *today = g_strdup_printf ("%s %s", tables_version (judges.tables), identity);
    g_autofree char *before = store_meta_get (state, JUDGED_BY);
    if (g_strcmp0 (today, before) == 0)
        return TRUE;
    return (!before || store_reclassify (state, judge, &judges, NULL, error)) &&
           store_meta_put (state, JUDGED_BY, today, error);
}

#define MIXTURE "mixture" /* of verdicts: no tables have that name */

gboolean
learn_mixture (Store *state, Store *other, GError **error)
{
    StoreInfo info;
    g_autofree char *mine = store_meta_get (state, JUDGED_BY);
    g_autofree char *theirs = store_meta_get (other, JUDGED_BY);
    if (!store_info (state, &info, error))
        return FALSE;
    if (g_strcmp0 (mine, theirs) == 0 && mine)
        return TRUE;
    /* What has no events has no verdicts. */
    const char *remark = info.messages == 0 && theirs ? theirs : MIXTURE;
    return store_meta_put (state, JUDGED_BY, remark, error);
}
