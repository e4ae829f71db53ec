/* SPDX-License-Identifier: MIT */
/* Where "now" comes from: --now, else SOURCE_DATE_EPOCH (reproducible-builds.org), else the system; and points in time
 * as people type them. */
#ifndef NIXIE_APP_CLOCK_H
#define NIXIE_APP_CLOCK_H

#include "base/clock.h"

/* `now_option`: RFC 3339 or NULL. FALSE with APP_ERROR_USAGE when it (or SOURCE_DATE_EPOCH) is no date. */
gboolean clock_init (Clock *clock, const char *now_option, GError **error);
/* An RFC 3339 date, or a span back from `now`: "7d" (h, d, w, y for hours, days, weeks, years of 365 days). NULL text
 * gives DATE_NONE. `option` is the name for the message. */
gboolean clock_parse_moment (const char *text, const Clock *clock, const char *option, gint64 *moment, GError **error);

#endif
