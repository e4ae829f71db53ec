/* SPDX-License-Identifier: MIT */
/* The verb table for others than people at a terminal: the part of the manual that lists the verbs, and completion for
 * shells. Made from the same table as the help and the options themselves, so that they cannot drift. */
#ifndef NIXIE_CMD_CMD_HELP_FORMATS_H
#define NIXIE_CMD_CMD_HELP_FORMATS_H

#include <glib.h>

char *cmd_help_mdoc (void); /* the verbs as sections of nixie(1) */
char *cmd_help_bash (void);
char *cmd_help_zsh (void);

#endif
