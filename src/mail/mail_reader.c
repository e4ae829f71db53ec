/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memmem */
#include "mail/mail_reader.h"

#include "base/limits.h"
#include "base/text.h"
#include "mail/charset.h"
#include "mail/cut.h"
#include "mail/headers.h"
#include "mail/html_text.h"
#include "mail/mail_body.h"
#include "mail/mail_walk.h"
#include "mail/parameter.h"
#include "mail/transfer.h"

#include <string.h>

#define MOST_GUESSES 16 /* lines that may be the boundary, where none was told */

struct MailReader {
    MailWalk *walk;
};

/* One message on its way. */
typedef struct {
    MailReader *reader;
    Arena *arena;
    MailView *view;
    Span message;
    Span body;            /* of the message: behind its header */
    const char *boundary; /* by which the body was taken apart */
    const char *end;      /* of the message; NULL: of a copy inside another one, whose end says nothing */
    GArray *walked;       /* of WalkPart */
    Span returned_bytes;  /* the first returned copy, decoded but not converted */
    PartKind returned_kind;
} Reading;

MailReader *
mail_reader_new (void)
{
    MailReader *reader = g_new0 (MailReader, 1);

    reader->walk = mail_walk_new ();
    return reader;
}

void
mail_reader_free (MailReader *reader)
{
    if (!reader)
        return;
    mail_walk_free (reader->walk);
    g_free (reader);
}

void
mail_reader_preload (MailReader *reader)
{
    (void) reader;
    charset_preload ();
}

/* --- kinds --------------------------------------------------------------------------------------------------------- */

/* The subtypes that mean something; the main type in front of them is often wrong ("text/delivery-status"). */
static const struct {
    const char *subtype;
    PartKind kind;
} part_kinds[] = {
    {"delivery-status", PART_DELIVERY_STATUS},
    {"global-delivery-status", PART_DELIVERY_STATUS},
    {"feedback-report", PART_FEEDBACK_REPORT},
    {"disposition-notification", PART_DISPOSITION},
    {"global-disposition-notification", PART_DISPOSITION},
    {"tracking-status", PART_TRACKING},
    {"rfc822", PART_RETURNED},
    {"rfc2822", PART_RETURNED},
    {"global", PART_RETURNED},
    {"news", PART_RETURNED},
    {"partial", PART_RETURNED},
    {"rfc822-headers", PART_RETURNED_HEADERS},
    {"rfc822-header", PART_RETURNED_HEADERS},
    {"global-headers", PART_RETURNED_HEADERS},
};

static PartKind
kind_of_type (const char *type)
{
    const char *slash = strchr (type, '/');
    const char *subtype = slash ? slash + 1 : "";

    if (text_has_prefix (type, "message/") || text_has_prefix (type, "text/"))
        for (gsize i = 0; i < G_N_ELEMENTS (part_kinds); i++)
            if (g_str_equal (subtype, part_kinds[i].subtype))
                return part_kinds[i].kind;
    if (g_str_equal (type, "text/html") || g_str_equal (type, "application/xhtml+xml"))
        return PART_HTML;
    return text_has_prefix (type, "text") ? PART_TEXT : PART_OTHER;
}

/* A word that is no type ("text") says nothing; but what calls itself an application is not read as text. */
static const char *
type_or_plain (const char *type)
{
    return *type == '\0' || (!strchr (type, '/') && !g_str_has_prefix (type, "application")) ? "text/plain" : type;
}

/* RFC 2045 section 5.2: none and what cannot be read is plain text; but in a digest it is
 * a message (RFC 2046 5.1.5). */
static const char *
type_of_part (Reading *reading, const MailHeaders *headers, gint parent)
{
    const char *value = mail_headers_get_raw (headers, "Content-Type");
    const char *type = parameter_main_value (reading->arena, value);

    if (*type)
        return type_or_plain (type);
    if (parent >= 0 && g_str_equal (reading->view->parts[parent].type, "multipart/digest"))
        return "message/rfc822";
    return "text/plain";
}

/* --- text ---------------------------------------------------------------------------------------------------------- */

