/* SPDX-License-Identifier: MIT */
#include "event/address.h"

#include "base/ascii.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "event/domain.h"

#include <string.h>

static gboolean
is_space (char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Bytes that may stand in an unquoted local part: atext of RFC 5322, the dot, and UTF-8 (RFC 6531). The dot may stand
 * anywhere: Japanese carriers gave out addresses like `a..b.@docomo.ne.jp` for years. */
static gboolean
is_local_byte (char c)
{
    return g_ascii_isalnum (c) || (guchar) c >= 0x80 || (c != '\0' && strchr ("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

static gboolean
is_domain_byte (char c)
{
    return g_ascii_isalnum (c) || (guchar) c >= 0x80 || c == '-' || c == '.' || c == '_';
}

static gboolean
is_clean_utf8 (Span piece)
{
    for (gsize i = 0; i < piece.length;) {
        if ((guchar) piece.at[i] < 0x80) {
            if (utf8_is_control ((guchar) piece.at[i]))
                return FALSE;
            i++;
            continue;
        }
        guint step = utf8_length (piece.at + i, piece.length - i);
        gunichar c = step == 0 ? 0 : utf8_decode (piece.at + i, step);

        if (step == 0 || utf8_is_control (c) || utf8_is_invisible (c) || c == 0xfffd)
            return FALSE;
        i += step;
    }
    return TRUE;
}

/* "john doe" with its quotes: no bare quote inside. */
static gboolean
is_quoted_local (Span local)
{
    if (local.length < 3 || local.at[0] != '"' || local.at[local.length - 1] != '"')
        return FALSE;
    for (gsize i = 1; i + 1 < local.length; i++) {
        if (local.at[i] == '\\') {
            if (i + 2 >= local.length)
                return FALSE;
            i++;
        } else if (local.at[i] == '"') {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
is_local (Span local)
{
    if (local.length == 0 || local.length > LIMIT_LOCAL_PART)
        return FALSE;
    if (local.at[0] == '"')
        return is_quoted_local (local);
    for (gsize i = 0; i < local.length; i++)
        if (!is_local_byte (local.at[i]))
            return FALSE;
    return TRUE;
}

/* A name without empty labels, or an address literal [192.0.2.1]. */
static gboolean
is_domain (Span domain)
{
    if (domain.length == 0 || domain.length > 255)
        return FALSE;
    if (domain.at[0] == '[') {
        if (domain.length < 4 || domain.at[domain.length - 1] != ']')
            return FALSE;
        for (gsize i = 1; i + 1 < domain.length; i++)
            if (!g_ascii_isalnum (domain.at[i]) && domain.at[i] != '.' && domain.at[i] != ':')
                return FALSE;
        return TRUE;
    }
    for (gsize i = 0; i < domain.length; i++)
        if (!is_domain_byte (domain.at[i]) || (domain.at[i] == '.' && (i == 0 || domain.at[i - 1] == '.')))
            return FALSE;
    return domain.at[domain.length - 1] != '.' && domain.at[0] != '-';
}

static gssize
last_at (Span address)
{
    for (gsize i = address.length; i > 0; i--)
        if (address.at[i - 1] == '@')
            return (gssize) i - 1;
    return -1;
}

static gboolean
is_well_formed (Span address)
{
    gssize at = last_at (address);

    return at >= 0 && address.length <= LIMIT_ADDRESS && is_clean_utf8 (address) &&
           is_local (span (address.at, (gsize) at)) &&
           is_domain (span (address.at + at + 1, address.length - (gsize) at - 1));
}

/* The checked address with its domain in lower case, or NULL. */
static char *
checked (Arena *arena, Span address)
{
    char *copy;

    while (address.length > 0 && address.at[address.length - 1] == '.') /* the root's dot, or a sentence's */
        address.length--;
    if (!is_well_formed (address))
        return NULL;
    copy = span_dup (arena, address);
    for (char *c = strrchr (copy, '@'); *c != '\0'; c++)
        *c = ascii_lower (*c);
    return copy;
}

/* What stands in the last <…>, or the whole. */
static Span
inside_angle (Span text)
{
    for (gsize i = text.length; i > 0; i--)
        if (text.at[i - 1] == '<') {
            const char *open = text.at + i, *close = memchr (open, '>', text.length - i);

            return span_trim (span (open, close == NULL ? text.length - i : (gsize) (close - open)));
        }
    return text;
}

static Span
without_prefix (Span text)
{
    static const char *const prefixes[] = {"mailto:", "smtp:", "rfc822;", "to:"};

    for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
        if (span_has_prefix (text, prefixes[i])) {
            gsize length = strlen (prefixes[i]);

            return span_trim (span (text.at + length, text.length - length));
        }
    return text;
}

/* "@a,@b:user@host" (RFC 5321 4.1.1.3, obsolete) is user@host. */
static Span
without_route (Span text)
{
    const char *colon;

    if (text.length == 0 || text.at[0] != '@')
        return text;
    colon = memchr (text.at, ':', text.length);
    return colon == NULL ? text : span (colon + 1, text.length - (gsize) (colon + 1 - text.at));
}

static Span
without_quotes (Span text)
{
    while (text.length >= 2 && (text.at[0] == '"' || text.at[0] == '\'') && text.at[text.length - 1] == text.at[0])
        text = span_trim (span (text.at + 1, text.length - 2));
    return text;
}

/* A trailing comment: "a@b (John)". */
static Span
without_comment (Span text)
{
    const char *open;

    if (text.length == 0 || text.at[text.length - 1] != ')')
        return text;
    open = memchr (text.at, '(', text.length);
    return open == NULL || open == text.at ? text : span_trim (span (text.at, (gsize) (open - text.at)));
}

char *
address_clean (Arena *arena, Span text)
{
    text = span_trim (text);
    if (text.length == 0 || memchr (text.at, '\0', text.length) != NULL)
        return NULL;
    text = without_prefix (text);
    text = without_comment (text);
    text = inside_angle (text);
    text = without_prefix (without_quotes (text));
    text = span_trim (without_route (text));
    while (text.length > 0 && strchr (",;:)>]", text.at[text.length - 1]) != NULL && text.at[0] != '[') {
        if (text.at[text.length - 1] == ']' && memchr (text.at, '[', text.length) != NULL)
            break; /* an address literal */
        text.length--;
    }
    while (text.length > 0 && strchr ("(<[", text.at[0]) != NULL)
        text = span (text.at + 1, text.length - 1);
    return checked (arena, text);
}

/* RFC 3461 4: "+HH" for bytes that could not stand there. NULL when it is no xtext. */
static char *
xtext_decode (Arena *arena, Span text)
{
    char *out = arena_alloc (arena, text.length + 1);
    gsize n = 0;

    for (gsize i = 0; i < text.length; i++) {
        if (text.at[i] == '+') { /* NOLINT(clang-analyzer-core.NullDereference): what is NULL has no length */
            int high, low;

            if (i + 2 >= text.length || (high = g_ascii_xdigit_value (text.at[i + 1])) < 0 ||
                (low = g_ascii_xdigit_value (text.at[i + 2])) < 0 || g_ascii_islower (text.at[i + 1]) ||
                g_ascii_islower (text.at[i + 2]) || (high == 0 && low == 0))
                return NULL;
            out[n++] = (char) (high << 4 | low);
            i += 2;
        } else {
            out[n++] = text.at[i];
        }
    }
    out[n] = '\0';
    return out;
}

/* RFC 6533 3: "\x{20AC}". */
static char *
utf8_unescape (Arena *arena, Span text)
{
    GString *out = g_string_sized_new (text.length);
    char *copy;

    for (gsize i = 0; i < text.length; i++) {
        gunichar c = 0;
        gsize k = i + 3, first = k;

        if (text.length - i < 5 || strncmp (text.at + i, "\\x{", 3) != 0) {
            g_string_append_c (out, text.at[i]);
            continue;
        }
        while (k < text.length && k < first + 6 && g_ascii_isxdigit (text.at[k]))
            c = c << 4 | (gunichar) g_ascii_xdigit_value (text.at[k++]);
        if (k == first || k >= text.length || text.at[k] != '}' || !g_unichar_validate (c) || c == 0) {
            g_string_append_c (out, text.at[i]);
            continue;
        }
        g_string_append_unichar (out, c);
        i = k;
    }
    copy = arena_strndup (arena, out->str, out->len);
    g_string_free (out, TRUE);
    return copy;
}

char *
address_from_typed (Arena *arena, Span field)
{
    const char *semicolon;
    Span type, value;
    char *address;

    field = span_trim (field);
    semicolon = field.length == 0 ? NULL : memchr (field.at, ';', field.length);
    type = semicolon == NULL ? span (NULL, 0) : span_trim (span (field.at, (gsize) (semicolon - field.at)));
    if (semicolon == NULL || (type.length > 0 && memchr (type.at, '@', type.length) != NULL))
        return address_clean (arena, field); /* no type: "a@b", or "a@b; c@d" */
    value = span_trim (span (semicolon + 1, field.length - (gsize) (semicolon + 1 - field.at)));
    if (span_equal (type, "utf-8") || span_equal (type, "utf8"))
        return address_clean (arena, span_of (utf8_unescape (arena, value)));
    if (span_has_prefix (type, "x400") || span_has_prefix (type, "x.400") || span_has_prefix (type, "x500") ||
        span_has_prefix (type, "x.500") || span_has_prefix (type, "ex"))
        return NULL;
    address = address_clean (arena, value);
    if (address == NULL || strchr (address, '+') != NULL) {
        /* xtext: only where it hides what has to be hidden. "user+2Btag@x" is "user+tag@x", but "user+20@x" is an
           address as it stands, and so is whatever does not decode to one. */
        const char *decoded = memchr (value.at == NULL ? "" : value.at, '+', value.length) == NULL
                                  ? NULL
                                  : xtext_decode (arena, value);

        if (decoded != NULL &&
            (address == NULL || text_find (address, "+2B") != NULL || text_find (address, "+3D") != NULL)) {
            char *other = address_clean (arena, span_of (decoded));

            if (other != NULL)
                address = other;
        }
    }
    return address;
}

/* The left end of the local part that ends before the `@` at `at`. */
static gsize
local_start (Span text, gsize at)
{
    gsize start = at;

    if (at > 0 && text.at[at - 1] == '"') { /* back to the opening quote, on this line */
        for (gsize i = at - 1; i > 0 && at - i < LIMIT_LOCAL_PART && text.at[i - 1] != '\n'; i--)
            if (text.at[i - 1] == '"' && (i < 2 || text.at[i - 2] != '\\'))
                return i - 1;
        return at;
    }
    while (start > 0 && at - start <= LIMIT_LOCAL_PART && is_local_byte (text.at[start - 1]) &&
           (guchar) text.at[start - 1] < 0x80)
        start--;
    if (start > 0 && (guchar) text.at[start - 1] >= 0x80) {
        /* UTF-8 counts only inside <…>: in running text, Japanese or Chinese words touch the address */
        gsize wide = start;

        while (wide > 0 && at - wide <= LIMIT_LOCAL_PART && is_local_byte (text.at[wide - 1]))
            wide--;
        if (wide > 0 && text.at[wide - 1] == '<')
            start = wide;
    }
    while (start < at && strchr ("'`*|{}=/.", text.at[start]) != NULL) /* quotes and list marks before an address */
        start++;
    return start;
}

/* How long a letter of a script that puts blanks between words is at this place, 0 when there is none:
 * "pia@bücher.example" is an address to its end, in "pia@example.orgへの" the words go on behind it. */
static gsize
spaced_letter (Span text, gsize at)
{
    guint length = utf8_length (text.at + at, text.length - at);
    gunichar letter = length == 0 ? 0 : utf8_decode (text.at + at, length);

    return letter >= 0xc0 && letter < 0xe00 && g_unichar_isalnum (letter) ? length : 0;
}

char *
address_find (Arena *arena, Span *rest)
{
    Span text = *rest;

    for (gsize i = 0; i < text.length; i++) {
        gsize start, end;
        gboolean angle;
        char *found;

        if (text.at[i] != '@')
            continue;
        start = local_start (text, i);
        angle = start > 0 && text.at[start - 1] == '<';
        end = i + 1;
        if (end < text.length && text.at[end] == '[') {
            while (end < text.length && text.at[end] != ']' && !is_space (text.at[end]))
                end++;
            end = MIN (end + 1, text.length);
        } else {
            while (end < text.length && is_domain_byte (text.at[end])) {
                gsize step = (guchar) text.at[end] < 0x80 || angle ? 1 : spaced_letter (text, end);

                if (step == 0)
                    break;
                end += step;
            }
        }
        found = start == i ? NULL : checked (arena, span (text.at + start, end - start));
        if (found != NULL) {
            *rest = span (text.at + end, text.length - end);
            return found;
        }
    }
    *rest = span (text.at + text.length, 0);
    return NULL;
}

gboolean
address_is_valid (const char *address)
{
    Span text = span_of (address);

    return text.length > 0 && text.at[text.length - 1] != '.' && is_well_formed (text);
}

const char *
address_domain (const char *address)
{
    const char *at = strrchr (address, '@');

    return at == NULL ? "" : at + 1;
}

/* The local part without quotes that it does not need: "ann" is ann (RFC 5321, section 4.1.2). Cuts its argument. */
static char *
without_needless_quotes (char *local)
{
    gsize length = strlen (local);

    if (length < 3 || local[0] != '"' || local[length - 1] != '"')
        return local;
    for (gsize i = 1; i + 1 < length; i++)
        if (!is_local_byte (local[i]))
            return local;
    local[length - 1] = '\0';
    return local + 1;
}

char *
address_normal (Arena *arena, const char *address)
{
    char *lower = text_lower (arena, address), *at = strrchr (lower, '@'), *local;
    const char *domain;

    if (at == NULL)
        return lower;
    *at = '\0';
    local = without_needless_quotes (lower);
    domain = domain_to_ascii (arena, at + 1);
    if (local != lower || strcmp (domain, at + 1) != 0)
        return arena_printf (arena, "%s@%s", local, domain);
    *at = '@';
    return lower;
}
