/* SPDX-License-Identifier: MIT */
/* Reading in order: one statement gives row numbers in the order asked for, a second one gives the row. What is sorted
 * or walked is then narrow, and memory does not grow with the diagnostics. */
#include "store/store_sqlite.h"

#include "base/date.h"
#include <string.h>

typedef struct {
    StoreEvents base;
    StoreSqlite *store;
    sqlite3_stmt *order;
    sqlite3_stmt *row;
    gboolean brief, stepped; /* the row was */
} EventsSqlite;

static char *
order_sql (const StoreFilter *filter)
{
    GString *sql = g_string_new (filter->brief ? "SELECT e.id, e.address, e.date, e.brief, e.refused FROM event e"
                                               : "SELECT e.id FROM event e");
    if (filter->by_source || (filter->seen_until != DATE_NONE && filter->seen_until != 0))
        g_string_append (sql, " JOIN message m ON m.id = e.message");
    g_string_append (sql, filter->unparsed_only   ? " WHERE e.evidence = 1"
                          : filter->with_unparsed ? " WHERE e.evidence IN (0, 1)"
                                                  : " WHERE e.evidence = 0");
    if (filter->since != DATE_NONE && filter->since != 0)
        g_string_append (sql, " AND e.date >= :since");
    if (filter->until != DATE_NONE && filter->until != 0)
        g_string_append (sql, " AND e.date < :until");
    if (filter->seen_until != DATE_NONE && filter->seen_until != 0)
        g_string_append (sql, " AND m.seen <= :seen");
    if (filter->recipient != NULL)
        g_string_append (sql, " AND e.address = :recipient");
    if (filter->provider != NULL)
        g_string_append (sql, " AND e.provider = :provider");
    if (filter->by_given)
        g_string_append (sql, " AND e.id > :after AND e.id <= :up_to");
    g_string_append (sql, filter->by_given ? " ORDER BY e.id" : filter->by_source ? " ORDER BY m.source, m.offset, e.recipient, e.event_id"
                                            : " ORDER BY e.address, e.date, e.event_id");
    return g_string_free (sql, FALSE);
}

static void
bind_filter (sqlite3_stmt *statement, const StoreFilter *filter)
{
    /* An index of 0 (not in the statement) is refused by SQLite without harm. */
    sqlite3_bind_int64 (statement, sqlite3_bind_parameter_index (statement, ":since"), filter->since);
    sqlite3_bind_int64 (statement, sqlite3_bind_parameter_index (statement, ":until"), filter->until);
    sqlite3_bind_int64 (statement, sqlite3_bind_parameter_index (statement, ":seen"), filter->seen_until);
    sqlite3_bind_int64 (statement, sqlite3_bind_parameter_index (statement, ":after"), filter->after);
    sqlite3_bind_int64 (statement, sqlite3_bind_parameter_index (statement, ":up_to"), filter->up_to);
    sqlite3_bind_text (statement, sqlite3_bind_parameter_index (statement, ":recipient"), filter->recipient, -1,
                       SQLITE_TRANSIENT);
    sqlite3_bind_text (statement, sqlite3_bind_parameter_index (statement, ":provider"), filter->provider, -1,
                       SQLITE_TRANSIENT);
}

StoreEvents *
store_sqlite_events_open (Store *base, const StoreFilter *filter, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    EventsSqlite *events = g_new0 (EventsSqlite, 1);
    g_autoptr (StoreEvents) owned = &events->base;
    events->base.backend = store->base.backend;
    events->store = store;
    if (!filter->by_source && !filter->by_given && !store_schema_index (store, error))
        return NULL;
    g_autofree char *sql = order_sql (filter);
    events->order = store_prepare (store, sql, error);
    if (events->order == NULL)
        return NULL;
    events->row = store_prepare (store, store_row_get, error);
    if (events->row == NULL)
        return NULL;
    bind_filter (events->order, filter);
    events->brief = filter->brief;
    return g_steal_pointer (&owned);
}

