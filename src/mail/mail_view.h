/* SPDX-License-Identifier: MIT */
/* MailView: a message as the recognisers see it. A flat picture without GMime: headers, parts in the order of the
 * message with their text decoded to UTF-8, and, kept apart, what came back of the original message. Everything lives
 * in the arena it was made with; strings are never NULL. */
#ifndef NIXIE_MAIL_MAIL_VIEW_H
#define NIXIE_MAIL_MAIL_VIEW_H

#include "base/arena.h"
#include "base/ascii.h"
#include <glib.h>
#include <string.h>

/* What was odd in reading; src/extract puts the same words on the events (event/flags.def). */
enum {
    MAIL_CHARSET_REPAIRED = 1 << 0, /* text was not valid in its charset */
    MAIL_NESTING_CAPPED = 1 << 1,   /* MIME deeper than the limit was not read */
    MAIL_PARTS_CAPPED = 1 << 2,     /* more parts than the limit */
    MAIL_HEADERS_CAPPED = 1 << 3,   /* header fields beyond the limits were not read */
    MAIL_TEXT_CAPPED = 1 << 4,      /* text beyond the limit was not kept */
    MAIL_MIME_BROKEN = 1 << 5,      /* the structure is broken: `raw` is there as well */
    MAIL_CUT = 1 << 6,              /* it stops in the middle: a boundary is missing, or the end of the last line, which is
                                       left out then: part of an address or a code is another address or code */
};

typedef struct {
    const char *name;  /* as written */
    const char *value; /* unfolded, RFC 2047 decoded, one line of valid UTF-8 */
    const char *raw;   /* unfolded, not decoded; valid UTF-8 */
    guint32 key;       /* mail_header_key() of the name; 0 = not made */
} MailHeader;

typedef struct {
    MailHeader *fields;
    guint n_fields;
    guint64 seen; /* the bit of each field's key (mail_header_bit()); 0 = not made */
} MailHeaders;

typedef enum {
    PART_OTHER,           /* picture, application …: no text */
    PART_TEXT,            /* text/plain and the other text types */
    PART_HTML,            /* text/html, its `text` is the text it shows */
    PART_DELIVERY_STATUS, /* message/delivery-status, message/global-delivery-status */
    PART_FEEDBACK_REPORT, /* message/feedback-report */
    PART_DISPOSITION,     /* message/disposition-notification, message/global-disposition-notification */
    PART_TRACKING,        /* message/tracking-status */
    PART_RETURNED,        /* message/rfc822, message/global: `text` is the message as it stands, headers first */
    PART_RETURNED_HEADERS,/* text/rfc822-headers, message/rfc822-headers, message/global-headers */
    PART_MULTIPART,       /* the container itself */
} PartKind;

typedef struct {
    PartKind kind;
    const char *type;        /* "text/plain", lower case; "text/plain" when none was given */
    const char *charset;     /* as given, lower case; "" when none */
    const char *name;        /* file name or name parameter, decoded; "" when none */
    const char *description; /* Content-Description */
    const char *text;        /* decoded UTF-8 with LF line ends; "" for PART_OTHER and PART_MULTIPART */
    gsize text_length;
    guint depth;             /* 0 = the message's own body */
    gint parent;             /* index of the multipart it is in, -1 for the root */
    MailHeaders headers;     /* of the part */
    gboolean attachment;     /* Content-Disposition: attachment */
} MailPart;

typedef struct MailView MailView;
struct MailView {
    MailHeaders headers;     /* of the message itself */
    MailPart *parts;         /* in the order of the message, containers included; at least one */
    guint n_parts;
    const char *type;        /* of the message: "multipart/report" */
    const char *report_type; /* report-type parameter, lower case: "delivery-status", "feedback-report" … or "" */
    const char *body;        /* text of all PART_TEXT that belong to the report itself, else of PART_HTML, in order,
                                joined by a blank line, at most LIMIT_TEXT; ends where plain-text markers say that the
                                returned message begins (never cut when there is none) */
    MailHeaders returned;    /* headers of the returned message, n_fields 0 when none came back */
    const char *returned_text; /* what came back in full (headers and body as far as kept), never searched for reasons */
    const char *raw;         /* the whole message as valid UTF-8, for broken MIME; "" unless MAIL_MIME_BROKEN */
    guint32 flags;           /* MAIL_… bits: what was odd in reading */
    const MailView *forwarded; /* the returned message read as a mail of its own, when a mail system wrote it (it is a
                                multipart/report, has a null return path or a daemon for its author) and this message
                                has no report part itself: a bounce passed on by a list manager, a gateway or a person.
                                NULL else; its own `forwarded` is always NULL */
};

/* A number that names have in common only when they are of one length and alike at four places, whatever their case:
 * fields are looked for by it, and their names compared only where it fits. */
static inline guint32
mail_header_key (const char *name, gsize length)
{
    return length == 0 ? 0
                       : (guint32) (guchar) ascii_lower (name[0]) | (guint32) (guchar) ascii_lower (name[length - 1]) << 8 |
                             (guint32) (guchar) ascii_lower (name[length / 2]) << 16 | (guint32) (length & 0xff) << 24;
}

static inline guint64
mail_header_bit (guint32 key)
{
    return G_GUINT64_CONSTANT (1) << (key * 0x9e3779b1u >> 26);
}

/* The first field from `from` on with that name, which `key` belongs to, or NULL. */
const MailHeader *mail_headers_search (const MailHeaders *headers, const char *name, guint32 key, guint from);

/* First field of that name (ASCII case ignored) or NULL. Most names that are asked for are not there, and most are
 * written where they are asked for: then the question is answered by one bit. */
static inline const MailHeader *
mail_headers_find (const MailHeaders *headers, const char *name)
{
    guint32 key = mail_header_key (name, strlen (name));

    if (headers->seen != 0 && (headers->seen & mail_header_bit (key)) == 0)
        return NULL;
    return mail_headers_search (headers, name, key, 0);
}

/* The next field behind `field` with the same name or NULL. */
const MailHeader *mail_headers_next (const MailHeaders *headers, const MailHeader *field);

/* Value of the first field of that name, "" when there is none; as it was written. */
static inline const char *
mail_headers_get (const MailHeaders *headers, const char *name)
{
    const MailHeader *header = mail_headers_find (headers, name);

    return header != NULL ? header->value : "";
}

static inline const char *
mail_headers_get_raw (const MailHeaders *headers, const char *name)
{
    const MailHeader *header = mail_headers_find (headers, name);

    return header != NULL ? header->raw : "";
}

static inline const char *
mail_view_header (const MailView *view, const char *name)
{
    return mail_headers_get (&view->headers, name);
}

/* First part of a kind, NULL when there is none; next one behind `after`. */
const MailPart *mail_view_part (const MailView *view, PartKind kind, const MailPart *after);

/* Read a header block (up to the blank line or the end) of LF or CRLF text; decodes RFC 2047 itself. Returns the bytes
 * used, blank line included. Pure; used for the message, for returned copies and by the recognisers. */
gsize mail_headers_parse (Arena *arena, const char *text, gsize length, MailHeaders *headers, guint32 *flags);

#endif
