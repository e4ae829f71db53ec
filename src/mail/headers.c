/* SPDX-License-Identifier: MIT */
#include "mail/headers.h"

#include "base/ascii.h"
#include "base/byte_search.h"
#include "base/limits.h"
#include "mail/bytes.h"
#include "mail/charset.h"
#include "mail/encoded_word.h"
#include "mail/mail_view.h"
#include "mail/parameter.h"

#include <string.h>

#define LONGEST_NAME 512
#define MOST_LOST_LINES 20 /* behind each other */
#define LONGEST_HINT 1024 /* of a Content-Type is looked at for the charset of other fields */
#define LONG_WORD 40 /* a line that is one such word is no text */
#define REPLACEMENT "\xef\xbf\xbd"

/* A field as it stands: pieces of the text, or of the arena where lines were joined. */
typedef struct {
    Span name, value;
} RawField;

/* Fields while they are found. */
typedef struct {
    Arena *arena;
    RawField *fields;
    guint n, room;
    guint32 flags;
    GString *unfolded; /* a value whose lines are being joined; NULL until the first */
} Block;

gsize
headers_name_length (Span line)
{
    gsize length = 0, colon;

    while (length < line.length && ascii_is_field_name (line.at[length]))
        length++;
    for (colon = length; colon < line.length && (line.at[colon] == ' ' || line.at[colon] == '\t'); colon++)
        ;
    return colon < line.length && line.at[colon] == ':' && length <= LONGEST_NAME ? length : 0;
}

gboolean
headers_is_from_line (Span line)
{
    while (line.length > 0 && line.at[0] == '>') {
        line.at++;
        line.length--;
    }
    return line.length > 5 && memcmp (line.at, "From ", 5) == 0;
}

/* "name=value" that is no field. */
static gboolean
is_stray_parameter (Span line)
{
    gsize length = 0;

    while (length < line.length && length < 40 && (g_ascii_isalnum (line.at[length]) || line.at[length] == '-' ||
                                                   line.at[length] == '*'))
        length++;
    return length > 0 && g_ascii_isalpha (line.at[0]) && length < line.length && line.at[length] == '=' &&
           headers_name_length (line) == 0;
}

static gboolean
is_continuation (Span line)
{
    return line.length > 0 && (line.at[0] == ' ' || line.at[0] == '\t');
}

/* Add a folded line's words to a value: the line end and the white space around it are one space. */
static void
append_folded (GString *unfolded, Span line, guint32 *flags)
{
    Span words = span_trim (line);

    if (unfolded->len + words.length + 1 > LIMIT_HEADER) {
        *flags |= MAIL_HEADERS_CAPPED;
        words.length = unfolded->len + 1 < LIMIT_HEADER ? LIMIT_HEADER - unfolded->len - 1 : 0;
    }
    if (words.length == 0)
        return;
    if (unfolded->len > 0)
        g_string_append_c (unfolded, ' ');
    g_string_append_len (unfolded, words.at, (gssize) words.length);
}

/* Of the last line of a block: is it rather the end of the field before it than the start of the text? */
static gboolean
is_field_end (Span line, Span rest, const char *start)
{
    const char *before = line.at - 1; /* the line end before it */

    if (is_stray_parameter (line))
        return TRUE;
    if (rest.length > 0 && rest.at[0] != '\n' && rest.at[0] != '\r')
        return FALSE;
    while (before > start && g_ascii_isspace (*before))
        before--;
    if (before >= start && strchr (":;,", *before))
        return TRUE;
    return line.length >= LONG_WORD && !memchr (line.at, ' ', line.length);
}

gboolean
headers_lost_indentation (Span rest, const char *start)
{
    Span line;

    for (guint i = 0; i < MOST_LOST_LINES && text_next_line (&rest, &line) && line.length > 0; i++) {
        if (headers_name_length (line) > 0)
            return i > 0;
        if (headers_is_from_line (line) || (line.at[0] == '-' && line.length > 1 && line.at[1] == '-'))
            return FALSE; /* a boundary, an mbox line: what follows is another block */
        if (i == 0 && is_field_end (line, rest, start))
            return TRUE;
    }
    return FALSE;
}

static void
add_field (Block *block, RawField field)
{
    if (block->n == block->room) {
        RawField *more = arena_new_array (block->arena, RawField, MAX (24, 2 * block->room));

        if (block->n > 0)
            memcpy (more, block->fields, block->n * sizeof *more);
        block->fields = more;
        block->room = MAX (24, 2 * block->room);
    }
    block->fields[block->n++] = field;
}

/* The field that starts with `line`; *rest is advanced over its folded lines. *next: headers_name_length() of the line
 * behind it, where that is a field; else 0. */
