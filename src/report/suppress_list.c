/* SPDX-License-Identifier: MIT */
#include "report/suppress_list.h"

#include "base/i18n.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "report/suppress_fields.h"
#include <string.h>

/* --- the table of formats --------------------------------------------------------------------------------------------- */

typedef enum {
    CELLS_RAW,    /* divided by `separator`, nothing quoted: what cannot stand so is refused */
    CELLS_VENDOR, /* RFC 4180 with LF, addresses and text as they are */
    CELLS_OWN,    /* our own CSV: RFC 4180, formula guard */
} Cells;

#define MAX_FIELDS 4

struct SuppressFormat {
    const char *name, *help, *extension;
    const char *header;             /* "" = none */
    Cells cells;
    const char *separator;
    struct {
        FieldFunc put;
        gboolean quoted;            /* always, also where RFC 4180 would not ask for it */
    } fields[MAX_FIELDS];
    const char *eol;                /* behind each row */
    guint lines;                    /* rows of one address */
    const char *open, *close;       /* around `chunk` rows, which are divided by commas instead of `eol` */
    guint chunk;
    guint64 max_rows, max_bytes;    /* of a file; 0 = no limit known */
    gboolean verdicts_only;         /* takes what is never to be written to again, and nothing else */
    RefuseFunc refuse;
};

#define MEGABYTE (1000 * 1000)

static const SuppressFormat formats[] = {
    {.name = "csv", .help = N_("all columns, for spreadsheets and scripts (RFC 4180)"), .extension = "csv",
     .cells = CELLS_OWN, .lines = 1},
    {.name = "plain", .help = N_("one address a line: Mailman, phpList, Cloudflare, scripts"), .extension = "txt",
     .fields = {{field_address}}, .eol = "\n", .lines = 1},
    {.name = "jsonl", .help = N_("all columns, one JSON object a line"), .extension = "jsonl",
     .fields = {{field_row_json}}, .eol = "\n", .lines = 1},
    {.name = "ses", .help = N_("Amazon SES account suppression list, CSV"), .extension = "csv", .separator = ",",
     .fields = {{field_address}, {field_ses_reason}}, .eol = "\n", .lines = 1, .max_rows = 100000,
     .verdicts_only = TRUE, .refuse = refuse_csv_bare},
    {.name = "ses-json", .help = N_("Amazon SES account suppression list, JSON lines"), .extension = "json",
     .fields = {{field_ses_json}}, .eol = "\n", .lines = 1, .max_rows = 100000, .verdicts_only = TRUE},
    {.name = "mailgun", .help = N_("Mailgun bounces import"), .extension = "csv",
     .header = "address,code,error,created_at\n", .cells = CELLS_VENDOR,
     .fields = {{field_address}, {field_reply}, {field_diagnostic, TRUE}, {field_mail_date}}, .eol = "\n", .lines = 1,
     .max_bytes = 25 * MEGABYTE, .verdicts_only = TRUE},
    {.name = "postfix", .help = N_("Postfix access(5) table for check_recipient_access"), .extension = "txt",
     .separator = "\t", .fields = {{field_postfix_key}, {field_postfix_reject}}, .eol = "\n", .lines = 1,
     .refuse = refuse_postfix},
    {.name = "postfix-transport", .help = N_("Postfix transport(5) table"), .extension = "txt", .separator = "\t",
     .fields = {{field_postfix_key}, {field_postfix_error}}, .eol = "\n", .lines = 1, .refuse = refuse_postfix},
    {.name = "exim", .help = N_("Exim lsearch file"), .extension = "txt", .separator = ": ",
     .fields = {{field_exim_key}, {field_exim_fail}}, .eol = "\n", .lines = 1, .refuse = refuse_exim},
    {.name = "sendgrid-json", .help = N_("SendGrid global suppressions, bodies for its API"), .extension = "json",
     .fields = {{field_address_json}}, .eol = "\n", .lines = 1, .open = "{\"recipient_emails\":[", .close = "]}",
     .chunk = 1000},
    {.name = "postmark-json", .help = N_("Postmark suppressions, bodies for its API"), .extension = "json",
     .fields = {{field_postmark_json}}, .eol = "\n", .lines = 1, .open = "{\"Suppressions\":[", .close = "]}",
     .chunk = 50},
    {.name = "sparkpost", .help = N_("SparkPost suppression list upload"), .extension = "csv",
     .header = "recipient,type,description\n", .cells = CELLS_VENDOR,
     .fields = {{field_address}, {field_sparkpost_type}, {field_status_reason}}, .eol = "\n", .lines = 2,
     .max_rows = 1000000, .verdicts_only = TRUE},
    {.name = "mautic", .help = N_("Mautic contact import with Do Not Contact"), .extension = "csv",
     .header = "email,doNotEmail\n", .cells = CELLS_VENDOR, .fields = {{field_address}, {field_one}}, .eol = "\n",
     .lines = 1},
    {.name = "listmonk", .help = N_("listmonk import, mode blocklist"), .extension = "csv", .header = "email\n",
     .cells = CELLS_VENDOR, .fields = {{field_address}}, .eol = "\n", .lines = 1},
    {.name = "brevo", .help = N_("Brevo contact import, blocklisted"), .extension = "csv", .header = "EMAIL\n",
     .cells = CELLS_VENDOR, .fields = {{field_address}}, .eol = "\n", .lines = 1},
    {.name = "hubspot", .help = N_("HubSpot opt-out list"), .extension = "csv", .header = "Email\n",
     .cells = CELLS_VENDOR, .fields = {{field_address}}, .eol = "\n", .lines = 1},
    {.name = "mailchimp", .help = N_("Mailchimp import wizard"), .extension = "csv", .header = "Email Address\n",
     .cells = CELLS_VENDOR, .fields = {{field_address}}, .eol = "\n", .lines = 1, .refuse = refuse_mailchimp},
    {.name = "sendgrid", .help = N_("like SendGrid's own export of bounces, for tools that import it"),
     .extension = "csv", .header = "status,reason,email,created\n", .cells = CELLS_VENDOR,
     .fields = {{field_status}, {field_diagnostic, TRUE}, {field_address}, {field_unix_date}}, .eol = "\n", .lines = 1},
};

