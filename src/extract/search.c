/* SPDX-License-Identifier: MIT */
#include "extract/search.h"

#include "extract/status.h"

#include <string.h>

/* What the words and codes of a line say, kept: every line is asked for it again and again. */
typedef struct {
    gsize length;
    guint32 kinds; /* WORD_… */
    gboolean failure;
} Told;

/* Where an address begins that stands at the start of a line, list marks ("* ", "2. ") and an opening bracket taken off. */
Span
search_without_marks (Span line)
{
    gsize numbers = 0;

    while (line.length > 0 && (strchr ("*->=+|.#<\"'([", line.at[0]) != NULL || line.at[0] == ' '))
        line = span (line.at + 1, line.length - 1);
    while (numbers < line.length && g_ascii_isdigit (line.at[numbers]))
        numbers++;
    if (numbers > 0 && numbers < 4 && numbers + 2 < line.length && strchr (".)", line.at[numbers]) != NULL &&
        line.at[numbers + 1] == ' ')
        return search_without_marks (span (line.at + numbers + 2, line.length - numbers - 2));
    return line;
}

gboolean
search_ends_in_colon (Span line)
{
    line = span_trim (line);
    return line.length > 0 && (line.at[line.length - 1] == ':' ||
                               (line.length > 3 && memcmp (line.at + line.length - 3, "：", 3) == 0));
}

/* "From: a@b", "Message-ID: <x@y>": a header field that names no recipient. */
gboolean
search_is_other_field (Span line)
{
    static const char *const starts[] = {
        "from",        "sender",     "reply-to", "message-id",    "return-path", "received", "cc",        "subject", "date",
        "in-reply-to", "references", "x-",       "envelope-from", "mail from",   "list-",    "errors-to",
    };

    for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
        if (span_has_prefix (line, starts[i]) && memchr (line.at, ':', MIN (line.length, 24)) != NULL)
            return TRUE;
    return FALSE;
}

static Told
listen_to (Search *search, Span line)
{
    Told told = {.length = line.length, .kinds = words_in (search->extraction->words, search->scratch, line)};
    const char *status = status_find (search->scratch, line);

    told.failure = *status == '4' || *status == '5' || (told.kinds & (WORD_FAILED | WORD_CAUSE | WORD_DELAYED)) ||
                   *reply_find (search->scratch, line) != '\0';
    arena_clear (search->scratch);
    return told;
}

static Told
told_by (Search *search, Span line)
{
    const Told *known = line.length == 0 ? NULL : g_hash_table_lookup (search->told, line.at);
    Told told;

    if (known != NULL && known->length == line.length)
        return *known;
    told = listen_to (search, line);
    if (line.length > 0 && known == NULL)
        g_hash_table_insert (search->told, (gpointer) line.at, g_memdup2 (&told, sizeof told));
    return told;
}

/* The line itself says that delivery failed: it holds a code, or words of failure. */
gboolean
search_tells_failure (Search *search, Span line)
{
    return told_by (search, line).failure;
}

/* "contact a@b", "a@b までお問い合わせください": mentioned, not blamed. What stands before an address says so for certain,
 * what stands behind it only when the line tells of no failure: "a@b: mailbox full, contact your administrator". */
gboolean
search_is_mention (Search *search, Span line)
{
    const char *at = memchr (line.at, '@', line.length);
    Span before = at == NULL ? line : span (line.at, (gsize) (at - line.at));
    const Words *words = search->extraction->words;

    while (before.length > 0 && before.at[before.length - 1] != ' ')
        before.length--;
    before = span_trim (before);
    if (before.length >= 7 && span_equal (span (before.at + before.length - 7, 7), "message"))
        return TRUE; /* "your message <id@host> could not …" */
    if (search_is_other_field (line))
        return TRUE;
    return (told_by (search, line).kinds & WORD_MENTION) &&
           (!search_tells_failure (search, line) || (words_in (words, search->scratch, before) & WORD_MENTION));
}

gboolean
search_has_code (Search *search, const char *text)
{
    return *status_find (search->arena, span_of (text)) != '\0' || *reply_find (search->arena, span_of (text)) != '\0';
}
