/* SPDX-License-Identifier: MIT */
/* Dates: what mail says of them (RFC 5322 section 3.3 with its obsolete forms, mbox `From ` lines, RFC 3339) to
 * seconds since 1970 UTC, and back to RFC 3339. Own reader: GLib's and GMime's guess where they should refuse, and
 * depend on the locale or the zone of the machine. Pure. */
#ifndef NIXIE_BASE_DATE_H
#define NIXIE_BASE_DATE_H

#include <glib.h>

#define DATE_NONE G_MININT64 /* no date, or none that can be read */
#define DATE_TEXT_SIZE 24    /* "-292277022657-01-27T08:29:52Z" cannot occur: years are 0001..9999 */

/* RFC 5322 date-time, leniently: day name optional, two- and three-digit years (RFC 5322 section 4.3), named and
 * numeric zones (unknown or none = UTC), comments, one- or two-digit days, missing seconds, asctime(3) order,
 * and the RFC 3339 form. DATE_NONE when it is no date. */
gint64 date_parse (const char *text);
gint64 date_parse_length (const char *text, gsize length);
/* RFC 3339 only ("2026-11-21", "2026-11-21T03:00:00Z", with fraction and offset). */
gint64 date_parse_rfc3339 (const char *text);
/* "2026-11-21T03:00:00Z"; "" for DATE_NONE. Returns `out`. */
const char *date_format (gint64 date, char out[DATE_TEXT_SIZE]);
/* "2026-11-21"; "" for DATE_NONE. Returns `out`. */
const char *date_format_day (gint64 date, char out[DATE_TEXT_SIZE]);
/* Day number since 1970-01-01 UTC, floor division. */
gint64 date_day (gint64 date);
gint64 date_from_civil (int year, int month, int day, int hour, int minute, int second);

#endif
