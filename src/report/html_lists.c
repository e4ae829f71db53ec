/* SPDX-License-Identifier: MIT */
/* The addresses with a decision, each with the evidence that it rests on, and what was not understood. */
#include "report/html_sections.h"

#include "base/date.h"
#include "base/i18n.h"
#include "base/spoken.h"
#include "base/text.h"
#include "report/reason_text.h"
#include <string.h>

static void
put_fact (Html *html, const char *name, const char *value, const char *class)
{
    if (text_is_empty (value))
        return;
    html_leaf (html, "dt", NULL, name);
    html_leaf (html, "dd", class, value);
}

static void
put_evidence (Html *html, const Decision *decision)
{
    char day[SPOKEN_SIZE];
    const char *code = *decision->status ? decision->status : decision->reply;

    html_open (html, "dl", NULL);
    put_fact (html, _("said"), decision->diagnostic, "mail");
    put_fact (html, _("code"), code, "code");
    put_fact (html, _("provider"), decision->provider, "mail");
    put_fact (html, _("failures"),
              arena_printf (html->arena,
                            P_ ("%s counted, of %s event", "%s counted, of %s events", decision->events),
                            html_number (html, decision->failures), html_number (html, decision->events)),
              NULL);
    put_fact (html, _("first"), spoken_day (decision->first_seen, day), NULL);
    put_fact (html, _("last"), spoken_day (decision->last_seen, day), NULL);
    put_fact (html, _("next try"), spoken_day (decision->next_try, day), NULL);
    put_fact (html, _("policy"),
              *decision->action ? arena_printf (html->arena, "%s = %s", decision->rule, decision->action)
                                : decision->rule,
              "code");
    put_fact (html, _("rule"), decision->event_rule, "code");
    html_close (html);
}

static void
put_person (Html *html, const Decision *decision)
{
    char day[SPOKEN_SIZE];
    gint64 date = decision->decision == DECISION_PAUSE && decision->next_try != DATE_NONE ? decision->next_try
                                                                                          : decision->last_seen;

    html_open (html, "details", "class", "person", NULL);
    html_open (html, "summary", NULL);
    html_leaf (html, "span", "who mail", decision->email);
    html_leaf (html, "span", "why", reason_label (decision->reason));
    spoken_day (date, day);
    html_leaf (html, "span", "when", decision->decision == DECISION_PAUSE && *day
                                         ? arena_printf (html->arena, _("until %s"), day) : day);
    html_close (html);
    put_evidence (html, decision);
    html_close (html);
}

static void
put_list (Html *html, ReportModel *model, DecisionKind kind, const char *arguments)
{
    guint n;
    const Decision *const *list = report_model_listed (model, kind, &n);
    guint64 all = report_model_decisions (model, kind);
    const char *word = decision_word (kind);

    if (all == 0)
        return;
    html_open (html, "section", "id", word, "class", "list", NULL);
    html_open (html, "h2", NULL);
    html_words (html, decision_title (kind));
    html_words (html, " ");
    html_leaf (html, "span", "count", html_number (html, all));
    html_close (html);
    html_leaf (html, "p", "lead", decision_label (kind));
    for (guint i = 0; i < n; i++)
        put_person (html, list[i]);
    if (all > n)
        html_more (html, all - n,
                   arena_printf (html->arena, "nixie suppress --decision=%s%s%s", word, *arguments ? " " : "",
                                 arguments));
    html_close (html);
}

void
html_lists (Html *html, ReportModel *model, const char *arguments)
{
    static const DecisionKind order[] = {DECISION_REMOVE, DECISION_INACTIVE, DECISION_PAUSE, DECISION_REVIEW};

    for (guint i = 0; i < G_N_ELEMENTS (order); i++)
        put_list (html, model, order[i], arguments);
}

void
html_coverage (Html *html, ReportModel *model, const char *arguments)
{
    const ReportContext *context = report_model_context (model);
    guint n;
    const ReportRow *formats = report_model_rows (model, REPORT_BY_FORMAT, &n);

    if (context->messages == 0)
        return;
    html_section (html, "coverage", _("What was understood"), NULL);
    html_open (html, "p", NULL);
    html_words (html, arena_printf (html->arena, P_ ("%s message was read", "%s messages were read", context->messages),
                                   html_number (html, context->messages)));
    html_words (html, arena_printf (html->arena,
                                    P_ (", %s of them is a bounce or an answer",
                                        ", %s of them are bounces or answers", context->bounces),
                                    html_number (html, context->bounces)));
    html_words (html, arena_printf (html->arena, P_ (", %s looks like a bounce and was not understood.",
                                                    ", %s look like bounces and were not understood.", context->unparsed),
                                   html_number (html, context->unparsed)));
    if (context->unreadable > 0) {
        html_words (html, " ");
        html_words (html, arena_printf (html->arena, P_ ("%s input could not be read in full.",
                                                        "%s inputs could not be read in full.", context->unreadable),
                                       html_number (html, context->unreadable)));
    }
    html_close (html);
    if (context->unparsed > 0) {
        html_open (html, "p", NULL);
        html_words (html, _("They are listed, with what they say, by"));
        html_words (html, " ");
        html_leaf (html, "code", NULL, arena_printf (html->arena, "nixie events --unparsed%s%s", *arguments ? " " : "",
                                                     arguments));
        html_close (html);
    }
    if (n > 0) {
        html_open (html, "p", "class", "formats", NULL);
        html_words (html, _("Events by format:"));
        for (guint i = 0; i < MIN (n, 30); i++) {
            html_words (html, " ");
            html_leaf (html, "span", "format",
                       arena_printf (html->arena, "%s %s", *formats[i].key ? formats[i].key : "?",
                                     html_number (html, formats[i].events)));
        }
        html_close (html);
    }
    html_close (html);
}
