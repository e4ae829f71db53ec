/* SPDX-License-Identifier: MIT */
/* One recipient group → one event, without the message around it: fields, the people's part, the subject. */
#include "unit.h"

#include "base/date.h"
#include "extract/dsn_event.h"
#include <string.h>

/* The events of a report whose only header is its subject. A byte 1 in `text` stands for a NUL. */
static EventList *
read_report (Arena *arena, const char *subject, const char *words, const char *text)
{
    MailHeader header = {"Subject", subject, subject};
    MailView view = {.headers = {&header, 1}, .type = "multipart/report", .report_type = "delivery-status",
                     .body = words, .returned_text = "", .raw = ""};
    EventList *list = event_list_new (arena);
    Extraction extraction = {.view = &view, .list = list, .arena = arena, .agent = ""};
    gsize length = strlen (text);
    char *bytes = g_strdelimit (arena_strdup (arena, text), "\1", '\0');
    DsnFields *fields = dsn_fields_parse (arena, bytes, length);
    for (guint i = 0; i < fields->n_recipients; i++) {
        DsnRecipient recipient = dsn_recipient_of (arena, &fields->recipients[i]);
        if (recipient.recipient)
            dsn_event_add (&extraction, &fields->message, &fields->recipients[i], &recipient,
                           fields->n_recipients == 1, "rfc3464");
    }
    return list;
}

typedef struct {
    const char *words, *fields, *shown;
} Case;

/* What `show` picks of every event, events separated by " | ". */
static void
check (const Case *cases, guint n, void (*show) (GString *out, const BounceEvent *event))
{
    guint wrong = 0;
    for (guint i = 0; i < n; i++) {
        g_autoptr (Arena) arena = arena_new ();
        g_autoptr (EventList) list = read_report (arena, "Undelivered", cases[i].words, cases[i].fields);
        g_autoptr (GString) out = g_string_new (NULL);
        for (guint k = 0; k < event_list_length (list); k++) {
            g_string_append (out, k ? " | " : "");
            show (out, event_list_get (list, k));
        }
        if (strcmp (out->str, cases[i].shown)) {
            print_error ("case %u: %s\n  is  %s\n  not %s\n", i, cases[i].fields, out->str, cases[i].shown);
            wrong++;
        }
    }
    assert_int_equal (wrong, 0);
}

static void
show_flags (GString *out, const BounceEvent *event)
{
    if (event->flags & FLAG_FORWARDED)
        g_string_append (out, " forwarded");
    if (event->flags & FLAG_CONTRADICTED)
        g_string_append (out, " contradicted");
    if (event->flags & FLAG_DUPLICATE_RECIPIENT)
        g_string_append (out, " duplicate");
}

/* --- addresses ----------------------------------------------------------------------------------------------------- */

static void
show_addresses (GString *out, const BounceEvent *event)
{
    g_string_append_printf (out, "%s final=%s original=%s", event->recipient, event->final_recipient,
                            event->original_recipient);
    show_flags (out, event);
}

#define A "Final-Recipient: rfc822; ann@x.example\n"
#define F "Action: failed\nStatus: 5.1.1\n"

