/* SPDX-License-Identifier: MIT */
/* What people said on addresses, what was published, what was read of Maildirs, and remarks: the small tables. */
#include "store/store_sqlite.h"

#include <string.h>

static void
bind_text (sqlite3_stmt *statement, int index, const char *text)
{
    sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
}

static const char *
column_text (sqlite3_stmt *statement, int index)
{
    const char *text = (const char *) sqlite3_column_text (statement, index);
    return text != NULL ? text : "";
}

/* Step a statement that gives no rows, and be done with it. */
static gboolean
finish (StoreSqlite *store, sqlite3_stmt *statement, GError **error)
{
    gboolean done = sqlite3_step (statement) == SQLITE_DONE || store_fail (store, "write to", error);
    sqlite3_finalize (statement);
    return done;
}

/* Of two that differ in their texts only, one is kept whatever came first: the greater by its bytes. */
gboolean
store_sqlite_mark_put (Store *base, const StoreMark *mark, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    g_assert (!sqlite3_get_autocommit (store->database));
    sqlite3_stmt *statement = store_prepare (
        store,
        "INSERT INTO mark (address, kind, date, undone, email, note, said) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET said = min (mark.said, excluded.said),"
        " email = CASE WHEN (excluded.email, excluded.note) > (mark.email, mark.note) THEN excluded.email ELSE mark.email END,"
        " note = CASE WHEN (excluded.email, excluded.note) > (mark.email, mark.note) THEN excluded.note ELSE mark.note END",
        error);
    if (statement == NULL)
        return FALSE;
    bind_text (statement, 1, mark->address);
    bind_text (statement, 2, mark_word (mark->kind));
    sqlite3_bind_int64 (statement, 3, mark->date);
    sqlite3_bind_int (statement, 4, mark->undone ? 1 : 0);
    bind_text (statement, 5, mark->email);
    bind_text (statement, 6, mark->note);
    sqlite3_bind_int64 (statement, 7, mark->said);
    return finish (store, statement, error);
}

static void
read_mark (sqlite3_stmt *statement, StoreMark *mark, MarkKind kind)
{
    *mark = (StoreMark){.address = column_text (statement, 0),
                        .kind = kind,
                        .date = sqlite3_column_int64 (statement, 2),
                        .undone = sqlite3_column_int (statement, 3) != 0,
                        .email = column_text (statement, 4),
                        .note = column_text (statement, 5),
                        .said = sqlite3_column_int64 (statement, 6)};
}

gboolean
store_sqlite_marks (Store *base, const char *address, StoreMarkEach each, gpointer user, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    sqlite3_stmt *statement = store_prepare (store,
                                             "SELECT address, kind, date, undone, email, note, said FROM mark"
                                             " WHERE ?1 IS NULL OR address = ?1"
                                             " ORDER BY address, date, undone, kind",
                                             error);
    int code;
    gboolean fine = statement != NULL;
    if (!fine)
        return FALSE;
    bind_text (statement, 1, address);
    while (fine && (code = sqlite3_step (statement)) != SQLITE_DONE) {
        MarkKind kind;
        StoreMark mark;
        if (code != SQLITE_ROW) {
            fine = store_fail (store, "read", error);
        } else if (mark_parse (column_text (statement, 1), &kind)) {
            read_mark (statement, &mark, kind);
            fine = each (&mark, user, error);
        }
    }
    sqlite3_finalize (statement);
    return fine;
}

gboolean
store_sqlite_published_get (Store *base, const char *output, GArray *digests, gint64 *date, gboolean *found,
                            GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    sqlite3_stmt *statement =
        store_prepare (store, "SELECT date, digests FROM published WHERE output = ?", error);
    if (statement == NULL)
        return FALSE;
    bind_text (statement, 1, output);
    int code = sqlite3_step (statement);
    *found = code == SQLITE_ROW;
    g_array_set_size (digests, 0);
    if (*found) {
        guint length = (guint) sqlite3_column_bytes (statement, 1) / sizeof (guint64);
        *date = sqlite3_column_int64 (statement, 0);
        for (guint i = 0; i < length; i++) {
            guint64 number;
            memcpy (&number, (const char *) sqlite3_column_blob (statement, 1) + i * sizeof number, sizeof number);
            number = GUINT64_FROM_LE (number);
            g_array_append_val (digests, number);
        }
    }
    gboolean fine = code == SQLITE_ROW || code == SQLITE_DONE || store_fail (store, "read", error);
    sqlite3_finalize (statement);
    return fine;
}

