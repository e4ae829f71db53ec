/* SPDX-License-Identifier: MIT */
#include "app/config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "app/app_error.h"
#include "base/file_text.h"
#include "base/limits.h"
#include "base/text.h"

typedef enum { VALUE_TEXT, VALUE_FILE, VALUE_FILES, VALUE_NUMBER } ValueKind;

typedef struct {
    const char *group, *key;
    ValueKind kind;
    int least, most; /* VALUE_NUMBER */
    const char *meaning;
} ConfigKey;

static const ConfigKey config_keys[] = {
    { "nixie", "state", VALUE_FILE, 0, 0, "the ledger: a file, or postgresql://… for one that hosts share" },
    { "nixie", "host", VALUE_TEXT, 0, 0, "this host's name in a shared ledger (the system's)" },
    { "nixie", "rules", VALUE_FILES, 0, 0, "rule files or folders beside the built-in ones, separated by ;" },
    { "nixie", "mx_file", VALUE_FILE, 0, 0, "which MX host serves which domain: domain, tab, host a line" },
    { "nixie", "jobs", VALUE_NUMBER, 0, LIMIT_JOBS, "parse processes; 0 = none, the mail is read in the main process" },
    { "guard", "least", VALUE_NUMBER, 0, 1000000000, "additions that always pass (20)" },
    { "guard", "grow", VALUE_NUMBER, 0, 100, "additions that pass, in percent of the addresses known (2)" },
    { "guard", "shrink", VALUE_NUMBER, 0, 100, "by how many percent a list may get shorter (20)" },
    { "identity", "sender_domains", VALUE_TEXT, 0, 0, "domains that our mail is sent from, separated by ;" },
    { "identity", "verp", VALUE_TEXT, 0, 0,
      "bounce addresses of our mail, as bounce-{id}-{local}={domain}@lists.example.com; several with ;" },
    { "identity", "message_id_domains", VALUE_TEXT, 0, 0, "what stands behind the @ of our Message-IDs" },
    { "identity", "recipients", VALUE_FILE, 0, 0, "every address that we write to, one a line" },
    { "policy", "profile", VALUE_TEXT, 0, 0, "default, seed, strict, or a file; other keys here replace its lines" },
    { "report", "top", VALUE_NUMBER, 0, 1000000, "rows of a table; 0 = all" },
};

typedef struct {
    char *value;
    char *origin;
} Setting;

/* A line of [policy] that is for src/policy to understand. */
typedef struct {
    char *key;
    Setting setting;
} PolicyLine;

struct Config {
    Setting settings[G_N_ELEMENTS (config_keys)];
    GArray *policy_lines;
    GPtrArray *sections; /* of ConfigSection, in the order of their coming */
};

static void
policy_line_clear (gpointer data)
{
    PolicyLine *line = data;
    g_free (line->key);
    g_free (line->setting.value);
    g_free (line->setting.origin);
}

Config *
config_new (void)
{
    Config *config = g_new0 (Config, 1);
    config->policy_lines = g_array_new (FALSE, TRUE, sizeof (PolicyLine));
    g_array_set_clear_func (config->policy_lines, policy_line_clear);
    config->sections = g_ptr_array_new_with_free_func ((GDestroyNotify) config_section_free);
    return config;
}

void
config_free (Config *config)
{
    if (!config)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS (config_keys); i++) {
        g_free (config->settings[i].value);
        g_free (config->settings[i].origin);
    }
    g_array_unref (config->policy_lines);
    g_ptr_array_unref (config->sections);
    g_free (config);
}

/* GKeyFile forgets where a key stood. The last line that sets it counts, as for GKeyFile itself. */
static guint
line_of (const char *text, const char *group, const char *key)
{
    Span rest = span_of (text), line;
    gboolean inside = FALSE;
    guint number = 0, found = 0;
    while (text_next_line (&rest, &line)) {
        number++;
        line = span_trim (line);
        if (line.length >= 2 && *line.at == '[' && line.at[line.length - 1] == ']') {
            inside = strlen (group) == line.length - 2 && memcmp (line.at + 1, group, line.length - 2) == 0;
            if (inside && !key)
                found = number;
        } else if (inside && key && line.length > strlen (key) && memcmp (line.at, key, strlen (key)) == 0) {
            Span after = span_trim (span (line.at + strlen (key), line.length - strlen (key)));
            if (after.length > 0 && *after.at == '=')
                found = number;
        }
    }
    return found;
}

/* The folder that names in a configuration are relative to. */
static char *
folder_of (const char *file)
{
    g_autofree char *full = g_canonicalize_filename (file, NULL);
    return g_path_get_dirname (full);
}