static void
test_addresses (void **state)
{
    (void) state;
    static const Case cases[] = {
        {"", A F, "ann@x.example final=ann@x.example original="},
        {"", "Original-Recipient: rfc822; list@y.example\n" A F, "list@y.example final=ann@x.example original=list@y.example forwarded"},
        {"", "X-Actual-Recipient: rfc822; ann@x.example\n" F, "ann@x.example final= original="},
        {"", A "X-Actual-Recipient: rfc822; bob@x.example\n" F, "ann@x.example final=ann@x.example original= forwarded"},
        {"", A "X-Actual-Recipient: rfc822; ann@x.example\n" F, "ann@x.example final=ann@x.example original="},
        /* the same mailbox: case, quotes, backslashes, on either side */
        {"", "Original-Recipient: rfc822; ANN@X.EXAMPLE\n" A F, "ANN@x.example final=ann@x.example original=ANN@x.example"},
        {"", "Original-Recipient: rfc822; \"ann\"@x.example\n" A F, "\"ann\"@x.example final=ann@x.example original=\"ann\"@x.example"},
        {"", "Original-Recipient: rfc822; ann@x.example\nFinal-Recipient: rfc822; \"a\\nn\"@x.example\n" F,
         "ann@x.example final=\"a\\nn\"@x.example original=ann@x.example"},
        {"", "Original-Recipient: rfc822; \"a\\nn\"@x.example\n" A F, "\"a\\nn\"@x.example final=ann@x.example original=\"a\\nn\"@x.example"},
        {"", "Original-Recipient: utf-8; J\303\226RG@x.example\nFinal-Recipient: utf-8; j\303\226rg@x.example\n" F,
         "J\303\226RG@x.example final=j\303\226rg@x.example original=J\303\226RG@x.example"},
        {"", "Original-Recipient: utf-8; \"j\303\266rg\"@x.example\nFinal-Recipient: utf-8; j\303\266rg@x.example\n" F,
         "\"j\303\266rg\"@x.example final=j\303\266rg@x.example original=\"j\303\266rg\"@x.example"},
        /* another mailbox: longer, shorter, another domain, one letter */
        {"", "Original-Recipient: rfc822; anna@x.example\n" A F, "anna@x.example final=ann@x.example original=anna@x.example forwarded"},
        {"", "Original-Recipient: rfc822; an@x.example\n" A F, "an@x.example final=ann@x.example original=an@x.example forwarded"},
        {"", "Original-Recipient: rfc822; ann@y.example\n" A F, "ann@y.example final=ann@x.example original=ann@y.example forwarded"},
        {"", "Original-Recipient: rfc822; aNm@x.example\n" A F, "aNm@x.example final=ann@x.example original=aNm@x.example forwarded"},
        {"", "Original-Recipient: utf-8; j\303\226rg@x.example\nFinal-Recipient: utf-8; j\303\244rg@x.example\n" F,
         "j\303\226rg@x.example final=j\303\244rg@x.example original=j\303\226rg@x.example forwarded"},
    };
    check (cases, G_N_ELEMENTS (cases), show_addresses);
}

/* Whether a field that gives no address looked like one. */
static void
test_broken_addresses (void **state)
{
    (void) state;
    static const struct {
        const char *field;
        const char *recipient; /* "" = none */
        gboolean broken, utf8;
    } cases[] = {
        {"rfc822; ann@x.example", "ann@x.example", FALSE, FALSE},
        {"ann@x.example", "ann@x.example", FALSE, FALSE},
        {"smtp;<ann@x.example>", "ann@x.example", FALSE, FALSE},
        {"utf-8; ann@x.example", "ann@x.example", FALSE, TRUE},
        {"UTF-8; j\\x{F6}rg@x.example", "j\303\266rg@x.example", FALSE, TRUE},
        {"rfc822; ann@", "", TRUE, FALSE},
        {"ann@", "", TRUE, FALSE},
        {"smtp; ann@", "", TRUE, FALSE},
        {"utf-8; ann@", "", TRUE, TRUE},
        {"x400; ann@", "", FALSE, FALSE},
        {"unknown; ann@", "", FALSE, FALSE},
        {"rfc822; ann", "", FALSE, FALSE},
        {"ann", "", FALSE, FALSE},
        {"", "", FALSE, FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Arena) arena = arena_new ();
        g_autofree char *text = g_strdup_printf ("Final-Recipient: %s\n", cases[i].field);
        DsnFields *fields = dsn_fields_parse (arena, text, strlen (text));
        assert_int_equal (fields->n_recipients, 1);
        DsnRecipient recipient = dsn_recipient_of (arena, &fields->recipients[0]);
        if (strcmp (recipient.recipient ? recipient.recipient : "", cases[i].recipient) ||
            recipient.broken != cases[i].broken || recipient.utf8 != cases[i].utf8)
            fail_msg ("'%s': %s, broken %d, utf8 %d", cases[i].field, recipient.recipient, recipient.broken, recipient.utf8);
        assert_null (recipient.original);
        assert_null (recipient.actual);
    }
}

/* --- action -------------------------------------------------------------------------------------------------------- */

static void
show_action (GString *out, const BounceEvent *event)
{
    g_string_append (out, event->action);
    show_flags (out, event);
}

