/* SPDX-License-Identifier: MIT */
#include "store/store_upkeep.h"

#include "event/event_json.h"
#include "store/store_sqlite.h"

#define NAME(name) ", e." #name

/* Each in the order of a key that is the same in every ledger that has the row. `order`: of the row numbers, where the rows
 * are too large to be sorted. */
static const struct {
    const char *name, *sql, *order;
} tables[] = {
    {"message", "SELECT key, source, offset, seen, result FROM message ORDER BY key", NULL},
    {"event", "SELECT m.key AS message, e.event_id, e.address, e.evidence, e.date, e.type, e.fault, e.reason, e.decided,"
              " e.status_from, e.trust, e.flags" STORE_ROW_STRINGS (NAME)
              " FROM event e JOIN message m ON m.id = e.message WHERE e.id = ?",
     "SELECT e.id FROM event e JOIN message m ON m.id = e.message ORDER BY m.key, e.event_id"},
    {"mark", "SELECT address, kind, date, undone, email, note, said FROM mark ORDER BY address, kind, date, undone", NULL},
    {"forgotten", "SELECT digest, date FROM forgotten ORDER BY digest", NULL},
};

static void
write_blob (sqlite3_stmt *statement, int column, Writer *writer)
{
    const guint8 *bytes = sqlite3_column_blob (statement, column);
    int length = sqlite3_column_bytes (statement, column);
    writer_putc (writer, '"');
    for (int i = 0; i < length; i++)
        writer_printf (writer, "%02x", bytes[i]);
    writer_putc (writer, '"');
}

static void
write_value (sqlite3_stmt *statement, int column, Writer *writer)
{
    switch (sqlite3_column_type (statement, column)) {
    case SQLITE_INTEGER:
        writer_printf (writer, "%" G_GINT64_FORMAT, (gint64) sqlite3_column_int64 (statement, column));
        break;
    case SQLITE_TEXT:
        json_write_string (writer, (const char *) sqlite3_column_text (statement, column));
        break;
    case SQLITE_BLOB:
        write_blob (statement, column, writer);
        break;
    default:
        writer_puts (writer, "null");
    }
}

/* All rows that the statement still gives. */
static gboolean
write_rows (StoreSqlite *store, const char *name, sqlite3_stmt *statement, Writer *writer, GError **error)
{
    int code;
    while ((code = sqlite3_step (statement)) == SQLITE_ROW && !writer_failed (writer)) {
        writer_printf (writer, "{\"table\":\"%s\"", name);
        for (int i = 0; i < sqlite3_column_count (statement); i++) {
            writer_printf (writer, ",\"%s\":", sqlite3_column_name (statement, i));
            write_value (statement, i, writer);
        }
        writer_puts (writer, "}\n");
    }
    return code == SQLITE_DONE || code == SQLITE_ROW || store_fail (store, "read", error);
}

static gboolean
write_in_order (StoreSqlite *store, const char *name, sqlite3_stmt *order, sqlite3_stmt *row, Writer *writer,
                GError **error)
{
    int code;
    while ((code = sqlite3_step (order)) == SQLITE_ROW && !writer_failed (writer)) {
        sqlite3_reset (row);
        sqlite3_bind_int64 (row, 1, sqlite3_column_int64 (order, 0));
        if (!write_rows (store, name, row, writer, error))
            return FALSE;
    }
    return code == SQLITE_DONE || code == SQLITE_ROW || store_fail (store, "read", error);
}

static gboolean
export_table (StoreSqlite *store, guint table, Writer *writer, GError **error)
{
    sqlite3_stmt *rows = store_prepare (store, tables[table].sql, error);
    if (rows == NULL)
        return FALSE;
    gboolean fine;
    if (tables[table].order == NULL) {
        fine = write_rows (store, tables[table].name, rows, writer, error);
    } else {
        sqlite3_stmt *order = store_prepare (store, tables[table].order, error);
        fine = order != NULL && write_in_order (store, tables[table].name, order, rows, writer, error);
        sqlite3_finalize (order);
    }
    sqlite3_finalize (rows);
    return fine;
}

/* One transaction, so that a scan beside it does not show half of itself. */
gboolean
store_sqlite_export (Store *base, Writer *writer, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    gboolean fine = store_execute (store, "BEGIN", "read", error);
    for (guint i = 0; fine && i < G_N_ELEMENTS (tables); i++)
        fine = export_table (store, i, writer, error);
    store_rollback (&store->base);
    return fine;
}
