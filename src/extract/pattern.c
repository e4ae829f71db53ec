/* SPDX-License-Identifier: MIT */
#include "extract/pattern.h"

#include "base/byte_search.h"
#include "base/date.h"
#include "base/fold.h"
#include "event/address.h"

#include <string.h>

#define MAX_STEPS 20000 /* of one match: enough for any honest line, an end for the others */
#define DATE_STEPS 20   /* what a look for a date counts as */
#define MAX_DATE 200    /* longer is no date */

typedef enum { OP_LITERAL, OP_ANY, OP_CAPTURE } OpKind;

typedef struct {
    OpKind kind;
    Capture capture;
    char *literal; /* lower case */
    gsize length;
} Op;

struct Pattern {
    GArray *ops;        /* of Op */
    const Op *needle;   /* the longest literal: a line without it cannot fit. NULL = none */
};

static const char *const capture_names[N_CAPTURES] = {"address", "original", "text", "host", "status",
                                                      "reply",   "command",  "date", "word", "number"};

static void
op_clear (gpointer op)
{
    g_free (((Op *) op)->literal);
}

/* The literal collected so far becomes an op. */
static void
push_literal (GArray *ops, GString *literal)
{
    if (literal->len > 0) {
        Op op = {.kind = OP_LITERAL,
                 .literal = g_ascii_strdown (literal->str, (gssize) literal->len),
                 .length = literal->len};

        g_array_append_val (ops, op);
        g_string_truncate (literal, 0);
    }
}

/* `*at` stands on "{". */
static gboolean
push_capture (GArray *ops, const char **at)
{
    const char *end = strchr (*at, '}');

    for (guint i = 0; end != NULL && i < N_CAPTURES; i++)
        if (strlen (capture_names[i]) == (gsize) (end - *at - 1) &&
            strncmp (capture_names[i], *at + 1, (gsize) (end - *at - 1)) == 0) {
            Op op = {.kind = OP_CAPTURE, .capture = (Capture) i};

            g_array_append_val (ops, op);
            *at = end;
            return TRUE;
        }
    return FALSE;
}

static const char *
compile (Pattern *pattern, const char *text)
{
    g_autoptr (GString) literal = g_string_new (NULL);
    gboolean meaning = FALSE;
    guint seen = 0;

    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0') {
            g_string_append_c (literal, *++at);
        } else if (*at == '*') {
            Op op = {.kind = OP_ANY};

            push_literal (pattern->ops, literal);
            g_array_append_val (pattern->ops, op);
            continue;
        } else if (*at == '{') {
            push_literal (pattern->ops, literal);
            if (!push_capture (pattern->ops, &at))
                return "there is no such thing to take out as in these braces";
        } else {
            g_string_append_c (literal, *at);
        }
        meaning = TRUE;
    }
    push_literal (pattern->ops, literal);
    for (guint i = 0; i < pattern->ops->len; i++) {
        const Op *op = &g_array_index (pattern->ops, Op, i);

        if (op->kind != OP_CAPTURE)
            continue;
        if (seen & 1u << op->capture)
            return "a thing can be taken out once only";
        seen |= 1u << op->capture;
    }
    return meaning ? NULL : "the pattern would fit every line";
}

Pattern *
pattern_new (const char *text, const char **reason)
{
    g_autoptr (Pattern) pattern = g_new0 (Pattern, 1);
    g_autoptr (Arena) arena = arena_new ();
    Span folded = pattern_fold (arena, span_of (text));

    pattern->ops = g_array_new (FALSE, FALSE, sizeof (Op));
    g_array_set_clear_func (pattern->ops, op_clear);
    *reason = compile (pattern, span_dup (arena, folded));
    for (guint i = 0; i < pattern->ops->len; i++) {
        const Op *op = &g_array_index (pattern->ops, Op, i);

        if (op->kind == OP_LITERAL && (pattern->needle == NULL || op->length > pattern->needle->length))
            pattern->needle = op;
    }
    return *reason == NULL ? g_steal_pointer (&pattern) : NULL;
}

void
pattern_free (Pattern *pattern)
{
    if (pattern == NULL)
        return;
    g_array_unref (pattern->ops);
    g_free (pattern);
}

gboolean
pattern_has (const Pattern *pattern, Capture capture)
{
    for (guint i = 0; i < pattern->ops->len; i++) {
        const Op *op = &g_array_index (pattern->ops, Op, i);

        if (op->kind == OP_CAPTURE && op->capture == capture)
            return TRUE;
    }
    return FALSE;
}

