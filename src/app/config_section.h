/* SPDX-License-Identifier: MIT */
/* The groups of the configuration that there may be many of: "[source NAME]" and "[output NAME]". Their keys are in one
 * table (config_section.c), with the same rules as in config.h: an unknown key is a warning with its line, a value that
 * does not fit an error. A later file adds groups, and replaces single keys of one that has the same name. */
#ifndef NIXIE_APP_CONFIG_SECTION_H
#define NIXIE_APP_CONFIG_SECTION_H

#include <glib.h>

typedef enum { SECTION_SOURCE, SECTION_OUTPUT, N_SECTIONS } SectionKind;

typedef struct ConfigSection ConfigSection;

/* The group's kind and where its name begins ("output remove" → SECTION_OUTPUT, "remove"); FALSE: no such group. */
gboolean config_section_parse (const char *group, SectionKind *kind, const char **name);
/* `origin`: "FILE:LINE" of the group. */
ConfigSection *config_section_new (SectionKind kind, const char *name, const char *origin);
void config_section_free (ConfigSection *section);

typedef enum { SECTION_TAKEN, SECTION_UNKNOWN_KEY, SECTION_BAD_VALUE } SectionTaken;
/* `folder`: what a file name is relative to. *wants (SECTION_BAD_VALUE): "a number from 0 to 3650". */
SectionTaken config_section_take (ConfigSection *section, const char *name, const char *value, const char *folder,
                                  char **wants);

SectionKind config_section_kind (const ConfigSection *section);
const char *config_section_name (const ConfigSection *section);
const char *config_section_origin (const ConfigSection *section);
/* NULL when not set. File names are absolute; a list has ; between. */
const char *config_section_text (const ConfigSection *section, const char *key);
int config_section_number (const ConfigSection *section, const char *key, int otherwise);
gboolean config_section_yes (const ConfigSection *section, const char *key, gboolean otherwise);
/* For `nixie config`: every key of this kind; FALSE behind the last. */
gboolean config_section_entry (const ConfigSection *section, guint index, const char **key, const char **value,
                               const char **meaning);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConfigSection, config_section_free)

#endif
