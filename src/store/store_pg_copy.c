/* SPDX-License-Identifier: MIT */
#include "store/store_pg.h"

#include <string.h>

#define SEND_BYTES (256 * 1024) /* one PQputCopyData(); large enough that calls do not show */

static const char signature[] = "PGCOPY\n\377\r\n";
#define SIGNATURE_SIZE 11 /* with its NUL */
#define HEAD_SIZE 19      /* and flags and the length of an extension */

/* --- to the server ----------------------------------------------------------------------------------------------- */

static void
put_int32 (GString *out, gint32 number)
{
    guint32 big = GUINT32_TO_BE ((guint32) number);
    g_string_append_len (out, (const char *) &big, sizeof big);
}

static void
put_int16 (GString *out, gint16 number)
{
    guint16 big = GUINT16_TO_BE ((guint16) number);
    g_string_append_len (out, (const char *) &big, sizeof big);
}

static void
flush (PgCopyOut *copy)
{
    if (!copy->failed && copy->out->len > 0)
        copy->failed = PQputCopyData (copy->connection, copy->out->str, (int) copy->out->len) != 1;
    g_string_truncate (copy->out, 0);
}

gboolean
pg_copy_begin (PgCopyOut *copy, PGconn *connection, const char *sql, PGresult **failure)
{
    PGresult *result = PQexec (connection, sql);
    *copy = (PgCopyOut){.connection = connection};
    if (PQresultStatus (result) != PGRES_COPY_IN) {
        *failure = result;
        return FALSE;
    }
    PQclear (result);
    copy->out = g_string_sized_new (SEND_BYTES + 64 * 1024);
    g_string_append_len (copy->out, signature, SIGNATURE_SIZE);
    put_int32 (copy->out, 0);
    put_int32 (copy->out, 0);
    return TRUE;
}

void
pg_copy_row (PgCopyOut *copy, guint columns)
{
    if (copy->out->len >= SEND_BYTES)
        flush (copy);
    put_int16 (copy->out, (gint16) columns);
}

void
pg_copy_bytes (PgCopyOut *copy, const void *bytes, gsize length)
{
    put_int32 (copy->out, (gint32) length);
    g_string_append_len (copy->out, bytes, (gssize) length);
}

void
pg_copy_text (PgCopyOut *copy, const char *text)
{
    pg_copy_bytes (copy, text, strlen (text));
}

void
pg_copy_int64 (PgCopyOut *copy, gint64 number)
{
    guint64 big = GUINT64_TO_BE ((guint64) number);
    pg_copy_bytes (copy, &big, sizeof big);
}

void
pg_copy_int32 (PgCopyOut *copy, gint32 number)
{
    guint32 big = GUINT32_TO_BE ((guint32) number);
    pg_copy_bytes (copy, &big, sizeof big);
}

void
pg_copy_null (PgCopyOut *copy)
{
    put_int32 (copy->out, -1);
}

gboolean
pg_copy_end (PgCopyOut *copy, PGresult **failure)
{
    PGresult *result;
    gboolean fine = TRUE;
    put_int16 (copy->out, -1);
    flush (copy);
    g_string_free (copy->out, TRUE);
    if (PQputCopyEnd (copy->connection, NULL) != 1)
        fine = FALSE;
    /* More than one result may come when the connection is lost: the first bad one tells why. */
    while ((result = PQgetResult (copy->connection)) != NULL) {
        if (fine && PQresultStatus (result) != PGRES_COMMAND_OK) {
            fine = FALSE;
            *failure = result;
        } else {
            PQclear (result);
        }
    }
    return fine && !copy->failed;
}

/* --- from the server --------------------------------------------------------------------------------------------- */

/* Streams have a connection of their own: on the other one, work goes on meanwhile. */
static PGconn *
take_connection (StorePg *store, GError **error)
{
    gboolean again;
    PGconn *connection = g_steal_pointer (&store->spare);
    if (connection != NULL && PQstatus (connection) == CONNECTION_OK)
        return connection;
    PQfinish (connection);
    return store_pg_connect (store, &again, error);
}

