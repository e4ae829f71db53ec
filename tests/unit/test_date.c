/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/date.h"

static void
test_parse (void **state)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"Sat, 21 Nov 2026 03:00:00 +0000", "2026-11-21T03:00:00Z"},
        {"Sat, 21 Nov 2026 03:00:00 +0900 (JST)", "2026-11-20T18:00:00Z"},
        {"21 Nov 2026 03:00 -0500", "2026-11-21T08:00:00Z"},
        {"Sat,21 Nov 2026 03:00:00 GMT", "2026-11-21T03:00:00Z"},
        {"Sat, 21 Nov 26 03:00:00 EST", "2026-11-21T08:00:00Z"},
        {"21 Nov 99 03:00:00 UT", "1999-11-21T03:00:00Z"},
        {"Sat, 1 Feb 103 00:00:00 Z", "2003-02-01T00:00:00Z"},
        {"Sat Nov 21 03:00:00 2026", "2026-11-21T03:00:00Z"},
        {"Sat Nov  1 03:00:00 CET 2026", "2026-11-01T02:00:00Z"},
        {"Sat Nov 21 03:00:00 2026 +0100", "2026-11-21T02:00:00Z"},
        {"Sat Nov 21 03:00 2026", "2026-11-21T03:00:00Z"},
        {"2026-11-21", "2026-11-21T00:00:00Z"},
        {"2026-11-21T03:00:00.123+09:00", "2026-11-20T18:00:00Z"},
        {"2026-11-21 03:00:00 +0100", "2026-11-21T02:00:00Z"},
        {"21-Nov-2026 03:00:00 +0000", "2026-11-21T03:00:00Z"},
        {"Sun, 29 Feb 2032 23:59:60 +0000", "2032-02-29T23:59:59Z"},
        {"Thursday, 01 January 1970 00:00:00 GMT+0000", "1970-01-01T00:00:00Z"},
        {"Mon, 01 Jan 1900 00:00:00 +0000", "1900-01-01T00:00:00Z"},
        {"Fri, 31 Dec 9999 23:59:59 +0000", "9999-12-31T23:59:59Z"},
        {"Sat, 21 Nov 2026 03:00:00 XYZ", "2026-11-21T03:00:00Z"},
        {"21 Nov 2026 3:00:00 PM", "2026-11-21T15:00:00Z"},
        {"", ""},
        {"not a date", ""},
        {"Sat, 31 Feb 2026 03:00:00 +0000", ""},
        {"Sat, 21 Nov 2026 24:00:00 +0000", ""},
        {"Sat, 21 Nov 0 03:00:00 +0000", ""},
        {"Sat, 21 Nov 20266 03:00:00 +0000", ""},
        {"2026-13-01", ""},
        {"2026-11-21T03:00:00Zjunk", ""},
        {"(((((((((((((((((", ""},
        {"21 Nov", ""},
    };
    char out[DATE_TEXT_SIZE];

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        date_format (date_parse (cases[i].in), out);
        if (strcmp (out, cases[i].out) != 0)
            fail_msg ("“%s” gave “%s”, not “%s”", cases[i].in, out, cases[i].out);
    }
    assert_true (date_parse (NULL) == DATE_NONE);
}

static void
test_calendar (void **state)
{
    char out[DATE_TEXT_SIZE];

    (void) state;
    assert_int_equal (date_from_civil (1970, 1, 1, 0, 0, 0), 0);
    assert_int_equal (date_from_civil (2026, 11, 21, 3, 0, 0), 1795230000);
    assert_int_equal (date_day (0), 0);
    assert_int_equal (date_day (86399), 0);
    assert_int_equal (date_day (-1), -1);
    assert_int_equal (date_day (-86400), -1);
    assert_int_equal (date_day (-86401), -2);
    assert_int_equal (date_day (G_MAXINT64), G_MAXINT64 / 86400);
    assert_int_equal (date_day (DATE_NONE), -1 - G_MAXINT64 / 86400); /* no overflow (UBSan tells) */
    for (gint64 day = -800000; day < 2900000; day += 97) { /* there and back over nine thousand years */
        gint64 date = day * 86400 + 12345;

        if (*date_format (date, out) != '\0')
            assert_int_equal (date_parse_rfc3339 (out), date);
    }
    assert_string_equal (date_format_day (date_from_civil (2026, 2, 3, 23, 0, 0), out), "2026-02-03");
    assert_string_equal (date_format (DATE_NONE, out), "");
    assert_string_equal (date_format (G_MAXINT64, out), "");
}

UNIT_MAIN (cmocka_unit_test (test_parse), cmocka_unit_test (test_calendar))
