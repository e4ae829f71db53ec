/* SPDX-License-Identifier: MIT */
#include "report/report_md.h"

#include "base/date.h"
#include "base/i18n.h"
#include "base/spoken.h"
#include "base/text.h"
#include "report/columns.h"
#include "report/reason_text.h"
#include "report/report_blocks.h"
#include <string.h>

#define TOP_DEFAULT 10
#define BLOCKS 5
#define ROW_CODES 5
#define QUOTE_BYTES 240

typedef struct {
    Page page; /* for its figures and its scratch */
    Writer *writer;
} Md;

/* Text with every character escaped that could be a mark within a line; one line; controls are shown. */
static void
put_text (Md *md, const char *text)
{
    const char *at = text_printable (md->page.arena, text_one_line (md->page.arena, text, -1, 1000), FALSE);

    for (; *at; at++) {
        if (*at == '<' || *at == '>' || *at == '&')
            writer_puts (md->writer, *at == '<' ? "&lt;" : *at == '>' ? "&gt;" : "&amp;");
        else if (g_str_has_prefix (at, "://")) /* no reader makes a link of it */
            writer_puts (md->writer, "&#58;");
        else {
            if (strchr ("\\`*_[]|~", *at))
                writer_putc (md->writer, '\\');
            writer_putc (md->writer, *at);
        }
    }
}

static void
put_heading (Md *md, const char *text)
{
    writer_printf (md->writer, "\n## %s\n\n", text);
}

static void
put_row (Md *md, const ReportRow *row, const char *key)
{
    writer_puts (md->writer, "| ");
    put_text (md, *key ? key : _("(not known)"));
    writer_printf (md->writer, " | %s | %s", page_number (&md->page, row->events),
                   page_number (&md->page, row->recipients));
    writer_printf (md->writer, " | %s | %s", page_number (&md->page, row->by_type[TYPE_HARD]),
                   page_number (&md->page, row->by_type[TYPE_SOFT]));
    writer_printf (md->writer, " | %s |", page_number (&md->page, row->by_type[TYPE_BLOCK]));
}

static void
put_table_head (Md *md, const char *key)
{
    writer_printf (md->writer, "| %s | %s | %s | %s | %s | %s |", key, _("events"), _("addresses"),
                   type_label (TYPE_HARD), type_label (TYPE_SOFT), type_label (TYPE_BLOCK));
    writer_puts (md->writer, "\n|---|---:|---:|---:|---:|---:|\n");
}

static void
put_code (Md *md, const ReportCode *code, const ReportRow *row)
{
    char first[SPOKEN_SIZE], last[SPOKEN_SIZE];

    writer_puts (md->writer, "  - ");
    put_text (md, *code->code ? code->code : _("(no code)"));
    writer_printf (md->writer, " %s, %s, %s", type_label (code->type), reason_label (code->reason),
                   page_share (&md->page, code->events, row->events));
    spoken_day (code->first_seen, first);
    spoken_day (code->last_seen, last);
    if (*first)
        writer_printf (md->writer, ", %s", strcmp (first, last) == 0
                                               ? arena_printf (md->page.arena, _("on %s"), first)
                                               : arena_printf (md->page.arena, _("from %s to %s"), first, last));
    if (*code->sample) {
        writer_puts (md->writer, "<br>");
        put_text (md, arena_strndup (md->page.arena, code->sample,
                                     text_cut (code->sample, strlen (code->sample), QUOTE_BYTES)));
    }
    if (*code->page) {
        writer_printf (md->writer, "<br>%s ", _("The answer names:"));
        put_text (md, code->page);
    }
    writer_putc (md->writer, '\n');
}

/* Since when, and whether it gets better or worse. */
static void
put_provider_facts (Md *md, ReportModel *model, const ReportRow *row)
{
    char first[SPOKEN_SIZE], last[SPOKEN_SIZE];
    ReportChange change = report_model_provider_change (model, row->key);
    const char *trend = report_change_text (&change, md->page.arena);

    spoken_day (row->first_seen, first);
    spoken_day (row->last_seen, last);
    if (*first)
        writer_printf (md->writer, ", %s", strcmp (first, last) == 0
                                               ? arena_printf (md->page.arena, _("on %s"), first)
                                               : arena_printf (md->page.arena, _("from %s to %s"), first, last));
    if (*trend)
        writer_printf (md->writer, " · %s", trend);
}

