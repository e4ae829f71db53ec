/* SPDX-License-Identifier: MIT */
#include "extract/status.h"

#include <string.h>

/* Three numbers with dots between them are a status only where a mail server would say one. Every candidate in a text
 * gets a rank by where it stands; the best rank wins, the first among equals. */
enum {
    RANK_NONE,
    RANK_SUCCESS,       /* 2.x.x: "250 2.1.0 Sender ok" of a transcript */
    RANK_VAGUE_LOOSE,   /* 5.0.0 in the middle of a sentence */
    RANK_VAGUE_MARKED,  /* (#5.0.0) */
    RANK_LOOSE,         /* 5.1.1 in the middle of a sentence */
    RANK_VAGUE_REPLY,   /* 550 5.0.0 */
    RANK_MARKED,        /* (#5.1.1), [5.1.1], Status: 5.1.1, or the start of the text */
    RANK_EXPIRED,       /* 554 4.4.7 in front of the last answer that was got: "<421 4.4.2 Connection timed out>" */
    RANK_REPLY,         /* 550 5.1.1, 550-5.1.1, 5.1.1 smtp;550 */
};

/* X.4.7, delivery time expired: says that a queue gave up, and not why. The last answer of the other side does. */
static gboolean
is_expiry (const char *status, gsize length)
{
    return length == 5 && !memcmp (status + 1, ".4.7", 4);
}

/* Words before d.d.d that make it a version or the number of a chapter. */
static const char *const version_words[] = {
    "version",  "ver",         "v",        "release", "rev",          "build",     "exim",
    "postfix",  "sendmail",    "qmail",    "imail",   "exchange",     "opensmtpd", "dovecot",
    "courier",  "amavisd-new", "amavisd",  "amavis",  "spamassassin", "clamav",    "dkimpy",
    "opendkim", "milter",      "perl",     "python",  "php",          "java",      "linux",
    "http",     "section",     "sections", "chapter", "rfc",          "id",        "ip",
    "server",   "client",      "mailer",   "module",  "gecko",        "on",        "dated",
};

/* Words before d.d.d, or before three digits, that announce a code. */
static const char *const code_words[] = {
    "status", "code",    "dsn",      "error",    "reply",      "response",  "said",
    "says",   "replied", "answered", "returned", "reason",     "smtp",      "esmtp",
    "lmtp",   "with",    "got",      "was",      "diagnostic", "errorcode", "err",
    "generated", "fehlercode", "erreur", "errore", "erro", "foutcode", "felkod", "fejlkode", "feilkode",
};

static gboolean
is_digit (char byte)
{
    return byte >= '0' && byte <= '9';
}

