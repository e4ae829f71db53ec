/* SPDX-License-Identifier: MIT */
#include "extract/evidence.h"

#include "extract/common.h"
#include <string.h>

/* Parts of subjects that mailers give to reports of failure or delay, in the languages that they ship. */
static const char *const subject_words[] = {
    "undeliver", "not deliver", "returned mail", "return mail", "returned to sender", "return to sender",
    "returning message", "returning to sender", "mail failed", "delivery status notification", "delivery status", "delivery notification",
    "delivery failure", "delivery failed", "delivery has failed", "delivery error", "delivery problem",
    "delivery report", "delivery was delayed", "delayed mail", "delivery delayed", "delivery incomplete",
    "failure notice", "failure delivery", "failed delivery", "failed mail", "failure notification", "mail failure",
    "mail error", "mail system error", "mail delivery system", "mail delivery subsystem", "message status",
    "could not be delivered", "could not send message", "couldn't be delivered", "unable to deliver",
    "cannot be delivered", "can't be delivered", "non-delivery", "nondeliverable", "nondelivery", "non delivery", "bounced", "message delayed",
    "warning: could not send", "warning: message", "user unknown", "mailbox full", "message rejected", "email delivery",
    "mail delivery", "dsn: failed", "rejected mail", "notification: inbound mail failure",
    "inbound mail failure", "outbound mail failure", "message undeliverable", "deferred", "postmaster notify",
    /* German */
    "unzustellbar", "nicht zustellbar", "nicht zugestellt", "unzustellbarkeit", "zustellung fehlgeschlagen",
    "fehler bei der zustellung", "zustellungsfehler", "zustellfehler", "zustellung verz\303\266gert",
    /* French */
    "non remis", "non distribu", "\303\251chec de la remise", "\303\251chec de remise", "echec de remise", "retour \303\240 l'exp\303\251diteur",
    "non d\303\251livr",
    /* Spanish, Portuguese, Italian */
    "no se puede entregar", "no se pudo entregar", "no entregado", "no entregable", "error de entrega",
    "n\303\243o entregue", "n\303\243o foi entregue", "n\303\243o pode ser entregue", "falha na entrega",
    "devolvida", "devuelto", "non recapitabile", "mancato recapito", "mancata consegna", "impossibile recapitare",
    /* Dutch, Polish, Czech, Nordic, Turkish */
    "onbestelbaar", "niet afgeleverd", "niet bezorgd", "niedostarczalne", "nie dostarczono", "niedor\304\231czon",
    "nedoru\304\215", "kan inte levereras", "kunne ikke leveres", "ei voitu toimittaa", "teslim edilemedi",
    /* Russian, Japanese, Chinese, Korean */
    "\320\275\320\265 \320\264\320\276\321\201\321\202\320\260\320\262\320\273",
    "\320\275\320\265\320\264\320\276\321\201\321\202\320\260\320\262\320\273",
    "\351\205\215\344\277\241\344\270\215\350\203\275", "\351\200\201\344\277\241\343\201\247\343\201\215",
    "\351\205\215\344\277\241\343\201\247\343\201\215", "\343\202\250\343\203\251\343\203\274\343\203\241\343\203\274\343\203\253",
    "\351\205\215\351\200\201\344\270\215\350\203\275", "\351\200\200\344\277\241", "\346\227\240\346\263\225\346\212\225\351\200\222",
    "\346\227\240\346\263\225\351\200\201\350\276\276", "\346\212\225\351\200\222\345\244\261\350\264\245",
    "\347\204\241\346\263\225\345\202\263\351\200\201", "\353\260\260\353\213\254\355\225\240 \354\210\230 \354\227\206",
    "\353\260\230\354\206\241",
};

/* Sentences of the reports themselves. */
static const char *const text_words[] = {
    "could not be delivered", "couldn't be delivered", "cannot be delivered", "can't be delivered",
    "could not deliver", "couldn't deliver", "unable to deliver", "was not delivered", "wasn't delivered",
    "has not been delivered", "not able to deliver", "delivery failed", "delivery has failed", "delivery to the following",
    "failed permanently", "failed recipient", "following addresses had", "following recipient", "following address",
    "did not reach the following", "permanent fatal error", "undeliverable", "undelivered", "returned to sender",
    "delivery error", "has been delayed", "has not yet been delivered", "unable to send", "rejected by",
    "error occurred while attempting to deliver", "error delivering", "is disabled", "account has been disabled", "message is delayed", "returned message", "original message follows", "transcript of session follows", "failed addresses follow",
    "user unknown", "unknown user", "mailbox full", "no such user", "mailbox is full", "does not exist", "was rejected",
    "nicht zugestellt", "nicht \303\274bermittelt", "n'a pas pu \303\252tre", "no se pudo entregar", "non \303\250 stato possibile",
    "\351\205\215\344\277\241\343\201\247\343\201\215", "\351\200\201\344\277\241\343\201\247\343\201\215",
    "\345\261\212\343\201\221\343\202\213\343\201\223\343\201\250\343\201\214\343\201\247\343\201\215",
    "\320\275\320\265 \320\274\320\276\320\266\320\265\321\202 \320\261\321\213\321\202\321\214 \320\264\320\276\321\201\321\202\320\260\320\262\320\273",
    "\320\275\320\265 \320\261\321\213\320\273\320\276 \320\264\320\276\321\201\321\202\320\260\320\262\320\273",
};

