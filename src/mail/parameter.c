/* SPDX-License-Identifier: MIT */
#include "mail/parameter.h"

#include "base/ascii.h"
#include "base/byte_search.h"
#include "mail/bytes.h"
#include "mail/charset.h"
#include "mail/encoded_word.h"

#include <string.h>

#define MAX_PARAMETERS 200 /* looked at; Dovecot's CVE-2026-27859 shows what more are for */
#define MAX_SEGMENTS 64    /* of one RFC 2231 value */
#define MAX_VALUE 4096
#define LONGEST_COMMENT 1024

typedef struct {
    const char *at, *end;
} Scanner;

/* Behind the comment that starts at `at`; `at` itself when it is never closed: then it is a stray bracket. */
static const char *
skip_comment (const char *at, const char *end)
{
    const char *start = at;
    guint depth = 0;

    for (end = MIN (end, start + LONGEST_COMMENT); at < end; at++) {
        if (*at == '(')
            depth++;
        else if (*at == ')' && --depth == 0)
            return at + 1;
        else if (*at == '\\' && at + 1 < end)
            at++;
    }
    return start;
}

static void
skip_space_and_comments (Scanner *scan)
{
    while (scan->at < scan->end) {
        const char *behind = scan->at + 1;
        if (*scan->at == '(')
            behind = skip_comment (scan->at, scan->end);
        else if (!g_ascii_isspace (*scan->at))
            return;
        if (behind == scan->at)
            return;
        scan->at = behind;
    }
}

static gboolean
is_token (char byte)
{
    static const guint64 tokens[2] = {
        /* !#$%&'*+-./ and the digits; the letters and ^_`{|}~ */
        G_GUINT64_CONSTANT (0x03ffecfa00000000), G_GUINT64_CONSTANT (0x7fffffffc7fffffe)};

    return byte >= 0 && (tokens[byte >> 6] >> (byte & 63) & 1);
}

char *
parameter_main_value (Arena *arena, const char *value)
{
    Scanner scan = {value, value + strlen (value)};
    const char *start;
    char *result;

    skip_space_and_comments (&scan);
    if (scan.at < scan.end && *scan.at == '"')
        scan.at++;
    start = scan.at;
    while (scan.at < scan.end && is_token (*scan.at))
        scan.at++;
    result = arena_strndup (arena, start, MIN ((gsize) (scan.at - start), 255));
    for (char *at = result; *at; at++)
        *at = ascii_lower (*at);
    return result;
}

/* Is `at` the start of NAME=? Then a ";" was forgotten before it. */
static gboolean
starts_parameter (const char *at, const char *end)
{
    const char *start = at;

    while (at < end && is_token (*at))
        at++;
    return at > start && at < end && *at == '=';
}

/* A quoted string without its quotes, or a token; an unquoted value with spaces ends at ";" or at the next NAME=. */
static Span
read_value (Arena *arena, Scanner *scan)
{
    const char *start = scan->at;

    if (start < scan->end && *start == '"') {
        const char *close = start + 1;
        char *text, *to;
        while (close < scan->end && *close != '"')
            close += *close == '\\' && close + 1 < scan->end ? 2 : 1;
        close = MIN (close, scan->end);
        text = to = arena_alloc (arena, (gsize) (close - start));
        for (const char *at = start + 1; at < close; at++) {
            if (*at == '\\' && at + 1 < close)
                at++;
            *to++ = *at;
        }
        scan->at = close < scan->end ? close + 1 : close;
        return span (text, (gsize) (to - text));
    }
    while (scan->at < scan->end && *scan->at != ';') {
        if (g_ascii_isspace (*scan->at) && scan->at + 1 < scan->end && starts_parameter (scan->at + 1, scan->end))
            break;
        scan->at++;
    }
    return span_trim (span (start, (gsize) (scan->at - start)));
}

/* The next NAME=VALUE. FALSE at the end. */
static gboolean
next_parameter (Arena *arena, Scanner *scan, Span *name, Span *value)
{
    while (scan->at < scan->end) {
        const char *start;
        skip_space_and_comments (scan);
        start = scan->at;
        while (scan->at < scan->end && is_token (*scan->at))
            scan->at++;
        *name = span (start, (gsize) (scan->at - start));
        skip_space_and_comments (scan);
        if (name->length > 0 && scan->at < scan->end && *scan->at == '=') {
            scan->at++;
            skip_space_and_comments (scan);
            *value = read_value (arena, scan);
            return TRUE;
        }
        if (scan->at < scan->end && scan->at == start)
            scan->at++; /* ";" or rubbish */
    }
    return FALSE;
}

