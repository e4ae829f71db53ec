/* SPDX-License-Identifier: MIT */
/* What the command line said: one structure for all verbs (src/cmd/cmd_option.c has the table that fills it). Strings
 * are bytes as typed. NULL, FALSE or the value of options_new() = not given. */
#ifndef NIXIE_APP_OPTIONS_H
#define NIXIE_APP_OPTIONS_H

#include <glib.h>

#define JOBS_NOT_GIVEN G_MININT

typedef struct {
    char **arguments; /* what is no option: words and paths */
    char **paths;     /* those of the arguments that name mail; borrowed from there, never NULL */
    /* every verb */
    gboolean help, quiet, verbose;
    char *config, *now;
    /* where the mail is */
    char *files_from, *state, *partial;
    gboolean nul;
    /* how it is read */
    char **rules;
    char *mx_file;
    int jobs;
    gboolean full, dry_run, no_formats, no_first_look;
    /* what is shown */
    char *since, *until, *by, *format, *output, *decision, *provider, *color, *lang, *metrics, *fail_on, *profile;
    int top;
    gboolean unparsed;
    char *follow_cursor;
    /* the mailing list of `clean` */
    char *column, *delimiter, *dropped;
    /* what is published */
    int lock_wait; /* seconds */
    char *summary;
    gboolean confirm, guard, undo;
    gboolean added, removed;
    char *compare;
    gboolean no_header, case_sensitive, mark;
} Options;

Options *options_new (void);
void options_free (Options *options);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Options, options_free)

#endif
