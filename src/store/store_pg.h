/* SPDX-License-Identifier: MIT */
/* The ledger on a PostgreSQL server, shared by many hosts. What the store_pg*.c files share; they alone include
 * libpq-fe.h.
 *
 * A transaction of messages is made here, in memory, and goes to the server in one piece at store_commit(): when the
 * connection is lost, the whole piece is sent again, and what is there already stays as it is. Everything else (marks,
 * forgetting, reclassifying) talks to the server at once, in an ordinary transaction that is not repeated. */
#ifndef NIXIE_STORE_STORE_PG_H
#define NIXIE_STORE_STORE_PG_H

#include "store/store_backend.h"
#include <libpq-fe.h>

#define STORE_PG_SCHEMA 2             /* the row 'schema' of meta */
#define STORE_PG_LEAST_SERVER 130000  /* PostgreSQL 13, the oldest that is cared for today */
#define STORE_PG_KEYS 100000          /* keys that were asked for and not put yet: dropped beyond */
#define STORE_PG_UNKNOWN_RUN 64       /* so many new messages in a row: the rest is taken to be new until a commit says
                                         otherwise */
#define STORE_PG_LOCK "SELECT pg_advisory_xact_lock (1315534949)" /* "Nixe" */
#define STORE_PG_GIVEN "(pg_current_xact_id ()::text::bigint)" /* the number of this transaction */
#define STORE_PG_MONTH_OTHER 0        /* the partition of events without a date, or with one that cannot be */

/* Which copy of a message the ledger keeps. */
typedef struct {
    Digest key;
    char *source;
    guint64 offset;
    gint64 seen;
    MessageResult result;
    gboolean due;               /* it could not be read, with other limits than today's */
} PgPlace;

typedef struct {
    Store base;
    StoreMode mode;
    char *url;                  /* without a password */
    char *host;                 /* whose cursors and lists */
    char *tried_with;           /* store_try_again(); NULL: nothing is tried again */
    PGconn *connection;
    PGconn *spare;              /* of a stream that came to its end, for the next one */
    Arena *arena;               /* for one call */
    GHashTable *months;         /* GINT_TO_POINTER: which partitions there are */
    gboolean open;              /* a transaction is */
    gboolean direct;            /* … and the server knows of it */
    gboolean unsure;            /* … and it may have been committed although we never heard so */
    /* The piece that the transaction is made of. */
    Arena *batch_arena;
    GPtrArray *messages;        /* of PgMessage, in the order of their coming */
    GHashTable *batch;          /* key → PgMessage */
    GPtrArray *cursors;         /* of PgCursor, also of Maildirs */
    GHashTable *domains;        /* domain → PgDomain */
    /* What is known of messages that are not put yet. */
    GHashTable *unknown;        /* keys that the server did not have */
    guint unknown_run;
    gboolean asked;             /* the last key that the server had, and the copy that it has */
    PgPlace place;
    StoreLate late;
    gpointer late_user;
} StorePg;

typedef struct {
    Digest key;
    const char *source;
    guint64 offset;
    gint64 seen;
    MessageResult result;
    EventList *events;          /* copies in batch_arena */
    gboolean told_new;
} PgMessage;

typedef struct {
    char *source;
    StoreCursor cursor;
    GBytes *seen;               /* of a Maildir; else NULL */
} PgCursor;

typedef struct {
    const char *domain, *provider, *gateway;
} PgDomain;

/* The calls of StoreBackend. */
void store_pg_free (Store *store);
gboolean store_pg_begin (Store *store, GError **error);
gboolean store_pg_commit (Store *store, GError **error);
void store_pg_rollback (Store *store);
gboolean store_pg_put (Store *store, const StoreMessage *message, const EventList *events, gboolean *is_new,
                       GError **error);
gboolean store_pg_knows (Store *store, const Digest *key, guint day, gboolean *known, GError **error);
gboolean store_pg_knows_at (Store *store, const Digest *key, guint day, const char *source, guint64 offset, gboolean *known,
                            GError **error);
gboolean store_pg_maildir_get (Store *store, const char *source, GBytes **seen, GError **error);
gboolean store_pg_maildir_put (Store *store, const char *source, GBytes *seen, GError **error);
gboolean store_pg_cursor_get (Store *store, const char *source, StoreCursor *cursor, gboolean *found, GError **error);
gboolean store_pg_cursor_put (Store *store, const char *source, const StoreCursor *cursor, GError **error);
gboolean store_pg_try_again (Store *store, const char *with, GError **error);
StoreEvents *store_pg_events_open (Store *store, const StoreFilter *filter, GError **error);
gboolean store_pg_events_next (StoreEvents *events, BounceEvent *event, GError **error);
void store_pg_events_free (StoreEvents *events);
StoreEvents *store_pg_follow_open (Store *store, const StoreFilter *filter, const char *from, char **to,
                                   gboolean *restarted, GError **error);
gboolean store_pg_tally (Store *store, const StoreFilter *filter, StoreTallyEach each, StoreRecipientsEach recipients,
                         gpointer user, gboolean *done, GError **error);
