/* SPDX-License-Identifier: MIT */
/* The first look loses nothing: what it calls ordinary is ordinary to the full reader. Over every message of
 * tests/data/formats, whole and with its header fields taken away one by one, and over letters made for each rule. */
#include "unit.h"

#include "base/date.h"
#include "extract/first_look.h"
#include "worker/parser.h"

#include <string.h>

typedef struct {
    Knowledge *knowledge;
    Parser *parser;
    FirstLook *look;
    guint ordinary; /* how many the first look knew */
} Fixture;

static int
set_up (void **state)
{
    Fixture *fixture = g_new0 (Fixture, 1);
    fixture->knowledge = knowledge_load (NULL, FALSE, NULL);
    fixture->parser = parser_new (fixture->knowledge);
    fixture->look = first_look_new (fixture->knowledge->formats);
    *state = fixture;
    return 0;
}

static int
tear_down (void **state)
{
    Fixture *fixture = *state;
    first_look_free (fixture->look);
    parser_free (fixture->parser);
    knowledge_free (fixture->knowledge);
    g_free (fixture);
    return 0;
}

/* The promise. */
static void
check_promise (Fixture *fixture, const char *name, const char *text, gsize length)
{
    ParserInput input = {.path = name, .received = DATE_NONE, .data = text, .length = length};
    if (first_look_may_tell (fixture->look, text, length))
        return;
    fixture->ordinary++;
    const ParsedMessage *parsed = parser_parse (fixture->parser, &input);
    if (parsed->result != MESSAGE_ORDINARY)
        fail_msg ("%s: the first look calls it ordinary, the reader does not (%d):\n%.2000s", name, parsed->result, text);
}

/* Without one of its header fields, what is left may be read by another rule. */
static void
check_without_fields (Fixture *fixture, const char *name, const char *text, gsize length)
{
    const char *end = strstr (text, "\n\n");
    for (const char *line = text; end && line < end;) {
        const char *next = line;
        do {
            next = memchr (next, '\n', (gsize) (text + length - next));
            next = next ? next + 1 : text + length;
        } while (next < end && (*next == ' ' || *next == '\t'));
        g_autoptr (GString) without = g_string_new_len (text, line - text);
        g_string_append_len (without, next, text + length - next);
        check_promise (fixture, name, without->str, without->len);
        line = next;
    }
}

static void
test_data (void **state)
{
    Fixture *fixture = *state;
    const char *top = g_getenv ("top_srcdir");
    g_autofree char *folder = g_build_filename (top ? top : ".", "tests", "data", "formats", NULL);
    g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
    const char *name;
    guint files = 0;
    assert_non_null (dir);
    while ((name = g_dir_read_name (dir))) {
        g_autofree char *path = g_build_filename (folder, name, NULL);
        g_autofree char *text = NULL;
        gsize length;
        if (!g_str_has_suffix (name, ".eml") || !g_file_get_contents (path, &text, &length, NULL))
            continue;
        check_promise (fixture, name, text, length);
        check_without_fields (fixture, name, text, length);
        files++;
    }
    assert_true (files > 50);
    assert_true (fixture->ordinary > 0); /* else nothing was compared */
}

#define HEAD "From: Ann <ann@example.com>\nTo: list@example.org\nReturn-Path: <ann@example.com>\n"

