/* SPDX-License-Identifier: MIT */
/* The general reader: a message that is a bounce by every outer sign, in words that no stanza knows. It looks for "this
 * address … this reply": X-Failed-Recipients, an SMTP dialogue, addresses that stand at the start of a line or behind a
 * label, lists behind a sentence of failure. What it says, it says with FLAG_GUESSED. It never blames the sender, the
 * daemon, or an address that is only mentioned. */
#include "base/limits.h"
#include "event/address.h"
#include "extract/common.h"
#include "extract/evidence.h"
#include "extract/recipient_text.h"
#include "extract/search.h"
#include "extract/status.h"

#include <string.h>

#define MAX_LINE_NAMES 50
#define MAX_NAMED 200 /* a mail that names more people in running text is no bounce that can be read */

static gboolean
holds (const GPtrArray *list, const char *address)
{
    for (guint i = 0; i < list->len; i++)
        if (text_equal (g_ptr_array_index (list, i), address))
            return TRUE;
    return FALSE;
}

static void
name (Search *search, const char *address)
{
    if (search->named->len < MAX_NAMED && !common_is_daemon (address) &&
        (search->desperate || !innocent_has (&search->innocent, address)) &&
        !holds (search->named, address))
        g_ptr_array_add (search->named, (gpointer) address);
}

/* --- who failed ----------------------------------------------------------------------------------------------------*/

static void
from_header (Search *search)
{
    const MailHeaders *headers = &search->extraction->view->headers;
    const MailHeader *field = mail_headers_find (headers, "X-Failed-Recipients");

    for (; field != NULL; field = mail_headers_next (headers, field)) {
        Span rest = span_of (field->value);

        for (const char *address; (address = address_find (search->arena, &rest)) != NULL;)
            if (!holds (search->named, address) && search->named->len < MAX_NAMED)
                g_ptr_array_add (search->named, (gpointer) address);
    }
}

static gboolean is_author (Search *search, Span line, gsize start, gsize end);

/* "554 5.7.1 <a@b>: Sender address rejected": the address of the summary is the writer's. "550 5.7.1 Blocked, contact
 * a@b": it is whom to ask. */
static gboolean
blames_author (Search *search, const TranscriptStep *step)
{
    const char *at = text_find (step->text, step->address);
    gsize start = at == NULL ? 0 : (gsize) (at - step->text);

    if (at != NULL && (words_in (search->extraction->words, search->scratch, span (step->text, start)) & WORD_MENTION))
        return TRUE;
    return at != NULL && is_author (search, span_of (step->text), start, start + strlen (step->address));
}

/* A refused RCPT, or a line of summary that names its address. */
static void
from_transcript (Search *search)
{
    for (guint i = 0; i < transcript_length (search->transcript); i++) {
        const TranscriptStep *step = transcript_step (search->transcript, i);

        if (*step->address == '\0')
            continue;
        if (text_equal (step->command, "RCPT") || (step->summary && !blames_author (search, step)))
            name (search, step->address);
    }
    if (search->named->len == 0 && transcript_length (search->transcript) > 0) /* refused as a whole: at MAIL or DATA */
        for (guint i = 0; i < search->transcript->asked->len; i++)
            name (search, g_ptr_array_index (search->transcript->asked, i));
}

/* "Recipient: a@b", "宛先: a@b", "Destinatario: a@b": a label of a line that names somebody. */
static gboolean
is_recipient_label (Search *search, Span label)
{
    return (words_in (search->extraction->words, search->scratch, label) & WORD_LABEL) != 0;
}

static gboolean
next_text_tells (Search *search, guint at)
{
    for (guint i = at + 1, blank = 0; i < search->report.n_lines && i < at + 5; i++) {
        Span line = search->report.lines[i].text;

        if (line.length == 0) {
            if (++blank > 1)
                return FALSE;
            continue;
        }
        if (search_tells_failure (search, line))
            return TRUE;
        if (memchr (line.at, '@', line.length) != NULL && !search_is_mention (search, line))
            return TRUE; /* a list of addresses */
    }
    return FALSE;
}

/* The line of text before, over blank lines, says that delivery failed or ends in a colon: what follows is a list. */
static gboolean
previous_text_tells (Search *search, guint at)
{
    for (guint i = at, seen = 0; i > 0 && seen < 4; i--, seen++) {
        Span line = search->report.lines[i - 1].text;

        if (line.length == 0)
            continue;
        return search_ends_in_colon (line) || search_tells_failure (search, line);
    }
    return FALSE;
}

