/* SPDX-License-Identifier: MIT */
#include "report/report_sections.h"

#include "base/date.h"
#include "base/i18n.h"
#include "base/spoken.h"
#include "base/text.h"
#include "report/reason_text.h"
#include "report/report_blocks.h"
#include <stdlib.h>
#include <string.h>

#define INCIDENTS 10 /* shown; --format=json has all */
#define INDENT 2
#define GAP 2
#define BAR_WANTED 8
#define BAR_MINIMUM 4    /* where names are long; narrower says nothing */
#define NARROW 72        /* pages below this have no bars: names matter more */
#define BAR_MAXIMUM 30
#define ROW_CODES 3 /* codes below a provider */

static Ink
type_ink (EventType type)
{
    switch (type) {
    case TYPE_HARD:
        return INK_RED;
    case TYPE_SOFT:
        return INK_YELLOW;
    case TYPE_BLOCK:
        return INK_BLUE;
    default:
        return INK_PLAIN;
    }
}

/* --- a table: a key, some figures, and the rest of the line ------------------------------------------------------------ */

typedef struct {
    const char *heading;
    Ink ink;
    guint width;
} Figure;

#define MAX_FIGURES 6

typedef struct {
    Page *page;
    Figure figures[MAX_FIGURES];
    guint n_figures;
    guint key_width;
    guint rest;       /* columns behind the figures */
    const char *none; /* what stands for an empty key */
} Grid;

static void
grid_figure (Grid *grid, const char *heading, Ink ink, guint64 largest)
{
    Figure *figure = &grid->figures[grid->n_figures++];

    figure->heading = heading;
    figure->ink = ink;
    figure->width = MAX (columns_of (heading), columns_of (page_number (grid->page, largest)));
}

/* The key gets what it needs, as long as `wanted` columns stay for what follows the figures. */
static void
grid_fit (Grid *grid, guint key_needs, guint wanted)
{
    guint figures = INDENT, room;

    for (guint i = 0; i < grid->n_figures; i++)
        figures += GAP + grid->figures[i].width;
    room = grid->page->width > figures + wanted ? grid->page->width - figures - wanted : 0;
    grid->key_width = CLAMP (key_needs, 8, MAX (room, 8));
    figures += grid->key_width + GAP;
    grid->rest = grid->page->width > figures ? grid->page->width - figures : 0;
}

static void
grid_heading (Grid *grid, const char *title)
{
    guint columns = columns_of (title);

    page_text (grid->page, INK_BOLD, title);
    page_spaces (grid->page, INDENT + grid->key_width > columns ? INDENT + grid->key_width - columns : 0);
    for (guint i = 0; i < grid->n_figures; i++) {
        page_spaces (grid->page, GAP);
        page_cell (grid->page, INK_DIM, grid->figures[i].heading, grid->figures[i].width, TRUE);
    }
    page_end (grid->page);
}

static void
grid_key (Grid *grid, const char *key)
{
    page_spaces (grid->page, INDENT);
    page_cell (grid->page, INK_PLAIN, *key ? key : grid->none, grid->key_width, FALSE);
}

static void
grid_number (Grid *grid, guint figure, guint64 number)
{
    page_spaces (grid->page, GAP);
    if (number == 0)
        page_cell (grid->page, INK_DIM, grid->page->unicode ? "·" : "-", grid->figures[figure].width, TRUE);
    else
        page_cell (grid->page, grid->figures[figure].ink, page_number (grid->page, number), grid->figures[figure].width,
                   TRUE);
}

static guint
key_needs (const Grid *grid, const ReportRow *rows, guint n, const char *title)
{
    guint needs = MAX (columns_of (title), INDENT) - INDENT;

    for (guint i = 0; i < n; i++)
        needs = MAX (needs, columns_of (columns_fit (grid->page, *rows[i].key ? rows[i].key : grid->none, 40)));
    return needs;
}

static guint64
failures (const ReportRow *row)
{
    return row->by_type[TYPE_HARD] + row->by_type[TYPE_SOFT] + row->by_type[TYPE_BLOCK];
}

