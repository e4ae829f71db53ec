/* SPDX-License-Identifier: MIT */
#include "report/explain_text.h"

#include "base/date.h"
#include "base/i18n.h"
#include "base/spoken.h"
#include "base/text.h"
#include "report/columns.h"
#include "report/reason_text.h"

#include <string.h>

#define WIDTH_DEFAULT 80
#define WIDTH_MINIMUM 40
#define STORY 2   /* indent of the story */
#define EVENT 14  /* indent of what is said about an event: behind its date */

static Page
page_of (Writer *writer, Arena *arena, const ExplainOptions *options)
{
    return (Page){.writer = writer, .arena = arena, .unicode = options->unicode, .colour = options->colour,
                  .width = options->width == 0 ? WIDTH_DEFAULT : MAX (options->width, WIDTH_MINIMUM)};
}

static void
line (Page *page, guint indent, Ink ink, const char *text)
{
    g_autofree char *kept = g_strdup (text);

    page_spaces (page, indent);
    page_wrap (page, ink, kept, indent, 0);
}

static Ink
decision_ink (DecisionKind decision)
{
    switch (decision) {
    case DECISION_REMOVE:
        return INK_RED;
    case DECISION_KEEP:
        return INK_GREEN;
    default:
        return INK_YELLOW;
    }
}

static const char *
meaning_of (const ExplainOptions *options, const char *code)
{
    const char *meaning = options->meaning && *code ? options->meaning (code, options->meaning_user) : NULL;

    return meaning ? meaning : "";
}

/* --- the beginning: what was decided, and on what ----------------------------------------------------------------------- */

static void
put_ground (Page *page, const Decision *decision)
{
    char first[SPOKEN_SIZE], last[SPOKEN_SIZE];
    const char *code = *decision->status ? decision->status : decision->reply;
    g_autoptr (GString) text = g_string_new (reason_label (decision->reason));

    g_string_append_printf (text, " (%s", reason_word (decision->reason));
    if (*code)
        g_string_append_printf (text, ", %s", code);
    g_string_append_c (text, ')');
    if (decision->failures > 0) {
        spoken_day (decision->first_seen, first);
        spoken_day (decision->last_seen, last);
        g_string_append (text, "; ");
        g_string_append_printf (text, P_ ("%u failure counts", "%u failures count", decision->failures),
                                decision->failures);
        if (*first && strcmp (first, last) == 0)
            g_string_append_printf (text, _(", of %s"), first);
        else if (*first)
            g_string_append_printf (text, _(", from %s to %s"), first, last);
    }
    line (page, STORY, INK_PLAIN, text->str);
}

/* What a person said, with its date. */
static void
put_said (Page *page, const Decision *decision)
{
    char date[SPOKEN_SIZE];

    if (*spoken_day (decision->imported, date))
        line (page, STORY, INK_YELLOW, arena_printf (page->arena, _("imported from a list of others, of %s"), date));
    if (*spoken_day (decision->forgiven, date))
        line (page, STORY, INK_GREEN,
              arena_printf (page->arena, _("forgiven on %s: what happened until then does not count"), date));
    if (*spoken_day (decision->allowed, date))
        line (page, STORY, INK_GREEN, arena_printf (page->arena, _("allowed on %s: it is never listed"), date));
}

/* By which line, and what else is to be known before one reads the story. */
static void
put_policy (Page *page, const Decision *decision)
{
    g_autoptr (GString) text = g_string_new (NULL);

    if (*decision->rule) {
        g_string_append_printf (text, _("decided by policy line \"%s\""), decision->rule);
        if (!text_is_empty (decision->action))
            g_string_append_printf (text, " (%s)", decision->action);
        if (*decision->event_rule)
            g_string_append_printf (text, _(", the event by \"%s\""), decision->event_rule);
        line (page, STORY, INK_DIM, text->str);
    }
    put_said (page, decision);
    if (decision->untrusted)
        line (page, STORY, INK_YELLOW,
              _("not acted upon: the reports contradict themselves, or do not belong to mail of ours"));
    if (decision->ended)
        line (page, STORY, INK_DIM,
              _("there were failures, but they are over: mail arrived, or nothing came back since"));
    if (decision->flapping)
        line (page, STORY, INK_YELLOW,
              arena_printf (page->arena, _("flapping: soft failures came back %u times; write to it less often"),
                            decision->episodes));
}

void
explain_text_begin (Writer *writer, const Decision *decision, const ExplainOptions *options)
{
    g_autoptr (Arena) arena = arena_new ();
    Page page = page_of (writer, arena, options);

    page_wrap (&page, INK_BOLD, decision->email, 0, 0);
    line (&page, STORY, decision_ink (decision->decision),
          decision->allowed != DATE_NONE ? _("keep: it was allowed, whatever comes back")
                                         : decision_label (decision->decision));
    put_ground (&page, decision);
    put_policy (&page, decision);
    page_end (&page);
    page_text (&page, INK_BOLD, arena_printf (arena, P_ ("What happened: %u event", "What happened: %u events",
                                                         decision->events), decision->events));
    page_end (&page);
}