gboolean store_pg_info (Store *store, StoreInfo *info, GError **error);
gboolean store_pg_reclassify (Store *store, StoreDecide decide, gpointer user, guint64 *changed, GError **error);
gboolean store_pg_mark_put (Store *store, const StoreMark *mark, GError **error);
gboolean store_pg_marks (Store *store, const char *address, StoreMarkEach each, gpointer user, GError **error);
gboolean store_pg_published_get (Store *store, const char *output, GArray *digests, gint64 *date, gboolean *found,
                                 GError **error);
gboolean store_pg_published_put (Store *store, const char *output, const GArray *digests, gint64 date, GError **error);
gboolean store_pg_count_addresses (Store *store, guint64 *count, GError **error);
gboolean store_pg_domain_put (Store *store, const char *domain, const char *provider, const char *gateway,
                              GError **error);
gboolean store_pg_domains (Store *store, StoreDomainEach each, gpointer user, GError **error);
char *store_pg_meta_get (Store *store, const char *name);
gboolean store_pg_meta_put (Store *store, const char *name, const char *value, GError **error);
gboolean store_pg_export (Store *store, Writer *writer, GError **error);
gboolean store_pg_walk (Store *store, const StoreWalk *walk, gpointer user, GError **error);
gboolean store_pg_forgotten_put (Store *store, const Digest *address, gint64 date, GError **error);
gboolean store_pg_write_out (Store *store, const char *path, GError **error);
gboolean store_pg_merge (Store *store, const char *path, GError **error);
gboolean store_pg_forget (Store *store, const char *address, gint64 date, gboolean keep_digest, guint64 *events,
                          GError **error);
gboolean store_pg_compact (Store *store, GError **error);
gboolean store_pg_expire (Store *store, gint64 before, StoreKeeps keeps, gpointer user, guint64 *events, GError **error);
gboolean store_pg_verify (Store *store, StoreFault found, gpointer user, guint *faults, GError **error);

/* store_pg_connect.c */
gboolean store_pg_check_url (const char *url, GError **error);
/* One try; NULL with *error. *again: the server may answer later. */
PGconn *store_pg_connect (StorePg *store, gboolean *again, GError **error);
/* Tries for up to `seconds`, a little longer each time. */
PGconn *store_pg_connect_patiently (StorePg *store, guint seconds, GError **error);
/* Make store->connection usable again when it is lost; FALSE with *error after LIMIT_STORE_RETRY_SECONDS. */
gboolean store_pg_reconnect (StorePg *store, GError **error);

/* store_pg_query.c: statements with parameters. A Param is text, a number, bytes or NULL; results are text unless
 * said otherwise. */
#define STORE_PG_PARAMS 16
typedef struct {
    int n;
    const char *values[STORE_PG_PARAMS];
    int lengths[STORE_PG_PARAMS];
    int formats[STORE_PG_PARAMS];
    char numbers[STORE_PG_PARAMS][24];
} PgParams;
void pg_text (PgParams *params, const char *text);      /* NULL = NULL; borrowed until the query ends */
void pg_number (PgParams *params, gint64 number);
void pg_mark (PgParams *params, const StoreMark *mark); /* all columns of `mark`, in their order */
void pg_bytes (PgParams *params, const void *bytes, gsize length); /* borrowed as well */
/* Digests as "$n::bytea[]". What is asked for by `key = ANY ($1)` is found by its index, whatever the server believes
 * about the size of its tables: of a new ledger it believes nothing true, and a join may become a product. */
GString *pg_digests_new (guint n);
void pg_digests_add (GString *digests, const Digest *digest); /* n times */
void pg_digests (PgParams *params, const GString *digests); /* borrowed */
/* What the server answers, TUPLES_OK or COMMAND_OK; NULL with "cannot VERB ledger 'URL': why". `params` may be NULL.
 * Outside of a transaction a lost connection is made again and the statement repeated: use it for what may be
 * repeated. */
PGresult *store_pg_query (StorePg *store, const char *sql, const PgParams *params, const char *verb, GError **error);
gboolean store_pg_run (StorePg *store, const char *sql, const PgParams *params, const char *verb, GError **error);
/* ROLLBACK, where there is something to roll back; a connection that is lost stays so. */
void store_pg_abandon (StorePg *store);
/* Rows that the last store_pg_query() changed. */
guint64 pg_changed (const PGresult *result);
gint64 pg_take_int64 (const PGresult *result, int row, int column);
/* Bytes in hexadecimal, as the server writes bytea; yours. */
guint8 *pg_take_bytes (const PGresult *result, int row, int column, gsize *length);
gboolean pg_take_digest (const PGresult *result, int row, int column, Digest *digest);
/* FALSE, always: what `connection` or `result` (NULL: the connection) says. */
gboolean store_pg_fail (StorePg *store, const PGconn *connection, const PGresult *result, const char *verb, GError **error);
/* Whether the same statements may succeed when they are sent again. */
gboolean store_pg_may_retry (const PGconn *connection, const PGresult *result);
/* The transaction reaches the server: BEGIN, once. */
gboolean store_pg_direct (StorePg *store, GError **error);
/* Nobody else changes stored rows until the transaction ends; `writers`: nobody adds any either. */
gboolean store_pg_lock (StorePg *store, gboolean writers, GError **error);

