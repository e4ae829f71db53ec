/* SPDX-License-Identifier: MIT */
/* Messages to views. The cases named G1..G14 are faults of GMime 3.2.13 that must not show. */
#include "unit.h"

#include "base/limits.h"
#include "mail/mail_reader.h"

#include <string.h>

#define FFFD "\xef\xbf\xbd"

static MailReader *reader;
static Arena *arena;

static int
set_up (void **state)
{
    (void) state;
    reader = mail_reader_new ();
    arena = arena_new ();
    return 0;
}

static int
tear_down (void **state)
{
    (void) state;
    mail_reader_free (reader);
    arena_free (arena);
    return 0;
}

/* From memory that ends where the message ends and is gone afterwards: the view must not point into it. */
static MailView *
read_bytes (const char *message, gsize length)
{
    char *exact = g_memdup2 (message, length);
    MailView *view;

    arena_clear (arena);
    view = mail_reader_read (reader, exact ? exact : "", length, arena);
    if (exact)
        memset (exact, '!', length);
    g_free (exact);
    assert_non_null (view);
    assert_true (view->n_parts >= 1);
    return view;
}

static MailView *
read_text (const char *message)
{
    return read_bytes (message, strlen (message));
}

/* "0m 1t 1d 1r": depth and kind of every part. */
static char *
outline (const MailView *view)
{
    GString *out = g_string_new (NULL);

    for (guint i = 0; i < view->n_parts; i++)
        g_string_append_printf (out, "%s%u%c", i ? " " : "", view->parts[i].depth, "othdfnkrRm"[view->parts[i].kind]);
    return g_string_free (out, FALSE);
}

#define TEXT_PART "Content-Type: text/plain\n\nUnknown user a@b.example\n"
#define STATUS_PART "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.example\n"
#define COPY "From: me@c.example\nTo: a@b.example\nMessage-ID: <1@c.example>\nSubject: Hello\n\nText of mine\n"
#define COPY_PART "Content-Type: message/rfc822\n\n" COPY
#define REPORT_HEADER "From: MAILER-DAEMON@x\nSubject: Undelivered\nContent-Type: multipart/report; report-type=Delivery-Status; boundary=B\n"
#define REPORT REPORT_HEADER "\n--B\n" TEXT_PART "\n--B\n" STATUS_PART "\n--B\n" COPY_PART "\n--B--\n"

static void
test_report (void **state)
{
    (void) state;
    MailView *view = read_text (REPORT);
    g_autofree char *shape = outline (view);
    const MailPart *status = mail_view_part (view, PART_DELIVERY_STATUS, NULL);

    assert_string_equal (shape, "0m 1t 1d 1r");
    assert_int_equal (view->flags, 0);
    assert_string_equal (view->type, "multipart/report");
    assert_string_equal (view->report_type, "delivery-status");
    assert_string_equal (view->body, "Unknown user a@b.example\n");
    assert_string_equal (status->text, "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.example\n");
    assert_int_equal (status->text_length, strlen (status->text));
    assert_int_equal (status->parent, 0);
    assert_null (mail_view_part (view, PART_DELIVERY_STATUS, status));
    assert_int_equal (view->returned.n_fields, 4);
    assert_string_equal (mail_headers_get (&view->returned, "Subject"), "Hello");
    assert_string_equal (view->returned_text, COPY);
    assert_string_equal (mail_view_header (view, "Subject"), "Undelivered");
    assert_string_equal (view->raw, "");
    assert_null (view->forwarded);
}

