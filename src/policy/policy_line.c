/* SPDX-License-Identifier: MIT */
/* "mailbox-disabled/temporary = pause schedule then inactive": the grammar of one line.
 *
 * Conditions, separated by "/", all must hold: a reason or type word; a status, "x" for any number (5.3.2, x.4.1,
 * 5.x.x); a reply, "x" for any digit (550, 4xx); an SMTP command (RCPT); `permanent` or `temporary`; `*`, anything.
 * What follows, separated by ",": never · hold · remove N[/Td] · inactive N[/Td] · review N[/Td] ·
 * pause schedule [then remove|inactive|review] · pause 7d [48h …] */
#include "policy/policy_private.h"

#include "base/text.h"
#include <string.h>

/* How particular a condition is. A status says more than a reply, a reason more than both together. */
enum {
    WEIGHT_REASON = 1000,
    WEIGHT_NO_FAILURE = 900,    /* a type that is no failure, whatever the reason */
    WEIGHT_STATUS = 100,        /* less 10 for each "x" */
    WEIGHT_REPLY = 20,          /* less 5 for each "x" */
    WEIGHT_COMMAND = 3,
    WEIGHT_PERMANENCE = 2,
    WEIGHT_TYPE = 1,
};

gboolean
policy_number_parse (const char *text, guint maximum, guint *number, const char **end)
{
    char *after;
    if (!g_ascii_isdigit (*text))
        return FALSE;
    guint64 value = g_ascii_strtoull (text, &after, 10);
    if (value > maximum)
        return FALSE;
    *number = (guint) value;
    *end = after;
    return TRUE;
}

gboolean
policy_fraction_parse (const char *text, guint *count, guint *days)
{
    const char *end;
    *days = 0;
    if (!policy_number_parse (text, 1000, count, &end) || *count == 0)
        return FALSE;
    if (*end == '\0')
        return TRUE;
    return *end == '/' && policy_number_parse (end + 1, 3650, days, &end) && g_str_equal (end, "d");
}

static gboolean
fail (GError **error, const char *text)
{
    g_set_error (error, POLICY_ERROR, POLICY_ERROR_SYNTAX, "'%s' is not understood", text);
    return FALSE;
}

gboolean
policy_schedule_parse (const char *text, Schedule *schedule, GError **error)
{
    g_auto (GStrv) words = g_strsplit (text, " ", -1);
    schedule->n_steps = 0;
    for (char **word = words; *word != NULL; word++) {
        guint number;
        const char *end;
        if (**word == '\0')
            continue;
        if (schedule->n_steps == POLICY_MAX_STEPS || !policy_number_parse (*word, 3650, &number, &end) ||
            number == 0 || (!g_str_equal (end, "h") && !g_str_equal (end, "d")))
            return fail (error, *word);
        schedule->steps[schedule->n_steps++] = (gint64) number * (*end == 'h' ? 3600 : POLICY_DAY);
    }
    return schedule->n_steps > 0 || fail (error, text);
}

/* --- conditions ----------------------------------------------------------------------------------------------- */

/* "5.3.2", "x.4.1", "5.x.x" */
static gboolean
read_status (PolicyLine *line, const char *text)
{
    guint wild = 0, parts = 0;
    for (const char *at = text;; at++) {
        guint number;
        if (*at == 'x') {
            wild++;
            at++;
        } else if (!policy_number_parse (at, 999, &number, &at)) {
            return FALSE;
        }
        parts++;
        if (*at == '\0')
            break;
        if (*at != '.' || parts == 3)
            return FALSE;
    }
    if (parts != 3 || strlen (text) >= sizeof line->status)
        return FALSE;
    g_strlcpy (line->status, text, sizeof line->status);
    line->weight += WEIGHT_STATUS - 10 * wild;
    return TRUE;
}

