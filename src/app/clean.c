/* SPDX-License-Identifier: MIT */
#include "app/clean.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app_error.h"
#include "app/listed.h"
#include "base/csv_record.h"
#include "base/date.h"
#include "base/limits.h"
#include "event/address.h"

typedef struct {
    const CleanOptions *options;
    const char *list; /* for messages */
    Listed *listed;
    Writer *out, *dropped;
    CleanCounts *counts;
    Arena *arena;     /* cleared every row */
    GArray *cells;
    CsvScanner scanner;
    gint column;      /* -1 = not known yet */
    guint64 record;   /* from 1 */
    char delimiter;
} Cleaning;

/* What people call the column, in lower case and without anything but letters. */
static const char *const column_names[] = {
    "email", "emailaddress", "emailaddr", "mail", "mailaddress", "useremail", "contactemail", "subscriberemail",
    "primaryemail", "emailadresse", "mailadresse", "adresseemail", "adressemail", "correoelectronico", "courriel", NULL,
};

static gboolean
data_error (const Cleaning *cleaning, GError **error, const char *what)
{
    g_set_error (error, APP_ERROR, APP_ERROR_DATA, "'%s', record %" G_GUINT64_FORMAT ": %s", cleaning->list,
                 cleaning->record, what);
    return FALSE;
}

static char *
cell_text (const Cleaning *cleaning, guint index)
{
    return csv_cell_text (cleaning->arena, g_array_index (cleaning->cells, Span, index));
}

static const char *
cell_address (const Cleaning *cleaning, guint index)
{
    return address_clean (cleaning->arena, span_of (cell_text (cleaning, index)));
}

/* The first cell of the row that is an address, -1 when none is. */
static gint
find_address (const Cleaning *cleaning)
{
    for (guint i = 0; i < cleaning->cells->len; i++)
        if (cell_address (cleaning, i))
            return (gint) i;
    return -1;
}

static gint
find_known_name (const Cleaning *cleaning)
{
    for (guint i = 0; i < cleaning->cells->len; i++) {
        g_autoptr (GString) letters = g_string_new (NULL);
        for (const char *at = cell_text (cleaning, i); *at; at++)
            if (g_ascii_isalpha (*at))
                g_string_append_c (letters, g_ascii_tolower (*at));
        if (g_strv_contains (column_names, letters->str))
            return (gint) i;
    }
    return -1;
}

static gboolean
find_named_column (Cleaning *cleaning, GError **error)
{
    const char *name = cleaning->options->column;
    guint64 number;
    for (guint i = 0; !cleaning->options->no_header && i < cleaning->cells->len; i++)
        if (text_equal (g_strstrip (cell_text (cleaning, i)), name)) {
            cleaning->column = (gint) i;
            return TRUE;
        }
    if (g_ascii_string_to_unsigned (name, 10, 1, cleaning->cells->len, &number, NULL)) {
        cleaning->column = (gint) number - 1;
        return TRUE;
    }
    g_set_error (error, APP_ERROR, APP_ERROR_DATA, "'%s' has no column '%s'", cleaning->list, name);
    return FALSE;
}

/* Which column it is, and whether the first row is a header. */
static gboolean
look_at_first (Cleaning *cleaning, gboolean *is_header, GError **error)
{
    gint address = find_address (cleaning);
    *is_header = !cleaning->options->no_header && address < 0;
    if (cleaning->options->column) {
        if (!find_named_column (cleaning, error))
            return FALSE;
        *is_header = !cleaning->options->no_header && !cell_address (cleaning, (guint) cleaning->column);
        return TRUE;
    }
    cleaning->column = *is_header ? find_known_name (cleaning) : address;
    return TRUE;
}

