/* SPDX-License-Identifier: MIT */
#include "report/json.h"

#include "base/date.h"
#include "event/event_json.h"

static void
start (Json *json, const char *key)
{
    if (json->inside)
        writer_putc (json->writer, ',');
    json->inside = TRUE;
    if (key)
        writer_printf (json->writer, "\"%s\":", key);
}

void
json_open (Json *json, const char *key, char bracket)
{
    start (json, key);
    writer_putc (json->writer, bracket);
    json->inside = FALSE;
}

void
json_close (Json *json, char bracket)
{
    writer_putc (json->writer, bracket);
    json->inside = TRUE;
}

void
json_string (Json *json, const char *key, const char *text)
{
    start (json, key);
    json_write_string (json->writer, text ? text : "");
}

void
json_number (Json *json, const char *key, guint64 number)
{
    start (json, key);
    writer_printf (json->writer, "%" G_GUINT64_FORMAT, number);
}

void
json_date (Json *json, const char *key, gint64 date)
{
    char text[DATE_TEXT_SIZE];

    start (json, key);
    if (*date_format (date, text))
        writer_printf (json->writer, "\"%s\"", text);
    else
        writer_puts (json->writer, "null");
}
