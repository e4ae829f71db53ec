/* SPDX-License-Identifier: MIT */
#include "base/date.h"

#include "base/ascii.h"
#include "base/text.h"

#include <string.h>

#define MAX_DATE_TEXT 200 /* longer is no date */
#define MAX_TOKENS 16

/* Days of the civil calendar to days since 1970 (Howard Hinnant's arithmetic: years begin in March). */
static gint64
days_from_civil (gint64 year, int month, int day)
{
    gint64 era, year_of_era, day_of_year;

    year -= month <= 2;
    era = (year >= 0 ? year : year - 399) / 400;
    year_of_era = year - era * 400;
    day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void
civil_from_days (gint64 days, int *year, int *month, int *day)
{
    gint64 era, day_of_era, year_of_era, day_of_year, shifted;

    days += 719468;
    era = (days >= 0 ? days : days - 146096) / 146097;
    day_of_era = days - era * 146097;
    year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    shifted = (5 * day_of_year + 2) / 153;
    *day = (int) (day_of_year - (153 * shifted + 2) / 5 + 1);
    *month = (int) (shifted < 10 ? shifted + 3 : shifted - 9);
    *year = (int) (year_of_era + era * 400 + (*month <= 2));
}

static int
days_in_month (int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0) ? 29 : days[month - 1];
}

/* DATE_NONE when a field is out of range. A leap second counts as the second before it. */
static gint64
checked (int year, int month, int day, int hour, int minute, int second)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > days_in_month (year, month) ||
        hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return DATE_NONE;
    return date_from_civil (year, month, day, hour, minute, MIN (second, 59));
}

gint64
date_from_civil (int year, int month, int day, int hour, int minute, int second)
{
    return days_from_civil (year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
}

gint64
date_day (gint64 date)
{
    return date / 86400 - (date % 86400 < 0);
}

/* The number in as many digits as asked for. */
static void
put_number (char *out, int digits, int number)
{
    for (; digits > 0; number /= 10)
        out[--digits] = (char) ('0' + number % 10);
}

const char *
date_format (gint64 date, char out[DATE_TEXT_SIZE])
{
    int year, month, day;
    gint64 days, seconds;

    out[0] = '\0';
    if (date == DATE_NONE || date < date_from_civil (1, 1, 1, 0, 0, 0) ||
        date > date_from_civil (9999, 12, 31, 23, 59, 59))
        return out;
    days = date_day (date);
    seconds = date - days * 86400;
    civil_from_days (days, &year, &month, &day);
    memcpy (out, "0000-00-00T00:00:00Z", sizeof "0000-00-00T00:00:00Z");
    put_number (out, 4, year);
    put_number (out + 5, 2, month);
    put_number (out + 8, 2, day);
    put_number (out + 11, 2, (int) (seconds / 3600));
    put_number (out + 14, 2, (int) (seconds / 60 % 60));
    put_number (out + 17, 2, (int) (seconds % 60));
    return out;
}

const char *
date_format_day (gint64 date, char out[DATE_TEXT_SIZE])
{
    date_format (date, out);
    out[10] = '\0';
    return out;
}

/* --- reading -------------------------------------------------------------------------------------------------------*/

/* `n` digits exactly; -1 when there are fewer. */
static int
digits (const char **at, const char *end, int n)
{
    int value = 0;

    for (int i = 0; i < n; i++, (*at)++) {
        if (*at >= end || !g_ascii_isdigit (**at))
            return -1;
        value = value * 10 + (**at - '0');
    }
    return value;
}

static gboolean
skip (const char **at, const char *end, char wanted)
{
    if (*at < end && g_ascii_toupper (**at) == wanted) {
        (*at)++;
        return TRUE;
    }
    return FALSE;
}

/* "+09:00", "-0500", "Z" to seconds east; FALSE when it is none. */
static gboolean
parse_offset (const char **at, const char *end, gint64 *east)
{
    int sign, hours, minutes;

    *east = 0;
    if (skip (at, end, 'Z'))
        return TRUE;
    if (*at >= end || (**at != '+' && **at != '-'))
        return FALSE;
    sign = *(*at)++ == '-' ? -1 : 1;
    hours = digits (at, end, 2);
    skip (at, end, ':');
    minutes = digits (at, end, 2);
    if (hours < 0 || minutes < 0 || minutes > 59 || hours > 24)
        return FALSE;
    *east = sign * (hours * 3600 + minutes * 60);
    return TRUE;
}

static gint64
parse_rfc3339 (const char *at, const char *end)
{
    int year = digits (&at, end, 4), month, day, hour = 0, minute = 0, second = 0;
    gint64 east = 0, date;

    if (year < 0 || !skip (&at, end, '-') || (month = digits (&at, end, 2)) < 0 || !skip (&at, end, '-') ||
        (day = digits (&at, end, 2)) < 0)
        return DATE_NONE;
    if (at < end) {
        if (!skip (&at, end, 'T') && !skip (&at, end, ' '))
            return DATE_NONE;
        if ((hour = digits (&at, end, 2)) < 0 || !skip (&at, end, ':') || (minute = digits (&at, end, 2)) < 0)
            return DATE_NONE;
        if (skip (&at, end, ':') && (second = digits (&at, end, 2)) < 0)
            return DATE_NONE;
        if (skip (&at, end, '.'))
            while (at < end && g_ascii_isdigit (*at))
                at++;
        while (at < end && *at == ' ')
            at++;
        if (at < end && !parse_offset (&at, end, &east))
            return DATE_NONE;
    }
    if (at < end)
        return DATE_NONE;
    date = checked (year, month, day, hour, minute, second);
    return date == DATE_NONE ? DATE_NONE : date - east;
}

gint64
date_parse_rfc3339 (const char *text)
{
    Span piece = span_trim (span_of (text));

    return piece.length == 0 || piece.length > MAX_DATE_TEXT
               ? DATE_NONE
               : parse_rfc3339 (piece.at, piece.at + piece.length);
}

/* Cut at white space and commas, comments in parentheses left out. */
static guint
cut_tokens (Span text, Span tokens[MAX_TOKENS])
{
    guint n = 0, depth = 0;
    Span current = {NULL, 0};

    for (gsize i = 0; i <= text.length; i++) {
        char c = i < text.length ? text.at[i] : ' ';
        gboolean separator = depth > 0 || c == ' ' || c == '\t' || c == ',' || c == '\n' || c == '\r' || c == '(';

        if (!separator) {
            if (current.length++ == 0)
                current.at = text.at + i;
        } else if (current.length > 0) {
            if (n == MAX_TOKENS)
                return n;
            tokens[n++] = current;
            current.length = 0;
        }
        if (c == '(')
            depth++;
        else if (c == ')' && depth > 0)
            depth--;
    }
    return n;
}

static int
month_of (Span token)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

    if (token.length < 3)
        return 0;
    for (int i = 0; i < 12; i++)
        if (ascii_equal (token.at, names + 3 * i, 3))
            return i + 1;
    return 0;
}

