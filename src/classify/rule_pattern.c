/* SPDX-License-Identifier: MIT */
#include "classify/rule_pattern.h"

#include "base/text.h"
#include <string.h>

static const char *const SCOPE_WORDS[N_SCOPES] = {"provider:", "gateway:", "format:", "command:"};

/* The next piece up to a comma or, when `plus`, a "+"; *end is the byte it ended at. */
static gboolean
next_piece (const char **rest, gboolean plus, Span *piece, char *end)
{
    gsize length;

    if (*rest == NULL)
        return FALSE;
    length = strcspn (*rest, plus ? ",+" : ",");
    *piece = span_trim (span (*rest, length));
    *end = (*rest)[length];
    *rest = *end == '\0' ? NULL : *rest + length + 1;
    return TRUE;
}

static guint
count_pieces (const char *column)
{
    guint n = 1;

    for (; *column != '\0'; column++)
        n += *column == ',' || *column == '+';
    return n;
}

const char *
scope_pattern_read (Arena *arena, const char *column, ScopePattern *pattern)
{
    const char *rest = column;
    gint kind = -1;
    Span piece;
    char end;

    pattern->n_words = 0;
    if (strcmp (column, "all") == 0)
        return NULL;
    pattern->words = arena_new_array (arena, ScopeWord, count_pieces (column));
    while (next_piece (&rest, TRUE, &piece, &end)) {
        ScopeWord *word = &pattern->words[pattern->n_words++];

        for (gint k = 0; k < N_SCOPES; k++) {
            if (!span_has_prefix (piece, SCOPE_WORDS[k]))
                continue;
            kind = k;
            piece = span (piece.at + strlen (SCOPE_WORDS[k]), piece.length - strlen (SCOPE_WORDS[k]));
            break;
        }
        if (kind < 0 || piece.length == 0)
            return "a scope is `all`, or provider:NAME, gateway:NAME, format:NAME, command:NAME";
        word->kind = (ScopeKind) kind;
        word->name = span_dup (arena, piece);
        word->more = end == '+';
    }
    return NULL;
}

gboolean
scope_pattern_fits (const ScopePattern *pattern, const char *const names[N_SCOPES])
{
    gboolean holds = TRUE;

    for (guint i = 0; i < pattern->n_words; i++) {
        const ScopeWord *word = &pattern->words[i];

        holds = holds && names[word->kind] != NULL && text_equal (names[word->kind], word->name);
        if (word->more)
            continue;
        if (holds)
            return TRUE;
        holds = TRUE;
    }
    return pattern->n_words == 0;
}

/* "X", or one to three digits; *at moves behind it. */
static gboolean
code_place (const char **at)
{
    const char *start = *at;

    if (**at == 'X') {
        (*at)++;
        return TRUE;
    }
    while (g_ascii_isdigit (**at) && *at - start < 3)
        (*at)++;
    return *at > start;
}

static gboolean
is_status_pattern (const char *code)
{
    return code_place (&code) && *code++ == '.' && code_place (&code) && *code++ == '.' && code_place (&code) &&
           *code == '\0';
}

static gboolean
is_reply_pattern (const char *code)
{
    if (strlen (code) != 3)
        return FALSE;
    for (guint i = 0; i < 3; i++)
        if (code[i] != 'X' && !g_ascii_isdigit (code[i]))
            return FALSE;
    return TRUE;
}

static const char *
code_pattern_read (Arena *arena, const char *column, gboolean (*is_pattern) (const char *code),
                   const char *wrong, CodePattern *pattern)
{
    const char *rest = column;
    Span piece;
    char end;

    pattern->n_words = 0;
    if (strcmp (column, "-") == 0)
        return NULL;
    pattern->words = arena_new_array (arena, CodeWord, count_pieces (column));
    while (next_piece (&rest, FALSE, &piece, &end)) {
        CodeWord *word = &pattern->words[pattern->n_words++];

        if (piece.length > 0 && piece.at[0] == '!') {
            word->excluded = TRUE;
            piece = span (piece.at + 1, piece.length - 1);
        }
        word->code = span_dup (arena, piece);
        if (strcmp (word->code, "none") == 0)
            word->kind = CODE_NONE;
        else if (strcmp (word->code, "vague") == 0)
            word->kind = CODE_VAGUE;
        else if (!is_pattern (word->code))
            return wrong;
    }
    return NULL;
}

const char *
status_pattern_read (Arena *arena, const char *column, CodePattern *pattern)
{
    return code_pattern_read (arena, column, is_status_pattern,
                              "a status is `-`, 5.2.1, X.2.1, 5.X.X, `none` or `vague`", pattern);
}

const char *
reply_pattern_read (Arena *arena, const char *column, CodePattern *pattern)
{
    return code_pattern_read (arena, column, is_reply_pattern, "a reply is `-`, 550, 5XX, `none` or `vague`",
                              pattern);
}

/* A pattern's X stands for all digits of its place in a status, for one digit in a reply. */
static gboolean
code_fits (const char *pattern, const char *code)
{
    gboolean dotted = strchr (pattern, '.') != NULL;

    for (; *pattern != '\0'; pattern++) {
        if (*pattern != 'X') {
            if (*pattern != *code++)
                return FALSE;
            continue;
        }
        if (!g_ascii_isdigit (*code++))
            return FALSE;
        while (dotted && g_ascii_isdigit (*code))
            code++;
    }
    return *code == '\0';
}

static gboolean
code_word_fits (const CodeWord *word, const char *code)
{
    switch (word->kind) {
    case CODE_NONE:
        return code[0] == '\0';
    case CODE_VAGUE:
        return code[0] == '\0' || code_fits ("X.0.0", code);
    default:
        return code_fits (word->code, code);
    }
}

gboolean
code_pattern_fits (const CodePattern *pattern, const char *code)
{
    gboolean wanted = FALSE, found = FALSE;

    for (guint i = 0; i < pattern->n_words; i++) {
        const CodeWord *word = &pattern->words[i];
        gboolean fits = code_word_fits (word, code == NULL ? "" : code);

        if (word->excluded && fits)
            return FALSE;
        wanted = wanted || !word->excluded;
        found = found || (!word->excluded && fits);
    }
    return !wanted || found;
}

/* A piece of a glob without `*` at the start of `text`; `?` fits any byte but the end. */
static gboolean
piece_at (const char *piece, gsize length, const char *text)
{
    for (gsize i = 0; i < length; i++)
        if (text[i] == '\0' || (piece[i] != '?' && piece[i] != text[i]))
            return FALSE;
    return TRUE;
}

gboolean
glob_found (const char *glob, const char *text)
{
    /* found anywhere and `*` without a limit: the leftmost place of each piece in turn is always good enough */
    while (*glob != '\0') {
        gsize length = strcspn (glob, "*");

        while (!piece_at (glob, length, text))
            if (*text++ == '\0')
                return FALSE;
        text += length;
        glob += length + (glob[length] == '*');
    }
    return TRUE;
}

char *
glob_literal (Arena *arena, const char *glob)
{
    Span best = span (glob, 0);

    while (*glob != '\0') {
        gsize length = strcspn (glob, "*?");

        if (length > best.length)
            best = span (glob, length);
        glob += length + (glob[length] != '\0');
    }
    return span_dup (arena, best);
}
