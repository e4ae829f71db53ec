/* SPDX-License-Identifier: MIT */
#include "report/report_text.h"

#include "base/date.h"
#include "base/i18n.h"
#include "base/spoken.h"
#include "base/text.h"
#include "report/columns.h"
#include "report/reason_text.h"
#include "report/report_sections.h"
#include <string.h>

#define WIDTH_DEFAULT 80
#define WIDTH_MINIMUM 60
#define TOP_DEFAULT 10
#define DAYS 14
#define BLOCKS 5
#define DAY_SECONDS 86400

/* --- the head --------------------------------------------------------------------------------------------------------- */

/* "2026-11-01 to 2026-11-20": what was asked for, else what was found. `until` is the moment behind the last one. Where
 * nothing was found, only one of them may be known. */
static void
put_span (Page *page, const ReportContext *context, const ReportRow *total)
{
    char first[SPOKEN_SIZE], last[SPOKEN_SIZE];

    spoken_day (context->since != DATE_NONE ? context->since : total->first_seen, first);
    spoken_day (context->until != DATE_NONE ? context->until - 1 : total->last_seen, last);
    if (!*first && !*last)
        return;
    if (!*last)
        page_text (page, INK_DIM, arena_printf (page->arena, _("bounces since %s"), first));
    else if (!*first)
        page_text (page, INK_DIM, arena_printf (page->arena, _("bounces until %s"), last));
    else if (strcmp (first, last) == 0)
        page_text (page, INK_DIM, arena_printf (page->arena, _("bounces of %s"), first));
    else
        page_text (page, INK_DIM, arena_printf (page->arena, _("bounces from %s to %s"), first, last));
    page_end (page);
}

static void
put_headline (Page *page, ReportModel *model)
{
    const ReportContext *context = report_model_context (model);
    const ReportRow *total = report_model_total (model);
    g_autoptr (GString) line = g_string_new (NULL);
    const char *dot = page->unicode ? " · " : ", ";
    const char *change;
    char now[SPOKEN_SIZE];

    page_text (page, INK_BOLD, _("Bounce report"));
    if (*context->provider) {
        page_text (page, INK_BOLD, " ");
        page_text (page, INK_BOLD, columns_fit (page, context->provider, 40));
    }
    if (*spoken_day (context->now, now)) {
        page_text (page, INK_DIM, "  ");
        page_text (page, INK_DIM, now);
    }
    page_end (page);
    put_span (page, context, total);
    g_string_append_printf (line, P_ ("%s message read", "%s messages read", context->messages),
                            page_number (page, context->messages));
    g_string_append (line, dot);
    g_string_append_printf (line, P_ ("%s bounce", "%s bounces", context->bounces),
                            page_number (page, context->bounces));
    g_string_append (line, dot);
    g_string_append_printf (line, P_ ("%s not understood", "%s not understood", context->unparsed),
                            page_number (page, context->unparsed));
    if (context->unreadable > 0) {
        g_string_append (line, dot);
        g_string_append_printf (line, P_ ("%s unreadable", "%s unreadable", context->unreadable),
                                page_number (page, context->unreadable));
    }
    page_wrap (page, INK_BOLD, line->str, 0, 0);
    change = report_change_text (report_model_change (model), page->arena);
    if (*change)
        page_wrap (page, INK_PLAIN, change, 0, 0);
    page_end (page);
}