static void
test_actions (void **state)
{
    (void) state;
    static const Case cases[] = {
        {"", A "Action: failed\nStatus: 5.1.1\n", "failed"},
        {"", A "Action: \"failed\"\nStatus: 5.1.1\n", "failed"},
        {"", A "Action: (by the system) failed\nStatus: 4.1.1\n", "failed"},
        {"", A "Action: <delayed>\nStatus: 4.1.1\n", "delayed"},
        {"", A "Action: ' Deferred\nStatus: 4.1.1\n", "delayed"},
        {"", A "Action: (\nStatus: 2.0.0\n", "delivered"},
        {"", A "Action: ((delay\nStatus: 5.0.0\n", "delayed contradicted"},
        {"", A "Action: \"delay\nStatus: 5.0.0\n", "delayed contradicted"},
        {"", A "Action: \1delayed\nStatus: 5.0.0\n", "failed"}, /* no word begins with a NUL */
        {"", A "Action: (\1delayed\nStatus: 5.0.0\n", "failed"},
        {"", A "Action: delayed\1\nStatus: 5.0.0\n", "delayed contradicted"},
        {"", A "Action: rejected\nStatus: 4.1.1\n", "failed"},
        {"", A "Action: undeliverable\nStatus: 4.1.1\n", "failed"},
        {"", A "Action: permanent-failure\nStatus: 4.1.1\n", "failed"},
        {"", A "Action: transient-failure\nStatus: 5.1.1\n", "delayed contradicted"},
        {"", A "Action: who knows\nStatus: 5.1.1\n", "failed"},
        {"", A "Action: who knows\nStatus: 2.1.1\n", "delivered"},
        /* what stands for an action where there is none */
        {"", A "Status: 2.0.0\n", "delivered"},
        {"", A "Status: 5.0.0\nWill-Retry-Until: Thu, 5 Nov 2026 10:00:00 +0100\n", "failed"},
        {"", A "Status: 4.0.0\nWill-Retry-Until: Thu, 5 Nov 2026 10:00:00 +0100\n", "delayed"},
        {"", A "Status: 4.0.0\n", "failed"},
        {"", A, "failed"},
        /* which contradicts what */
        {"", A "Action: delivered\nStatus: 2.0.0\n", "delivered"},
        {"", A "Action: delivered\nStatus: 4.0.0\n", "delivered contradicted"},
        {"", A "Action: relayed\nStatus: 5.0.0\n", "relayed contradicted"},
        {"", A "Action: relayed\nStatus: 2.0.0\n", "relayed"},
        {"", A "Action: expanded\nStatus: 5.0.0\n", "expanded contradicted"},
        {"", A "Action: expanded\nStatus: 2.0.0\n", "expanded"},
        {"", A "Action: delayed\nStatus: 4.0.0\n", "delayed"},
        {"", A "Action: delayed\nStatus: 5.0.0\n", "delayed contradicted"},
        {"", A "Action: delayed\nStatus: 2.0.0\n", "delayed contradicted"},
        {"", A "Action: failed\nStatus: 2.0.0\n", "failed contradicted"},
        {"", A "Action: failed\nStatus: 4.0.0\n", "failed"},
        {"", A "Action: delivered\n", "delivered"},
        /* told twice: the same, another action, another final recipient, nobody told the final one */
        {"", A F "\n" A F, "failed duplicate"},
        {"", A F "\n" A "Action: delayed\nStatus: 4.1.1\n", "failed duplicate | delayed contradicted duplicate"},
        {"", "Original-Recipient: rfc822; l@y.example\n" A F "\nOriginal-Recipient: rfc822; l@y.example\nFinal-Recipient: rfc822; bob@x.example\n" F,
         "failed forwarded duplicate | failed forwarded duplicate"},
        {"", "Original-Recipient: rfc822; l@y.example\nStatus: 5.1.1\n\nOriginal-Recipient: rfc822; l@y.example\n" A F, "failed duplicate"},
        {"", "Original-Recipient: rfc822; l@y.example\n" A F "\nOriginal-Recipient: rfc822; l@y.example\nStatus: 5.1.1\n", "failed forwarded duplicate"},
        {"", "Original-Recipient: rfc822; l@y.example\n" A F "\nOriginal-Recipient: rfc822; l@y.example\nAction: delivered\n",
         "failed forwarded duplicate | delivered contradicted duplicate"},
        {"", A F "\nFinal-Recipient: rfc822; bob@x.example\n" F, "failed | failed"},
        {"", A "Status: 5.1.1\nStatus: 5.2.2\n", "failed contradicted"},
    };
    check (cases, G_N_ELEMENTS (cases), show_action);
}

