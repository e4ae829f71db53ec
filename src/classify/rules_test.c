/* SPDX-License-Identifier: MIT */
#include "classify/rules_test.h"

#include "base/text.h"
#include "classify/tables_private.h"
#include "classify/verdict.h"
#include "event/event.h"
#include <string.h>

static gboolean
is_reply_at (const char *at)
{
    return (at[0] == '4' || at[0] == '5') && g_ascii_isdigit (at[1]) && g_ascii_isdigit (at[2]) &&
           !g_ascii_isalnum (at[3]) && at[3] != '.';
}

/* Length of the d.d.d at `at`, 0 when there is none. */
static gsize
status_length (const char *at)
{
    gsize length = 2, digits = 0, dots = 1;

    if (strchr ("245", at[0]) == NULL || at[0] == '\0' || at[1] != '.')
        return 0;
    for (;; length++) {
        if (g_ascii_isdigit (at[length])) {
            digits++;
        } else if (at[length] == '.' && digits > 0 && dots == 1) {
            dots++;
            digits = 0;
        } else {
            return dots == 2 && digits > 0 && digits <= 3 ? length : 0;
        }
    }
}

static void
read_codes (Arena *arena, BounceEvent *event)
{
    const char *at = event->diagnostic, *hash = strstr (at, "(#");

    if (is_reply_at (at)) {
        if (event->reply[0] == '\0')
            event->reply = arena_strndup (arena, at, 3);
        at += 3;
        while (*at == ' ' || *at == '-' || *at == '#')
            at++;
    }
    if (status_length (at) == 0 && hash != NULL)
        at = hash + 2;
    if (event->status[0] == '\0' && status_length (at) > 0) {
        event->status = arena_strndup (arena, at, status_length (at));
        event->status_from = STATUS_FROM_DIAGNOSTIC;
    }
}

static void
take_pair (BounceEvent *event, const char *key, const char *value)
{
    const struct {
        const char *key;
        const char **field;
    } fields[] = {{"provider", &event->provider},   {"gateway", &event->gateway},
                  {"format", &event->format},       {"command", &event->command},
                  {"status", &event->status},       {"reply", &event->reply},
                  {"recipient", &event->recipient}, {"remote_mta", &event->remote_mta}};

    for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
        if (strcmp (key, fields[i].key) == 0)
            *fields[i].field = value;
    if (strcmp (key, "status") == 0)
        event->status_from = STATUS_FROM_FIELD;
}

/* "[key=value key=value] " at the start; a bracket that holds no known pair belongs to the diagnostic ("[TS02] …"). */
static const char *
read_pairs (Arena *arena, const char *witness, BounceEvent *event)
{
    const char *end = witness[0] == '[' ? strchr (witness, ']') : NULL;
    g_auto (GStrv) pairs = NULL;
    g_autofree char *inside = NULL;

    if (end == NULL || memchr (witness, '=', (gsize) (end - witness)) == NULL)
        return witness;
    inside = g_strndup (witness + 1, (gsize) (end - witness) - 1);
    pairs = g_strsplit (inside, " ", -1);
    for (guint i = 0; pairs[i] != NULL; i++) {
        char *equals = strchr (pairs[i], '=');

        if (equals == NULL)
            return witness;
        *equals = '\0';
        take_pair (event, pairs[i], arena_strdup (arena, equals + 1));
    }
    end++;
    while (*end == ' ')
        end++;
    return end;
}

void
rules_test_event (Arena *arena, const char *witness, BounceEvent *event)
{
    event_init (event);
    event->action = "failed";
    event->diagnostic = arena_strdup (arena, read_pairs (arena, witness, event));
    read_codes (arena, event);
}

static const Rule *
rule_of_witness (const Tables *tables, const Rule *rule, Arena *arena)
{
    BounceEvent event;
    RuleSubject subject;

    rules_test_event (arena, rule->witness, &event);
    if (event.provider[0] == '\0' && event.gateway[0] == '\0')
        verdict_place (tables, &event, arena);
    subject = verdict_subject (&event, arena);
    return rule_table_find (tables->rules, &subject, arena);
}

guint
rules_test (const Tables *tables, RulesTestReport report, gpointer user)
{
    g_autoptr (Arena) arena = arena_new ();
    guint n = 0;

    for (guint i = 0; i < tables_n_rules (tables); i++) {
        RulesTestFinding finding = {.rule = tables_rule (tables, i)};

        finding.reached = finding.rule->witness[0] == '\0' ? NULL : rule_of_witness (tables, finding.rule, arena);
        if (finding.reached != finding.rule) {
            finding.problem = finding.rule->witness[0] == '\0' ? "has no witness"
                              : finding.reached == NULL        ? "is not reached by its witness"
                                                               : "is shadowed by";
            n++;
            if (report != NULL)
                report (&finding, user);
        }
        arena_clear (arena);
    }
    return n;
}
