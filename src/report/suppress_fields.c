/* SPDX-License-Identifier: MIT */
#include "report/suppress_fields.h"

#include "base/date.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/writer.h"
#include "event/event_json.h"
#include "report/json.h"
#include <string.h>

#define MAILCHIMP_BYTES 255 /* its guidelines: of a text field */

/* --- plain cells ------------------------------------------------------------------------------------------------------ */

void
field_address (GString *out, const Decision *decision, guint line)
{
    (void) line;
    g_string_append (out, decision->email);
}

void
field_ses_reason (GString *out, const Decision *decision, guint line)
{
    (void) line;
    g_string_append (out, decision->type == TYPE_COMPLAINT ? "COMPLAINT" : "BOUNCE");
}

void
field_reply (GString *out, const Decision *decision, guint line)
{
    (void) line;
    g_string_append (out, *decision->reply ? decision->reply : "550");
}

void
field_status (GString *out, const Decision *decision, guint line)
{
    (void) line;
    g_string_append (out, *decision->status ? decision->status : *decision->reply ? decision->reply : "5.0.0");
}

/* Events have no controls in their strings; what comes here may have come from elsewhere. */
void
field_diagnostic (GString *out, const Decision *decision, guint line)
{
    (void) line;
    for (const char *at = decision->diagnostic; *at;) {
        guint length = utf8_length (at, strlen (at));

        if (length > 0 && !utf8_is_control (utf8_decode (at, length)))
            g_string_append_len (out, at, length);
        else if (length > 0)
            g_string_append_c (out, ' ');
        else
            g_string_append (out, "\xef\xbf\xbd");
        at += MAX (length, 1);
    }
}

/* RFC 5322 section 3.3, always +0000. */
void
field_mail_date (GString *out, const Decision *decision, guint line)
{
    static const char days[] = "ThuFriSatSunMonTueWed"; /* 1970-01-01 was a Thursday */
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char text[DATE_TEXT_SIZE];
    gint64 day = date_day (decision->last_seen);
    guint month;

    (void) line;
    if (!*date_format (decision->last_seen, text))
        return;
    month = (guint) (text[5] - '0') * 10 + (guint) (text[6] - '0') - 1;
    g_string_append_printf (out, "%.3s, %.2s %.3s %.4s %.8s +0000", days + 3 * ((day % 7 + 7) % 7), text + 8,
                            months + 3 * month, text, text + 11);
}

void
field_unix_date (GString *out, const Decision *decision, guint line)
{
    (void) line;
    if (decision->last_seen != DATE_NONE)
        g_string_append_printf (out, "%" G_GINT64_FORMAT, decision->last_seen);
}

void
field_sparkpost_type (GString *out, const Decision *decision, guint line)
{
    (void) decision;
    g_string_append (out, line == 0 ? "transactional" : "non_transactional");
}

void
field_status_reason (GString *out, const Decision *decision, guint line)
{
    (void) line;
    if (*decision->status || *decision->reply)
        g_string_append_printf (out, "%s ", *decision->status ? decision->status : decision->reply);
    g_string_append (out, reason_word (decision->reason));
}

void
field_one (GString *out, const Decision *decision, guint line)
{
    (void) decision;
    (void) line;
    g_string_append_c (out, '1');
}

/* --- mail servers ----------------------------------------------------------------------------------------------------- */

static const char *
after_what (EventType type)
{
    switch (type) {
    case TYPE_HARD:
        return "hard bounce";
    case TYPE_SOFT:
        return "soft bounces";
    case TYPE_COMPLAINT:
        return "complaint";
    default:
        return "bounce";
    }
}

/* RFC 5322 section 3.2.3; bytes beyond ASCII as in RFC 6532. */
static gboolean
is_dot_atom (const char *text, gsize length)
{
    gboolean inside = FALSE; /* an atom has begun */

    for (gsize i = 0; i < length; i++) {
        guchar byte = (guchar) text[i];

        if (byte == '.' && !inside)
            return FALSE;
        if (byte != '.' && byte < 0x80 && !g_ascii_isalnum (byte) && !strchr ("!#$%&'*+-/=?^_`{|}~", byte))
            return FALSE;
        inside = byte != '.';
    }
    return inside;
}

/* The local part as it is meant, without its quotes. */
static char *
bare_local_part (const char *address)
{
    const char *at = strrchr (address, '@');
    GString *out = g_string_new (NULL);
    const char *end = at;
    const char *from = address;

    if (end - from >= 2 && *from == '"' && end[-1] == '"') {
        from++;
        end--;
        for (; from < end; from++) {
            if (*from == '\\' && from + 1 < end)
                from++;
            g_string_append_c (out, *from);
        }
    } else {
        g_string_append_len (out, from, end - from);
    }
    return g_string_free (out, FALSE);
}

/* Postfix looks up the external form that it makes itself: quotes where and only where the local part is no dot-atom
 * (access(5), "EMAIL ADDRESS PATTERNS"). `"plain"@example.com` is looked up as plain@example.com, a..b@example.com as
 * "a..b"@example.com: the same addresses, in the spelling that is found. */