static const struct {
    const char *text;
    gboolean tells;
} cases[] = {
    /* ordinary */
    {HEAD "Subject: Lunch\n\nShall we?\n", FALSE},
    {HEAD "Subject: Lunch\n\nUndelivered Mail Returned to Sender\nuser@example.com: 550 no such user\n", FALSE},
    {HEAD "Subject: Lunch\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: image/png\n"
          "Content-Transfer-Encoding: base64\n\nAAAA\n--b--\n", FALSE},
    {HEAD "Subject: News\nPrecedence: bulk\nList-Id: <news.example.org>\n\nx\n", FALSE},
    {HEAD "Auto-Submitted: no\nSubject: x\n\nx\n", FALSE},
    /* by the header */
    {HEAD "Subject: Undelivered Mail\n\nx\n", TRUE},
    {HEAD "Subject: =?utf-8?q?Undelivered?= Mail\n\nx\n", TRUE},
    {HEAD "Subject: Undelivered\n Mail\n\nx\n", TRUE},
    {HEAD "Subject: Lunch\nX-Failed-Recipients: a@example.com\n\nx\n", TRUE},
    {HEAD "Subject: Lunch\nAuto-Submitted: auto-replied\n\nx\n", TRUE},
    {HEAD "Subject: Lunch\nX-Autoreply: yes\n\nx\n", TRUE},
    {HEAD "Subject: Lunch\nPrecedence: junk\n\nx\n", TRUE},
    {HEAD "Subject: Lunch\nContent-Type: multipart/report; boundary=b\n\nx\n", TRUE},
    {HEAD "Subject: Lunch\nContent-Type: message/delivery-status\n\nx\n", TRUE},
    {"From: a@example.com\nReturn-Path: <>\nSubject: x\n\nx\n", TRUE},
    {"From: a@example.com\nReturn-Path: <MAILER-DAEMON@example.com>\nSubject: x\n\nx\n", TRUE},
    {"From: Mail Delivery System <x@example.com>\nSubject: x\n\nx\n", TRUE},
    {"From: postmaster@example.com\nSubject: x\n\nx\n", TRUE},
    {"From: <>\nSubject: x\n\nx\n", TRUE},
    /* by what is odd */
    {"\nFrom: postmaster@example.com\n\nx\n", TRUE},
    {HEAD "no field at all\nSubject: x\n\nx\n", TRUE},
    {"From: a@example.com\nb<br>c: <>\nSubject: x\n\nx\n", TRUE}, /* no field: the end of the one before it */
    {HEAD "X-2345678901234567890123456789012345678901234567890123456789-234: x\n\nx\n", TRUE},
    {"", FALSE},
    /* by the body */
    {HEAD "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b\n"
          "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\n\n--b--\n", TRUE},
    {HEAD "Subject: x\n\n{\"notificationType\":\"Bounce\"}\n", TRUE},
    {HEAD "Subject: x\nContent-Transfer-Encoding: base64\n\neyJub3RpZmljYXRpb25UeXBlIjoiQm91bmNlIn0=\n", TRUE},
    {HEAD "Subject: x\nContent-Transfer-Encoding: base64\n\nSGVsbG8=\n", FALSE},
    /* base64 that starts as a JSON object could, and is none, or is one behind white space or what is not text */
    {HEAD "Subject: x\nContent-Transfer-Encoding: base64\n\neHlsb3Bob25lIGFuZCBtb3Jl\n", FALSE},
    {HEAD "Subject: x\nContent-Transfer-Encoding: base64\n\nICBIZWxsbw==\n", FALSE},
    {HEAD "Subject: x\nContent-Transfer-Encoding: base64\n\nIAoJIHsiYSI6MX0=\n", TRUE},
    {HEAD "Subject: x\nContent-Transfer-Encoding: base64\n\nICAg\n", TRUE},
    {HEAD "Subject: x\nContent-Transfer-Encoding: base64\n\nIO+7v3t9\n", TRUE},
    {HEAD "Subject: x\nContent-Transfer-Encoding: base64\n\n{\"notificationType\": 1}\n", TRUE},
    {HEAD "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Transfer-Encoding: quoted-printable\n\n"
          "=7B}\n--b--\n", TRUE},
    {HEAD "Subject: x\n\n--b--\n>From a@b.example Mon Nov  2 08:00:00 2026\nReturn-Path: <>\nSubject: failure notice\n\n"
          "<x@b.example>: 550 no such user\n", TRUE}, /* another message behind this one */
    {HEAD "Subject: x\n\n--\nFrom here to there\n", TRUE},
    {HEAD "Subject: x\n\n-- \nFrom here to there\n", FALSE},
    {HEAD "Subject: x\n\n> X-HmXmrOriginalRecipient: a@example.com\n", TRUE},
};

static void
test_cases (void **state)
{
    Fixture *fixture = *state;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        gsize length = strlen (cases[i].text);
        if (first_look_may_tell (fixture->look, cases[i].text, length) != cases[i].tells)
            fail_msg ("case %zu: expected %d:\n%s", i, cases[i].tells, cases[i].text);
        check_promise (fixture, "case", cases[i].text, length);
        for (gsize cut = 0; cut < length; cut++) /* cut anywhere: no byte beyond is read (for the sanitizers) */
        {
            g_autofree char *copy = g_memdup2 (cases[i].text, cut + 1);
            copy = g_realloc (copy, MAX (cut, 1));
            check_promise (fixture, "cut", copy, cut);
        }
    }
}

#define T(f) cmocka_unit_test_setup_teardown (f, set_up, tear_down)
UNIT_MAIN (T (test_data), T (test_cases))
