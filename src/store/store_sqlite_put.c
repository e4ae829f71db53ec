/* SPDX-License-Identifier: MIT */
/* Messages with their events into the ledger. A message that is there already may come again from another place, and
 * the copies may differ in what delivery added; which of them counts is a matter of the copies alone, so that one
 * scan of everything, many scans in any order and a merge of them keep the same one. */
#include "store/store_sqlite.h"

#include "base/date.h"
#include "event/address.h"
#include <string.h>

/* --- the copy that is there ------------------------------------------------------------------------------------- */

typedef struct {
    gint64 id;
    MessageResult result;
    const char *source; /* in the statement, until it is reset */
    guint64 offset;
    gint64 seen;
} Known;

/* Messages whose day is not known: nearly every ledger has none. Asked once in a transaction, where nobody else writes. */
static gboolean
has_dayless (StoreSqlite *store, gboolean *has, GError **error)
{
    gboolean alone = !sqlite3_get_autocommit (store->database);
    *has = TRUE;
    if (alone && store->dayless < 0) {
        sqlite3_stmt *statement = store_statement (store, STATEMENT_ANY_DAYLESS, error);
        if (statement == NULL)
            return FALSE;
        int code = sqlite3_step (statement);
        sqlite3_reset (statement);
        if (code != SQLITE_ROW && code != SQLITE_DONE)
            return store_fail (store, "read", error);
        store->dayless = code == SQLITE_ROW;
    }
    if (alone)
        *has = store->dayless > 0;
    return TRUE;
}

static gboolean
find_on_day (StoreSqlite *store, const Digest *key, guint day, gboolean *found, sqlite3_stmt **statement, GError **error)
{
    *statement = store_statement (store, STATEMENT_GET_PLACE, error);
    if (*statement == NULL)
        return FALSE;
    sqlite3_bind_int64 (*statement, 1, day);
    sqlite3_bind_blob (*statement, 2, key->bytes, DIGEST_SIZE, SQLITE_STATIC);
    int code = sqlite3_step (*statement);
    *found = code == SQLITE_ROW;
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return TRUE;
    store_fail (store, "read", error);
    sqlite3_reset (*statement);
    return FALSE;
}

/* *statement stays open while `known` is needed; NULL or closed at FALSE. */
static gboolean
find_known (StoreSqlite *store, const Digest *key, guint day, Known *known, gboolean *found, sqlite3_stmt **statement,
            GError **error)
{
    gboolean dayless = FALSE;
    if (!find_on_day (store, key, day, found, statement, error))
        return FALSE;
    if (!*found && day != 0) {
        sqlite3_reset (*statement);
        if (!has_dayless (store, &dayless, error)
            || (dayless && !find_on_day (store, key, 0, found, statement, error)))
            return FALSE;
    }
    if (*found) {
        const char *word = (const char *) sqlite3_column_text (*statement, 4);
        *known = (Known){.id = sqlite3_column_int64 (*statement, 0),
                         .source = (const char *) sqlite3_column_text (*statement, 1),
                         .offset = (guint64) sqlite3_column_int64 (*statement, 2),
                         .seen = sqlite3_column_int64 (*statement, 3),
                         .result = MESSAGE_ORDINARY};
        store_result_parse (word != NULL ? word : "", &known->result);
        if (known->source == NULL)
            known->source = "";
    }
    return TRUE;
}

gboolean
store_sqlite_knows (Store *base, const Digest *key, guint day, gboolean *known, GError **error)
{
    g_assert (day != 0);
    StoreSqlite *store = (StoreSqlite *) base;
    Known copy;
    sqlite3_stmt *statement;
    if (!find_known (store, key, day, &copy, known, &statement, error))
        return FALSE;
    sqlite3_reset (statement);
    return TRUE;
}

gboolean
store_sqlite_knows_at (Store *base, const Digest *key, guint day, const char *source, guint64 offset, gboolean *known,
                       GError **error)
{
    g_assert (day != 0);
    StoreSqlite *store = (StoreSqlite *) base;
    Known copy;
    sqlite3_stmt *statement;
    if (!find_known (store, key, day, &copy, known, &statement, error))
        return FALSE;
    /* At most it says as much as any copy can. */
    if (*known && store_compare_copies (MESSAGE_EVENTS, source, offset, copy.result, copy.source, copy.offset) > 0)
        *known = copy.result != MESSAGE_UNPARSED && strcmp (source, copy.source) == 0 && offset == copy.offset;
    sqlite3_reset (statement);
    if (!*known || copy.result != MESSAGE_UNREADABLE)
        return TRUE;
    gboolean due;
    if (!store_is_due (store, copy.id, &due, error))
        return FALSE;
    *known = !due;
    return TRUE;
}

