/* SPDX-License-Identifier: MIT */
#include "mail/headers.h"

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

/* Of what RFC 5322 allows in a name, without the signs that no field has and that text, addresses and lost
 * continuation lines ("h=From:Date;", "<a@b>: said") have. */
static gboolean
is_name_byte (char byte)
{
    static const guint64 marks[2] = {
        /* !#$%&'*+-./ and the digits; ^_`{|}~ and the letters */
        G_GUINT64_CONSTANT (0x03ffecfa00000000), G_GUINT64_CONSTANT (0x7fffffffc7fffffe)};

    return byte >= 0 && (marks[byte >> 6] >> (byte & 63) & 1);
}

gsize
headers_name_length (Span line)
{
    gsize length = 0, colon;

    while (length < line.length && is_name_byte (line.at[length]))
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

/* The field that starts with `line`; *rest is advanced over its folded lines. */
static RawField
read_field (Arena *arena, Span line, gsize name_length, Span *rest, guint32 *flags)
{
    RawField field = {span (line.at, name_length), {NULL, 0}};
    const char *colon = memchr (line.at + name_length, ':', line.length - name_length);
    g_autoptr (GString) unfolded = NULL;
    Span next;

    field.value = span_trim (span (colon + 1, line.length - (gsize) (colon + 1 - line.at)));
    if (field.value.length > LIMIT_HEADER) {
        *flags |= MAIL_HEADERS_CAPPED;
        field.value.length = LIMIT_HEADER;
    }
    while (is_continuation (*rest) || headers_lost_indentation (*rest, line.at)) {
        text_next_line (rest, &next);
        if (!unfolded)
            unfolded = g_string_new_len (field.value.at, (gssize) field.value.length);
        append_folded (unfolded, next, flags);
    }
    if (unfolded)
        field.value = span (arena_strndup (arena, unfolded->str, unfolded->len), unfolded->len);
    return field;
}

/* Up to the blank line; gives the bytes used. */
static gsize
split_block (Arena *arena, const char *text, gsize length, GArray *fields, guint32 *flags)
{
    Span rest = {text, length};
    Span line;

    while (rest.length > 0) {
        Span before = rest;
        gsize name_length;
        text_next_line (&rest, &line);
        if (line.length == 0)
            return (gsize) (rest.at - text);
        if (fields->len >= LIMIT_HEADERS || (gsize) (rest.at - text) > LIMIT_HEADER_BLOCK) {
            *flags |= MAIL_HEADERS_CAPPED;
            continue; /* to the blank line */
        }
        name_length = headers_name_length (line);
        if (name_length > 0) {
            RawField field = read_field (arena, line, name_length, &rest, flags);
            g_array_append_val (fields, field);
        } else if (!headers_is_from_line (line)) {
            return (gsize) (before.at - text);
        }
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
charset_hint (Arena *arena, const GArray *fields)
{
    guint32 ignored = 0;

    for (guint i = 0; i < fields->len; i++) {
        const RawField *field = &g_array_index (fields, RawField, i);
        if (span_equal (field->name, "Content-Type") && bytes_are_ascii (field->value))
            return parameter_get (
                arena, arena_strndup (arena, field->value.at, MIN (field->value.length, LONGEST_HINT)),
                "charset", &ignored);
    }
    return "";
}

/* What the raw bytes of a value are to be read as; "" = guess, which knows UTF-8 and Japanese escapes for sure. */
static const char *
charset_of_value (Arena *arena, const GArray *fields, Span value)
{
    const char *seen = charset_detect (value), *hint;

    if (text_equal (seen, "utf-8") || text_equal (seen, "iso-2022-jp"))
        return "";
    hint = charset_hint (arena, fields);
    return text_has_prefix (hint, "utf") ? "" : hint;
}

static void
finish_field (Arena *arena, const GArray *fields, const RawField *raw, MailHeader *header, guint32 *flags)
{
    gboolean ascii;
    const char *valid;
    Span decoded;

    header->key = mail_header_key (raw->name.at, raw->name.length);
    header->name = arena_strndup (arena, raw->name.at, raw->name.length);
    if (bytes_are_printable (raw->value)) {
        header->raw = header->value = arena_strndup (arena, raw->value.at, raw->value.length);
        if (!strstr (header->raw, "=?"))
            return;
    } else {
        valid = text_valid_utf8 (arena, raw->value.at, (gssize) raw->value.length);
        header->raw = mask_controls (arena, valid, strlen (valid));
    }
    ascii = bytes_are_ascii (raw->value);
    decoded = encoded_word_decode (arena, raw->value, ascii ? "" : charset_of_value (arena, fields, raw->value),
                                   LIMIT_HEADER, flags);
    header->value = mask_controls (arena, decoded.at, decoded.length);
}

gsize
mail_headers_parse (Arena *arena, const char *text, gsize length, MailHeaders *headers, guint32 *flags)
{
    g_autoptr (GArray) fields = g_array_sized_new (FALSE, FALSE, sizeof (RawField), 48);
    gsize used = split_block (arena, text, length, fields, flags);

    headers->n_fields = fields->len;
    headers->fields = arena_new_array (arena, MailHeader, MAX (fields->len, 1));
    for (guint i = 0; i < fields->len; i++)
        finish_field (arena, fields, &g_array_index (fields, RawField, i), &headers->fields[i], flags);
    return used;
}
