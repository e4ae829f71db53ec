/* SPDX-License-Identifier: MIT */
#include "extract/evidence.h"

#include "extract/common.h"
#include <string.h>

/* Parts of subjects that mailers give to reports of failure or delay, in the languages that they ship. */
static const char *const subject_words[] = {
    "undeliver", "not deliver", "returned mail", "return mail", "returned to sender",
    "return to sender",
    "returning message", "returning to sender", "mail failed", "delivery status notification",
    "delivery status", "delivery notification",
    "delivery failure", "delivery failed", "delivery has failed", "delivery error",
    "delivery problem",
    "delivery report", "delivery was delayed", "delayed mail", "delivery delayed",
    "delivery incomplete",
    "failure notice", "failure delivery", "failed delivery", "failed mail", "failure notification",
    "mail failure",
    "mail error", "mail system error", "mail delivery system", "mail delivery subsystem",
    "message status",
    "could not be delivered", "could not send message", "couldn't be delivered",
    "unable to deliver",
    "cannot be delivered", "can't be delivered", "non-delivery", "nondeliverable", "nondelivery",
    "non delivery", "bounced", "message delayed",
    "warning: could not send", "warning: message", "user unknown", "mailbox full",
    "message rejected", "email delivery",
    "mail delivery", "dsn: failed", "rejected mail", "notification: inbound mail failure",
    "inbound mail failure", "outbound mail failure", "message undeliverable", "deferred",
    "postmaster notify",
    /* German */
    "unzustellbar", "nicht zustellbar", "nicht zugestellt", "unzustellbarkeit",
    "zustellung fehlgeschlagen",
    "fehler bei der zustellung", "zustellungsfehler", "zustellfehler", "zustellung verzögert",
    /* French */
    "non remis", "non distribu", "chec de la remise", "chec de remise", "retour à l'expéditeur",
    "non délivr",
    /* Spanish, Portuguese, Italian */
    "no se puede entregar", "no se pudo entregar", "no entregado", "no entregable",
    "error de entrega",
    "não entregue", "não foi entregue", "não pode ser entregue", "falha na entrega",
    "devolvida", "devuelto", "non recapitabile", "mancato recapito", "mancata consegna",
    "impossibile recapitare",
    /* Dutch, Polish, Czech, Nordic, Turkish */
    "onbestelbaar", "niet afgeleverd", "niet bezorgd", "niedostarczalne", "nie dostarczono",
    "niedoręczon",
    "nedoruč", "kan inte levereras", "kunne ikke leveres", "ei voitu toimittaa", "teslim edilemedi",
    /* Russian, Japanese, Chinese, Korean */
    "не доставл", "Не доставл",
    "недоставл", "Недоставл",
    "配信不能", "送信できません", "送信できなかった", "配信できません", "配信できなかった", "エラーメール",
    "配送不能", "退信", "无法投递",
    "无法送达", "投递失败",
    "無法傳送", "배달할 수 없",
    "반송",
};

/* Sentences of the reports themselves. */
static const char *const text_words[] = {
    "could not be delivered", "couldn't be delivered", "cannot be delivered", "can't be delivered",
    "could not deliver", "couldn't deliver", "unable to deliver", "was not delivered",
    "wasn't delivered",
    "has not been delivered", "not able to deliver", "delivery failed", "delivery has failed",
    "delivery to the following",
    "failed permanently", "failed recipient", "following addresses had", "following recipient",
    "following address",
    "did not reach the following", "permanent fatal error", "undeliverable", "undelivered",
    "returned to sender",
    "delivery error", "has been delayed", "has not yet been delivered", "unable to send",
    "rejected by",
    "error occurred while attempting to deliver", "error delivering", "is disabled",
    "account has been disabled", "message is delayed", "returned message",
    "original message follows", "transcript of session follows", "failed addresses follow",
    "user unknown", "unknown user", "mailbox full", "no such user", "mailbox is full",
    "does not exist", "was rejected",
    "nicht zugestellt", "nicht übermittelt", "n'a pas pu être", "no se pudo entregar",
    "non è stato possibile",
    "配信できません", "配信できなかった", "送信できません", "送信できなかった", "届けることができ",
    "не может быть доставл",
    "не было доставл",
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
    static const char *const prefixes[] = {
        "fwd:", "fw:",     "wg:",   "tr:", "rv:", "i:",  "vs:",
        "enc:", "doorst:", "[fwd:", "re:", "aw:", "sv:", "antw:",
    };
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
            text_find (from->value, "mail delivery s") ||
            (!*address && common_is_daemon (span_dup (arena, value))))
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
    if (text_equal (view->type, "multipart/report") &&
        text_equal (view->report_type, "delivery-status"))
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
    return (evidence & (EVIDENCE_NULL_PATH | EVIDENCE_DAEMON | EVIDENCE_REPORT |
                        EVIDENCE_FAILED_RECIPIENTS)) != 0;
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
    return (evidence & EVIDENCE_NULL_PATH) && (evidence & EVIDENCE_SUBJECT) &&
           !(evidence & EVIDENCE_LIST);
}