static void
put_types (Page *page, const ReportRow *total)
{
    static const EventType order[] = {TYPE_HARD, TYPE_SOFT, TYPE_BLOCK, TYPE_COMPLAINT, TYPE_DELAYED, TYPE_AUTOREPLY,
                                      TYPE_DELIVERED, TYPE_UNKNOWN};
    static const Ink inks[] = {INK_RED, INK_YELLOW, INK_BLUE, INK_PLAIN, INK_PLAIN, INK_PLAIN, INK_PLAIN, INK_PLAIN};
    guint labels = 0, meanings = 0, figures = columns_of (page_number (page, total->events)), column, bar;
    guint64 most = 0;

    for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
        labels = MAX (labels, columns_of (type_label (order[i])));
        meanings = MAX (meanings, columns_of (type_meaning (order[i])));
        most = MAX (most, total->by_type[order[i]]);
    }
    column = 2 + labels + 2 + figures + 2 + 6 + 2;
    bar = MIN (20, page->width - MIN (page->width - 8, column + 2 + meanings));
    page_text (page, INK_BOLD, arena_printf (page->arena, P_ ("%s event", "%s events", total->events),
                                             page_number (page, total->events)));
    page_text (page, INK_PLAIN, arena_printf (page->arena, P_ (" about %s address", " about %s addresses",
                                                               total->recipients),
                                              page_number (page, total->recipients)));
    page_end (page);
    for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
        guint64 events = total->by_type[order[i]];

        if (events == 0 && order[i] == TYPE_UNKNOWN)
            continue;
        page_spaces (page, 2);
        page_cell (page, inks[i], type_label (order[i]), labels + 2, FALSE);
        page_cell (page, INK_PLAIN, page_number (page, events), figures, TRUE);
        page_spaces (page, 2);
        page_cell (page, INK_DIM, page_share (page, events, total->events), 6, TRUE);
        page_spaces (page, 2);
        page_cell (page, inks[i], page_bar (page, events, most, bar), bar + 2, FALSE);
        page_wrap (page, INK_DIM, type_meaning (order[i]), column + bar + 2, 1);
    }
    page_end (page);
}

static void
put_decisions (Page *page, const ReportModel *model)
{
    static const DecisionKind order[] = {DECISION_REMOVE, DECISION_INACTIVE, DECISION_PAUSE, DECISION_REVIEW,
                                         DECISION_WATCH, DECISION_KEEP};
    guint64 all = 0;
    guint figures;

    for (guint i = 0; i < G_N_ELEMENTS (order); i++)
        all += report_model_decisions (model, order[i]);
    if (all == 0)
        return;
    figures = columns_of (page_number (page, all));
    page_text (page, INK_BOLD, _("Addresses"));
    page_end (page);
    for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
        guint64 addresses = report_model_decisions (model, order[i]);

        if (addresses == 0 && order[i] != DECISION_REMOVE)
            continue;
        page_spaces (page, 2);
        page_cell (page, order[i] == DECISION_REMOVE ? INK_BOLD : INK_PLAIN, page_number (page, addresses),
                   figures, TRUE);
        page_spaces (page, 2);
        page_wrap (page, INK_PLAIN, decision_label (order[i]), 2 + figures + 2, 0);
    }
    page_end (page);
}

/* --- the foot --------------------------------------------------------------------------------------------------------- */

/* A command to copy: it is never cut. Where the paths would not fit or cannot be shown, PATH stands for them. */
static void
put_command (Page *page, const char *before, const char *arguments, const char *after, const char *why)
{
    const char *shown = text_is_empty (arguments) ? "" : arguments;
    const char *divider = *shown ? " " : "";
    g_autofree char *kept = g_strdup (why); /* the end of a line clears the scratch that it lives in */
    char *command;

    if (*shown && strcmp (shown, text_printable (page->arena, shown, !page->unicode)) != 0)
        shown = _("PATH");
    command = arena_printf (page->arena, "  nixie %s%s%s%s", before, divider, shown, after);
    if (columns_of (command) > page->width)
        command = arena_printf (page->arena, "  nixie %s %s%s", before, _("PATH"), after);
    page_text (page, INK_GREEN, command);
    page_end (page);
    page_spaces (page, 6);
    page_wrap (page, INK_DIM, kept, 6, 0);
}