/* Message → shape of its parts, body, number of fields that came back, flags. */
static void
test_shapes (void **state)
{
    (void) state;
    static const struct {
        const char *message, *shape, *body;
        guint n_returned;
        guint32 flags;
    } cases[] = {
        {"", "0t", "", 0, 0},
        {"\n\n\n", "0t", "", 0, 0},
        {"no header at all\n", "0t", "no header at all\n", 0, 0},
        {"Subject: only a header\n", "0t", "", 0, 0},
        {"Subject: x\n\ntext\n", "0t", "text\n", 0, 0},
        {"\n\n  \nSubject: behind blank lines\n\ntext\n", "0t", "text\n", 0, 0},
        {"From x@y Thu Jan  1 00:00:00 1970\nSubject: x\n\ntext\n", "0t", "text\n", 0, 0},
        {"Content-Type: text/html\n\n<p>user <b>unknown</b></p>\n", "0h", "user unknown\n", 0, 0},
        {"Content-Type: image/png\n\nxxxx\n", "0o", "", 0, 0},
        {"Content-Type: text\n\ntext\n", "0t", "text\n", 0, 0},
        {"Content-Type: message/delivery-status\n\nAction: failed\n", "0d", "", 0, 0},
        {"Content-Type: message/global-delivery-status\n\nAction: failed\n", "0d", "", 0, 0},
        {"Content-Type: text/delivery-status\n\nAction: failed\n", "0d", "", 0, 0},
        {"Content-Type: message/feedback-report\n\nFeedback-Type: abuse\n", "0f", "", 0, 0},
        {"Content-Type: message/disposition-notification\n\nDisposition: x\n", "0n", "", 0, 0},
        {"Content-Type: message/tracking-status\n\nx\n", "0k", "", 0, 0},
        {"Content-Type: message/rfc822\n\n" COPY, "0r", "", 4, 0},
        {"Content-Type: message/global-headers\n\n" COPY, "0R", "", 4, 0},
        {"Content-Type: text/rfc822-headers\n\n" COPY, "0R", "", 4, 0},
        /* the report inside a mixed; text behind the copy is still the reporter's */
        {"Content-Type: multipart/mixed; boundary=A\n\n--A\nContent-Type: multipart/report; boundary=B\n\n--B\n" TEXT_PART
         "\n--B\n" STATUS_PART "\n--B\n" COPY_PART "\n--B--\n\n--A\n\nfooter\n--A--\n",
         "0m 1m 2t 2d 2r 1t", "Unknown user a@b.example\n\nfooter", 4, 0},
        /* no closing boundary, no blank lines around, trailing spaces */
        {REPORT_HEADER "\n--B  \n" TEXT_PART "--B\n" STATUS_PART "--B\n" COPY_PART, "0m 1t 1d 1r",
         "Unknown user a@b.example", 4, MAIL_CUT},
        /* what is inside the returned message is not said by the reporter */
        {REPORT_HEADER "\n--B\n" TEXT_PART "\n--B\nContent-Type: message/rfc822\n\nFrom: a@b\nContent-Type: multipart/mixed; boundary=C\n\n--C\n" STATUS_PART "\n--C--\n\n--B--\n",
         "0m 1t 1r", "Unknown user a@b.example\n", 2, 0},
        /* HTML beside text is its twin; before text, it is not */
        {"Content-Type: multipart/alternative; boundary=B\n\n--B\n\nplain\n--B\nContent-Type: text/html\n\n<p>html</p>\n--B--\n",
         "0m 1t 1h", "plain", 0, 0},
        {"Content-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/html\n\n<p>html</p>\n--B\n\nfooter\n--B--\n",
         "0m 1h 1t", "html\n\nfooter", 0, 0},
        {"Content-Type: multipart/alternative; boundary=B\n\n--B\n\n \n--B\nContent-Type: text/html\n\n<p>html</p>\n--B--\n",
         "0m 1t 1h", "html\n", 0, 0},
        /* attachments are no body, unless there is nothing else */
        {"Content-Type: multipart/mixed; boundary=B\n\n--B\n\ntext\n--B\nContent-Disposition: attachment; filename=a\n\nno\n--B--\n",
         "0m 1t 1t", "text", 0, 0},
        {"Content-Type: multipart/mixed; boundary=B\n\n--B\nContent-Disposition: attachment; filename=a\n\nall\n--B--\n",
         "0m 1t", "all", 0, 0},
        {"Content-Type: multipart/mixed; boundary=B\n\n--B\n\ntext\n--B\nContent-Disposition: attachment; filename=a\n\n" COPY "\n--B--\n",
         "0m 1t 1t", "text", 4, 0},
        /* a picture that says it is text */
        {"Content-Type: multipart/mixed; boundary=B\n\n--B\n\ntext\n--B\nContent-Type: text/plain\n\n\x01\x02\x03\x04\x05PNG\n--B--\n",
         "0m 1t 1t", "text", 0, 0},
        /* a copy put in as it is, without message/rfc822 */
        {"Content-Type: multipart/mixed; boundary=B\n\n--B\n\ntext\n--B\n" COPY "\n--B--\n", "0m 1t 1r", "text", 4, 0},
        {"Content-Type: multipart/digest; boundary=B\n\n--B\n\n" COPY "\n--B--\n", "0m 1r", "", 4, 0},
        {"Content-Type: multipart/mixed; boundary=A\n\n--A\nContent-Type: Multipart/Digest;\n\tboundary=\"message/1\"\n\n--message/1\n\n" COPY
         "\n--message/1--\n--A--\n", "0m 1m 2r", "", 4, 0},
        {"Content-Type: multipart/mixed; boundary=B\n\n--B\n--B\n--B--\n", "0t", "--B\n--B\n--B--\n", 0, MAIL_MIME_BROKEN},
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        MailView *view = read_text (cases[i].message);
        g_autofree char *shape = outline (view);
        if (strcmp (shape, cases[i].shape) != 0 || strcmp (view->body, cases[i].body) != 0)
            print_error ("case %zu: %s body \"%s\"\n", i, shape, view->body);
        assert_string_equal (shape, cases[i].shape);
        assert_string_equal (view->body, cases[i].body);
        assert_int_equal (view->returned.n_fields, cases[i].n_returned);
        assert_int_equal (view->flags, cases[i].flags);
        assert_true ((view->flags & MAIL_MIME_BROKEN) == 0 || *view->raw || !*cases[i].message);
    }
}

