/* SPDX-License-Identifier: MIT */
/* What the files of this folder share: the open database, its statements, and how its failures become a GError. */
#ifndef NIXIE_STORE_STORE_SQLITE_H
#define NIXIE_STORE_STORE_SQLITE_H

#include "store/store_backend.h"
#include "store/store_words.h"
#include <sqlite3.h>

#define STORE_SCHEMA 6                   /* PRAGMA user_version */
#define STORE_APPLICATION_ID 0x4e697865  /* "Nixe", for file(1) and for knowing our own files */
#define STORE_LOG_PAGES 4000              /* then the log's pages are written to their places: each of them once */
#define STORE_FORGET_DAYS "UPDATE main.message SET day = 0 WHERE day > 0"
#define STORE_BUSY_MILLISECONDS 10000    /* how long a writer waits for another one */

typedef enum {
    STATEMENT_BEGIN,
    STATEMENT_COMMIT,
    STATEMENT_ROLLBACK,
    STATEMENT_PUT_MESSAGE,
    STATEMENT_FORGET_DAYS,
    STATEMENT_ANY_DAYLESS,
    STATEMENT_GET_PLACE,
    STATEMENT_SET_PLACE,
    STATEMENT_FIND_EVENT,
    STATEMENT_GET_EVENT,
    STATEMENT_SET_EVENT,
    STATEMENT_REST_OF_EVENT,
    STATEMENT_TEXTS_OF_EVENT,
    STATEMENT_PUT_EVENT,
    STATEMENT_PUT_DOMAIN,
    STATEMENT_CURSOR_GET,
    STATEMENT_CURSOR_PUT,
    N_STATEMENTS
} StoreStatement;

typedef struct StoreBriefs StoreBriefs;

typedef struct {
    Store base;
    sqlite3 *database;
    char *path;                             /* NULL: private */
    Arena *arena;                           /* for one call */
    sqlite3_stmt *statements[N_STATEMENTS]; /* prepared at first use */
    gboolean forgets, forgets_known;        /* there are forgotten addresses; that was asked */
    gint64 last_event;                      /* of this transaction; -1: not asked yet */
    gint8 dayless;                          /* of this transaction: it has messages of no known day; -1: not asked yet */
    gboolean indexed;                       /* the index of the reading order is there */
    StoreBriefs *briefs;                    /* NULL until somebody sums up */
    char *tried_with;                       /* version and limits of this run; NULL: nothing is tried again */
    gint64 waits_since, turn_since;         /* monotonic: for another writer, and since it gave way to others; 0: never */
} StoreSqlite;

/* The table of calls. */
void store_sqlite_free (Store *store);
gboolean store_sqlite_begin (Store *store, GError **error);
gboolean store_sqlite_commit (Store *store, GError **error);
void store_sqlite_rollback (Store *store);
gboolean store_sqlite_put (Store *store, const StoreMessage *message, const EventList *events, gboolean *is_new,
                           GError **error);
gboolean store_sqlite_knows (Store *store, const Digest *key, guint day, gboolean *known, GError **error);
gboolean store_sqlite_knows_at (Store *store, const Digest *key, guint day, const char *source, guint64 offset, gboolean *known,
                                GError **error);
gboolean store_sqlite_cursor_get (Store *store, const char *source, StoreCursor *cursor, gboolean *found,
                                  GError **error);
gboolean store_sqlite_cursor_put (Store *store, const char *source, const StoreCursor *cursor, GError **error);
gboolean store_sqlite_maildir_get (Store *store, const char *source, GBytes **seen, GError **error);
gboolean store_sqlite_maildir_put (Store *store, const char *source, GBytes *seen, GError **error);
gboolean store_sqlite_try_again (Store *store, const char *with, GError **error);
StoreEvents *store_sqlite_events_open (Store *store, const StoreFilter *filter, GError **error);
gboolean store_sqlite_events_next (StoreEvents *events, BounceEvent *event, GError **error);
void store_sqlite_events_free (StoreEvents *events);
/* Of the event at hand, as it is compared: it orders the events. NULL in another order or when not asked for in brief. */
const char *store_sqlite_events_address (StoreEvents *events);
gboolean store_sqlite_tally (Store *store, const StoreFilter *filter, StoreTallyEach each, StoreRecipientsEach recipients,
                             gpointer user, gboolean *done, GError **error);
StoreEvents *store_sqlite_follow_open (Store *store, const StoreFilter *filter, const char *from, char **to,
                                       gboolean *restarted, GError **error);
gboolean store_sqlite_event_get (Store *store, guint64 row, BounceEvent *event, GError **error);
gboolean store_sqlite_event_texts (Store *store, guint64 row, BounceEvent *event, GError **error);
gboolean store_sqlite_info (Store *store, StoreInfo *info, GError **error);
gboolean store_sqlite_count_messages (Store *store, StoreInfo *info, GError **error);
gboolean store_sqlite_reclassify (Store *store, StoreDecide decide, gpointer user, guint64 *changed, GError **error);
gboolean store_sqlite_mark_put (Store *store, const StoreMark *mark, GError **error);
gboolean store_sqlite_marks (Store *store, const char *address, StoreMarkEach each, gpointer user, GError **error);
gboolean store_sqlite_published_get (Store *store, const char *output, GArray *digests, gint64 *date,
                                     gboolean *found, GError **error);