static gboolean
read_reply (PolicyLine *line, const char *text)
{
    guint wild = 0;
    if (strlen (text) != 3 || !g_ascii_isdigit (text[0]))
        return FALSE;
    for (guint i = 1; i < 3; i++) {
        if (text[i] != 'x' && !g_ascii_isdigit (text[i]))
            return FALSE;
        wild += text[i] == 'x';
    }
    g_strlcpy (line->reply, text, sizeof line->reply);
    line->weight += WEIGHT_REPLY - 5 * wild;
    return TRUE;
}

static gboolean
read_command (PolicyLine *line, const char *text)
{
    if (!g_ascii_isupper (*text) || strlen (text) >= sizeof line->command)
        return FALSE;
    for (const char *at = text; *at != '\0'; at++)
        if (!g_ascii_isupper (*at))
            return FALSE;
    g_strlcpy (line->command, text, sizeof line->command);
    line->weight += WEIGHT_COMMAND;
    return TRUE;
}

/* Words that name a reason and a type: the type holds, whatever the reason is. */
static gboolean
is_no_failure (EventType type)
{
    return type == TYPE_COMPLAINT || type == TYPE_AUTOREPLY || type == TYPE_DELAYED || type == TYPE_DELIVERED;
}

static gboolean
read_condition (PolicyLine *line, const char *word)
{
    Reason reason;
    EventType type;
    if (g_str_equal (word, "*"))
        return TRUE;
    if (event_type_parse (word, &type) && is_no_failure (type)) {
        line->type = (int) type;
        line->weight += WEIGHT_NO_FAILURE;
        return TRUE;
    }
    if (reason_parse (word, &reason) && line->reason < 0) {
        line->reason = (int) reason;
        line->weight += WEIGHT_REASON;
        return TRUE;
    }
    if (event_type_parse (word, &type)) {
        line->type = (int) type;
        line->weight += WEIGHT_TYPE;
        return TRUE;
    }
    if (g_str_equal (word, "permanent") || g_str_equal (word, "temporary")) {
        line->permanence = *word == 'p' ? '5' : '4';
        line->weight += WEIGHT_PERMANENCE;
        return TRUE;
    }
    return read_status (line, word) || read_reply (line, word) || read_command (line, word);
}

/* "5.1.10" fits "x.1.10"; never a prefix. */
static gboolean
status_fits (const char *pattern, const char *status)
{
    for (; *pattern != '\0'; pattern++) {
        if (*pattern == 'x') {
            if (!g_ascii_isdigit (*status))
                return FALSE;
            while (g_ascii_isdigit (*status))
                status++;
        } else if (*pattern != *status++) {
            return FALSE;
        }
    }
    return *status == '\0';
}

static gboolean
reply_fits (const char *pattern, const char *reply)
{
    for (guint i = 0; i < 3; i++)
        if (!g_ascii_isdigit (reply[i]) || (pattern[i] != 'x' && pattern[i] != reply[i]))
            return FALSE;
    return TRUE;
}

/* '5', '4', or 0 when nobody has said. */
static char
permanence_of (const BounceEvent *event)
{
    char class = *event->status != '\0' ? *event->status : *event->reply;
    if (class == '4' || class == '5')
        return class;
    return event->type == TYPE_HARD ? '5' : 0;
}

gboolean
policy_line_fits (const PolicyLine *line, const BounceEvent *event)
{
    return (line->reason < 0 || line->reason == (int) event->reason) &&
           (line->type < 0 || line->type == (int) event->type) &&
           (*line->status == '\0' || status_fits (line->status, event->status)) &&
           (*line->reply == '\0' || reply_fits (line->reply, event->reply)) &&
           (*line->command == '\0' || text_equal (line->command, event->command)) &&
           (line->permanence == 0 || line->permanence == permanence_of (event));
}

/* --- what follows --------------------------------------------------------------------------------------------- */

static gboolean
read_list (PolicyLine *line, DecisionKind kind, const char *rest, GError **error)
{
    if (line->list != DECISION_KEEP || !policy_fraction_parse (rest, &line->days, &line->span))
        return fail (error, rest);
    line->list = kind;
    return TRUE;
}

