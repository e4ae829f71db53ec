/* SPDX-License-Identifier: MIT */
#include "event/domain.h"

#include "base/text.h"

#include <idn2.h>
#include <libpsl.h>
#include <string.h>

static gboolean
is_plain (const char *domain)
{
    for (const char *at = domain; *at != '\0'; at++)
        if ((guchar) *at >= 0x80)
            return FALSE;
    return TRUE;
}

static char *
without_final_dots (Arena *arena, const char *domain)
{
    Span name = span_trim (span_of (domain));

    while (name.length > 0 && name.at[name.length - 1] == '.')
        name = span_trim (span (name.at, name.length - 1));
    return span_dup (arena, name);
}

char *
domain_to_ascii (Arena *arena, const char *domain)
{
    char *lower = text_lower (arena, without_final_dots (arena, domain)), *ascii = NULL;

    if (is_plain (lower))
        return lower;
    if (idn2_to_ascii_8z (lower, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
        return lower;
    lower = text_lower (arena, without_final_dots (arena, ascii)); /* U+3002 is a dot as well */
    idn2_free (ascii);
    return lower;
}

char *
domain_to_unicode (Arena *arena, const char *domain)
{
    char *unicode = NULL, *copy;

    if (text_find (domain, "xn--") == NULL || idn2_to_unicode_8z8z (domain, &unicode, 0) != IDN2_OK)
        return arena_strdup (arena, domain);
    copy = arena_strdup (arena, unicode);
    idn2_free (unicode);
    return copy;
}

gboolean
domain_has_suffix (const char *name, const char *suffix)
{
    gsize length = strlen (name), wanted = strlen (suffix);

    if (wanted == 0 || length < wanted || strcmp (name + length - wanted, suffix) != 0)
        return FALSE;
    return length == wanted || name[length - wanted - 1] == '.';
}

/* Opened once: the list is the same for the whole run. */
static const psl_ctx_t *
public_suffixes (void)
{
    static gsize once = 0;
    static const psl_ctx_t *list = NULL;

    if (g_once_init_enter (&once)) {
        list = psl_latest (NULL);
        if (list == NULL)
            list = psl_builtin ();
        g_once_init_leave (&once, 1);
    }
    return list;
}

const char *
domain_registrable (const char *domain)
{
    const psl_ctx_t *list = public_suffixes ();
    const char *found = list == NULL ? NULL : psl_registrable_domain (list, domain);

    return found == NULL ? domain : found;
}

const char *
domain_psl_date (void)
{
    static gsize once = 0;
    static char date[16] = "";

    if (g_once_init_enter (&once)) {
        gint64 seconds = (gint64) psl_builtin_file_time ();

        if (seconds > 0) {
            g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);
            g_autofree char *text = time == NULL ? NULL : g_date_time_format (time, "%Y-%m-%d");

            if (text != NULL)
                g_strlcpy (date, text, sizeof date);
        }
        g_once_init_leave (&once, 1);
    }
    return date;
}