gboolean store_sqlite_published_put (Store *store, const char *output, const GArray *digests, gint64 date,
                                     GError **error);
gboolean store_sqlite_count_addresses (Store *store, guint64 *count, GError **error);
gboolean store_sqlite_domain_put (Store *store, const char *domain, const char *provider, const char *gateway,
                                  GError **error);
gboolean store_sqlite_domains (Store *store, StoreDomainEach each, gpointer user, GError **error);
char *store_sqlite_meta_get (Store *store, const char *name);
gboolean store_sqlite_meta_put (Store *store, const char *name, const char *value, GError **error);
gboolean store_sqlite_export (Store *store, Writer *writer, GError **error);
gboolean store_sqlite_walk (Store *store, const StoreWalk *walk, gpointer user, GError **error);
gboolean store_sqlite_forgotten_put (Store *store, const Digest *address, gint64 date, GError **error);
gboolean store_sqlite_write_out (Store *store, const char *path, GError **error);
gboolean store_sqlite_merge (Store *store, const char *path, GError **error);
gboolean store_sqlite_forget (Store *store, const char *address, gint64 date, gboolean keep_digest,
                              guint64 *events, GError **error);
gboolean store_sqlite_compact (Store *store, GError **error);
gboolean store_sqlite_expire (Store *store, gint64 before, StoreKeeps keeps, gpointer user, guint64 *events,
                              GError **error);
gboolean store_sqlite_verify (Store *store, StoreFault found, gpointer user, guint *faults, GError **error);

/* FALSE, always, with what SQLite says: "cannot VERB 'PATH': why". */
gboolean store_fail (StoreSqlite *store, const char *verb, GError **error);
gboolean store_execute (StoreSqlite *store, const char *sql, const char *verb, GError **error);
gint64 store_pragma (StoreSqlite *store, const char *name); /* a number, -1 when there is none */
/* A ready statement; NULL with *error. */
sqlite3_stmt *store_prepare (StoreSqlite *store, const char *sql, GError **error);

/* Step a statement that gives no rows and make it ready again. */
gboolean store_run (StoreSqlite *store, sqlite3_stmt *statement, const char *verb, GError **error);
sqlite3_stmt *store_statement (StoreSqlite *store, StoreStatement which, GError **error);

/* store_sqlite_follow.c */
/* The number for an event that is new or that changes now, inside a transaction: higher than any that was ever used here,
 * so that whoever knows the highest number of his last visit finds all that came since. 0 with *error. */
gint64 store_event_number (StoreSqlite *store, GError **error);

/* store_schema.c */
/* Look at what was opened: make the tables in a new file (`create`), refuse what is no ledger or a newer one.
 * *empty: there is nothing in it and it may not be written to. */
gboolean store_schema_check (StoreSqlite *store, gboolean create, gboolean *empty, GError **error);
/* The index behind recipient, date, event_id. A private ledger gets it at its first reading: sorting once is faster
 * than keeping order at every insert. */
gboolean store_schema_index (StoreSqlite *store, GError **error);

/* store_sqlite_turn.c: writers of one ledger let each other in. */
int store_turn_wait (void *user, int times); /* for sqlite3_busy_handler(); `user` is the StoreSqlite */
void store_turn_begin (StoreSqlite *store);  /* before each transaction */

/* store_sqlite_retry.c */
/* The message is stored as unreadable: note what it was tried with. */
gboolean store_note_tried (StoreSqlite *store, gint64 message, GError **error);
/* It was tried with something else than today's version and limits. */
gboolean store_is_due (StoreSqlite *store, gint64 message, gboolean *due, GError **error);

/* store_sqlite_brief.c: what all events of a kind have in common, as the column `brief` has it. */
void store_briefs_free (StoreBriefs *briefs);
/* An event with what `brief` says; NULL when it says nothing or the ledger has too many kinds: read the row. */
const BounceEvent *store_briefs_find (StoreBriefs **briefs, const char *brief, gsize length);

/* store_file.c */
/* TRUE when a write-ahead log works there: its shared memory does not cross machines (statfs(2) f_type). */
gboolean store_file_system_fits_wal (unsigned long type);
gboolean store_file_is_local (const char *path);
/* Folder 0700 and file 0600, each where it is missing. */
gboolean store_file_create (const char *path, GError **error);
/* Read all of it: the errno of what fails there, 0 when nothing does. */
int store_file_read_through (const char *path);

/* store_upkeep.c */
gboolean store_has_forgotten (StoreSqlite *store);
/* *date: what is dated up to then must not come back. `address` is normalised. */
gboolean store_is_forgotten (StoreSqlite *store, const char *address, gint64 *date);
/* Forget again what a merge has brought back. */
gboolean store_forget_again (StoreSqlite *store, GError **error);

/* store_sqlite_row.c: an event as a row, its strings in the order of STORE_ROW_STRINGS. */
extern const char store_row_put[]; /* INSERT: number, message, address, evidence, then the event */
extern const char store_row_set[]; /* UPDATE: new number, the event, then its row number */
extern const char store_row_get[]; /* SELECT by row number */
/* Bind the event from parameter `first` on; gives the parameter after it. Strings must outlive the step. */
int store_row_bind (sqlite3_stmt *statement, int first, const BounceEvent *event, Arena *arena);
/* A row of store_row_get; strings live until the statement steps on. */
void store_row_read (sqlite3_stmt *statement, BounceEvent *event);

#endif
