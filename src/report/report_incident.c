/* SPDX-License-Identifier: MIT */
#include "report/report_incident.h"

#include "base/date.h"
#include "base/i18n.h"
#include "base/spoken.h"
#include "base/limits.h"
#include "base/text.h"
#include "report/reason_text.h"
#include <string.h>

/* Refusals of one kind: of a provider, reason and day, or of a message, which has the name. */
typedef struct {
    const char *name, *subject;
    Reason reason;
    gint64 day, last_day; /* of a message from the first to the last */
    guint32 person;
    guint64 addresses;
    guint64 row; /* of the event that has the subject, while that is not here */
} Pile;

/* The floods of one provider with one reason. */
typedef struct {
    const char *name;
    Reason reason;
    GHashTable *days; /* number of the day → Pile */
} Series;

struct ReportIncidents {
    GStringChunk *strings;
    GHashTable *floods;   /* Series → itself */
    GPtrArray *by_kind;   /* BounceEvent.kind → Series, or NULL */
    GHashTable *messages; /* Message-ID → Pile */
};

static guint
series_hash (gconstpointer data)
{
    const Series *series = data;

    return g_str_hash (series->name) * 31 + (guint) series->reason;
}

static gboolean
series_equal (gconstpointer a, gconstpointer b)
{
    const Series *x = a, *y = b;

    return x->reason == y->reason && strcmp (x->name, y->name) == 0;
}

static void
series_free (gpointer data)
{
    Series *series = data;

    g_hash_table_unref (series->days);
    g_free (series);
}

ReportIncidents *
report_incidents_new (void)
{
    ReportIncidents *incidents = g_new0 (ReportIncidents, 1);

    incidents->strings = g_string_chunk_new (4096);
    incidents->floods = g_hash_table_new_full (series_hash, series_equal, NULL, series_free);
    incidents->by_kind = g_ptr_array_new ();
    incidents->messages = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
    return incidents;
}

void
report_incidents_free (ReportIncidents *incidents)
{
    if (!incidents)
        return;
    g_hash_table_unref (incidents->floods);
    g_ptr_array_unref (incidents->by_kind);
    g_hash_table_unref (incidents->messages);
    g_string_chunk_free (incidents->strings);
    g_free (incidents);
}

static Pile *
pile_new (Reason reason, gint64 day)
{
    Pile *pile = g_new0 (Pile, 1);

    pile->name = pile->subject = "";
    pile->reason = reason;
    pile->day = pile->last_day = day;
    return pile;
}

static Series *
find_series (ReportIncidents *incidents, const char *name, Reason reason)
{
    Series wanted = {.name = name, .reason = reason};
    Series *series = g_hash_table_lookup (incidents->floods, &wanted);

    if (series)
        return series;
    series = g_new (Series, 1);
    series->name = g_string_chunk_insert_const (incidents->strings, name);
    series->reason = reason;
    series->days = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, g_free);
    g_hash_table_add (incidents->floods, series);
    return series;
}

static Series *
series_of (ReportIncidents *incidents, const BounceEvent *event)
{
    gboolean named = *event->provider && !g_str_equal (event->provider, "other");

    if (!named || event->kind == 0) /* a kind has events of many domains */
        return find_series (incidents, named ? event->provider : event->domain, event->reason);
    if (event->kind >= incidents->by_kind->len)
        g_ptr_array_set_size (incidents->by_kind, (gint) event->kind + 1);
    if (!incidents->by_kind->pdata[event->kind])
        incidents->by_kind->pdata[event->kind] = find_series (incidents, event->provider, event->reason);
    return incidents->by_kind->pdata[event->kind];
}

static Pile *
flood_of (ReportIncidents *incidents, const BounceEvent *event, gint64 day)
{
    Series *series = series_of (incidents, event);
    gpointer number = GSIZE_TO_POINTER ((gsize) day);
    Pile *pile = g_hash_table_lookup (series->days, number);

    if (!pile) {
        pile = pile_new (event->reason, day);
        g_hash_table_insert (series->days, number, pile);
    }
    return pile;
}

/* NULL: there are too many. */
static Pile *
message_of (ReportIncidents *incidents, const BounceEvent *event, gint64 day)
{
    Pile *pile = g_hash_table_lookup (incidents->messages, event->original_message_id);

    if (pile || g_hash_table_size (incidents->messages) >= LIMIT_INCIDENT_MESSAGES)
        return pile;
    pile = pile_new (event->reason, day);
    pile->name = g_string_chunk_insert (incidents->strings, event->original_message_id);
    pile->subject = g_string_chunk_insert_const (incidents->strings, event->original_subject);
    pile->row = event->row;
    g_hash_table_insert (incidents->messages, (gpointer) pile->name, pile);
    return pile;
}