/* "a@b: no such user", "a@b ... unknown host": an address at the start of a line and words behind it. */
static gboolean
has_words_behind (Span head, const char *address)
{
    Span rest = span (head.at + strlen (address), head.length - strlen (address));

    while (rest.length > 0 && strchr (">)]\"'", rest.at[0]) != NULL)
        rest = span (rest.at + 1, rest.length - 1);
    rest = span_trim (rest);
    return rest.length > 4 && (rest.at[0] == ':' || rest.at[0] == '-' || rest.at[0] == '(' || rest.at[0] == '[' ||
                               span_has_prefix (rest, "..."));
}

/* The word that ends at `end`, and the one that starts there, without marks. */
static Span
word_at (Span line, gsize end, gboolean before)
{
    static const char marks[] = " <>()[]\"':;,.=";
    gsize from = end, to;

    if (before) {
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): what is NULL has no length */
        while (from > 0 && strchr (marks, line.at[from - 1]) != NULL)
            from--;
        for (to = from; from > 0 && line.at[from - 1] != ' ';)
            from--;
    } else {
        while (from < line.length && strchr (marks, line.at[from]) != NULL)
            from++;
        for (to = from; to < line.length && line.at[to] != ' ';)
            to++;
    }
    return span (line.at + from, to - from);
}

/* "from a@b", "<a@b>: Sender address rejected": who wrote. */
static gboolean
is_author (Search *search, Span line, gsize start, gsize end)
{
    return ((words_in (search->extraction->words, search->scratch, word_at (line, start, TRUE)) |
             words_in (search->extraction->words, search->scratch, word_at (line, end, FALSE))) &
            WORD_AUTHOR) != 0;
}

/* The first address of the line that is not that of a writer, and those that follow it with nothing but marks between:
 * up to `maximum` into `out`. */
static guint
addresses_in (Search *search, Span line, const char **out, guint maximum)
{
    Span rest = line;
    gsize last = 0;
    guint n = 0;

    for (const char *address; n < maximum && (address = address_find (search->arena, &rest)) != NULL;) {
        gsize end = line.length - rest.length;
        const char *at = text_find_length (line.at + last, line.length - last, address);
        gsize start = at == NULL ? end : (gsize) (at - line.at);

        if (n > 0)
            for (gsize i = last; i < start; i++)
                if (strchr (" <>,;\"'", line.at[i]) == NULL)
                    return n;
        if (!is_author (search, line, start, MIN (start + strlen (address), line.length)))
            out[n++] = address;
        else if (n > 0)
            return n;
        last = MAX (end, last);
    }
    return n;
}

/* "please write to" at the end of the line above: what begins this one is whom to ask. */
static gboolean
follows_mention (Search *search, guint at)
{
    Span above = at == 0 ? span (NULL, 0) : search->report.lines[at - 1].text, tail;

    if (above.length == 0 || search_ends_in_colon (above))
        return FALSE;
    tail = span (above.at + above.length - MIN (above.length, 30), MIN (above.length, 30));
    return (words_in (search->extraction->words, search->scratch, tail) & WORD_MENTION) != 0;
}

/* The line is the head of a list of addresses: one that it holds itself is not of that list. */
static gboolean
heads_list (Search *search, guint at)
{
    if (!search_ends_in_colon (search->report.lines[at].text))
        return FALSE;
    for (guint i = at + 1; i < search->report.n_lines && i < at + 4; i++) {
        Span head = search_without_marks (search->report.lines[i].text), rest = head;
        const char *address;

        if (head.length == 0)
            continue;
        address = address_find (search->arena, &rest);
        return address != NULL && span_has_prefix (head, address);
    }
    return FALSE;
}

/* The line says that it went well: "a@b: delivered (250 2.0.0 Ok)". */
static gboolean
tells_success (Search *search, Span line)
{
    const char *status = status_find (search->arena, line);

    return *status == '2' || (*status == '\0' && text_find_length (line.at, line.length, "250 ok") != NULL);
}

/* The line above names nobody and says that what follows it has failed. */
static gboolean
follows_head (Search *search, guint at)
{
    for (guint i = at; i > 0 && i + 2 > at; i--) {
        Span above = search->report.lines[i - 1].text;

        if (above.length > 0)
            return search_ends_in_colon (above) && search_tells_failure (search, above);
    }
    return FALSE;
}

/* "To a@b", "An a@b", and nothing behind it. */
static gboolean
is_addressed (Span line, const char *address, const char *found)
{
    static const char *const words[] = {"to", "for", "an", "für", "aan", "til", "till", "para", "à", "кому"};
    Span word;

    if (found == NULL || found + strlen (address) + 3 < line.at + line.length)
        return FALSE;
    word = span_trim (span (line.at, (gsize) (found - line.at)));
    while (word.length > 0 && strchr ("<\"' ", word.at[word.length - 1]) != NULL)
        word.length--;
    for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        if (span_equal (word, words[i]))
            return TRUE;
    return FALSE;
}

