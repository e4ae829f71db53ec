/* SPDX-License-Identifier: MIT */
#include "store/store_pg.h"

#include "base/date.h"
#include "store/store_words.h"
#include <string.h>

#define COUNT(name) +1

const char store_pg_columns[] = "event_id, date, type, fault, reason, decided, status_from, trust, flags"
    STORE_ROW_STRINGS (PG_FIELD);
const guint store_pg_n_columns = 9 STORE_ROW_STRINGS (COUNT);

void
store_pg_row_write (PgCopyOut *copy, const BounceEvent *event, Arena *arena)
{
    pg_copy_bytes (copy, event->event_id.bytes, DIGEST_SIZE);
    if (event->date == DATE_NONE)
        pg_copy_null (copy);
    else
        pg_copy_int64 (copy, event->date);
    pg_copy_text (copy, event_type_word (event->type));
    pg_copy_text (copy, fault_word (event->fault));
    pg_copy_text (copy, reason_word (event->reason));
    pg_copy_int32 (copy, event->decided ? 1 : 0);
    pg_copy_text (copy, status_from_word (event->status_from));
    pg_copy_text (copy, trust_word (event->trust));
    pg_copy_text (copy, store_flags_to_words (event->flags, arena));
#define X(name) pg_copy_text (copy, event->name);
    STORE_ROW_STRINGS (X)
#undef X
}

static const char *
text_of (const PgField *field)
{
    return field->at != NULL ? field->at : "";
}

/* A word that this program does not know leaves the value at "unknown". */
void
store_pg_row_read (const PgField *fields, BounceEvent *event)
{
    event_init (event);
    if (fields->at != NULL && fields->length == DIGEST_SIZE)
        memcpy (event->event_id.bytes, fields->at, DIGEST_SIZE);
    fields++;
    if (fields->at != NULL)
        event->date = pg_field_int (fields);
    fields++;
    event_type_parse (text_of (fields++), &event->type);
    fault_parse (text_of (fields++), &event->fault);
    reason_parse (text_of (fields++), &event->reason);
    event->decided = pg_field_int (fields++) != 0;
    status_from_parse (text_of (fields++), &event->status_from);
    trust_parse (text_of (fields++), &event->trust);
    event->flags = store_flags_from_words (text_of (fields++));
#define X(name) event->name = text_of (fields++);
    STORE_ROW_STRINGS (X)
#undef X
}

gboolean
store_pg_rows_copy (StorePg *store, const char *table, const GPtrArray *rows, PGresult **failure)
{
    g_autofree char *sql =
        g_strdup_printf ("COPY %s (" PG_EVENT_HEAD "%s) FROM STDIN (FORMAT binary)", table, store_pg_columns);
    PgCopyOut copy;
    if (rows->len == 0)
        return TRUE;
    if (!pg_copy_begin (&copy, store->connection, sql, failure))
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        const PgRow *row = rows->pdata[i];
        pg_copy_row (&copy, PG_EVENT_HEAD_COLUMNS + store_pg_n_columns);
        pg_copy_int32 (&copy, row->month);
        pg_copy_bytes (&copy, row->message.bytes, DIGEST_SIZE);
        pg_copy_text (&copy, row->address);
        pg_copy_int32 (&copy, row->evidence ? 1 : 0);
        arena_clear (store->arena);
        store_pg_row_write (&copy, &row->event, store->arena);
    }
    return pg_copy_end (&copy, failure);
}

static gboolean
run (StorePg *store, const char *sql, PGresult **failure)
{
    PGresult *result = PQexec (store->connection, sql);
    if (PQresultStatus (result) == PGRES_COMMAND_OK) {
        PQclear (result);
        return TRUE;
    }
    *failure = result;
    return FALSE;
}

#define SET(name) ", " #name " = n." #name

gboolean
store_pg_rows_update (StorePg *store, const GPtrArray *rows, gboolean same_month, PGresult **failure)
{
    /* Some thousand rows of millions, found by the index: the server cannot know how few they are. */
    static const char prepare[] =
        "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off;"
        "CREATE TEMPORARY TABLE IF NOT EXISTS verdict (LIKE nixie.event INCLUDING DEFAULTS) ON COMMIT DELETE ROWS";
    static const char update[] =
        "UPDATE event e SET month = n.month, date = n.date, type = n.type, fault = n.fault, reason = n.reason,"
        " decided = n.decided, status_from = n.status_from, trust = n.trust, flags = n.flags" STORE_ROW_STRINGS (SET)
        ", given = " STORE_PG_GIVEN
        " FROM pg_temp.verdict n WHERE e.address = n.address AND e.event_id = n.event_id AND e.message = n.message";
    g_autofree char *in_month = g_strconcat (update, " AND e.month = n.month", NULL);
    return rows->len == 0
           || (run (store, prepare, failure) && store_pg_rows_copy (store, "pg_temp.verdict", rows, failure)
               && run (store, same_month ? in_month : update, failure)
               && run (store, "TRUNCATE pg_temp.verdict", failure));
}
