/* SPDX-License-Identifier: MIT */
/* The list: decisions as rows of one of the formats that mailing systems take. All formats come from one table (name,
 * header, fields, limits). Rows go in sorted by address, one an address; the caller chooses which decisions.
 *
 * An address that a format cannot express is left out and told to `refused`; it is never written in another form, since
 * these files are configuration for mail servers and a changed address is a wrong suppression.
 *
 *     g_autoptr (SuppressList) list = suppress_list_new (suppress_format_find ("ses"), &options);
 *     suppress_list_open (list, writer);
 *     for each decision:
 *         if (suppress_list_row (list, decision) == SUPPRESS_FULL) {
 *             suppress_list_close (list);      … close this file, start the next one
 *             suppress_list_open (list, next_writer);
 *             suppress_list_row (list, decision);
 *         }
 *     suppress_list_close (list);
 */
#ifndef NIXIE_REPORT_SUPPRESS_LIST_H
#define NIXIE_REPORT_SUPPRESS_LIST_H

#include "base/writer.h"
#include "policy/policy.h"
#include "report/csv.h"

typedef struct SuppressFormat SuppressFormat;
typedef struct SuppressList SuppressList;

/* NULL when there is no such format. */
const SuppressFormat *suppress_format_find (const char *name);
/* All names, in the order of the help text; NULL-terminated, static. */
const char *const *suppress_format_names (void);
const char *suppress_format_name (const SuppressFormat *format);
const char *suppress_format_help (const SuppressFormat *format);      /* one line for people, translated */
const char *suppress_format_extension (const SuppressFormat *format); /* "csv", "json", "txt" … for NAME.0001.csv */
/* What the consumer takes in one file; 0 = no limit known. */
guint64 suppress_format_max_rows (const SuppressFormat *format);
guint64 suppress_format_max_bytes (const SuppressFormat *format);

/* `why` is one line without a full stop. */
typedef void (*SuppressRefused) (const Decision *decision, const char *why, gpointer user);

typedef struct {
    gboolean split;          /* suppress_list_row() may answer SUPPRESS_FULL; FALSE: everything into one file */
    guint64 max_rows;        /* with split: rows of a file; 0 = what the format takes */
    CsvStyle csv;            /* for the format `csv` only: vendors' files have their own */
    SuppressRefused refused; /* may be NULL */
    gpointer user;
} SuppressOptions;

typedef enum {
    SUPPRESS_WRITTEN,
    SUPPRESS_REFUSED, /* left out, and told */
    SUPPRESS_FULL,    /* not written: close, open the next file, give the row again */
} SuppressResult;

SuppressList *suppress_list_new (const SuppressFormat *format, const SuppressOptions *options); /* options may be NULL */
void suppress_list_free (SuppressList *list);
/* Start a file: writes the header. `writer` is borrowed until suppress_list_close(). */
void suppress_list_open (SuppressList *list, Writer *writer);
SuppressResult suppress_list_row (SuppressList *list, const Decision *decision);
/* Ends the file (the writer stays open). A file without rows is complete as well. */
void suppress_list_close (SuppressList *list);
guint64 suppress_list_written (const SuppressList *list);       /* addresses, over all files */
guint64 suppress_list_refused_count (const SuppressList *list); /* addresses */

/* Why no format takes this as an address, NULL when it is fine. Static. */
const char *suppress_address_problem (const char *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SuppressList, suppress_list_free)

#endif