/* --- events -------------------------------------------------------------------------------------------------------- */

/* Nearly every ledger has nobody to forget: asked once in a transaction. */
static gboolean
must_forget (StoreSqlite *store, const char *address, gint64 date)
{
    gint64 forgotten;
    if (!store->forgets_known)
        store->forgets = store_has_forgotten (store);
    store->forgets_known = TRUE;
    return store->forgets && store_is_forgotten (store, address, &forgotten)
           && (date == DATE_NONE || date <= forgotten);
}

static gboolean
put_event (StoreSqlite *store, gint64 message, gboolean evidence, const BounceEvent *event, GError **error)
{
    sqlite3_stmt *statement = store_statement (store, STATEMENT_PUT_EVENT, error);
    if (statement == NULL)
        return FALSE;
    arena_clear (store->arena);
    const char *address = address_normal (store->arena, event->recipient);
    if (must_forget (store, address, event->date))
        return TRUE;
    gint64 number = store_event_number (store, error);
    if (number == 0)
        return FALSE;
    sqlite3_bind_int64 (statement, 1, number);
    sqlite3_bind_int64 (statement, 2, message);
    sqlite3_bind_text (statement, 3, address, -1, SQLITE_STATIC);
    sqlite3_bind_int (statement, 4, evidence);
    store_row_bind (statement, 5, event, store->arena);
    return store_run (store, statement, "write to", error);
}

static gboolean
put_events (StoreSqlite *store, gint64 message, MessageResult result, const EventList *events, GError **error)
{
    for (guint i = 0; events != NULL && i < event_list_length (events); i++)
        if (!put_event (store, message, result != MESSAGE_EVENTS, event_list_get (events, i), error))
            return FALSE;
    return TRUE;
}

/* --- another copy of a known message ------------------------------------------------------------------------------- */

/* The row of an event of a message; 0 when there is none, -1 with an error. */
static gint64
find_event (StoreSqlite *store, gint64 message, const Digest *event_id, GError **error)
{
    sqlite3_stmt *statement = store_statement (store, STATEMENT_FIND_EVENT, error);
    if (statement == NULL)
        return -1;
    sqlite3_bind_int64 (statement, 1, message);
    sqlite3_bind_blob (statement, 2, event_id->bytes, DIGEST_SIZE, SQLITE_STATIC);
    int code = sqlite3_step (statement);
    gint64 row = code == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : 0;
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        store_fail (store, "read", error);
        row = -1;
    }
    sqlite3_reset (statement);
    return row;
}

/* The event as this copy tells it. One that is not there was taken away (expired, forgotten) and stays away. */
static gboolean
replace_event (StoreSqlite *store, gint64 message, const BounceEvent *event, GError **error)
{
    gint64 row = find_event (store, message, &event->event_id, error);
    if (row <= 0)
        return row == 0;
    sqlite3_stmt *get = store_statement (store, STATEMENT_GET_EVENT, error);
    sqlite3_stmt *set = get != NULL ? store_statement (store, STATEMENT_SET_EVENT, error) : NULL;
    if (set == NULL)
        return FALSE;
    BounceEvent stored;
    sqlite3_bind_int64 (get, 1, row);
    gboolean found = sqlite3_step (get) == SQLITE_ROW;
    if (found)
        store_row_read (get, &stored);
    gboolean same = found && store_row_same (&stored, event);
    sqlite3_reset (get);
    if (!found)
        return store_fail (store, "read", error);
    if (same)
        return TRUE;
    gint64 number = store_event_number (store, error);
    if (number == 0)
        return FALSE;
    arena_clear (store->arena);
    sqlite3_bind_int64 (set, 1, number);
    sqlite3_bind_int64 (set, store_row_bind (set, 2, event, store->arena), row);
    return store_run (store, set, "write to", error);
}

/* A copy that says more: what was kept of not understanding it goes. */
static gboolean
replace_events (StoreSqlite *store, const Known *known, const StoreMessage *message, const EventList *events,
                GError **error)
{
    if (known->result == message->result) {
        for (guint i = 0; events != NULL && i < event_list_length (events); i++)
            if (!replace_event (store, known->id, event_list_get (events, i), error))
                return FALSE;
        return TRUE;
    }
    g_autofree char *clear = g_strdup_printf ("DELETE FROM event WHERE message = %" G_GINT64_FORMAT, known->id);
    return store_execute (store, clear, "write to", error)
           && put_events (store, known->id, message->result, events, error);
}