/* --- the events --------------------------------------------------------------------------------------------------------- */

/* NULL: nothing is to be told. */
static const char *
evidence_text (const BounceEvent *event, const ExplainOptions *options)
{
    static const struct {
        const char *word, *text;
    } texts[] = {
        {"domain", N_("provider %s, known by the domain; ")},
        {"remote-mta", N_("provider %s, known by that host; ")},
        {"said-host", N_("provider %s, known by a host that the answer names; ")},
        {"hint", N_("provider %s, known by the wording; ")},
        {"learned", N_("provider %s, known from other bounces of the domain; ")},
        {"mx-file", N_("provider %s, known from --mx-file; ")},
        {"reporting-mta", N_("provider %s, known by that host; ")},
    };

    if (!options->evidence || !*event->provider || strcmp (event->provider, "other") == 0)
        return NULL;
    const char *word = options->evidence (event, options->evidence_user);
    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
        if (strcmp (texts[i].word, word) == 0)
            return _(texts[i].text);
    return NULL;
}

static void
put_where (Page *page, const BounceEvent *event, const ExplainOptions *options)
{
    g_autoptr (GString) text = g_string_new (NULL);
    const char *teller = *event->remote_mta ? event->remote_mta : event->reporting_mta;
    const char *known = evidence_text (event, options);

    if (*teller)
        g_string_append_printf (text, _("said by %s; "), teller);
    if (known)
        g_string_append (text, arena_printf (page->arena, known, event->provider));
    g_string_append_printf (text, _("read in %s"), *event->source ? event->source : "?");
    if (event->offset > 0)
        g_string_append_printf (text, _(" at byte %s"),
                                arena_printf (page->arena, "%" G_GUINT64_FORMAT, event->offset));
    if (*event->rule)
        g_string_append_printf (text, _("; understood by \"%s\""), event->rule);
    line (page, EVENT, INK_DIM, text->str);
}

void
explain_text_event (Writer *writer, const BounceEvent *event, const ExplainOptions *options)
{
    g_autoptr (Arena) arena = arena_new ();
    Page page = page_of (writer, arena, options);
    const char *code = *event->status ? event->status : event->reply;
    const char *meaning = meaning_of (options, code);
    char date[SPOKEN_SIZE];

    page_spaces (&page, STORY);
    page_cell (&page, INK_BOLD, *spoken_day (event->date, date) ? date : _("no date"), EVENT - STORY, FALSE);
    page_text (&page, INK_BOLD, arena_printf (arena, "%s", type_label (event->type)));
    if (*code)
        page_text (&page, INK_BOLD, arena_printf (arena, " %s", columns_fit (&page, code, 12)));
    page_text (&page, INK_PLAIN, arena_printf (arena, ": %s", reason_label (event->reason)));
    page_end (&page);
    if (*event->diagnostic)
        line (&page, EVENT, INK_PLAIN, arena_printf (arena, page.unicode ? "“%s”" : "\"%s\"",
                                                     text_printable (arena, event->diagnostic, !page.unicode)));
    if (*meaning)
        line (&page, EVENT, INK_DIM, arena_printf (arena, "%s: %s", code, _(meaning)));
    if (event->trust == TRUST_CONTRADICTED)
        line (&page, EVENT, INK_YELLOW, _("the report contradicts itself, or is not about mail of ours"));
    put_where (&page, event, options);
}

/* --- the end: what comes next ------------------------------------------------------------------------------------------- */

/* An address as a word of a command: strangers write addresses, and people copy commands into shells. */
static const char *
command_word (Arena *arena, const char *email)
{
    g_autofree char *quoted = g_shell_quote (email);
    const char *end = email;

    while (g_ascii_isalnum (*end) || (guchar) *end >= 0x80 || (*end && strchr ("@.-_+=", *end)))
        end++;
    return arena_printf (arena, "%s%s", *email == '-' ? "-- " : "", *end ? quoted : email);
}

static const char *
if_it_works (Arena *arena, const Decision *decision)
{
    return arena_printf (arena, _("If you know that the address works again, take it back into your list, and tell the "
                                  "state: nixie forgive %s"), command_word (arena, decision->email));
}

/* What may come from outside, whatever was counted so far. */
static const char *
what_changes_it (Arena *arena, const Decision *decision)
{
    switch (decision->decision) {
    case DECISION_REMOVE:
    case DECISION_INACTIVE:
        return if_it_works (arena, decision);
    case DECISION_REVIEW:
        return _("A person reads the wording above and decides.");
    default:
        return _("A complaint of the recipient removes it, and so does a hard bounce that says that there is no such "
                 "address.");
    }
}