/* The five figures that every table of keys has. */
static void
grid_type_figures (Grid *grid, const ReportRow *rows, guint n)
{
    guint64 most[5] = {0};

    for (guint i = 0; i < n; i++) {
        most[0] = MAX (most[0], rows[i].events);
        most[1] = MAX (most[1], rows[i].recipients);
        most[2] = MAX (most[2], rows[i].by_type[TYPE_HARD]);
        most[3] = MAX (most[3], rows[i].by_type[TYPE_SOFT]);
        most[4] = MAX (most[4], rows[i].by_type[TYPE_BLOCK]);
    }
    grid_figure (grid, _("events"), INK_PLAIN, most[0]);
    grid_figure (grid, _("addresses"), INK_PLAIN, most[1]);
    grid_figure (grid, type_label (TYPE_HARD), type_ink (TYPE_HARD), most[2]);
    grid_figure (grid, type_label (TYPE_SOFT), type_ink (TYPE_SOFT), most[3]);
    grid_figure (grid, type_label (TYPE_BLOCK), type_ink (TYPE_BLOCK), most[4]);
}

static void
grid_type_numbers (Grid *grid, const ReportRow *row)
{
    grid_number (grid, 0, row->events);
    grid_number (grid, 1, row->recipients);
    grid_number (grid, 2, row->by_type[TYPE_HARD]);
    grid_number (grid, 3, row->by_type[TYPE_SOFT]);
    grid_number (grid, 4, row->by_type[TYPE_BLOCK]);
}

static guint
bar_room (const Page *page)
{
    return page->width < NARROW ? 0 : GAP + BAR_WANTED;
}

/* With a bar behind the figures, a short one where a name would be cut otherwise. */
static void
grid_fit_bar (Grid *grid, guint key_needs)
{
    grid_fit (grid, key_needs, bar_room (grid->page));
    if (grid->key_width < key_needs && bar_room (grid->page) > 0)
        grid_fit (grid, key_needs, GAP + BAR_MINIMUM);
}

static void
grid_bar (Grid *grid, guint64 value, guint64 maximum, Ink ink)
{
    const char *bar = page_bar (grid->page, value, maximum, MIN (grid->rest, BAR_MAXIMUM));

    if (*bar && grid->rest >= BAR_MINIMUM) {
        page_spaces (grid->page, GAP);
        page_text (grid->page, ink, bar);
    }
    page_end (grid->page);
}

static void
more (Page *page, guint64 hidden, const char *by)
{
    if (hidden == 0)
        return;
    page_spaces (page, INDENT);
    page_text (
        page, INK_DIM,
        arena_printf (page->arena, _("and %s more: --format=csv --by=%s"), page_number (page, hidden), by));
    page_end (page);
}

/* --- sections --------------------------------------------------------------------------------------------------------- */

/* The page that an answer names, in its own words: where to ask to be let in again. Never cut. */
static void
put_page (Page *page, const ReportCode *code, guint indent)
{
    if (!*code->page)
        return;
    page_spaces (page, indent);
    page_text (page, INK_PLAIN, _("The answer names:"));
    if (indent + columns_of (_("The answer names:")) + 1 + columns_of (code->page) > page->width) {
        page_end (page);
        page_spaces (page, indent);
    } else {
        page_text (page, INK_PLAIN, " ");
    }
    page_wrap (page, INK_BOLD, code->page, indent, 0);
}

/* How often and when, in whose words (`lines` of them at most), and what to do about it. */
static void
put_code_story (Page *page, const ReportCode *code, guint indent, guint lines)
{
    char first[SPOKEN_SIZE], last[SPOKEN_SIZE];

    spoken_day (code->first_seen, first);
    spoken_day (code->last_seen, last);
    page_spaces (page, indent);
    page_text (page, INK_PLAIN,
               arena_printf (page->arena, P_ ("%s event", "%s events", code->events),
                             page_number (page, code->events)));
    page_text (page, INK_PLAIN,
               arena_printf (page->arena, P_ (", %s address", ", %s addresses", code->recipients),
                             page_number (page, code->recipients)));
    if (*first && strcmp (first, last) == 0)
        page_text (page, INK_PLAIN, arena_printf (page->arena, _(", on %s"), first));
    else if (*first)
        page_text (page, INK_PLAIN, arena_printf (page->arena, _(", from %s to %s"), first, last));
    page_end (page);
    if (*code->sample) {
        page_spaces (page, indent);
        page_wrap (page, INK_DIM, code->sample, indent, lines);
    }
    page_spaces (page, indent);
    page_text (page, INK_PLAIN, page->unicode ? "→  " : "-> ");
    page_wrap (page, INK_PLAIN, reason_advice (code->reason), indent + 3, 0);
    put_page (page, code, indent + 3);
}