/* What the reading order itself tells. FALSE: the row has to be read. */
static gboolean
read_brief (EventsSqlite *events, BounceEvent *event)
{
    const char *brief = (const char *) sqlite3_column_text (events->order, 3);
    const BounceEvent *kind =
        store_briefs_find (&events->store->briefs, brief, (gsize) sqlite3_column_bytes (events->order, 3));
    const char *address = (const char *) sqlite3_column_text (events->order, 1);
    const char *at = kind != NULL && address != NULL ? strrchr (address, '@') : NULL;
    if (at == NULL)
        return FALSE;
    *event = *kind;
    event->recipient = address;
    event->domain = at + 1;
    event->row = (guint64) sqlite3_column_int64 (events->order, 0);
    if (sqlite3_column_type (events->order, 2) != SQLITE_NULL)
        event->date = sqlite3_column_int64 (events->order, 2);
    if (event->type == TYPE_BLOCK && event->left_out & EVENT_HAS_MESSAGE_ID) {
        const char *message = (const char *) sqlite3_column_text (events->order, 4);
        event->original_message_id = message != NULL ? message : "";
        event->left_out &= (guint8) ~EVENT_HAS_MESSAGE_ID;
    }
    return TRUE;
}

static gboolean
fail_without_row (StoreSqlite *store, int code, GError **error)
{
    if (code != SQLITE_DONE)
        return store_fail (store, "read", error);
    g_set_error (error, STORE_ERROR, STORE_ERROR_DAMAGED, "ledger '%s' is damaged: an event without its message",
                 store->path != NULL ? store->path : "(temporary)");
    return FALSE;
}

/* The statement at the event of that row; NULL with an error. */
static sqlite3_stmt *
event_at (StoreSqlite *store, StoreStatement which, guint64 row, GError **error)
{
    sqlite3_stmt *statement = store_statement (store, which, error);
    if (statement == NULL)
        return NULL;
    sqlite3_reset (statement);
    sqlite3_bind_int64 (statement, 1, (gint64) row);
    int code = sqlite3_step (statement);
    if (code == SQLITE_ROW)
        return statement;
    fail_without_row (store, code, error);
    return NULL;
}

gboolean
store_sqlite_event_get (Store *base, guint64 row, BounceEvent *event, GError **error)
{
    sqlite3_stmt *statement = event_at ((StoreSqlite *) base, STATEMENT_REST_OF_EVENT, row, error);
    if (statement == NULL)
        return FALSE;
    store_row_read (statement, event);
    return TRUE;
}

gboolean
store_sqlite_event_texts (Store *base, guint64 row, BounceEvent *event, GError **error)
{
    sqlite3_stmt *statement = event_at ((StoreSqlite *) base, STATEMENT_TEXTS_OF_EVENT, row, error);
    if (statement == NULL)
        return FALSE;
    const char *diagnostic = (const char *) sqlite3_column_text (statement, 0);
    const char *subject = (const char *) sqlite3_column_text (statement, 1);
    event_init (event);
    event->diagnostic = diagnostic != NULL ? diagnostic : "";
    event->original_subject = subject != NULL ? subject : "";
    return TRUE;
}

gboolean
store_sqlite_events_next (StoreEvents *base, BounceEvent *event, GError **error)
{
    EventsSqlite *events = (EventsSqlite *) base;
    if (events->stepped)
        sqlite3_reset (events->row);
    events->stepped = FALSE;
    int code = sqlite3_step (events->order);
    if (code == SQLITE_DONE)
        return FALSE;
    if (code != SQLITE_ROW)
        return store_fail (events->store, "read", error);
    if (events->brief && read_brief (events, event))
        return TRUE;
    sqlite3_bind_int64 (events->row, 1, sqlite3_column_int64 (events->order, 0));
    code = sqlite3_step (events->row);
    events->stepped = TRUE;
    if (code != SQLITE_ROW)
        return fail_without_row (events->store, code, error);
    store_row_read (events->row, event);
    return TRUE;
}

const char *
store_sqlite_events_address (StoreEvents *base)
{
    EventsSqlite *events = (EventsSqlite *) base;
    const char *address = events->brief ? (const char *) sqlite3_column_text (events->order, 1) : NULL;
    return address != NULL || !events->brief ? address : "";
}

void
store_sqlite_events_free (StoreEvents *base)
{
    EventsSqlite *events = (EventsSqlite *) base;
    sqlite3_finalize (events->order);
    sqlite3_finalize (events->row);
    g_free (events);
}
