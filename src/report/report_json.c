/* SPDX-License-Identifier: MIT */
#include "report/report_json.h"

#include "base/date.h"
#include "report/json.h"
#include "report/reason_text.h"

#define ROW_CODES 5 /* codes of a row: the main ones; `report --by=status` has them all */

static const EventType type_order[] = {TYPE_HARD, TYPE_SOFT, TYPE_BLOCK, TYPE_COMPLAINT, TYPE_AUTOREPLY,
                                       TYPE_DELAYED, TYPE_DELIVERED, TYPE_UNKNOWN};

static void
put_counts (Json *json, const ReportRow *row)
{
    json_number (json, "events", row->events);
    json_number (json, "recipients", row->recipients);
    for (guint i = 0; i < G_N_ELEMENTS (type_order); i++)
        json_number (json, event_type_word (type_order[i]), row->by_type[type_order[i]]);
    json_date (json, "first_seen", row->first_seen);
    json_date (json, "last_seen", row->last_seen);
}

static void
put_code (Json *json, const ReportCode *code)
{
    json_open (json, NULL, '{');
    json_string (json, "code", code->code);
    json_string (json, "reason", reason_word (code->reason));
    json_string (json, "type", event_type_word (code->type));
    json_number (json, "events", code->events);
    json_number (json, "recipients", code->recipients);
    json_date (json, "first_seen", code->first_seen);
    json_date (json, "last_seen", code->last_seen);
    json_string (json, "sample", code->sample);
    json_close (json, '}');
}

static void
put_table (Json *json, ReportModel *model, ReportBy by, guint top)
{
    guint n;
    const ReportRow *rows = report_model_rows (model, by, &n);

    if (by != REPORT_BY_DAY && top > 0 && n > top)
        n = top;
    json_open (json, report_by_word (by), '{');
    json_number (json, "keys", report_model_keys (model, by));
    json_open (json, "rows", '[');
    for (guint i = 0; i < n; i++) {
        json_open (json, NULL, '{');
        json_string (json, "key", rows[i].key);
        put_counts (json, &rows[i]);
        json_string (json, "top_status", rows[i].top_status);
        json_string (json, "sample", rows[i].sample);
        if (by == REPORT_BY_STATUS)
            json_string (json, "meaning", report_model_meaning (model, rows[i].key));
        json_open (json, "codes", '[');
        for (guint c = 0; c < MIN (rows[i].n_codes, ROW_CODES); c++)
            put_code (json, &rows[i].codes[c]);
        json_close (json, ']');
        json_close (json, '}');
    }
    json_close (json, ']');
    json_close (json, '}');
}

static void
put_incidents (Json *json, const ReportModel *model)
{
    g_autoptr (GArray) incidents = report_model_incidents (model);
    char day[DATE_TEXT_SIZE];

    json_open (json, "incidents", '[');
    for (guint i = 0; i < incidents->len; i++) {
        const ReportIncident *incident = &g_array_index (incidents, ReportIncident, i);
        json_open (json, NULL, '{');
        json_string (json, "provider", incident->provider);
        json_string (json, "message_id", incident->message_id);
        json_string (json, "subject", incident->subject);
        json_string (json, "reason", reason_word (incident->reason));
        json_number (json, "refusals", incident->refusals);
        json_string (json, "first_day", date_format_day (incident->first_day * 86400, day));
        json_string (json, "last_day", date_format_day (incident->last_day * 86400, day));
        json_close (json, '}');
    }
    json_close (json, ']');
}

void
report_json_write (Writer *writer, ReportModel *model, guint top)
{
    const ReportContext *context = report_model_context (model);
    Json json = {writer, FALSE};

    json_open (&json, NULL, '{');
    json_number (&json, "v", REPORT_SCHEMA_VERSION);
    json_date (&json, "now", context->now);
    json_date (&json, "since", context->since);
    json_date (&json, "until", context->until);
    json_string (&json, "rules_version", context->rules_version);
    json_string (&json, "psl_date", context->psl_date);
    json_open (&json, "messages", '{');
    json_number (&json, "read", context->messages);
    json_number (&json, "bounces", context->bounces);
    json_number (&json, "unparsed", context->unparsed);
    json_number (&json, "unreadable", context->unreadable);
    json_close (&json, '}');
    json_open (&json, "total", '{');
    put_counts (&json, report_model_total (model));
    json_close (&json, '}');
    json_open (&json, "decisions", '{');
    for (int kind = N_DECISIONS - 1; kind >= 0; kind--)
        json_number (&json, decision_word ((DecisionKind) kind), report_model_decisions (model, (DecisionKind) kind));
    json_close (&json, '}');
    json_open (&json, "by", '{');
    for (guint by = 0; by < N_REPORT_BY; by++)
        put_table (&json, model, (ReportBy) by, top);
    json_close (&json, '}');
    json_string (&json, "gate", context->gate_open ? "open" : "closed");
    put_incidents (&json, model);
    json_close (&json, '}');
    writer_putc (writer, '\n');
}
