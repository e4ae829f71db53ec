/* SPDX-License-Identifier: MIT */
/* An event as a row and back. Vocabulary goes in as words, so that the table can be read without this program and its
 * numbers may change. */
#include "store/store_sqlite.h"

#include "base/date.h"
#include <string.h>

#define FIXED "event_id, date, type, fault, reason, decided, status_from, trust, flags"
#define NAME(name) ", " #name
#define PLACE(name) ", ?"
#define SET(name) ", " #name " = ?"
#define COLUMNS FIXED STORE_ROW_STRINGS (NAME)

const char store_row_put[] = "INSERT OR IGNORE INTO event (message, address, evidence, " COLUMNS ")"
                             " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?" STORE_ROW_STRINGS (PLACE) ")";
const char store_row_set[] = "UPDATE event SET event_id = ?, date = ?, type = ?, fault = ?, reason = ?, decided = ?,"
                             " status_from = ?, trust = ?, flags = ?" STORE_ROW_STRINGS (SET) " WHERE id = ?";
const char store_row_get[] = "SELECT m.source, m.offset, " COLUMNS
                             " FROM event e JOIN message m ON m.id = e.message WHERE e.id = ?";

static void
bind_text (sqlite3_stmt *statement, int index, const char *text)
{
    sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
}

static const char *
flags_to_words (guint32 flags, Arena *arena)
{
    const char *words = "";
    for (guint bit = 0; bit < N_FLAGS; bit++)
        if (flags & (1u << bit))
            words = *words == '\0' ? flag_word (bit)
                                   : arena_printf (arena, "%s %s", words, flag_word (bit));
    return words;
}

static guint32
flags_from_words (const char *words)
{
    guint32 flags = 0;
    char word[64];
    while (*words != '\0') {
        gsize length = strcspn (words, " ");
        guint bit;
        if (length < sizeof word) {
            memcpy (word, words, length);
            word[length] = '\0';
            if (flag_parse (word, &bit))
                flags |= 1u << bit;
        }
        words += length;
        words += *words == ' ';
    }
    return flags;
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
    bind_text (statement, first++, flags_to_words (event->flags, arena));
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
    event->flags = flags_from_words (column_text (statement, next++));
#define X(name) event->name = column_text (statement, next++);
    STORE_ROW_STRINGS (X)
#undef X
}

gboolean
store_row_same (const BounceEvent *a, const BounceEvent *b)
{
    if (!digest_equal (&a->event_id, &b->event_id) || a->date != b->date || a->type != b->type
        || a->fault != b->fault || a->reason != b->reason || a->status_from != b->status_from || a->trust != b->trust
        || a->flags != b->flags || !a->decided != !b->decided)
        return FALSE;
#define X(name) if (strcmp (a->name, b->name) != 0) return FALSE;
    STORE_ROW_STRINGS (X)
#undef X
    return TRUE;
}
