/* SPDX-License-Identifier: MIT */
/* Who runs the mailbox, and who stands in front of it: providers.tsv in memory. Provider and gateway are two answers: a
 * refusal by Mimecast for a Google Workspace domain is both. No DNS query is made; the evidence is what the event says.
 *
 * Columns: kind, key, provider, group, note.
 *   domain  the recipient's domain exactly; ".example.com": any domain below example.com
 *   mx      a receiving host is this name or ends in it; the longest wins
 *   hint    words in a diagnostic that only this provider's servers write
 * Rows of the group `gateway` name the gateway, all others the provider. Rows of a later file replace those with the
 * same kind and key. */
#ifndef NIXIE_CLASSIFY_PROVIDER_TABLE_H
#define NIXIE_CLASSIFY_PROVIDER_TABLE_H

#include "base/arena.h"
#include "event/event.h"
#include <glib.h>

typedef struct ProviderTable ProviderTable;

/* Which evidence named the provider, in the order in which it is asked. */
typedef enum {
    EVIDENCE_NONE, EVIDENCE_DOMAIN, EVIDENCE_REMOTE_MTA, EVIDENCE_SAID_HOST, EVIDENCE_HINT, EVIDENCE_LEARNED,
    EVIDENCE_MX_FILE, EVIDENCE_REPORTING_MTA, N_EVIDENCES
} ProviderEvidence;

/* Strings are borrowed from the table; "other" when the domain is known and nothing else is, "" without a domain. */
typedef struct {
    const char *provider;
    const char *gateway;
    const char *group; /* of the provider; "" when unknown */
    ProviderEvidence evidence;
} ProviderAnswer;

ProviderTable *provider_table_new (void);
void provider_table_free (ProviderTable *table);
gboolean provider_table_read (ProviderTable *table, const char *name, const char *text, gsize length, GError **error);
/* After the last file. */
void provider_table_finish (ProviderTable *table);

/* "domain<TAB>mx" lines (more columns and `#` lines are passed over; several lines a domain: the first that names a
 * provider and the first that names a gateway hold). Domains whose hosts no row knows are left out. */
void provider_table_add_mx_list (ProviderTable *table, const char *text, gsize length);
/* A domain was seen at a provider or behind a gateway before ("" = not that one). */
void provider_table_learn (ProviderTable *table, const char *domain, const char *provider, const char *gateway);

/* By event->domain, remote_mta, diagnostic and reporting_mta. */
ProviderAnswer provider_table_find (const ProviderTable *table, const BounceEvent *event, Arena *scratch);
/* The provider of a receiving host's name (an MX of a domain), "" when unknown; *group may be NULL. */
const char *provider_table_host (const ProviderTable *table, const char *host, const char **group);
const char *provider_evidence_word (ProviderEvidence evidence);
guint provider_table_length (const ProviderTable *table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ProviderTable, provider_table_free)

#endif