static void
put_block (Page *page, const ReportBlock *block)
{
    const ReportCode *code = block->code;
    const char *what, *name;
    guint room;

    name = *block->row->key ? block->row->key : _("(domain not known)");
    room = page->width - 3 * INDENT; /* half of it for the reason, more where the name leaves more */
    what = columns_fit (page, arena_printf (page->arena, "%s%s%s", code->code, *code->code ? " " : "",
                                            reason_label (code->reason)),
                        MAX (room / 2, room - MIN (room, columns_of (columns_fit (page, name, room)))));
    page_spaces (page, INDENT);
    page_text (page, INK_BOLD, columns_fit (page, name, page->width - 2 * INDENT - columns_of (what)));
    page_spaces (page, INDENT);
    page_text (page, INK_BLUE, what);
    page_end (page);
    put_code_story (page, code, INDENT + 2, 2);
}

void
section_incidents (Page *page, ReportModel *model)
{
    g_autoptr (GArray) incidents = report_model_incidents (model);

    if (incidents->len == 0)
        return;
    page_text (page, INK_BOLD, _("Incidents"));
    page_end (page);
    for (guint i = 0; i < MIN (incidents->len, INCIDENTS); i++) {
        const char *text = report_incident_text (&g_array_index (incidents, ReportIncident, i), page->arena);
        g_autofree char *kept = g_strdup (text_printable (page->arena, text, !page->unicode));

        page_spaces (page, INDENT);
        page_wrap (page, INK_PLAIN, kept, INDENT, 0);
    }
    page_spaces (page, INDENT);
    page_wrap (page, INK_DIM, report_incident_comfort (), INDENT, 0);
    page_end (page);
}

void
section_blocks (Page *page, ReportModel *model, guint top)
{
    g_autoptr (GArray) blocks = report_blocks (model);

    if (blocks->len == 0)
        return;
    page_text (page, INK_BOLD, _("Problems: who refuses us"));
    page_end (page);
    for (guint i = 0; i < MIN (blocks->len, top); i++)
        put_block (page, &g_array_index (blocks, ReportBlock, i));
    more (page, blocks->len > top ? blocks->len - top : 0, "domain");
    page_end (page);
}

static void
put_provider_codes (Page *page, const ReportRow *row)
{
    guint shown = 0;

    for (guint i = 0; i < row->n_codes && shown < ROW_CODES; i++) {
        const ReportCode *code = &row->codes[i];
        guint column = INDENT + 2 + 8 + 7;

        if (code->type != TYPE_HARD && code->type != TYPE_SOFT && code->type != TYPE_BLOCK)
            continue;
        shown++;
        page_spaces (page, INDENT + 2);
        page_cell (page, type_ink (code->type), *code->code ? code->code : "-", 8, FALSE);
        page_cell (page, INK_DIM, page_share (page, code->events, row->events), 6, TRUE);
        page_spaces (page, 1);
        page_wrap (page, INK_DIM, *code->sample ? code->sample : reason_label (code->reason), column, 1);
    }
}

