/* SPDX-License-Identifier: MIT */
/* Bounces per day, stacked by type. A long span is told by weeks, a longer one by months, so that there are never more
 * columns than can be seen; a day without a bounce has its place: a hole in a chart is a finding. */
#include "report/html_sections.h"

#include "base/date.h"
#include "base/i18n.h"
#include "base/spoken.h"
#include "report/reason_text.h"
#include "report/svg.h"
#include <stdlib.h>

#define LEAST 14   /* columns */
#define MOST 120
#define DAYS_MOST 62
#define WEEKS_MOST 104
#define DAY 86400

typedef enum { UNIT_DAY, UNIT_WEEK, UNIT_MONTH } Unit;

static const EventType types[] = {TYPE_HARD, TYPE_SOFT, TYPE_BLOCK, TYPE_COMPLAINT, TYPE_UNKNOWN};
static const char *const classes[] = {"hard", "soft", "block", "complaint", "unknown"};

/* Number of the unit that a day falls in; weeks begin on Monday (1970-01-01 was a Thursday). */
static gint64
unit_of (Unit unit, gint64 date)
{
    char text[DATE_TEXT_SIZE];
    gint64 day = date_day (date);

    switch (unit) {
    case UNIT_WEEK:
        return (day + 3 - ((day + 3) % 7 + 7) % 7) / 7;
    case UNIT_MONTH:
        date_format_day (date, text);
        return strtol (text, NULL, 10) * 12 + strtol (text + 5, NULL, 10) - 1;
    default:
        return day;
    }
}

static const char *
unit_text (Html *html, Unit unit, gint64 number)
{
    char text[SPOKEN_SIZE];

    if (unit == UNIT_MONTH)
        return arena_strdup (html->arena, spoken_month ((int) (number / 12), (int) (number % 12) + 1, text));
    return arena_strdup (html->arena, spoken_day ((unit == UNIT_WEEK ? number * 7 - 3 : number) * DAY, text));
}

typedef struct {
    Unit unit;
    gint64 first, last;     /* units */
    SvgColumn columns[MOST];
    guint n;
    guint64 most;           /* the highest column */
    guint64 all[G_N_ELEMENTS (types)];
    guint64 earlier;        /* events before the first column */
} Chart;

static gboolean
choose_span (Chart *chart, const ReportRow *rows, guint n, gint64 now)
{
    gint64 first = DATE_NONE, last = DATE_NONE, days;

    for (guint i = 0; i < n; i++) {
        gint64 date = rows[i].last_seen;

        if (date == DATE_NONE || (now != DATE_NONE && date > now + DAY))
            continue; /* a date of the future is a clock gone wrong, and would squeeze everything else */
        if (first == DATE_NONE)
            first = date;
        last = date;
    }
    if (first == DATE_NONE)
        return FALSE;
    days = date_day (last) - date_day (first) + 1;
    chart->unit = days <= DAYS_MOST ? UNIT_DAY : days <= WEEKS_MOST * 7 ? UNIT_WEEK : UNIT_MONTH;
    chart->last = unit_of (chart->unit, last);
    chart->first = MIN (unit_of (chart->unit, first), chart->last - LEAST + 1);
    chart->first = MAX (chart->first, chart->last - MOST + 1);
    chart->n = (guint) (chart->last - chart->first + 1);
    return TRUE;
}

static void
fill (Chart *chart, const ReportRow *rows, guint n)
{
    for (guint i = 0; i < n; i++) {
        gint64 at;

        if (rows[i].last_seen == DATE_NONE)
            continue;
        at = unit_of (chart->unit, rows[i].last_seen);
        if (at < chart->first)
            chart->earlier += rows[i].events;
        if (at < chart->first || at > chart->last)
            continue;
        for (guint t = 0; t < G_N_ELEMENTS (types); t++) {
            chart->columns[at - chart->first].values[t] += rows[i].by_type[types[t]];
            chart->all[t] += rows[i].by_type[types[t]];
        }
    }
}

static void
name_columns (Html *html, Chart *chart)
{
    for (guint i = 0; i < chart->n; i++) {
        g_autoptr (GString) title = g_string_new (unit_text (html, chart->unit, chart->first + i));
        guint64 sum = 0;

        for (guint t = 0; t < G_N_ELEMENTS (types); t++) {
            sum += chart->columns[i].values[t];
            if (chart->columns[i].values[t] > 0)
                g_string_append_printf (title, "%s%s %s", sum == chart->columns[i].values[t] ? ": " : ", ",
                                        type_label (types[t]), html_number (html, chart->columns[i].values[t]));
        }
        chart->most = MAX (chart->most, sum);
        chart->columns[i].title = arena_strdup (html->arena, title->str);
    }
}

static void
put_legend (Html *html, const Chart *chart)
{
    html_open (html, "ul", "class", "legend", NULL);
    for (guint t = 0; t < G_N_ELEMENTS (types); t++)
        if (chart->all[t] > 0) {
            html_open (html, "li", "class", classes[t], NULL);
            html_leaf (html, "b", NULL, type_label (types[t]));
            html_words (html, " ");
            html_words (html, html_number (html, chart->all[t]));
            html_leaf (html, "span", "dim", arena_printf (html->arena, " %s", type_meaning (types[t])));
            html_close (html);
        }
    html_close (html);
}

void
html_days (Html *html, ReportModel *model)
{
    static const char *const titles[] = {N_ ("Bounces per day"), N_ ("Bounces per week"), N_ ("Bounces per month")};
    guint n;
    const ReportRow *rows = report_model_rows (model, REPORT_BY_DAY, &n);
    g_autofree Chart *chart = g_new0 (Chart, 1);
    guint64 top;

    if (!choose_span (chart, rows, n, report_model_context (model)->now))
        return;
    fill (chart, rows, n);
    name_columns (html, chart);
    top = svg_round_up (MAX (chart->most, 1));
    html_section (html, "days", _(titles[chart->unit]), NULL);
    put_legend (html, chart);
    html_open (html, "div", "class", "chart", NULL);
    html_leaf (html, "span", "axis", html_number (html, top));
    if (top % 2 == 0)
        html_leaf (html, "span", "axis half", html_number (html, top / 2)); /* beside the line at half the height */
    svg_columns (html, _(titles[chart->unit]), classes, G_N_ELEMENTS (types), chart->columns, chart->n, top);
    html_close (html);
    html_open (html, "p", "class", "ticks", NULL);
    html_leaf (html, "span", NULL, unit_text (html, chart->unit, chart->first));
    html_leaf (html, "span", "middle", unit_text (html, chart->unit, (chart->first + chart->last) / 2));
    html_leaf (html, "span", NULL, unit_text (html, chart->unit, chart->last));
    html_close (html);
    if (chart->earlier > 0)
        html_leaf (html, "p", "more",
                   arena_printf (html->arena,
                                 P_ ("%s event is earlier than this chart.",
                                     "%s events are earlier than this chart.", chart->earlier),
                                 html_number (html, chart->earlier)));
    html_close (html);
}
