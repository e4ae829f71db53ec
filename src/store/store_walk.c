/* SPDX-License-Identifier: MIT */
/* What one ledger knows, put into another one of any kind that is empty. */
#include "store/store_backend.h"

#define BATCH 1000 /* messages of one transaction */

typedef struct {
    Store *to;
    guint in_batch;
} Copying;

static gboolean
copy_message (const StoreMessage *message, const EventList *events, gpointer user, GError **error)
{
    Copying *copying = user;
    gboolean is_new;
    if (!store_put (copying->to, message, events, &is_new, error))
        return FALSE;
    if (++copying->in_batch % BATCH != 0)
        return TRUE;
    return store_commit (copying->to, error) && store_begin (copying->to, error);
}

static gboolean
copy_mark (const StoreMark *mark, gpointer user, GError **error)
{
    return store_mark_put (((Copying *) user)->to, mark, error);
}

static gboolean
copy_forgotten (const Digest *address, gint64 date, gpointer user, GError **error)
{
    Store *to = ((Copying *) user)->to;
    return to->backend->forgotten_put (to, address, date, error);
}

typedef struct {
    Store *to;
    GError *failure;
} CopyingDomains;

static void
copy_domain (const char *domain, const char *provider, const char *gateway, gpointer user)
{
    CopyingDomains *copying = user;
    if (copying->failure == NULL)
        store_domain_put (copying->to, domain, provider, gateway, &copying->failure);
}

gboolean
store_copy_all (Store *from, Store *to, GError **error)
{
    static const StoreWalk walk = {copy_message, copy_forgotten};
    Copying copying = {to, 0};
    CopyingDomains domains = {to, NULL};
    gboolean fine = store_begin (to, error) && from->backend->walk (from, &walk, &copying, error)
                    && store_marks (from, NULL, copy_mark, &copying, error)
                    && store_domains (from, copy_domain, &domains, error);
    if (domains.failure != NULL) {
        g_propagate_error (error, domains.failure);
        fine = FALSE;
    }
    if (fine && store_commit (to, error))
        return TRUE;
    store_rollback (to);
    return FALSE;
}
