/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memmem */
#include "mail/mail_plain.h"

#include "mail/headers.h"

#include <string.h>

/* Less than what would hold more than LIMIT_BOUNDARY_LINES, whatever is in it: mail_guard.c need not count. */
#define LARGEST_BODY 60000
#define LONGEST_BOUNDARY 70 /* RFC 2046 section 5.1.1 */
#define MOST_PARTS 50
#define MOST_FIELDS 100

/* A line "--boundary" or "--boundary--". */
typedef struct {
    const char *start, *next; /* of it; of the line behind it */
    gboolean last;            /* closes */
} Delimiter;

typedef struct {
    Span body;
    char mark[LONGEST_BOUNDARY + 3]; /* "--boundary" */
    gsize length;
} Plain;

static gboolean
is_plain_boundary (const char *boundary)
{
    gsize length = 0;

    for (; boundary[length] != '\0'; length++)
        if (boundary[length] <= ' ' || boundary[length] >= 0x7f || length >= LONGEST_BOUNDARY)
            return FALSE;
    return length > 0;
}

/* White space and nothing else between the start of the line and `at`. */
static gboolean
is_indented (Span body, const char *at)
{
    while (at > body.at && (at[-1] == ' ' || at[-1] == '\t'))
        at--;
    return at == body.at || at[-1] == '\n';
}

/* The next delimiter from `at` on. *odd: something that is nearly one; found nothing when out->start is NULL. */
static void
find_delimiter (const Plain *plain, const char *at, Delimiter *out, gboolean *odd)
{
    const char *end = plain->body.at + plain->body.length, *behind;

    out->start = NULL;
    while ((at = memmem (at, (gsize) (end - at), plain->mark, plain->length)) != NULL) {
        if (at > plain->body.at && at[-1] != '\n') {
            if (is_indented (plain->body, at)) {
                *odd = TRUE;
                return;
            }
            at++;
            continue;
        }
        behind = at + plain->length;
        out->last = end - behind >= 2 && behind[0] == '-' && behind[1] == '-';
        behind += out->last ? 2 : 0;
        if (behind < end && *behind != '\n') {
            *odd = TRUE;
            return;
        }
        out->start = at;
        out->next = behind < end ? behind + 1 : end;
        return;
    }
}

/* No multipart, and no type that GMime and its guard may read in two ways ("message /rfc822"). */
static gboolean
is_plain_head (Span head)
{
    const char *found = head.at, *end = head.at + head.length;

    if (text_find_length (head.at, head.length, "multipart") != NULL)
        return FALSE;
    while ((found = text_find_length (found, (gsize) (end - found), "message")) != NULL) {
        gboolean spaced;

        found += strlen ("message");
        spaced = found < end && g_ascii_isspace (*found);
        while (found < end && g_ascii_isspace (*found))
            found++;
        if (spaced && found < end && *found == '/')
            return FALSE;
    }
    return TRUE;
}

/* The part between two delimiters. FALSE: its head is odd, or it is a multipart itself, or there is nothing in it. */
static gboolean
read_part (const char *start, const char *end, WalkPart *part)
{
    Span rest = span (start, (gsize) (end - start)), line = {NULL, 0};
    guint n_fields = 0;

    part->parent = 0;
    part->depth = 1;
    for (;;) {
        gboolean folded;

        if (!text_next_line (&rest, &line) || n_fields > MOST_FIELDS)
            return FALSE;
        if (rest.at > start + 1 && rest.at[-2] == '\r')
            return FALSE;
        if (line.length == 0)
            break;
        folded = n_fields > 0 && (*line.at == ' ' || *line.at == '\t');
        if (!folded && (headers_name_length (line) == 0 || line.at[headers_name_length (line)] != ':'))
            return FALSE;
        n_fields += !folded;
    }
    part->headers = n_fields > 0 ? span (start, (gsize) (rest.at - start)) : span (NULL, 0);
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): what is NULL has no length */
    if (rest.length < 2 || rest.at[rest.length - 1] != '\n' || rest.at[rest.length - 2] == '\r')
        return FALSE;
    part->content = span (rest.at, rest.length - 1); /* the line end belongs to the delimiter */
    return is_plain_head (span (start, (gsize) (rest.at - start)));
}

gboolean
mail_plain_walk (const char *boundary, Span body, GArray *parts)
{
    WalkPart found[MOST_PARTS], container = {.parent = -1, .multipart = TRUE};
    Plain plain = {.body = body};
    Delimiter at, next;
    gboolean odd = FALSE;
    guint n = 0;

    if (body.length > LARGEST_BODY || !is_plain_boundary (boundary))
        return FALSE;
    plain.length = (gsize) g_snprintf (plain.mark, sizeof plain.mark, "--%s", boundary);
    find_delimiter (&plain, body.at, &at, &odd);
    while (!odd && at.start != NULL && !at.last) {
        find_delimiter (&plain, at.next, &next, &odd);
        if (odd || next.start == NULL || n == MOST_PARTS)
            return FALSE;
        found[n] = (WalkPart){.parent = 0};
        if (!read_part (at.next, next.start, &found[n++]))
            return FALSE;
        at = next;
    }
    if (odd || n == 0)
        return FALSE;
    find_delimiter (&plain, at.next, &next, &odd);
    if (odd || next.start != NULL)
        return FALSE;
    g_array_append_val (parts, container);
    g_array_append_vals (parts, found, n);
    return TRUE;
}
