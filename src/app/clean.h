/* SPDX-License-Identifier: MIT */
/* `nixie clean`: a mailing list as CSV in, the same list without the addresses that the ledger speaks against out. A
 * filter: rows pass byte by byte, quoting, delimiter and line ends included; memory holds the addresses that are to go
 * and not the list. */
#ifndef NIXIE_APP_CLEAN_H
#define NIXIE_APP_CLEAN_H

#include "app/ledger.h"
#include "base/writer.h"

typedef struct {
    const char *column;      /* name or number (from 1) of the column with the address; NULL = found */
    char delimiter;          /* 0 = found */
    gboolean no_header;      /* the first row is a row */
    gboolean case_sensitive; /* local parts that differ in case differ */
    gboolean mark;           /* all rows, with columns that say what is known, instead of leaving rows out */
    guint decisions;         /* bits 1 << DecisionKind: whose rows go */
} CleanOptions;

typedef struct {
    guint64 rows;            /* without the header */
    guint64 listed;          /* left out, or (mark) would be */
    guint64 without_address; /* kept as they are */
} CleanCounts;

/* `list`: a file or "-". `dropped` (NULL = none) gets what was left out, with the same columns as `mark` adds.
 * APP_ERROR_NO_INPUT, APP_ERROR_PERMISSION, APP_ERROR_IO, and APP_ERROR_DATA for what is no such list. */
gboolean clean_list (Ledger *ledger, const char *list, const CleanOptions *options, Writer *out, Writer *dropped,
                     CleanCounts *counts, GError **error);

#endif