/* CRLF and bare CR to LF, where encoded text brought them. In the arena's copy, in place. */
static gsize
fix_line_ends (char *text, gsize length)
{
    gsize to = 0;

    if (!memchr (text, '\r', length))
        return length;
    for (gsize at = 0; at < length; at++) {
        if (text[at] != '\r')
            text[to++] = text[at];
        else if (at + 1 == length || text[at + 1] != '\n')
            text[to++] = '\n';
    }
    text[to] = '\0';
    return to;
}

/* The content ends where the message does, or with its last line end. (Some are copies that lie elsewhere: where, says
 * nothing.) */
static gboolean
is_last (const Reading *reading, Span content)
{
    return reading->end != NULL && content.length > 0 && content.at >= reading->message.at &&
           content.at + content.length <= reading->end && content.at + content.length + 1 >= reading->end;
}

static void
read_text (Reading *reading, MailPart *part, Span content)
{
    const char *encoding = mail_headers_get_raw (&part->headers, "Content-Transfer-Encoding");
    gboolean truncated = FALSE;
    gboolean is_message = part->kind == PART_RETURNED || part->kind == PART_RETURNED_HEADERS;
    Transfer transfer = transfer_from_text (encoding);
    Span bytes, text;

    bytes = transfer_decode (reading->arena, transfer, content, LIMIT_PART_TEXT, &truncated);
    if (!truncated && is_last (reading, content) &&
        cut_stops_short (transfer, content, bytes, reading->message.at[reading->message.length - 1] == '\n')) {
        bytes = cut_whole_lines (bytes);
        reading->view->flags |= MAIL_CUT;
    }
    if (truncated)
        reading->view->flags |= MAIL_TEXT_CAPPED;
    if (is_message && (!reading->returned_bytes.at || part->kind < reading->returned_kind)) {
        reading->returned_bytes = bytes;
        reading->returned_kind = part->kind;
    }
    text = charset_to_utf8 (reading->arena, is_message ? "" : part->charset, bytes, LIMIT_PART_TEXT,
                            &reading->view->flags);
    if (part->kind == PART_HTML)
        text = html_text (reading->arena, text);
    part->text = text.at;
    part->text_length = fix_line_ends ((char *) text.at, text.length);
}

/* --- parts --------------------------------------------------------------------------------------------------------- */

static const char *
name_of_part (Reading *reading, const MailHeaders *headers, const char *disposition)
{
    guint32 ignored = 0;
    const char *name = parameter_get (reading->arena, disposition, "filename", &ignored);

    if (*name)
        return name;
    return parameter_get (reading->arena, mail_headers_get_raw (headers, "Content-Type"), "name", &ignored);
}

/* A part's own fields are those of a message on its way: it was put in without "Content-Type: message/rfc822". */
static gboolean
is_bare_message (const MailHeaders *headers)
{
    return mail_headers_find (headers, "From") &&
           (mail_headers_find (headers, "Received") || mail_headers_find (headers, "Message-ID"));
}

static void
read_part (Reading *reading, guint index)
{
    const WalkPart *walked = &g_array_index (reading->walked, WalkPart, index);
    MailPart *part = &reading->view->parts[index];
    const char *disposition;
    guint32 ignored = 0;

    part->parent = walked->parent;
    part->depth = walked->depth;
    part->text = "";
    if (index == 0)
        part->headers = reading->view->headers;
    else
        mail_headers_parse (reading->arena, walked->headers.at ? walked->headers.at : "", walked->headers.length,
                            &part->headers, &reading->view->flags);
    part->type = index == 0 ? reading->view->type : type_of_part (reading, &part->headers, part->parent);
    part->charset = text_lower (reading->arena,
                                parameter_get (reading->arena, mail_headers_get_raw (&part->headers, "Content-Type"),
                                               "charset", &ignored));
    part->description = mail_headers_get (&part->headers, "Content-Description");
    disposition = mail_headers_get_raw (&part->headers, "Content-Disposition");
    part->name = name_of_part (reading, &part->headers, disposition);
    part->attachment = text_has_prefix (disposition, "attachment");
    if (walked->multipart) {
        part->kind = PART_MULTIPART;
        return;
    }
    part->kind = kind_of_type (part->type);
    if (index > 0 && is_bare_message (&part->headers) &&
        walked->content.at == walked->headers.at + walked->headers.length) {
        part->kind = PART_RETURNED;
        read_text (reading, part, span (walked->headers.at, walked->headers.length + walked->content.length));
        return;
    }
    if (text_has_prefix (part->type, "multipart/")) {
        /* Said to be one, and could not be taken apart. */
        reading->view->flags |= MAIL_MIME_BROKEN;
        part->kind = PART_TEXT;
    }
    if (part->kind != PART_OTHER)
        read_text (reading, part, walked->content);
}