void
section_providers (Page *page, ReportModel *model, guint top)
{
    guint n, shown;
    const ReportRow *rows = report_model_rows (model, REPORT_BY_PROVIDER, &n);
    Grid grid = {.page = page, .none = _("(not known)")};
    guint64 most = 0;

    if (n == 0)
        return;
    shown = MIN (n, top);
    grid_type_figures (&grid, rows, shown);
    grid_fit_bar (&grid, key_needs (&grid, rows, shown, _("Providers")));
    grid_heading (&grid, _("Providers"));
    for (guint i = 0; i < shown; i++)
        most = MAX (most, rows[i].events);
    for (guint i = 0; i < shown; i++) {
        grid_key (&grid, rows[i].key);
        grid_type_numbers (&grid, &rows[i]);
        grid_bar (&grid, rows[i].events, most,
                  rows[i].by_type[TYPE_BLOCK] * 2 > failures (&rows[i]) ? INK_BLUE : INK_PLAIN);
        put_provider_codes (page, &rows[i]);
    }
    more (page, n - shown, report_by_word (REPORT_BY_PROVIDER));
    page_end (page);
}

#define DEEP_CODES 5

static void
put_deep_code (Page *page, const ReportCode *code, const ReportRow *row)
{
    page_spaces (page, INDENT + 2);
    page_cell (page, type_ink (code->type), *code->code ? code->code : "-", 8, FALSE);
    page_cell (page, INK_PLAIN, page_share (page, code->events, row->events), 6, TRUE);
    page_spaces (page, GAP);
    page_text (page, type_ink (code->type), type_label (code->type));
    page_text (page, INK_PLAIN, ", ");
    page_text (page, INK_PLAIN, reason_label (code->reason));
    page_end (page);
    put_code_story (page, code, INDENT + 4, 3);
}

/* What the table has no column for: how many reports, since when, and whether it gets better or worse. */
static void
put_provider_facts (Page *page, ReportModel *model, const ReportRow *row)
{
    g_autoptr (GString) text = g_string_new (NULL);
    ReportChange change = report_model_provider_change (model, row->key);
    char first[SPOKEN_SIZE], last[SPOKEN_SIZE], number[SPOKEN_SIZE];
    const char *trend;

    if (row->messages > 0)
        g_string_append_printf (text, P_ ("told by %s message", "told by %s messages", row->messages),
                                spoken_number (row->messages, " ", number));
    spoken_day (row->first_seen, first);
    spoken_day (row->last_seen, last);
    if (*first && text->len > 0)
        g_string_append (text, _(", "));
    if (*first && strcmp (first, last) == 0)
        g_string_append_printf (text, _("on %s"), first);
    else if (*first)
        g_string_append_printf (text, _("from %s to %s"), first, last);
    page_spaces (page, INDENT + 2);
    page_wrap (page, INK_PLAIN, text->str, INDENT + 2, 0);
    trend = report_change_text (&change, page->arena);
    if (*trend) {
        g_autofree char *kept = g_strdup (trend);

        page_spaces (page, INDENT + 2);
        page_wrap (page, INK_PLAIN, kept, INDENT + 2, 0);
    }
}

void
section_providers_deep (Page *page, ReportModel *model, guint top)
{
    guint n, shown;
    const ReportRow *rows = report_model_rows (model, REPORT_BY_PROVIDER, &n);
    Grid grid = {.page = page, .none = _("(not known)")};

    shown = MIN (n, top);
    grid_type_figures (&grid, rows, shown);
    grid_fit_bar (&grid, key_needs (&grid, rows, shown, _("Providers")));
    grid_heading (&grid, _("Providers"));
    for (guint i = 0; i < shown; i++) {
        grid_key (&grid, rows[i].key);
        grid_type_numbers (&grid, &rows[i]);
        grid_bar (&grid, rows[i].events, rows[0].events, INK_PLAIN);
        put_provider_facts (page, model, &rows[i]);
        for (guint c = 0; c < MIN (rows[i].n_codes, DEEP_CODES); c++)
            put_deep_code (page, &rows[i].codes[c], &rows[i]);
        page_end (page);
    }
    more (page, n - shown, report_by_word (REPORT_BY_PROVIDER));
}

void
section_keys (Page *page, ReportModel *model, ReportBy by, const char *title, guint top)
{
    guint n, shown;
    const ReportRow *rows = report_model_rows (model, by, &n);
    Grid grid = {.page = page, .none = _("(not known)")};

    if (n == 0)
        return;
    shown = MIN (n, top);
    grid_type_figures (&grid, rows, shown);
    grid_fit_bar (&grid, key_needs (&grid, rows, shown, title));
    grid_heading (&grid, title);
    for (guint i = 0; i < shown; i++) {
        grid_key (&grid, rows[i].key);
        grid_type_numbers (&grid, &rows[i]);
        grid_bar (&grid, rows[i].events, rows[0].events, INK_PLAIN);
    }
    more (page, report_model_keys (model, by) - shown, report_by_word (by));
    page_end (page);
}

