/* SPDX-License-Identifier: MIT */
/* Time as a value. Only src/app makes one (from --now, SOURCE_DATE_EPOCH or the system); everybody else is given it. */
#ifndef NIXIE_BASE_CLOCK_H
#define NIXIE_BASE_CLOCK_H

#include <glib.h>

typedef struct {
    gint64 now;     /* seconds since 1970 UTC */
    gboolean fixed; /* told by --now or SOURCE_DATE_EPOCH */
} Clock;

#endif
