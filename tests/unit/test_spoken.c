/* SPDX-License-Identifier: MIT */
/* Days, numbers and shares as the examples of a catalogue have them; examples that cannot be followed do no harm. */
#include "unit.h"

#include "base/date.h"
#include "base/i18n.h"
#include "base/spoken.h"
#include <string.h>

typedef struct {
    const char *day, *minute, *month, *number, *share;             /* the catalogue's examples */
    const char *second, *then, *january, *million, *small, *least; /* what is written */
} Language;

static const Language languages[] = {
    {"2026-11-21", "2026-11-21 03:04", "2026-11", "1 234 567", "0.4 %",
     "2026-01-02", "2026-01-02 15:09", "2026-01", "1'000'000", "0.4 %", "<0.1 %"}, /* English: the caller's divider */
    {"21.11.2026", "21.11.2026 03:04", "11.2026", "1.234.567", "0,4 %",
     "02.01.2026", "02.01.2026 15:09", "01.2026", "1.000.000", "0,4 %", "<0,1 %"},
    {"21/11/2026", "21/11/2026 03:04", "11/2026", "1.234.567", "0,4%",
     "02/01/2026", "02/01/2026 15:09", "01/2026", "1.000.000", "0,4%", "<0,1%"},
    {"2026年11月21日", "2026年11月21日 03:04", "2026年11月", "1,234,567", "0.4%",
     "2026年01月02日", "2026年01月02日 15:09", "2026年01月", "1,000,000", "0.4%", "<0.1%"},
    {"day", "", "month", "x", "", "day", "2026-01-02 15:09", "month", "1'000'000", "0.4 %", "<0.1 %"}, /* nonsense */
};

/* A .mo file of the five examples, in the order of their bytes. */
static GByteArray *
catalogue_of (const Language *language)
{
    const char *const texts[] = {"0.4 %", "1 234 567", "2026-11", "2026-11-21", "2026-11-21 03:04"};
    const char *const translations[] = {language->share, language->number, language->month, language->day, language->minute};
    enum { N = G_N_ELEMENTS (texts) };
    guint32 numbers[7 + 4 * N] = {0x950412de, 0, N, 28, 28 + 8 * N, 0, 0};
    guint32 at = sizeof numbers;
    GByteArray *bytes = g_byte_array_new ();

    for (guint i = 0; i < 2 * N; i++) {
        const char *text = i < N ? texts[i] : translations[i - N];
        numbers[7 + 2 * i] = (guint32) strlen (text);
        numbers[8 + 2 * i] = at;
        at += (guint32) strlen (text) + 1;
    }
    g_byte_array_append (bytes, (const guint8 *) numbers, sizeof numbers);
    for (guint i = 0; i < 2 * N; i++) {
        const char *text = i < N ? texts[i] : translations[i - N];
        g_byte_array_append (bytes, (const guint8 *) text, (guint) strlen (text) + 1);
    }
    return bytes;
}

static void
as_the_examples_have_it (void **state)
{
    gint64 date = date_parse_rfc3339 ("2026-01-02T15:09:30Z");
    char out[SPOKEN_SIZE];

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (languages); i++) {
        const Language *language = &languages[i];
        g_autoptr (GByteArray) bytes = catalogue_of (language);

        assert_true (i18n_use ((const char *) bytes->data, bytes->len));
        assert_string_equal (spoken_day (date, out), language->second);
        assert_string_equal (spoken_minute (date, out), language->then);
        assert_string_equal (spoken_month (2026, 1, out), language->january);
        assert_string_equal (spoken_number (1000000, "'", out), language->million);
        assert_string_equal (spoken_share (4, 1000, out), language->small);
        assert_string_equal (spoken_share (1, 1000000, out), language->least);
        assert_string_equal (spoken_day (DATE_NONE, out), "");
        assert_string_equal (spoken_minute (DATE_NONE, out), "");
        i18n_use (NULL, 0);
    }
}

static void
figures (void **state)
{
    char out[SPOKEN_SIZE];

    (void) state;
    assert_string_equal (spoken_number (0, " ", out), "0");
    assert_string_equal (spoken_number (999, " ", out), "999");
    assert_string_equal (spoken_number (1000, " ", out), "1 000");
    assert_string_equal (spoken_number (G_MAXUINT64, "\342\200\257", out),
                         "18\342\200\257446\342\200\257744\342\200\257073\342\200\257709\342\200\257551\342\200\257615");
    assert_string_equal (spoken_share (0, 0, out), "");
    assert_string_equal (spoken_share (0, 7, out), "0 %");
    assert_string_equal (spoken_share (7, 7, out), "100 %");
    assert_string_equal (spoken_share (1, 3, out), "33 %");
    assert_string_equal (spoken_share (1, 30, out), "3.3 %");
    assert_string_equal (spoken_share (1, 50, out), "2 %");
    assert_string_equal (spoken_share (9949, 100000, out), "9.9 %");
    assert_string_equal (spoken_share (995, 10000, out), "10 %");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (as_the_examples_have_it),
        cmocka_unit_test (figures),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
