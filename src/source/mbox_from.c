/* SPDX-License-Identifier: MIT */
#include "source/mbox_from.h"

#include "base/ascii.h"
#include "base/date.h"
#include "base/text.h"

#include <string.h>

#define MAX_ADDRESS_WORDS 12 /* a sender with blanks in it: a display name before <address> */
#define MAX_DATE_WORDS 8     /* "Mon, 2 May 2005 16:07:05 +0200 (CEST)" is 7 */

static gboolean
is_blank (char c)
{
    return c == ' ' || c == '\t';
}

/* Cut the next word off `rest`, which starts with one; the blanks behind it go as well. */
static Span
take_word (Span *rest)
{
    Span word = {rest->at, 0};

    while (word.length < rest->length && !is_blank (rest->at[word.length]))
        word.length++;
    rest->at += word.length;
    rest->length -= word.length;
    while (rest->length > 0 && is_blank (*rest->at)) {
        rest->at++;
        rest->length--;
    }
    return word;
}

/* `"john doe"@example.com` is one word. */
static Span
take_first_word (Span *rest)
{
    Span word;
    gsize close = 1;

    if (rest->length < 2 || *rest->at != '"')
        return take_word (rest);
    while (close < rest->length && rest->at[close] != '"')
        close += rest->at[close] == '\\' ? 2 : 1;
    if (close >= rest->length)
        return take_word (rest);
    word.at = rest->at;
    rest->at += close;
    rest->length -= close;
    word.length = close + take_word (rest).length;
    return word;
}

/* One word alone may be anything that a local user or a UUCP path is called, `-`, `<>` or `()`. */
static gboolean
reads_as_sender (Span word)
{
    for (gsize i = 0; i < word.length; i++)
        if ((guchar) word.at[i] < 0x20 || word.at[i] == 0x7f)
            return FALSE;
    if (word.length == 0)
        return FALSE;
    /* Prose: "From Monday, …", "From this: …" */
    return strchr (",:;", word.at[word.length - 1]) == NULL || memchr (word.at, '@', word.length) != NULL;
}

/* Where several words stand before the date, the last is an address: prose seldom ends like that. */
static gboolean
reads_as_address (Span word)
{
    const char *sign = memchr (word.at, '@', word.length);

    if (word.length > 2 && *word.at == '<' && word.at[word.length - 1] == '>')
        return TRUE;
    return sign != NULL && sign > word.at && sign + 1 < word.at + word.length;
}

/* A digit, a colon, a digit: date_parse() takes a bare day too, which is too weak a sign here. */
static gboolean
has_time_of_day (Span text)
{
    for (gsize i = 1; i + 1 < text.length; i++)
        if (text.at[i] == ':' && g_ascii_isdigit (text.at[i - 1]) && g_ascii_isdigit (text.at[i + 1]))
            return TRUE;
    return FALSE;
}

static const char day_names[] = "montuewedthufrisatsun";
static const char month_names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

/* The word starts with one of the names, three letters each. */
static gboolean
is_name_of (Span word, const char *names)
{
    for (const char *name = names; word.length >= 3 && *name != '\0'; name += 3)
        if (ascii_equal (word.at, name, 3))
            return TRUE;
    return FALSE;
}

static gboolean
may_start_date (Span text)
{
    return text.length >= 8 &&
           (g_ascii_isdigit (*text.at) || is_name_of (text, day_names) || is_name_of (text, month_names));
}

static gboolean
is_year (Span word)
{
    for (gsize i = 0; i < word.length; i++)
        if (!g_ascii_isdigit (word.at[i]))
            return FALSE;
    return word.length == 4;
}

/* One word each that names a day, a month, a year. */
static gboolean
has_parts_of_date (Span text)
{
    guint days = 0, months = 0, years = 0;

    while (text.length > 0) {
        Span word = take_word (&text);

        days += is_name_of (word, day_names);
        months += is_name_of (word, month_names);
        years += is_year (word);
    }
    return days == 1 && months == 1 && years == 1;
}

/* The whole rest of the line is the date: TRUE, and *date. What has all its parts but is none ("Fri Jan 1 00:0:00
 * 2015", 31 February) still opens a message; *date is DATE_NONE then. */
static gboolean
read_date (Span text, gint64 *date)
{
    Span rest = text;
    guint words = 0;
    char last = text.length == 0 ? '\0' : text.at[text.length - 1];

    *date = DATE_NONE;
    if (!may_start_date (text) || !has_time_of_day (text))
        return FALSE;
    if (!g_ascii_isdigit (last) && !g_ascii_isupper (last) && last != ')') /* a year, a zone, a comment */
        return FALSE;
    for (; rest.length > 0; words++)
        (void) take_word (&rest);
    if (words > MAX_DATE_WORDS)
        return FALSE;
    *date = date_parse_length (text.at, text.length);
    return *date != DATE_NONE || (words >= 5 && has_parts_of_date (text));
}

/* UUCP: "From user date remote from host". */
static Span
without_remote_from (Span text)
{
    static const char remote[] = " remote from ";
    const char *found = text.length == 0 ? NULL : text_find_length (text.at, text.length, remote);

    return found == NULL ? text : span_trim (span (text.at, (gsize) (found - text.at)));
}

MboxFrom
mbox_from_parse (const char *line, gsize length, gint64 *received)
{
    Span rest, word;

    *received = DATE_NONE;
    if (length < 5 || memcmp (line, "From ", 5) != 0)
        return MBOX_FROM_NONE;
    rest = span_trim (span (line + 5, length - 5));
    if (rest.length == 0)
        return MBOX_FROM_UNDATED;
    rest = without_remote_from (rest);
    if (read_date (rest, received)) /* bounces have no sender, and some programs write just that */
        return MBOX_FROM_DATED;
    word = take_first_word (&rest);
    if (rest.length == 0)
        return reads_as_sender (word) && *word.at != ':' ? MBOX_FROM_UNDATED : MBOX_FROM_NONE;
    if (reads_as_sender (word) && read_date (rest, received))
        return MBOX_FROM_DATED;
    for (guint i = 1; i < MAX_ADDRESS_WORDS && rest.length > 0; i++) {
        word = take_word (&rest);
        if (reads_as_address (word) && read_date (rest, received))
            return MBOX_FROM_DATED;
    }
    *received = DATE_NONE;
    return MBOX_FROM_NONE;
}

HeaderLine
header_line_look (const char *data, gsize length)
{
    gsize most = MIN (length, HEADER_NAME_LIMIT), i = 0;

    while (i < most && data[i] > ' ' && data[i] <= '~' && data[i] != ':')
        i++;
    if (i == 0 && most > 0)
        return HEADER_LINE_NO;
    while (i < most && is_blank (data[i]))
        i++;
    if (i < most)
        return data[i] == ':' ? HEADER_LINE_YES : HEADER_LINE_NO;
    return length < HEADER_NAME_LIMIT ? HEADER_LINE_UNSURE : HEADER_LINE_NO;
}
