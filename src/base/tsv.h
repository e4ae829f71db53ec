/* SPDX-License-Identifier: MIT */
/* The reader of the data files: tab-separated, one row a line, `#` starts a comment line, blank lines are skipped, the
 * first row is the header and names the columns. Errors name file and line. */
#ifndef NIXIE_BASE_TSV_H
#define NIXIE_BASE_TSV_H

#include <glib.h>

#define TSV_ERROR (tsv_error_quark ())
GQuark tsv_error_quark (void);
typedef enum { TSV_ERROR_FORMAT } TsvError;

#define TSV_MAX_COLUMNS 24

typedef struct Tsv Tsv;

typedef struct {
    const char *name;                  /* the file's name, for messages */
    guint line;                        /* 1-based */
    guint n_cells;                     /* as many as columns were asked for */
    const char *cells[TSV_MAX_COLUMNS]; /* in the order asked for; "" where the row or the file has none; borrowed */
} TsvRow;

/* `text` is borrowed until tsv_free(). `columns`: NULL-terminated names; a name ending in "?" may be missing in the
 * file. NULL with *error when a column is missing. */
Tsv *tsv_new (const char *name, const char *text, gsize length, const char *const *columns, GError **error);
void tsv_free (Tsv *tsv);
/* TRUE and a row; FALSE at the end, or with *error at a line that is too long, is no UTF-8 or has too many cells. */
gboolean tsv_next (Tsv *tsv, TsvRow *row, GError **error);
/* An error of TSV_ERROR_FORMAT that starts with "NAME:LINE: ". */
void tsv_row_error (const TsvRow *row, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Tsv, tsv_free)

#endif
