/* SPDX-License-Identifier: MIT */
#include "app/dated_name.h"

#include <string.h>

#include "base/date.h"

#define DAY_LENGTH 10 /* 2026-11-21 */

/* Where the extension begins, its dot included; the end when there is none. A dot in front hides a file. */
static gsize
stem_length (const char *base)
{
    const char *dot = strrchr (base, '.');
    return dot && dot != base ? (gsize) (dot - base) : strlen (base);
}

char *
dated_name (const char *file, gint64 date, guint part)
{
    char day[DATE_TEXT_SIZE];
    g_autofree char *folder = g_path_get_dirname (file);
    g_autofree char *base = g_path_get_basename (file);
    gsize stem = stem_length (base);
    g_autoptr (GString) name = g_string_new_len (base, (gssize) stem);
    if (*date_format_day (date, day))
        g_string_append_printf (name, "-%s", day);
    if (part > 0)
        g_string_append_printf (name, ".%04u", part);
    g_string_append (name, base + stem);
    return g_build_filename (folder, name->str, NULL);
}

/* A dot and at least four digits; *rest behind them. */
static guint
read_part (const char *text, const char **rest)
{
    guint64 number = 0;
    gsize digits = *text == '.' ? strspn (text + 1, "0123456789") : 0;
    *rest = text;
    if (digits < 4 || digits > 8)
        return 0;
    for (gsize i = 1; i <= digits; i++)
        number = number * 10 + (guint64) (text[i] - '0');
    *rest = text + 1 + digits;
    return (guint) number;
}

/* What stands behind the stem of `file` in `base`; NULL when it begins otherwise. */
static const char *
behind_stem (const char *file, const char *base, char **extension)
{
    g_autofree char *own = g_path_get_basename (file);
    gsize stem = stem_length (own);
    *extension = g_strdup (own + stem);
    return strncmp (base, own, stem) == 0 ? base + stem : NULL;
}

gint64
dated_name_day (const char *file, const char *base)
{
    g_autofree char *extension = NULL;
    const char *rest = behind_stem (file, base, &extension);
    if (!rest || *rest != '-' || strlen (rest) < 1 + DAY_LENGTH)
        return DATE_NONE;
    g_autofree char *day = g_strndup (rest + 1, DAY_LENGTH);
    read_part (rest + 1 + DAY_LENGTH, &rest);
    return g_str_equal (rest, extension) ? date_parse_rfc3339 (day) : DATE_NONE;
}

guint
dated_name_part (const char *file, const char *base)
{
    g_autofree char *extension = NULL;
    const char *rest = behind_stem (file, base, &extension);
    guint part = rest ? read_part (rest, &rest) : 0;
    return part > 0 && g_str_equal (rest, extension) ? part : 0;
}