static const char *
find_any (const char *text, const char *const *words, gsize n_words)
{
    for (gsize i = 0; i < n_words; i++) {
        const char *found = text_find (text, words[i]);
        if (found)
            return found;
    }
    return NULL;
}

gboolean
evidence_subject_fails (const char *subject)
{
    return find_any (subject, subject_words, G_N_ELEMENTS (subject_words)) != NULL;
}

Span
evidence_failing_line (const char *text)
{
    Span rest = span_of (text), line;
    while (text_next_line (&rest, &line)) {
        Span trimmed = span_trim (line);
        if (!trimmed.length || trimmed.at[0] == '>')
            continue; /* quoted: somebody else's words */
        for (gsize i = 0; i < G_N_ELEMENTS (text_words); i++)
            if (text_find_length (trimmed.at, trimmed.length, text_words[i]))
                return trimmed;
    }
    return span (NULL, 0);
}

static gboolean
is_forward_subject (const char *subject)
{
    static const char *const prefixes[] = {"fwd:", "fw:", "wg:", "tr:", "rv:", "i:", "vs:", "enc:", "doorst:", "re:", "aw:", "sv:", "antw:", "[fwd:"};
    for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
        if (text_has_prefix (subject, prefixes[i]))
            return TRUE;
    return FALSE;
}

static guint32
sender_evidence (const MailView *view)
{
    guint32 evidence = 0;
    g_autoptr (Arena) arena = arena_new ();
    const MailHeader *path = mail_headers_find (&view->headers, "Return-Path", 0);
    if (path) {
        Span value = span_trim (span_of (path->value));
        const char *address = common_address (arena, path->value);
        if (span_equal (value, "<>") || !value.length || span_equal (value, "<mailer-daemon>") ||
            common_is_daemon (*address ? address : path->value))
            evidence |= EVIDENCE_NULL_PATH;
    }
    const MailHeader *from = mail_headers_find (&view->headers, "From", 0);
    if (from) {
        const char *address = common_address (arena, from->value);
        Span value = span_trim (span_of (from->value));
        if ((*address && common_is_daemon (address)) || text_find (from->value, "mailer-daemon") ||
            (value.length >= 2 && !memcmp (value.at + value.length - 2, "<>", 2)) ||
            text_find (from->value, "mail delivery s") || (!*address && common_is_daemon (span_dup (arena, value))))
            evidence |= EVIDENCE_DAEMON;
    }
    return evidence;
}

static guint32
header_evidence (const MailView *view)
{
    guint32 evidence = 0;
    const char *submitted = mail_view_header (view, "Auto-Submitted");
    if (text_has_prefix (submitted, "auto-replied"))
        evidence |= EVIDENCE_AUTO_REPLIED;
    else if (*submitted && !text_has_prefix (submitted, "no"))
        evidence |= EVIDENCE_AUTO_GENERATED;
    if (mail_headers_find (&view->headers, "X-Failed-Recipients", 0))
        evidence |= EVIDENCE_FAILED_RECIPIENTS;
    if (*mail_view_header (view, "In-Reply-To") || *mail_view_header (view, "References"))
        evidence |= EVIDENCE_ANSWER;
    if (*mail_view_header (view, "List-Id") || *mail_view_header (view, "List-Post") ||
        *mail_view_header (view, "List-Unsubscribe"))
        evidence |= EVIDENCE_LIST;
    const char *subject = mail_view_header (view, "Subject");
    if (is_forward_subject (subject))
        evidence |= EVIDENCE_FORWARDED;
    else if (evidence_subject_fails (subject))
        evidence |= EVIDENCE_SUBJECT;
    return evidence;
}

guint32
evidence_of (const MailView *view)
{
    guint32 evidence = sender_evidence (view) | header_evidence (view);
    if (text_equal (view->type, "multipart/report") && text_equal (view->report_type, "delivery-status"))
        evidence |= EVIDENCE_REPORT;
    if (mail_view_part (view, PART_DELIVERY_STATUS, NULL))
        evidence |= EVIDENCE_DSN_PART;
    if (view->returned.n_fields)
        evidence |= EVIDENCE_RETURNED;
    return evidence;
}

guint32
evidence_of_text (const MailView *view, guint32 evidence)
{
    if (!evidence_is_from_machine (evidence) && !(evidence & EVIDENCE_SUBJECT))
        return 0;
    return evidence_failing_line (view->body).length ? EVIDENCE_TEXT : 0;
}

gboolean
evidence_is_from_machine (guint32 evidence)
{
    return (evidence & (EVIDENCE_NULL_PATH | EVIDENCE_DAEMON | EVIDENCE_REPORT | EVIDENCE_FAILED_RECIPIENTS)) != 0;
}

gboolean
evidence_is_bounce (guint32 evidence)
{
    if (evidence & (EVIDENCE_FAILED_RECIPIENTS | EVIDENCE_REPORT))
        return TRUE;
    if (evidence & EVIDENCE_FORWARDED)
        return FALSE;
    gboolean says_so = (evidence & (EVIDENCE_SUBJECT | EVIDENCE_TEXT)) != 0;
    if ((evidence & EVIDENCE_DAEMON) && says_so && !(evidence & EVIDENCE_LIST))
        return TRUE;
    return (evidence & EVIDENCE_NULL_PATH) && (evidence & EVIDENCE_SUBJECT) && !(evidence & EVIDENCE_LIST);
}
