/* SPDX-License-Identifier: MIT */
#include "extract/dsn_event.h"

#include "base/ascii.h"
#include "base/date.h"
#include "base/limits.h"
#include "event/address.h"
#include "extract/common.h"
#include "extract/recipient_text.h"
#include "extract/smtp_command.h"
#include "extract/status.h"
#include <string.h>

/* --- addresses ------------------------------------------------------------------------------------------------------ */

/* "rfc822;a@b", also with a type that its writer got wrong ("rfc/822", "rfc-822", "smtp"). */
static const char *
typed_address (Arena *arena, Span field, DsnRecipient *recipient)
{
    field = span_trim (field);
    if (!field.length)
        return NULL;
    if (span_has_prefix (field, "rfc822 ") && !memchr (field.at, ';', field.length))
        field = span (field.at + 7, field.length - 7); /* the semicolon is missing */
    const char *address = address_from_typed (arena, field);
    recipient->utf8 |= span_has_prefix (field, "utf-8");
    const char *semicolon = memchr (field.at, ';', field.length);
    gboolean is_mail = !semicolon || span_has_prefix (field, "rfc") ||
                       span_has_prefix (field, "utf-8") || span_has_prefix (field, "smtp");
    if (!address && is_mail && memchr (field.at, '@', field.length))
        recipient->broken = TRUE;
    return address;
}

DsnRecipient
dsn_recipient_of (Arena *arena, const DsnGroup *group)
{
    DsnRecipient recipient = {.broken = FALSE};
    recipient.original =
        typed_address (arena, dsn_group_get (group, "Original-Recipient"), &recipient);
    recipient.final = typed_address (arena, dsn_group_get (group, "Final-Recipient"), &recipient);
    recipient.actual =
        typed_address (arena, dsn_group_get (group, "X-Actual-Recipient"), &recipient);
    recipient.recipient = recipient.original ? recipient.original : recipient.final;
    if (!recipient.recipient)
        recipient.recipient = recipient.actual;
    return recipient;
}

/* The local parts differ in more than case, quotes and backslashes; told only of ASCII. A report of a thousand
 * recipients asks half a million times, and this is nearly always the answer. */
static gboolean
locals_differ (const char *a, const char *b)
{
    const char *end_a = strrchr (a, '@'), *end_b = strrchr (b, '@');
    if (!end_a || !end_b)
        return FALSE; /* no address */
    for (;; a++, b++) {
        while (a < end_a && (*a == '"' || *a == '\\'))
            a++;
        while (b < end_b && (*b == '"' || *b == '\\'))
            b++;
        if (a == end_a || b == end_b)
            return (a == end_a) != (b == end_b);
        if ((*a | *b) & 0x80)
            return FALSE;
        if (ascii_lower (*a) != ascii_lower (*b))
            return TRUE; /* and no need for the long way */
    }
}

/* The same mailbox but for case and for quotes around the local part. */
static gboolean
same_mailbox (Arena *arena, const char *a, const char *b)
{
    if (!a || !b || text_equal (a, b))
        return TRUE;
    if (locals_differ (a, b))
        return FALSE;
    GString *plain[2] = {g_string_new (NULL), g_string_new (NULL)};
    const char *both[2] = {address_normal (arena, a), address_normal (arena, b)};
    for (guint i = 0; i < 2; i++)
        for (const char *at = both[i]; *at; at++)
            if (*at != '"' && *at != '\\')
                g_string_append_c (plain[i], *at);
    gboolean same = g_string_equal (plain[0], plain[1]);
    g_string_free (plain[0], TRUE);
    g_string_free (plain[1], TRUE);
    return same;
}

/* --- fields --------------------------------------------------------------------------------------------------------- */

static Span
group_get (const DsnGroup *group, const char *name)
{
    return group ? dsn_group_get (group, name) : span (NULL, 0);
}

/* "dns; host.example.org (comment)" → "host.example.org". */
static const char *
mta_name (Extraction *extraction, Span field)
{
    const char *semicolon = field.length ? memchr (field.at, ';', field.length) : NULL;
    if (semicolon)
        field = span (semicolon + 1, field.length - (gsize) (semicolon + 1 - field.at));
    field = span_trim (field);
    if (field.length && field.at[0] == '[')
        field = span (field.at + 1, field.length - 1); /* "[192.0.2.1]" */
    gsize length = 0;
    while (length < field.length && !strchr (" \t\r\n()[],;", field.at[length]))
        length++;
    while (length && field.at[length - 1] == '.')
        length--;
    return text_lower (extraction->arena,
                       common_line (extraction, span (field.at, length), LIMIT_ADDRESS));
}

