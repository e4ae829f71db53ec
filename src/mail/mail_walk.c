/* SPDX-License-Identifier: MIT */
#include "mail/mail_walk.h"

#include "base/limits.h"
#include "mail/mail_guard.h"
#include "mail/mail_plain.h"
#include "mail/mail_view.h"

#include <gmime/gmime.h>
#include <string.h>

#define KEPT_COPY (256 * 1024) /* of the copy's memory from one message to the next */

struct MailWalk {
    GMimeParser *parser;
    GMimeStream *nothing; /* what the parser holds between two messages */
    GByteArray *copy;     /* made-up header and guarded body: what the parser reads */
};

/* One walk of a tree. */
typedef struct {
    Arena *arena;
    Span body;
    gint64 body_offset; /* where the body starts in what GMime was given */
    GArray *parts;
    guint32 *flags;
} Walker;

MailWalk *
mail_walk_new (void)
{
    MailWalk *walk = g_new0 (MailWalk, 1);

    g_mime_init ();
    walk->parser = g_mime_parser_new ();
    walk->nothing = g_mime_stream_mem_new ();
    walk->copy = g_byte_array_new ();
    return walk;
}

void
mail_walk_free (MailWalk *walk)
{
    if (!walk)
        return;
    g_object_unref (walk->parser);
    g_object_unref (walk->nothing);
    g_byte_array_unref (walk->copy);
    g_free (walk);
}

/* The stream's range of [start, end) in GMime's input as a piece of the body. */
static Span
body_span (const Walker *walker, gint64 start, gint64 end)
{
    gint64 length = (gint64) walker->body.length;

    start -= walker->body_offset;
    end = end < 0 ? length : end - walker->body_offset;
    start = CLAMP (start, 0, length);
    end = CLAMP (end, start, length);
    return span (walker->body.at + start, (gsize) (end - start));
}

static Span
content_of (const Walker *walker, GMimeObject *object)
{
    GMimeDataWrapper *content = GMIME_IS_PART (object) ? g_mime_part_get_content (GMIME_PART (object)) : NULL;
    GMimeStream *stream = content ? g_mime_data_wrapper_get_stream (content) : NULL;

    Span piece;

    if (!stream)
        return span (NULL, 0);
    piece = body_span (walker, stream->bound_start, stream->bound_end);
    /* Where the guard put the missing blank line, the text starts one character earlier. */
    if (piece.at > walker->body.at && piece.at[-1] != '\n') {
        piece.at--;
        piece.length++;
    }
    return piece;
}

static Span
headers_of (const Walker *walker, GMimeObject *object, Span content)
{
    GMimeHeaderList *list = g_mime_object_get_header_list (object);
    GMimeHeader *first =
        list && g_mime_header_list_get_count (list) > 0 ? g_mime_header_list_get_header_at (list, 0) : NULL;
    gint64 offset = first ? g_mime_header_get_offset (first) : -1;
    Span headers;

    if (offset < walker->body_offset)
        return span (NULL, 0);
    headers = body_span (walker, offset, -1);
    if (content.at && content.at >= headers.at)
        headers.length = (gsize) (content.at - headers.at);
    return headers;
}

/* A piece of the body, where it is the end of that: what follows it says whether the message was cut. */
static Span
end_or_copy (const Walker *walker, const char *text)
{
    gsize length = strlen (text);
    const Span *body = &walker->body;

    if (length <= body->length && memcmp (body->at + body->length - length, text, length) == 0)
        return span (body->at + body->length - length, length);
    return span (arena_strdup (walker->arena, text), length);
}

/* A multipart whose boundary never comes: GMime keeps all of it as the text before the first part. */
static void
add_prologue (const Walker *walker, GMimeObject *object, gint parent, guint depth)
{
    const char *prologue = g_mime_multipart_get_prologue (GMIME_MULTIPART (object));
    WalkPart part = {.parent = parent, .depth = depth};

    *walker->flags |= MAIL_MIME_BROKEN;
    if (!prologue)
        return;
    part.content = end_or_copy (walker, prologue);
    g_array_append_val (walker->parts, part);
}

