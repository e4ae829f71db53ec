/* SPDX-License-Identifier: MIT */
#include "report/events_csv.h"

#include "base/date.h"
#include "event/address.h"
#include "event/event_json.h"

void
events_csv_header (Writer *writer, CsvStyle style)
{
    Csv csv = {writer, style, 0};

    csv_header (&csv, "v event_id message_id source offset date type fault reason rule recipient final_recipient "
                      "original_recipient domain provider gateway action status status_from reply diagnostic command "
                      "format agent reporting_mta remote_mta original_message_id original_sender original_subject "
                      "list_id trust flags");
}

/* What a report gives as an address may be anything: it is left alone only when it is an address. */
static void
address_cell (Csv *csv, const char *text)
{
    if (address_is_valid (text))
        csv_address (csv, text);
    else
        csv_text (csv, text);
}

static void
flags_cell (Csv *csv, guint32 flags)
{
    g_autoptr (GString) words = g_string_new (NULL);

    for (guint bit = 0; bit < N_FLAGS; bit++)
        if (flags & (1u << bit))
            g_string_append_printf (words, "%s%s", words->len ? " " : "", flag_word (bit));
    csv_text (csv, words->str);
}

void
events_csv_row (Writer *writer, const BounceEvent *event, CsvStyle style)
{
    Csv csv = {writer, style, 0};
    char id[DIGEST_TEXT_SIZE];

    csv_number (&csv, EVENT_SCHEMA_VERSION);
    csv_text (&csv, digest_format (&event->event_id, id));
    csv_text (&csv, event->message_id);
    csv_text (&csv, event->source);
    csv_number (&csv, event->offset);
    csv_date (&csv, event->date);
    csv_text (&csv, event_type_word (event->type));
    csv_text (&csv, fault_word (event->fault));
    csv_text (&csv, reason_word (event->reason));
    csv_text (&csv, event->rule);
    csv_address (&csv, event->recipient);
    address_cell (&csv, event->final_recipient);
    address_cell (&csv, event->original_recipient);
    csv_text (&csv, event->domain);
    csv_text (&csv, event->provider);
    csv_text (&csv, event->gateway);
    csv_text (&csv, event->action);
    csv_text (&csv, event->status);
    csv_text (&csv, status_from_word (event->status_from));
    csv_text (&csv, event->reply);
    csv_text (&csv, event->diagnostic);
    csv_text (&csv, event->command);
    csv_text (&csv, event->format);
    csv_text (&csv, event->agent);
    csv_text (&csv, event->reporting_mta);
    csv_text (&csv, event->remote_mta);
    csv_text (&csv, event->original_message_id);
    address_cell (&csv, event->original_sender);
    csv_text (&csv, event->original_subject);
    csv_text (&csv, event->list_id);
    csv_text (&csv, trust_word (event->trust));
    flags_cell (&csv, event->flags);
    csv_end (&csv);
}
