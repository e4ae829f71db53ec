/* SPDX-License-Identifier: MIT */
#include "report/html_sections.h"

#include "base/date.h"
#include "base/i18n.h"
#include "base/spoken.h"
#include "base/text.h"
#include "report/reason_text.h"
#include "report/report_blocks.h"
#include "report/svg.h"
#include <string.h>

#define ROW_CODES 5
#define QUOTE_BYTES 300

/* What is drawn of a row's events, in the order of the stack. */
static const EventType drawn_types[] = {TYPE_HARD, TYPE_SOFT, TYPE_BLOCK};
static const char *const drawn_classes[] = {"hard", "soft", "block"};

/* --- shared ----------------------------------------------------------------------------------------------------------- */

void
html_section (Html *html, const char *id, const char *title, const char *lead)
{
    html_open (html, "section", "id", id, NULL);
    html_leaf (html, "h2", NULL, title);
    if (lead)
        html_leaf (html, "p", "lead", lead);
}

void
html_chip (Html *html, EventType type)
{
    const char *class = arena_printf (html->arena, "chip %s", event_type_word (type));

    html_leaf (html, "span", class, type_label (type));
}

void
html_span_of_days (Html *html, gint64 first, gint64 last)
{
    char from[SPOKEN_SIZE], to[SPOKEN_SIZE];

    spoken_day (first, from);
    spoken_day (last, to);
    if (*from)
        html_words (html, strcmp (from, to) == 0 ? arena_printf (html->arena, _("on %s"), from)
                                                : arena_printf (html->arena, _("from %s to %s"), from, to));
}

void
html_more (Html *html, guint64 hidden, const char *command)
{
    if (hidden == 0)
        return;
    html_open (html, "p", "class", "more", NULL);
    html_words (html, arena_printf (html->arena, P_ ("and %s more:", "and %s more:", hidden),
                                    html_number (html, hidden)));
    html_words (html, " ");
    html_leaf (html, "code", NULL, command);
    html_close (html);
}

const char *
html_key (const char *key)
{
    return *key ? key : _("(not known)");
}

static void
put_quote (Html *html, const char *text)
{
    gsize bytes = text_cut (text, strlen (text), QUOTE_BYTES);

    if (*text)
        html_leaf (html, "q", "mail", arena_printf (html->arena, "%.*s%s", (int) bytes, text, text[bytes] ? "…" : ""));
}

static void
put_events (Html *html, guint64 events, guint64 recipients)
{
    html_words (html, arena_printf (html->arena, P_ ("%s event", "%s events", events), html_number (html, events)));
    html_words (html, arena_printf (html->arena, P_ (", %s address", ", %s addresses", recipients),
                                   html_number (html, recipients)));
}

/* --- incidents -------------------------------------------------------------------------------------------------------- */

#define INCIDENTS 10

void
html_incidents (Html *html, ReportModel *model)
{
    g_autoptr (GArray) incidents = report_model_incidents (model);

    if (incidents->len == 0)
        return;
    html_section (html, "incidents", _("Incidents"), report_incident_comfort ());
    html_open (html, "ol", "class", "incidents", NULL);
    for (guint i = 0; i < MIN (incidents->len, INCIDENTS); i++)
        html_leaf (html, "li", "mail",
                   report_incident_text (&g_array_index (incidents, ReportIncident, i), html->arena));
    html_close (html);
    html_close (html);
}

/* --- who refuses us --------------------------------------------------------------------------------------------------- */

/* What to do; where an answer names a page, its own words. */
static void
put_advice (Html *html, const ReportCode *code)
{
    html_open (html, "p", "class", "advice", NULL);
    html_words (html, reason_advice (code->reason));
    if (*code->page) {
        html_words (html, " ");
        html_words (html, _("The answer names:"));
        html_words (html, " ");
        html_leaf (html, "span", "mail", code->page);
    }
    html_close (html);
}

