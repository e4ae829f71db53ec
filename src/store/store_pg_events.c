/* SPDX-License-Identifier: MIT */
#include "store/store_pg.h"

#include "base/date.h"
#include "store/store_words.h"

typedef struct {
    StoreEvents base;
    PgStream *stream;
} EventsPg;

static gboolean
is_open (gint64 date)
{
    return date == DATE_NONE || date == 0;
}

void
store_pg_add_dates (GString *sql, const StoreFilter *filter)
{
    gboolean from = !is_open (filter->since), to = !is_open (filter->until);
    if (from)
        g_string_append_printf (sql, " AND date >= %" G_GINT64_FORMAT, filter->since);
    if (to)
        g_string_append_printf (sql, " AND date < %" G_GINT64_FORMAT, filter->until);
    /* The same by months, so that the server leaves partitions out. */
    if (from || to)
        g_string_append_printf (sql, " AND (month = %d OR month BETWEEN %d AND %d)", STORE_PG_MONTH_OTHER,
                                from ? store_pg_month_of (filter->since, G_MAXINT64 / 2) : 0,
                                to ? store_pg_month_of (filter->until, G_MAXINT64 / 2) : 999912);
}

/* Where an event came from stands with its message, and joining two large tables has its
 * price: only for those who ask. */
static gboolean
wants_message (const StoreFilter *filter)
{
    return !filter->without_place || filter->by_source || !is_open (filter->seen_until);
}

/* What a sum does not need, as the reading order of a file leaves it out: less to sort, and less on the line. */
static const char *const left_out[] = {"message_id", "final_recipient", "original_recipient", "agent", "reporting_mta",
                                       "original_sender", "list_id", "status_field", "report_to", NULL};

static const char *
columns_of (Arena *arena, const StoreFilter *filter)
{
    static const char *const texts[] = {
#define X(name) #name,
        STORE_ROW_STRINGS (X)
#undef X
    };
    if (!filter->brief)
        return store_pg_columns;
    const char *columns = "event_id, date, type, fault, reason, decided, status_from, trust, flags";
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
        columns = arena_printf (arena, "%s, %s", columns, g_strv_contains (left_out, texts[i]) ? "''::text" : texts[i]);
    return columns;
}

static char *
sql_of (StorePg *store, const StoreFilter *filter)
{
    GString *sql = g_string_new ("SELECT ");
    arena_clear (store->arena);
    g_string_append_printf (sql, "%s, %s FROM event%s WHERE %s",
                            wants_message (filter) ? "source, \"offset\"" : "''::text, 0::bigint",
                            columns_of (store->arena, filter),
                            wants_message (filter) ? " JOIN message ON key = message" : "",
                            filter->unparsed_only   ? "evidence = 1"
                            : filter->with_unparsed ? "evidence IN (0, 1)"
                                                    : "evidence = 0");
    store_pg_add_dates (sql, filter);
    if (!is_open (filter->seen_until))
        g_string_append_printf (sql, " AND seen <= %" G_GINT64_FORMAT, filter->seen_until);
    if (filter->recipient != NULL)
        g_string_append_printf (sql, " AND address = %s", pg_literal (store, store->arena, filter->recipient));
    if (filter->provider != NULL)
        g_string_append_printf (sql, " AND provider = %s", pg_literal (store, store->arena, filter->provider));
    if (filter->after > 0)
        g_string_append_printf (sql, " AND given >= %" G_GINT64_FORMAT, filter->after);
    if (filter->up_to > 0)
        g_string_append_printf (sql, " AND given < %" G_GINT64_FORMAT, filter->up_to);
    g_string_append (sql, filter->by_given ? " ORDER BY given, message, event_id"
                          : filter->by_source ? " ORDER BY source, \"offset\", recipient, event_id"
                                            : " ORDER BY address, date NULLS FIRST, event_id");
    return g_string_free (sql, FALSE);
}

StoreEvents *
store_pg_events_open (Store *base, const StoreFilter *filter, GError **error)
{
    StorePg *store = (StorePg *) base;
    if (!store_pg_reconnect (store, error))
        return NULL;
    g_autofree char *sql = sql_of (store, filter);
    PgStream *stream = pg_stream_open (store, sql, error);
    if (stream == NULL)
        return NULL;
    EventsPg *events = g_new0 (EventsPg, 1);
    events->base.backend = base->backend;
    events->stream = stream;
    return &events->base;
}

gboolean
store_pg_events_next (StoreEvents *base, BounceEvent *event, GError **error)
{
    EventsPg *events = (EventsPg *) base;
    PgField fields[STORE_PG_FIELDS];
    int n;
    if (!pg_stream_next (events->stream, fields, &n, error))
        return FALSE;
    g_assert (n == 2 + (int) store_pg_n_columns);
    store_pg_row_read (fields + 2, event);
    event->source = fields[0].at != NULL ? fields[0].at : "";
    event->offset = (guint64) pg_field_int (&fields[1]);
    return TRUE;
}

void
store_pg_events_free (StoreEvents *base)
{
    EventsPg *events = (EventsPg *) base;
    pg_stream_free (events->stream);
    g_free (events);
}