gboolean
store_sqlite_published_put (Store *base, const char *output, const GArray *digests, gint64 date, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    g_autofree guint64 *numbers = g_new (guint64, digests->len + 1);
    for (guint i = 0; i < digests->len; i++)
        numbers[i] = GUINT64_TO_LE (g_array_index (digests, guint64, i));
    sqlite3_stmt *statement =
        store_prepare (store, "INSERT OR REPLACE INTO published (output, date, digests) VALUES (?, ?, ?)", error);
    if (statement == NULL)
        return FALSE;
    bind_text (statement, 1, output);
    sqlite3_bind_int64 (statement, 2, date);
    sqlite3_bind_blob64 (statement, 3, numbers, digests->len * sizeof (guint64), SQLITE_STATIC);
    return finish (store, statement, error);
}

gboolean
store_sqlite_maildir_get (Store *base, const char *source, GBytes **seen, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    sqlite3_stmt *statement = store_prepare (store, "SELECT seen FROM maildir WHERE source = ?", error);
    *seen = NULL;
    if (statement == NULL)
        return FALSE;
    bind_text (statement, 1, source);
    int code = sqlite3_step (statement);
    if (code == SQLITE_ROW)
        *seen = g_bytes_new (sqlite3_column_blob (statement, 0), (gsize) sqlite3_column_bytes (statement, 0));
    gboolean fine = code == SQLITE_ROW || code == SQLITE_DONE || store_fail (store, "read", error);
    sqlite3_finalize (statement);
    return fine;
}

gboolean
store_sqlite_maildir_put (Store *base, const char *source, GBytes *seen, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    g_assert (!sqlite3_get_autocommit (store->database));
    sqlite3_stmt *statement =
        store_prepare (store, "INSERT OR REPLACE INTO maildir (source, seen) VALUES (?, ?)", error);
    gsize length;
    if (statement == NULL)
        return FALSE;
    const void *data = g_bytes_get_data (seen, &length);
    bind_text (statement, 1, source);
    sqlite3_bind_blob64 (statement, 2, data, length, SQLITE_STATIC);
    return finish (store, statement, error);
}

gboolean
store_sqlite_count_addresses (Store *base, guint64 *count, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    if (!store_schema_index (store, error))
        return FALSE;
    sqlite3_stmt *statement = store_prepare (
        store, "SELECT count(DISTINCT address) FROM event WHERE address != '' AND evidence = 0", error);
    if (statement == NULL)
        return FALSE;
    gboolean fine = sqlite3_step (statement) == SQLITE_ROW || store_fail (store, "read", error);
    *count = fine ? (guint64) sqlite3_column_int64 (statement, 0) : 0;
    sqlite3_finalize (statement);
    return fine;
}

char *
store_sqlite_meta_get (Store *base, const char *name)
{
    StoreSqlite *store = (StoreSqlite *) base;
    sqlite3_stmt *statement = store_prepare (store, "SELECT value FROM meta WHERE name = ?", NULL);
    char *value = NULL;
    if (statement == NULL)
        return NULL;
    bind_text (statement, 1, name);
    if (sqlite3_step (statement) == SQLITE_ROW)
        value = g_strdup (column_text (statement, 0));
    sqlite3_finalize (statement);
    return value;
}

gboolean
store_sqlite_meta_put (Store *base, const char *name, const char *value, GError **error)
{
    StoreSqlite *store = (StoreSqlite *) base;
    sqlite3_stmt *statement =
        store_prepare (store, "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", error);
    if (statement == NULL)
        return FALSE;
    bind_text (statement, 1, name);
    bind_text (statement, 2, value);
    return finish (store, statement, error);
}
