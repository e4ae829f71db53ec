/* SPDX-License-Identifier: MIT */
/* The small languages in a rule's columns: scope, status, reply and the text patterns. Each is read once into a list of
 * alternatives and then only compared. */
#ifndef NIXIE_CLASSIFY_RULE_PATTERN_H
#define NIXIE_CLASSIFY_RULE_PATTERN_H

#include "base/arena.h"
#include <glib.h>

typedef enum { SCOPE_PROVIDER, SCOPE_GATEWAY, SCOPE_FORMAT, SCOPE_COMMAND, N_SCOPES } ScopeKind;

/* One word of a scope: provider:gmail. `more`: the next word must hold as well ("+"). */
typedef struct {
    ScopeKind kind;
    gboolean more;
    const char *name;
} ScopeWord;

typedef struct {
    ScopeWord *words; /* n_words 0 = all */
    guint n_words;
} ScopePattern;

typedef enum { CODE_EXACT, CODE_NONE, CODE_VAGUE } CodeKind;

/* One alternative of a status or reply column. */
typedef struct {
    CodeKind kind;
    gboolean excluded; /* "!" */
    const char *code;  /* "X.2.1", "5XX"; X fits any digits of its place */
} CodeWord;

typedef struct {
    CodeWord *words; /* n_words 0 = any */
    guint n_words;
} CodePattern;

/* What is wrong with the column comes back as a static text, NULL when nothing is. */
const char *scope_pattern_read (Arena *arena, const char *column, ScopePattern *pattern);
const char *status_pattern_read (Arena *arena, const char *column, CodePattern *pattern);
const char *reply_pattern_read (Arena *arena, const char *column, CodePattern *pattern);

/* `names`: the subject's words by ScopeKind. */
gboolean scope_pattern_fits (const ScopePattern *pattern, const char *const names[N_SCOPES]);
gboolean code_pattern_fits (const CodePattern *pattern, const char *code);

/* A glob found anywhere in a text: `*` any run, `?` one byte. */
gboolean glob_found (const char *glob, const char *text);
/* The longest literal that every match contains. */
char *glob_literal (Arena *arena, const char *glob);

#endif