static void
put_block (Html *html, const ReportBlock *block)
{
    const ReportCode *code = block->code;
    html_open (html, "li", NULL);
    html_open (html, "h3", NULL);
    html_leaf (html, "span", "mail", *block->row->key ? block->row->key : _("(domain not known)"));
    if (*code->code)
        html_leaf (html, "span", "code", code->code);
    html_words (html, reason_label (code->reason));
    html_close (html);
    html_open (html, "p", "class", "facts", NULL);
    put_events (html, code->events, code->recipients);
    html_words (html, _(", "));
    html_span_of_days (html, code->first_seen, code->last_seen);
    html_close (html);
    if (*code->sample) {
        html_open (html, "p", NULL);
        put_quote (html, code->sample);
        html_close (html);
    }
    put_advice (html, code);
    html_close (html);
}

void
html_blocks (Html *html, ReportModel *model, guint top)
{
    g_autoptr (GArray) blocks = report_blocks (model);

    if (blocks->len == 0)
        return;
    html_section (html, "blocks", _("Who refuses us"),
                  _("These answers are about the sender or the message. The addresses are fine and stay on the list."));
    html_open (html, "ol", "class", "blocks", NULL);
    for (guint i = 0; i < MIN (blocks->len, top); i++)
        put_block (html, &g_array_index (blocks, ReportBlock, i));
    html_close (html);
    html_more (html, blocks->len > top ? blocks->len - top : 0, "nixie report --format=csv --by=domain");
    html_close (html);
}

/* --- providers -------------------------------------------------------------------------------------------------------- */

static void
put_provider_codes (Html *html, const ReportRow *row)
{
    html_open (html, "ul", "class", "codes", NULL);
    for (guint i = 0; i < MIN (row->n_codes, ROW_CODES); i++) {
        const ReportCode *code = &row->codes[i];

        html_open (html, "li", NULL);
        html_open (html, "p", "class", "facts", NULL);
        html_chip (html, code->type);
        html_leaf (html, "span", "code", *code->code ? code->code : _("(no code)"));
        html_leaf (html, "b", NULL, reason_label (code->reason));
        html_words (html, " · ");
        html_words (html, html_share (html, code->events, row->events));
        html_words (html, " · ");
        put_events (html, code->events, code->recipients);
        html_words (html, _(", "));
        html_span_of_days (html, code->first_seen, code->last_seen);
        html_close (html);
        if (*code->sample) {
            html_open (html, "p", NULL);
            put_quote (html, code->sample);
            html_close (html);
        }
        put_advice (html, code);
        html_close (html);
    }
    html_close (html);
}

static void
put_bar (Html *html, const ReportRow *row, guint64 most)
{
    guint64 values[G_N_ELEMENTS (drawn_types)];
    g_autoptr (GString) label = g_string_new (NULL);

    for (guint i = 0; i < G_N_ELEMENTS (drawn_types); i++) {
        values[i] = row->by_type[drawn_types[i]];
        g_string_append_printf (label, "%s%s %s", i ? ", " : "", type_label (drawn_types[i]),
                                html_number (html, values[i]));
    }
    svg_bar (html, label->str, drawn_classes, G_N_ELEMENTS (drawn_types), values, most);
}

static guint64
failures (const ReportRow *row)
{
    guint64 sum = 0;

    for (guint i = 0; i < G_N_ELEMENTS (drawn_types); i++)
        sum += row->by_type[drawn_types[i]];
    return sum;
}

static guint64
most_failures (const ReportRow *rows, guint n)
{
    guint64 most = 1;

    for (guint i = 0; i < n; i++)
        most = MAX (most, failures (&rows[i]));
    return most;
}

static void
put_figures (Html *html, const ReportRow *row)
{
    html_open (html, "span", "class", "figures", NULL);
    for (guint i = 0; i < G_N_ELEMENTS (drawn_types); i++)
        if (row->by_type[drawn_types[i]] > 0)
            html_leaf (html, "span", arena_printf (html->arena, "figure %s", drawn_classes[i]),
                       arena_printf (html->arena, "%s %s", html_number (html, row->by_type[drawn_types[i]]),
                                     type_label (drawn_types[i])));
    html_leaf (html, "span", "figure",
               arena_printf (html->arena, P_ ("%s address", "%s addresses", row->recipients),
                             html_number (html, row->recipients)));
    html_close (html);
}

