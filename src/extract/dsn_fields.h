/* SPDX-License-Identifier: MIT */
/* The fields of a delivery status (RFC 3464 section 2.1): text to one group about the message and one group for each
 * recipient. Reports in the wild put blank lines inside groups and forget them between groups, mix the two kinds of
 * group, fold badly and add lines that are no fields: groups are therefore found by the names of the fields first and
 * by blank lines second. Pure. */
#ifndef NIXIE_EXTRACT_DSN_FIELDS_H
#define NIXIE_EXTRACT_DSN_FIELDS_H

#include "base/arena.h"
#include "base/text.h"
#include <glib.h>

typedef struct {
    const char *name;  /* lower case */
    const char *value; /* unfolded with single spaces at the folds, trimmed, at most LIMIT_FIELD; bytes as they came */
    gsize length;      /* of value, which may hold NUL */
} DsnField;

typedef struct {
    DsnField *fields;
    guint n_fields;
    gboolean contradicted; /* a field came twice with different values: the first is kept */
} DsnGroup;

typedef struct {
    DsnGroup message;
    DsnGroup *recipients;
    guint n_recipients;
    gboolean capped; /* there was more than LIMIT_DSN_RECIPIENTS or LIMIT_DSN_FIELDS */
} DsnFields;

/* Never fails: what is no field is passed over. Lives in `arena`. LF or CRLF. */
DsnFields *dsn_fields_parse (Arena *arena, const char *text, gsize length);
/* First field of that name (ASCII case ignored), {NULL, 0} when there is none. */
Span dsn_group_get (const DsnGroup *group, const char *name);
/* Such fields in a text that is no delivery-status part: from the first of them to the running text or the MIME
 * boundary behind them. {NULL, 0} when no group of two or more known fields names a recipient. */
Span dsn_fields_locate (const char *text, gsize length);

#endif
