/* SPDX-License-Identifier: MIT */
/* The ledger: which messages were seen, which events they hold, and how far each source was read. A file of SQLite's,
 * or a PostgreSQL server that many hosts share. One transaction holds seen + events + cursor, so that a run killed at any
 * moment leaves a ledger that the next run completes. A message is known by its key: putting it again adds nothing. */
#ifndef NIXIE_STORE_STORE_H
#define NIXIE_STORE_STORE_H

#include "event/event.h"
#include "event/message_result.h"
#include <glib.h>

#define STORE_ERROR (store_error_quark ())
GQuark store_error_quark (void);
typedef enum {
    STORE_ERROR_OPEN,       /* missing, no permission, not a ledger */
    STORE_ERROR_DAMAGED,
    STORE_ERROR_NEWER,      /* written by a newer nixie: exit 78 */
    STORE_ERROR_IO,         /* disk full, I/O: exit 74 */
    STORE_ERROR_BUSY,       /* another process writes to it and does not end: exit 75 */
    STORE_ERROR_CREATE,     /* cannot be made: exit 73 */
    STORE_ERROR_PERMISSION, /* exit 77 */
    STORE_ERROR_OLDER,      /* written by an older nixie, and it cannot be written to: exit 78 */
    STORE_ERROR_UNAVAILABLE, /* the server cannot be reached or went away: exit 69 */
    STORE_ERROR_MISSING,    /* the server has no ledger yet: exit 66 */
    STORE_ERROR_UNKNOWN,    /* the name cannot be used: exit 64 */
} StoreError;

typedef enum { STORE_READ, STORE_WRITE /* created when missing, mode 0600 */ } StoreMode;

typedef struct Store Store;

/* path NULL: a private ledger for this run, in memory and, beyond its cache, in an unlinked temporary file. */
Store *store_open (const char *path, StoreMode mode, GError **error);
/* `path` is no file but names a PostgreSQL server: "postgresql://…", as libpq reads it. A password in it is refused. */
gboolean store_is_server (const char *path);
gboolean store_has_servers (void); /* this program was built with PostgreSQL */
/* On a server, cursors and what was published last belong to a host: by default to the name of this one. */
void store_set_host (Store *store, const char *host);
void store_free (Store *store);

gboolean store_begin (Store *store, GError **error);
gboolean store_commit (Store *store, GError **error);
void store_rollback (Store *store);

/* What is kept of a message besides its events. */
typedef struct {
    Digest key;
    const char *source;
    guint64 offset;
    gint64 seen;           /* when it was scanned */
    MessageResult result;
    guint day;             /* message_day(); 0 = not known: then a file forgets the days of all others, and is slower */
} StoreMessage;

/* Messages that could not be read are tried again when `with` (version and limits) is another one than they were tried
 * with: store_knows_at() does not know those then. If there are any, and once for each `with`, what is remembered of
 * mailboxes goes, so that they are met wherever they lie now. Before any put of the run; is a transaction of its own. */
gboolean store_try_again (Store *store, const char *with, GError **error);

/* Inside a transaction. *is_new FALSE: the key was known, and no event was added. Of several copies of a message one
 * counts, whatever came first: the one that says most (events, then unparsed, unreadable, ordinary), of equals the one
 * at the least source (bytes) and offset. It gives source, offset, result and the words of the events; `seen` is the
 * earliest. Copies differ in what delivery added: a Return-Path, a Received date. A file that moved within a
 * Maildir (new/ to cur/, flags) is no other copy: it stays where it was met. Where others write at the same time, *is_new is a guess until the commit: see store_on_late(). What is put may not be seen by other calls before
 * the commit. */
gboolean store_put (Store *store, const StoreMessage *message, const EventList *events, gboolean *is_new,
                    GError **error);
/* `day`: message_day(), never 0. */
gboolean store_knows (Store *store, const Digest *key, guint day, gboolean *known, GError **error);
/* Whether reading the copy at that place can add nothing: it was met just there, or another copy counts more. */
gboolean store_knows_at (Store *store, const Digest *key, guint day, const char *source, guint64 offset,
                         gboolean *known, GError **error);

/* For each message that was told to be new and was there already when it was committed: another host was faster.
 * Called inside store_commit(). */
typedef void (*StoreLate) (const Digest *key, MessageResult result, guint events, gpointer user);
void store_on_late (Store *store, StoreLate late, gpointer user);

/* How far a source was read. */
typedef struct {
    guint64 device, inode, size;
    gint64 mtime_ns;
    guint64 offset;        /* everything before it is in the ledger */
    Digest before;         /* of the bytes just before `offset` */
} StoreCursor;
gboolean store_cursor_get (Store *store, const char *source, StoreCursor *cursor, gboolean *found, GError **error);
gboolean store_cursor_put (Store *store, const char *source, const StoreCursor *cursor, GError **error);

/* Which files of a Maildir were read: bytes that only src/source understands. *seen NULL: nothing is known. */
gboolean store_maildir_get (Store *store, const char *source, GBytes **seen, GError **error);
gboolean store_maildir_put (Store *store, const char *source, GBytes *seen, GError **error);

/* Which events; zero/NULL = all. */
typedef struct {
    gint64 since, until;     /* DATE_NONE = open; since <= date < until */
    const char *recipient;   /* normalised address */
    const char *provider;
    gint64 seen_until;       /* only what was scanned by then; DATE_NONE = everything */
    gboolean by_source;      /* order: source, offset, recipient; default: recipient, date, event_id (bytes) */
    gboolean unparsed_only;  /* the evidence of messages that were not understood */
    gboolean with_unparsed;  /* those as well */
    gboolean without_place;  /* source and offset may be left out: "" and 0 */
    gboolean brief;          /* texts that a sum does not need may be left out: BounceEvent.row */
    gboolean by_given;       /* of store_follow_open() alone: in the order in which the ledger got them */
    gint64 after, up_to;
} StoreFilter;