static void
put_provider_facts (Html *html, ReportModel *model, const ReportRow *row)
{
    ReportChange change = report_model_provider_change (model, row->key);
    const char *trend = report_change_text (&change, html->arena);

    html_open (html, "p", "class", "facts", NULL);
    html_span_of_days (html, row->first_seen, row->last_seen);
    if (*trend)
        html_words (html, arena_printf (html->arena, " · %s", trend));
    html_close (html);
}

void
html_providers (Html *html, ReportModel *model, guint top)
{
    guint n, shown;
    const ReportRow *rows = report_model_rows (model, REPORT_BY_PROVIDER, &n);
    guint64 most;

    if (n == 0)
        return;
    shown = MIN (n, top);
    most = most_failures (rows, shown);
    html_section (html, "providers", _("Providers"), _("Open a provider for its main codes and their wording."));
    for (guint i = 0; i < shown; i++) {
        html_open (html, "details", "class", "row", NULL);
        html_open (html, "summary", NULL);
        html_leaf (html, "span", "name mail", html_key (rows[i].key));
        put_figures (html, &rows[i]);
        put_bar (html, &rows[i], most);
        html_close (html);
        put_provider_facts (html, model, &rows[i]);
        put_provider_codes (html, &rows[i]);
        html_close (html);
    }
    html_more (html, n - shown, "nixie report --format=csv --by=provider");
    html_close (html);
}

/* --- code × provider -------------------------------------------------------------------------------------------------- */

#define HEAT_CODES 12
#define HEAT_PROVIDERS 8
#define HEAT_LEVELS 5

static guint64
events_of_code (const ReportRow *row, const char *code)
{
    guint64 events = 0;

    for (guint i = 0; i < row->n_codes; i++)
        if (g_str_equal (row->codes[i].code, code))
            events += row->codes[i].events;
    return events;
}

static guint
bits (guint64 value)
{
    guint n = 0;

    for (; value > 0; value >>= 1)
        n++;
    return n;
}

typedef struct {
    guint64 least, most; /* of the cells that are not 0 */
} Heat;

/* 0 for nothing, else 1 to HEAT_LEVELS by the logarithm: one heavy cell must not pale all the others. */
static guint
heat_level (const Heat *heat, guint64 value)
{
    guint range = bits (heat->most) - bits (heat->least);

    if (value == 0)
        return 0;
    return range == 0 ? 1 : 1 + (HEAT_LEVELS - 1) * (bits (value) - bits (heat->least)) / range;
}

static void
put_heat_row (Html *html, const char *code, const ReportRow *providers, guint n, const Heat *heat)
{
    html_open (html, "tr", NULL);
    html_open (html, "th", "scope", "row", NULL);
    html_words (html, *code ? code : _("(no code)"));
    html_close (html);
    for (guint i = 0; i < n; i++) {
        guint64 events = events_of_code (&providers[i], code);

        html_leaf (html, "td", arena_printf (html->arena, "heat%u", heat_level (heat, events)),
                   events ? html_number (html, events) : "·");
    }
    html_close (html);
}

void
html_heat (Html *html, ReportModel *model)
{
    guint n_codes, n_providers;
    const ReportRow *codes = report_model_rows (model, REPORT_BY_STATUS, &n_codes);
    const ReportRow *providers = report_model_rows (model, REPORT_BY_PROVIDER, &n_providers);
    Heat heat = {G_MAXUINT64, 0};

    if (n_providers < 2 || n_codes < 2)
        return; /* the other tables say it all */
    n_codes = MIN (n_codes, HEAT_CODES);
    n_providers = MIN (n_providers, HEAT_PROVIDERS);
    for (guint c = 0; c < n_codes; c++)
        for (guint p = 0; p < n_providers; p++) {
            guint64 events = events_of_code (&providers[p], codes[c].key);

            heat.most = MAX (heat.most, events);
            heat.least = events ? MIN (heat.least, events) : heat.least;
        }
    html_section (html, "heat", _("Codes by provider"), _("Events; the stronger the colour, the more."));
    html_open (html, "div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label",
               _("Codes by provider"), NULL);
    html_open (html, "table", "class", "heat", NULL);
    html_open (html, "tr", NULL);
    html_leaf (html, "th", NULL, _("code"));
    for (guint p = 0; p < n_providers; p++) {
        html_open (html, "th", "scope", "col", "class", "mail", NULL);
        html_words (html, html_key (providers[p].key));
        html_close (html);
    }
    html_close (html);
    for (guint c = 0; c < n_codes; c++)
        put_heat_row (html, codes[c].key, providers, n_providers, &heat);
    html_close (html);
    html_close (html);
    html_close (html);
}