/* "host mx.example.org[192.0.2.1] said: …", "host mx.example.org [192.0.2.1]: 550 …" → the name. */
static const char *
mta_of_text (Extraction *extraction, const char *text)
{
    static const char *const leads[] = {"host ", "connect to ", "while talking to ",
                                        "conversation with ", "connection with "};
    for (guint i = 0; i < G_N_ELEMENTS (leads); i++) {
        const char *at = text_find (text, leads[i]);
        if (!at || (at > text && g_ascii_isalnum (at[-1])))
            continue;
        at += strlen (leads[i]);
        gsize length = 0;
        while (g_ascii_isalnum (at[length]) || at[length] == '-' || at[length] == '.')
            length++;
        gboolean told =
            at[length] == '[' || (at[length] == ' ' && at[length + 1] == '[') || at[length] == ':';
        while (length && at[length - 1] == '.')
            length--;
        if (told && memchr (at, '.', length))
            return text_lower (extraction->arena,
                               common_line (extraction, span (at, length), LIMIT_ADDRESS));
    }
    return "";
}

static const struct {
    const char *start, *word;
} actions[] = {
    {"fail", "failed"},       {"expir", "failed"},    {"error", "failed"},
    {"reject", "failed"},     {"bounce", "failed"},   {"undeliver", "failed"},
    {"delay", "delayed"},     {"defer", "delayed"},   {"deliver", "delivered"},
    {"relay", "relayed"},     {"expand", "expanded"}, {"permanent", "failed"},
    {"transient", "delayed"},
};

/* The word of RFC 3464 2.3.3, whatever case, comment or misspelling surrounds it; "" when none. */
static const char *
action_of_field (Span field)
{
    field = span_trim (field);
    while (field.length && (strchr ("\"'<(", field.at[0]) || field.at[0] == ' ') && field.at[0])
        field = span (field.at + 1, field.length - 1);
    for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
        if (span_has_prefix (field, actions[i].start))
            return actions[i].word;
    return "";
}

/* Where the report does not say: what its status, its retry date or its subject stand for. */
static const char *
action_of_rest (Extraction *extraction, const DsnGroup *group, const char *status)
{
    if (status[0] == '2')
        return "delivered";
    if (status[0] == '5')
        return "failed";
    if (group_get (group, "Will-Retry-Until").length)
        return "delayed";
    const char *subject = mail_view_header (extraction->view, "Subject");
    static const char *const delays[] = {"delay", "warning", "deferred",
                                         "could not send message for past"};
    for (guint i = 0; i < G_N_ELEMENTS (delays); i++)
        if (text_find (subject, delays[i]))
            return "delayed";
    return "failed";
}

static gboolean
action_contradicts (const char *action, const char *status)
{
    gboolean good = !strcmp (action, "delivered") || !strcmp (action, "relayed") ||
                    !strcmp (action, "expanded");
    if (!*status)
        return FALSE;
    if (good)
        return status[0] != '2';
    if (!strcmp (action, "delayed"))
        return status[0] != '4';
    return status[0] == '2';
}

/* --- diagnostic ----------------------------------------------------------------------------------------------------- */

typedef struct {
    Span type; /* smtp, x-unix, X-Postfix …; empty when none was given */
    Span text;
} Diagnostic;

static Diagnostic
split_diagnostic (Span field)
{
    Diagnostic diagnostic = {{NULL, 0}, span_trim (field)};
    gsize length = 0; /* of the type */
    while (length < field.length && length < 40 &&
           (g_ascii_isalnum (field.at[length]) || strchr ("-._/", field.at[length])) &&
           field.at[length])
        length++;
    gsize semicolon = length;
    while (semicolon < field.length && field.at[semicolon] == ' ')
        semicolon++;
    if (length && semicolon < field.length && field.at[semicolon] == ';' &&
        g_ascii_isalpha (field.at[0])) {
        diagnostic.type = span (field.at, length);
        diagnostic.text = span_trim (span (field.at + semicolon + 1, field.length - semicolon - 1));
    }
    return diagnostic;
}

/* Says more than a code: three letters in a row. */
static gboolean
is_telling (Span text)
{
    guint run = 0;
    for (gsize i = 0; i < text.length; i++) {
        run = g_ascii_isalpha (text.at[i]) || (guchar) text.at[i] >= 0x80 ? run + 1 : 0;
        if (run >= 3)
            return TRUE;
    }
    return FALSE;
}

/* "550-5.7.1 the first line of" : a reply of several lines of which the field kept the first. */
static gboolean
is_cut_reply (const char *text)
{
    if (strlen (text) < 4 || !g_ascii_isdigit (text[0]) || !g_ascii_isdigit (text[1]) ||
        !g_ascii_isdigit (text[2]) || text[3] != '-')
        return FALSE;
    char last[6] = {' ', text[0], text[1], text[2], ' ', '\0'};
    return !strstr (text, last);
}

/* What the people's part says about this recipient, by any of its names. */
static const char *
text_statement (Extraction *extraction, const DsnRecipient *recipient, gboolean only)
{
    const char *names[] = {recipient->actual, recipient->final, recipient->original,
                           recipient->recipient};
    const char *found = "";
    for (guint i = 0; i < G_N_ELEMENTS (names) && !*found; i++)
        if (names[i])
            found =
                recipient_text_find (extraction->arena, extraction->view->body, names[i], FALSE);
    if (!*found && only && recipient->recipient)
        found = recipient_text_find (extraction->arena, extraction->view->body,
                                     recipient->recipient, TRUE);
    return found;
}