/* store_pg_upkeep.c: inside a transaction that the server knows of. `events` is added to. */
gboolean store_pg_forget_events (StorePg *store, const char *address, gint64 date, guint64 *events, GError **error);

/* store_pg_schema.c */
gboolean store_pg_schema_check (StorePg *store, GError **error);
int store_pg_month_of (gint64 date, gint64 seen);
gboolean store_pg_months_load (StorePg *store, GError **error);
/* The partitions of these months (a set of GINT_TO_POINTER), where they are missing. Outside of a transaction. */
gboolean store_pg_months_make (StorePg *store, GHashTable *months, GError **error);

/* store_pg_batch.c, store_pg_send.c */
guint pg_key_hash (gconstpointer key);
gboolean pg_key_equal (gconstpointer a, gconstpointer b);
GHashTable *pg_key_set_new (void); /* of Digest, owned */
void store_pg_batch_clear (StorePg *store);
/* Send the piece inside the transaction that the server has open. *again: sending all of it again may help. */
gboolean store_pg_batch_send (StorePg *store, gboolean *again, GError **error);
gboolean store_pg_batch_months (StorePg *store, GError **error);

/* store_pg_copy.c: COPY in the binary format, both ways (PostgreSQL manual, COPY, "Binary Format"). */
typedef struct {
    GString *out;
    PGconn *connection;
    gboolean failed;
} PgCopyOut;
gboolean pg_copy_begin (PgCopyOut *copy, PGconn *connection, const char *sql, PGresult **failure);
void pg_copy_row (PgCopyOut *copy, guint columns);
void pg_copy_text (PgCopyOut *copy, const char *text);
void pg_copy_bytes (PgCopyOut *copy, const void *bytes, gsize length);
void pg_copy_int64 (PgCopyOut *copy, gint64 number);
void pg_copy_int32 (PgCopyOut *copy, gint32 number);
void pg_copy_null (PgCopyOut *copy);
/* NULL when all went well; else what the server says (yours), with *lost when the connection is gone. */
gboolean pg_copy_end (PgCopyOut *copy, PGresult **failure);

/* Rows that come from the server one after the other, on a connection of their own. */
typedef struct {
    char *at;              /* NULL: SQL NULL. Texts end with a NUL byte. */
    int length;
} PgField;
typedef struct {
    StorePg *store;
    PGconn *connection;
    char *buffer;          /* of the row at hand */
    gboolean begun, ended;
} PgStream;
#define STORE_PG_FIELDS 48
PgStream *pg_stream_open (StorePg *store, const char *select, GError **error);
/* In between, one stream after the other sees the ledger as it was at one moment. */
gboolean pg_snapshot_begin (StorePg *store, GError **error);
void pg_snapshot_end (StorePg *store);
/* TRUE and a row; FALSE at the end, or with *error. */
gboolean pg_stream_next (PgStream *stream, PgField fields[STORE_PG_FIELDS], int *n, GError **error);
void pg_stream_free (PgStream *stream);
gint64 pg_field_int (const PgField *field); /* of 2, 4 or 8 bytes; 0 for NULL */
/* A text as it stands in a statement, with its quotes; from `arena`. */
const char *pg_literal (StorePg *store, Arena *arena, const char *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgStream, pg_stream_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PGresult, PQclear)

/* store_pg_events.c: " AND …", or nothing */
void store_pg_add_dates (GString *sql, const StoreFilter *filter);

/* store_pg_row.c: an event as a row. */
#define PG_FIELD(name) ", " #name
/* What an event's row begins with; then store_pg_columns. */
#define PG_EVENT_HEAD "month, message, address, evidence, "
#define PG_EVENT_HEAD_COLUMNS 4
/* All columns but those that the server makes, for rows that move from table to table. */
#define PG_EVENT_ALL \
    PG_EVENT_HEAD "event_id, date, type, fault, reason, decided, status_from, trust, flags" STORE_ROW_STRINGS (PG_FIELD) ", given"
extern const char store_pg_columns[]; /* event_id, date … as store_pg_row_read() wants them */
extern const guint store_pg_n_columns;
typedef struct {
    int month;
    Digest message;
    const char *address;
    gboolean evidence;
    BounceEvent event;
} PgRow;
/* Rows into a table as they are. FALSE with what the server says, which is yours, or NULL when it is gone. */
gboolean store_pg_rows_copy (StorePg *store, const char *table, const GPtrArray *rows, PGresult **failure);
/* Rows that are there (message, address, event_id) become what these say; others are passed over. `same_month`: they
 * stay in their partitions. */
gboolean store_pg_rows_update (StorePg *store, const GPtrArray *rows, gboolean same_month, PGresult **failure);
void store_pg_row_write (PgCopyOut *copy, const BounceEvent *event, Arena *arena);
/* All but the place. */
void store_pg_row_read (const PgField *fields, BounceEvent *event);

#endif