static gboolean
is_day_name (Span token)
{
    static const char names[] = "sunmontuewedthufrisat";

    if (token.length > 0 && token.at[token.length - 1] == '.')
        token.length--;
    if (token.length < 3 || month_of (token) != 0)
        return FALSE;
    for (int i = 0; i < 7; i++)
        if (ascii_equal (token.at, names + 3 * i, 3))
            return TRUE;
    return FALSE;
}

static int
number_of (Span token, gsize most)
{
    int value = 0;

    if (token.length == 0 || token.length > most)
        return -1;
    for (gsize i = 0; i < token.length; i++) {
        if (!g_ascii_isdigit (token.at[i]))
            return -1;
        value = value * 10 + (token.at[i] - '0');
    }
    return value;
}

/* RFC 5322 4.3: two digits are 1950..2049, three digits count from 1900. */
static int
year_of (Span token)
{
    int year = number_of (token, 4);

    if (year < 0 || token.length == 1)
        return -1;
    if (token.length == 2)
        return year < 50 ? year + 2000 : year + 1900;
    return token.length == 3 ? year + 1900 : year;
}

/* "21:04:05", "21:04", "9:04:05.123" */
static gboolean
time_of (Span token, int *hour, int *minute, int *second)
{
    const char *colon = token.length < 4 ? NULL : memchr (token.at, ':', token.length), *at,
               *end = token.at + token.length;

    if (colon == NULL || colon == token.at || colon - token.at > 2)
        return FALSE;
    *hour = number_of (span (token.at, (gsize) (colon - token.at)), 2);
    at = colon + 1;
    *minute = digits (&at, end, 2);
    *second = 0;
    if (*hour < 0 || *minute < 0)
        return FALSE;
    if (at < end && *at++ == ':')
        *second = digits (&at, end, 2);
    return *second >= 0 && (at == end || *at == '.');
}

