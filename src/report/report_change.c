/* SPDX-License-Identifier: MIT */
#include "report/report_change.h"

#include "base/date.h"
#include "base/i18n.h"
#include "base/spoken.h"
#include "report/reason_text.h"

#define DAY 86400
#define DAYS 7

void
report_change_init (ReportChange *change, gint64 now, gint64 since, gint64 until)
{
    *change = (ReportChange){.start = DATE_NONE, .middle = DATE_NONE, .end = DATE_NONE};
    if (now == DATE_NONE && until == DATE_NONE)
        return;
    change->end = until != DATE_NONE ? until : now + 1;
    change->middle = since != DATE_NONE ? since : change->end - DAYS * DAY;
    change->start = change->middle - (change->end - change->middle);
}

static gboolean
is_failure (EventType type)
{
    return type == TYPE_HARD || type == TYPE_SOFT || type == TYPE_BLOCK;
}

void
report_change_note (ReportChange *change, const BounceEvent *event)
{
    if (is_failure (event->type) && event->date != DATE_NONE && change->start != DATE_NONE
        && event->date >= change->start && event->date < change->middle)
        change->comparable = TRUE;
}

void
report_change_add (ReportChange *change, const BounceEvent *event)
{
    if (event->date == DATE_NONE || change->start == DATE_NONE || event->date < change->start
        || event->date >= change->end)
        return;
    report_change_note (change, event);
    if (event->date < change->middle)
        change->before[event->type]++;
    else
        change->now[event->type]++;
}

char *
report_change_text (const ReportChange *change, Arena *arena)
{
    static const EventType types[] = {TYPE_HARD, TYPE_SOFT, TYPE_BLOCK};
    g_autoptr (GString) out = g_string_new (NULL);
    gint64 seconds = change->end - change->middle;
    guint days = (guint) ((seconds + DAY / 2) / DAY);

    if (change->start == DATE_NONE || !change->comparable)
        return arena_strdup (arena, "");
    if (days > 0)
        g_string_append_printf (
            out, P_ ("%u day against the day before:", "%u days against as many before:", days), days);
    else
        g_string_append (out, _("This time against as long before:"));
    for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
        guint64 now = change->now[types[i]], then = change->before[types[i]];

        char number[SPOKEN_SIZE];

        g_string_append_printf (out, "%s %s %s", i ? "," : "", type_label (types[i]), spoken_number (now, " ", number));
        if (now == then)
            g_string_append (out, " (=)");
        else
            g_string_append_printf (out, " (%c%s)", now > then ? '+' : '-',
                                    spoken_number (now > then ? now - then : then - now, " ", number));
    }
    return arena_strdup (arena, out->str);
}