/* What is broken is repaired where it is clear what was meant, and kept as text where it is not: nothing is lost. */
static void
test_broken (void **state)
{
    (void) state;
    static const struct {
        const char *message, *shape;
        guint32 flags;
    } cases[] = {
        /* G12: no boundary, the wrong one, one that is too long */
        {"Content-Type: multipart/report\n\n--B\n" TEXT_PART "\n--B\n" STATUS_PART "\n--B--\n", "0m 1t 1d", MAIL_MIME_BROKEN},
        {"Content-Type: multipart/report; boundary=X\n\n--B\n" TEXT_PART "\n--B\n" STATUS_PART "\n--B--\n", "0m 1t 1d", MAIL_MIME_BROKEN},
        {"Content-Type: multipart/report; boundary=X\n\nno part at all, a@b.example\n", "0t", MAIL_MIME_BROKEN},
        {"Content-Type: multipart/report; boundary=\"\"\n\nno part at all, a@b.example\n", "0t", MAIL_MIME_BROKEN},
        {"Content-Type: multipart/mixed; boundary=A\n\n--A\nContent-Type: multipart/report; boundary=X\n\nlost a@b.example\n--A--\n",
         "0m 1m 2t", MAIL_MIME_BROKEN},
        /* no Content-Type at all */
        {"Subject: x\n\nThis is a MIME-encapsulated message\n\n--B1\n\ntext\n--B1\n" STATUS_PART "\n--B1--\n", "0m 1t 1d", MAIL_MIME_BROKEN},
        {"Subject: x\n\nCopy:\n\nFrom: a@b\nContent-Type: multipart/mixed; boundary=B1\n\n--B1\nContent-Type: text/plain\n\ntext\n--B1--\n", "0t", 0},
        {"Subject: x\n\n-- \nsignature a@b.example\n", "0t", 0},
        /* several: the first, unless only another one fits the body */
        {"Content-Type: multipart/report; boundary=B\nContent-Type: text/plain\n\n--B\n" STATUS_PART "\n--B--\n", "0m 1d", MAIL_MIME_BROKEN},
        {"Content-Type: text/plain\nContent-Type: multipart/report; boundary=B\n\n--B\n" STATUS_PART "\n--B--\n", "0m 1d", MAIL_MIME_BROKEN},
        {"Content-Type: text/plain\nContent-Type: multipart/report; boundary=B\n\na@b.example\n", "0t", MAIL_MIME_BROKEN},
        {"Content-Type: multipart/report; boundary=B\nContent-Type: multipart/report; boundary=B\n\n--B\n" STATUS_PART "\n--B--\n", "0m 1d", 0},
        /* lines that lost or won indentation */
        {"Content-Type: multipart/mixed;\nboundary=A\n\n--A\nContent-Type: multipart/report;\nboundary=B\n\n--B\n" STATUS_PART "\n--B--\n--A--\n", "0m 1m 2d", 0},
        {REPORT_HEADER "\n--B\n" TEXT_PART "\n --B\n" STATUS_PART "\n--B--\n", "0m 1t 1d", MAIL_MIME_BROKEN},
        /* no blank line between the fields and the text: GMime drops the text, or the part */
        {REPORT_HEADER "\n--B\nUnknown user a@b.example\n--B--\n", "0m 1t", 0},
        {REPORT_HEADER "\n--B\nContent-Type: text/plain\nUnknown user a@b.example\n--B--\n", "0m 1t", 0},
        {REPORT_HEADER "\n--B\nContent-Type: text/plain\nUnknown user a@b.example\n\nmore\n--B--\n", "0m 1t", 0},
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        MailView *view = read_text (cases[i].message);
        g_autofree char *shape = outline (view);
        const MailPart *status = mail_view_part (view, PART_DELIVERY_STATUS, NULL);
        const MailPart *text = mail_view_part (view, PART_TEXT, NULL);
        if (strcmp (shape, cases[i].shape) != 0 || view->flags != cases[i].flags)
            print_error ("case %zu: %s flags %x\n", i, shape, view->flags);
        assert_string_equal (shape, cases[i].shape);
        assert_int_equal (view->flags, cases[i].flags);
        if (status)
            assert_non_null (strstr (status->text, "Final-Recipient: rfc822; a@b.example"));
        else if (!strstr (cases[i].message, "Copy:"))
            assert_non_null (strstr (text->text, "a@b.example"));
        assert_true (!(view->flags & MAIL_MIME_BROKEN) || strstr (view->raw, "a@b.example"));
    }
}