typedef struct StoreEvents StoreEvents;
StoreEvents *store_events_open (Store *store, const StoreFilter *filter, GError **error);
/* TRUE and an event whose strings live until the next call; FALSE at the end, or with *error. */
gboolean store_events_next (StoreEvents *events, BounceEvent *event, GError **error);
void store_events_free (StoreEvents *events);
/* The whole event that came as `row` (not 0); strings live until the next call. */
gboolean store_event_get (Store *store, guint64 row, BounceEvent *event, GError **error);
/* Of that event the diagnostic and the original subject alone: much faster, and fastest in the order of the rows. */
gboolean store_event_texts (Store *store, guint64 row, BounceEvent *event, GError **error);

/* What the ledger got since the last time, in the order in which it got it, whatever its date: events that are new, and
 * those whose verdict or words changed since. A position is one line of text, "" the start; only the ledger that gave
 * it understands it. *to (yours): where to go on when all that this call gives was taken. *restarted: `from` is of
 * another ledger, or of a state of this one that was lost (a backup was put back): everything is given again. An
 * event whose transaction was open when this was called is given the next time, never left out. */
StoreEvents *store_follow_open (Store *store, const StoreFilter *filter, const char *from, char **to,
                                gboolean *restarted, GError **error);

/* How many events a provider has with one code, reason and type, where the ledger can count by itself; *done FALSE: it
 * cannot. Of a filter only the dates count. Of one provider, code, reason and type there may be several, the one with the
 * first sample (in the order of recipient, date, event_id) first. Providers are those of now (store_domain_put()). */
typedef struct {
    const char *provider, *code; /* status, else reply */
    Reason reason;
    EventType type;
    guint64 events;
    gint64 first, last;          /* DATE_NONE: no event has a date */
    const char *sample;          /* a diagnostic; "" when none has one */
} StoreTally;
typedef void (*StoreTallyEach) (const StoreTally *tally, gpointer user);
typedef void (*StoreRecipientsEach) (const char *provider, guint64 recipients, gpointer user);
gboolean store_tally (Store *store, const StoreFilter *filter, StoreTallyEach each, StoreRecipientsEach recipients,
                      gpointer user, gboolean *done, GError **error);

typedef struct {
    guint64 messages;      /* seen */
    guint64 bounces;       /* messages that gave events */
    guint64 unparsed;      /* messages that are bounces but were not understood */
    guint64 events;
    gint64 first_seen, last_seen;
    int schema;
} StoreInfo;
gboolean store_info (Store *store, StoreInfo *info, GError **error);
/* messages, bounces and unparsed alone, without the rest. Faster. */
gboolean store_count_messages (Store *store, StoreInfo *info, GError **error);
/* Decide every stored event again: `decide` is classify() with today's tables. */
typedef void (*StoreDecide) (BounceEvent *event, Arena *arena, gpointer user);
gboolean store_reclassify (Store *store, StoreDecide decide, gpointer user, guint64 *changed, GError **error);

/* --- what people said on addresses ----------------------------------------------------------------------------- */

/* A record, with its date, that is never changed: taking back is a record of its own. The latest of a kind counts. */
typedef enum { MARK_ALLOW, MARK_FORGIVE, MARK_IMPORT, N_MARKS } MarkKind;
const char *mark_word (MarkKind kind);
gboolean mark_parse (const char *word, MarkKind *kind);
typedef struct {
    const char *address; /* normalised */
    const char *email;   /* as it was typed */
    MarkKind kind;
    gboolean undone;
    gint64 date;         /* since when it holds */
    gint64 said;         /* when it was said */
    const char *note;    /* where an imported address came from; one line */
} StoreMark;
/* Inside a transaction. A record of the same kind, date and side is there once. */
gboolean store_mark_put (Store *store, const StoreMark *mark, GError **error);
/* By address, then date; `address` NULL = all. Strings live until `each` returns. */
typedef gboolean (*StoreMarkEach) (const StoreMark *mark, gpointer user, GError **error);
gboolean store_marks (Store *store, const char *address, StoreMarkEach each, gpointer user, GError **error);

/* --- what was published last ------------------------------------------------------------------------------------- */

/* The addresses of a list as sorted numbers (digests cut to 64 bits): enough to count what is new and what is gone. */
gboolean store_published_get (Store *store, const char *output, GArray *digests, gint64 *date, gboolean *found,
                              GError **error);
/* Is a transaction of its own. */
gboolean store_published_put (Store *store, const char *output, const GArray *digests, gint64 date, GError **error);
/* Different recipients of all events. */
gboolean store_count_addresses (Store *store, guint64 *count, GError **error);

/* --- which provider serves a domain ------------------------------------------------------------------------------- */

/* Inside a transaction; what was seen last stands. */
gboolean store_domain_put (Store *store, const char *domain, const char *provider, const char *gateway, GError **error);
/* By domain. Strings live until `each` returns. */
typedef void (*StoreDomainEach) (const char *domain, const char *provider, const char *gateway, gpointer user);
gboolean store_domains (Store *store, StoreDomainEach each, gpointer user, GError **error);

/* --- upkeep ------------------------------------------------------------------------------------------------------ */

/* A remark by its name; NULL when there is none. Yours. */
char *store_meta_get (Store *store, const char *name);
gboolean store_meta_put (Store *store, const char *name, const char *value, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Store, store_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreEvents, store_events_free)

#endif