/* Room for the longest name of a type and the gap behind it. */
static guint
type_columns (void)
{
    guint columns = 0;

    for (guint type = 0; type < N_TYPES; type++)
        columns = MAX (columns, columns_of (type_label ((EventType) type)));
    return columns + 2;
}

/* The head of a table of events and addresses with `rest` columns of words behind them. `rows` by events, at least one. */
static void
grid_counts (Grid *grid, const ReportRow *rows, guint shown, const char *title, guint rest)
{
    guint64 recipients = 0;

    for (guint i = 0; i < shown; i++)
        recipients = MAX (recipients, rows[i].recipients);
    grid_figure (grid, _("events"), INK_PLAIN, rows[0].events);
    grid_figure (grid, _("addresses"), INK_PLAIN, recipients);
    grid_fit (grid, key_needs (grid, rows, shown, title), rest);
    grid_heading (grid, title);
}

void
section_codes (Page *page, ReportModel *model, guint top)
{
    guint n, shown;
    const ReportRow *rows = report_model_rows (model, REPORT_BY_STATUS, &n);
    Grid grid = {.page = page, .none = _("(no code)")};

    if (n == 0)
        return;
    shown = MIN (n, top);
    grid_counts (&grid, rows, shown, _("Codes"), page->width / 2);
    for (guint i = 0; i < shown; i++) {
        const ReportCode *main = &rows[i].codes[0];
        const char *key = rows[i].key, *meaning = report_model_meaning (model, key);
        guint column = page->width - grid.rest;

        grid_key (&grid, key);
        grid_number (&grid, 0, rows[i].events);
        grid_number (&grid, 1, rows[i].recipients);
        page_spaces (page, GAP);
        page_cell (page, type_ink (main->type), *key ? type_label (main->type) : "", type_columns (), FALSE);
        page_wrap (page, INK_PLAIN, !*key ? _("The report names no code: complaints, automatic answers, words alone.")
                                    : *meaning ? _(meaning) : reason_label (main->reason), column + type_columns (), 4);
    }
    more (page, n - shown, report_by_word (REPORT_BY_STATUS));
    page_end (page);
}

void
section_reasons (Page *page, ReportModel *model, guint top)
{
    guint n, shown;
    const ReportRow *rows = report_model_rows (model, REPORT_BY_REASON, &n);
    Grid grid = {.page = page, .none = _("(not known)")};

    if (n == 0)
        return;
    shown = MIN (n, top);
    grid_counts (&grid, rows, shown, _("Reasons"), page->width / 5 * 2);
    for (guint i = 0; i < shown; i++) {
        Reason reason = REASON_UNKNOWN;
        const ReportCode *main = &rows[i].codes[0];

        reason_parse (rows[i].key, &reason);
        grid_key (&grid, rows[i].key);
        grid_number (&grid, 0, rows[i].events);
        grid_number (&grid, 1, rows[i].recipients);
        page_spaces (page, GAP);
        page_cell (page, type_ink (main->type), type_label (main->type), type_columns (), FALSE);
        page_wrap (page, INK_PLAIN, reason_label (reason), page->width - grid.rest + type_columns (), 2);
    }
    more (page, n - shown, report_by_word (REPORT_BY_REASON));
    page_end (page);
}

static guint
day_columns (void)
{
    char text[SPOKEN_SIZE];

    return columns_of (spoken_day (0, text));
}

#define MONTHS 12
#define MONTHS_FROM_DAYS 45 /* a shorter span is told by its days */

/* Months since year 0 of a day's key, -1 when the day is not known. */
static int
month_of (const char *day)
{
    return *day ? (int) strtol (day, NULL, 10) * 12 + (int) strtol (day + 5, NULL, 10) - 1 : -1;
}