static void
test_missing_blank_line_keeps_every_character (void **state)
{
    (void) state;
    MailView *view = read_text (REPORT_HEADER "\n--B\nUnknown user\n--B\nContent-Type: text/plain\n550 no\nsuch user\n--B--\n");

    assert_int_equal (view->n_parts, 3);
    assert_string_equal (view->parts[1].text, "Unknown user");
    assert_string_equal (view->parts[2].text, "550 no\nsuch user");
}

/* G12: beyond some four kilobytes GMime never finds a boundary. */
static void
test_long_boundary (void **state)
{
    (void) state;
    static const gsize lengths[] = {70, 1000, LIMIT_BOUNDARY, LIMIT_BOUNDARY + 1, 5000, 200000};

    for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++) {
        g_autofree char *boundary = g_strnfill (lengths[i], 'b');
        g_autofree char *message = g_strdup_printf (
            "Content-Type: multipart/report; boundary=\"%s\"\n\n--%s\n" STATUS_PART "\n--%s--\n", boundary, boundary, boundary);
        MailView *view = read_text (message);
        if (lengths[i] <= LIMIT_BOUNDARY) {
            assert_non_null (mail_view_part (view, PART_DELIVERY_STATUS, NULL));
            assert_int_equal (view->flags, 0);
        } else {
            assert_true (view->flags & MAIL_MIME_BROKEN);
            assert_non_null (strstr (view->body, "Final-Recipient: rfc822; a@b.example"));
        }
    }
}

