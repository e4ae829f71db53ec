/* SPDX-License-Identifier: MIT */
#include "base/i18n.h"

#include <string.h>

#define MO_MAGIC 0x950412deu
#define MO_HEADER 20 /* magic, revision, count, table of texts, table of translations: five numbers are read */

typedef enum { PLURAL_NOT_ONE, PLURAL_ABOVE_ONE, PLURAL_NONE } Plural;

/* A .mo file (GNU gettext manual, "The Format of GNU MO Files"): two tables of (length, offset), the texts sorted. */
typedef struct {
    const char *bytes; /* NULL: English */
    gsize length;
    gboolean swapped;  /* written with the other byte order */
    guint32 count, texts, translations;
    Plural plural;
} Catalogue;

/* Set once, before anything is written; read only from then on. */
static Catalogue catalogue_in_use;

static guint32
number_at (const Catalogue *catalogue, gsize offset)
{
    guint32 number;
    memcpy (&number, catalogue->bytes + offset, sizeof number);
    return catalogue->swapped ? GUINT32_SWAP_LE_BE (number) : number;
}

/* The nth string of a table, NULL when it does not lie in the file with its NUL. */
static const char *
string_at (const Catalogue *catalogue, guint32 table, guint32 n, guint32 *length)
{
    guint32 at = number_at (catalogue, table + 8 * (gsize) n + 4);
    *length = number_at (catalogue, table + 8 * (gsize) n);
    if (at >= catalogue->length || *length >= catalogue->length - at || catalogue->bytes[at + *length] != '\0')
        return NULL;
    return catalogue->bytes + at;
}

static gboolean
table_fits (const Catalogue *catalogue, guint32 table)
{
    return table <= catalogue->length && (catalogue->length - table) / 8 >= catalogue->count;
}

/* The text behind which the translation is looked up, found by halving; NULL when there is none. */
static const char *
look_up (const Catalogue *catalogue, const char *text, guint32 *length)
{
    guint32 low = 0, high = catalogue->bytes ? catalogue->count : 0;
    while (low < high) {
        guint32 middle = low + (high - low) / 2;
        const char *here = string_at (catalogue, catalogue->texts, middle, length);
        int order = here ? strcmp (text, here) : -1; /* of "one\0many", the first is compared */
        if (order == 0)
            return string_at (catalogue, catalogue->translations, middle, length);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* The rules that languages of Europe and Asia with at most two forms have; another is taken for "n != 1". */
static Plural
plural_of (const Catalogue *catalogue)
{
    guint32 length;
    const char *header = look_up (catalogue, "", &length);
    const char *rule = header ? strstr (header, "plural=") : NULL;
    if (rule && strstr (rule + 7, "plural=")) /* "nplurals=…; plural=…" */
        rule = strstr (rule + 7, "plural=");
    if (!rule)
        return PLURAL_NOT_ONE;
    rule += 7 + strspn (rule + 7, " (");
    return *rule == '0'                                                         ? PLURAL_NONE
           : g_str_has_prefix (rule, "n > 1") || g_str_has_prefix (rule, "n>1") ? PLURAL_ABOVE_ONE
                                                                                : PLURAL_NOT_ONE;
}

gboolean
i18n_use (const char *bytes, gsize length)
{
    Catalogue catalogue = { .bytes = bytes, .length = length };
    guint32 magic;

    if (!bytes) {
        catalogue_in_use = catalogue;
        return TRUE;
    }
    if (length < MO_HEADER || length > G_MAXUINT32)
        return FALSE;
    memcpy (&magic, bytes, sizeof magic);
    catalogue.swapped = magic == GUINT32_SWAP_LE_BE (MO_MAGIC);
    if (magic != MO_MAGIC && !catalogue.swapped)
        return FALSE;
    catalogue.count = number_at (&catalogue, 8);
    catalogue.texts = number_at (&catalogue, 12);
    catalogue.translations = number_at (&catalogue, 16);
    if (!table_fits (&catalogue, catalogue.texts) || !table_fits (&catalogue, catalogue.translations))
        return FALSE;
    catalogue.plural = plural_of (&catalogue);
    catalogue_in_use = catalogue;
    return TRUE;
}

const char *
i18n_text (const char *text)
{
    guint32 length;
    const char *found = *text ? look_up (&catalogue_in_use, text, &length) : NULL; /* of "" it would be the header */
    return found && *found ? found : text;
}

const char *
i18n_plural (const char *one, const char *many, unsigned long n)
{
    guint32 length;
    const char *found = look_up (&catalogue_in_use, one, &length);
    if (!found || !*found)
        return n == 1 ? one : many;
    gboolean second = catalogue_in_use.plural == PLURAL_NOT_ONE
                          ? n != 1
                          : catalogue_in_use.plural == PLURAL_ABOVE_ONE && n > 1;
    gsize first = strlen (found);
    return second && first < length ? found + first + 1 : found;
}

const char *
i18n_digits (guint64 number, char out[I18N_DIGITS])
{
    g_snprintf (out, I18N_DIGITS, "%" G_GUINT64_FORMAT, number);
    return out;
}
