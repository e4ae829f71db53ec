/* SPDX-License-Identifier: MIT */
/* The data that decides: status.tsv, reply.tsv, providers.tsv, rules/ *.tsv, loaded once. Built in (GResource) <
 * /usr/share/nixie < /etc/nixie/rules.d < files given; later wins: a later file's rules are tried before the earlier
 * ones', a row with a key that is there already replaces it. */
#ifndef NIXIE_CLASSIFY_TABLES_H
#define NIXIE_CLASSIFY_TABLES_H

#include "event/event.h"
#include <glib.h>

typedef struct Tables Tables;

#define TABLES_ERROR (tables_error_quark ())
GQuark tables_error_quark (void);
typedef enum { TABLES_ERROR_FORMAT } TablesError;

/* `extra`: NULL-terminated files or folders, or NULL; `system_folders` FALSE leaves /usr/share and /etc out (tests). */
Tables *tables_load (const char *const *extra, gboolean system_folders, GError **error);
void tables_free (Tables *tables);

/* Before the first classify(): which provider serves which domain, known from elsewhere. Asked after what the event
 * itself says. The text of a file of "domain<TAB>mx host" lines (no DNS query is ever made); and what the ledger
 * learned. */
void tables_add_mx_list (Tables *tables, const char *text, gsize length);
void tables_learn_domain (Tables *tables, const char *domain, const char *provider, const char *gateway);
/* Which evidence names the provider of an event: "domain", "remote-mta", "said-host", "hint", "learned", "mx-file",
 * "reporting-mta", "none". Only "remote-mta" and "said-host" are worth learning. */
const char *tables_provider_evidence (const Tables *tables, const BounceEvent *event, Arena *scratch);

/* What a status or a reply means by its table; NULL when there is no row. Borrowed. */
typedef struct {
    const char *code;      /* "X.1.1", "4.2.1", "550" */
    Reason reason;
    EventType type;
    Fault fault;
    const char *meaning;   /* plain English, one sentence: a gettext msgid */
    const char *advice;    /* what to do: a gettext msgid, "" when none */
    const char *reference; /* "RFC 3463" */
} CodeRow;
const CodeRow *tables_status (const Tables *tables, const char *status);
const CodeRow *tables_reply (const Tables *tables, const char *reply);

/* A rule as read; for `nixie rules list` and `nixie code`. */
typedef struct {
    const char *id, *scope, *status, *reply, *match, *text, *witness, *file;
    guint line;
    Reason reason;
    EventType type;
} Rule;
guint tables_n_rules (const Tables *tables);
const Rule *tables_rule (const Tables *tables, guint index);
/* A short digest of all data in use, for reports ("rules 3f2a…"). Borrowed. */
const char *tables_version (const Tables *tables);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Tables, tables_free)

#endif
