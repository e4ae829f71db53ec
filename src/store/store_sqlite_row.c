/* SPDX-License-Identifier: MIT */
/* An event as a row and back. */
#include "store/store_sqlite.h"

#include "base/date.h"
#include <string.h>

#define FIXED "event_id, date, type, fault, reason, decided, status_from, trust, flags"
#define NAME(name) ", " #name
#define PLACE(name) ", ?"
#define SET(name) ", " #name " = ?"
#define COLUMNS FIXED STORE_ROW_STRINGS (NAME)

const char store_row_put[] = "INSERT INTO event (id, message, address, evidence, " COLUMNS ")"
                             " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?" STORE_ROW_STRINGS (PLACE) ")"
                             " ON CONFLICT (message, event_id) DO NOTHING";
const char store_row_set[] =
    "UPDATE event SET id = ?, event_id = ?, date = ?, type = ?, fault = ?, reason = ?, decided = ?,"
    " status_from = ?, trust = ?, flags = ?" STORE_ROW_STRINGS (SET) " WHERE id = ?";
const char store_row_get[] = "SELECT m.source, m.offset, " COLUMNS
                             " FROM event e JOIN message m ON m.id = e.message WHERE e.id = ?";

static void
bind_text (sqlite3_stmt *statement, int index, const char *text)
{
    sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
}

int
store_row_bind (sqlite3_stmt *statement, int first, const BounceEvent *event, Arena *arena)
{
    sqlite3_bind_blob (statement, first++, event->event_id.bytes, DIGEST_SIZE, SQLITE_STATIC);
    if (event->date == DATE_NONE)
        sqlite3_bind_null (statement, first++);
    else
        sqlite3_bind_int64 (statement, first++, event->date);
    bind_text (statement, first++, event_type_word (event->type));
    bind_text (statement, first++, fault_word (event->fault));
    bind_text (statement, first++, reason_word (event->reason));
    sqlite3_bind_int (statement, first++, event->decided ? 1 : 0);
    bind_text (statement, first++, status_from_word (event->status_from));
    bind_text (statement, first++, trust_word (event->trust));
    bind_text (statement, first++, store_flags_to_words (event->flags, arena));
#define X(name) bind_text (statement, first++, event->name);
    STORE_ROW_STRINGS (X)
#undef X
    return first;
}

static const char *
column_text (sqlite3_stmt *statement, int index)
{
    const char *text = (const char *) sqlite3_column_text (statement, index);
    return text != NULL ? text : "";
}

/* A word that this program does not know leaves the value at "unknown". */
void
store_row_read (sqlite3_stmt *statement, BounceEvent *event)
{
    int next = 0;
    event_init (event);
    event->source = column_text (statement, next++);
    event->offset = (guint64) sqlite3_column_int64 (statement, next++);
    const void *id = sqlite3_column_blob (statement, next);
    if (id != NULL && sqlite3_column_bytes (statement, next) == DIGEST_SIZE)
        memcpy (event->event_id.bytes, id, DIGEST_SIZE);
    next++;
    if (sqlite3_column_type (statement, next) != SQLITE_NULL)
        event->date = sqlite3_column_int64 (statement, next);
    next++;
    event_type_parse (column_text (statement, next++), &event->type);
    fault_parse (column_text (statement, next++), &event->fault);
    reason_parse (column_text (statement, next++), &event->reason);
    event->decided = sqlite3_column_int (statement, next++) != 0;
    status_from_parse (column_text (statement, next++), &event->status_from);
    trust_parse (column_text (statement, next++), &event->trust);
    event->flags = store_flags_from_words (column_text (statement, next++));
#define X(name) event->name = column_text (statement, next++);
    STORE_ROW_STRINGS (X)
#undef X
}
