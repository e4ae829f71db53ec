/* SPDX-License-Identifier: MIT */
#include "report/metrics.h"

#include "base/date.h"

static void
put_head (Writer *writer, const char *name, const char *help)
{
    writer_printf (writer, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void
put_gauge (Writer *writer, const char *name, const char *help, gint64 value)
{
    put_head (writer, name, help);
    writer_printf (writer, "%s %" G_GINT64_FORMAT "\n", name, value);
}

/* A value between the quotes of a label: backslash, quote and line end are escaped; names of mail are not all ours. */
static void
put_label (Writer *writer, const char *value)
{
    for (; *value; value++) {
        if (*value == '\\' || *value == '"')
            writer_putc (writer, '\\');
        if (*value == '\n')
            writer_puts (writer, "\\n");
        else
            writer_putc (writer, *value);
    }
}

static void
put_messages (Writer *writer, const ReportContext *context)
{
    put_gauge (writer, "nixie_messages", "Messages read.", (gint64) context->messages);
    put_gauge (writer, "nixie_bounce_messages", "Messages that were understood as bounces or answers.",
               (gint64) context->bounces);
    put_gauge (writer, "nixie_unparsed_messages", "Messages that look like bounces and were not understood.",
               (gint64) context->unparsed);
}

static void
put_types (Writer *writer, const ReportRow *total)
{
    put_head (writer, "nixie_events", "Bounce events by type.");
    for (guint type = 0; type < N_TYPES; type++)
        writer_printf (writer, "nixie_events{type=\"%s\"} %" G_GUINT64_FORMAT "\n", event_type_word ((EventType) type),
                       total->by_type[type]);
    put_gauge (writer, "nixie_newest_event_timestamp_seconds", "Date of the newest event, 0 when there is none.",
               total->last_seen == DATE_NONE ? 0 : total->last_seen);
}

static void
put_decisions (Writer *writer, const ReportModel *model)
{
    put_head (writer, "nixie_addresses", "Addresses by decision.");
    for (guint kind = 0; kind < N_DECISIONS; kind++)
        writer_printf (writer, "nixie_addresses{decision=\"%s\"} %" G_GUINT64_FORMAT "\n",
                       decision_word ((DecisionKind) kind), report_model_decisions (model, (DecisionKind) kind));
}

static void
put_providers (Writer *writer, ReportModel *model)
{
    static const EventType types[] = {TYPE_HARD, TYPE_SOFT, TYPE_BLOCK, TYPE_COMPLAINT};
    guint n;
    const ReportRow *rows = report_model_rows (model, REPORT_BY_PROVIDER, &n);

    if (n == 0)
        return;
    put_head (writer, "nixie_provider_events", "Bounce events of the providers with most of them, by type.");
    for (guint i = 0; i < MIN (n, METRICS_PROVIDERS); i++)
        for (guint t = 0; t < G_N_ELEMENTS (types); t++) {
            writer_puts (writer, "nixie_provider_events{provider=\"");
            put_label (writer, rows[i].key);
            writer_printf (writer, "\",type=\"%s\"} %" G_GUINT64_FORMAT "\n", event_type_word (types[t]),
                           rows[i].by_type[types[t]]);
        }
}

void
metrics_write (Writer *writer, const Metrics *metrics)
{
    put_head (writer, "nixie_build_info", "The program; the value is always 1.");
    writer_printf (writer, "nixie_build_info{version=\"%s\"} 1\n", metrics->version);
    put_gauge (writer, "nixie_last_run_timestamp_seconds", "When the last run ended, well or not.", metrics->now);
    put_gauge (writer, "nixie_last_run_success", "1 when the last run did all that it was asked for.",
               metrics->success);
    put_gauge (writer, "nixie_last_run_exit_status", "Exit status of the last run.", metrics->status);
    if (metrics->last_success != DATE_NONE)
        put_gauge (writer, METRICS_SUCCESS, "When a run last did all that it was asked for.", metrics->last_success);
    if (metrics->milliseconds >= 0) {
        put_head (writer, "nixie_last_run_duration_seconds", "How long the last run took.");
        writer_printf (writer, "nixie_last_run_duration_seconds %" G_GINT64_FORMAT ".%03d\n",
                       metrics->milliseconds / 1000, (int) (metrics->milliseconds % 1000));
    }
    if (!metrics->model)
        return;
    put_messages (writer, report_model_context (metrics->model));
    put_types (writer, report_model_total (metrics->model));
    put_decisions (writer, metrics->model);
    put_providers (writer, metrics->model);
}