static const char own_columns[] = "email domain provider decision reason type status reply failures first_seen "
                                  "last_seen next_try attempt rule diagnostic";

const SuppressFormat *
suppress_format_find (const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
        if (g_str_equal (name, formats[i].name))
            return &formats[i];
    return NULL;
}

const char *const *
suppress_format_names (void)
{
    static const char *names[G_N_ELEMENTS (formats) + 1];
    static gsize once;

    if (g_once_init_enter (&once)) {
        for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
            names[i] = formats[i].name;
        g_once_init_leave (&once, 1);
    }
    return names;
}

const char *
suppress_format_name (const SuppressFormat *format)
{
    return format->name;
}

const char *
suppress_format_help (const SuppressFormat *format)
{
    return _(format->help);
}

const char *
suppress_format_extension (const SuppressFormat *format)
{
    return format->extension;
}

guint64
suppress_format_max_rows (const SuppressFormat *format)
{
    return format->max_rows;
}

guint64
suppress_format_max_bytes (const SuppressFormat *format)
{
    return format->max_bytes;
}

/* --- addresses -------------------------------------------------------------------------------------------------------- */

const char *
suppress_address_problem (const char *address)
{
    const char *at = strrchr (address, '@');
    gsize length = strlen (address);
    gboolean quoted = FALSE;

    if (!at || at == address || at[1] == '\0')
        return "no local part and domain";
    if (length > LIMIT_ADDRESS)
        return "longer than 320 bytes";
    for (const char *c = address; *c;) {
        guint bytes = utf8_length (c, length - (gsize) (c - address));

        if (bytes == 0)
            return "not valid UTF-8";
        if (utf8_is_control (utf8_decode (c, bytes)))
            return "a control character";
        if (*c == ' ' && (!quoted || c > at))
            return "an unquoted space";
        if (*c == '\\' && quoted && c[1] != '\0' && (guchar) c[1] < 0x80 && c[1] >= ' ')
            bytes = 2;
        else if (*c == '"')
            quoted = !quoted;
        c += bytes;
    }
    return NULL;
}

/* --- writing ---------------------------------------------------------------------------------------------------------- */

struct SuppressList {
    const SuppressFormat *format;
    SuppressOptions options;
    GString *row;              /* the lines of one address */
    Writer *row_writer;        /* into `row` */
    GString *cell;
    Writer *out;               /* borrowed */
    guint64 rows, bytes;       /* of the file at hand */
    guint chunk;               /* rows of the chunk at hand */
    guint64 written, refused;  /* addresses, over all files */
};

SuppressList *
suppress_list_new (const SuppressFormat *format, const SuppressOptions *options)
{
    SuppressList *list = g_new0 (SuppressList, 1);

    list->format = format;
    if (options)
        list->options = *options;
    list->row = g_string_new (NULL);
    list->cell = g_string_new (NULL);
    list->row_writer = writer_new_string (list->row);
    return list;
}

void
suppress_list_free (SuppressList *list)
{
    if (!list)
        return;
    writer_free (list->row_writer);
    g_string_free (list->row, TRUE);
    g_string_free (list->cell, TRUE);
    g_free (list);
}

static void
put (SuppressList *list, const char *data, gsize length)
{
    writer_put (list->out, data, length);
    list->bytes += length;
}

/* What was composed in `row` goes out. */
static void
put_row (SuppressList *list)
{
    put (list, list->row->str, list->row->len);
}

