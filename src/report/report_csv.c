/* SPDX-License-Identifier: MIT */
#include "report/report_csv.h"

static const EventType type_order[] = {TYPE_HARD, TYPE_SOFT, TYPE_BLOCK, TYPE_COMPLAINT, TYPE_AUTOREPLY,
                                       TYPE_DELAYED, TYPE_DELIVERED, TYPE_UNKNOWN};

void
report_csv_write (Writer *writer, ReportModel *model, ReportBy by, guint top, CsvStyle style)
{
    Csv csv = {writer, style, 0};
    guint n;
    const ReportRow *rows = report_model_rows (model, by, &n);

    csv_text (&csv, report_by_word (by));
    csv_header (&csv, "events recipients hard soft block complaint autoreply delayed delivered unknown first_seen "
                      "last_seen top_status sample");
    for (guint i = 0; i < n && (top == 0 || i < top); i++) {
        const ReportRow *row = &rows[by == REPORT_BY_DAY && top > 0 && n > top ? n - top + i : i];

        if (by == REPORT_BY_RECIPIENT)
            csv_address (&csv, row->key);
        else
            csv_text (&csv, row->key);
        csv_number (&csv, row->events);
        csv_number (&csv, row->recipients);
        for (guint type = 0; type < G_N_ELEMENTS (type_order); type++)
            csv_number (&csv, row->by_type[type_order[type]]);
        csv_date (&csv, row->first_seen);
        csv_date (&csv, row->last_seen);
        csv_text (&csv, row->top_status);
        csv_text (&csv, row->sample);
        csv_end (&csv);
    }
}