static void
count (Pile *pile, gint64 day, guint32 person)
{
    pile->day = MIN (pile->day, day);
    pile->last_day = MAX (pile->last_day, day);
    if (pile->person == person)
        return;
    pile->person = person;
    pile->addresses++;
}

void
report_incidents_add (ReportIncidents *incidents, const BounceEvent *event, guint32 person)
{
    if (event->type != TYPE_BLOCK || !*event->recipient || event->date == DATE_NONE)
        return;
    gint64 day = date_day (event->date);
    count (flood_of (incidents, event, day), day, person);
    Pile *message = *event->original_message_id ? message_of (incidents, event, day) : NULL;
    if (message)
        count (message, day, person);
}

void
report_incidents_settle (ReportIncidents *incidents, const char *(*subject) (guint64 row, gpointer user), gpointer user)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init (&iter, incidents->messages);
    while (g_hash_table_iter_next (&iter, NULL, &value)) {
        Pile *pile = value;

        if (pile->row == 0 || pile->addresses < INCIDENT_ADDRESSES)
            continue;
        pile->subject = g_string_chunk_insert_const (incidents->strings, subject (pile->row, user));
        pile->row = 0;
    }
}

static int
compare_incidents (gconstpointer a, gconstpointer b)
{
    const ReportIncident *x = a, *y = b;
    int order;

    if (x->refusals != y->refusals)
        return x->refusals > y->refusals ? -1 : 1;
    order = strcmp (x->provider, y->provider);
    if (order == 0)
        order = strcmp (x->message_id, y->message_id);
    return order != 0 ? order : (int) x->reason - (int) y->reason;
}

/* The days of one provider and reason are one incident. */
static void
add_flood (GArray *list, const Series *series)
{
    ReportIncident incident = {series->name, "", "", series->reason, 0, G_MAXINT64, G_MININT64};
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init (&iter, series->days);
    while (g_hash_table_iter_next (&iter, NULL, &value)) {
        const Pile *pile = value;

        if (pile->addresses < INCIDENT_ADDRESSES)
            continue;
        incident.refusals += pile->addresses;
        incident.first_day = MIN (incident.first_day, pile->day);
        incident.last_day = MAX (incident.last_day, pile->day);
    }
    if (incident.refusals > 0)
        g_array_append_val (list, incident);
}

GArray *
report_incidents_list (const ReportIncidents *incidents)
{
    GArray *list = g_array_new (FALSE, FALSE, sizeof (ReportIncident));
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init (&iter, incidents->floods);
    while (g_hash_table_iter_next (&iter, NULL, &value))
        add_flood (list, value);
    g_hash_table_iter_init (&iter, incidents->messages);
    while (g_hash_table_iter_next (&iter, NULL, &value)) {
        const Pile *pile = value;
        ReportIncident added = {"", pile->name, pile->subject, pile->reason, pile->addresses, pile->day, pile->last_day};
        if (pile->addresses >= INCIDENT_ADDRESSES)
            g_array_append_val (list, added);
    }
    g_array_sort (list, compare_incidents);
    return list;
}

const char *
report_incident_text (const ReportIncident *incident, Arena *arena)
{
    char first[SPOKEN_SIZE], last[SPOKEN_SIZE];
    char refusals[SPOKEN_SIZE];
    const char *days, *number;

    spoken_day (incident->first_day * 86400, first);
    spoken_day (incident->last_day * 86400, last);
    days = strcmp (first, last) == 0 ? arena_printf (arena, _("on %s"), first)
                                     : arena_printf (arena, _("from %s to %s"), first, last);
    number = spoken_number (incident->refusals, " ", refusals);
    return *incident->provider
               ? arena_printf (arena, _("%s refuses us %s: \"%s\", %s times."), incident->provider, days,
                               reason_label (incident->reason), number)
               : arena_printf (arena, _("One message is refused %s at %s addresses: \"%s\" (%s)."), days, number,
                               *incident->subject ? incident->subject : reason_label (incident->reason),
                               incident->message_id);
}

const char *
report_incident_comfort (void)
{
    return _("Each is one trouble on the sender's side; nobody is removed for it.");
}