/* `again`: the line above named somebody, and this one goes on. */
static gboolean
line_blames (Search *search, guint at, const char *address, gboolean again)
{
    Span line = search->report.lines[at].text, head = search_without_marks (line);
    gboolean first = span_has_prefix (head, address);
    const char *found = text_find_length (line.at, line.length, address);
    const char *colon = found == NULL ? NULL : memchr (line.at, ':', (gsize) (found - line.at));

    if (tells_success (search, line) || heads_list (search, at))
        return FALSE;
    if (search->desperate) /* "a@b: 550 …", or "a@b:" and the answer in the next line: no greeting looks so */
        return first && (has_words_behind (head, address)
                             ? search_tells_failure (search, line)
                             : search_ends_in_colon (line) && at + 1 < search->report.n_lines &&
                                   search_tells_failure (search, search->report.lines[at + 1].text));
    if (first && head.length <= strlen (address) + 3)
        return again || previous_text_tells (search, at) || next_text_tells (search, at);
    if (search_tells_failure (search, line) || follows_head (search, at))
        return TRUE;
    if (first && (has_words_behind (head, address) || next_text_tells (search, at)))
        return TRUE;
    if (is_addressed (line, address, found) && next_text_tells (search, at))
        return TRUE;
    return colon != NULL && is_recipient_label (search, span (line.at, (gsize) (colon - line.at)));
}

static void
from_lines (Search *search)
{
    guint last = G_MAXUINT; /* the last line that named somebody */

    for (guint i = 0; i < search->report.n_lines; i++) {
        Span line = search->report.lines[i].text;
        const char *addresses[MAX_LINE_NAMES];
        guint n;

        if (span_equal (line, "--") && search->named->len > 0)
            break; /* a signature */
        if (line.length == 0 || line.at[0] == '>' || memchr (line.at, '@', line.length) == NULL ||
            search_is_mention (search, line) || follows_mention (search, i))
            continue;
        n = addresses_in (search, line, addresses, MAX_LINE_NAMES);
        if (n == 0 || !line_blames (search, i, addresses[0], last != G_MAXUINT && last + 1 == i))
            continue;
        for (guint k = 0; k < n; k++)
            name (search, addresses[k]);
        last = i;
    }
}

/* A line of the report says to write there: "please contact a@b". */
static gboolean
is_mentioned (Search *search, const char *address)
{
    for (guint i = 0; i < search->report.n_lines; i++) {
        Span line = search->report.lines[i].text;

        if (text_find_length (line.at, line.length, address) != NULL && search_is_mention (search, line))
            return TRUE;
    }
    return FALSE;
}

static void
from_lists (Search *search)
{
    const char *addresses[MAX_NAMED];
    guint n = recipient_text_list (search->arena, search->extraction->view->body, addresses, MAX_NAMED);

    for (guint i = 0; i < n; i++)
        if (!is_mentioned (search, addresses[i]))
            name (search, addresses[i]);
}

/* A line that is nothing but an address, in a report whose words nobody has taught us. */
static void
from_bare_lines (Search *search)
{
    for (guint i = 0; i < search->report.n_lines; i++) {
        Span line = search->report.lines[i].text, head = search_without_marks (line);
        const char *address;

        while (head.length > 0 && strchr (">\"')]:;,. ", head.at[head.length - 1]) != NULL)
            head.length--;
        if (line.length > 0 && line.at[0] != '>' && (address = address_clean (search->arena, head)) != NULL &&
            !is_mentioned (search, address))
            name (search, address);
    }
}

/* The only address that is neither innocent nor mentioned, in a report that gives a code at least. */
static void
from_the_only_one (Search *search)
{
    for (guint i = 0; i < search->report.n_lines; i++) {
        Span line = search->report.lines[i].text, rest = line;

        if (line.length == 0 || line.at[0] == '>')
            continue;
        if (search->named->len == 1 && search_has_code (search, span_dup (search->arena, line)))
            break; /* what stands behind the answer is help */
        if (memchr (line.at, '@', line.length) == NULL || search_is_mention (search, line))
            continue;
        for (const char *address; (address = address_find (search->arena, &rest)) != NULL;)
            if (!is_mentioned (search, address))
                name (search, address);
    }
    if (search->named->len > 1 || !(search->extraction->evidence & EVIDENCE_CODE))
        g_ptr_array_set_size (search->named, 0);
}