/* --- domains, reasons, codes ------------------------------------------------------------------------------------------ */

void
html_domains (Html *html, ReportModel *model, guint top)
{
    guint n, shown;
    const ReportRow *rows = report_model_rows (model, REPORT_BY_DOMAIN, &n);
    guint64 most;

    if (n == 0)
        return;
    shown = MIN (n, top);
    most = most_failures (rows, shown);
    html_section (html, "domains", _("Domains"), NULL);
    html_open (html, "ul", "class", "rows", NULL);
    for (guint i = 0; i < shown; i++) {
        html_open (html, "li", "class", "row", NULL);
        html_leaf (html, "span", "name mail", html_key (rows[i].key));
        put_figures (html, &rows[i]);
        put_bar (html, &rows[i], most);
        html_close (html);
    }
    html_close (html);
    html_more (html, n - shown, "nixie report --format=csv --by=domain");
    html_close (html);
}

static void
put_heading_row (Html *html, const char *first, const char *last)
{
    html_open (html, "tr", NULL);
    html_open (html, "th", "scope", "col", NULL);
    html_words (html, first);
    html_close (html);
    html_leaf (html, "th", "number", _("events"));
    html_leaf (html, "th", "number", _("addresses"));
    html_open (html, "th", "scope", "col", NULL);
    html_words (html, last);
    html_close (html);
    html_close (html);
}

static void
put_counted_row (Html *html, const char *key, const ReportRow *row, const char *meaning)
{
    html_open (html, "tr", NULL);
    html_leaf (html, "td", "code", key);
    html_leaf (html, "td", "number", html_number (html, row->events));
    html_leaf (html, "td", "number", html_number (html, row->recipients));
    html_open (html, "td", "class", "meaning", NULL);
    if (*row->key)
        html_chip (html, row->codes[0].type); /* the chief one; events without a code are of every kind */
    html_words (html, meaning);
    html_close (html);
    html_close (html);
}

void
html_reasons (Html *html, ReportModel *model, guint top)
{
    guint n, shown;
    const ReportRow *rows = report_model_rows (model, REPORT_BY_REASON, &n);

    if (n == 0)
        return;
    shown = MIN (n, MAX (top, N_REASONS));
    html_section (html, "reasons", _("Reasons"), NULL);
    html_open (html, "table", NULL);
    put_heading_row (html, _("reason"), _("what it says"));
    for (guint i = 0; i < shown; i++) {
        Reason reason = REASON_UNKNOWN;

        reason_parse (rows[i].key, &reason);
        put_counted_row (html, rows[i].key, &rows[i], reason_label (reason));
    }
    html_close (html);
    html_close (html);
}

void
html_codes (Html *html, ReportModel *model, guint top)
{
    guint n, shown;
    const ReportRow *rows = report_model_rows (model, REPORT_BY_STATUS, &n);

    if (n == 0)
        return;
    shown = MIN (n, top);
    html_section (html, "codes", _("Codes"), NULL);
    html_open (html, "table", NULL);
    put_heading_row (html, _("code"), _("what it says"));
    for (guint i = 0; i < shown; i++) {
        const char *key = rows[i].key, *meaning = report_model_meaning (model, key);

        put_counted_row (html, *key ? key : _("(no code)"), &rows[i],
                         !*key ? _("The report names no code: complaints, automatic answers, words alone.")
                         : *meaning ? _(meaning) : reason_label (rows[i].codes[0].reason));
    }
    html_close (html);
    html_more (html, n - shown, "nixie report --format=csv --by=status");
    html_close (html);
}
