/* SPDX-License-Identifier: MIT */
/* The verbs: one file each, one table here. Help (and completion) are made from the table, so a verb cannot have an
 * option that its help does not tell. A new verb is a file with a `const Verb`, and a line in cmd.c. */
#ifndef NIXIE_CMD_CMD_H
#define NIXIE_CMD_CMD_H

#include "app/app.h"
#include "app/app_error.h"

#define CMD_MANY G_MAXUINT

typedef struct {
    const char *name;      /* "report" */
    /* Marked with N_: help translates them, the manual and the completion of shells stay English. */
    const char *arguments; /* "[PATH…]" */
    const char *summary;   /* one line for `nixie help` */
    const char *text;      /* what `nixie help report` says between usage and options: a paragraph a line */
    const char *verbatim;  /* lines behind the text that are no words; NULL = none */
    const char *(*format) (guint index, const char **help); /* names and, for people, what each is; NULL behind the last */
    const char *examples;  /* lines, each a command */
    const char *const *options; /* names of src/cmd/cmd_option.c; those of every verb are added */
    guint words;           /* how many arguments come before the paths; CMD_MANY = there are no paths */
    guint least, most;     /* how many arguments in all */
    /* FALSE with an error; else *status may be set to something other than EXIT_DONE. */
    gboolean (*run) (App *app, ExitStatus *status, GError **error);
} Verb;

const Verb *cmd_verb (guint index); /* NULL behind the last */
const Verb *cmd_find (const char *name);
/* All of the program: argv (bytes) → exit status. */
ExitStatus cmd_main (int argc, char **argv);

extern const Verb cmd_allow;
extern const Verb cmd_clean;
extern const Verb cmd_code;
extern const Verb cmd_config;
extern const Verb cmd_events;
extern const Verb cmd_explain;
extern const Verb cmd_forgive;
extern const Verb cmd_help;
extern const Verb cmd_import;
extern const Verb cmd_merge;
extern const Verb cmd_report;
extern const Verb cmd_rules;
extern const Verb cmd_run;
extern const Verb cmd_scan;
extern const Verb cmd_state;
extern const Verb cmd_suppress;

#endif