/* --- structure ----------------------------------------------------------------------------------------------------- */

static gboolean
has_boundary_line (Span body, const char *boundary)
{
    gsize length = strlen (boundary);
    const char *end = body.at + body.length;

    for (const char *line = body.at; line && line < end;) {
        if ((gsize) (end - line) >= length + 2 && line[0] == '-' && line[1] == '-' &&
            memcmp (line + 2, boundary, length) == 0)
            return TRUE;
        line = memchr (line, '\n', (gsize) (end - line));
        line = line ? line + 1 : NULL;
    }
    return FALSE;
}

/* Is there a line "--BOUNDARY" with a Content- field behind it? */
static gboolean
opens_part (Span body, const char *boundary)
{
    gsize length = strlen (boundary);
    Span line, next;

    while (text_next_line (&body, &line)) {
        Span behind = body;
        if (line.length >= length + 2 && line.at[0] == '-' && line.at[1] == '-' &&
            memcmp (line.at + 2, boundary, length) == 0 && text_next_line (&behind, &next) &&
            span_has_prefix (next, "Content-") && headers_name_length (next) > 0)
            return TRUE;
    }
    return FALSE;
}

/* The boundary as the body shows it: the first of its lines "--WORD" that a part's fields follow somewhere. When the
 * text before declares it, it belongs to a message that is quoted there. "" when there is none. */
static const char *
guess_boundary (Reading *reading)
{
    Span rest = reading->body, line;
    guint n_tried = 0;

    while (text_next_line (&rest, &line)) {
        gsize before = (gsize) (line.at - reading->body.at);
        const char *word;
        line = span_trim (line);
        if (line.length < 3 || line.length > LIMIT_BOUNDARY || line.at[0] != '-' || line.at[1] != '-' ||
            memchr (line.at, ' ', line.length))
            continue;
        if (n_tried++ == MOST_GUESSES)
            break;
        word = text_valid_utf8 (reading->arena, line.at + 2, (gssize) line.length - 2);
        if (opens_part (reading->body, word))
            return text_find_length (reading->body.at, before, "boundary") &&
                           text_find_length (reading->body.at, before, word)
                       ? ""
                       : word;
    }
    return "";
}

/* The Content-Type that counts, where there are several: the first one, unless it is no multipart and another one is,
 * with a boundary that the body has. Readers differ here, so nothing may depend on it silently. */
static const char *
choose_content_type (Reading *reading)
{
    const MailHeaders *headers = &reading->view->headers;
    const MailHeader *first = mail_headers_find (headers, "Content-Type"), *other = first;
    guint32 ignored = 0;

    for (guint n = 1; other != NULL && (other = mail_headers_next (headers, other)) != NULL && n < 8; n++) {
        const char *boundary;
        if (text_equal (other->raw, first->raw))
            continue;
        reading->view->flags |= MAIL_MIME_BROKEN;
        boundary = parameter_get (reading->arena, first->raw, "boundary", &ignored);
        if (*boundary && has_boundary_line (reading->body, boundary))
            break;
        boundary = parameter_get (reading->arena, other->raw, "boundary", &ignored);
        if (text_has_prefix (other->raw, "multipart/") && *boundary && has_boundary_line (reading->body, boundary))
            return other->raw;
    }
    return first ? first->raw : "";
}

static gboolean
walk_multipart (Reading *reading, const char *boundary)
{
    reading->boundary = boundary;
    return *boundary && strlen (boundary) <= LIMIT_BOUNDARY && has_boundary_line (reading->body, boundary) &&
           mail_walk_multipart (reading->reader->walk, reading->arena, boundary, reading->body, reading->walked,
                                &reading->view->flags);
}