static const char *
what_comes_next (const Decision *decision)
{
    switch (decision->decision) {
    case DECISION_REMOVE:
        return _("The address goes off the list, and nothing more is sent to it.");
    case DECISION_INACTIVE:
        return _("The address stays in the list, and nothing is sent to it.");
    case DECISION_PAUSE:
        return _("Nothing is sent to it until then.");
    case DECISION_WATCH:
        return _("Mail goes out as before, and the next bounce is counted.");
    case DECISION_REVIEW:
        return reason_advice (decision->reason);
    default:
        return decision->type == TYPE_BLOCK ? reason_advice (decision->reason) : _("Mail goes out as before.");
    }
}

/* "2026-11-23 03:12" */
static const char *
minute_of (Arena *arena, gint64 date)
{
    char text[SPOKEN_SIZE];

    return arena_strdup (arena, *spoken_minute (date, text) ? text : "?");
}

static const char *
day_of (Arena *arena, gint64 date)
{
    char text[SPOKEN_SIZE];

    return arena_strdup (arena, *spoken_day (date, text) ? text : "?");
}

static void
put_next_try (Page *page, const Decision *decision)
{
    const char *when = minute_of (page->arena, decision->next_try);
    const char *text;

    if (decision->next_try == DATE_NONE)
        return;
    if (decision->decision != DECISION_PAUSE)
        text = arena_printf (page->arena, _("a try has been due since %s UTC"), when);
    else if (decision->attempts > 0)
        text = arena_printf (page->arena, _("next try on %s UTC, number %u of %u"), when, decision->attempt + 1,
                             decision->attempts);
    else
        text = arena_printf (page->arena, _("next try on %s UTC"), when);
    line (page, STORY, INK_PLAIN, text);
}

static const char *
change_text (Arena *arena, const Decision *decision, const Change *change)
{
    const char *to = decision_name (change->to);

    switch (change->kind) {
    case CHANGE_DELIVERY:
        return decision->decision == DECISION_REMOVE || decision->decision == DECISION_INACTIVE
                   ? _("A report that mail has arrived there takes it off the list again.")
                   : _("A report that mail has arrived there ends it.");
    case CHANGE_SILENCE:
        return arena_printf (arena, _("Without another failure it is over after %s."), day_of (arena, change->date));
    case CHANGE_FAILURES:
        return arena_printf (arena, P_ ("%u more failing day, on %s or later: %s.",
                                        "%u more failing days, the last of them on %s or later: %s.", change->count),
                             change->count, day_of (arena, change->date), to);
    case CHANGE_TRY:
        if (change->to == DECISION_PAUSE)
            return arena_printf (arena, _("If try number %u fails, the next one follows on the schedule."),
                                 change->count);
        return arena_printf (arena, _("If try number %u, the last one, fails: %s."), change->count, to);
    case CHANGE_DUE:
        return arena_printf (arena, _("If every try fails: %s, on %s at the earliest."), to,
                             day_of (arena, change->date));
    case CHANGE_TRUST:
        return arena_printf (arena, _("The same, told by a report that belongs to mail of ours: %s."), to);
    case CHANGE_FORGIVE:
        return decision->type == TYPE_COMPLAINT ? _("The recipient's own wish to hear from you again.")
                                                : if_it_works (arena, decision);
    }
    return "";
}

void
explain_text_end (Writer *writer, const Decision *decision, const ExplainOptions *options)
{
    g_autoptr (Arena) arena = arena_new ();
    Page page = page_of (writer, arena, options);

    page_end (&page);
    page_text (&page, INK_BOLD, _("What comes next"));
    page_end (&page);
    put_next_try (&page, decision);
    line (&page, STORY, INK_PLAIN, what_comes_next (decision));
    page_end (&page);
    page_text (&page, INK_BOLD, _("What would change it"));
    page_end (&page);
    if (decision->allowed != DATE_NONE) {
        line (&page, STORY, INK_PLAIN,
              arena_printf (arena, "nixie allow --undo %s", command_word (arena, decision->email)));
        return;
    }
    for (guint i = 0; i < decision->n_changes; i++)
        line (&page, STORY, INK_PLAIN, change_text (arena, decision, &decision->changes[i]));
    if (decision->n_changes == 0 || decision->decision < DECISION_INACTIVE)
        line (&page, STORY, INK_PLAIN, what_changes_it (arena, decision));
}

void
explain_text_nothing (Writer *writer, const char *address, const ExplainOptions *options)
{
    g_autoptr (Arena) arena = arena_new ();
    Page page = page_of (writer, arena, options);

    page_wrap (&page, INK_BOLD, address, 0, 0);
    line (&page, STORY, INK_GREEN, _("not listed: no bounce of this address is known"));
    line (&page, STORY, INK_PLAIN,
          _("If its owner gets no mail, look for the cause elsewhere: in the list itself, in the "
            "log of the mail server, in the recipient's spam folder."));
}