static gboolean
set_place (StoreSqlite *store, const Known *known, const StoreMessage *message, gboolean better, GError **error)
{
    sqlite3_stmt *statement = store_statement (store, STATEMENT_SET_PLACE, error);
    if (statement == NULL)
        return FALSE;
    sqlite3_bind_text (statement, 1, better ? message->source : known->source, -1, SQLITE_STATIC);
    sqlite3_bind_int64 (statement, 2, (gint64) (better ? message->offset : known->offset));
    sqlite3_bind_int64 (statement, 3, MIN (known->seen, message->seen));
    sqlite3_bind_text (statement, 4, store_result_word (better ? message->result : known->result), -1, SQLITE_STATIC);
    sqlite3_bind_int64 (statement, 5, known->id);
    return store_run (store, statement, "write to", error);
}

/* *is_new: it could not be read until now. */
static gboolean
meet_again (StoreSqlite *store, const StoreMessage *message, const EventList *events, gboolean *is_new, GError **error)
{
    Known known;
    gboolean found;
    sqlite3_stmt *statement;
    if (!find_known (store, &message->key, message->day, &known, &found, &statement, error))
        return FALSE;
    gboolean better = found
                      && store_compare_copies (message->result, message->source, message->offset, known.result,
                                               known.source, known.offset) > 0;
    gboolean earlier = found && message->seen < known.seen;
    g_autofree char *source = g_strdup (found ? known.source : "");
    known.source = source;
    sqlite3_reset (statement);
    *is_new = better && known.result == MESSAGE_UNREADABLE && message->result != MESSAGE_UNREADABLE;
    if (found && known.result == MESSAGE_UNREADABLE && message->result == MESSAGE_UNREADABLE
        && !store_note_tried (store, known.id, error))
        return FALSE;
    return !(better || earlier)
           || (set_place (store, &known, message, better, error)
               && (!better || replace_events (store, &known, message, events, error)));
}

/* --- a message ---------------------------------------------------------------------------------------------------- */

/* A key is looked for on its day and among those whose day is not known. One whose own day is not known could be on any:
 * then no day is known any more. It is rare (a copy of a server's ledger, a merge with one of schema 5) and costs as
 * much as there are keys with a day. */
static gboolean
forget_days (StoreSqlite *store, GError **error)
{
    sqlite3_stmt *statement = store_statement (store, STATEMENT_FORGET_DAYS, error);
    store->dayless = TRUE;
    return statement != NULL && store_run (store, statement, "write to", error);
}

/* *found: the key is there, and its day is not known. */
static gboolean
is_dayless (StoreSqlite *store, const Digest *key, gboolean *found, GError **error)
{
    sqlite3_stmt *statement;
    *found = FALSE;
    if (!has_dayless (store, found, error))
        return FALSE;
    if (!*found)
        return TRUE;
    if (!find_on_day (store, key, 0, found, &statement, error))
        return FALSE;
    sqlite3_reset (statement);
    return TRUE;
}

/* *is_new FALSE: the key is there, on this day. */
static gboolean
put_message (StoreSqlite *store, const StoreMessage *message, gboolean *is_new, GError **error)
{
    sqlite3_stmt *statement = store_statement (store, STATEMENT_PUT_MESSAGE, error);
    if (statement == NULL)
        return FALSE;
    sqlite3_bind_int64 (statement, 1, message->day);
    sqlite3_bind_blob (statement, 2, message->key.bytes, DIGEST_SIZE, SQLITE_STATIC);
    sqlite3_bind_text (statement, 3, message->source, -1, SQLITE_STATIC);
    sqlite3_bind_int64 (statement, 4, (gint64) message->offset);
    sqlite3_bind_int64 (statement, 5, message->seen);
    sqlite3_bind_text (statement, 6, store_result_word (message->result), -1, SQLITE_STATIC);
    if (!store_run (store, statement, "write to", error))
        return FALSE;
    *is_new = sqlite3_changes (store->database) > 0;
    return TRUE;
}

gboolean
store_sqlite_put (Store *base, const StoreMessage *message, const EventList *events, gboolean *is_new, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    gboolean dayless = FALSE;
    g_assert (!sqlite3_get_autocommit (store->database));
    if (message->day == 0 ? !forget_days (store, error) : !is_dayless (store, &message->key, &dayless, error))
        return FALSE;
    *is_new = FALSE;
    if (!dayless && !put_message (store, message, is_new, error))
        return FALSE;
    if (!*is_new)
        return meet_again (store, message, events, is_new, error);
    gint64 row = sqlite3_last_insert_rowid (store->database);
    return (message->result != MESSAGE_UNREADABLE || store_note_tried (store, row, error))
           && put_events (store, row, message->result, events, error);
}