static void
walk_object (const Walker *walker, GMimeObject *object, gint parent, guint depth)
{
    gint index = (gint) walker->parts->len;
    WalkPart part = {.parent = parent, .depth = depth};
    int n_children;

    if (walker->parts->len >= LIMIT_PARTS) {
        *walker->flags |= MAIL_PARTS_CAPPED;
        return;
    }
    part.multipart = GMIME_IS_MULTIPART (object);
    part.content = content_of (walker, object);
    part.headers = headers_of (walker, object, part.content);
    g_array_append_val (walker->parts, part);
    if (!part.multipart)
        return;
    if (depth >= LIMIT_NESTING) {
        *walker->flags |= MAIL_NESTING_CAPPED;
        return;
    }
    n_children = g_mime_multipart_get_count (GMIME_MULTIPART (object));
    for (int i = 0; i < n_children && walker->parts->len <= LIMIT_PARTS; i++) {
        GMimeObject *child = g_mime_multipart_get_part (GMIME_MULTIPART (object), i);
        if (child)
            walk_object (walker, child, index, depth + 1);
        if (walker->parts->len >= LIMIT_PARTS && i + 1 < n_children) {
            *walker->flags |= MAIL_PARTS_CAPPED;
            break;
        }
    }
    if (n_children <= 0)
        add_prologue (walker, object, index, depth + 1);
}

/* A header of our own and the body: the message's own fields cost GMime more than everything else. */
static gsize
make_copy (MailWalk *walk, const char *boundary, Span body, guint32 *flags)
{
    g_autoptr (GString) header = g_string_new ("Content-Type: multipart/mixed; boundary=\"");

    for (const char *at = boundary; *at; at++) {
        if (*at == '"' || *at == '\\')
            g_string_append_c (header, '\\');
        g_string_append_c (header, *at);
    }
    g_string_append (header, "\"\n\n");
    g_byte_array_set_size (walk->copy, (guint) (header->len + body.length));
    memcpy (walk->copy->data, header->str, header->len);
    memcpy (walk->copy->data + header->len, body.at, body.length);
    mail_guard ((char *) walk->copy->data + header->len, body.length, boundary, flags);
    return header->len;
}

gboolean
mail_walk_multipart (MailWalk *walk, Arena *arena, const char *boundary, Span body, GArray *parts, guint32 *flags)
{
    return mail_plain_walk (boundary, body, parts) || mail_walk_by_gmime (walk, arena, boundary, body, parts, flags);
}

gboolean
mail_walk_by_gmime (MailWalk *walk, Arena *arena, const char *boundary, Span body, GArray *parts, guint32 *flags)
{
    Walker walker = {arena, body, 0, parts, flags};
    guint before = parts->len;
    GMimeStream *stream;
    GMimeObject *root;
    gboolean found;

    walker.body_offset = (gint64) make_copy (walk, boundary, body, flags);
    stream = g_mime_stream_mem_new_with_byte_array (walk->copy);
    g_mime_stream_mem_set_owner (GMIME_STREAM_MEM (stream), FALSE);
    g_mime_parser_init_with_stream (walk->parser, stream);
    g_mime_parser_set_persist_stream (walk->parser, TRUE);
    root = g_mime_parser_construct_part (walk->parser, NULL);
    found = root && GMIME_IS_MULTIPART (root) && g_mime_multipart_get_count (GMIME_MULTIPART (root)) > 0;
    if (found)
        walk_object (&walker, root, -1, 0);
    if (root)
        g_object_unref (root);
    g_mime_parser_init_with_stream (walk->parser, walk->nothing);
    g_object_unref (stream);
    if (walk->copy->len > KEPT_COPY) {
        g_byte_array_unref (walk->copy);
        walk->copy = g_byte_array_new ();
    }
    return found && parts->len > before;
}
