/* SPDX-License-Identifier: MIT */
/* The bounce formats that are no delivery-status report, as data: stanzas of data/formats (doc/formats.md teaches to
 * write one). A stanza says which messages are its own, where the report starts and stops, how a line that names a
 * recipient looks, and where the words about it stand. One engine (format_reader.c) runs them all.
 *
 *     [qmail]
 *     agent: qmail
 *     when: body Hi. This is the * program at *
 *     stop: --- Below this line is a copy of the message.
 *     recipient: <{address}>:
 *     text: paragraph
 */
#ifndef NIXIE_EXTRACT_FORMATS_H
#define NIXIE_EXTRACT_FORMATS_H

#include "extract/pattern.h"
#include "extract/words.h"
#include <glib.h>

#define FORMATS_ERROR (formats_error_quark ())
GQuark formats_error_quark (void);
typedef enum { FORMATS_ERROR_SYNTAX } FormatsError;

/* One condition of a `when` line. */
typedef enum { CLAUSE_HEADER, CLAUSE_BODY, CLAUSE_TYPE } ClauseKind;
typedef struct {
    ClauseKind kind;
    gboolean negated;
    char *header;       /* CLAUSE_HEADER: which */
    guint field;        /* … its number (formats_field()) */
    Pattern *pattern;   /* of the header's value (NULL: it is there), a line of the body, or the message's media type */
    guint anchor;       /* CLAUSE_BODY: index into formats_anchors_in(); 0 = always possible */
} FormatClause;

/* A `when` line. */
typedef struct {
    GArray *clauses; /* of FormatClause: all of them must hold */
    guint64 fields;  /* formats_field_bit() of the header fields without which it cannot */
} FormatConjunction;

/* Where the words about a recipient stand. */
typedef enum {
    TEXT_NONE = 0,
    TEXT_SAME = 1 << 0,      /* in the recipient's own line, as {text} */
    TEXT_PARAGRAPH = 1 << 1, /* the lines behind it, to the blank line */
    TEXT_INDENTED = 1 << 2,  /* the lines behind it that are indented deeper */
    TEXT_REST = 1 << 3,      /* all lines behind it, to the next recipient or the stop */
    TEXT_NEXT = 1 << 4,      /* the next paragraph behind blank lines, when nothing else stood there */
    TEXT_LIST = 1 << 6,      /* words behind several who are named one below the other are about all of them */
    TEXT_TRANSCRIPT = 1 << 5,/* in the SMTP dialogue of the report, found by the address */
} FormatText;

/* A stretch of lines that holds words about all recipients. */
typedef struct {
    Pattern *after;     /* starts behind this line; its own {text} belongs to it */
    Pattern *until;     /* ends before this line; NULL = at a blank line behind text */
} FormatSection;

typedef struct {
    char *name;
    char *file;
    guint line, layer;
    char *agent;              /* "" = the name */
    GPtrArray *when;          /* of FormatConjunction: one of them must hold */
    GPtrArray *start, *stop;  /* of Pattern; no start: the report starts at once */
    GPtrArray *recipient;     /* of Pattern */
    GPtrArray *also;          /* of Pattern: lines that say more of the recipient before them (host, status, text …) */
    GPtrArray *ignore;        /* of Pattern: lines that belong to nothing */
    GArray *shared;           /* of FormatSection */
    GPtrArray *delayed;       /* of FormatConjunction: the report is of a delay */
    guint text;               /* FormatText bits */
    GPtrArray *from_headers;  /* of char*: header fields that name recipients */
    gboolean from_returned;   /* the only To: of the returned message is meant when nobody is named */
} Format;

typedef struct Formats Formats;

Formats *formats_new (void);
void formats_free (Formats *formats);
/* Adds the stanzas of a file. A stanza whose name is there already takes its place; others are tried in the order of
 * adding, but a higher layer (the administrator's) before a lower one. The words of [words] sections add up. FALSE
 * with "NAME:LINE: what is wrong"; nothing of the file is taken then. */
gboolean formats_add (Formats *formats, const char *name, const char *text, gsize length, guint layer, GError **error);
/* After the last formats_add() and before anything is read. */
void formats_compile (Formats *formats);
/* Which conditions are possible at all in a text, found in one pass over it: a flag for each anchor. A condition whose
 * flag is FALSE fits no line of it. */
const gboolean *formats_anchors_in (const Formats *formats, Arena *arena, const char *text);
/* How many different header fields the conditions ask for; their numbers are below it. */
guint formats_n_fields (const Formats *formats);
const char *formats_field (const Formats *formats, guint number);
static inline guint64
formats_field_bit (guint number)
{
    return number < 64 ? G_GUINT64_CONSTANT (1) << number : 0; /* the later ones have none: they are looked at */
}

/* Forget every stanza; the words stay. */
void formats_drop_stanzas (Formats *formats);
/* The [words] of all files. */
const Words *formats_words (const Formats *formats);
/* In the order in which they are tried. */
guint formats_count (const Formats *formats);
const Format *formats_get (const Formats *formats, guint index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Formats, formats_free)

#endif