static void
read_field (Block *block, Span line, gsize name_length, Span *rest, gsize *next)
{
    RawField field = {span (line.at, name_length), {NULL, 0}};
    const char *value = line.at + name_length;
    gboolean folded = FALSE;
    Span more;

    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a line with a name is there */
    while (*value++ != ':')
        ;
    field.value = span_trim (span (value, line.length - (gsize) (value - line.at)));
    if (field.value.length > LIMIT_HEADER) {
        block->flags |= MAIL_HEADERS_CAPPED;
        field.value.length = LIMIT_HEADER;
    }
    *next = 0;
    while (is_continuation (*rest) ||
           ((*next = headers_name_length (*rest)) == 0 && headers_lost_indentation (*rest, line.at))) {
        text_next_line (rest, &more);
        if (!block->unfolded)
            block->unfolded = g_string_sized_new (512);
        if (!folded) {
            g_string_truncate (block->unfolded, 0);
            g_string_append_len (block->unfolded, field.value.at, (gssize) field.value.length);
            folded = TRUE;
        }
        append_folded (block->unfolded, more, &block->flags);
        *next = 0;
    }
    if (folded)
        field.value =
            span (arena_strndup (block->arena, block->unfolded->str, block->unfolded->len), block->unfolded->len);
    add_field (block, field);
}

/* Up to the blank line; gives the bytes used. */
static gsize
split_block (Block *block, const char *text, gsize length)
{
    Span rest = {text, length};
    Span line;
    gsize next = 0; /* length of the field name that `rest` starts with, where that is known */

    while (rest.length > 0) {
        Span before = rest;
        gsize name_length = next;
        text_next_line (&rest, &line);
        next = 0;
        if (line.length == 0)
            return (gsize) (rest.at - text);
        if (block->n >= LIMIT_HEADERS || (gsize) (rest.at - text) > LIMIT_HEADER_BLOCK) {
            block->flags |= MAIL_HEADERS_CAPPED;
            continue; /* to the blank line */
        }
        if (name_length == 0)
            name_length = headers_name_length (line);
        if (name_length > 0)
            read_field (block, line, name_length, &rest, &next);
        else if (!headers_is_from_line (line))
            return (gsize) (before.at - text);
    }
    return length;
}

/* Control characters have no place in a field. They stay visible as U+FFFD, so that an address with one in it is never
 * taken for the address without it. */
static const char *
mask_controls (Arena *arena, const char *text, gsize length)
{
    gsize at = 0;
    g_autoptr (GString) out = NULL;

    while (at < length && !(g_ascii_iscntrl (text[at]) || text[at] == '\0'))
        at++;
    if (at == length)
        return text;
    out = g_string_new_len (text, (gssize) at);
    for (; at < length; at++)
        if (text[at] == '\t')
            g_string_append_c (out, ' ');
        else if (g_ascii_iscntrl (text[at]))
            g_string_append (out, REPLACEMENT);
        else
            g_string_append_c (out, text[at]);
    return arena_strndup (arena, out->str, out->len);
}

/* The charset of the text that follows is the best guess for raw bytes beyond ASCII in the fields before it. */
static const char *
charset_hint (const Block *block)
{
    guint32 ignored = 0;

    for (guint i = 0; i < block->n; i++) {
        const RawField *field = &block->fields[i];
        if (span_equal (field->name, "Content-Type") && bytes_are_ascii (field->value))
            return parameter_get (
                block->arena, arena_strndup (block->arena, field->value.at, MIN (field->value.length, LONGEST_HINT)),
                "charset", &ignored);
    }
    return "";
}

/* What the raw bytes of a value are to be read as; "" = guess, which knows UTF-8 and Japanese escapes for sure. */
static const char *
charset_of_value (const Block *block, Span value)
{
    const char *seen = charset_detect (value), *hint;

    if (text_equal (seen, "utf-8") || text_equal (seen, "iso-2022-jp"))
        return "";
    hint = charset_hint (block);
    return text_has_prefix (hint, "utf") ? "" : hint;
}

static void
finish_field (Block *block, const RawField *raw, MailHeader *header)
{
    Arena *arena = block->arena;
    gboolean ascii;
    const char *valid;
    Span decoded;

    header->key = mail_header_key (raw->name.at, raw->name.length);
    header->name = arena_strndup (arena, raw->name.at, raw->name.length);
    if (bytes_are_printable (raw->value)) {
        header->raw = header->value = arena_strndup (arena, raw->value.at, raw->value.length);
        if (!byte_search_pair (raw->value.at, raw->value.length, '=', '?'))
            return;
    } else {
        valid = text_valid_utf8 (arena, raw->value.at, (gssize) raw->value.length);
        header->raw = mask_controls (arena, valid, strlen (valid));
    }
    ascii = bytes_are_ascii (raw->value);
    decoded = encoded_word_decode (arena, raw->value, ascii ? "" : charset_of_value (block, raw->value), LIMIT_HEADER,
                                   &block->flags);
    header->value = mask_controls (arena, decoded.at, decoded.length);
}

gsize
mail_headers_parse (Arena *arena, const char *text, gsize length, MailHeaders *headers, guint32 *flags)
{
    Block block = {.arena = arena};
    gsize used = split_block (&block, text, length);

    *headers = (MailHeaders){.fields = arena_new_array (arena, MailHeader, MAX (block.n, 1)), .n_fields = block.n};
    for (guint i = 0; i < block.n; i++) {
        finish_field (&block, &block.fields[i], &headers->fields[i]);
        headers->seen |= mail_header_bit (headers->fields[i].key);
    }
    *flags |= block.flags;
    if (block.unfolded)
        g_string_free (block.unfolded, TRUE);
    return used;
}