static gboolean
fits (const ConfigKey *key, const char *value)
{
    gint64 number;
    if (key->kind == VALUE_NUMBER)
        return g_ascii_string_to_signed (value, 10, key->least, key->most, &number, NULL);
    return *value != '\0';
}

/* A name as it is meant in `file`: relative to the folder that the file is in. */
static char *
beside (const char *file, const char *name)
{
    g_autofree char *folder = folder_of (file);
    g_autofree char *absolute = g_canonicalize_filename (folder, NULL);
    return g_canonicalize_filename (name, absolute);
}

static char *
absolute_value (const ConfigKey *key, const char *value, const char *file)
{
    if (key->kind == VALUE_FILE)
        return strstr (value, "://") ? g_strdup (value) : beside (file, value); /* a server is nowhere in the tree */
    if (key->kind != VALUE_FILES)
        return g_strdup (value);
    g_auto (GStrv) names = g_strsplit (value, ";", -1);
    GString *joined = g_string_new (NULL);
    for (char **name = names; *name; name++) {
        if (!*g_strstrip (*name))
            continue;
        g_autofree char *full = beside (file, *name);
        g_string_append_printf (joined, "%s%s", joined->len ? ";" : "", full);
    }
    return g_string_free (joined, FALSE);
}

static gboolean
take_value (Config *config, gsize index, const char *value, const char *file, guint line, GError **error)
{
    const ConfigKey *key = &config_keys[index];
    if (!fits (key, value)) {
        if (key->kind == VALUE_NUMBER)
            g_set_error (error, APP_ERROR, APP_ERROR_CONFIG, "%s:%u: %s must be a number from %d to %d, not '%s'",
                         file, line, key->key, key->least, key->most, value);
        else
            g_set_error (error, APP_ERROR, APP_ERROR_CONFIG, "%s:%u: %s is empty", file, line, key->key);
        return FALSE;
    }
    Setting *setting = &config->settings[index];
    g_free (setting->value);
    g_free (setting->origin);
    setting->value = absolute_value (key, value, file);
    setting->origin = g_strdup_printf ("%s:%u", file, line);
    return TRUE;
}

static gssize
find_key (const char *group, const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS (config_keys); i++)
        if (g_str_equal (config_keys[i].group, group) && g_str_equal (config_keys[i].key, name))
            return (gssize) i;
    return -1;
}

const ConfigSection *
config_section (const Config *config, SectionKind kind, guint index)
{
    for (guint i = 0; i < config->sections->len; i++) {
        const ConfigSection *section = config->sections->pdata[i];
        if (config_section_kind (section) == kind && index-- == 0)
            return section;
    }
    return NULL;
}

static ConfigSection *
section_of (Config *config, SectionKind kind, const char *name, const char *file, guint line)
{
    for (guint i = 0; i < config->sections->len; i++) {
        ConfigSection *section = config->sections->pdata[i];
        if (config_section_kind (section) == kind && g_str_equal (config_section_name (section), name))
            return section;
    }
    g_autofree char *origin = g_strdup_printf ("%s:%u", file, line);
    ConfigSection *section = config_section_new (kind, name, origin);
    g_ptr_array_add (config->sections, section);
    return section;
}

static gboolean
take_section (ConfigSection *section, GKeyFile *keys, const char *group, const char *text, const char *file, Log *log,
              GError **error)
{
    g_auto (GStrv) names = g_key_file_get_keys (keys, group, NULL, NULL);
    g_autofree char *folder = folder_of (file);
    for (char **name = names; name && *name; name++) {
        guint line = line_of (text, group, *name);
        g_autofree char *value = g_key_file_get_value (keys, group, *name, NULL);
        g_autofree char *wants = NULL;
        switch (config_section_take (section, *name, value ? g_strstrip (value) : "", folder, &wants)) {
        case SECTION_UNKNOWN_KEY:
            log_warning (log, "%s:%u: unknown key '%s' in [%s]", file, line, *name, group);
            break;
        case SECTION_BAD_VALUE:
            g_set_error (error, APP_ERROR, APP_ERROR_CONFIG, "%s:%u: %s must be %s, not '%s'", file, line, *name, wants,
                         value ? value : "");
            return FALSE;
        case SECTION_TAKEN:
            break;
        }
    }
    return TRUE;
}