static void
put_next (Page *page, ReportModel *model, const char *arguments)
{
    const ReportContext *context = report_model_context (model);
    guint64 remove = report_model_decisions (model, DECISION_REMOVE);
    guint64 pause = report_model_decisions (model, DECISION_PAUSE);
    guint64 events = report_model_total (model)->events;

    if (events == 0 && context->unparsed == 0)
        return;
    page_text (page, INK_BOLD, _("What to do next"));
    page_end (page);
    if (remove > 0)
        put_command (page, "suppress", arguments, " >remove.csv",
                     arena_printf (page->arena, P_ ("the list of the %s address to remove",
                                                    "the list of the %s addresses to remove", remove),
                                   page_number (page, remove)));
    if (pause > 0)
        put_command (page, "suppress --decision=pause", arguments, " >pause.csv",
                     arena_printf (page->arena, P_ ("the %s address to pause, with its next date",
                                                    "the %s addresses to pause, with their next dates", pause),
                                   page_number (page, pause)));
    if (events > 0)
        put_command (page, arena_printf (page->arena, "explain %s", _("ADDRESS")), arguments, "",
                     _("why an address gets no mail: every event, with date and wording"));
    if (context->unparsed > 0)
        put_command (page, "events --unparsed", arguments, "",
                     _("the bounces that were not understood, with what they say"));
    if (context->gate_open && remove > 0) {
        page_text (page, INK_GREEN, "  [identity]");
        page_text (page, INK_DIM, _(" in nixie.conf"));
        page_end (page);
        page_spaces (page, 6);
        page_wrap (page, INK_DIM,
                   _("is not set, so the gate is open: whoever can write to this mailbox can have addresses "
                     "removed; it says which mail is yours"),
                   6, 0);
    }
    page_end (page);
}

static void
put_sources (Page *page, const ReportContext *context)
{
    g_autoptr (GString) line = g_string_new (NULL);
    char day[SPOKEN_SIZE];

    if (!text_is_empty (context->rules_version))
        g_string_append_printf (line, _("rules %s"), context->rules_version);
    if (!text_is_empty (context->psl_date)) {
        g_string_append (line, line->len ? ", " : "");
        g_string_append_printf (line, _("public suffix list of %s"),
                                spoken_day (date_parse_rfc3339 (context->psl_date), day));
    }
    if (line->len > 0)
        page_wrap (page, INK_DIM, line->str, 0, 0);
}

/* One table, all of it, for `--by`. */
static void
put_one (Page *page, ReportModel *model, ReportBy by, guint top)
{
    switch (by) {
    case REPORT_BY_PROVIDER:
        section_providers_deep (page, model, top);
        break;
    case REPORT_BY_STATUS:
        section_codes (page, model, top);
        break;
    case REPORT_BY_REASON:
        section_reasons (page, model, top);
        break;
    case REPORT_BY_DAY:
        section_days (page, model, MIN (top, 366));
        break;
    case REPORT_BY_DOMAIN:
        section_keys (page, model, by, _("Domains"), top);
        break;
    case REPORT_BY_RECIPIENT:
        section_keys (page, model, by, _("Addresses"), top);
        break;
    default:
        section_keys (page, model, by, _("Formats"), top);
    }
}

void
report_text_write (Writer *writer, ReportModel *model, const ReportTextOptions *options)
{
    g_autoptr (Arena) arena = arena_new ();
    Page page = {.writer = writer, .arena = arena, .unicode = options->unicode, .colour = options->colour,
                 .width = options->width == 0 ? WIDTH_DEFAULT : MAX (options->width, WIDTH_MINIMUM)};
    guint top = options->top == 0 ? TOP_DEFAULT : options->top;
    const ReportRow *total = report_model_total (model);

    put_headline (&page, model);
    if (options->one && total->events > 0) {
        put_one (&page, model, options->by, options->top == 0 ? G_MAXUINT : options->top);
        return;
    }
    if (total->events == 0) {
        page_wrap (&page, INK_PLAIN, _("No bounce was found."), 0, 0);
        page_end (&page);
    } else {
        put_types (&page, total);
        put_decisions (&page, model);
        section_incidents (&page, model);
        section_blocks (&page, model, top > TOP_DEFAULT ? top : MIN (top, BLOCKS));
        if (*report_model_context (model)->provider)
            section_providers_deep (&page, model, top);
        else
            section_providers (&page, model, top);
        section_keys (&page, model, REPORT_BY_DOMAIN, _("Domains"), top);
        section_codes (&page, model, top);
        section_reasons (&page, model, top);
        section_months (&page, model);
        section_days (&page, model, DAYS);
    }
    put_next (&page, model, options->arguments);
    put_sources (&page, report_model_context (model));
}