static void
test_action_of_subject (void **state)
{
    (void) state;
    static const struct {
        const char *subject, *action;
    } cases[] = {
        {"Undelivered Mail", "failed"}, {"Mail delayed", "delayed"}, {"WARNING: still trying", "delayed"},
        {"Delivery deferred", "delayed"}, {"Could not send message for past 4 hours", "delayed"}, {"", "failed"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Arena) arena = arena_new ();
        g_autoptr (EventList) list = read_report (arena, cases[i].subject, "", A "Status: 4.4.1\n");
        assert_string_equal (event_list_get (list, 0)->action, cases[i].action);
    }
}

/* --- hosts --------------------------------------------------------------------------------------------------------- */

static void
show_hosts (GString *out, const BounceEvent *event)
{
    g_string_append_printf (out, "by=%s at=%s", event->reporting_mta, event->remote_mta);
}

#define D(text) A F "Diagnostic-Code: " text "\n"

static void
test_hosts (void **state)
{
    (void) state;
    static const Case cases[] = {
        {"", "Reporting-MTA: dns; MX.example.net\n\n" A F "Remote-MTA: dns;in.example.org\n", "by=mx.example.net at=in.example.org"},
        {"", "Reporting-MTA: mx.example.net\n\n" A F "Remote-MTA: in.example.org.\n", "by=mx.example.net at=in.example.org"},
        {"", "Reporting-MTA: dns; mx.example.net...\n\n" A F "Remote-MTA: dns; [192.0.2.7]\n", "by=mx.example.net at=192.0.2.7"},
        {"", "Reporting-MTA: dns; mx.example.net (a (b) c)\n\n" A F "Remote-MTA: dns; in.example.org[192.0.2.7], x\n",
         "by=mx.example.net at=in.example.org"},
        {"", "Reporting-MTA: dns; .\n\n" A F "Remote-MTA: dns;\n", "by= at="},
        {"", "Reporting-MTA: ;\n\n" A F "Remote-MTA: ; ;\n", "by= at="},
        {"", "Reporting-MTA: dns; [192.0.2.8\n\n" A F "Remote-MTA: dns; [192.0.2.7\n", "by=192.0.2.8 at=192.0.2.7"},
        {"", "Reporting-MTA: dns;mx.example.net\1.evil.example\n\n" A F "Remote-MTA: dns; [192.0.2.7\1]\n", "by=mx.example.net at=192.0.2.7"},
        {"", A F, "by= at="},
        /* from the words of the diagnostic */
        {"", D ("smtp; host In.example.org[192.0.2.7] said: 550 no"), "by= at=in.example.org"},
        {"", D ("smtp; host in.example.org [192.0.2.7] said: 550 no"), "by= at=in.example.org"},
        {"", D ("smtp; host in.example.org: 550 no"), "by= at=in.example.org"},
        {"", D ("smtp; host in.example.org.: 550 no"), "by= at=in.example.org"},
        {"", D ("smtp; host in-1.example.org said 550"), "by= at="},
        {"", D ("smtp; host in.example.org (192.0.2.7) said 550"), "by= at="},
        {"", D ("smtp; host localhost[127.0.0.1] said: 550 no"), "by= at="},
        {"", D ("smtp; host (in.example.org[192.0.2.7] said: 550 no"), "by= at="},
        {"", D ("smtp; ghost in.example.org[192.0.2.7] said: 550 no"), "by= at="},
        {"", D ("smtp; (host in.example.org[192.0.2.7] said: 550 no)"), "by= at=in.example.org"},
        {"", D ("smtp; 550 while talking to in.example.org: no"), "by= at=in.example.org"},
        {"", D ("smtp; connect to in.example.org[192.0.2.7]:25: timed out"), "by= at=in.example.org"},
        {"", D ("smtp; conversation with in.example.org[192.0.2.7] timed out"), "by= at=in.example.org"},
        {"", D ("smtp; connection with in.example.org[192.0.2.7] timed out"), "by= at=in.example.org"},
        {"", D ("smtp; host .: no, but connect to in.example.org[192.0.2.7]: timed out"), "by= at=in.example.org"},
        /* … of the people's part; the field goes before both */
        {"<ann@x.example>: host in.example.org[192.0.2.7] said: 550 no", D ("smtp; 550 no such person"), "by= at=in.example.org"},
        {"<ann@x.example>: host a.example.org[192.0.2.7] said: 550 no", D ("smtp; host b.example.org[192.0.2.8] said: 550 no"), "by= at=b.example.org"},
        {"", D ("smtp; host b.example.org[192.0.2.8] said: 550 no") "Remote-MTA: dns; c.example.org\n", "by= at=c.example.org"},
    };
    check (cases, G_N_ELEMENTS (cases), show_hosts);
}

