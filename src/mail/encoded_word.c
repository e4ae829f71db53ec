/* SPDX-License-Identifier: MIT */
#include "mail/encoded_word.h"

#include "mail/charset.h"
#include "mail/transfer.h"

#include <string.h>

/* =?charset*language?encoding?text?= */
typedef struct {
    Span charset;
    char encoding; /* 'B' or 'Q' */
    Span text;
    const char *end; /* behind the word */
} EncodedWord;

static const char *
find_byte (const char *at, const char *end, char byte)
{
    return at < end ? memchr (at, byte, (gsize) (end - at)) : NULL;
}

/* A word at `at`, where "=?" stands? */
static gboolean
read_word (const char *at, const char *end, EncodedWord *word)
{
    const char *question = find_byte (at + 2, end, '?');
    const char *star, *close;

    if (!question || question == at + 2 || question - at > 80 || end - question < 3 || question[2] != '?')
        return FALSE;
    word->charset = span (at + 2, (gsize) (question - at - 2));
    for (gsize i = 0; i < word->charset.length; i++)
        if (!g_ascii_isgraph (word->charset.at[i]))
            return FALSE;
    star = memchr (word->charset.at, '*', word->charset.length);
    if (star)
        word->charset.length = (gsize) (star - word->charset.at);
    word->encoding = g_ascii_toupper (question[1]);
    if (word->encoding != 'B' && word->encoding != 'Q')
        return FALSE;
    word->text.at = question + 3;
    /* The encoded text has no "?" by the standard, but raw ones occur in Q; the first "?=" ends it. */
    for (close = word->text.at; (close = find_byte (close, end, '?')) != NULL; close++) {
        if (close + 1 < end && close[1] == '=')
            break;
        if (word->encoding == 'B')
            return FALSE;
    }
    if (!close)
        return FALSE;
    word->text.length = (gsize) (close - word->text.at);
    word->end = close + 2;
    return TRUE;
}

static void
append_word (GString *bytes, const EncodedWord *word)
{
    gsize before = bytes->len;
    gsize length;
    char *to;

    g_string_set_size (bytes, before + word->text.length);
    to = bytes->str + before;
    if (word->encoding == 'B') {
        length = transfer_base64 (word->text.at, word->text.length, to, word->text.length);
    } else {
        length = 0;
        for (gsize i = 0; i < word->text.length; i++) {
            const char *at = word->text.at + i;
            if (*at == '=' && i + 2 < word->text.length && g_ascii_isxdigit (at[1]) && g_ascii_isxdigit (at[2])) {
                to[length++] = (char) (g_ascii_xdigit_value (at[1]) << 4 | g_ascii_xdigit_value (at[2]));
                i += 2;
            } else {
                to[length++] = *at == '_' ? ' ' : *at;
            }
        }
    }
    g_string_set_size (bytes, before + length);
}

/* Converted text of words: no control characters. */
static void
append_clean (GString *out, Span text)
{
    for (gsize i = 0; i < text.length; i++)
        if (text.at[i] == '\t')
            g_string_append_c (out, ' ');
        else if (g_ascii_iscntrl (text.at[i]))
            g_string_append (out, "\xef\xbf\xbd");
        else
            g_string_append_c (out, text.at[i]);
}

static const char *
skip_space (const char *at, const char *end)
{
    while (at < end && strchr (" \t\r\n", *at) && *at)
        at++;
    return at;
}

/* The word at `at` and those behind it in the same charset with nothing but white space between, as one text. */
static const char *
append_run (Arena *arena, GString *out, EncodedWord word, const char *end, guint32 *flags)
{
    g_autoptr (GString) bytes = g_string_new (NULL);
    g_autofree char *charset = g_strndup (word.charset.at, word.charset.length);
    EncodedWord next = word;
    const char *behind;

    do {
        append_word (bytes, &next);
        behind = next.end;
        next.end = skip_space (behind, end);
    } while (end - next.end > 6 && next.end[0] == '=' && next.end[1] == '?' && read_word (next.end, end, &next) &&
             span_equal (next.charset, charset));
    append_clean (out, charset_to_utf8 (arena, charset, span (bytes->str, bytes->len), G_MAXSIZE / 2, flags));
    return behind;
}

/* Behind the last "?=": no word ends later, and no search has to go on there. */
static const char *
last_close (Span text)
{
    for (gsize i = text.length; i > 1; i--)
        if (text.at[i - 1] == '=' && text.at[i - 2] == '?')
            return text.at + i;
    return text.at;
}

Span
encoded_word_decode (Arena *arena, Span text, const char *charset, gsize maximum, guint32 *flags)
{
    const char *end = text.at + text.length;
    const char *words_end = last_close (text);
    const char *plain = text.at; /* start of what is outside words and not yet taken over */
    g_autoptr (GString) out = NULL;
    gboolean behind_word = FALSE;
    EncodedWord word;
    gsize length;

    for (const char *at = text.at; (at = find_byte (at, words_end, '=')) != NULL;) {
        if (words_end - at < 7 || at[1] != '?' || !read_word (at, words_end, &word)) {
            at++;
            continue;
        }
        if (!out)
            out = g_string_sized_new (text.length);
        /* White space between two words is none (RFC 2047 section 6.2). */
        if (!(behind_word && skip_space (plain, at) == at)) {
            Span between = charset_to_utf8 (arena, charset, span (plain, (gsize) (at - plain)), G_MAXSIZE / 2, flags);
            g_string_append_len (out, between.at, (gssize) between.length);
        }
        at = plain = append_run (arena, out, word, words_end, flags);
        behind_word = TRUE;
        if (out->len > maximum)
            break;
    }
    if (!out)
        return charset_to_utf8 (arena, charset, text, maximum, flags);
    if (out->len <= maximum && plain < end) {
        Span rest = charset_to_utf8 (arena, charset, span (plain, (gsize) (end - plain)), G_MAXSIZE / 2, flags);
        g_string_append_len (out, rest.at, (gssize) rest.length);
    }
    length = text_cut (out->str, out->len, maximum);
    return span (arena_strndup (arena, out->str, length), length);
}