/* Without addresses: how many different ones a month had cannot be told from its days. */
void
section_months (Page *page, ReportModel *model)
{
    guint n;
    const ReportRow *rows = report_model_rows (model, REPORT_BY_DAY, &n), *total = report_model_total (model);
    ReportRow months[MONTHS] = {0};
    Grid grid = {.page = page};
    guint64 most[5] = {0};
    int last, first;

    if (total->first_seen == DATE_NONE || total->last_seen - total->first_seen < MONTHS_FROM_DAYS * 86400)
        return;
    last = month_of (rows[n - 1].key);
    first = last;
    for (guint i = n; i > 0 && month_of (rows[i - 1].key) > last - MONTHS; i--) {
        ReportRow *month = &months[MONTHS - 1 - (last - month_of (rows[i - 1].key))];

        first = month_of (rows[i - 1].key);
        month->events += rows[i - 1].events;
        for (guint type = 0; type < N_TYPES; type++)
            month->by_type[type] += rows[i - 1].by_type[type];
    }
    for (guint i = 0; i < MONTHS; i++) {
        most[0] = MAX (most[0], months[i].events);
        most[1] = MAX (most[1], months[i].by_type[TYPE_HARD]);
        most[2] = MAX (most[2], months[i].by_type[TYPE_SOFT]);
        most[3] = MAX (most[3], months[i].by_type[TYPE_BLOCK]);
        most[4] = MAX (most[4], failures (&months[i]));
    }
    grid_figure (&grid, _("events"), INK_PLAIN, most[0]);
    grid_figure (&grid, type_label (TYPE_HARD), type_ink (TYPE_HARD), most[1]);
    grid_figure (&grid, type_label (TYPE_SOFT), type_ink (TYPE_SOFT), most[2]);
    grid_figure (&grid, type_label (TYPE_BLOCK), type_ink (TYPE_BLOCK), most[3]);
    grid_fit_bar (&grid, MAX (day_columns (), columns_of (_("Months"))));
    grid_heading (&grid, _("Months"));
    for (int at = first; at <= last; at++) {
        const ReportRow *month = &months[MONTHS - 1 - (last - at)];

        char text[SPOKEN_SIZE];

        grid_key (&grid, spoken_month (at / 12, at % 12 + 1, text));
        grid_number (&grid, 0, month->events);
        grid_number (&grid, 1, month->by_type[TYPE_HARD]);
        grid_number (&grid, 2, month->by_type[TYPE_SOFT]);
        grid_number (&grid, 3, month->by_type[TYPE_BLOCK]);
        grid_bar (&grid, failures (month), most[4], INK_PLAIN);
    }
    page_end (page);
}

/* Every day of the span, also those without an event: a hole in a chart is a finding. */
void
section_days (Page *page, ReportModel *model, guint days)
{
    guint n, at;
    const ReportRow *rows = report_model_rows (model, REPORT_BY_DAY, &n);
    Grid grid = {.page = page, .none = _("(not known)")};
    gint64 last, first;
    guint64 most = 0;

    if (n == 0 || rows[n - 1].last_seen == DATE_NONE)
        return;
    last = date_day (rows[n - 1].last_seen);
    first = last - (gint64) days + 1;
    for (at = n; at > 0 && rows[at - 1].last_seen != DATE_NONE && date_day (rows[at - 1].last_seen) >= first; at--)
        most = MAX (most, failures (&rows[at - 1]));
    first = MAX (first, date_day (rows[at].last_seen));
    grid_type_figures (&grid, rows + at, n - at);
    grid_fit_bar (&grid, MAX (day_columns (), columns_of (_("Days"))));
    grid_heading (&grid, _("Days"));
    for (gint64 day = first; day <= last; day++) {
        static const ReportRow nothing;
        const ReportRow *row = at < n && date_day (rows[at].last_seen) == day ? &rows[at++] : &nothing;
        char text[SPOKEN_SIZE];

        grid_key (&grid, spoken_day (day * 86400, text));
        grid_type_numbers (&grid, row);
        grid_bar (&grid, failures (row), most, INK_PLAIN);
    }
    page_end (page);
}