static void
set_status (Extraction *extraction, BounceEvent *event, Span field, const char *said)
{
    Arena *arena = extraction->arena;
    Diagnostic diagnostic = split_diagnostic (field);
    gboolean unix_type = span_equal (diagnostic.type, "x-unix");
    gboolean from_text = FALSE;
    event->diagnostic = common_line (extraction, diagnostic.text, LIMIT_DIAGNOSTIC);
    if (!is_telling (diagnostic.text) && is_telling (span_of (said))) {
        event->diagnostic = said;
        from_text = TRUE;
    } else if (unix_type && !is_telling (diagnostic.text)) {
        event->diagnostic =
            common_line (extraction, field, LIMIT_DIAGNOSTIC); /* an exit code needs its type */
    } else if (is_cut_reply (event->diagnostic) && text_has_prefix (said, event->diagnostic)) {
        event->diagnostic = said;
    }
    status_settle (arena, event);
    if (unix_type && !from_text)
        event->reply = ""; /* the words of a program are no SMTP reply */
    if (from_text) {
        if (event->status_from == STATUS_FROM_DIAGNOSTIC)
            event->status_from = STATUS_FROM_TEXT;
        return;
    }
    char *status = status_find (arena, span_of (said));
    if (*status && status[0] != '2' && !status_is_vague (status) &&
        (!*event->status || (status_is_vague (event->status) && status[0] == event->status[0]))) {
        event->status = status;
        event->status_from = STATUS_FROM_TEXT;
    }
    if (!*event->reply)
        event->reply = reply_find (arena, span_of (said));
}

/* --- the event ------------------------------------------------------------------------------------------------------ */

/* The message told this already: by a second part, or by a group that stands there twice. Different final recipients of
 * one address that we wrote to are different stories. */
static gboolean
is_told (Extraction *extraction, const DsnRecipient *recipient, const char *action, guint32 *flags)
{
    for (guint i = 0; i < event_list_length (extraction->list); i++) {
        BounceEvent *old = event_list_get (extraction->list, i);
        if (!same_mailbox (extraction->arena, old->recipient, recipient->recipient))
            continue;
        gboolean same_final =
            !recipient->final || !*old->final_recipient ||
            same_mailbox (extraction->arena, old->final_recipient, recipient->final);
        if (same_final && !strcmp (old->action, action)) {
            old->flags |= FLAG_DUPLICATE_RECIPIENT;
            return TRUE;
        }
        old->flags |= FLAG_DUPLICATE_RECIPIENT;
        *flags |= FLAG_DUPLICATE_RECIPIENT;
        if (same_final)
            *flags |= FLAG_CONTRADICTED;
    }
    return FALSE;
}

BounceEvent *
dsn_event_add (Extraction *extraction, const DsnGroup *message, const DsnGroup *group,
               const DsnRecipient *recipient, gboolean only, const char *format)
{
    guint32 flags = 0;
    Span status = group_get (group, "Status");
    const char *status_field = common_line (extraction, status, 256);
    const char *action = action_of_field (group_get (group, "Action"));
    if (!*action)
        action = action_of_rest (extraction, group, status_field);
    if (is_told (extraction, recipient, action, &flags))
        return NULL;
    BounceEvent *event = common_event (extraction, format);
    if (!event)
        return NULL;
    event->flags |= flags;
    event->recipient = recipient->recipient;
    event->final_recipient = recipient->final ? recipient->final : "";
    event->original_recipient = recipient->original ? recipient->original : "";
    if (!same_mailbox (extraction->arena, recipient->original, recipient->final) ||
        !same_mailbox (extraction->arena, recipient->recipient, recipient->actual))
        event->flags |= FLAG_FORWARDED;
    if (group && group->contradicted)
        event->flags |= FLAG_CONTRADICTED;
    event->action = action;
    event->status_field = status_field;
    const char *said = text_statement (extraction, recipient, only);
    Span diagnostic = group_get (group, "Diagnostic-Code");
    if (!diagnostic.length && !*said && is_telling (status))
        diagnostic = status; /* "Status: 5.1.0 MAILBOX NOT FOUND": the words are nowhere else */
    set_status (extraction, event, diagnostic, said);
    if (action_contradicts (action, event->status))
        event->flags |= FLAG_CONTRADICTED;
    gint64 date =
        date_parse (common_line (extraction, group_get (group, "Last-Attempt-Date"), 128));
    if (date != DATE_NONE)
        event->date = date;
    event->reporting_mta = mta_name (extraction, group_get (message, "Reporting-MTA"));
    event->remote_mta = mta_name (extraction, group_get (group, "Remote-MTA"));
    if (!*event->remote_mta)
        event->remote_mta = mta_of_text (extraction, event->diagnostic);
    if (!*event->remote_mta)
        event->remote_mta = mta_of_text (extraction, said);
    event->command = smtp_command_find (event->diagnostic);
    if (!*event->command)
        event->command = smtp_command_find (said);
    if (!*event->command && only)
        event->command = *said ? smtp_command_of_dialogue (extraction->view->body)
                               : smtp_command_find (extraction->view->body);
    common_set_sender (extraction, event, group_get (message, "X-Postfix-Sender"));
    return event;
}
