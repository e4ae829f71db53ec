/* SPDX-License-Identifier: MIT */
/* A JSON writer for fixed shapes: commas and nesting are looked after, keys are machine words. `key` NULL = an element
 * of an array. */
#ifndef NIXIE_REPORT_JSON_H
#define NIXIE_REPORT_JSON_H

#include "base/writer.h"

typedef struct {
    Writer *writer;
    gboolean inside; /* something stands before in this object or array */
} Json;

void json_open (Json *json, const char *key, char bracket);   /* '{' or '[' */
void json_close (Json *json, char bracket);                   /* '}' or ']' */
void json_string (Json *json, const char *key, const char *text); /* NULL = "" */
void json_number (Json *json, const char *key, guint64 number);
void json_date (Json *json, const char *key, gint64 date);    /* RFC 3339, null for DATE_NONE */

#endif
