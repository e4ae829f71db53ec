/* SPDX-License-Identifier: MIT */
#include "app/config_section.h"

#include <string.h>

#include "base/text.h"

typedef enum { VALUE_TEXT, VALUE_FILE, VALUE_FILES, VALUE_NUMBER, VALUE_YES } ValueKind;

typedef struct {
    SectionKind section;
    const char *key;
    ValueKind kind;
    int least, most; /* VALUE_NUMBER */
    const char *meaning;
} SectionKey;

static const SectionKey section_keys[] = {
    { SECTION_SOURCE, "path", VALUE_FILES, 0, 0, "mail to read: files and folders, separated by ;" },
    { SECTION_OUTPUT, "file", VALUE_FILE, 0, 0, "the list or report, always under this name" },
    { SECTION_OUTPUT, "report", VALUE_TEXT, 0, 0, "a report and no list: html, text, md, json or csv" },
    { SECTION_OUTPUT, "by", VALUE_TEXT, 0, 0, "the table of a report as csv or text, as for report --by" },
    { SECTION_OUTPUT, "since", VALUE_TEXT, 0, 0, "a report of the events from then on, as for --since: 7d (all)" },
    { SECTION_OUTPUT, "format", VALUE_TEXT, 0, 0, "of a list, as for suppress --format (csv)" },
    { SECTION_OUTPUT, "decision", VALUE_TEXT, 0, 0, "which addresses (remove)" },
    { SECTION_OUTPUT, "profile", VALUE_TEXT, 0, 0, "another policy profile than that of [policy]" },
    { SECTION_OUTPUT, "keep", VALUE_NUMBER, 0, 3650, "dated copies beside it (0)" },
    { SECTION_OUTPUT, "max-rows", VALUE_NUMBER, 1, 100000000, "rows of one file: NAME.0001.csv, NAME.0002.csv …" },
    { SECTION_OUTPUT, "guard", VALUE_YES, 0, 0, "hold back what changes too much at once (yes for lists of removals)" },
};

static const char *const section_words[N_SECTIONS] = { "source", "output" };

struct ConfigSection {
    SectionKind kind;
    char *name, *origin;
    char *values[G_N_ELEMENTS (section_keys)];
};

gboolean
config_section_parse (const char *group, SectionKind *kind, const char **name)
{
    for (guint i = 0; i < N_SECTIONS; i++) {
        gsize length = strlen (section_words[i]);
        if (strncmp (group, section_words[i], length) != 0 || group[length] != ' ')
            continue;
        *kind = (SectionKind) i;
        *name = group + length + strspn (group + length, " ");
        return **name != '\0';
    }
    return FALSE;
}

ConfigSection *
config_section_new (SectionKind kind, const char *name, const char *origin)
{
    ConfigSection *section = g_new0 (ConfigSection, 1);
    section->kind = kind;
    section->name = g_strdup (name);
    section->origin = g_strdup (origin);
    return section;
}

void
config_section_free (ConfigSection *section)
{
    if (!section)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS (section_keys); i++)
        g_free (section->values[i]);
    g_free (section->name);
    g_free (section->origin);
    g_free (section);
}

static gssize
find_key (const ConfigSection *section, const char *key)
{
    for (gsize i = 0; i < G_N_ELEMENTS (section_keys); i++)
        if (section_keys[i].section == section->kind && g_str_equal (section_keys[i].key, key))
            return (gssize) i;
    return -1;
}

static char *
absolute_names (const char *value, const char *folder)
{
    g_auto (GStrv) names = g_strsplit (value, ";", -1);
    GString *joined = g_string_new (NULL);
    for (char **name = names; *name; name++) {
        if (!*g_strstrip (*name))
            continue;
        g_autofree char *full = g_canonicalize_filename (*name, folder);
        g_string_append_printf (joined, "%s%s", joined->len ? ";" : "", full);
    }
    return g_string_free (joined, FALSE);
}

static gboolean
is_yes_or_no (const char *value, gboolean *yes)
{
    *yes = g_ascii_strcasecmp (value, "yes") == 0 || g_ascii_strcasecmp (value, "true") == 0;
    return *yes || g_ascii_strcasecmp (value, "no") == 0 || g_ascii_strcasecmp (value, "false") == 0;
}

static char *
what_fits (const SectionKey *key, const char *value)
{
    gint64 number;
    gboolean yes;
    if (key->kind == VALUE_NUMBER && !g_ascii_string_to_signed (value, 10, key->least, key->most, &number, NULL))
        return g_strdup_printf ("a number from %d to %d", key->least, key->most);
    if (key->kind == VALUE_YES && !is_yes_or_no (value, &yes))
        return g_strdup ("yes or no");
    return *value ? NULL : g_strdup ("something");
}

SectionTaken
config_section_take (ConfigSection *section, const char *name, const char *value, const char *folder, char **wants)
{
    gssize index = find_key (section, name);
    if (index < 0)
        return SECTION_UNKNOWN_KEY;
    const SectionKey *key = &section_keys[index];
    *wants = what_fits (key, value);
    if (*wants)
        return SECTION_BAD_VALUE;
    g_free (section->values[index]);
    section->values[index] = key->kind == VALUE_FILE    ? g_canonicalize_filename (value, folder)
                             : key->kind == VALUE_FILES ? absolute_names (value, folder)
                                                        : g_strdup (value);
    return SECTION_TAKEN;
}

SectionKind
config_section_kind (const ConfigSection *section)
{
    return section->kind;
}

const char *
config_section_name (const ConfigSection *section)
{
    return section->name;
}

const char *
config_section_origin (const ConfigSection *section)
{
    return section->origin;
}

const char *
config_section_text (const ConfigSection *section, const char *key)
{
    gssize index = find_key (section, key);
    g_assert (index >= 0);
    return section->values[index];
}

int
config_section_number (const ConfigSection *section, const char *key, int otherwise)
{
    const char *value = config_section_text (section, key);
    return value ? (int) g_ascii_strtoll (value, NULL, 10) : otherwise;
}

gboolean
config_section_yes (const ConfigSection *section, const char *key, gboolean otherwise)
{
    const char *value = config_section_text (section, key);
    gboolean yes;
    return value && is_yes_or_no (value, &yes) ? yes : otherwise;
}

gboolean
config_section_entry (const ConfigSection *section, guint index, const char **key, const char **value,
                      const char **meaning)
{
    for (gsize i = 0; i < G_N_ELEMENTS (section_keys); i++) {
        if (section_keys[i].section != section->kind || index-- > 0)
            continue;
        *key = section_keys[i].key;
        *value = section->values[i];
        *meaning = section_keys[i].meaning;
        return TRUE;
    }
    return FALSE;
}
