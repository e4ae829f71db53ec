/* SPDX-License-Identifier: MIT */
/* Messages that stop in the middle: when that shows, and what is not believed then. */
#include "unit.h"

#include "base/date.h"
#include "mail/cut.h"
#include "worker/parser.h"

#include <string.h>

static void
test_finished (void **state)
{
    static const struct {
        const char *text;
        gboolean finished;
    } cases[] = {
        {"", TRUE},
        {"a line\n", TRUE},
        {"a line", FALSE},
        {"a sentence.", FALSE},
        {"ann@example.co", FALSE},
        {"<ann@example.com>", FALSE},
        {"<html>x</html>", TRUE},
        {"<!DOCTYPE html>\n<html><table><tr><td>x</td>", FALSE},
        {"<b>x</b>", TRUE},
        {"<meta a=b><HTML>x</Html>", TRUE},
        {"</>", FALSE},
        {"</p><!-- x -->", TRUE},
        {"text\n  ", FALSE},
        {"--b-1--", TRUE},
        {"--b-1--  ", TRUE},
        {"--b-1", FALSE},
        {"-------", FALSE},
        {"{\"a\": 1}", TRUE},
        {"{\n  \"a\": 1\n}", TRUE},
        {"[1]", TRUE},
        {"host mx [192.0.2.1]", FALSE},
        {"utf-8; a@\\x{30E1}", FALSE},
    };
    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        if (cut_is_finished (span_of (cases[i].text)) != cases[i].finished)
            fail_msg ("'%s': not %d", cases[i].text, cases[i].finished);
}

#define HEAD "From: MAILER-DAEMON@mx.example.org\nReturn-Path: <>\nSubject: Undelivered Mail Returned to Sender\n" \
             "MIME-Version: 1.0\n"
#define REPORT HEAD "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n" \
               "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n" \
               "Action: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822; ann@example.com"
#define WORDS HEAD "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\n" \
              "<ann@example.com>: 550 5.1.1 User unknown\n"
#define CODED HEAD "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"

/* The recipients that are named, with a comma behind each. */
static void
test_recipients (void **state)
{
    static const struct {
        const char *text, *recipients;
    } cases[] = {
        {REPORT "\n\n--b--\n", "ann@example.com,"},
        {REPORT "\n\n--b--", "ann@example.com,"},
        {REPORT "\n\n--b-", ""}, /* a Diagnostic-Code might have come */
        {REPORT "\n", ""},
        {REPORT "\n\n--b\nContent-Type: message/rfc822\n\nFrom: news@exam", "ann@example.com,"},
        {REPORT, ""}, /* or ann@example.com.au */
        {HEAD "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
              "Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; ann@example.com\nAction: failed\nStatus: 4.0.0\n"
              "Diagnostic-Code: smtp; 421 service refused\n", ""}, /* or " for your reputation" in the next line */
        {WORDS "\n--b", ""}, /* the fields are to come, and may say less */
        {WORDS "\n--b\nContent-Type: message/del", ""},
        {WORDS "\n--b\nContent-Type: message/delivery-status\n\nRep", ""},
        {WORDS "\n--b\nContent-Type: multipart/related; boundary=c\n\n--c\nContent-Type: text/html\n\n<p>x</p>\n\n--c--\n", ""},
        {WORDS "\n--b\nContent-Type: multipart/related; boundary=c\n\n--c\nContent-Type: text/html\n\n<p>x</p>", ""},
        {WORDS "\n--b\nContent-Type: multipart/related; boundary=c\n\n--c\nContent-Type: text/html\n\n<p>x</p>\n\n--c--\n\n-", ""},
        {WORDS "\n--b\nContent-Type: text/rfc822-headers\n\nSubject: News\n", "ann@example.com,"},
        {WORDS "\n--B--\n", "ann@example.com,"}, /* closed, though by a wrong name */
        {WORDS "\n--b--\n", "ann@example.com,"},
        /* what came back may be the report itself */
        {HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
              "The following addresses had permanent delivery errors:\n\n--b\nContent-Type: message/rfc822\n\n"
              "From: MAILER-DAEMON@mx.example.com\nTo: ben@example.org\nMIME", ""},
        {HEAD "\n<ann@example.com>: 550 5.1.1 User unknown\n", "ann@example.com,"},
        {HEAD "\n<ann@example.com>: 550 5.1.1 User unkn", ""},
        {HEAD "\n<ann@example.com>: 550 5.1.1 User unknown\n\nand he", ""}, /* said of somebody else, perhaps */
        {HEAD "\n<ann@example.com>: 550 5.1.1 User unknown\n\n------ This is a copy of the message, including all the headers. ------\n\n"
              "From: news@example.org\nTo: ann@example.com\nSubject: News\n\nhal", "ann@example.com,"},
        /* "<ann@example.com>: 550 5.1.1 User unknown\n", whole and in the middle of a line of base64 */
        {CODED "PGFubkBleGFtcGxlLmNvbT46IDU1MCA1LjEuMSBVc2VyIHVua25vd24K\n", "ann@example.com,"},
        {CODED "PGFubkBleGFtcGxlLmNvbT46IDU1MCA1LjEuMSBV\nc2VyIHVua25vd24K\n", "ann@example.com,"},
        {CODED "PGFubkBleGFtcGxlLmNvbT46IDU1MCA1LjEuMSBV\n", ""},
    };
    g_autoptr (Knowledge) knowledge = knowledge_load (NULL, FALSE, NULL);
    g_autoptr (Parser) parser = parser_new (knowledge);
    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        ParserInput input = {.path = "", .data = cases[i].text, .length = strlen (cases[i].text), .received = DATE_NONE};
        const ParsedMessage *parsed = parser_parse (parser, &input);
        g_autoptr (GString) got = g_string_new (NULL);
        for (guint n = 0; n < event_list_length (parsed->events); n++)
            if (*event_list_get (parsed->events, n)->recipient)
                g_string_append_printf (got, "%s,", event_list_get (parsed->events, n)->recipient);
        if (strcmp (got->str, cases[i].recipients) != 0)
            fail_msg ("%zu: got '%s', not '%s'", i, got->str, cases[i].recipients);
    }
}

UNIT_MAIN (cmocka_unit_test (test_finished), cmocka_unit_test (test_recipients))
