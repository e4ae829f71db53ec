/* SPDX-License-Identifier: MIT */
/* What stdout can show. A file or a pipe gets the same bytes everywhere: 80 columns, no colour, UTF-8; only a terminal
 * is asked for its width, its character set and whether colours are wanted (NO_COLOR, TERM=dumb). */
#ifndef NIXIE_APP_TERMINAL_H
#define NIXIE_APP_TERMINAL_H

#include <glib.h>

typedef struct {
    guint width;
    gboolean colour, unicode;
} Terminal;

/* `to_file`: the output goes to a file of its own (-o). */
void terminal_init (Terminal *terminal, gboolean to_file);

#endif
