/* SPDX-License-Identifier: MIT */
#include "mail/mail_body.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "mail/returned.h"

#include <string.h>

static gboolean
is_blank (const MailPart *part)
{
    return span_trim (span (part->text, part->text_length)).length == 0;
}

/* The text without the indentation of its first line: some reports quote the copy that way. */
static Span
undo_indent (Arena *arena, Span text)
{
    gsize indent = 0;
    g_autoptr (GString) out = NULL;
    Span line;

    while (indent < text.length && text.at[indent] == ' ')
        indent++;
    if (indent == 0)
        return text;
    out = g_string_sized_new (text.length);
    while (text_next_line (&text, &line)) {
        gsize skip = 0;
        while (skip < indent && skip < line.length && line.at[skip] == ' ')
            skip++;
        g_string_append_len (out, line.at + skip, (gssize) (line.length - skip));
        g_string_append_c (out, '\n');
    }
    return span (arena_strndup (arena, out->str, out->len), out->len);
}

/* Said to be text, and is a picture or a program: nobody is told anything by it. */
static gboolean
looks_binary (const MailPart *part)
{
    gsize looked = MIN (part->text_length, 4096), odd = 0;

    for (gsize i = 0; i < looked; i++)
        if ((g_ascii_iscntrl (part->text[i]) && !g_ascii_isspace (part->text[i])) ||
            strncmp (part->text + i, "\xef\xbf\xbd", 3) == 0)
            odd++;
    return odd * 10 > looked;
}

/* A copy's headers, behind blank lines and the "From " line that some put in front. */
static void
read_returned (MailView *view, Arena *arena, Span text)
{
    guint32 ignored = 0; /* what is odd in the copy is not odd in this message */

    while (text.length > 0 && (text.at[0] == '\n' || text.at[0] == '\r')) {
        text.at++;
        text.length--;
    }
    text = undo_indent (arena, text);
    mail_headers_parse (arena, text.length ? text.at : "", text.length, &view->returned, &ignored);
}

static gboolean
have_returned (const MailView *view)
{
    return view->returned.n_fields > 0 || *view->returned_text != '\0';
}

/* A text part that is nothing but the copy's headers, attached under a name of its own. */
static void
take_attached_copy (MailView *view, Arena *arena)
{
    for (guint i = 1; i < view->n_parts && !have_returned (view); i++) {
        const MailPart *part = &view->parts[i];
        if (part->kind == PART_TEXT && part->attachment && returned_starts (span (part->text, part->text_length))) {
            view->returned_text = part->text;
            read_returned (view, arena, span (part->text, part->text_length));
        }
    }
}

/* HTML is only asked where no text says it: an HTML part behind text is its twin, one before or without is not. */
static gboolean
belongs_to_body (const MailPart *part, gboolean with_attachments, gboolean have_text)
{
    if (part->attachment && !with_attachments)
        return FALSE;
    return (part->kind == PART_TEXT || (part->kind == PART_HTML && !have_text)) && !is_blank (part) &&
           !looks_binary (part);
}

static void
append_part (MailView *view, Buffer *body, const MailPart *part, gsize length)
{
    if (body->length > 0)
        buffer_append_text (body, body->data[body->length - 1] == '\n' ? "\n" : "\n\n");
    if (!buffer_append (body, part->text, length))
        view->flags |= MAIL_TEXT_CAPPED;
}

/* Text parts in their order, up to the copy of the original. */
static void
fill_body (MailView *view, Arena *arena, gboolean with_attachments, Buffer *body)
{
    gboolean have_text = FALSE;

    for (guint i = 0; i < view->n_parts; i++) {
        const MailPart *part = &view->parts[i];
        ReturnedCopy copy;
        if (!belongs_to_body (part, with_attachments, have_text))
            continue;
        have_text = have_text || part->kind == PART_TEXT;
        if (!returned_find (span (part->text, MIN (part->text_length, LIMIT_TEXT)), body->length > 0, &copy)) {
            append_part (view, body, part, part->text_length);
            continue;
        }
        append_part (view, body, part, copy.report_end);
        if (!have_returned (view)) {
            view->returned_text = part->text + copy.copy_start;
            read_returned (view, arena, span (view->returned_text, part->text_length - copy.copy_start));
        }
        return;
    }
}

void
mail_body_fill (MailView *view, Arena *arena, Span returned_bytes)
{
    g_auto (Buffer) body;
    const MailPart *returned = mail_view_part (view, PART_RETURNED, NULL);

    if (!returned)
        returned = mail_view_part (view, PART_RETURNED_HEADERS, NULL);
    if (returned) {
        view->returned_text = returned->text;
        read_returned (view, arena, returned_bytes);
    }
    take_attached_copy (view, arena);
    buffer_init (&body, LIMIT_TEXT);
    fill_body (view, arena, FALSE, &body);
    if (body.length == 0)
        fill_body (view, arena, TRUE, &body);
    if (body.length > 0)
        view->body = arena_strndup (
            arena, (const char *) body.data,
            text_cut ((const char *) body.data, body.length, body.length - (body.truncated ? 1 : 0)));
}