void
suppress_list_open (SuppressList *list, Writer *writer)
{
    const char *header = list->format->header;

    list->out = writer;
    list->rows = list->bytes = 0;
    list->chunk = 0;
    g_string_truncate (list->row, 0);
    if (list->format->cells == CELLS_OWN) {
        Csv csv = {list->row_writer, list->options.csv, 0};

        csv_header (&csv, own_columns);
        writer_flush (list->row_writer, NULL);
    } else if (header) {
        g_string_append (list->row, header);
    }
    put_row (list);
}

static void
compose_own (SuppressList *list, const Decision *decision)
{
    Csv csv = {list->row_writer, list->options.csv, 0};

    csv_address (&csv, decision->email);
    csv_text (&csv, decision->domain);
    csv_text (&csv, decision->provider);
    csv_text (&csv, decision_word (decision->decision));
    csv_text (&csv, reason_word (decision->reason));
    csv_text (&csv, event_type_word (decision->type));
    csv_text (&csv, decision->status);
    csv_text (&csv, decision->reply);
    csv_number (&csv, decision->failures);
    csv_date (&csv, decision->first_seen);
    csv_date (&csv, decision->last_seen);
    csv_date (&csv, decision->next_try);
    csv_number (&csv, decision->attempt);
    csv_text (&csv, decision->rule);
    csv_text (&csv, decision->diagnostic);
    csv_end (&csv);
    writer_flush (list->row_writer, NULL);
}

static void
compose_line (SuppressList *list, const Decision *decision, guint line)
{
    const SuppressFormat *format = list->format;
    Csv csv = {list->row_writer, {.no_guard = TRUE, .lf = TRUE}, 0};

    for (guint i = 0; i < MAX_FIELDS && format->fields[i].put; i++) {
        g_string_truncate (list->cell, 0);
        format->fields[i].put (list->cell, decision, line);
        if (format->cells == CELLS_RAW) {
            if (i > 0)
                g_string_append (list->row, format->separator);
            g_string_append_len (list->row, list->cell->str, (gssize) list->cell->len);
        } else if (format->fields[i].quoted) {
            csv_quoted (&csv, list->cell->str);
        } else {
            csv_address (&csv, list->cell->str);
        }
    }
    writer_flush (list->row_writer, NULL);
    if (!format->chunk)
        g_string_append (list->row, format->eol);
}

static const char *
refusal (const SuppressFormat *format, const Decision *decision)
{
    const char *problem = suppress_address_problem (decision->email);

    if (!problem && format->refuse)
        problem = format->refuse (decision->email);
    if (!problem && format->verdicts_only && decision->decision != DECISION_REMOVE &&
        decision->decision != DECISION_INACTIVE)
        problem = "this list takes only addresses that are never to be written to again";
    return problem;
}

static gboolean
is_full (const SuppressList *list)
{
    const SuppressFormat *format = list->format;
    guint64 max_rows = list->options.max_rows ? list->options.max_rows : format->max_rows;
    gsize frame = format->chunk ? strlen (format->open) + strlen (format->close) + 2 : 0;

    /* A file always takes one address: a limit below that cannot be kept. */
    if (!list->options.split || list->rows == 0)
        return FALSE;
    if (max_rows > 0 && list->rows + format->lines > max_rows)
        return TRUE;
    return format->max_bytes > 0 && list->bytes + list->row->len + frame > format->max_bytes;
}

static void
end_chunk (SuppressList *list)
{
    if (list->chunk == 0)
        return;
    put (list, list->format->close, strlen (list->format->close));
    put (list, list->format->eol, strlen (list->format->eol));
    list->chunk = 0;
}

SuppressResult
suppress_list_row (SuppressList *list, const Decision *decision)
{
    const SuppressFormat *format = list->format;
    const char *problem = refusal (format, decision);

    if (problem) {
        list->refused++;
        if (list->options.refused)
            list->options.refused (decision, problem, list->options.user);
        return SUPPRESS_REFUSED;
    }
    g_string_truncate (list->row, 0);
    if (format->cells == CELLS_OWN)
        compose_own (list, decision);
    for (guint line = 0; line < format->lines && format->cells != CELLS_OWN; line++)
        compose_line (list, decision, line);
    if (is_full (list))
        return SUPPRESS_FULL;

    if (format->chunk && list->chunk == format->chunk)
        end_chunk (list);
    if (format->chunk)
        put (list, list->chunk == 0 ? format->open : ",", list->chunk == 0 ? strlen (format->open) : 1);
    put_row (list);
    list->chunk++;
    list->rows += format->lines;
    list->written++;
    return SUPPRESS_WRITTEN;
}

void
suppress_list_close (SuppressList *list)
{
    if (list->format->chunk)
        end_chunk (list);
    list->out = NULL;
}

guint64
suppress_list_written (const SuppressList *list)
{
    return list->written;
}

guint64
suppress_list_refused_count (const SuppressList *list)
{
    return list->refused;
}