/* Named zones of RFC 5322 and those that mail in the field carries; unknown names count as UTC. */
static gint64
zone_of (Span token)
{
    static const struct {
        const char *name;
        int hours;
    } zones[] = {{"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6},  {"PST", -8}, {"PDT", -7},
                 {"BST", 1},  {"WEST", 1}, {"CET", 1},  {"MET", 1},  {"MEZ", 1},  {"CEST", 2},  {"MEST", 2}, {"MESZ", 2},
                 {"EET", 2},  {"EEST", 3}, {"MSK", 3},  {"MSD", 4},  {"JST", 9},  {"KST", 9},   {"HKT", 8},  {"SGT", 8},
                 {"AEST", 10}, {"AEDT", 11}, {"NZST", 12}, {"NZDT", 13}};
    const char *at = token.at, *end = token.at + token.length;
    gint64 east;

    for (gsize i = 0; i < G_N_ELEMENTS (zones); i++)
        if (span_equal (token, zones[i].name))
            return zones[i].hours * 3600;
    if (span_has_prefix (token, "GMT") || span_has_prefix (token, "UTC")) /* "GMT+0200" */
        at += 3;
    return parse_offset (&at, end, &east) ? east : 0;
}

static gboolean
looks_like_zone (Span token)
{
    return token.length > 0 && (g_ascii_isalpha (token.at[0]) ||
                                ((token.at[0] == '+' || token.at[0] == '-') && token.length >= 5));
}

/* Both orders: "21 Nov 2026 03:00:00 +0000" and "Nov 21 03:00:00 [zone] 2026 [zone]". */
static gint64
from_tokens (const Span *token, guint n)
{
    int day, month, year = -1, hour = 0, minute = 0, second = 0;
    gint64 east = 0, date;
    guint i = 0;

    if (n > 0 && is_day_name (token[0]))
        i++;
    if (i + 2 >= n)
        return DATE_NONE;
    month = month_of (token[i + 1]);
    if (month != 0) {
        day = number_of (token[i], 2);
        year = year_of (token[i + 2]);
        i += 3;
        if (i < n && time_of (token[i], &hour, &minute, &second))
            i++;
        if (i < n && (span_equal (token[i], "AM") || span_equal (token[i], "PM"))) {
            hour = hour % 12 + (g_ascii_toupper (token[i].at[0]) == 'P' ? 12 : 0);
            i++;
        }
        if (i < n && looks_like_zone (token[i]))
            east = zone_of (token[i]);
    } else {
        month = month_of (token[i]);
        day = number_of (token[i + 1], 2);
        i += 2;
        if (month == 0 || !time_of (token[i], &hour, &minute, &second))
            return DATE_NONE;
        for (i++; i < n; i++) {
            if (year < 0 && year_of (token[i]) > 0)
                year = year_of (token[i]);
            else if (looks_like_zone (token[i]))
                east = zone_of (token[i]);
            else
                break;
        }
    }
    date = day < 0 || year < 0 ? DATE_NONE : checked (year, month, day, hour, minute, second);
    return date == DATE_NONE ? DATE_NONE : date - east;
}

gint64
date_parse_length (const char *text, gsize length)
{
    Span piece = span_trim (span (text, length)), tokens[MAX_TOKENS];
    char dashes[MAX_DATE_TEXT + 1];
    gint64 date;

    if (piece.length == 0 || piece.length > MAX_DATE_TEXT)
        return DATE_NONE;
    date = parse_rfc3339 (piece.at, piece.at + piece.length);
    if (date != DATE_NONE)
        return date;
    date = from_tokens (tokens, cut_tokens (piece, tokens));
    if (date != DATE_NONE)
        return date;
    /* "21-Nov-2026 03:00:00": dashes between the parts of the day */
    memcpy (dashes, piece.at, piece.length);
    for (gsize i = 1; i + 1 < piece.length; i++)
        if (dashes[i] == '-' && g_ascii_isalnum (dashes[i - 1]) && g_ascii_isalnum (dashes[i + 1]))
            dashes[i] = ' ';
    return from_tokens (tokens, cut_tokens (span (dashes, piece.length), tokens));
}

gint64
date_parse (const char *text)
{
    return text == NULL ? DATE_NONE : date_parse_length (text, strlen (text));
}