static gboolean
is_space (char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static gboolean
word_in (Span word, const char *const *words, gsize n_words)
{
    for (gsize i = 0; i < n_words; i++)
        if (span_equal (word, words[i]))
            return TRUE;
    return FALSE;
}

/* The word that ends before `at`, white space and one of `skip` between them passed over. */
static Span
word_before (Span text, gsize at, const char *skip)
{
    gsize end = at;
    while (end > 0 &&
           (is_space (text.at[end - 1]) || (text.at[end - 1] && strchr (skip, text.at[end - 1]))))
        end--;
    gsize start = end;
    while (start > 0 && end - start < 24 &&
           (g_ascii_isalnum (text.at[start - 1]) || text.at[start - 1] == '-'))
        start--;
    return span (text.at + start, end - start);
}

/* Length of d.d.d{1,3} at `at`, 0 when none; a longer chain of numbers (an IP address) is none. */
static gsize
status_length (Span text, gsize at)
{
    if (at + 5 > text.length)
        return 0;
    const char *p = text.at + at;
    if ((p[0] != '2' && p[0] != '4' && p[0] != '5') || p[1] != '.' || p[2] < '0' || p[2] > '7' ||
        p[3] != '.')
        return 0;
    gsize length = 4;
    while (at + length < text.length && is_digit (p[length]) && length < 8)
        length++;
    if (length == 4 || length > 7)
        return 0;
    if (length > 5 && p[4] == '0')
        return 0; /* RFC 3463 section 2: no leading zeros */
    return length;
}

gboolean
status_is_valid (const char *status)
{
    gsize length = status ? strlen (status) : 0;
    return length && status_length (span (status, length), 0) == length;
}

gboolean
status_is_vague (const char *status)
{
    return status && status_is_valid (status) && status[2] == '0';
}

/* Three digits at `at` that look like a reply of class 4 or 5 and are no part of a longer number. */
static inline gboolean
digits_are_reply (Span text, gsize at)
{
    if (at + 3 > text.length)
        return FALSE;
    const char *p = text.at + at;
    if ((p[0] != '4' && p[0] != '5') || !is_digit (p[1]) || !is_digit (p[2]))
        return FALSE;
    if (at > 0 &&
        (g_ascii_isalnum (p[-1]) || p[-1] == '.' || p[-1] == '_' || p[-1] == '@' || p[-1] == '/'))
        return FALSE;
    if (at + 3 < text.length && (is_digit (p[3]) || p[3] == '_' || p[3] == '@' || p[3] == '%'))
        return FALSE;
    /* "550.5" is an amount, "550." the end of a sentence */
    return !(at + 4 < text.length && p[3] == '.' && is_digit (p[4]));
}

/* The reply just before a status: "550 5.1.1", "550-5.1.1", "550 #5.1.0", "550-'5.2.2",
 * "550 (5.1.1". Its place or -1. */
static gssize
reply_before (Span text, gsize at)
{
    gsize end = at;
    while (end > 0 && at - end < 8 &&
           (is_space (text.at[end - 1]) || strchr ("-'\"#([<:,;/", text.at[end - 1])) &&
           text.at[end - 1])
        end--;
    if (end < 3 || end == at || !is_digit (text.at[end - 1]))
        return -1;
    if (end >= 4 && (g_ascii_isalnum (text.at[end - 4]) || text.at[end - 4] == '.'))
        return -1;
    const char *p = text.at + end - 3;
    gboolean reply = p[0] >= '2' && p[0] <= '5' && p[1] >= '0' && p[1] <= '9' && is_digit (p[2]);
    return reply ? (gssize) (end - 3) : -1;
}

/* The reply just behind a status: "5.1.1 smtp;550", "5.1.1 SMTP; 550", "5.1.1 550 User unknown". Its place or -1. */
static gssize
reply_after (Span text, gsize at)
{
    gsize i = at;
    while (i < text.length && (is_space (text.at[i]) || text.at[i] == '#' || text.at[i] == ';'))
        i++;
    if (i == at)
        return -1;
    if (span_has_prefix (span (text.at + i, text.length - i), "smtp")) {
        i += 4;
        while (i < text.length && (is_space (text.at[i]) || text.at[i] == ';'))
            i++;
    }
    if (!digits_are_reply (text, i))
        return -1;
    return i + 3 == text.length || is_space (text.at[i + 3]) || text.at[i + 3] == '-' ? (gssize) i
                                                                                      : -1;
}

static gboolean
boundary_before (Span text, gsize at)
{
    if (at == 0)
        return TRUE;
    char before = text.at[at - 1];
    if (g_ascii_isalnum (before) || before == '.' || before == '@' || before == '_' ||
        before == '+')
        return FALSE;
    if (before == '-' || before == '/')
        return reply_before (text, at) >= 0;
    return TRUE;
}

static gboolean
boundary_after (Span text, gsize end)
{
    if (end >= text.length)
        return TRUE;
    char after = text.at[end];
    char next = end + 1 < text.length ? text.at[end + 1] : '\0';
    if (after == '.')
        /* "5.1.1." ends a sentence, "5.1.1.2" and "4.2.1.example.org" do not */
        return !g_ascii_isalnum (next);
    if (after == '-' || after == '/')
        return !g_ascii_islower (next) && !is_digit (next);
    return !g_ascii_islower (after) && after != '_' && after != '@' && after != '+' && after != '%';
}

static gboolean
is_marked (Span text, gsize at, gsize end)
{
    if (at == 0 || text.at[at - 1] == '#')
        return TRUE;
    char before = text.at[at - 1];
    char after = end < text.length ? text.at[end] : '\0';
    if ((before == '(' || before == '[' || before == '<') &&
        (after == ')' || after == ']' || after == '>'))
        return TRUE;
    gboolean only_space = TRUE;
    for (gsize i = 0; i < at && only_space; i++)
        only_space = is_space (text.at[i]);
    if (only_space)
        return TRUE;
    return word_in (word_before (text, at, ":=#'\"(["), code_words, G_N_ELEMENTS (code_words));
}

static int
status_rank (Span text, gsize at, gsize length)
{
    gsize end = at + length;
    if (!boundary_before (text, at) || !boundary_after (text, end))
        return RANK_NONE;
    gboolean vague = text.at[at + 2] == '0';
    gboolean marked = is_marked (text, at, end);
    gssize reply = reply_before (text, at);
    if (reply < 0)
        reply = reply_after (text, end);
    if (reply < 0 && !marked &&
        word_in (word_before (text, at, "/:-"), version_words, G_N_ELEMENTS (version_words)))
        return RANK_NONE;
    if (text.at[at] == '2')
        return RANK_SUCCESS;
    if (reply >= 0 && text.at[reply] != '2' && text.at[reply] != '3')
        return vague                              ? RANK_VAGUE_REPLY
               : is_expiry (text.at + at, length) ? RANK_EXPIRED
                                                  : RANK_REPLY;
    if (marked)
        return vague ? RANK_VAGUE_MARKED : RANK_MARKED;
    return vague ? RANK_VAGUE_LOOSE : RANK_LOOSE;
}

static Span
status_search (Span text)
{
    Span best = {NULL, 0};
    int best_rank = RANK_NONE;
    const char *from = text.at + 1, *end = text.at + text.length;
    for (const char *dot; from < end && text.length >= 5 && (dot = memchr (from, '.', (gsize) (end - from)));) {
        gsize at = (gsize) (dot - text.at) - 1;
        gsize length = status_length (text, at);
        from = dot + MAX (length, 1);
        int rank = length ? status_rank (text, at, length) : RANK_NONE;
        if (rank > best_rank) {
            best = span (text.at + at, length);
            best_rank = rank;
        }
    }
    return best;
}

char *
status_find (Arena *arena, Span text)
{
    return span_dup (arena, status_search (text));
}

/* --- reply codes ---------------------------------------------------------------------------------------------------- */

/* The replies that servers are known to give; asked for where the place alone does not say that it is one. */
static gboolean
reply_is_common (const char *p)
{
    if (p[0] == '4')
        return p[1] == '2' || p[1] == '3' || p[1] == '5' || p[1] == '7';
    return (p[1] == '0' && p[2] <= '4') || p[1] == '1' || p[1] == '2' || p[1] == '3' ||
           p[1] == '4' || p[1] == '5' || p[1] == '7';
}

/* What stands behind the digits when they are a reply: nothing, white space, the "-" of a reply of several lines, or a
 * text that was put there without a space. */
static gboolean
reply_ends_well (Span text, gsize at)
{
    if (at + 3 >= text.length)
        return TRUE;
    char after = text.at[at + 3];
    return is_space (after) || g_ascii_isalpha (after) || strchr ("-,;:.)]}'\"<#=", after) ||
           (guchar) after >= 0x80;
}

/* Bytes that may stand between the word that announces a reply and the reply. */
static gboolean
reply_is_announced (Span text, gsize at)
{
    gsize i = at;
    while (i > 0 && (is_space (text.at[i - 1]) || strchr ("'\"([<", text.at[i - 1])) &&
           text.at[i - 1]) {
        i--;
        if (text.at[i] == '\n' && reply_is_common (text.at + at))
            return TRUE; /* start of a line of a transcript, "<<< " passed over */
    }
    if (i == 0)
        return TRUE; /* start of the text */
    if (at - i >= 3 && text_find_length (text.at + i, at - i, "<<<") != NULL)
        return reply_is_common (text.at + at); /* ">>> RCPT TO:<a@b> <<< 550": a dialogue in one line */
    char before = text.at[i - 1];
    gboolean gap = i < at;
    if (before == ';')
        return TRUE; /* "smtp;550" */
    if (before == '-' && gap && i >= 2 && text.at[i - 2] == '-' && (i == 2 || is_space (text.at[i - 3])))
        return reply_is_common (text.at + at); /* "-- 550 …": an item of a list */
    if (i >= 3 && memcmp (text.at + i - 3, "：", 3) == 0)
        return reply_is_common (text.at + at); /* a colon as wide as the letters around it */
    if (before == ':') {
        if (gap)
            return TRUE; /* "host x [ip]: 550 …" */
        if (i >= 2 && (guchar) text.at[i - 2] >= 0x80)
            return reply_is_common (text.at + at);
        return word_in (word_before (text, at, ":"), code_words, G_N_ELEMENTS (code_words));
    }
    if (before == '>')
        return gap && i >= 2 && (text.at[i - 2] == '-' || text.at[i - 2] == '='); /* "-> 550" */
    if (before == '=' || before == '#')
        return word_in (word_before (text, at, "=#"), code_words, G_N_ELEMENTS (code_words)) ||
               before == '#';
    return FALSE;
}

static gboolean
reply_is_worded (Span text, gsize at)
{
    Span word = word_before (text, at, ":=#'\"([");
    if (word_in (word, code_words, G_N_ELEMENTS (code_words)))
        return TRUE;
    char before = at > 0 ? text.at[at - 1] : ' ';
    /* "(550 …", "'550 …": in brackets or quotes of its own; "problem 550-'Unknown user": a reply that goes on */
    if (before == '(' || before == '[' || before == '"' || before == '\'' || before == '{')
        return TRUE;
    return is_space (before) && at + 4 < text.length && text.at[at + 3] == '-' &&
           (g_ascii_isupper (text.at[at + 4]) || strchr ("'\"<", text.at[at + 4]));
}

/* Next to a status of its own class: "550 5.1.1", "5.1.1 smtp;550". */
static Span
reply_of_status (Span text, Span status)
{
    gsize at = (gsize) (status.at - text.at);
    gssize reply = reply_before (text, at);
    if (reply < 0 || !digits_are_reply (text, (gsize) reply))
        reply = reply_after (text, at + status.length);
    if (reply < 0 || !digits_are_reply (text, (gsize) reply))
        return span (NULL, 0);
    return span (text.at + reply, 3);
}

static Span
reply_search (Span text)
{
    Span status = status_search (text);
    if (status.length) {
        Span reply = reply_of_status (text, status);
        if (reply.length)
            return reply;
    }
    for (gsize at = 0; at + 3 <= text.length; at++) {
        if (!digits_are_reply (text, at) || !reply_ends_well (text, at) ||
            !reply_is_announced (text, at))
            continue;
        /* "]:587: Connection refused": a port has the colon and no white space */
        if (at > 0 && text.at[at - 1] == ':' && at + 3 < text.length && text.at[at + 3] == ':')
            continue;
        if (text.at[at + 1] <= '5' || reply_is_common (text.at + at))
            return span (text.at + at, 3);
    }
    for (gsize at = 0; at + 3 <= text.length; at++)
        if (digits_are_reply (text, at) && reply_ends_well (text, at) &&
            reply_is_common (text.at + at) && reply_is_worded (text, at))
            return span (text.at + at, 3);
    return span (NULL, 0);
}

char *
reply_find (Arena *arena, Span text)
{
    return span_dup (arena, reply_search (text));
}

/* --- settling ------------------------------------------------------------------------------------------------------- */

/* The status of the Status field: "5.1.1", "5.0.0 (permanent failure)", "smtp; 5.1.1". */
static Span
field_status (const char *field)
{
    Span text = span_trim (span_of (field));
    gsize length = text.length >= 5 ? status_length (text, 0) : 0;
    if (length && boundary_after (text, length))
        return span (text.at, length);
    return span (NULL, 0);
}

void
status_settle (Arena *arena, BounceEvent *event)
{
    Span field = field_status (event->status_field);
    Span text = span_of (event->diagnostic);
    Span found = status_search (text);
    gboolean from_report =
        g_str_has_prefix (event->format, "rfc3464") || g_str_has_prefix (event->format, "rfc6533");
    if (from_report && !field.length)
        event->flags |= FLAG_STATUS_BROKEN;
    gboolean same =
        field.length && found.length == field.length && !memcmp (found.at, field.at, field.length);
    gboolean vague =
        field.length && (field.at[2] == '0' || (is_expiry (field.at, field.length) &&
                                                found.length && found.at[0] == field.at[0]));
    /* A status that only makes a vague one more precise is no conflict. */
    if (field.length && found.length && !same && (!vague || field.at[0] != found.at[0]) &&
        found.at[2] != '0')
        event->flags |= FLAG_STATUS_CONFLICT;
    gboolean field_wins = field.length && (!found.length || same || !vague || found.at[2] == '0' ||
                                           found.at[0] == '2');
    if (field_wins) {
        event->status = span_dup (arena, field);
        event->status_from = STATUS_FROM_FIELD;
    } else if (found.length) {
        event->status = span_dup (arena, found);
        event->status_from = STATUS_FROM_DIAGNOSTIC;
    } else {
        event->status = "";
        event->status_from = STATUS_FROM_NOTHING;
    }
    const char *reply = reply_find (arena, text);
    if (*reply || !event->reply) /* what the report gave as the reply stays where its words have none */
        event->reply = reply;
}
