/* SPDX-License-Identifier: MIT */
#include "report/report_html.h"

#include "base/date.h"
#include "base/i18n.h"
#include "base/spoken.h"
#include "base/text.h"
#include "report/html.h"
#include "report/html_sections.h"
#include "report/reason_text.h"
#include "report/report_data.h"
#include <gio/gio.h>
#include <string.h>

#define TOP_DEFAULT 12
#define BLOCKS 6

/* Nothing may be fetched, run, framed or sent, whatever a message wrote into this file. */
#define POLICY "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

static void
put_style (Html *html)
{
    g_autoptr (GBytes) style = g_resource_lookup_data (report_data_get_resource (), "/nixie/report/report.css",
                                                       G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    gsize length = 0;
    const char *text = style ? g_bytes_get_data (style, &length) : "";

    html_open (html, "style", NULL);
    html_constant (html, text, length);
    html_close (html);
}

static void
put_head (Html *html, const char *title)
{
    html_open (html, "head", NULL);
    html_void (html, "meta", "charset", "utf-8", NULL);
    html_void (html, "meta", "http-equiv", "Content-Security-Policy", "content", POLICY, NULL);
    html_void (html, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1", NULL);
    html_void (html, "meta", "name", "referrer", "content", "no-referrer", NULL);
    html_void (html, "meta", "name", "robots", "content", "noindex", NULL);
    html_void (html, "meta", "name", "color-scheme", "content", "light dark", NULL);
    html_leaf (html, "title", NULL, title);
    put_style (html);
    html_close (html);
}

/* What was asked for, else what was found; `until` is the moment behind the last one. */
static void
put_span (Html *html, const ReportContext *context, const ReportRow *total)
{
    gint64 first = context->since != DATE_NONE ? context->since : total->first_seen;
    gint64 last = context->until != DATE_NONE ? context->until - 1 : total->last_seen;

    if (first == DATE_NONE || last == DATE_NONE)
        return;
    html_open (html, "p", "class", "span", NULL);
    html_span_of_days (html, first, last);
    html_close (html);
}

static void
put_tile (Html *html, const char *class, const char *figure, const char *name, const char *text)
{
    html_open (html, "li", "class", class, NULL);
    html_leaf (html, "b", NULL, figure);
    html_leaf (html, "span", "name", name);
    html_leaf (html, "span", "dim", text);
    html_close (html);
}

static void
put_tiles (Html *html, ReportModel *model, const ReportRow *total)
{
    static const EventType shown[] = {TYPE_HARD, TYPE_SOFT, TYPE_BLOCK, TYPE_COMPLAINT};
    const ReportContext *context = report_model_context (model);
    guint64 remove =
        report_model_decisions (model, DECISION_REMOVE) + report_model_decisions (model, DECISION_INACTIVE);

    html_open (html, "ul", "class", "tiles", NULL);
    for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
        if (total->by_type[shown[i]] > 0 || shown[i] != TYPE_COMPLAINT)
            put_tile (html, event_type_word (shown[i]), html_number (html, total->by_type[shown[i]]),
                      type_label (shown[i]), type_meaning (shown[i]));
    put_tile (html, "remove", html_number (html, remove), _("to remove"),
              arena_printf (html->arena, P_ ("of %s address", "of %s addresses", total->recipients),
                            html_number (html, total->recipients)));
    if (context->unparsed > 0)
        put_tile (html, "unknown", html_number (html, context->unparsed), _("not understood"),
                  arena_printf (html->arena, P_ ("of %s message", "of %s messages", context->messages),
                                html_number (html, context->messages)));
    html_close (html);
}

static void
put_footer (Html *html, const ReportContext *context)
{
    char now[SPOKEN_SIZE];

    html_open (html, "footer", NULL);
    html_open (html, "p", NULL);
    if (*spoken_minute (context->now, now))
        html_words (html, arena_printf (html->arena, _("Made on %s (UTC) by nixie."), now));
    if (!text_is_empty (context->rules_version)) {
        html_words (html, " ");
        html_words (html, arena_printf (html->arena, _("Rules %s."), context->rules_version));
    }
    if (!text_is_empty (context->psl_date)) {
        html_words (html, " ");
        html_words (html, arena_printf (html->arena, _("Public suffix list of %s."),
                                        spoken_day (date_parse_rfc3339 (context->psl_date), now)));
    }
    html_words (html, " ");
    html_words (html, _("All days are days of UTC."));
    if (context->gate_open) {
        html_words (html, " ");
        html_words (
            html,
            _("The gate is open: [identity] in nixie.conf does not say which mail is yours, so whoever can "
              "write to this mailbox can have addresses removed."));
    }
    html_close (html);
    html_close (html);
}

static void
put_body (Html *html, ReportModel *model, guint top, const char *arguments)
{
    const ReportRow *total = report_model_total (model);
    const char *change;

    if (total->events == 0) {
        html_leaf (html, "p", "nothing", _("No bounce was found."));
        html_coverage (html, model, arguments);
        return;
    }
    put_tiles (html, model, total);
    change = report_change_text (report_model_change (model), html->arena);
    if (*change)
        html_leaf (html, "p", "change", change);
    html_incidents (html, model); /* above everything that is merely a sum */
    html_blocks (html, model, MIN (top, BLOCKS));
    html_days (html, model);
    html_providers (html, model, top);
    html_heat (html, model);
    html_open (html, "div", "class", "beside", NULL);
    html_domains (html, model, top);
    html_reasons (html, model, top);
    html_close (html);
    html_codes (html, model, top);
    html_lists (html, model, arguments);
    html_coverage (html, model, arguments);
}

void
report_html_write (Writer *writer, ReportModel *model, const ReportHtmlOptions *options)
{
    static const char doctype[] = "<!DOCTYPE html>\n";
    const ReportContext *context = report_model_context (model);
    guint top = options->top == 0 ? TOP_DEFAULT : MIN (options->top, REPORT_HTML_MOST);
    Html html;
    const char *title;
    char now[SPOKEN_SIZE];

    html_begin (&html, writer);
    title = arena_printf (html.arena, "%s%s%s %s", _("Bounce report"), *context->provider ? " " : "",
                          context->provider, spoken_day (context->now, now));
    html_constant (&html, doctype, sizeof doctype - 1);
    /* Translators: the code of your language (BCP 47), as in "de". */
    html_open (&html, "html", "lang", _("en"), NULL);
    put_head (&html, title);
    html_open (&html, "body", NULL);
    html_open (&html, "main", NULL);
    html_open (&html, "header", NULL);
    html_leaf (&html, "h1", NULL, title);
    put_span (&html, context, report_model_total (model));
    html_close (&html);
    put_body (&html, model, top, options->arguments ? options->arguments : "");
    put_footer (&html, context);
    html_end (&html);
}
