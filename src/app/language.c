/* SPDX-License-Identifier: MIT */
#include "app/language.h"

#include <libintl.h>
#include <locale.h>
#include <string.h>

#include "app/app_error.h"

#define DOMAIN "nixie"
#define NAME_MOST 32

/* gettext translates nothing in the locale "C": any other will do, since LANGUAGE says which words are wanted. */
static void
leave_c_locale (void)
{
    static const char *const others[] = { "C.UTF-8", "C.utf8", "en_US.UTF-8", "en_US.utf8" };
    const char *now = setlocale (LC_MESSAGES, NULL);
    if (now && !g_str_equal (now, "C") && !g_str_equal (now, "POSIX"))
        return;
    for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
        if (setlocale (LC_MESSAGES, others[i]))
            return;
}

/* "de_AT.UTF-8" → LANGUAGE=de_AT:de */
static void
speak (const char *name)
{
    gsize length = strcspn (name, ".@");
    g_autofree char *region = g_strndup (name, length);
    g_autofree char *alone = g_strndup (name, strcspn (name, "._@-"));
    g_strdelimit (region, "-", '_');
    g_autofree char *list = g_str_equal (region, alone) ? g_strdup (alone) : g_strconcat (region, ":", alone, NULL);
    g_setenv ("LANGUAGE", list, TRUE);
    leave_c_locale ();
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
    const char *places = g_getenv ("NIXIE_LOCALEDIR");
    if (!setlocale (LC_CTYPE, "") && (strstr (wanted, "UTF-8") || strstr (wanted, "utf8")))
        setlocale (LC_CTYPE, "C.UTF-8");
    if (!setlocale (LC_MESSAGES, "") && !g_str_has_prefix (wanted, "C") && !g_str_equal (wanted, "POSIX")) {
        const char *language = g_getenv ("LANGUAGE");
        if (language && *language)
            leave_c_locale ();
        else
            speak (wanted);
    }
    bindtextdomain (DOMAIN, places && *places ? places : NIXIE_LOCALEDIR);
    bind_textdomain_codeset (DOMAIN, "UTF-8");
    textdomain (DOMAIN);
}

gboolean
language_set (const char *name, GError **error)
{
    gsize length = strspn (name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.@");
    if (length < 1 || length > NAME_MOST || name[length] || strspn (name, "._-@") > 0) {
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "--lang: '%s' is no name of a language like de or ja", name);
        return FALSE;
    }
    speak (name);
    return TRUE;
}