/* The report came back to an address that holds that of the recipient: "news+ann=example.org@", ezmlm's
 * "talk-return-12-ann=example.org@". Not what a forwarder or a signer made of a sender ("SRS0=…", "prvs=…"). */
static const char *
in_return_path (Arena *arena, const char *to)
{
    const char *at = strrchr (to, '@'), *equal = at, *start = to, *mark;
    char *address;

    while (equal != NULL && equal > to && *equal != '=')
        equal--;
    if (equal == NULL || equal == to || memchr (to, '=', (gsize) (equal - to)) != NULL)
        return NULL;
    if ((mark = memchr (to, '+', (gsize) (equal - to))) != NULL) {
        const char *id = start = mark + 1;

        while (g_ascii_isxdigit (*id) || *id == '.')
            id++;
        if (*id == '-' && id - start > 6 && id < equal)
            start = id + 1; /* "bounce+5f2a1c.77-ann=example.org@" */
    } else {
        mark = text_find (to, "-return-");
        start = mark == NULL ? equal : mark + strlen ("-return-");
        while (start < equal && g_ascii_isdigit (*start))
            start++;
        if (mark == NULL || start == equal || *start++ != '-')
            return NULL;
    }
    address = arena_printf (arena, "%.*s@%.*s", (int) (equal - start), start, (int) (at - equal - 1), equal + 1);
    return address_is_valid (address) && strchr (address_domain (address), '.') != NULL ? address : NULL;
}

static void
from_return_path (Search *search)
{
    static const char *const fields[] = {"To", "X-Original-To", "Delivered-To"};
    const char *addresses[4];

    for (gsize i = 0; i < G_N_ELEMENTS (fields) && search->named->len == 0; i++) {
        guint n =
            common_addresses (search->arena, mail_headers_get (&search->extraction->view->headers, fields[i]),
                              addresses, G_N_ELEMENTS (addresses));

        for (guint k = 0; k < n; k++) {
            const char *address = in_return_path (search->arena, addresses[k]);

            if (address != NULL)
                name (search, address);
        }
    }
}

/* The report names nobody: whom was the message for? Only when that was one person. */
static void
from_returned (Search *search)
{
    static const char *const fields[] = {"To", "Cc", "Bcc"};
    const char *only = NULL;
    guint n = 0;

    for (gsize i = 0; i < G_N_ELEMENTS (fields); i++) {
        Span rest = span_of (mail_headers_get (&search->extraction->view->returned, fields[i]));

        for (const char *address; (address = address_find (search->arena, &rest)) != NULL;)
            if (only == NULL || !text_equal (only, address)) {
                only = address;
                n++;
            }
    }
    guint32 evidence = search->extraction->evidence;
    /* where fields name nobody, a subject is too little */
    if (n == 1 && ((evidence & (EVIDENCE_TEXT | EVIDENCE_CODE)) ||
                   ((evidence & EVIDENCE_SUBJECT) && !(evidence & EVIDENCE_DSN_PART))))
        name (search, only);
}

Answer
general_recognise (Extraction *extraction)
{
    Search search = {.extraction = extraction, .arena = extraction->arena};
    gboolean delayed;
    guint n;

    if (!evidence_is_bounce (extraction->evidence))
        return ANSWER_PASS;
    search.report = report_lines_cut (search.arena, extraction->view->body);
    search.transcript = transcript_parse (search.arena, span_of (extraction->view->body));
    search.named = g_ptr_array_new ();
    search.innocent = innocent_find (extraction);
    search.told = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, g_free);
    search.scratch = arena_new ();
    from_header (&search);
    if (search.named->len == 0)
        from_transcript (&search);
    if (search.named->len == 0)
        from_lines (&search);
    if (search.named->len == 0 || transcript_length (search.transcript) > 0) /* who was refused at DATA is only listed */
        from_lists (&search);
    if (search.named->len == 0) {
        search.desperate = TRUE;
        from_lines (&search);
        search.desperate = FALSE;
    }
    if (search.named->len == 0)
        from_bare_lines (&search);
    if (search.named->len == 0)
        from_return_path (&search);
    if (search.named->len == 0)
        from_returned (&search);
    if (search.named->len == 0)
        from_the_only_one (&search);
    delayed = evidence_says_delayed (extraction, TRUE);
    n = search.named->len;
    for (guint i = 0; i < n; i++)
        search_emit (&search, g_ptr_array_index (search.named, i), delayed);
    g_ptr_array_unref (search.named);
    innocent_clear (&search.innocent);
    g_hash_table_unref (search.told);
    arena_free (search.scratch);
    transcript_free (search.transcript);
    return n > 0 ? ANSWER_EVENTS : ANSWER_PASS;
}