const char *
pattern_longest_literal (const Pattern *pattern)
{
    const Op *longest = NULL;

    for (guint i = 0; i < pattern->ops->len; i++) {
        const Op *op = &g_array_index (pattern->ops, Op, i);

        if (op->kind == OP_LITERAL && (longest == NULL || op->length > longest->length))
            longest = op;
    }
    return longest == NULL ? "" : longest->literal;
}

gboolean
pattern_is_bare (const Pattern *pattern)
{
    for (guint i = 0; i < pattern->ops->len; i++) {
        const Op *op = &g_array_index (pattern->ops, Op, i);

        if (op->kind == OP_CAPTURE ? op->capture != CAPTURE_ADDRESS
                                   : op->kind == OP_ANY || strspn (op->literal, "<>\"'- ") != op->length)
            return FALSE;
    }
    return TRUE;
}

gboolean
pattern_takes_nothing (const Pattern *pattern)
{
    for (guint i = 0; i < pattern->ops->len; i++)
        if (g_array_index (pattern->ops, Op, i).kind == OP_CAPTURE)
            return FALSE;
    return TRUE;
}

Span
pattern_fold (Arena *arena, Span line)
{
    char *out = arena_alloc (arena, line.length + 1);
    gsize n = 0;

    for (gsize i = 0, step; i < line.length; i += step) {
        char c = line.at[i];

        step = 1;
        if ((guchar) c >= 0x80) {
            char twin = fold_twin (line.at + i, line.length - i, &step);

            if (twin == 0) {
                memcpy (out + n, line.at + i, step);
                n += step;
                continue;
            }
            c = twin;
        }
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
            out[n++] = c;
        else if (n > 0 && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    while (n > 0 && out[n - 1] == ' ')
        n--;
    return span (out, n);
}

/* --- matching ------------------------------------------------------------------------------------------------------*/

typedef struct {
    const GArray *ops;
    Span line;
    PatternMatch *match;
    guint steps;
    Arena *arena; /* for trying addresses; made at the first one */
} Matching;

static gboolean match_from (Matching *m, guint op, gsize at);

static gboolean
is_host_byte (char c)
{
    return g_ascii_isalnum (c) || c == '.' || c == '-' || c == '_' || c == ':';
}

static gboolean
is_address_end (char c)
{
    return c == ' ' || c == '<' || c == '>' || c == '(' || c == ')' || c == '[' || c == ']' || c == ',' || c == ';';
}

/* How long a thing of fixed shape is at this place, 0 = it is not there. */
static gsize
fixed_length (Span rest, Capture capture)
{
    gsize n = 0, dots = 0;

    switch (capture) {
    case CAPTURE_HOST:
        while (n < rest.length && is_host_byte (rest.at[n]))
            n++;
        while (n > 0 && (rest.at[n - 1] == '.' || rest.at[n - 1] == ':'))
            n--;
        return n;
    case CAPTURE_STATUS:
        while (n < rest.length && (g_ascii_isdigit (rest.at[n]) || rest.at[n] == '.'))
            dots += rest.at[n++] == '.';
        while (n > 0 && rest.at[n - 1] == '.')
            n--, dots--;
        return dots == 2 && n >= 5 && n <= 9 && strchr ("245", rest.at[0]) != NULL && rest.at[1] == '.' ? n : 0;
    case CAPTURE_REPLY:
        return rest.length >= 3 && (rest.at[0] == '4' || rest.at[0] == '5') && g_ascii_isdigit (rest.at[1]) &&
                       g_ascii_isdigit (rest.at[2]) && (rest.length == 3 || !g_ascii_isalnum (rest.at[3]))
                   ? 3
                   : 0;
    case CAPTURE_NUMBER:
        while (n < rest.length && g_ascii_isdigit (rest.at[n]))
            n++;
        return n;
    case CAPTURE_WORD:
        while (n < rest.length && rest.at[n] != ' ')
            n++;
        return n;
    default:
        return 0;
    }
}

static gsize
command_length (Span rest)
{
    static const char *const commands[] = {"RCPT TO", "MAIL FROM", "RCPT", "MAIL", "DATA", "TEXT", "BDAT",
                                           "EHLO",    "HELO",      "LHLO", "AUTH", "STARTTLS", "QUIT", "CONN"};

    for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
        if (span_has_prefix (rest, commands[i]))
            return strlen (commands[i]);
    return 0;
}

static gboolean
set_and_go (Matching *m, guint op, Capture capture, gsize at, gsize length)
{
    m->match->captures[capture] = span_trim (span (m->line.at + at, length));
    return m->match->captures[capture].length > 0 && match_from (m, op + 1, at + length);
}

/* The longest run of bytes that can be in an address, then shorter without the marks that may follow it. */
static gboolean
match_address (Matching *m, guint op, Capture capture, gsize at)
{
    gsize end = at;

    if (at < m->line.length && m->line.at[at] == '"') { /* a quoted local part */
        for (end++; end < m->line.length && m->line.at[end] != '"'; end++)
            if (m->line.at[end] == '\\')
                end++;
        if (end >= m->line.length)
            return FALSE;
    }
    while (end < m->line.length && !is_address_end (m->line.at[end]))
        end++;
    if (m->arena == NULL)
        m->arena = arena_new ();
    for (; end > at + 2; end--) {
        Span piece = span (m->line.at + at, end - at);
        const char *clean = address_clean (m->arena, piece);

        if (clean != NULL && strlen (clean) == piece.length && set_and_go (m, op, capture, at, piece.length))
            return TRUE;
        if (++m->steps > MAX_STEPS || (g_ascii_isalnum (m->line.at[end - 1]) && clean != NULL))
            return FALSE;
    }
    return FALSE;
}

/* Lazily: the shortest text with which the rest of the pattern fits. */
static gboolean
match_any (Matching *m, guint op, gsize at, gboolean capture_it, Capture capture)
{
    for (gsize end = at + (capture_it ? 1 : 0); end <= m->line.length; end++) {
        if (++m->steps > MAX_STEPS)
            return FALSE;
        if (capture_it) {
            if (set_and_go (m, op, capture, at, end - at))
                return TRUE;
        } else if (match_from (m, op + 1, end)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* The shortest date with which the rest of the pattern fits. "21 Nov 20" of "21 Nov 2026" is none. */
static gboolean
match_date (Matching *m, guint op, gsize at)
{
    gsize last = MIN (m->line.length, at + MAX_DATE), end = op + 1 == m->ops->len ? m->line.length : at + 1;

    for (; end <= last; end++) {
        if (end < m->line.length && g_ascii_isalnum (m->line.at[end - 1]) && g_ascii_isalnum (m->line.at[end]))
            continue;
        m->steps += DATE_STEPS;
        if (m->steps > MAX_STEPS)
            return FALSE;
        if (date_parse_length (m->line.at + at, end - at) != DATE_NONE &&
            set_and_go (m, op, CAPTURE_DATE, at, end - at))
            return TRUE;
    }
    return FALSE;
}

static gboolean
match_from (Matching *m, guint i, gsize at)
{
    const Op *op;
    Span rest;
    gsize length;

    for (;; i++) {
        if (i == m->ops->len)
            return at == m->line.length;
        op = &g_array_index (m->ops, Op, i);
        rest = span (m->line.at + at, m->line.length - at);
        if (++m->steps > MAX_STEPS)
            return FALSE;
        if (op->kind != OP_LITERAL)
            break;
        if (rest.length < op->length || !span_has_prefix (rest, op->literal))
            return FALSE;
        at += op->length;
    }
    if (op->kind == OP_ANY)
        return i + 1 == m->ops->len || match_any (m, i, at, FALSE, N_CAPTURES);
    switch (op->capture) {
    case CAPTURE_ADDRESS:
    case CAPTURE_ORIGINAL:
        return match_address (m, i, op->capture, at);
    case CAPTURE_TEXT:
        if (i + 1 == m->ops->len)
            return rest.length > 0 && set_and_go (m, i, op->capture, at, rest.length);
        return match_any (m, i, at, TRUE, op->capture);
    case CAPTURE_DATE:
        return match_date (m, i, at);
    case CAPTURE_COMMAND:
        length = command_length (rest);
        return length > 0 && set_and_go (m, i, op->capture, at, length);
    default:
        length = fixed_length (rest, op->capture);
        return length > 0 && set_and_go (m, i, op->capture, at, length);
    }
}

/* Nearly all lines fit nearly no pattern: most are told so by one search. */
static gboolean
may_fit (const Pattern *pattern, Span line)
{
    const Op *needle = pattern->needle;

    return needle == NULL || byte_search_word (line.at, line.length, needle->literal, needle->length) != NULL;
}

gboolean
pattern_match (const Pattern *pattern, Span line, PatternMatch *match)
{
    PatternMatch unused;
    Matching m = {pattern->ops, line, match == NULL ? &unused : match, 0, NULL};
    gboolean fits;

    memset (m.match, 0, sizeof *m.match);
    if (!may_fit (pattern, line))
        return FALSE;
    fits = match_from (&m, 0, 0);
    arena_free (m.arena);
    return fits;
}
