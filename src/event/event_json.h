/* SPDX-License-Identifier: MIT */
/* The event as one line of NDJSON, schema version 1 (doc/event.schema.json): keys in a fixed order, always all
 * present, "" or null where unknown, UTF-8. And back, for `merge`, `import` and partial results. */
#ifndef NIXIE_EVENT_EVENT_JSON_H
#define NIXIE_EVENT_EVENT_JSON_H

#include "base/writer.h"
#include "event/event.h"

#define EVENT_SCHEMA_VERSION 1

#define EVENT_JSON_ERROR (event_json_error_quark ())
GQuark event_json_error_quark (void);
typedef enum { EVENT_JSON_ERROR_SYNTAX, EVENT_JSON_ERROR_VERSION, EVENT_JSON_ERROR_VALUE } EventJsonError;

/* One line with its LF. */
void event_json_write (Writer *writer, const BounceEvent *event);
/* A JSON string with its quotes, for other writers of JSON. */
void json_write_string (Writer *writer, const char *text);
/* Reads what event_json_write() wrote, keys in any order, unknown keys passed over. Strings go to `arena`. */
gboolean event_json_read (const char *line, gsize length, Arena *arena, BounceEvent *event, GError **error);

#endif
