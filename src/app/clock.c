/* SPDX-License-Identifier: MIT */
#include "app/clock.h"

#include "app/app_error.h"
#include "base/date.h"

gboolean
clock_init (Clock *clock, const char *now_option, GError **error)
{
    const char *epoch = g_getenv ("SOURCE_DATE_EPOCH");
    clock->fixed = TRUE;
    if (now_option) {
        clock->now = date_parse_rfc3339 (now_option);
        if (clock->now != DATE_NONE)
            return TRUE;
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "--now: '%s' is no date like 2026-11-21T03:00:00Z", now_option);
        return FALSE;
    }
    if (epoch && *epoch) {
        if (g_ascii_string_to_signed (epoch, 10, 0, G_MAXINT32 * G_GINT64_CONSTANT (64), &clock->now, NULL))
            return TRUE;
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "SOURCE_DATE_EPOCH: '%s' is no number of seconds", epoch);
        return FALSE;
    }
    clock->fixed = FALSE;
    clock->now = g_get_real_time () / G_USEC_PER_SEC;
    return TRUE;
}

static gint64
unit_seconds (char unit)
{
    switch (unit) {
    case 'h':
        return 3600;
    case 'd':
        return 86400;
    case 'w':
        return 7 * 86400;
    case 'y':
        return 365 * 86400;
    default:
        return 0;
    }
}

gboolean
clock_parse_moment (const char *text, const Clock *clock, const char *option, gint64 *moment, GError **error)
{
    *moment = DATE_NONE;
    if (!text)
        return TRUE;
    char *end = NULL;
    guint64 count = g_ascii_isdigit (*text) ? g_ascii_strtoull (text, &end, 10) : 0;
    if (end && *end && end[1] == '\0' && unit_seconds (*end) > 0 && count <= 1000000) {
        *moment = clock->now - (gint64) count * unit_seconds (*end);
        return TRUE;
    }
    *moment = date_parse_rfc3339 (text);
    if (*moment != DATE_NONE)
        return TRUE;
    g_set_error (error, APP_ERROR, APP_ERROR_USAGE,
                 "--%s: '%s' is neither a date like 2026-11-21 nor a span like 7d", option, text);
    return FALSE;
}
