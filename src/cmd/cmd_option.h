/* SPDX-License-Identifier: MIT */
/* The options: one table for all verbs. A verb names those it takes; an option means the same wherever it is taken. */
#ifndef NIXIE_CMD_CMD_OPTION_H
#define NIXIE_CMD_CMD_OPTION_H

#include "app/options.h"
#include "cmd/cmd.h"

typedef struct {
    const char *name;     /* long name */
    char letter;          /* 0 = none */
    GOptionArg kind;      /* NONE, FILENAME (any bytes), FILENAME_ARRAY, INT */
    gsize field;          /* offset in Options */
    const char *argument; /* "FILE", NULL for a switch */
    const char *text;     /* for the help; NULL = not told there: for measuring, not for work */
} CmdOption;

/* The options of a verb, in the order of the help; NULL behind the last. */
const CmdOption *cmd_option (const Verb *verb, guint index);
/* One of the options that every verb takes. */
gboolean cmd_option_is_common (const CmdOption *option);
/* Reads argv[2…] of `nixie VERB …`. NULL with APP_ERROR_USAGE and one line that says what was wrong. */
Options *cmd_option_parse (const Verb *verb, int argc, char **argv, GError **error);
/* "remove", "remove,pause" … as bits 1 << DecisionKind; NULL = remove. */
gboolean cmd_decisions_parse (const char *text, guint *decisions, GError **error);
/* The word nearest to what was typed, NULL when none is near. `words` is NULL-terminated. */
const char *cmd_nearest (const char *typed, const char *const *words);

#endif
