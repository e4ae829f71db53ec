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
#define MOST_DEPTH 5 /* of parts; less than LIMIT_NESTING */

/* A line "--boundary" or "--boundary--". */
typedef struct {
    const char *start, *next; /* of it; of the line behind it */
    gboolean last;            /* closes */
} Delimiter;

/* What has been found of the tree. */
typedef struct {
    Span body;
    WalkPart parts[MOST_PARTS];
    guint n;
} Plain;

/* One multipart. */
typedef struct {
    Span body;                       /* from behind its head to the delimiter of the multipart around it */
    char mark[LONGEST_BOUNDARY + 3]; /* "--boundary" */
    gsize length;
} Level;

static gboolean read_level (Plain *plain, const char *boundary, Span body, gint parent, guint depth);

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
find_delimiter (const Level *level, const char *at, Delimiter *out, gboolean *odd)
{
    const char *end = level->body.at + level->body.length, *behind;

    out->start = NULL;
    while ((at = memmem (at, (gsize) (end - at), level->mark, level->length)) != NULL) {
        if (at > level->body.at && at[-1] != '\n') {
            if (is_indented (level->body, at)) {
                *odd = TRUE;
                return;
            }
            at++;
            continue;
        }
        behind = at + level->length;
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

/* No type that GMime and its guard may read in two ways ("message /rfc822"). */
static gboolean
is_plain_head (Span head)
{
    const char *found = head.at, *end = head.at + head.length;

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

static void
skip_space (Span *rest)
{
    while (rest->length > 0 && g_ascii_isspace (rest->at[0]))
        *rest = span (rest->at + 1, rest->length - 1);
}

/* Cuts off what consists of letters, digits and these marks. */
static Span
take_token (Span *rest, const char *marks)
{
    Span token = span (rest->at, 0);

    while (token.length < rest->length && rest->at[token.length] != '\0' &&
           (g_ascii_isalnum (rest->at[token.length]) || strchr (marks, rest->at[token.length]) != NULL))
        token.length++;
    *rest = span (rest->at + token.length, rest->length - token.length);
    return token;
}

/* The value of the one Content-Type field with its folded lines; nothing when there is none or another one. */
static Span
content_type_of (Span head)
{
    static const char NAME[] = "Content-Type:";
    Span rest = head, line, value = {NULL, 0};
    gboolean inside = FALSE;

    while (text_next_line (&rest, &line)) {
        gboolean folded = line.length > 0 && (line.at[0] == ' ' || line.at[0] == '\t');

        if (!folded && span_has_prefix (line, "Content-Type")) {
            if (value.at != NULL || !span_has_prefix (line, NAME))
                return span (NULL, 0);
            value = span (line.at + strlen (NAME), line.length - strlen (NAME));
            inside = TRUE;
        } else if (folded && inside) {
            value.length = (gsize) (line.at + line.length - value.at);
        } else {
            inside = FALSE;
        }
    }
    return value;
}

/* "multipart/alternative; boundary=x; name="value"": its boundary. FALSE: written in any other way. */
static gboolean
read_boundary (Span value, char boundary[LONGEST_BOUNDARY + 1])
{
    static const char *const TYPES[] = {"multipart/mixed", "multipart/alternative", "multipart/related",
                                        "multipart/report"};
    Span type;
    gboolean known = FALSE;

    boundary[0] = '\0';
    if (value.at == NULL)
        return FALSE;
    skip_space (&value);
    type = take_token (&value, "/");
    for (gsize i = 0; i < G_N_ELEMENTS (TYPES); i++)
        known = known || span_equal (type, TYPES[i]);
    for (skip_space (&value); known && value.length > 0; skip_space (&value)) {
        Span name, what;

        if (value.at[0] != ';')
            return FALSE;
        value = span (value.at + 1, value.length - 1);
        skip_space (&value);
        name = take_token (&value, "-");
        if (name.length == 0 || value.length < 2 || value.at[0] != '=')
            return FALSE;
        value = span (value.at + 1, value.length - 1);
        if (value.at[0] == '"') {
            value = span (value.at + 1, value.length - 1);
            what = take_token (&value, "'()+_,-./:=? @<>;");
            if (value.length == 0 || value.at[0] != '"')
                return FALSE;
            value = span (value.at + 1, value.length - 1);
        } else {
            what = take_token (&value, "'+_-./:=@");
        }
        if (!span_equal (name, "boundary"))
            continue;
        if (boundary[0] != '\0' || what.length == 0 || what.length > LONGEST_BOUNDARY)
            return FALSE;
        memcpy (boundary, what.at, what.length);
        boundary[what.length] = '\0';
    }
    return known && boundary[0] != '\0';
}

/* The multipart with this head and `rest` behind it, at plain->n. */
static gboolean
read_multipart (Plain *plain, Span head, Span rest, gint parent, guint depth)
{
    char boundary[LONGEST_BOUNDARY + 1];

    if (depth >= MOST_DEPTH || !read_boundary (content_type_of (head), boundary) ||
        text_find_length (head.at, head.length, "base64") != NULL ||
        text_find_length (head.at, head.length, "quoted") != NULL)
        return FALSE;
    plain->parts[plain->n++] =
        (WalkPart){.parent = parent,
                   .depth = depth,
                   .multipart = TRUE,
                   .headers = span (head.at, (gsize) (plain->body.at + plain->body.length - head.at))};
    return read_level (plain, boundary, rest, (gint) plain->n - 1, depth + 1);
}

/* The part between two delimiters. FALSE: its head is odd, or there is nothing in it. */
static gboolean
read_part (Plain *plain, const char *start, const char *end, gint parent, guint depth)
{
    Span rest = span (start, (gsize) (end - start)), line = {NULL, 0}, head;
    guint n_fields = 0;

    for (;;) {
        gboolean folded;

        if (!text_next_line (&rest, &line) || n_fields > MOST_FIELDS)
            return FALSE;
        if (rest.at > start + 1 && rest.at[-2] == '\r')
            return FALSE;
        if (line.length == 0)
            break;
        folded = n_fields > 0 && (*line.at == ' ' || *line.at == '\t');
        if (!folded) {
            gsize name = headers_name_length (line);

            if (name == 0 || line.at[name] != ':')
                return FALSE;
            n_fields++;
        }
    }
    head = span (start, (gsize) (rest.at - start));
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): what is NULL has no length */
    if (plain->n == MOST_PARTS || rest.length < 2 || rest.at[rest.length - 1] != '\n' ||
        rest.at[rest.length - 2] == '\r' || !is_plain_head (head))
        return FALSE;
    if (text_find_length (head.at, head.length, "multipart") != NULL)
        return read_multipart (plain, head, rest, parent, depth);
    plain->parts[plain->n++] =
        (WalkPart){.parent = parent,
                   .depth = depth,
                   .headers = n_fields > 0 ? head : span (NULL, 0),
                   .content = span (rest.at, rest.length - 1)}; /* the line end belongs to the delimiter */
    return TRUE;
}

/* The parts of one multipart, and what is in them. */
static gboolean
read_level (Plain *plain, const char *boundary, Span body, gint parent, guint depth)
{
    Level level = {.body = body};
    Delimiter at, next;
    gboolean odd = FALSE, any = FALSE;

    if (!is_plain_boundary (boundary))
        return FALSE;
    level.length = (gsize) g_snprintf (level.mark, sizeof level.mark, "--%s", boundary);
    find_delimiter (&level, body.at, &at, &odd);
    while (!odd && at.start != NULL && !at.last) {
        find_delimiter (&level, at.next, &next, &odd);
        if (odd || next.start == NULL || !read_part (plain, at.next, next.start, parent, depth))
            return FALSE;
        at = next;
        any = TRUE;
    }
    if (odd || !any)
        return FALSE;
    find_delimiter (&level, at.next, &next, &odd);
    return !odd && next.start == NULL;
}

gboolean
mail_plain_walk (const char *boundary, Span body, GArray *parts)
{
    Plain plain; /* large: not cleared for nothing */

    if (body.length > LARGEST_BODY)
        return FALSE;
    plain.body = body;
    plain.parts[0] = (WalkPart){.parent = -1, .multipart = TRUE};
    plain.n = 1;
    if (!read_level (&plain, boundary, body, 0, 1))
        return FALSE;
    g_array_append_vals (parts, plain.parts, plain.n);
    return TRUE;
}
