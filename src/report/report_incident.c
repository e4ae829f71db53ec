/* SPDX-License-Identifier: MIT */
#include "report/report_incident.h"

#include "base/date.h"
#include "base/i18n.h"
#include "base/spoken.h"
#include "base/limits.h"
#include "base/text.h"
#include "report/reason_text.h"
#include <string.h>

/* Refusals of one kind: of a provider, reason and day, or of a message. */
typedef struct {
    const char *name, *subject;
    Reason reason;
    gint64 day, last_day; /* of a message from the first to the last */
    guint32 person;
    guint64 addresses;
} Pile;

struct ReportIncidents {
    GStringChunk *strings;
    GHashTable *floods;   /* "name\treason\tday" → Pile */
    GHashTable *messages; /* Message-ID → Pile */
};

ReportIncidents *
report_incidents_new (void)
{
    ReportIncidents *incidents = g_new0 (ReportIncidents, 1);

    incidents->strings = g_string_chunk_new (4096);
    incidents->floods = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
    incidents->messages = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
    return incidents;
}

void
report_incidents_free (ReportIncidents *incidents)
{
    if (!incidents)
        return;
    g_hash_table_unref (incidents->floods);
    g_hash_table_unref (incidents->messages);
    g_string_chunk_free (incidents->strings);
    g_free (incidents);
}

static Pile *
pile_of (ReportIncidents *incidents, GHashTable *piles, const char *key, const char *name, const BounceEvent *event)
{
    Pile *pile = g_hash_table_lookup (piles, key);

    if (pile)
        return pile;
    pile = g_new0 (Pile, 1);
    pile->name = g_string_chunk_insert_const (incidents->strings, name);
    pile->subject = g_string_chunk_insert_const (incidents->strings, event->original_subject);
    pile->reason = event->reason;
    pile->day = pile->last_day = date_day (event->date);
    g_hash_table_insert (piles, g_string_chunk_insert (incidents->strings, key), pile);
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
    const char *name = *event->provider && !g_str_equal (event->provider, "other") ? event->provider : event->domain;
    gint64 day = date_day (event->date);
    char key[512];

    if (event->type != TYPE_BLOCK || !*event->recipient || event->date == DATE_NONE)
        return;
    g_snprintf (key, sizeof key, "%s\t%s\t%" G_GINT64_FORMAT, name, reason_word (event->reason), day);
    count (pile_of (incidents, incidents->floods, key, name, event), day, person);
    if (*event->original_message_id
        && (g_hash_table_size (incidents->messages) < LIMIT_INCIDENT_MESSAGES
            || g_hash_table_contains (incidents->messages, event->original_message_id)))
        count (pile_of (incidents, incidents->messages, event->original_message_id, event->original_message_id, event),
               day, person);
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
add_flood (GArray *list, const Pile *pile)
{
    for (guint i = 0; i < list->len; i++) {
        ReportIncident *incident = &g_array_index (list, ReportIncident, i);
        if (incident->reason != pile->reason || strcmp (incident->provider, pile->name) != 0)
            continue;
        incident->refusals += pile->addresses;
        incident->first_day = MIN (incident->first_day, pile->day);
        incident->last_day = MAX (incident->last_day, pile->day);
        return;
    }
    ReportIncident added = {pile->name, "", "", pile->reason, pile->addresses, pile->day, pile->day};
    g_array_append_val (list, added);
}

GArray *
report_incidents_list (const ReportIncidents *incidents)
{
    GArray *list = g_array_new (FALSE, FALSE, sizeof (ReportIncident));
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init (&iter, incidents->floods);
    while (g_hash_table_iter_next (&iter, NULL, &value))
        if (((const Pile *) value)->addresses >= INCIDENT_ADDRESSES)
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
