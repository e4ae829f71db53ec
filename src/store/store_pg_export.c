/* SPDX-License-Identifier: MIT */
/* The bytes of store_sqlite_export.c, from a server. */
#include "store/store_pg.h"

#include "event/event_json.h"
#include "store/store_words.h"
#include <string.h>

#define NAME(name) "," #name
#define KIND(name) "t"

/* Kinds of columns: b bytes, t text, i integer. */
static const struct {
    const char *name, *columns, *kinds, *sql;
} tables[] = {
    {"message", "key,source,offset,seen,result", "btiit",
     "SELECT key, source, \"offset\", seen, result FROM message ORDER BY key"},
    {"event",
     "message,event_id,address,evidence,date,type,fault,reason,decided,status_from,trust,flags" STORE_ROW_STRINGS (NAME),
     "bbtiitttittt" STORE_ROW_STRINGS (KIND),
     "SELECT message, event_id, address, evidence, date, type, fault, reason, decided, status_from, trust, "
     "flags" STORE_ROW_STRINGS (NAME) " FROM event ORDER BY message, event_id"},
    {"mark", "address,kind,date,undone,email,note,said", "ttiitti",
     "SELECT address, kind, date, undone, email, note, said FROM mark ORDER BY address, kind, date, undone"},
    {"forgotten", "digest,date", "bi", "SELECT digest, date FROM forgotten ORDER BY digest"},
};

static void
write_value (const PgField *field, char kind, Writer *writer)
{
    if (field->at == NULL) {
        writer_puts (writer, "null");
    } else if (kind == 'i') {
        writer_printf (writer, "%" G_GINT64_FORMAT, pg_field_int (field));
    } else if (kind == 't') {
        json_write_string (writer, field->at);
    } else {
        writer_putc (writer, '"');
        for (int i = 0; i < field->length; i++)
            writer_printf (writer, "%02x", (guint8) field->at[i]);
        writer_putc (writer, '"');
    }
}

static gboolean
export_table (PgStream *stream, guint table, Writer *writer, GError **error)
{
    g_auto (GStrv) columns = g_strsplit (tables[table].columns, ",", -1);
    g_autoptr (GError) failure = NULL;
    PgField fields[STORE_PG_FIELDS];
    int n;
    g_assert (g_strv_length (columns) == strlen (tables[table].kinds));
    while (!writer_failed (writer) && pg_stream_next (stream, fields, &n, &failure)) {
        writer_printf (writer, "{\"table\":\"%s\"", tables[table].name);
        for (int i = 0; i < n && columns[i] != NULL; i++) {
            writer_printf (writer, ",\"%s\":", columns[i]);
            write_value (&fields[i], tables[table].kinds[i], writer);
        }
        writer_puts (writer, "}\n");
    }
    if (failure != NULL)
        g_propagate_error (error, g_steal_pointer (&failure));
    return failure == NULL;
}

/* All tables as one moment saw them: another host may be writing. */
gboolean
store_pg_export (Store *base, Writer *writer, GError **error)
{
    StorePg *store = (StorePg *) base;
    gboolean fine = pg_snapshot_begin (store, error);
    for (guint i = 0; fine && i < G_N_ELEMENTS (tables); i++) {
        g_autoptr (PgStream) stream = pg_stream_open (store, tables[i].sql, error);
        fine = stream != NULL && export_table (stream, i, writer, error);
    }
    pg_snapshot_end (store);
    return fine;
}