static gboolean
take_group (Config *config, GKeyFile *keys, const char *group, const char *text, const char *file, Log *log,
            GError **error)
{
    SectionKind kind;
    const char *section_name;
    if (config_section_parse (group, &kind, &section_name))
        return take_section (section_of (config, kind, section_name, file, line_of (text, group, NULL)), keys, group,
                             text, file, log, error);
    g_auto (GStrv) names = g_key_file_get_keys (keys, group, NULL, NULL);
    for (char **name = names; name && *name; name++) {
        guint line = line_of (text, group, *name);
        gssize index = find_key (group, *name);
        if (index < 0 && g_str_equal (group, "policy")) {
            g_autofree char *value = g_key_file_get_value (keys, group, *name, NULL);
            PolicyLine added = { g_strdup (*name), { g_strdup (value), g_strdup_printf ("%s:%u", file, line) } };
            g_array_append_val (config->policy_lines, added);
            continue;
        }
        if (index < 0) {
            log_warning (log, "%s:%u: unknown key '%s' in [%s]", file, line, *name, group);
            continue;
        }
        g_autofree char *raw = g_key_file_get_value (keys, group, *name, NULL);
        if (!take_value (config, (gsize) index, raw ? g_strstrip (raw) : "", file, line, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
load_one (Config *config, const char *file, gboolean may_be_missing, Log *log, GError **error)
{
    g_autoptr (GError) failure = NULL;
    g_autofree char *text = NULL;
    gsize length;
    if (!file_text_read (file, &text, &length, &failure)) {
        if (may_be_missing && (g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOENT)
                               || g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOTDIR)))
            return TRUE;
        g_set_error (error, APP_ERROR, APP_ERROR_CONFIG, "cannot read the configuration: %s", failure->message);
        return FALSE;
    }
    g_autoptr (GKeyFile) keys = g_key_file_new ();
    if (!g_key_file_load_from_data (keys, text, length, G_KEY_FILE_NONE, &failure)) {
        g_set_error (error, APP_ERROR, APP_ERROR_CONFIG, "%s: %s", file, failure->message);
        return FALSE;
    }
    g_auto (GStrv) groups = g_key_file_get_groups (keys, NULL);
    for (char **group = groups; *group; group++)
        if (!take_group (config, keys, *group, text, file, log, error))
            return FALSE;
    log_detail (log, "configuration: %s", file);
    return TRUE;
}

gboolean
config_load_file (Config *config, const char *file, Log *log, GError **error)
{
    if (!file)
        file = g_getenv ("NIXIE_CONFIG");
    return !file || !*file || load_one (config, file, FALSE, log, error);
}

/* A job that root starts as another user often keeps root's HOME, which that user may not enter: what lies there, if
 * anything, is not meant for him. A file that he can see and not read is an error all the same. */
static gboolean
is_out_of_reach (const char *file)
{
    return g_access (file, F_OK) != 0 && errno == EACCES;
}

gboolean
config_load (Config *config, const char *file, Log *log, GError **error)
{
    g_autofree char *user = g_build_filename (g_get_user_config_dir (), "nixie", "nixie.conf", NULL);
    return load_one (config, NIXIE_SYSCONFDIR "/nixie.conf", TRUE, log, error)
           && (is_out_of_reach (user) || load_one (config, user, TRUE, log, error))
           && config_load_file (config, file, log, error);
}

const char *
config_text (const Config *config, const char *group, const char *key)
{
    gssize index = find_key (group, key);
    g_assert (index >= 0);
    return config->settings[index].value;
}

char *
config_file (const Config *config, const char *group, const char *key)
{
    const Setting *setting = &config->settings[find_key (group, key)];
    if (!setting->value)
        return NULL;
    g_autofree char *file = g_strndup (setting->origin, (gsize) (strrchr (setting->origin, ':') - setting->origin));
    return beside (file, setting->value);
}

char **
config_list (const Config *config, const char *group, const char *key)
{
    const char *value = config_text (config, group, key);
    return value ? g_strsplit (value, ";", -1) : NULL;
}

int
config_number (const Config *config, const char *group, const char *key, int otherwise)
{
    const char *value = config_text (config, group, key);
    return value ? (int) g_ascii_strtoll (value, NULL, 10) : otherwise;
}

gboolean
config_policy_line (const Config *config, guint index, const char **key, const char **value, const char **origin)
{
    if (index >= config->policy_lines->len)
        return FALSE;
    const PolicyLine *line = &g_array_index (config->policy_lines, PolicyLine, index);
    *key = line->key;
    *value = line->setting.value;
    *origin = line->setting.origin;
    return TRUE;
}

gboolean
config_entry (const Config *config, guint index, ConfigEntry *entry)
{
    if (index >= G_N_ELEMENTS (config_keys))
        return FALSE;
    const Setting *setting = &config->settings[index];
    entry->group = config_keys[index].group;
    entry->key = config_keys[index].key;
    entry->meaning = config_keys[index].meaning;
    entry->value = setting->value;
    entry->origin = setting->origin ? setting->origin : "";
    return TRUE;
}