/* --- diagnostic, status, reply, command ---------------------------------------------------------------------------- */

static void
show_status (GString *out, const BounceEvent *event)
{
    g_string_append_printf (out, "%s@%s %s %s: %s", *event->status ? event->status : "-",
                            *event->status ? status_from_word (event->status_from) : "-", *event->reply ? event->reply : "-",
                            *event->command ? event->command : "-", event->diagnostic);
}

#define S(status, text) A "Action: failed\nStatus: " status "\nDiagnostic-Code: " text "\n"

static void
test_diagnostics (void **state)
{
    (void) state;
    static const Case cases[] = {
        /* the type in front */
        {"", S ("5.1.1", "smtp; 550 unknown"), "5.1.1@field 550 -: 550 unknown"},
        {"", S ("5.1.1", "smtp ; 550 unknown"), "5.1.1@field 550 -: 550 unknown"},
        {"", S ("5.1.1", "smtp;550 unknown"), "5.1.1@field 550 -: 550 unknown"},
        {"", S ("5.1.1", "X-Postfix_a.b/c; unknown user"), "5.1.1@field - -: unknown user"},
        {"", S ("5.1.1", "unknown user; sorry"), "5.1.1@field - -: unknown user; sorry"},
        {"", S ("5.1.1", "550; unknown"), "5.1.1@field 550 -: 550; unknown"},
        {"", S ("5.1.1", "; unknown"), "5.1.1@field - -: ; unknown"},
        {"", S ("5.1.1", "smtp;"), "5.1.1@field - -: "},
        {"", S ("5.1.1", "smtp"), "5.1.1@field - -: smtp"},
        {"", S ("5.1.1", "a123456789-123456789-123456789-123456789; x unknown"), "5.1.1@field - -: x unknown"},
        {"", S ("5.1.1", "a123456789-123456789-123456789-1234567890; x unknown"), "5.1.1@field - -: a123456789-123456789-123456789-1234567890; x unknown"},
        /* an exit code needs its type; the words of a program are no reply */
        {"", S ("5.3.0", "x-unix; 75"), "5.3.0@field - -: x-unix; 75"},
        {"", S ("5.3.0", "X-Unix; exit 75"), "5.3.0@field - -: exit 75"},
        {"", S ("5.3.0", "x-unix; 550 no such user"), "5.3.0@field - -: 550 no such user"},
        {"", S ("5.3.0", "smtp; 75"), "5.3.0@field - -: 75"},
        /* what tells nothing gives way to the people's part, and only that */
        {"550 5.1.1 <ann@x.example>... User unknown", S ("5.0.0", "smtp; 550"), "5.1.1@text 550 -: 550 5.1.1 <ann@x.example>... User unknown"},
        {"550 5.1.1 <ann@x.example>... User unknown", S ("5.0.0", "smtp; 5x7 ab"), "5.1.1@text 550 -: 550 5.1.1 <ann@x.example>... User unknown"},
        {"550 5.1.1 <ann@x.example>... User unknown", S ("5.0.0", "smtp; bad"), "5.1.1@text 550 -: bad"},
        {"550 5.1.1 <ann@x.example>... User unknown", S ("5.0.0", "smtp; \303\251\303\250"), "5.1.1@text 550 -: \303\251\303\250"},
        {"550 5.1.1 <ann@x.example>... User unknown", S ("5.0.0", "x-unix; 75"), "5.1.1@text 550 -: 550 5.1.1 <ann@x.example>... User unknown"},
        {"550 5.1.1 <ann@x.example>... User unknown", S ("5.0.0", "smtp; ab 5x7"), "5.1.1@text 550 -: 550 5.1.1 <ann@x.example>... User unknown"},
        {"550 5.1.1 <ann@x.example>... User unknown", S ("5.0.0", "smtp; \303\200b"), "5.1.1@text 550 -: \303\200b"},
        /* the status of the text, where the field has none or a vague one of the same class */
        {"550 5.1.1 <ann@x.example>... User unknown", S ("5.2.2", "smtp; no luck"), "5.2.2@field 550 -: no luck"},
        {"550 5.1.1 <ann@x.example>... User unknown", S ("4.0.0", "smtp; no luck"), "4.0.0@field 550 -: no luck"},
        {"550 5.0.0 <ann@x.example>... User unknown", S ("5.0.0", "smtp; no luck"), "5.0.0@field 550 -: no luck"},
        {"550 5.1.1 <ann@x.example>... User unknown", A "Action: failed\nDiagnostic-Code: smtp; no luck\n", "5.1.1@text 550 -: no luck"},
        {"250 2.1.5 <ann@x.example>... Recipient ok", A "Action: failed\nDiagnostic-Code: smtp; no luck\n", "-@- - -: no luck"},
        {"<ann@x.example>: 2.1.5 accepted, then lost", A "Action: failed\nDiagnostic-Code: smtp; no luck\n", "-@- - -: no luck"},
        {"550 5.1.1 <ann@x.example>... User unknown", S ("5.0.0", "smtp; 554 no luck"), "5.1.1@text 554 -: 554 no luck"},
        /* a reply of several lines of which the field kept the first */
        {"<ann@x.example>: host h.example[192.0.2.1] said: 550-5.1.1 the first\n    550 5.1.1 and last (in reply to RCPT TO command)",
         S ("5.1.1", "smtp; 550-5.1.1 the first"), "5.1.1@field 550 RCPT: 550-5.1.1 the first"},
        {"550-5.1.1 <ann@x.example> the first 550 5.1.1 and last", S ("5.1.1", "smtp; 550-5.1.1 <ann@x.example> the first"),
         "5.1.1@field 550 -: 550-5.1.1 <ann@x.example> the first 550 5.1.1 and last"},
        {"550-5.1.1 <ann@x.example> the first 550 5.1.1 and last and more", S ("5.1.1", "smtp; 550-5.1.1 <ann@x.example> the first 550 5.1.1 and last"),
         "5.1.1@field 550 -: 550-5.1.1 <ann@x.example> the first 550 5.1.1 and last"},
        {"550 5.1.1 <ann@x.example> the first and more", S ("5.1.1", "smtp; 550 5.1.1 <ann@x.example> the first"),
         "5.1.1@field 550 -: 550 5.1.1 <ann@x.example> the first"},
        {"551-5.1.1 <ann@x.example> the other 551 5.1.1 and last", S ("5.1.1", "smtp; 550-5.1.1 <ann@x.example> the first"),
         "5.1.1@field 550 -: 550-5.1.1 <ann@x.example> the first"},
        {"<ann@x.example>: x50-5.1.1 the first and more", S ("5.1.1", "smtp; x50-5.1.1 the first"), "5.1.1@field - -: x50-5.1.1 the first"},
        {"<ann@x.example>: 5x0-5.1.1 the first and more", S ("5.1.1", "smtp; 5x0-5.1.1 the first"), "5.1.1@field - -: 5x0-5.1.1 the first"},
        {"<ann@x.example>: 55x-5.1.1 the first and more", S ("5.1.1", "smtp; 55x-5.1.1 the first"), "5.1.1@field - -: 55x-5.1.1 the first"},
        {"550-5.1.1\n550 5.1.1", S ("5.1.1", "smtp; 550-"), "5.1.1@field 550 -: 550-5.1.1 550 5.1.1"},
        {"550-ok\n550 no", S ("5.1.1", "smtp; 550"), "5.1.1@field 550 -: 550"},
        /* the command: of the diagnostic, of the people's words, of the dialogue */
        {"", S ("5.1.1", "smtp; 550 no (in reply to RCPT TO command)"), "5.1.1@field 550 RCPT: 550 no (in reply to RCPT TO command)"},
        {"<ann@x.example>: 550 no such (in reply to MAIL FROM command)", S ("5.1.1", "smtp; 550 no such user"), "5.1.1@field 550 MAIL: 550 no such user"},
        {">>> RCPT To:<ann@x.example>\n<<< 550 5.1.1 unknown", S ("5.1.1", "smtp; 550 no such user"), "5.1.1@field 550 RCPT: 550 no such user"},
        {"It failed (in reply to end of DATA command).", S ("5.1.1", "smtp; 550 no such user"), "5.1.1@field 550 DATA: 550 no such user"},
        {"It failed (in reply to end of DATA command).", S ("5.1.1", "smtp; 550 no such user") "\nFinal-Recipient: rfc822; bob@x.example\n" F,
         "5.1.1@field 550 -: 550 no such user | 5.1.1@field - -: "},
        /* whose words: by the actual, final, original name; nobody else's; anybody's when nobody else is there */
        {"<old@y.example>: 550 5.2.2 full", "Original-Recipient: rfc822; old@y.example\n" S ("5.0.0", "smtp; no luck"), "5.2.2@text 550 -: no luck"},
        {"<home@z.example>: 550 5.2.2 full", "X-Actual-Recipient: rfc822; home@z.example\n" S ("5.0.0", "smtp; no luck"), "5.2.2@text 550 -: no luck"},
        {"<bob@z.example>: 550 5.2.2 full", S ("5.0.0", "smtp; no luck"), "5.0.0@field - -: no luck"},
        {"554 5.3.0 unknown mailer error 255", S ("5.0.0", "smtp; no luck"), "5.3.0@text 554 -: no luck"},
        {"554 5.3.0 unknown mailer error 255", S ("5.0.0", "smtp; no luck") "\nFinal-Recipient: rfc822; bob@x.example\nAction: failed\nStatus: 5.0.0\n",
         "5.0.0@field - -: no luck | 5.0.0@field - -: "},
    };
    check (cases, G_N_ELEMENTS (cases), show_status);
}

