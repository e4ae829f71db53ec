/* SPDX-License-Identifier: MIT */
#include "extract/agent.h"

#include "base/ascii.h"
#include "base/text.h"
#include <string.h>

/* Where a mark is looked for. */
typedef enum {
    IN_HEADER, /* in the value of the header field `name`; text "" = the field is there */
    IN_STATUS, /* in the delivery-status part */
    IN_MTA,    /* in the Reporting-MTA field of that part */
    IN_BODY,   /* in what the report says */
    IN_ORIGIN, /* in the Message-ID of the report, or in its oldest Received field as far as that tells where it was made */
} Place;

static const struct {
    const char *agent;
    Place place;
    const char *name; /* of the header field */
    const char *text;
} marks[] = {
    {"postfix", IN_STATUS, NULL, "X-Postfix-Queue-ID:"},
    {"postfix", IN_STATUS, NULL, "X-Postfix-Sender:"},
    {"yandex", IN_STATUS, NULL, "X-Yandex-Queue-ID:"},
    {"aol", IN_STATUS, NULL, "X-Outbound-Mail-Relay-Queue-ID:"},
    {"domino", IN_STATUS, NULL, "X-Notes;"},
    {"amazon-ses", IN_MTA, NULL, "amazonses.com"},
    {"gmail", IN_MTA, NULL, "googlemail.com"},
    {"mimecast", IN_MTA, NULL, ".mimecast.com"},
    {"exchange-online", IN_MTA, NULL, ".prod.outlook.com"},
    {"exchange-online", IN_MTA, NULL, ".protection.outlook.com"},
    {"messaging-server", IN_MTA, NULL, "(tcp-daemon)"},
    {"messaging-server", IN_MTA, NULL, "(ims-ms-daemon)"},
    {"qmail", IN_BODY, NULL, "Hi. This is the qmail-send program"},
    {"exim", IN_BODY, NULL, "This message was created automatically by mail delivery software"},
    {"exim", IN_HEADER, "Content-Type", "eximdsn"},
    {"postfix", IN_BODY, NULL, "This is the mail system at host"},
    {"postfix", IN_BODY, NULL, "This is the Postfix program at host"},
    {"courier", IN_BODY, NULL, "running the Courier mail server"},
    {"opensmtpd", IN_BODY, NULL, "This is the MAILER-DAEMON, please DO NOT REPLY to this"},
    {"dragonfly", IN_BODY, NULL, "This is the DragonFly Mail Agent"},
    {"dragonfly", IN_BODY, NULL, "DragonFly Mail Agent v"},
    {"exchange-online", IN_HEADER, "From", "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@"},
    {"exchange-online", IN_ORIGIN, NULL, ".prod.outlook.com"},
    {"exchange", IN_BODY, NULL, "Diagnostic information for administrators:"},
    {"exchange", IN_HEADER, "X-Mailer", "Internet Mail Service"},
    {"exchange", IN_HEADER, "X-MimeOLE", "Produced By Microsoft Exchange"},
    {"exchange", IN_HEADER, "X-MS-Exchange-Message-Is-Ndr", ""},
    {"google-groups", IN_HEADER, "X-Google-Smtp-Source", "groups"},
    {"gmail", IN_HEADER, "From", "mailer-daemon@googlemail.com"},
    {"gmail", IN_HEADER, "From", "mailer-daemon@google.com"},
    {"amazon-ses", IN_HEADER, "From", "mailer-daemon@amazonses.com"},
    {"amazon-ses", IN_ORIGIN, NULL, ".amazonses.com>"},
    {"messaging-server", IN_ORIGIN, NULL, "Messaging Server"},
    {"messaging-server", IN_BODY, NULL, "This report relates to a message you sent with the following header fields:"},
    {"mcafee", IN_HEADER, "X-NAI-Header", ""},
    {"mimecast", IN_HEADER, "X-Mimecast-Originator", ""},
    {"active-hunter", IN_HEADER, "X-AHMAILID", ""},
    {"imail", IN_HEADER, "X-Mailer", "<SMTP32 v"},
    {"groupwise", IN_HEADER, "X-Mailer", "GroupWise"},
    {"mailru", IN_HEADER, "From", "mailer-daemon@corp.mail.ru"},
    {"james", IN_HEADER, "X-James-Postmaster", ""},
    {"sendgrid", IN_HEADER, "X-SG-EID", ""},
    {"opensmtpd", IN_ORIGIN, NULL, "(OpenSMTPD)"},
    {"postfix", IN_ORIGIN, NULL, "(Postfix)"},
    {"exim", IN_ORIGIN, NULL, "(Exim "},
    {"zoho", IN_HEADER, "From", "mailer-daemon@mail.zoho.com"},
    {"sendmail", IN_BODY, NULL, "----- Transcript of session follows -----"},
    {"sendmail", IN_BODY, NULL, "----- The following addresses had "},
};

