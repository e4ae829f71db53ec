/* SPDX-License-Identifier: MIT */
#include "source/mbox_from.h"

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

static gboolean
may_start_date (Span text)
{
    static const char names[] = "montuewedthufrisatsunjanfebmaraprmayjunjulaugsepoctnovdec";

    if (text.length < 8)
        return FALSE;
    if (g_ascii_isdigit (*text.at))
        return TRUE;
    for (const char *name = names; *name != '\0'; name += 3)
        if (g_ascii_strncasecmp (text.at, name, 3) == 0)
            return TRUE;
    return FALSE;
}

/* The whole rest of the line is the date. */
static gint64
read_date (Span text)
{
    Span rest = text;
    guint words = 0;
    char last = text.length == 0 ? '\0' : text.at[text.length - 1];

    if (!may_start_date (text) || !has_time_of_day (text))
        return DATE_NONE;
    if (!g_ascii_isdigit (last) && !g_ascii_isupper (last) && last != ')') /* a year, a zone, a comment */
        return DATE_NONE;
    while (rest.length > 0 && words <= MAX_DATE_WORDS) {
        take_word (&rest);
        words++;
    }
    return words > MAX_DATE_WORDS ? DATE_NONE : date_parse_length (text.at, text.length);
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
    if ((*received = read_date (rest)) != DATE_NONE) /* bounces have no sender, and some programs write just that */
        return MBOX_FROM_DATED;
    word = take_first_word (&rest);
    if (rest.length == 0)
        return reads_as_sender (word) && *word.at != ':' ? MBOX_FROM_UNDATED : MBOX_FROM_NONE;
    if (reads_as_sender (word) && (*received = read_date (rest)) != DATE_NONE)
        return MBOX_FROM_DATED;
    for (guint i = 1; i < MAX_ADDRESS_WORDS && rest.length > 0; i++) {
        word = take_word (&rest);
        if (reads_as_address (word) && (*received = read_date (rest)) != DATE_NONE)
            return MBOX_FROM_DATED;
    }
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