static gboolean
read_pause (PolicyLine *line, const char *rest, GError **error)
{
    if (line->pauses)
        return fail (error, rest);
    line->pauses = TRUE;
    if (!g_str_has_prefix (rest, "schedule"))
        return policy_schedule_parse (rest, &line->pause, error);
    line->scheduled = TRUE;
    rest += strlen ("schedule");
    if (*rest == '\0')
        return TRUE;
    if (!g_str_has_prefix (rest, " then ") || !decision_parse (rest + 6, &line->after) ||
        (line->after != DECISION_REMOVE && line->after != DECISION_INACTIVE && line->after != DECISION_REVIEW))
        return fail (error, rest);
    return TRUE;
}

static gboolean
read_clause (PolicyLine *line, const char *clause, GError **error)
{
    static const struct {
        const char *word;
        DecisionKind kind;
    } lists[] = {{"remove ", DECISION_REMOVE}, {"inactive ", DECISION_INACTIVE}, {"review ", DECISION_REVIEW}};
    for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
        if (g_str_has_prefix (clause, lists[i].word))
            return read_list (line, lists[i].kind, clause + strlen (lists[i].word), error);
    if (g_str_has_prefix (clause, "pause "))
        return read_pause (line, clause + strlen ("pause "), error);
    return fail (error, clause);
}

static gboolean
read_actions (PolicyLine *line, const char *value, GError **error)
{
    g_auto (GStrv) clauses = g_strsplit (value, ",", -1);
    line->counts = !g_str_equal (value, "never");
    if (!line->counts || g_str_equal (value, "hold"))
        return TRUE;
    if (*value == '\0')
        return fail (error, value);
    for (char **clause = clauses; *clause != NULL; clause++)
        if (!read_clause (line, g_strstrip (*clause), error))
            return FALSE;
    return TRUE;
}

/* One failure weighs more the fewer of them it takes. */
static guint
grade_of (const PolicyLine *line)
{
    guint few = 1000 - MIN (line->days, 1000);
    switch (line->list) {
    case DECISION_REMOVE:
    case DECISION_INACTIVE:
        return 3000 + few;
    case DECISION_REVIEW:
        return line->pauses ? 2000 + few : 1000 + few;
    default:
        return line->pauses ? 2000 : 0;
    }
}

/* Listing somebody for what is no failure of theirs is never meant. */
static gboolean
is_sane (const PolicyLine *line, GError **error)
{
    static const EventType never[] = {TYPE_AUTOREPLY, TYPE_DELAYED, TYPE_DELIVERED};
    gboolean acts = line->list != DECISION_KEEP || line->pauses;
    for (guint i = 0; i < G_N_ELEMENTS (never); i++) {
        if (acts && ((line->reason >= 0 && reason_type ((Reason) line->reason) == never[i]) ||
                     line->type == (int) never[i])) {
            g_set_error (error, POLICY_ERROR, POLICY_ERROR_SYNTAX, "'%s' is no failure and can only be 'never'",
                         event_type_word (never[i]));
            return FALSE;
        }
    }
    return TRUE;
}

void
policy_line_free (PolicyLine *line)
{
    g_free (line->key);
    g_free (line->value);
    g_free (line);
}

PolicyLine *
policy_line_parse (const char *key, const char *value, GError **error)
{
    g_auto (GStrv) words = g_strsplit (key, "/", -1);
    PolicyLine *line = g_new0 (PolicyLine, 1);
    gboolean fine = *key != '\0' || fail (error, key);

    line->key = g_strdup (key);
    line->value = g_strstrip (g_strdup (value));
    line->reason = line->type = -1;
    line->list = line->after = DECISION_KEEP;
    for (char **word = words; fine && *word != NULL; word++)
        fine = read_condition (line, *word) || fail (error, *word);
    if (fine && read_actions (line, line->value, error) && is_sane (line, error)) {
        line->grade = grade_of (line);
        return line;
    }
    policy_line_free (line);
    return NULL;
}
