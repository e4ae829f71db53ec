/* SPDX-License-Identifier: MIT */
#include "classify/classify.h"

#include "base/fold.h"
#include "base/text.h"
#include "classify/tables_private.h"
#include "classify/verdict.h"
#include "event/address.h"
#include "event/domain.h"
#include <string.h>

/* A verdict on its way into the event. */
typedef struct {
    Reason reason;
    EventType type;
    Fault fault;
    const char *rule;
} Verdict;

static Verdict
verdict_of_reason (Reason reason, const char *rule)
{
    return (Verdict){.reason = reason, .type = reason_type (reason), .fault = reason_fault (reason), .rule = rule};
}

static Verdict
verdict_of_row (const CodeRow *row, const char *rule)
{
    return (Verdict){.reason = row->reason, .type = row->type, .fault = row->fault, .rule = rule};
}

/* The status that the report itself gave: one that a rule made earlier is no evidence. */
static const char *
given_status (const BounceEvent *event)
{
    return event->status_from == STATUS_FROM_RULE ? "" : event->status;
}

/* Where a reply's line starts inside the text: "550-5.7.1 …", "550 5.7.1 …", "550-…" behind a space, and "550 …" as the
 * last line of several. The bytes it takes, 0 when none starts there. */
static gsize
continuation_length (const char *at, const char *reply, gboolean several)
{
    gsize length = 4;

    if (strncmp (at, reply, 3) != 0 || (at[3] != '-' && at[3] != ' '))
        return 0;
    while (g_ascii_isdigit (at[length]) || (at[length] == '.' && g_ascii_isdigit (at[length + 1])))
        length++;
    if (length > 4 && at[length] == ' ' && memchr (at + 4, '.', length - 4) != NULL)
        return length + 1;
    return at[3] == '-' || several ? 4 : 0;
}

/* Servers break long replies into lines that each begin with the code; the sentence goes on behind it. */
static void
join_reply_lines (char *text, gsize *length, const char *reply)
{
    gsize read = 0, wrote = 0;
    char first[5];
    gboolean several;

    if (strlen (reply) != 3)
        return;
    g_snprintf (first, sizeof first, "%s-", reply);
    several = strstr (text, first) != NULL;
    while (read < *length) {
        gsize skip = read > 0 && text[read - 1] == ' ' && wrote > 8 ? continuation_length (text + read, reply, several)
                                                                           : 0;

        if (skip > 0)
            read += skip;
        else
            text[wrote++] = text[read++];
    }
    text[wrote] = '\0';
    *length = wrote;
}

RuleSubject
verdict_subject (const BounceEvent *event, Arena *arena)
{
    char *text;
    RuleSubject subject = {.provider = event->provider,
                           .gateway = event->gateway,
                           .format = event->format,
                           .command = event->command,
                           .status = given_status (event),
                           .reply = event->reply};

    text = fold_text (arena, span_of (event->diagnostic), &subject.length);
    join_reply_lines (text, &subject.length, event->reply);
    subject.text = text;
    return subject;
}

/* Before RCPT the server has not heard of the recipient: whatever its words, it speaks of our host or our sender. */
static Verdict
verdict_before_recipient (Verdict verdict, const BounceEvent *event)
{
    static const char *const OF_HOST[] = {"CONN", "HELO", "EHLO", "STARTTLS", "AUTH", NULL};

    if (verdict.type == TYPE_HARD && strcmp (event->command, "MAIL") == 0)
        return verdict_of_reason (REASON_SENDER_REJECTED, verdict.rule);
    /* all that it knows of us by then is our address, so a refusal "by policy" is one of our host as well */
    if ((verdict.type == TYPE_HARD || verdict.reason == REASON_POLICY) && g_strv_contains (OF_HOST, event->command))
        return verdict_of_reason (REASON_REPUTATION, verdict.rule);
    return verdict;
}

/* Words beside the codes: at least a few letters together that are not the name of a diagnostic's type ("smtp;"). */
static gboolean
has_words (const char *diagnostic)
{
    const char *semicolon = strchr (diagnostic, ';');
    guint letters = 0;

    if (semicolon != NULL && semicolon - diagnostic < 12)
        diagnostic = semicolon + 1;
    for (; *diagnostic != '\0' && letters < 4; diagnostic++)
        letters = g_ascii_isalpha (*diagnostic) || (guchar) *diagnostic >= 0x80 ? letters + 1 : 0;
    return letters >= 4;
}

/* A bare 5yz says "no" and nothing else. What it says no to depends on the command: only behind RCPT is it about the
 * recipient, and there it is the plain answer for a mailbox that does not exist. */
static Verdict
verdict_of_bare_reply (const CodeRow *row, const BounceEvent *event, const char *rule)
{
    if (event->reply[0] != '5')
        return verdict_of_row (row, rule);
    if (strcmp (event->command, "CONN") == 0 && row->reason == REASON_UNKNOWN)
        return verdict_of_reason (REASON_REPUTATION, rule);
    if (strcmp (event->command, "DATA") == 0 && row->type == TYPE_HARD)
        return verdict_of_reason (REASON_POLICY, rule);
    if (strcmp (event->command, "RCPT") == 0 && row->reason == REASON_ADDRESS_REJECTED &&
        strcmp (event->reply, "550") == 0)
        return verdict_of_reason (REASON_USER_UNKNOWN, rule);
    /* words that no rule knows, and not at RCPT: they may as well refuse the sender, so nobody is dead by them */
    if (row->reason == REASON_ADDRESS_REJECTED && event->command[0] == '\0' && has_words (event->diagnostic))
        return verdict_of_reason (REASON_MAILBOX_UNAVAILABLE, rule);
    return verdict_of_row (row, rule);
}