/* The record with cells behind its own, in front of its line end. */
static void
put_with_cells (const Cleaning *cleaning, Writer *writer, Span record, const char *const *texts)
{
    gsize content = csv_record_content (record.at, record.length);
    g_autoptr (GString) added = g_string_new (NULL);
    for (; *texts; texts++) {
        g_string_append_c (added, cleaning->delimiter);
        csv_cell_append (added, *texts, cleaning->delimiter);
    }
    writer_put (writer, record.at, content);
    writer_put (writer, added->str, added->len);
    if (content < record.length)
        writer_put (writer, record.at + content, record.length - content);
    else
        writer_putc (writer, '\n');
}

static void
put_with_entry (const Cleaning *cleaning, Writer *writer, Span record, const ListedEntry *entry)
{
    char date[DATE_TEXT_SIZE], failures[24];
    const char *none[] = { "", "", "", "", "", NULL };
    if (!entry) {
        put_with_cells (cleaning, writer, record, none);
        return;
    }
    g_snprintf (failures, sizeof failures, "%u", entry->failures);
    const char *texts[] = { decision_word (entry->decision), reason_word (entry->reason), entry->status, failures,
                            date_format_day (entry->last_seen, date), NULL };
    put_with_cells (cleaning, writer, record, texts);
}

static void
put_header (const Cleaning *cleaning, Span record)
{
    static const char *const names[] = { "nixie_decision", "nixie_reason", "nixie_status",
                                         "nixie_failures", "nixie_last_seen", NULL };
    if (cleaning->options->mark)
        put_with_cells (cleaning, cleaning->out, record, names);
    else
        writer_put (cleaning->out, record.at, record.length);
    if (cleaning->dropped)
        put_with_cells (cleaning, cleaning->dropped, record, names);
}

/* A row that holds no address is nobody's: it stays. */
static void
put_row (Cleaning *cleaning, Span record)
{
    const char *address = NULL;
    const ListedEntry *entry = NULL;
    cleaning->counts->rows++;
    if (cleaning->column < 0)
        cleaning->column = find_address (cleaning);
    if (cleaning->column >= 0 && (guint) cleaning->column < cleaning->cells->len)
        address = cell_address (cleaning, (guint) cleaning->column);
    if (address)
        entry = listed_find (cleaning->listed, address, cleaning->arena);
    else
        cleaning->counts->without_address++;
    gboolean goes = entry && cleaning->options->decisions & 1u << entry->decision;
    cleaning->counts->listed += goes ? 1 : 0;
    if (cleaning->options->mark)
        put_with_entry (cleaning, cleaning->out, record, entry);
    else if (!goes)
        writer_put (cleaning->out, record.at, record.length);
    if (goes && cleaning->dropped)
        put_with_entry (cleaning, cleaning->dropped, record, entry);
}

static gboolean
take_record (Cleaning *cleaning, Span record, GError **error)
{
    gboolean is_header = FALSE;
    cleaning->record++;
    arena_clear (cleaning->arena);
    if (csv_record_is_open (record.at, record.length, cleaning->delimiter))
        return data_error (cleaning, error, "a quote is never closed");
    csv_record_split (record.at, record.length, cleaning->delimiter, cleaning->cells);
    if (cleaning->record == 1 && !look_at_first (cleaning, &is_header, error))
        return FALSE;
    if (is_header)
        put_header (cleaning, record);
    else if (csv_record_content (record.at, record.length) == 0)
        writer_put (cleaning->out, record.at, record.length); /* an empty line is no row */
    else
        put_row (cleaning, record);
    return !writer_failed (cleaning->out);
}

/* The byte order mark of UTF-8 is passed on; UTF-16 would be taken apart in the middle of characters. */
static gboolean
take_start (Cleaning *cleaning, const char *data, gsize length, gsize *start, GError **error)
{
    *start = 0;
    if (length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0) {
        writer_put (cleaning->out, data, 3);
        *start = 3;
    } else if ((length >= 2 && (memcmp (data, "\xff\xfe", 2) == 0 || memcmp (data, "\xfe\xff", 2) == 0))
               || memchr (data, '\0', length)) {
        g_set_error (error, APP_ERROR, APP_ERROR_DATA, "'%s' is no text in UTF-8: save it as CSV (UTF-8)",
                     cleaning->list);
        return FALSE;
    }
    const char *line = data + *start;
    gsize line_length = 0;
    while (line_length < length - *start && line[line_length] != '\n' && line[line_length] != '\r')
        line_length++;
    cleaning->delimiter = cleaning->options->delimiter ? cleaning->options->delimiter
                                                       : csv_record_delimiter (line, line_length);
    csv_scanner_init (&cleaning->scanner, cleaning->delimiter);
    return TRUE;
}

