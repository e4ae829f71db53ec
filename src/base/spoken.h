/* SPDX-License-Identifier: MIT */
/* Days, numbers and shares as people write them in the language of the catalogue (base/i18n.h): 21.11.2026 and 1.234,5.
 * The catalogue translates an example of each ("2026-11-21", "1 234 567", "0.4 %"), and what is written here follows
 * the example: no locale of the C library has a say. For people only: machines read base/date.h and plain digits. */
#ifndef NIXIE_BASE_SPOKEN_H
#define NIXIE_BASE_SPOKEN_H

#include <glib.h>

#define SPOKEN_SIZE 64

/* All return `out`; "" for DATE_NONE. Days are days of UTC. */
const char *spoken_day (gint64 date, char out[SPOKEN_SIZE]);    /* "2026-11-21" */
const char *spoken_minute (gint64 date, char out[SPOKEN_SIZE]); /* "2026-11-21 03:04" */
const char *spoken_month (int year, int month, char out[SPOKEN_SIZE]); /* "2026-11" */
/* 1234567 with what the language puts between thousands; English: `divider`. */
const char *spoken_number (guint64 number, const char *divider, char out[SPOKEN_SIZE]);
/* "12 %", "0.4 %", "<0.1 %"; "" of nothing. */
const char *spoken_share (guint64 part, guint64 whole, char out[SPOKEN_SIZE]);

#endif