static void
append_percent_decoded (GString *out, Span text)
{
    for (gsize i = 0; i < text.length; i++) {
        const char *at = text.at + i;
        if (*at == '%' && i + 2 < text.length && g_ascii_isxdigit (at[1]) && g_ascii_isxdigit (at[2])) {
            g_string_append_c (out, (char) (g_ascii_xdigit_value (at[1]) << 4 | g_ascii_xdigit_value (at[2])));
            i += 2;
        } else {
            g_string_append_c (out, *at);
        }
    }
}

/* The numbered pieces in their order; one that is missing ends the value. The first may say the charset. */
static Span
join_segments (Arena *arena, const Span *segments, const gboolean *encoded, guint32 *flags)
{
    g_autoptr (GString) bytes = g_string_new (NULL);
    char *charset = "";

    for (guint i = 0; i < MAX_SEGMENTS && segments[i].at; i++) {
        Span piece = segments[i];
        if (encoded[i] && i == 0) {
            const char *quote = piece.length ? memchr (piece.at, '\'', piece.length) : NULL;
            const char *second = quote ? memchr (quote + 1, '\'', piece.length - (gsize) (quote + 1 - piece.at)) : NULL;
            if (second) {
                charset = arena_strndup (arena, piece.at, (gsize) (quote - piece.at));
                piece = span (second + 1, piece.length - (gsize) (second + 1 - piece.at));
            }
        }
        if (encoded[i])
            append_percent_decoded (bytes, piece);
        else
            g_string_append_len (bytes, piece.at, (gssize) piece.length);
    }
    return charset_to_utf8 (arena, charset, span (bytes->str, bytes->len), MAX_VALUE, flags);
}

/* "*", "*0", "*12*" behind the name. FALSE when it is something else. */
static gboolean
read_segment (Span suffix, guint *number, gboolean *encoded)
{
    gsize i = 1;

    *number = 0;
    *encoded = suffix.at[suffix.length - 1] == '*';
    if (suffix.length == 1)
        return TRUE;
    for (; i < suffix.length && g_ascii_isdigit (suffix.at[i]) && i < 4; i++)
        *number = *number * 10 + (guint) g_ascii_digit_value (suffix.at[i]);
    return i > 1 && *number < MAX_SEGMENTS && i + (*encoded ? 1 : 0) == suffix.length;
}

static Scanner
behind_main_value (const char *value)
{
    Scanner scan = {value, value + strlen (value)};

    for (skip_space_and_comments (&scan); scan.at < scan.end && *scan.at != ';'; skip_space_and_comments (&scan))
        scan.at++;
    return scan;
}

/* The value of `name`: as it stands in *plain, or put together from its numbered pieces, which comes back. Nothing
 * in both when there is none. */
static Span
find_value (Arena *arena, const char *value, const char *name, Span *plain, guint32 *flags)
{
    Span segments[MAX_SEGMENTS] = {{NULL, 0}};
    gboolean encoded[MAX_SEGMENTS] = {FALSE};
    Scanner scan = behind_main_value (value);
    gsize name_length = strlen (name);
    Span found, text;

    for (guint n = 0; n < MAX_PARAMETERS && next_parameter (arena, &scan, &found, &text); n++) {
        guint number;
        gboolean is_encoded;
        if (!span_has_prefix (found, name))
            continue;
        if (!text.at)
            text.at = "";
        if (found.length == name_length) {
            if (!plain->at)
                *plain = text;
        } else if (found.at[name_length] == '*' &&
                   read_segment (span (found.at + name_length, found.length - name_length), &number, &is_encoded) &&
                   !segments[number].at) {
            segments[number] = text;
            encoded[number] = is_encoded;
        }
    }
    return segments[0].at ? join_segments (arena, segments, encoded, flags) : span (NULL, 0);
}

char *
parameter_get (Arena *arena, const char *value, const char *name, guint32 *flags)
{
    Span plain = {NULL, 0}, text;

    if (!text_find (value, name))
        return arena_strdup (arena, "");
    text = find_value (arena, value, name, &plain, flags);
    if (!text.at && plain.at)
        text = bytes_are_printable (plain) && !byte_search_pair (plain.at, plain.length, '=', '?')
                   ? plain
                   : encoded_word_decode (arena, plain, "", MAX_VALUE, flags);
    return text.at ? text_one_line (arena, text.at, (gssize) text.length, MAX_VALUE) : arena_strdup (arena, "");
}
