/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "mail/appended.h"

#include <string.h>

static void
test_find (void **state)
{
    static const struct {
        const char *first, *from, *second; /* second NULL: all is one message */
    } cases[] = {
        {"A: b; boundary=x\n\n--x\n\ntext\n--x--\n", "From a@example.com Thu Jul  2 12:05:05 2020\n", "Received: by y\n\nz\n"},
        {"A: b; boundary=x\n\n--x--\n", ">From a@example.com Thu Jul  2 12:05:05 2020\n", "Received: by y\n\nz\n"},
        {"A: b; boundary=x\n\n--x--\n", "From MAILER-DAEMON Sat Nov 21 03:00:00 2026\n", "Subject: z\n"},
        {"A: b; boundary=x\n\n--x--\nFrom a@example.com Thu Jul  2 12:05:05 2020\nno header here\n", NULL, NULL},
        {"A: b; boundary=x\n\n--x--\nFrom here to there\nSubject: x\n", NULL, NULL},
        {"A: b; boundary=x\n\n--x--\n\nFrom a@example.com Thu Jul  2 12:05:05 2020\nSubject: x\n", NULL, NULL},
        {"A: b\n\n-------\nFrom a@example.com Thu Jul  2 12:05:05 2020\nSubject: x\n", NULL, NULL},
        {"A: b\n\n-- text --\nFrom a@example.com Thu Jul  2 12:05:05 2020\nSubject: x\n", NULL, NULL},
        {"A: b; boundary=y\n\n--y\n\n--x--\nFrom a@example.com Thu Jul  2 12:05:05 2020\nSubject: x\n\n--y--\n", NULL, NULL},
        {"A: b\n\n--x--\nFrom a@example.com Thu Jul  2 12:05:05 2020\nSubject: x\n", NULL, NULL},
        {"From a@example.com Thu Jul  2 12:05:05 2020\nSubject: x\n", NULL, NULL},
        {"A: b; boundary=x\n\n--x--\nFrom a@example.com Thu Jul  2 12:05:05 2020", NULL, NULL},
        {"", NULL, NULL},
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *text = g_strconcat (cases[i].first, cases[i].from, cases[i].second, NULL);
        gsize end = 99999, next = 99999;
        gboolean found = appended_find (text, strlen (text), &end, &next);

        if (found != (cases[i].second != NULL))
            fail_msg ("case %zu", i);
        assert_int_equal (end, found ? strlen (cases[i].first) : strlen (text));
        assert_int_equal (next, found ? strlen (cases[i].first) + strlen (cases[i].from) : strlen (text));
    }
}

UNIT_MAIN (cmocka_unit_test (test_find))