/* A detail that no table knows still tells its subject: 5.7.999 is some policy, 4.4.312 some trouble on the way. */
static const CodeRow *
status_row (const Tables *tables, const char *status, Arena *arena)
{
    const CodeRow *row = tables_status (tables, status);
    const char *last = strrchr (status, '.');

    if (row == NULL && last != NULL)
        row = tables_status (tables, arena_printf (arena, "%.*s.0", (int) (last - status), status));
    return row;
}

/* Text first, then the enhanced status, then the reply. */
static Verdict
verdict_of_evidence (const Tables *tables, const BounceEvent *event, Arena *arena)
{
    RuleSubject subject = verdict_subject (event, arena);
    const Rule *rule = rule_table_find (tables->rules, &subject, arena);
    const CodeRow *row;

    if (rule != NULL)
        return (Verdict){.reason = rule->reason,
                         .type = rule->type,
                         .fault = reason_fault (rule->reason),
                         .rule = arena_strdup (arena, rule->id)};
    row = status_row (tables, subject.status, arena);
    if (row != NULL && row->reason != REASON_UNKNOWN)
        return verdict_of_row (row, arena_printf (arena, "status:%s", row->code));
    row = tables_reply (tables, event->reply);
    /* "5.1.5 valid" contradicts itself: the reply's meaning would be one more guess */
    if (row != NULL && row->reason != REASON_UNKNOWN && !g_str_has_suffix (subject.status, ".1.5"))
        return verdict_of_bare_reply (row, event, arena_printf (arena, "reply:%s", row->code));
    row = status_row (tables, subject.status, arena);
    if (row != NULL)
        return verdict_of_row (row, arena_printf (arena, "status:%s", row->code));
    row = tables_reply (tables, event->reply);
    if (row != NULL)
        return verdict_of_bare_reply (row, event, arena_printf (arena, "reply:%s", row->code));
    return verdict_of_reason (REASON_UNKNOWN, "");
}

/* The sending server still tries, which is no failure yet; where the text tells why, the reason says so. */
static Verdict
verdict_of_delay (const Tables *tables, const BounceEvent *event, Arena *arena)
{
    RuleSubject subject = verdict_subject (event, arena);
    const Rule *rule = rule_table_find (tables->rules, &subject, arena);
    Verdict verdict = verdict_of_reason (REASON_DELAYED, "action:delayed");

    if (rule != NULL && rule->reason != REASON_UNKNOWN) {
        verdict = verdict_of_reason (rule->reason, arena_strdup (arena, rule->id));
        verdict.type = TYPE_DELAYED;
    }
    return verdict;
}

/* "Not now" is no proof that an address is dead, whatever the words. */
static gboolean
is_temporary (const BounceEvent *event)
{
    return given_status (event)[0] == '4' || event->reply[0] == '4';
}

static void
settle_status (BounceEvent *event, const Verdict *verdict, Arena *arena)
{
    const char *status = reason_status (verdict->reason);

    if (event->status_from != STATUS_FROM_RULE && event->status[0] != '\0')
        return;
    if (status[0] != '\0' && (event->reply[0] == '4' || verdict->type == TYPE_DELAYED))
        status = arena_printf (arena, "4%s", status + 1);
    event->status = status;
    event->status_from = status[0] == '\0' ? STATUS_FROM_NOTHING : STATUS_FROM_RULE;
}

ProviderAnswer
verdict_place (const Tables *tables, BounceEvent *event, Arena *arena)
{
    ProviderAnswer answer;

    event->domain = domain_to_ascii (arena, address_domain (event->recipient));
    answer = provider_table_find (tables->providers, event, arena);
    event->provider = arena_strdup (arena, answer.provider);
    event->gateway = arena_strdup (arena, answer.gateway);
    return answer;
}

void
verdict_decide (const Tables *tables, BounceEvent *event, Arena *arena)
{
    Verdict verdict;

    if (event->decided) {
        verdict = verdict_of_reason (event->reason, arena_printf (arena, "format:%s", event->format));
    } else if (strcmp (event->format, "unparsed") == 0) {
        verdict = verdict_of_reason (REASON_UNKNOWN, "format:unparsed");
    } else if (text_equal (event->action, "delivered") || text_equal (event->action, "relayed") ||
               text_equal (event->action, "expanded")) {
        verdict = verdict_of_reason (REASON_DELIVERED, arena_printf (arena, "action:%s", event->action));
    } else if (text_equal (event->action, "delayed")) {
        verdict = verdict_of_delay (tables, event, arena);
    } else {
        verdict = verdict_before_recipient (verdict_of_evidence (tables, event, arena), event);
        if (verdict.type == TYPE_HARD && is_temporary (event))
            verdict.type = TYPE_SOFT;
    }
    event->reason = verdict.reason;
    event->type = verdict.type;
    event->fault = verdict.fault;
    event->rule = verdict.rule;
    if (!event->decided)
        settle_status (event, &verdict, arena);
}

void
classify (const Tables *tables, BounceEvent *event, Arena *arena)
{
    verdict_place (tables, event, arena);
    verdict_decide (tables, event, arena);
}
