/* SPDX-License-Identifier: MIT */
#include "app/language.h"

#include <locale.h>
#include <string.h>

#include "app/app_error.h"
#include "base/file_text.h"
#include "base/i18n.h"

#define DOMAIN "nixie"
#define NAME_MOST 32
#define NAME_CHARACTERS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-"

static gboolean
read_catalogue (const char *places, const char *language, char **bytes, gsize *length)
{
    g_autofree char *path = g_build_filename (places, language, "LC_MESSAGES", DOMAIN ".mo", NULL);
    return file_text_read (path, bytes, length, NULL);
}

/* A program that is run where it was built, and not installed, has its catalogues beside itself. */
static char *
places_of_build (void)
{
    g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
    g_autofree char *folder = program ? g_path_get_dirname (program) : NULL;
    return folder ? g_build_filename (folder, "po", NULL) : NULL;
}

/* The catalogue of a language, FALSE when we have none. Its bytes live to the end: there is one a run. */
static gboolean
load (const char *language)
{
    const char *told = g_getenv ("NIXIE_LOCALEDIR");
    g_autofree char *beside = told && *told ? g_strdup (told) : places_of_build ();
    static char *catalogue;
    char *bytes;
    gsize length;
    if (!(beside && read_catalogue (beside, language, &bytes, &length))
        && ((told && *told) || !read_catalogue (NIXIE_LOCALEDIR, language, &bytes, &length)))
        return FALSE;
    if (!i18n_use (bytes, length)) {
        g_free (bytes);
        return FALSE;
    }
    g_free (catalogue);
    catalogue = bytes;
    return TRUE;
}

/* "de_AT.UTF-8": de_AT, else de. TRUE when that is a language that we have, or English. */
static gboolean
speak (const char *name)
{
    g_autofree char *region = g_strndup (name, strcspn (name, ".@"));
    g_autofree char *alone = g_strndup (name, strcspn (name, "._@-"));
    if (!*alone || strspn (region, NAME_CHARACTERS) != strlen (region))
        return FALSE;
    g_strdelimit (region, "-", '_');
    return load (region) || load (alone) || g_str_equal (alone, "en") || g_str_equal (alone, "C") ||
           g_str_equal (alone, "POSIX");
}

static const char *
wanted_locale (void)
{
    static const char *const variables[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
    for (gsize i = 0; i < G_N_ELEMENTS (variables); i++) {
        const char *value = g_getenv (variables[i]);
        if (value && *value)
            return value;
    }
    return "C";
}

void
language_init (void)
{
    const char *wanted = wanted_locale ();
    const char *language = g_getenv ("LANGUAGE");
    if (!setlocale (LC_CTYPE, "") && (strstr (wanted, "UTF-8") || strstr (wanted, "utf8")))
        (void) setlocale (LC_CTYPE, "C.UTF-8");
    (void) setlocale (LC_MESSAGES, ""); /* for the C library's own words */
    if (g_str_equal (wanted, "C") || g_str_equal (wanted, "POSIX"))
        return; /* LANGUAGE counts in no locale "C" */
    g_auto (GStrv) names = g_strsplit (language && *language ? language : wanted, ":", -1);
    for (guint i = 0; names[i] && !speak (names[i]); i++)
        ;
}

gboolean
language_set (const char *name, GError **error)
{
    gsize length = strspn (name, NAME_CHARACTERS ".@");
    if (length < 1 || length > NAME_MOST || name[length] || strspn (name, "._-@") > 0) {
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "--lang: '%s' is no name of a language like de or ja", name);
        return FALSE;
    }
    i18n_use (NULL, 0);
    speak (name);
    return TRUE;
}