/* Encoded parts (G6, G11): a report or a copy in base64 is read like any other. */
static void
test_encodings (void **state)
{
    (void) state;
    static const struct {
        const char *headers, *content, *text;
    } cases[] = {
        {"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64", "QWN0aW9uOiBmYWlsZWQNClN0YXR1czogNS4xLjENCg==", "Action: failed\nStatus: 5.1.1\n"},
        {"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64", "QWN0aW9uOiBmYWlsZWQKUw==\ndGF0dXM6IDUuMS4xCg==", "Action: failed\nStatus: 5.1.1\n"},
        {"Content-Type: message/delivery-status\nContent-Transfer-Encoding: quoted-printable", "Action: f=\nailed\nStatus: 5=2E1.1\n", "Action: failed\nStatus: 5.1.1\n"},
        {"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64", "Action: failed\nStatus: 5.1.1 not base64 at all\n", "Action: failed\nStatus: 5.1.1 not base64 at all\n"},
        {"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64", "U3ViamVjdDogSGVsbG8KRnJvbTogYUBiCgp0ZXh0Cg==", "Subject: Hello\nFrom: a@b\n\ntext\n"},
        {"Content-Type: text/plain; charset=iso-2022-jp", "\x1b$B%(%i!<\x1b(B", "\xe3\x82\xa8\xe3\x83\xa9\xe3\x83\xbc"},
        {"Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable", "caf=E9", "caf\xc3\xa9"},
        {"Content-Type: text/plain\nContent-Transfer-Encoding: 8bit", "caf\xe9 noir", "caf\xc3\xa9 noir"},
        {"Content-Type: text/plain; charset*=us-ascii''utf-8", "caf\xc3\xa9", "caf\xc3\xa9"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *alone = g_strdup_printf ("%s\n\n%s\n", cases[i].headers, cases[i].content);
        g_autofree char *part = g_strdup_printf ("Content-Type: multipart/mixed; boundary=B\n\n--B\n%s\n\n%s\n--B--\n", cases[i].headers, cases[i].content);
        gsize length = strlen (cases[i].text);
        MailView *view = read_text (alone);
        assert_int_equal (view->n_parts, 1);
        assert_in_range (view->parts[0].text_length, length, length + 1); /* with the last line end, where it is no code's */
        assert_memory_equal (view->parts[0].text, cases[i].text, length);
        view = read_text (part);
        assert_int_equal (view->n_parts, 2);
        /* the line end before the boundary is the boundary's */
        assert_in_range (view->parts[1].text_length, length - 1, length);
        assert_memory_equal (view->parts[1].text, cases[i].text, length - 1);
    }
    assert_string_equal (mail_headers_get (&read_text ("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogSGVsbG8KCnRleHQK\n")->returned, "Subject"), "Hello");
}

/* Text that ends where a copy of the original begins, and text that does not. */
static void
test_markers (void **state)
{
    (void) state;
#define BEFORE "I could not deliver it to <a@b.example>: 550 no.\n\n"
    static const struct {
        const char *text;
        guint n_returned;
        gboolean cut;
    } cases[] = {
        {BEFORE "--- Below this line is a copy of the message.\n\n" COPY, 4, TRUE},
        {BEFORE "--- Below this line is a copy of the message.\n", 0, TRUE},
        {BEFORE "------ This is a copy of the message, including all the headers. ------\n\n" COPY, 4, TRUE},
        {BEFORE "----- Original message -----\n\n" COPY, 4, TRUE},
        {BEFORE "----- Original message -----\nsaid nothing\n", 0, FALSE},
        {BEFORE "Original message:\n\n" COPY, 4, TRUE},
        {BEFORE "Message headers follow:\n\n" COPY, 4, TRUE},
        {BEFORE "   ----- Original message follows -----\n" COPY, 4, TRUE},
        {BEFORE "-- Urspr\xc3\xbcngliche Nachricht --\n" COPY, 4, TRUE},
        {BEFORE "Original mail as follows:\n\n   From: me@c.example\n   To: a@b.example\n   Subject: x\n\n   Text\n", 3, TRUE},
        /* no words: a separator and fields that only a transported message has */
        {BEFORE "----------------\n" COPY, 4, TRUE},
        {BEFORE "Received: from x by y; Thu, 1 Jan 1970\n\tid 1\nFrom: me@c.example\nTo: a@b.example\n\ntext", 3, TRUE},
        {BEFORE "-----\nFrom MAILER-DAEMON Thu Jan  1 00:00:00 1970\nReturn-Path: <>\nTo: a@b\nDate: x\n\n", 3, TRUE},
        /* doubt: a summary of the letter above the reason */
        {"Your message\n\nSubject: x\nTo: a@b.example\nDate: today\n\ncould not be delivered\n", 0, FALSE},
        {"Your message\n\nFrom: me@c.example\nTo: a@b.example\nSubject: x\n\ncould not be delivered\n", 0, FALSE},
        /* the report itself is a block of fields */
        {"Sorry.\n\nReporting-MTA: dns; x\nMessage-ID: <1@x>\nFinal-Recipient: rfc822; a@b.example\nStatus: 5.1.1\n\n", 0, FALSE},
        {"A sentence that has original message in it.\n\n" "From: a\n", 0, FALSE},
        {COPY, 0, FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *message = g_strconcat ("Subject: x\n\n", cases[i].text, NULL);
        MailView *view = read_text (message);
        if (view->returned.n_fields != cases[i].n_returned)
            print_error ("case %zu: %u fields\n", i, view->returned.n_fields);
        assert_int_equal (view->returned.n_fields, cases[i].n_returned);
        if (cases[i].cut)
            assert_memory_equal (view->body, BEFORE, strlen (BEFORE));
        else
            assert_string_equal (view->body, cases[i].text);
        assert_true (!cases[i].cut || !strstr (view->body, "me@c.example"));
    }
}

/* A report that a gateway passed on: what it says is there, apart from what this message says. */
static void
test_forwarded (void **state)
{
    (void) state;
    MailView *view = read_text ("Content-Type: multipart/mixed; boundary=A\n\n--A\n\nSee the attached\n--A\nContent-Type: message/rfc822\n\n" REPORT "\n--A--\n");
    g_autofree char *shape = outline (view), *inner = NULL;

    assert_string_equal (shape, "0m 1t 1r");
    assert_non_null (view->forwarded);
    inner = outline (view->forwarded);
    assert_string_equal (inner, "0m 1t 1d 1r");
    assert_null (view->forwarded->forwarded);
    view = read_text ("Subject: x\n\nSorry.\n\n----------\nReceived: x\nMessage-ID: <1@x>\n" REPORT);
    assert_string_equal (view->body, "Sorry.\n\n----------\n");
    assert_non_null (view->forwarded);
    assert_non_null (mail_view_part (view->forwarded, PART_DELIVERY_STATUS, NULL));
}

/* G13: nothing is cut at NUL. */
static void
test_nul (void **state)
{
    (void) state;
    static const char message[] = "From: \"a\0b\"@x.example\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\nte\0xt\n--B\nX-Field: a\0b\n\nmore\n--B--\n";
    MailView *view = read_bytes (message, sizeof message - 1);

    assert_string_equal (mail_view_header (view, "From"), "\"a" FFFD "b\"@x.example");
    assert_int_equal (view->n_parts, 3);
    assert_string_equal (view->parts[1].text, "te" FFFD "xt");
    assert_string_equal (mail_headers_get (&view->parts[2].headers, "X-Field"), "a" FFFD "b");
    assert_true (view->flags & MAIL_CHARSET_REPAIRED);
}

static void
test_parts (void **state)
{
    (void) state;
    MailView *view = read_text ("Content-Type: multipart/mixed; boundary=\"a b\\\"c\"\n\npreamble\n--a b\"c\n"
                                "Content-Type: Application/Octet-Stream; name*=utf-8''caf%C3%A9.bin\nContent-Description: =?utf-8?Q?caf=C3=A9?=\n\nxx\n--a b\"c\n"
                                "Content-Type: text/plain; charset=\"UTF-8\"\nContent-Disposition: ATTACHMENT; filename=\"a.txt\"\n\nyy\n--a b\"c--\nepilogue\n");

    assert_int_equal (view->n_parts, 3);
    assert_string_equal (view->parts[1].type, "application/octet-stream");
    assert_string_equal (view->parts[1].name, "caf\xc3\xa9.bin");
    assert_string_equal (view->parts[1].description, "caf\xc3\xa9");
    assert_string_equal (view->parts[1].text, "");
    assert_false (view->parts[1].attachment);
    assert_string_equal (view->parts[2].charset, "utf-8");
    assert_string_equal (view->parts[2].name, "a.txt");
    assert_true (view->parts[2].attachment);
    assert_int_equal (view->parts[0].parent, -1);
    assert_int_equal (view->parts[2].parent, 0);
}

/* --- bombs: each ends soon, flagged, and what the limits leave is there -------------------------------------------- */

static void
assert_soon (gint64 start)
{
    assert_in_range (g_get_monotonic_time () - start, 0, 20 * G_USEC_PER_SEC); /* G2 took 39 s, G3 21 s; valgrind included */
}

static void
test_address_groups (void **state)
{
    (void) state;
    g_autoptr (GString) message = g_string_new ("Cc: "); /* G1: 120 KB killed GMime by its stack */
    MailView *view;

    for (int i = 0; i < 500000; i++)
        g_string_append (message, "a:");
    g_string_append (message, "\n" REPORT);
    view = read_bytes (message->str, message->len);
    assert_non_null (mail_view_part (view, PART_DELIVERY_STATUS, NULL));
    assert_int_equal (view->flags, MAIL_HEADERS_CAPPED);
    /* and in the message that came back, which GMime would take apart too */
    g_string_assign (message, REPORT_HEADER "\n--B\n" STATUS_PART "\n--B\nContent-Type: message/rfc822\n\nTo: ");
    for (int i = 0; i < 500000; i++)
        g_string_append (message, "a:");
    g_string_append (message, "\n\n--B--\n");
    view = read_bytes (message->str, message->len);
    assert_non_null (mail_view_part (view, PART_RETURNED, NULL));
}

static void
test_boundary_lines (void **state)
{
    (void) state;
    g_autoptr (GString) message = g_string_new ("Content-Type: multipart/mixed; boundary=b0\n\n"); /* G2 */
    gint64 start = g_get_monotonic_time ();
    MailView *view;

    for (int i = 0; i < 1000; i++)
        g_string_append_printf (message, "--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n", i, i + 1);
    while (message->len < 10 * 1000 * 1000)
        g_string_append (message, "--z\n");
    view = read_bytes (message->str, message->len);
    assert_soon (start);
    assert_true (view->flags & MAIL_PARTS_CAPPED);
    assert_true (view->flags & MAIL_NESTING_CAPPED);
    assert_true (view->n_parts <= LIMIT_NESTING + 2);
}

static void
test_many_parts (void **state)
{
    (void) state;
    g_autoptr (GString) message = g_string_new (REPORT_HEADER "\n--B\n" STATUS_PART); /* G3 */
    gint64 start = g_get_monotonic_time ();
    MailView *view;

    for (int i = 0; i < 1000000; i++)
        g_string_append (message, "\n--B\n\n");
    view = read_bytes (message->str, message->len);
    assert_soon (start);
    assert_int_equal (view->n_parts, LIMIT_PARTS);
    assert_true (view->flags & MAIL_PARTS_CAPPED);
    assert_non_null (mail_view_part (view, PART_DELIVERY_STATUS, NULL));
}

static void
test_many_headers (void **state)
{
    (void) state;
    g_autoptr (GString) message = g_string_new (REPORT_HEADER "\n--B\n"); /* G4, in a part: where GMime would read them */
    gint64 start = g_get_monotonic_time ();
    MailView *view;

    for (int i = 0; i < 1000000; i++)
        g_string_append (message, "X: y\n");
    g_string_append (message, "\ntext\n--B\n" STATUS_PART "\n--B--\n");
    view = read_bytes (message->str, message->len);
    assert_soon (start);
    assert_int_equal (view->flags, MAIL_HEADERS_CAPPED);
    assert_string_equal (view->body, "text");
    assert_non_null (mail_view_part (view, PART_DELIVERY_STATUS, NULL));

    /* and spread over many parts */
    g_string_assign (message, REPORT_HEADER "\n--B\n" STATUS_PART);
    while (message->len < 15 * 1000 * 1000)
        g_string_append (message, message->len % 100 ? "A: b\n" : "--B\nA: b\n");
    start = g_get_monotonic_time ();
    view = read_bytes (message->str, message->len);
    assert_soon (start);
    assert_non_null (mail_view_part (view, PART_DELIVERY_STATUS, NULL));
}

static void
test_deep_nesting (void **state)
{
    (void) state;
    g_autoptr (GString) message = g_string_new (NULL);
    gint64 start = g_get_monotonic_time ();
    MailView *view;

    for (int i = 0; i < 100000; i++)
        g_string_append_printf (message, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
    g_string_append (message, "\ntext\n");
    view = read_bytes (message->str, message->len);
    assert_soon (start);
    assert_true (view->flags & MAIL_NESTING_CAPPED);
    g_string_truncate (message, 0);
    for (int i = 0; i < 30000; i++)
        g_string_append (message, "Content-Type: message/rfc822\n\n");
    view = read_bytes (message->str, message->len);
    assert_soon (start);
    assert_int_equal (view->n_parts, 1);
}

static void
test_long_text (void **state)
{
    (void) state;
    g_autoptr (GString) message = g_string_new ("Content-Type: text/plain; charset=iso-8859-1\n\n");
    MailView *view;

    while (message->len < 3 * LIMIT_PART_TEXT)
        g_string_append (message, "caf\xe9 ");
    view = read_bytes (message->str, message->len);
    assert_true (view->flags & MAIL_TEXT_CAPPED);
    assert_in_range (view->parts[0].text_length, LIMIT_PART_TEXT - 4, LIMIT_PART_TEXT);
    assert_in_range (strlen (view->body), LIMIT_TEXT - 4, LIMIT_TEXT);
    assert_true (g_utf8_validate (view->body, -1, NULL));
}

/* G14, and every message that was cut on the way: no padding before the fields changes what is read, no cut crashes. */
static void
test_pad_and_cut (void **state)
{
    (void) state;
    for (gsize pad = 0; pad < 4200; pad += 7) {
        g_autofree char *filler = g_strnfill (pad, 'p');
        g_autofree char *message = g_strdup_printf (REPORT_HEADER "\n%s\n--B\n" TEXT_PART "\n--B\n" STATUS_PART "\n--B\n" COPY_PART "\n--B--\n", filler);
        MailView *view = read_text (message);
        g_autofree char *shape = outline (view);
        assert_string_equal (shape, "0m 1t 1d 1r");
        assert_string_equal (view->parts[2].text, "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.example\n");
        assert_string_equal (view->body, "Unknown user a@b.example\n");
        assert_int_equal (view->returned.n_fields, 4);
        assert_int_equal (view->flags, 0);
    }
    for (gsize length = 0; length < strlen (REPORT); length++)
        read_bytes (REPORT, length);
}

/* A multipart without a boundary in another one: its text is a copy. That it is the end of the message, and stops there, must
 * not depend on where memory happens to lie. */
#define OPEN_INSIDE \
    "Content-Type: multipart/mixed; boundary=out\n\n--out\nContent-Type: multipart/report; undary=in\n\n" \
    "It is not for <amy@example.com> but for bob@exa"

static void
test_place_in_memory (void **state)
{
    static char below[] = OPEN_INSIDE; /* … of the heap, on most systems */
    char above[] = OPEN_INSIDE;
    const char *const places[] = {below, above};

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
        arena_clear (arena);
        const MailView *view = mail_reader_read (reader, places[i], strlen (places[i]), arena);
        assert_true (view->flags & MAIL_CUT);
        assert_string_equal (view->body, "");
    }
}

#define CASE(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)

UNIT_MAIN (CASE (test_report), CASE (test_shapes), CASE (test_broken), CASE (test_missing_blank_line_keeps_every_character),
           CASE (test_long_boundary), CASE (test_encodings), CASE (test_markers), CASE (test_forwarded), CASE (test_nul),
           CASE (test_parts), CASE (test_address_groups), CASE (test_boundary_lines), CASE (test_many_parts),
           CASE (test_many_headers), CASE (test_deep_nesting), CASE (test_long_text), CASE (test_pad_and_cut),
           CASE (test_place_in_memory))
