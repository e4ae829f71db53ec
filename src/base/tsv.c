/* SPDX-License-Identifier: MIT */
#include "base/tsv.h"

#include "base/limits.h"
#include "base/text.h"

#include <stdarg.h>
#include <string.h>

G_DEFINE_QUARK (nixie-tsv-error-quark, tsv_error)

struct Tsv {
    char *name;
    Span rest;
    guint line;
    guint n_columns;                 /* asked for */
    guint n_in_file;
    gint where[TSV_MAX_COLUMNS];     /* asked column → column of the file, -1 = not there */
    char *row;                       /* the current line, cut into cells */
};

void
tsv_row_error (const TsvRow *row, GError **error, const char *format, ...)
{
    va_list args;
    g_autofree char *text = NULL;

    va_start (args, format);
    text = g_strdup_vprintf (format, args);
    va_end (args);
    g_set_error (error, TSV_ERROR, TSV_ERROR_FORMAT, "%s:%u: %s", row->name, row->line, text);
}

/* Most lines are; looking eight bytes at a time is a tenth of the work of g_utf8_validate_len(). NUL is no text. */
static gboolean
is_ascii (Span line)
{
    gsize i = 0;
    guint64 all = 0, word;

    for (; i + sizeof word <= line.length; i += sizeof word) {
        memcpy (&word, line.at + i, sizeof word);
        all |= word;
    }
    for (; i < line.length; i++)
        all |= (guchar) line.at[i];
    return (all & G_GUINT64_CONSTANT (0x8080808080808080)) == 0 && memchr (line.at, '\0', line.length) == NULL;
}

/* Cells go into events and to terminals. */
static gboolean
has_control (Span line)
{
    guint found = 0;

    for (gsize i = 0; i < line.length; i++) {
        guchar byte = (guchar) line.at[i];

        found |= (byte < ' ' && byte != '\t') || byte == 0x7f ||
                 (byte == 0xc2 && i + 1 < line.length && (guchar) line.at[i + 1] < 0xa0);
    }
    return found != 0;
}

/* The next line that is no comment, into tsv->row. FALSE at the end or with *error. */
static gboolean
next_line (Tsv *tsv, GError **error)
{
    Span line;

    while (text_next_line (&tsv->rest, &line)) {
        TsvRow at = {.name = tsv->name, .line = ++tsv->line};

        if (line.length == 0 || line.at[0] == '#')
            continue;
        if (line.length > LIMIT_TSV_LINE) {
            tsv_row_error (&at, error, "the line is longer than %d bytes", LIMIT_TSV_LINE);
            return FALSE;
        }
        if (!is_ascii (line) && !g_utf8_validate_len (line.at, line.length, NULL)) {
            tsv_row_error (&at, error, "the line is not valid UTF-8");
            return FALSE;
        }
        if (has_control (line)) {
            tsv_row_error (&at, error, "the line has control characters");
            return FALSE;
        }
        g_free (tsv->row);
        tsv->row = g_strndup (line.at, line.length);
        return TRUE;
    }
    return FALSE;
}

static guint
cut_cells (char *row, char *cells[TSV_MAX_COLUMNS])
{
    guint n = 0;

    for (char *at = row, *tab;; at = tab + 1) {
        tab = strchr (at, '\t');
        if (n < TSV_MAX_COLUMNS)
            cells[n] = at;
        n++;
        if (tab == NULL)
            return n;
        *tab = '\0';
    }
}

static gboolean
read_header (Tsv *tsv, const char *const *columns, GError **error)
{
    char *cells[TSV_MAX_COLUMNS];
    TsvRow at = {.name = tsv->name};

    if (!next_line (tsv, error)) {
        at.line = tsv->line;
        if (error != NULL && *error == NULL)
            tsv_row_error (&at, error, "there is no header row");
        return FALSE;
    }
    at.line = tsv->line;
    tsv->n_in_file = cut_cells (tsv->row, cells);
    if (tsv->n_in_file > TSV_MAX_COLUMNS) {
        tsv_row_error (&at, error, "there are more than %d columns", TSV_MAX_COLUMNS);
        return FALSE;
    }
    for (guint i = 0; columns[i] != NULL; i++) {
        gsize length = strlen (columns[i]);
        gboolean optional = columns[i][length - 1] == '?';

        g_assert (i < TSV_MAX_COLUMNS);
        tsv->where[i] = -1;
        tsv->n_columns = i + 1;
        for (guint k = 0; k < tsv->n_in_file; k++)
            if (strlen (cells[k]) == length - optional && strncmp (cells[k], columns[i], length - optional) == 0)
                tsv->where[i] = (gint) k;
        if (tsv->where[i] < 0 && !optional) {
            tsv_row_error (&at, error, "there is no column “%s”", columns[i]);
            return FALSE;
        }
    }
    return TRUE;
}

Tsv *
tsv_new (const char *name, const char *text, gsize length, const char *const *columns, GError **error)
{
    g_autoptr (Tsv) tsv = g_new0 (Tsv, 1);

    tsv->name = g_strdup (name);
    tsv->rest = span (text, length);
    if (!read_header (tsv, columns, error))
        return NULL;
    return g_steal_pointer (&tsv);
}

void
tsv_free (Tsv *tsv)
{
    if (tsv == NULL)
        return;
    g_free (tsv->name);
    g_free (tsv->row);
    g_free (tsv);
}

gboolean
tsv_next (Tsv *tsv, TsvRow *row, GError **error)
{
    char *cells[TSV_MAX_COLUMNS];
    guint n;

    if (!next_line (tsv, error))
        return FALSE;
    *row = (TsvRow){.name = tsv->name, .line = tsv->line, .n_cells = tsv->n_columns};
    n = cut_cells (tsv->row, cells);
    if (n > tsv->n_in_file) {
        tsv_row_error (row, error, "%u cells, but the header has %u", n, tsv->n_in_file);
        return FALSE;
    }
    for (guint i = 0; i < tsv->n_columns; i++)
        row->cells[i] = tsv->where[i] >= 0 && (guint) tsv->where[i] < n ? cells[tsv->where[i]] : "";
    return TRUE;
}
