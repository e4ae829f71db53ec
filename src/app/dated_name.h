/* SPDX-License-Identifier: MIT */
/* Names of published files: "remove.csv" is the stable name, "remove-2026-11-21.csv" its copy of a day,
 * "remove.0002.csv" and "remove-2026-11-21.0002.csv" the second part of a list that is split. */
#ifndef NIXIE_APP_DATED_NAME_H
#define NIXIE_APP_DATED_NAME_H

#include <glib.h>

/* `date` DATE_NONE = the stable name; `part` 0 = not split. Yours. */
char *dated_name (const char *file, gint64 date, guint part);
/* The day of a copy of `file` in the same folder (of its base name), DATE_NONE when it is none. */
gint64 dated_name_day (const char *file, const char *base);
/* The part number of a stable part of `file`; 0 when it is none. */
guint dated_name_part (const char *file, const char *base);

#endif
