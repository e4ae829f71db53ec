/* SPDX-License-Identifier: MIT */
/* The configuration: GKeyFile, /etc/nixie/nixie.conf < $XDG_CONFIG_HOME/nixie/nixie.conf < -c FILE (or NIXIE_CONFIG).
 * One table (config.c) says which keys there are; a key that is not in it is a warning with its line, a value that
 * does not fit is an error with its line (exit 78). A later file replaces single keys of an earlier one. */
#ifndef NIXIE_APP_CONFIG_H
#define NIXIE_APP_CONFIG_H

#include "app/config_section.h"
#include "app/log.h"
#include <glib.h>

typedef struct Config Config;

Config *config_new (void); /* empty: everything as built in */
void config_free (Config *config);
/* Read the system's and the user's file where they are there, and `file` (NULL =
 * NIXIE_CONFIG, if set), which must be. */
gboolean config_load (Config *config, const char *file, Log *log, GError **error);
/* Only `file` (NULL = NIXIE_CONFIG), without the system's and the user's. */
gboolean config_load_file (Config *config, const char *file, Log *log, GError **error);

/* Borrowed; NULL when not set. File names are absolute: they are relative to the file that they stand in. */
const char *config_text (const Config *config, const char *group, const char *key);
/* The same as a file name beside the configuration it stands in; yours, NULL when not set. */
char *config_file (const Config *config, const char *group, const char *key);
char **config_list (const Config *config, const char *group, const char *key); /* yours; NULL when not set */
int config_number (const Config *config, const char *group, const char *key, int otherwise);

/* What stands in [policy] besides the keys of the table: lines of the policy profile that it replaces. FALSE behind the
 * last. */
gboolean config_policy_line (const Config *config, guint index, const char **key, const char **value,
                             const char **origin);

/* The groups of a kind, in the order of the files; NULL behind the last. */
const ConfigSection *config_section (const Config *config, SectionKind kind, guint index);

/* For `nixie config`: every known key; TRUE while there is one. `value` NULL = not set, then `origin` is "". */
typedef struct {
    const char *group, *key, *value, *meaning;
    const char *origin; /* "FILE:LINE" */
} ConfigEntry;
gboolean config_entry (const Config *config, guint index, ConfigEntry *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Config, config_free)

#endif
