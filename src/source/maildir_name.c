/* SPDX-License-Identifier: MIT */
#include "source/maildir_name.h"

#include "base/date.h"

#include <string.h>

gsize
maildir_name_base (const char *name)
{
    return strcspn (name, ":");
}

gint64
maildir_name_received (const char *name)
{
    gint64 seconds = 0;
    gsize digits = strspn (name, "0123456789");

    if (digits == 0 || digits > 11 || name[digits] != '.')
        return DATE_NONE;
    for (gsize i = 0; i < digits; i++)
        seconds = seconds * 10 + (name[i] - '0');
    return seconds;
}

const char *
maildir_name_part (const char *path)
{
    static const char *const parts[] = {"new", "cur", "tmp"};
    const char *slash = strrchr (path, '/');
    gsize length = slash == NULL ? 0 : (gsize) (slash - path);

    if (length < 3 || maildir_name_received (slash + 1) == DATE_NONE)
        return "";
    for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
        if (memcmp (slash - 3, parts[i], 3) == 0 && (length == 3 || slash[-4] == '/'))
            return parts[i];
    return "";
}

gboolean
maildir_name_is_index (const char *name)
{
    static const char *const names[] = {"", "maildirfolder", "maildirsize", "subscriptions"};

    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        if (strcmp (name, names[i]) == 0)
            return TRUE;
    return *name == '.' || (g_str_has_prefix (name, "dovecot") && !g_str_has_suffix (name, ".eml")) ||
           g_str_has_prefix (name, "courierimap");
}