void
field_postfix_key (GString *out, const Decision *decision, guint line)
{
    g_autofree char *local = bare_local_part (decision->email);

    (void) line;
    if (is_dot_atom (local, strlen (local))) {
        g_string_append (out, local);
    } else {
        g_string_append_c (out, '"');
        for (const char *at = local; *at; at++) {
            if (*at == '"' || *at == '\\')
                g_string_append_c (out, '\\');
            g_string_append_c (out, *at);
        }
        g_string_append_c (out, '"');
    }
    g_string_append (out, strrchr (decision->email, '@'));
}

/* 5.1.1 whatever the bounce said: Postfix and Exim answer for an address that must not be used. */
void
field_postfix_reject (GString *out, const Decision *decision, guint line)
{
    char day[DATE_TEXT_SIZE];
    const char *code = *decision->status ? decision->status : decision->reply;

    (void) line;
    g_string_append_printf (out, "REJECT 5.1.1 Suppressed after %s", after_what (decision->type));
    if (*code)
        g_string_append_printf (out, " (%s)", code);
    if (*date_format_day (decision->last_seen, day))
        g_string_append_printf (out, " %s", day);
}

void
field_postfix_error (GString *out, const Decision *decision, guint line)
{
    (void) line;
    g_string_append_printf (out, "error:5.1.1 Suppressed after %s", after_what (decision->type));
}

/* Exim lsearch: a key with a colon, white space or # is quoted as a whole. */
void
field_exim_key (GString *out, const Decision *decision, guint line)
{
    (void) line;
    if (decision->email[strcspn (decision->email, ": \t#\"\\")] == '\0') {
        g_string_append (out, decision->email);
        return;
    }
    g_string_append_c (out, '"');
    for (const char *at = decision->email; *at; at++) {
        if (*at == '"' || *at == '\\')
            g_string_append_c (out, '\\');
        g_string_append_c (out, *at);
    }
    g_string_append_c (out, '"');
}

void
field_exim_fail (GString *out, const Decision *decision, guint line)
{
    (void) line;
    g_string_append_printf (out, "550 5.1.1 Suppressed after %s", after_what (decision->type));
}

/* --- JSON ------------------------------------------------------------------------------------------------------------- */

static void
append_json_string (GString *out, const char *text)
{
    g_autoptr (Writer) writer = writer_new_string (out);

    json_write_string (writer, text);
    writer_flush (writer, NULL);
}

void
field_address_json (GString *out, const Decision *decision, guint line)
{
    (void) line;
    append_json_string (out, decision->email);
}

void
field_postmark_json (GString *out, const Decision *decision, guint line)
{
    (void) line;
    g_string_append (out, "{\"EmailAddress\":");
    append_json_string (out, decision->email);
    g_string_append_c (out, '}');
}

void
field_ses_json (GString *out, const Decision *decision, guint line)
{
    g_string_append (out, "{\"emailAddress\":");
    append_json_string (out, decision->email);
    g_string_append (out, ",\"reason\":\"");
    field_ses_reason (out, decision, line);
    g_string_append (out, "\"}");
}

void
field_row_json (GString *out, const Decision *decision, guint line)
{
    g_autoptr (Writer) writer = writer_new_string (out);
    Json json = {writer, FALSE};

    (void) line;
    json_open (&json, NULL, '{');
    json_string (&json, "email", decision->email);
    json_string (&json, "domain", decision->domain);
    json_string (&json, "provider", decision->provider);
    json_string (&json, "decision", decision_word (decision->decision));
    json_string (&json, "reason", reason_word (decision->reason));
    json_string (&json, "type", event_type_word (decision->type));
    json_string (&json, "status", decision->status);
    json_string (&json, "reply", decision->reply);
    json_number (&json, "failures", decision->failures);
    json_date (&json, "first_seen", decision->first_seen);
    json_date (&json, "last_seen", decision->last_seen);
    json_date (&json, "next_try", decision->next_try);
    json_number (&json, "attempt", decision->attempt);
    json_string (&json, "rule", decision->rule);
    json_string (&json, "diagnostic", decision->diagnostic);
    json_close (&json, '}');
    writer_flush (writer, NULL);
}

/* --- refusals --------------------------------------------------------------------------------------------------------- */

const char *
refuse_csv_bare (const char *address)
{
    if (address[strcspn (address, ",\"")] != '\0')
        return "this format has no quoting for a comma or a quote in an address";
    return NULL;
}

const char *
refuse_postfix (const char *address)
{
    g_autofree char *local = bare_local_part (address);

    if (*local == '#' && is_dot_atom (local, strlen (local)))
        return "a Postfix table takes a line that starts with # for a comment";
    if (g_ascii_isspace (*local))
        return "a Postfix table takes a line that starts with white space for the end of the line before";
    if (*local == '\0')
        return "without a local part a Postfix table would take it for the whole domain";
    return NULL;
}

const char *
refuse_exim (const char *address)
{
    if (g_str_has_prefix (address, "*@"))
        return "an Exim list takes *@ for every address of the domain";
    return NULL;
}

const char *
refuse_mailchimp (const char *address)
{
    return strlen (address) > MAILCHIMP_BYTES ? "Mailchimp takes at most 255 bytes in a field" : NULL;
}
