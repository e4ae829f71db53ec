/* SPDX-License-Identifier: MIT */
#include "base/spoken.h"

#include <string.h>

#include "base/date.h"
#include "base/i18n.h"

/* A part of an example, and what stands there now. */
typedef struct {
    const char *example;
    int value, digits;
} Part;

static const char *
follow (const char *example, const Part *parts, guint n, char out[SPOKEN_SIZE])
{
    gsize at = 0;

    while (*example && at + 1 < SPOKEN_SIZE) {
        guint i;

        for (i = 0; i < n && !g_str_has_prefix (example, parts[i].example); i++)
            ;
        if (i == n) {
            out[at++] = *example++;
            continue;
        }
        g_snprintf (out + at, SPOKEN_SIZE - at, "%0*d", parts[i].digits, parts[i].value);
        at += strlen (out + at);
        example += strlen (parts[i].example);
    }
    out[at] = '\0';
    return out;
}

static int
digits_at (const char *text, gsize at, gsize length)
{
    int number = 0;

    for (gsize i = at; i < at + length; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

static const char *
follow_date (gint64 date, const char *example, char out[SPOKEN_SIZE])
{
    char text[DATE_TEXT_SIZE]; /* "2026-11-21T03:04:05Z" */

    if (!*date_format (date, text)) {
        *out = '\0';
        return out;
    }
    Part parts[] = {{"2026", digits_at (text, 0, 4), 4},  {"11", digits_at (text, 5, 2), 2},
                    {"21", digits_at (text, 8, 2), 2},    {"03", digits_at (text, 11, 2), 2},
                    {"04", digits_at (text, 14, 2), 2}};
    return follow (example, parts, G_N_ELEMENTS (parts), out);
}

const char *
spoken_day (gint64 date, char out[SPOKEN_SIZE])
{
    /* Translators: 21 November 2026 as your language writes it in a table, in ten columns if it can. */
    return follow_date (date, _("2026-11-21"), out);
}

const char *
spoken_minute (gint64 date, char out[SPOKEN_SIZE])
{
    /* Translators: the same day, four minutes past three in the morning. */
    return follow_date (date, _("2026-11-21 03:04"), out);
}

const char *
spoken_month (int year, int month, char out[SPOKEN_SIZE])
{
    Part parts[] = {{"2026", year, 4}, {"11", month, 2}};

    /* Translators: November 2026, in a table. */
    return follow (_("2026-11"), parts, G_N_ELEMENTS (parts), out);
}

const char *
spoken_number (guint64 number, const char *divider, char out[SPOKEN_SIZE])
{
    /* Translators: what your language puts between thousands; the digits are those of the example. */
    const char *example = _("1 234 567");
    const char *end = strchr (example, '2');
    char digits[I18N_DIGITS], own[8] = "";
    gsize length, at = 0;

    if (strcmp (example, "1 234 567") != 0 && *example == '1' && end && (gsize) (end - example) <= sizeof own) {
        memcpy (own, example + 1, (gsize) (end - example) - 1);
        divider = own;
    }
    i18n_digits (number, digits);
    length = strlen (digits);
    for (gsize i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            at += g_strlcpy (out + at, divider, SPOKEN_SIZE - at);
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

const char *
spoken_share (guint64 part, guint64 whole, char out[SPOKEN_SIZE])
{
    /* Translators: a share with one decimal; the digits are those of the example. */
    const char *example = _("0.4 %");
    const char *point = example + 1, *tail = strchr (example, '4');
    double share;
    guint tenths;

    *out = '\0';
    if (whole == 0)
        return out;
    if (*example != '0' || !tail) /* no example that can be followed */
        example = "0.4 %", point = example + 1, tail = example + 3;
    share = (double) part * 100.0 / (double) whole;
    tenths = (guint) (share * 10.0 + 0.5);
    if (part > 0 && share < 0.05)
        g_snprintf (out, SPOKEN_SIZE, "<0%.*s1%s", (int) (tail - point), point, tail + 1);
    else if (part > 0 && share < 9.95 && tenths % 10 != 0)
        g_snprintf (out, SPOKEN_SIZE, "%u%.*s%u%s", tenths / 10, (int) (tail - point), point, tenths % 10, tail + 1);
    else
        g_snprintf (out, SPOKEN_SIZE, "%u%s", (guint) (share + 0.5), tail + 1);
    return out;
}