/* Into reading->walked: what the body is made of; at least one part. */
static void
find_parts (Reading *reading)
{
    MailView *view = reading->view;
    const char *content_type = choose_content_type (reading);
    WalkPart whole = {.parent = -1, .content = reading->body};
    guint32 ignored = 0;
    gboolean multipart;

    view->type = parameter_main_value (reading->arena, content_type);
    multipart = text_has_prefix (view->type, "multipart/");
    view->report_type =
        text_lower (reading->arena, parameter_get (reading->arena, content_type, "report-type", &ignored));
    if (multipart && walk_multipart (reading, parameter_get (reading->arena, content_type, "boundary", &ignored)))
        return;
    if (multipart || *view->type == '\0') {
        gboolean guessed = walk_multipart (reading, guess_boundary (reading));
        if (multipart || guessed)
            view->flags |= MAIL_MIME_BROKEN;
        if (guessed && !multipart)
            view->type = "multipart/mixed";
        if (guessed)
            return;
    }
    view->type = type_or_plain (view->type);
    g_array_append_val (reading->walked, whole);
}

/* Blank lines in front of the header would hide it, and tools leave "From " lines there. */
static Span
skip_to_header (Span message)
{
    Span rest = message, line;

    while (text_next_line (&rest, &line) && span_trim (line).length == 0)
        message = rest;
    return message;
}

static MailView *
new_view (Arena *arena)
{
    MailView *view = arena_new0 (arena, MailView);

    view->type = view->report_type = view->body = view->returned_text = view->raw = "";
    view->returned.fields = arena_new0 (arena, MailHeader);
    return view;
}

/* What came back was written by a mail system, not by somebody who writes mail. */
static gboolean
is_by_mail_system (const MailHeaders *headers)
{
    static const char *const words[] = {"daemon",     "postmaster",  "mail delivery",
                                        "mail admin", "mail system", "microsoftexchange"};
    const MailHeader *path = mail_headers_find (headers, "Return-Path");
    const char *from = mail_headers_get (headers, "From");

    if (text_has_prefix (mail_headers_get_raw (headers, "Content-Type"), "multipart/report") ||
        (path != NULL && text_equal (path->value, "<>")))
        return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        if (text_find (from, words[i]))
            return TRUE;
    return FALSE;
}

/* What came back is itself a report, and this message brings none: somebody between passed it on. */
static gboolean
is_forwarded_report (const MailView *view)
{
    return view->returned.n_fields > 0 && is_by_mail_system (&view->returned) &&
           !mail_view_part (view, PART_DELIVERY_STATUS, NULL) && !mail_view_part (view, PART_FEEDBACK_REPORT, NULL) &&
           !mail_view_part (view, PART_DISPOSITION, NULL);
}

/* "--BOUNDARY" and behind it anything, or "--". */
static gboolean
is_delimiter (Span line, Span boundary, const char *behind)
{
    gsize length = strlen (behind);

    return line.length >= boundary.length + length + 2 && line.at[0] == '-' && line.at[1] == '-' &&
           /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): what was taken apart was so by a boundary */
           memcmp (line.at + 2, boundary.at, boundary.length) == 0 &&
           memcmp (line.at + 2 + boundary.length, behind, length) == 0;
}

static gboolean
has_delimiter (Span body, Span boundary, const char *behind)
{
    Span line;

    while (text_next_line (&body, &line))
        if (is_delimiter (line, boundary, behind))
            return TRUE;
    return FALSE;
}

static gboolean
has_dashes (Span line)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): what is NULL has no length */
    return line.length >= 2 && line.at[0] == '-' && line.at[1] == '-';
}

static Span
last_line (Span text)
{
    gsize start;

    while (text.length > 0 && text.at[text.length - 1] == '\n')
        text.length--;
    for (start = text.length; start > 0 && text.at[start - 1] != '\n';)
        start--;
    return span (text.at + start, text.length - start);
}

/* The last line that may be a boundary, or be going to be one: behind the last part, or at the very end. */
static Span
last_delimiter (const Reading *reading, const char *behind)
{
    Span line = last_line (reading->message), found = {NULL, 0}, rest;

    if (has_dashes (line) || !behind)
        return line;
    rest = span (behind, (gsize) (reading->end - behind));
    while (text_next_line (&rest, &line))
        if (has_dashes (line))
            found = line;
    return found;
}

