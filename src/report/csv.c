/* SPDX-License-Identifier: MIT */
#include "report/csv.h"

#include "base/date.h"
#include "base/utf8.h"
#include <string.h>

/* What a spreadsheet takes for the start of a formula (OWASP, "CSV Injection"); the full-width forms count in
 * East Asian locales. */
static gboolean
starts_formula (const char *text)
{
    static const char *const wide[] = {"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};

    if (text[0] != '\0' && strchr ("=+-@\t\r\n", text[0]))
        return TRUE;
    for (guint i = 0; i < G_N_ELEMENTS (wide); i++)
        if (g_str_has_prefix (text, wide[i]))
            return TRUE;
    return FALSE;
}

static void
divide (Csv *csv)
{
    if (csv->cells++ > 0)
        writer_putc (csv->writer, ',');
}

/* Without what would turn or hide text where the table is shown: such a character becomes U+FFFD. */
static void
put_shown (Csv *csv, const char *text, gsize length)
{
    gsize run = 0;

    for (gsize at = 0; at < length;) {
        guint step = (guchar) text[at] < 0x80 ? 1 : utf8_length (text + at, length - at);

        if (step > 1 && utf8_is_invisible (utf8_decode (text + at, step))) {
            writer_put (csv->writer, text + run, at - run);
            writer_puts (csv->writer, "\xef\xbf\xbd");
            run = at + step;
        }
        at += MAX (step, 1);
    }
    writer_put (csv->writer, text + run, length - run);
}

static void
put_quoted (Csv *csv, const char *text, gboolean guard)
{
    writer_putc (csv->writer, '"');
    if (guard)
        writer_putc (csv->writer, '\'');
    for (const char *quote; (quote = strchr (text, '"')); text = quote + 1) {
        put_shown (csv, text, (gsize) (quote - text));
        writer_puts (csv->writer, "\"\"");
    }
    put_shown (csv, text, strlen (text));
    writer_putc (csv->writer, '"');
}

/* RFC 4180 section 2.6 asks for quotes around comma, quote, CR and LF. Semicolon and TAB as well: readers that guess
 * the delimiter take them for one. White space at the ends: some readers trim it outside quotes. */
static gboolean
needs_quotes (const char *text)
{
    gsize length = strlen (text);

    return text[strcspn (text, "\",;\t\r\n")] != '\0' || (length > 0 && (text[0] == ' ' || text[length - 1] == ' '));
}

/* As it stands, quoted where RFC 4180 wants it. */
static void
put_plain (Csv *csv, const char *text)
{
    divide (csv);
    if (needs_quotes (text))
        put_quoted (csv, text, FALSE);
    else
        put_shown (csv, text, strlen (text));
}

/* =1+1@example.com is an address and, for a spreadsheet, a formula; "=1+1"@example.com is the same address (RFC 5321,
 * section 4.1.2) and no formula. Other signs in front make none: behind the sign stands no expression. */
void
csv_address (Csv *csv, const char *text)
{
    const char *at = text ? strrchr (text, '@') : NULL;
    gboolean runs = at && (text[0] == '=' || g_str_has_prefix (text, "\xef\xbc\x9d"));

    if (!runs || csv->style.no_guard) {
        put_plain (csv, text ? text : "");
        return;
    }
    g_autofree char *quoted = g_strdup_printf ("\"%.*s\"%s", (int) (at - text), text, at);
    put_plain (csv, quoted);
}

void
csv_text (Csv *csv, const char *text)
{
    if (!text || csv->style.no_guard || !starts_formula (text)) {
        put_plain (csv, text ? text : "");
        return;
    }
    divide (csv);
    put_quoted (csv, text, TRUE);
}

void
csv_quoted (Csv *csv, const char *text)
{
    divide (csv);
    put_quoted (csv, text ? text : "", FALSE);
}

void
csv_number (Csv *csv, guint64 number)
{
    divide (csv);
    writer_printf (csv->writer, "%" G_GUINT64_FORMAT, number);
}

void
csv_date (Csv *csv, gint64 date)
{
    char text[DATE_TEXT_SIZE];

    divide (csv);
    writer_puts (csv->writer, date_format (date, text));
}

void
csv_end (Csv *csv)
{
    writer_puts (csv->writer, csv->style.lf ? "\n" : "\r\n");
    csv->cells = 0;
}

void
csv_header (Csv *csv, const char *columns)
{
    while (*columns) {
        gsize length = strcspn (columns, " ");

        divide (csv);
        writer_put (csv->writer, columns, length);
        columns += length + (columns[length] == ' ');
    }
    csv_end (csv);
}
