/* SPDX-License-Identifier: MIT */
/* Automatic answers (RFC 3834): "I am out of the office", and challenges: "prove that you are human". Neither says
 * anything against the address; they are told apart so that nobody takes them for bounces. One strong mark, or a weak
 * one together with the words of a subject. */
#include "base/limits.h"
#include "base/text.h"
#include "extract/common.h"
#include "extract/evidence.h"
#include <string.h>

static const char *const strong_headers[] = {
    "X-Autoreply", "X-Auto-Reply", "X-Autorespond", "X-Autoresponder", "X-Auto-Respond",
    "X-Mail-Autoreply",
    "X-Autoreply-From", "X-Vacation", "X-AutoReply-For", "X-Away",
};

static const char *const weak_headers[] = {
    "X-Auto-Response-Suppress", "X-Loop", "X-MS-Exchange-Inbox-Rules-Loop",
    "X-MS-Exchange-Generated-Message-Source",
    "X-Precedence", "X-Facebook-Notify", "X-Generated-By",
};

/* What a challenge asks for, and why. Both are wanted. */
static const char *const challenge_acts[] = {
    "reply to this message", "reply to this email", "reply to this mail", "click the link",
    "click on the link",
    "click here", "following link", "this link", "visit the", "confirm", "verify", "prove",
    "one-time", "one time",
    "solve", "captcha",
};
static const char *const challenge_causes[] = {
    "before your message is delivered", "before your message can be delivered",
    "message will be delivered",
    "to deliver your message", "your message will not be delivered", "your message is being held",
    "has been held", "is being held", "held pending", "not on my", "not in my address",
    "approved senders",
    "allowed senders", "list of senders", "whitelist", "guest list", "are human", "are a human",
    "are a person",
    "real person", "not a spammer", "unsolicited", "junk mail", "control spam", "against spam",
    "spam protection",
    "anti-spam", "antispam", "tmda", "sender verification",
};
static const char *const challenge_subjects[] = {
    "please confirm your message", "confirm your message", "verification required",
    "please verify", "challenge",
    "message confirmation", "verify your email", "sender verification", "confirm that you",
    "awaiting your confirmation",
    "your email requires verification", "confirmation required", "confirm delivery", "antispam uol",
};

static gboolean
find_any (const char *text, const char *const *words, gsize n_words)
{
    for (gsize i = 0; i < n_words; i++)
        if (text_find (text, words[i]))
            return TRUE;
    return FALSE;
}

static gboolean
has_header (const MailView *view, const char *const *names, gsize n_names)
{
    for (gsize i = 0; i < n_names; i++) {
        const char *value = mail_view_header (view, names[i]);
        if (*value && !text_equal (value, "no") && !text_equal (value, "false") &&
            !text_equal (value, "none"))
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_strong (const MailView *view, guint32 evidence)
{
    const char *precedence = mail_view_header (view, "Precedence");
    return (evidence & EVIDENCE_AUTO_REPLIED) ||
           has_header (view, strong_headers, G_N_ELEMENTS (strong_headers)) ||
           text_has_prefix (precedence, "auto_reply") ||
           text_has_prefix (precedence, "auto-reply") ||
           text_equal (mail_view_header (view, "Delivered-To"), "autoresponder") ||
           text_find (mail_view_header (view, "X-POST-MessageClass"), "autoresponder");
}

static gboolean
is_weak (const MailView *view, guint32 evidence)
{
    const char *precedence = mail_view_header (view, "Precedence");
    return (evidence & (EVIDENCE_AUTO_GENERATED | EVIDENCE_NULL_PATH)) ||
           has_header (view, weak_headers, G_N_ELEMENTS (weak_headers)) ||
           text_equal (precedence, "junk") || text_equal (precedence, "bulk");
}

/* The part of a subject that an answer to us keeps is ours, not the answerer's. */
static const char *
own_subject (const MailView *view)
{
    const char *subject = mail_view_header (view, "Subject");
    const char *original = mail_headers_get (&view->returned, "Subject");
    return *original && text_equal (subject, original) ? "" : subject;
}

static gboolean
is_challenge (const MailView *view, gboolean strong)
{
    gboolean asks = find_any (view->body, challenge_acts, G_N_ELEMENTS (challenge_acts));
    gboolean tells = find_any (view->body, challenge_causes, G_N_ELEMENTS (challenge_causes));
    gboolean titled =
        find_any (own_subject (view), challenge_subjects, G_N_ELEMENTS (challenge_subjects));
    if (*mail_view_header (view, "X-TMDA-Confirm") || *mail_view_header (view, "X-Challenge"))
        return TRUE;
    return asks && (tells ? titled || strong : FALSE);
}

/* A report of failure, whatever else it carries: many mailers mark their bounces as auto-replied. */
static gboolean
is_bounce_like (const Extraction *extraction)
{
    guint32 subject = words_in (extraction->words, extraction->arena, span_of (own_subject (extraction->view))) &
                      (WORD_SUBJECT | WORD_AWAY);
    return (extraction->evidence &
            (EVIDENCE_REPORT | EVIDENCE_DSN_PART | EVIDENCE_FAILED_RECIPIENTS | EVIDENCE_DAEMON)) ||
           (!(extraction->evidence & EVIDENCE_FORWARDED) && subject == WORD_SUBJECT);
}

/* Whose mailbox answers. */
static const char *
answering (Extraction *extraction)
{
    const MailView *view = extraction->view;
    const char *from = common_address (extraction->arena, mail_view_header (view, "From"));
    /* The copy of our message tells whom we wrote to; more than one name there tells nothing. */
    const char *to[2];
    guint n = common_addresses (extraction->arena, mail_headers_get (&view->returned, "To"), to, 2);
    return n == 1 ? to[0] : from;
}

Answer
autoreply_recognise (Extraction *extraction)
{
    const MailView *view = extraction->view;
    guint32 evidence = extraction->evidence;
    if (is_bounce_like (extraction) || (evidence & EVIDENCE_LIST))
        return ANSWER_PASS;
    gboolean strong = is_strong (view, evidence);
    gboolean weak = is_weak (view, evidence);
    gboolean worded =
        (words_in (extraction->words, extraction->arena, span_of (own_subject (view))) & WORD_AWAY) != 0;
    gboolean challenge = (strong || weak) && is_challenge (view, strong);
    if (!challenge && !strong && !(weak && worded))
        return ANSWER_PASS;
    const char *recipient = answering (extraction);
    BounceEvent *event =
        *recipient ? common_event (extraction, challenge ? "challenge" : "autoreply") : NULL;
    if (!event)
        return ANSWER_PASS;
    event->recipient = recipient;
    event->reason = challenge ? REASON_CHALLENGE : REASON_AUTOREPLY;
    event->type = reason_type (event->reason);
    event->fault = reason_fault (event->reason);
    event->decided = TRUE;
    event->flags &= ~(guint32) FLAG_NO_ORIGINAL; /* an answer need not bring back what it answers */
    Span rest = span_of (view->body), line;
    while (!*event->diagnostic && text_next_line (&rest, &line))
        event->diagnostic = common_line (extraction, line, LIMIT_DIAGNOSTIC);
    return ANSWER_EVENTS;
}