/* Is there a "boundary=" of this value? */
static gboolean
is_declared (Span text, Span boundary)
{
    const char *at = text.at, *end = at + text.length;

    while ((at = memmem (at, (gsize) (end - at), boundary.at, boundary.length)) != NULL) {
        const char *before = at, *behind = at++ + boundary.length;

        while (before > text.at && strchr ("\" \t", before[-1]))
            before--;
        if (before - text.at >= 9 && span_equal (span (before - 9, 9), "boundary=") &&
            (behind == end || strchr ("\"; \t\n", *behind)))
            return TRUE;
    }
    return FALSE;
}

/* No boundary closes the multipart, not even a wrong one: that of a multipart in it closes that alone. */
static gboolean
is_open (const Reading *reading)
{
    const WalkPart *last = &g_array_index (reading->walked, WalkPart, reading->walked->len - 1);
    Span rest = last->content.at ? last->content : last->headers, boundary = span_of (reading->boundary);
    Span line = last_line (reading->message), before;
    gboolean in_body = rest.at >= reading->body.at && rest.at + rest.length <= reading->end;

    if (is_delimiter (line, boundary, "--") || has_delimiter (reading->body, boundary, "--"))
        return FALSE;
    line = span_trim (last_delimiter (reading, in_body ? rest.at + rest.length : NULL));
    before = span (reading->message.at, line.at ? (gsize) (line.at - reading->message.at) : 0);
    if (has_dashes (line))
        return !cut_is_finished (line) ||
               (line.length > 4 && is_declared (before, span (line.at + 2, line.length - 4)));
    /* Pages and JSON are sent without; a report ends with what came back. */
    return (text_equal (reading->view->type, "multipart/report") || !cut_is_finished (last_line (reading->message))) &&
           in_body && rest.at + rest.length + 1 >= reading->end;
}

static MailView *
read_message (MailReader *reader, Span message, Arena *arena, gboolean with_forwarded)
{
    MailView *view = new_view (arena);
    g_autoptr (GArray) walked = g_array_new (FALSE, FALSE, sizeof (WalkPart));
    Reading reading = {.reader = reader, .arena = arena, .view = view, .walked = walked};
    gsize header_length;
    Span copy;

    reading.message = skip_to_header (message);
    if (with_forwarded && reading.message.length > 0)
        reading.end = reading.message.at + reading.message.length;
    /* Cut in its header. */
    if (reading.end && reading.end[-1] != '\n' &&
        !text_find_length (reading.message.at, reading.message.length, "\n\n")) {
        reading.message = cut_whole_lines (reading.message);
        view->flags |= MAIL_CUT;
    }
    header_length =
        mail_headers_parse (arena, reading.message.at, reading.message.length, &view->headers, &view->flags);
    reading.body = span (reading.message.at + header_length, reading.message.length - header_length);
    find_parts (&reading);
    if (reading.end && walked->len > 1 && is_open (&reading))
        view->flags |= MAIL_CUT;
    view->n_parts = walked->len;
    view->parts = arena_new_array (arena, MailPart, walked->len);
    for (guint i = 0; i < walked->len; i++)
        read_part (&reading, i);
    if (view->flags & MAIL_MIME_BROKEN)
        view->raw =
            charset_to_utf8 (arena, "",
                             view->flags & MAIL_CUT ? cut_whole_lines (reading.message) : reading.message,
                             LIMIT_PART_TEXT, &view->flags)
                .at;
    mail_body_fill (view, arena, reading.returned_bytes);
    copy = reading.returned_bytes.at ? reading.returned_bytes : span_of (view->returned_text);
    if (with_forwarded && is_forwarded_report (view))
        view->forwarded = read_message (reader, copy, arena, FALSE);
    return view;
}

MailView *
mail_reader_read (MailReader *reader, const char *message, gsize length, Arena *arena)
{
    return read_message (reader, span (message ? message : "", MIN (length, LIMIT_MESSAGE)), arena, TRUE);
}