gboolean
pg_snapshot_begin (StorePg *store, GError **error)
{
    store->spare = take_connection (store, error);
    if (store->spare == NULL)
        return FALSE;
    g_autoptr (PGresult) result = PQexec (store->spare, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    return PQresultStatus (result) == PGRES_COMMAND_OK || store_pg_fail (store, store->spare, result, "read", error);
}

void
pg_snapshot_end (StorePg *store)
{
    if (store->spare != NULL)
        PQclear (PQexec (store->spare, "ROLLBACK"));
}

PgStream *
pg_stream_open (StorePg *store, const char *select, GError **error)
{
    g_autoptr (PgStream) stream = g_new0 (PgStream, 1);
    stream->store = store;
    stream->connection = take_connection (store, error);
    if (stream->connection == NULL)
        return NULL;
    g_autofree char *sql = g_strdup_printf ("COPY (%s) TO STDOUT (FORMAT binary)", select);
    g_autoptr (PGresult) result = PQexec (stream->connection, sql);
    if (PQresultStatus (result) != PGRES_COPY_OUT) {
        store_pg_fail (store, stream->connection, result, "read", error);
        return NULL;
    }
    return g_steal_pointer (&stream);
}

static gint32
get_int32 (const char *at)
{
    guint32 big;
    memcpy (&big, at, sizeof big);
    return (gint32) GUINT32_FROM_BE (big);
}

static gboolean
is_broken (PgStream *stream, GError **error)
{
    g_set_error (error, STORE_ERROR, STORE_ERROR_IO,
                 "cannot read ledger '%s': the server sends no rows as COPY has them", stream->store->url);
    return FALSE;
}

/* The field's text gets its NUL where the length of the next field begins, which was read before. */
static gboolean
read_fields (PgStream *stream, char *at, const char *end, PgField *fields, int n, GError **error)
{
    gint32 next = -1;
    if (n > 0 && end - at < 4)
        return is_broken (stream, error);
    if (n > 0)
        next = get_int32 (at);
    for (int i = 0; i < n; i++) {
        gint32 length = next;
        at += 4;
        if (length > end - at)
            return is_broken (stream, error);
        fields[i] = (PgField){length < 0 ? NULL : at, MAX (length, 0)};
        at += MAX (length, 0);
        if (i + 1 < n) {
            if (end - at < 4)
                return is_broken (stream, error);
            next = get_int32 (at);
        }
        if (length >= 0)
            *at = '\0'; /* libpq ends its buffer with a byte of its own */
    }
    return TRUE;
}

static gboolean
finish (PgStream *stream, int code, GError **error)
{
    PGresult *result;
    gboolean fine = TRUE;
    stream->ended = TRUE;
    if (code == -2)
        fine = store_pg_fail (stream->store, stream->connection, NULL, "read", error);
    while ((result = PQgetResult (stream->connection)) != NULL) {
        if (fine && PQresultStatus (result) != PGRES_COMMAND_OK)
            fine = store_pg_fail (stream->store, stream->connection, result, "read", error);
        PQclear (result);
    }
    if (fine && stream->store->spare == NULL)
        stream->store->spare = g_steal_pointer (&stream->connection);
    return FALSE;
}

gboolean
pg_stream_next (PgStream *stream, PgField fields[STORE_PG_FIELDS], int *n, GError **error)
{
    while (!stream->ended) {
        g_clear_pointer (&stream->buffer, PQfreemem);
        int length = PQgetCopyData (stream->connection, &stream->buffer, FALSE);
        if (length < 0)
            return finish (stream, length, error);
        char *at = stream->buffer, *end = at + length;
        if (!stream->begun) {
            if (length < HEAD_SIZE || memcmp (at, signature, SIGNATURE_SIZE) != 0)
                return is_broken (stream, error);
            at += HEAD_SIZE + MAX (get_int32 (at + HEAD_SIZE - 4), 0);
            stream->begun = TRUE;
        }
        if (end - at < 2)
            continue; /* the head came by itself */
        *n = (gint16) (((guint8) at[0] << 8) | (guint8) at[1]);
        if (*n < 0)
            continue; /* the trailer */
        if (*n > STORE_PG_FIELDS)
            return is_broken (stream, error);
        return read_fields (stream, at + 2, end, fields, *n, error);
    }
    return FALSE;
}

void
pg_stream_free (PgStream *stream)
{
    if (stream == NULL)
        return;
    PQfreemem (stream->buffer);
    PQfinish (stream->connection); /* a stream that was left half way ends with its connection */
    g_free (stream);
}

gint64
pg_field_int (const PgField *field)
{
    guint64 number = 0;
    if (field->at == NULL)
        return 0;
    for (int i = 0; i < field->length; i++)
        number = number << 8 | (guint8) field->at[i];
    return field->length == 4   ? (gint64) (gint32) number
           : field->length == 2 ? (gint64) (gint16) number
                                : (gint64) number;
}

const char *
pg_literal (StorePg *store, Arena *arena, const char *text)
{
    char *quoted = PQescapeLiteral (store->connection, text, strlen (text));
    if (quoted == NULL) /* the text is no UTF-8: nothing in the ledger is equal to it */
        return "NULL";
    const char *copy = arena_strdup (arena, quoted);
    PQfreemem (quoted);
    return copy;
}
