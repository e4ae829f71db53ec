/* SPDX-License-Identifier: MIT */
/* Is a message whole? As far as its own structure tells. */
#include "unit.h"

#include "source/message_end.h"
#include <string.h>

#define HEAD "Subject: x\nContent-Type: multipart/report; report-type=delivery-status;\n\tboundary=\"b 1\"\nTo: y\n\n"

static const struct {
    const char *text;
    MessageEnd want;
} MESSAGES[] = {
    {HEAD "--b 1\n\ntext\n--b 1--\n", MESSAGE_END_CLOSED},
    {HEAD "--b 1\n\ntext\n--b 1--\n\n\n", MESSAGE_END_CLOSED},
    {HEAD "--b 1\n\ntext\n--b 1--", MESSAGE_END_CLOSED},
    {HEAD "--b 1\n\ntext\n--b 1--  \n", MESSAGE_END_CLOSED},
    {HEAD "--b 1\n\ntext\n--b 1\n", MESSAGE_END_OPEN},
    {HEAD "--b 1\n\ntext\n--b 1-", MESSAGE_END_OPEN},
    {HEAD "--b 1\n\ntext\n--b 1--\n\nFrom MAIL", MESSAGE_END_OPEN}, /* the next one is on its way */
    {HEAD, MESSAGE_END_OPEN},
    {"content-type:multipart/mixed;BOUNDARY=plain; x=y\n\n--plain--\n", MESSAGE_END_CLOSED},
    {"Content-Type: multipart/mixed; boundary=\n\n--\n", MESSAGE_END_UNKNOWN},
    {"Content-Type: multipart/mixed; boundary=\"open", MESSAGE_END_OPEN},
    {"Content-Type: text/plain\n\nboundary=x\n--x--\n", MESSAGE_END_UNKNOWN}, /* only the field counts */
    {"Subject: x\n\nContent-Type: multipart/mixed; boundary=x\n--x--\n", MESSAGE_END_UNKNOWN},
    {"Subject: x\n\ntext\n", MESSAGE_END_UNKNOWN},
    {"", MESSAGE_END_UNKNOWN},
};

static void
test_looks (void **state)
{
    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (MESSAGES); i++) {
        gsize length = strlen (MESSAGES[i].text);
        char *exact = g_memdup2 (MESSAGES[i].text, length); /* nothing behind it may be looked at */

        if (message_end_look (exact, length) != MESSAGES[i].want)
            fail_msg ("message %u: %d", i, (int) message_end_look (exact, length));
        g_free (exact);
    }
}

UNIT_MAIN (cmocka_unit_test (test_looks))
