/* SPDX-License-Identifier: MIT */
/* Help, made from the tables of verbs and options. */
#ifndef NIXIE_CMD_CMD_HELP_H
#define NIXIE_CMD_CMD_HELP_H

#include "cmd/cmd.h"

char *cmd_help_of_all (void);             /* yours */
char *cmd_help_of_verb (const Verb *verb); /* yours */
const char *cmd_nearest_verb (const char *typed); /* NULL when none is near */

#endif
