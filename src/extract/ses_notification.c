/* SPDX-License-Identifier: MIT */
/* Amazon SES tells of bounces, complaints and deliveries in JSON, and its topics send that JSON on by mail: bare, or in
 * the envelope of the notification service ("Message": "{…}"). Structure and names: Amazon SES developer guide,
 * "Amazon SNS notification contents". */
#include "extract/common.h"

#include "base/date.h"
#include "base/limits.h"
#include "event/address.h"
#include "extract/smtp_command.h"
#include "extract/status.h"

#include <jansson.h>
#include <string.h>

#define FORMAT "ses-json"

/* Mailers break lines of more than 998 bytes (RFC 5322 2.1.1), inside strings too, some with a blank behind the
 * break. A line break inside a string is no JSON, so it can only be one of those. */
static char *
unwrap (Arena *arena, const char *text)
{
    char *out = arena_alloc (arena, strlen (text) + 1), *to = out;
    gboolean inside = FALSE, escaped = FALSE; /* in a string; behind its backslash */

    for (const char *at = text; *at != '\0'; at++) {
        if (inside && *at == '\n') {
            if (to > out && to[-1] == '!') /* how sendmail marks its break */
                to--;
            if (at[1] == ' ')
                at++;
            continue;
        }
        if (!escaped)
            inside ^= *at == '"';
        escaped = inside && !escaped && *at == '\\';
        *to++ = *at;
    }
    *to = '\0';
    return out;
}

static const char *
text_of (const json_t *object, const char *key)
{
    const char *text = json_string_value (json_object_get (object, key));

    return text == NULL ? "" : text;
}

/* The notification itself; a new reference, NULL when it is none. */
static json_t *
load (Arena *arena, const char *text)
{
    json_t *outer = json_loads (unwrap (arena, text), JSON_DISABLE_EOF_CHECK, NULL), *inner = NULL;
    const char *message = text_of (outer, "Message");

    if (*message == '{') {
        inner = json_loads (message, JSON_DISABLE_EOF_CHECK, NULL);
        json_decref (outer);
        return inner;
    }
    return outer;
}

static const char *
line (Extraction *extraction, const char *text, gsize maximum)
{
    return text_one_line (extraction->arena, text, -1, maximum);
}

/* "dns; a8-70.smtp-out.amazonses.com" */
static const char *
host (Extraction *extraction, const char *typed)
{
    const char *semicolon = strchr (typed, ';');
    Span name = span_trim (span_of (semicolon == NULL ? typed : semicolon + 1));

    return text_one_line (extraction->arena, name.at, (gssize) name.length, 255);
}

/* What is the same for everybody the notification names. */
static BounceEvent *
add_event (Extraction *extraction, const json_t *root, const json_t *about, const char *address)
{
    const json_t *mail = json_object_get (root, "mail"), *common = json_object_get (mail, "commonHeaders");
    char *recipient = address_clean (extraction->arena, span_of (address));
    BounceEvent *event = recipient == NULL ? NULL : common_event (extraction, FORMAT);
    gint64 date;

    if (event == NULL)
        return NULL;
    event->recipient = event->final_recipient = recipient;
    event->agent = "amazon-ses";
    date = date_parse_rfc3339 (text_of (about, "timestamp"));
    if (date != DATE_NONE)
        event->date = date;
    event->reporting_mta = host (extraction, text_of (about, "reportingMTA"));
    event->original_message_id = line (extraction, text_of (mail, "messageId"), LIMIT_SUBJECT);
    event->original_sender = line (extraction, text_of (mail, "source"), LIMIT_ADDRESS);
    event->original_subject = line (extraction, text_of (common, "subject"), LIMIT_SUBJECT);
    event->flags &= ~(guint32) FLAG_NO_ORIGINAL;
    return event;
}

static void
add_bounce (Extraction *extraction, const json_t *root, const json_t *bounce)
{
    const json_t *list = json_object_get (bounce, "bouncedRecipients");

    for (size_t i = 0; i < json_array_size (list); i++) {
        const json_t *one = json_array_get (list, i);
        BounceEvent *event = add_event (extraction, root, bounce, text_of (one, "emailAddress"));
        const char *code = text_of (one, "diagnosticCode"), *action = text_of (one, "action");

        if (event == NULL)
            continue;
        if (*code == '\0') /* held back by the service itself, or a bounce without a report */
            code = arena_printf (extraction->arena, "Bounce type %s, %s", text_of (bounce, "bounceType"),
                                 text_of (bounce, "bounceSubType"));
        if (text_has_prefix (code, "smtp;"))
            code += strlen ("smtp;");
        event->diagnostic = line (extraction, code, LIMIT_DIAGNOSTIC);
        event->status_field = line (extraction, text_of (one, "status"), 32);
        event->action = text_equal (action, "delayed") ? "delayed" : "failed";
        event->command = smtp_command_find (event->diagnostic);
        status_settle (extraction->arena, event);
    }
}

static void
add_complaint (Extraction *extraction, const json_t *root, const json_t *complaint)
{
    const json_t *list = json_object_get (complaint, "complainedRecipients");

    for (size_t i = 0; i < json_array_size (list); i++) {
        BounceEvent *event =
            add_event (extraction, root, complaint, text_of (json_array_get (list, i), "emailAddress"));

        if (event == NULL)
            continue;
        event->type = TYPE_COMPLAINT;
        event->reason = REASON_COMPLAINT;
        event->decided = TRUE;
        event->diagnostic = line (extraction, text_of (complaint, "complaintFeedbackType"), LIMIT_DIAGNOSTIC);
    }
}

static void
add_delivery (Extraction *extraction, const json_t *root, const json_t *delivery)
{
    const json_t *list = json_object_get (delivery, "recipients");

    for (size_t i = 0; i < json_array_size (list); i++) {
        const char *address = json_string_value (json_array_get (list, i));
        BounceEvent *event = address == NULL ? NULL : add_event (extraction, root, delivery, address);

        if (event == NULL)
            continue;
        event->action = "delivered";
        event->diagnostic = line (extraction, text_of (delivery, "smtpResponse"), LIMIT_DIAGNOSTIC);
        status_settle (extraction->arena, event);
    }
}

/* What an HTML part shows is no notification (and first_look.c does not look for one there). */
static gboolean
has_text_part (const MailView *view)
{
    const MailPart *part = NULL;

    while ((part = mail_view_part (view, PART_TEXT, part)) != NULL)
        if (part->text_length > 0)
            return TRUE;
    return FALSE;
}

Answer
ses_notification_recognise (Extraction *extraction)
{
    const char *body = extraction->view->body;
    Span start = span_trim (span_of (body));
    guint before = event_list_length (extraction->list);
    json_t *root;

    if (start.length == 0 || start.at[0] != '{' || !has_text_part (extraction->view) ||
        (strstr (body, "notificationType") == NULL && strstr (body, "eventType") == NULL))
        return ANSWER_PASS;
    root = load (extraction->arena, start.at);
    if (json_is_object (root)) {
        add_bounce (extraction, root, json_object_get (root, "bounce"));
        add_complaint (extraction, root, json_object_get (root, "complaint"));
        add_delivery (extraction, root, json_object_get (root, "delivery"));
    }
    json_decref (root);
    return event_list_length (extraction->list) > before ? ANSWER_EVENTS : ANSWER_PASS;
}
