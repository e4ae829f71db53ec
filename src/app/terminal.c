/* SPDX-License-Identifier: MIT */
#include "app/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_OF_A_FILE 80
#define WIDTH_MOST 200 /* lines of text that are longer than this are hard to read */

static guint
columns_of_terminal (void)
{
    struct winsize size = { 0 };
    guint64 told = 0;
    const char *columns = g_getenv ("COLUMNS");
    if (columns && g_ascii_string_to_unsigned (columns, 10, 20, 1000, &told, NULL))
        return MIN ((guint) told, WIDTH_MOST);
    if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return MIN (size.ws_col, WIDTH_MOST);
    return WIDTH_OF_A_FILE;
}

void
terminal_init (Terminal *terminal, gboolean to_file)
{
    const char *no_colour = g_getenv ("NO_COLOR");
    const char *term = g_getenv ("TERM");
    terminal->width = WIDTH_OF_A_FILE;
    terminal->colour = FALSE;
    terminal->unicode = TRUE;
    if (to_file || isatty (STDOUT_FILENO) != 1)
        return;
    terminal->width = columns_of_terminal ();
    terminal->colour = !(no_colour && *no_colour) && term && *term && !g_str_equal (term, "dumb");
    terminal->unicode = g_get_charset (NULL);
}
