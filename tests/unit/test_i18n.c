/* SPDX-License-Identifier: MIT */
/* Catalogues: found texts, forms for numbers, the other byte order, and files that are damaged anywhere. */
#include "unit.h"

#include "base/i18n.h"
#include <string.h>

#define ENTRIES 3

/* A .mo file of three entries, sorted as msgfmt sorts them. */
static GByteArray *
catalogue_of (const char *plural, gboolean swapped)
{
    static const struct {
        const char *text, *translation;
        guint text_length, length;
    } entries[ENTRIES] = {
        {"", NULL, 0, 0}, {"%u address\0%u addresses", "%u Adresse\0%u Adressen", 23, 22}, {"Blocks", "Sperren", 6, 7}};
    g_autofree char *header = g_strdup_printf ("Content-Type: text/plain; charset=UTF-8\nPlural-Forms: %s\n", plural);
    GByteArray *bytes = g_byte_array_new ();
    guint32 numbers[7 + 4 * ENTRIES] = {0x950412de, 0, ENTRIES, 28, 28 + 8 * ENTRIES, 0, 0};
    guint32 at = sizeof numbers;

    for (guint table = 0; table < 2; table++)
        for (guint i = 0; i < ENTRIES; i++) {
            guint32 length = table == 0 ? entries[i].text_length : i == 0 ? (guint32) strlen (header) : entries[i].length;
            numbers[7 + 2 * (table * ENTRIES + i)] = length;
            numbers[8 + 2 * (table * ENTRIES + i)] = at;
            at += length + 1;
        }
    for (guint i = 0; swapped && i < G_N_ELEMENTS (numbers); i++)
        numbers[i] = GUINT32_SWAP_LE_BE (numbers[i]);
    g_byte_array_append (bytes, (const guint8 *) numbers, sizeof numbers);
    for (guint table = 0; table < 2; table++)
        for (guint i = 0; i < ENTRIES; i++) {
            const char *text = table == 0 ? entries[i].text : i == 0 ? header : entries[i].translation;
            guint length = table == 0 ? entries[i].text_length : i == 0 ? (guint) strlen (header) : entries[i].length;
            g_byte_array_append (bytes, (const guint8 *) text, length);
            g_byte_array_append (bytes, (const guint8 *) "", 1);
        }
    return bytes;
}

static gboolean
use (const GByteArray *bytes)
{
    return i18n_use ((const char *) bytes->data, bytes->len);
}

static void
translates (void **state)
{
    (void) state;
    for (guint swapped = 0; swapped < 2; swapped++) {
        g_autoptr (GByteArray) bytes = catalogue_of ("nplurals=2; plural=(n != 1);", swapped);
        assert_true (use (bytes));
        assert_string_equal (i18n_text ("Blocks"), "Sperren");
        assert_string_equal (i18n_text ("Block"), "Block");
        assert_string_equal (i18n_text (""), ""); /* and not the header */
        assert_string_equal (i18n_text ("unknown to it"), "unknown to it");
        assert_string_equal (i18n_plural ("%u address", "%u addresses", 1), "%u Adresse");
        assert_string_equal (i18n_plural ("%u address", "%u addresses", 0), "%u Adressen");
        assert_string_equal (i18n_plural ("%u day", "%u days", 1), "%u day");
        assert_string_equal (i18n_plural ("%u day", "%u days", 2), "%u days");
        assert_true (i18n_use (NULL, 0));
        assert_string_equal (i18n_text ("Blocks"), "Blocks");
    }
}

static void
counts_as_the_language_does (void **state)
{
    static const struct {
        const char *rule;
        gboolean second[3]; /* for 0, 1, 2 */
    } cases[] = {
        {"nplurals=2; plural=(n != 1);", {TRUE, FALSE, TRUE}},
        {"nplurals=2; plural=n > 1;", {FALSE, FALSE, TRUE}},
        {"nplurals=1; plural=0;", {FALSE, FALSE, FALSE}},
        {"", {TRUE, FALSE, TRUE}},
    };
    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GByteArray) bytes = catalogue_of (cases[i].rule, FALSE);
        assert_true (use (bytes));
        for (guint n = 0; n < 3; n++)
            assert_string_equal (i18n_plural ("%u address", "%u addresses", n),
                                 cases[i].second[n] ? "%u Adressen" : "%u Adresse");
        i18n_use (NULL, 0);
    }
}

/* Cut anywhere, and with any byte of its numbers turned: never read beyond the end (the sanitizers tell). */
static void
survives_damage (void **state)
{
    g_autoptr (GByteArray) good = catalogue_of ("nplurals=2; plural=(n != 1);", FALSE);
    (void) state;
    for (guint length = 0; length < good->len; length++) {
        g_autofree char *cut = g_memdup2 (good->data, MAX (length, 1));
        if (i18n_use (cut, length)) {
            i18n_text ("Blocks");
            i18n_plural ("%u address", "%u addresses", 2);
        }
        i18n_use (NULL, 0);
    }
    for (guint at = 0; at < 76; at++) {
        g_autofree char *turned = g_memdup2 (good->data, good->len);
        turned[at] = (char) 0xff;
        if (i18n_use (turned, good->len)) {
            i18n_text ("Blocks");
            i18n_plural ("%u address", "%u addresses", 2);
        }
        i18n_use (NULL, 0);
    }
    assert_false (i18n_use ("no catalogue at all, but long enough", 36));
}

UNIT_MAIN (cmocka_unit_test (translates), cmocka_unit_test (counts_as_the_language_does),
           cmocka_unit_test (survives_damage))