static void
test_dates (void **state)
{
    (void) state;
    static const struct {
        const char *field;
        gint64 date;
    } cases[] = {
        {"Tue, 3 Nov 2026 09:30:00 +0100", 1793694600}, {"yesterday", DATE_NONE}, {"", DATE_NONE},
    };
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Arena) arena = arena_new ();
        g_autofree char *text = g_strdup_printf (A F "Last-Attempt-Date: %s\n", cases[i].field);
        g_autoptr (EventList) list = read_report (arena, "", "", text);
        assert_true (event_list_get (list, 0)->date == cases[i].date);
    }
}

/* No field is read without end: 256 bytes of a status, 128 of a date. */
static void
test_long_fields (void **state)
{
    (void) state;
    static const char date[] = ") Tue, 3 Nov 2026 09:30:00 +0100";
    for (guint more = 0; more < 2; more++) {
        g_autoptr (Arena) arena = arena_new ();
        g_autofree char *status = g_strnfill (255 + more, '5'), *comment = g_strnfill (127 - strlen (date) + more, 'x');
        g_autofree char *text = g_strdup_printf (A "Action: failed\nStatus: %s\nLast-Attempt-Date: (%s%s\n", status, comment, date);
        g_autoptr (EventList) list = read_report (arena, "", "", text);
        assert_string_equal (event_list_get (list, 0)->status_field, status);
        assert_true ((event_list_get (list, 0)->date == 1793694600) == (more == 0));
    }
    g_autoptr (Arena) arena = arena_new ();
    g_autofree char *status = g_strnfill (257, '5'), *text = g_strdup_printf (A "Action: failed\nStatus: %s\n", status);
    g_autoptr (EventList) list = read_report (arena, "", "", text);
    assert_int_equal (strlen (event_list_get (list, 0)->status_field), 256);
}