/* All records that are complete in the buffer; *used: their bytes. */
static gboolean
take_records (Cleaning *cleaning, const GByteArray *buffer, gboolean at_end, gsize *used, GError **error)
{
    const char *data = (const char *) buffer->data;
    gsize length;
    if (cleaning->record == 0 && !cleaning->delimiter && !take_start (cleaning, data, buffer->len, used, error))
        return FALSE;
    while (*used < buffer->len
           && (length = csv_record_end (&cleaning->scanner, data + *used, buffer->len - *used, at_end)) > 0) {
        if (!take_record (cleaning, span (data + *used, length), error))
            return FALSE;
        *used += length;
    }
    if (buffer->len - *used < LIMIT_CSV_RECORD)
        return TRUE;
    cleaning->record++;
    return data_error (cleaning, error, "longer than a megabyte; is a quote never closed?");
}

static gboolean
read_list (Cleaning *cleaning, int file, GError **error)
{
    g_autoptr (GByteArray) buffer = g_byte_array_new ();
    gboolean at_end = FALSE;
    while (!at_end) {
        guint before = buffer->len;
        g_byte_array_set_size (buffer, before + LIMIT_READ_BLOCK);
        gssize n;
        do
            n = read (file, buffer->data + before, LIMIT_READ_BLOCK);
        while (n < 0 && errno == EINTR);
        if (n < 0) {
            g_set_error (error, APP_ERROR, APP_ERROR_IO, "cannot read '%s': %s", cleaning->list, g_strerror (errno));
            return FALSE;
        }
        g_byte_array_set_size (buffer, before + (guint) n);
        at_end = n == 0;
        gsize used = 0;
        if (buffer->len > 0 && !take_records (cleaning, buffer, at_end, &used, error))
            return FALSE;
        if (used > 0)
            g_byte_array_remove_range (buffer, 0, (guint) used);
    }
    if (cleaning->column >= 0 || cleaning->counts->rows == 0)
        return TRUE;
    g_set_error (error, APP_ERROR, APP_ERROR_DATA,
                 "no column of '%s' holds mail addresses; say which one does with --column", cleaning->list);
    return FALSE;
}

static int
open_list (const char *list, GError **error)
{
    struct stat found;
    if (g_str_equal (list, "-"))
        return STDIN_FILENO;
    int file = open (list, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (file >= 0 && fstat (file, &found) == 0 && !S_ISDIR (found.st_mode))
        return file;
    int number = file >= 0 ? EISDIR : errno;
    if (file >= 0)
        (void) close (file);
    g_set_error (error, APP_ERROR, app_error_from_errno (number, APP_ERROR_NO_INPUT), "cannot open '%s': %s", list,
                 g_strerror (number));
    return -1;
}

gboolean
clean_list (Ledger *ledger, const char *list, const CleanOptions *options, Writer *out, Writer *dropped,
            CleanCounts *counts, GError **error)
{
    int file = open_list (list, error);
    if (file < 0)
        return FALSE;
    g_autoptr (Listed) listed = listed_new (ledger, options->mark ? ~0u : options->decisions,
                                            options->case_sensitive, error);
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (Span));
    Cleaning cleaning = { .options = options, .list = list, .listed = listed, .out = out, .dropped = dropped,
                          .counts = counts, .arena = arena, .cells = cells, .column = -1 };
    memset (counts, 0, sizeof *counts);
    gboolean done = listed && read_list (&cleaning, file, error);
    if (file != STDIN_FILENO)
        (void) close (file);
    return done;
}
