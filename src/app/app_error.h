/* SPDX-License-Identifier: MIT */
/* The failures that src/app and src/cmd find themselves, and the one place where any failure becomes an exit status.
 * An error with an empty message was told already: main prints nothing for it. */
#ifndef NIXIE_APP_APP_ERROR_H
#define NIXIE_APP_APP_ERROR_H

#include <glib.h>

#define APP_ERROR (app_error_quark ())
GQuark app_error_quark (void);

/* The numbers are those of sysexits.h; a script may rely on them. */
typedef enum {
    EXIT_DONE = 0,
    EXIT_INCOMPLETE = 1,  /* done, but some input could not be read; explain: not listed */
    EXIT_THRESHOLD = 2,   /* done, and a figure is higher than --fail-on allows */
    EXIT_HELD_BACK = 3,   /* a guard held the list back */
    EXIT_USAGE = 64,
    EXIT_DATA = 65,
    EXIT_NO_INPUT = 66,
    EXIT_UNAVAILABLE = 69,
    EXIT_INTERNAL = 70,
    EXIT_CANNOT_CREATE = 73,
    EXIT_IO = 74,
    EXIT_LOCKED = 75,
    EXIT_PERMISSION = 77,
    EXIT_CONFIG = 78,
} ExitStatus;

typedef enum {
    APP_ERROR_USAGE,
    APP_ERROR_DATA,
    APP_ERROR_NO_INPUT,
    APP_ERROR_CANNOT_CREATE,
    APP_ERROR_IO,
    APP_ERROR_PIPE,        /* the reader of stdout went away: exit 74, but nobody wants to hear of it */
    APP_ERROR_LOCKED,
    APP_ERROR_PERMISSION,
    APP_ERROR_CONFIG,
    APP_ERROR_INTERRUPTED, /* SIGINT or SIGTERM */
} AppError;

/* NULL is EXIT_DONE. */
ExitStatus exit_status_of (const GError *error);
/* An AppError for an errno: ENOENT no input, EACCES and EPERM permission, else `otherwise`. */
AppError app_error_from_errno (int number, AppError otherwise);

#endif
