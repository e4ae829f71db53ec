/* SPDX-License-Identifier: MIT */
/* A whole message, and its bytes as HTML, as an encoded field and as text in some charset: what comes out is valid
 * UTF-8 within the limits, fields are one line, the tree is a tree, and reading twice gives the same. */
#include "fuzz.h"

#include "base/limits.h"
#include "mail/charset.h"
#include "mail/html_text.h"
#include "mail/mail_reader.h"

static void
check_text (const char *text, gsize maximum)
{
    gsize length = strlen (text);

    g_assert (length <= maximum);
    g_assert (g_utf8_validate (text, (gssize) length, NULL));
}

static void
check_headers (const MailHeaders *headers)
{
    g_assert (headers->n_fields <= LIMIT_HEADERS);
    for (guint i = 0; i < headers->n_fields; i++) {
        const MailHeader *header = &headers->fields[i];
        g_assert (*header->name);
        check_text (header->value, 3 * LIMIT_HEADER); /* U+FFFD is longer than what it stands for */
        check_text (header->raw, 3 * LIMIT_HEADER);
        for (const char *at = header->value; *at; at++)
            g_assert (!g_ascii_iscntrl (*at));
        for (const char *at = header->raw; *at; at++)
            g_assert (!g_ascii_iscntrl (*at));
    }
}

static void
check_view (const MailView *view, gboolean outer)
{
    g_assert (view->n_parts >= 1 && view->n_parts <= LIMIT_PARTS + LIMIT_NESTING);
    check_headers (&view->headers);
    check_headers (&view->returned);
    check_text (view->body, LIMIT_TEXT);
    check_text (view->returned_text, LIMIT_PART_TEXT);
    check_text (view->raw, LIMIT_PART_TEXT);
    check_text (view->type, LIMIT_HEADER);
    check_text (view->report_type, LIMIT_HEADER);
    g_assert (*view->type && ((view->flags & MAIL_MIME_BROKEN) || !*view->raw));
    for (guint i = 0; i < view->n_parts; i++) {
        const MailPart *part = &view->parts[i];
        g_assert (part->parent < (gint) i && (part->parent == -1) == (i == 0));
        g_assert (i == 0 || (view->parts[part->parent].kind == PART_MULTIPART &&
                             part->depth == view->parts[part->parent].depth + 1));
        g_assert (strlen (part->text) == part->text_length);
        check_text (part->text, LIMIT_PART_TEXT + 1);
        check_text (part->name, LIMIT_HEADER);
        check_text (part->charset, LIMIT_HEADER);
        check_headers (&part->headers);
    }
    g_assert (!view->forwarded || outer);
    if (view->forwarded)
        check_view (view->forwarded, FALSE);
}

static void
check_pieces (Arena *arena, const char *text, gsize size)
{
    static const char *const charsets[] = {"", "utf-8", "utf-7", "iso-2022-jp", "gb18030", "x-unknown"};
    guint32 flags = 0;

    for (gsize i = 0; i < G_N_ELEMENTS (charsets); i++) {
        Span out = charset_to_utf8 (arena, charsets[i], span (text, size), 3 * size + 3, &flags);
        g_assert (strlen (out.at) == out.length);
        check_text (out.at, 3 * size + 3);
        if (i == 0) {
            out = html_text (arena, out);
            g_assert (strlen (out.at) == out.length);
            check_text (out.at, 3 * size + 4);
        }
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static MailReader *reader; /* one a process, as the program has it */
    g_autoptr (Arena) arena = arena_new (), other = arena_new ();
    const char *text = size ? (const char *) data : "";
    MailView *view, *again;

    if (!reader)
        reader = mail_reader_new ();
    view = mail_reader_read (reader, text, size, arena);
    check_view (view, TRUE);
    again = mail_reader_read (reader, text, size, other);
    g_assert (again->n_parts == view->n_parts && again->flags == view->flags && !strcmp (again->body, view->body));
    check_pieces (arena, text, size);
    return 0;
}