static void
put_table (Md *md, ReportModel *model, ReportBy by, const char *title, guint top)
{
    guint n;
    const ReportRow *rows = report_model_rows (model, by, &n);

    put_heading (md, title);
    put_table_head (md, title);
    for (guint i = 0; i < MIN (n, top); i++) {
        put_row (md, &rows[i], rows[i].key);
        writer_putc (md->writer, '\n');
    }
    if (by != REPORT_BY_PROVIDER)
        return;
    writer_putc (md->writer, '\n');
    for (guint i = 0; i < MIN (n, top); i++) {
        writer_puts (md->writer, "- ");
        put_text (md, *rows[i].key ? rows[i].key : _("(not known)"));
        put_provider_facts (md, model, &rows[i]);
        writer_putc (md->writer, '\n');
        for (guint c = 0; c < MIN (rows[i].n_codes, ROW_CODES); c++)
            put_code (md, &rows[i].codes[c], &rows[i]);
    }
}

static void
put_blocks (Md *md, ReportModel *model)
{
    g_autoptr (GArray) blocks = report_blocks (model);

    if (blocks->len == 0)
        return;
    put_heading (md, _("Who refuses us"));
    for (guint i = 0; i < MIN (blocks->len, BLOCKS); i++) {
        const ReportBlock *block = &g_array_index (blocks, ReportBlock, i);

        writer_puts (md->writer, "- **");
        put_text (md, *block->row->key ? block->row->key : _("(domain not known)"));
        writer_puts (md->writer, "** ");
        put_text (md, block->code->code);
        writer_printf (md->writer, " %s: %s\n", reason_label (block->code->reason),
                       arena_printf (md->page.arena, P_ ("%s event", "%s events", block->code->events),
                                     page_number (&md->page, block->code->events)));
        put_code (md, block->code, block->row);
        writer_printf (md->writer, "  - → %s\n", reason_advice (block->code->reason));
    }
}

static void
put_incidents (Md *md, ReportModel *model)
{
    g_autoptr (GArray) incidents = report_model_incidents (model);

    if (incidents->len == 0)
        return;
    put_heading (md, _("Incidents"));
    put_text (md, report_incident_comfort ());
    writer_puts (md->writer, "\n\n");
    for (guint i = 0; i < MIN (incidents->len, TOP_DEFAULT); i++) {
        writer_puts (md->writer, "- ");
        put_text (md, report_incident_text (&g_array_index (incidents, ReportIncident, i), md->page.arena));
        writer_putc (md->writer, '\n');
    }
}

static void
put_head (Md *md, ReportModel *model)
{
    const ReportContext *context = report_model_context (model);
    char now[SPOKEN_SIZE];
    const char *change = report_change_text (report_model_change (model), md->page.arena);

    writer_printf (md->writer, "# %s %s\n\n", _("Bounce report"), spoken_day (context->now, now));
    writer_printf (md->writer, P_ ("%s message read", "%s messages read", context->messages),
                   page_number (&md->page, context->messages));
    writer_puts (md->writer, " · ");
    writer_printf (md->writer, P_ ("%s bounce", "%s bounces", context->bounces),
                   page_number (&md->page, context->bounces));
    writer_puts (md->writer, " · ");
    writer_printf (md->writer, P_ ("%s not understood", "%s not understood", context->unparsed),
                   page_number (&md->page, context->unparsed));
    writer_putc (md->writer, '\n');
    if (*change)
        writer_printf (md->writer, "\n%s\n", change);
}

static void
put_decisions (Md *md, ReportModel *model)
{
    put_heading (md, _("Addresses"));
    for (int kind = N_DECISIONS - 1; kind >= 0; kind--) {
        guint64 n = report_model_decisions (model, (DecisionKind) kind);

        if (n > 0)
            writer_printf (md->writer, "- %s %s\n", page_number (&md->page, n), decision_label ((DecisionKind) kind));
    }
}

void
report_md_write (Writer *writer, ReportModel *model, guint top)
{
    g_autoptr (Arena) arena = arena_new ();
    Md md = {.page = {.arena = arena, .unicode = TRUE}, .writer = writer};
    guint rows = top == 0 ? TOP_DEFAULT : top;

    put_head (&md, model);
    if (report_model_total (model)->events == 0) {
        writer_printf (writer, "\n%s\n", _("No bounce was found."));
        return;
    }
    put_incidents (&md, model);
    put_decisions (&md, model);
    put_blocks (&md, model);
    put_table (&md, model, REPORT_BY_PROVIDER, _("Providers"), rows);
    put_table (&md, model, REPORT_BY_DOMAIN, _("Domains"), rows);
    put_table (&md, model, REPORT_BY_STATUS, _("Codes"), rows);
    put_table (&md, model, REPORT_BY_REASON, _("Reasons"), rows);
}