/* Nothing but the address is known. */
static void
test_without_group (void **state)
{
    (void) state;
    g_autoptr (Arena) arena = arena_new ();
    MailView view = {.type = "text/plain", .report_type = "", .body = "", .returned_text = "", .raw = ""};
    g_autoptr (EventList) list = event_list_new (arena);
    Extraction extraction = {.view = &view, .list = list, .arena = arena, .agent = ""};
    DsnRecipient recipient = {.recipient = "ann@x.example"};
    const BounceEvent *event = dsn_event_add (&extraction, NULL, NULL, &recipient, TRUE, "rfc3464");
    assert_non_null (event);
    assert_string_equal (event->recipient, "ann@x.example");
    assert_string_equal (event->action, "failed");
    assert_string_equal (event->final_recipient, "");
    assert_string_equal (event->status, "");
    assert_string_equal (event->diagnostic, "");
    assert_string_equal (event->reporting_mta, "");
    assert_null (dsn_event_add (&extraction, NULL, NULL, &recipient, TRUE, "rfc3464")); /* told already */
    assert_int_equal (event_list_length (list), 1);
}

UNIT_MAIN (cmocka_unit_test (test_addresses), cmocka_unit_test (test_broken_addresses), cmocka_unit_test (test_actions),
           cmocka_unit_test (test_action_of_subject), cmocka_unit_test (test_hosts), cmocka_unit_test (test_diagnostics),
           cmocka_unit_test (test_dates), cmocka_unit_test (test_long_fields), cmocka_unit_test (test_without_group))