/* The Received field that was written first stands last. */
static const char *
oldest_received (const MailView *view)
{
    const char *oldest = "";
    for (guint i = 0; i < view->headers.n_fields; i++)
        if (text_equal (view->headers.fields[i].name, "Received"))
            oldest = view->headers.fields[i].value;
    return oldest;
}

/* Where the report was made, as the oldest Received field tells it. A host that took it over the network writes its
 * own program behind "by": that is the reader's side and says nothing of the author, so only the "from" part is left
 * then. A field without a host in "from" (by …; from localhost; from exim by …), or with the same one in both, was
 * written by the author's machine. */
static Span
received_origin (const char *received)
{
    Span whole = span_trim (span_of (received)), from, by;
    if (!span_has_prefix (whole, "from "))
        return whole;
    from = span_trim (span (whole.at + 5, whole.length - 5));
    const char *behind = text_find_length (from.at, from.length, " by ");
    if (!behind)
        return whole;
    by = span_trim (span (behind + 4, (gsize) (whole.at + whole.length - behind) - 4));
    gsize host = 0, writer = 0;
    while (host < from.length && !g_ascii_isspace (from.at[host]))
        host++;
    while (writer < by.length && !g_ascii_isspace (by.at[writer]))
        writer++;
    gboolean local =
        !memchr (from.at, '.', host) || /* localhost, or the name of a user */
        (host >= writer && ascii_equal (from.at + host - writer, by.at, writer));
    return local ? whole : span (whole.at, (gsize) (behind - whole.at));
}

/* The value of the first Reporting-MTA field. */
static const char *
reporting_mta (const MailView *view, Arena *arena)
{
    const MailPart *part = NULL;
    while ((part = mail_view_part (view, PART_DELIVERY_STATUS, part))) {
        Span rest = span_of (part->text), line;
        while (text_next_line (&rest, &line))
            if (span_has_prefix (line, "Reporting-MTA"))
                return span_dup (arena, line);
    }
    return "";
}

static gboolean
status_has (const MailView *view, const char *text)
{
    const MailPart *part = NULL;
    while ((part = mail_view_part (view, PART_DELIVERY_STATUS, part)))
        if (text_find (part->text, text))
            return TRUE;
    return FALSE;
}

static gboolean
header_has (const MailView *view, const char *name, const char *text)
{
    const MailHeader *header = mail_headers_find (&view->headers, name);
    return header && (!*text || text_find (header->value, text));
}

const char *
agent_of (const MailView *view)
{
    g_autoptr (Arena) scratch = arena_new ();
    const char *mta = reporting_mta (view, scratch);
    Span origin = received_origin (oldest_received (view));
    const char *id = mail_view_header (view, "Message-ID");
    for (guint i = 0; i < G_N_ELEMENTS (marks); i++) {
        gboolean found = FALSE;
        switch (marks[i].place) {
        case IN_HEADER:
            found = header_has (view, marks[i].name, marks[i].text);
            break;
        case IN_STATUS:
            found = status_has (view, marks[i].text);
            break;
        case IN_MTA:
            found = text_find (mta, marks[i].text) != NULL;
            break;
        case IN_BODY:
            found = text_find (view->body, marks[i].text) != NULL;
            break;
        case IN_ORIGIN:
            found = text_find_length (origin.at, origin.length, marks[i].text) ||
                    text_find (id, marks[i].text);
            break;
        }
        if (found)
            return marks[i].agent;
    }
    return "";
}
