/* SPDX-License-Identifier: MIT */
#include "report/reason_text.h"

#include "base/i18n.h"

typedef struct {
    const char *label, *advice;
} ReasonText;

static const ReasonText reasons[N_REASONS] = {
    [REASON_UNKNOWN] = {N_("cause not told"), N_("Read the wording: no table and no rule knows it.")},
    [REASON_USER_UNKNOWN] = {N_("no such mailbox"), N_("Remove the address.")},
    [REASON_DOMAIN_UNKNOWN] = {N_("no such domain"),
                               N_("Remove the address when it happens again: name servers fail for hours as well.")},
    [REASON_ADDRESS_SYNTAX] = {N_("not a valid address"), N_("Correct the address at its source, or remove it.")},
    [REASON_ADDRESS_REJECTED] = {N_("address refused, no cause told"), N_("Remove the address when it happens again.")},
    [REASON_MOVED] = {N_("mailbox has moved"), N_("Remove the address; the new one has to be given by its owner.")},
    [REASON_ACCEPTS_NO_MAIL] = {N_("domain or mailbox accepts no mail"), N_("Remove the address.")},
    [REASON_MAILBOX_DISABLED] = {N_("mailbox disabled"),
                                 N_("Pause the address and try again after days; remove it when it stays disabled.")},
    [REASON_MAILBOX_INACTIVE] = {N_("mailbox inactive"),
                                 N_("Pause the address and try again after days; its owner has not looked in for long.")},
    [REASON_MAILBOX_FULL] = {N_("mailbox full"),
                             N_("Try again after some days; a mailbox that stays full for weeks is abandoned.")},
    [REASON_RECIPIENT_RATE] = {N_("recipient gets too much mail"), N_("Try again later; the address is fine.")},
    [REASON_MAILBOX_UNAVAILABLE] = {N_("mailbox not available"), N_("Try again later; review it when it goes on.")},
    [REASON_LIST_EXPANSION] = {N_("trouble with a mailing list"), N_("Tell the owner of the list; the address stays.")},
    [REASON_ADDRESS_AMBIGUOUS] = {N_("address fits several people"), N_("Ask the recipient for the exact address.")},
    [REASON_SYSTEM_ERROR] = {N_("trouble at the recipient's server"), N_("Try again later; the address is fine.")},
    [REASON_SYSTEM_FULL] = {N_("recipient's server is full"), N_("Try again later; the address is fine.")},
    [REASON_NETWORK_ERROR] = {N_("server could not be reached"),
                              N_("Try again later; remove it when the domain stays away for weeks.")},
    [REASON_EXPIRED] = {N_("gave up after trying for too long"),
                        N_("Look at what made the mail wait; try again later.")},
    [REASON_ROUTING_LOOP] = {N_("mail goes in circles"), N_("The recipient's side has to mend it; try again later.")},
    [REASON_MAILER_ERROR] = {N_("delivery program failed"), N_("Try again later; the address is fine.")},
    [REASON_SENDER_RATE] = {N_("we send too fast"),
                            N_("Send more slowly to this provider, over fewer connections; keep the address.")},
    [REASON_SENDER_QUOTA] = {N_("our sending quota is used up"),
                             N_("Raise the quota or spread the mail over days; keep the address.")},
    [REASON_REPUTATION] = {N_("our IP or domain has a bad name"),
                           N_("Look up the block list or postmaster page that the answer names and ask to be taken "
                              "off; keep the address.")},
    [REASON_SPAM] = {N_("taken for spam"),
                     N_("Look at content, consent and complaints of this mailing; keep the address.")},
    [REASON_POLICY] = {N_("refused by policy"),
                       N_("Read the answer: the recipient's side wants something of the sender; keep the address.")},
    [REASON_AUTHENTICATION] = {N_("SPF, DKIM or DMARC failed"),
                               N_("Mend SPF, DKIM and DMARC of the sending domain; keep the address.")},
    [REASON_NO_PTR] = {N_("our IP has no valid reverse name"),
                       N_("Give the sending IP a PTR record that leads back to it; keep the address.")},
    [REASON_RELAY_DENIED] = {N_("server does not relay for us"),
                             N_("Check where the mail is routed and whether the client logs in; keep the address.")},
    [REASON_SENDER_REJECTED] = {N_("sender address refused"),
                                N_("Check the envelope sender and its domain; keep the address.")},
    [REASON_TLS] = {N_("TLS wanted or failed"), N_("Check TLS of the sending server; keep the address.")},
    [REASON_SECURITY] = {N_("security rule"), N_("Read the answer; keep the address.")},
    [REASON_VIRUS] = {N_("taken for a virus"), N_("Check what was attached; keep the address.")},
    [REASON_MESSAGE_TOO_LARGE] = {N_("message too large"), N_("Send a smaller message; keep the address.")},
    [REASON_CONTENT] = {N_("content not accepted"), N_("Change the message; keep the address.")},
    [REASON_TOO_MANY_RECIPIENTS] = {N_("too many recipients at once"),
                                    N_("Send to fewer recipients in one transaction; keep the address.")},
    [REASON_PROTOCOL] = {N_("trouble with the SMTP dialogue"), N_("Check the sending server; keep the address.")},
    [REASON_FILTERED] = {N_("filtered, no cause told"), N_("Read the answer; keep the address.")},
    [REASON_COMPLAINT] = {N_("recipient called it spam"), N_("Write to this address no more.")},
    [REASON_AUTOREPLY] = {N_("automatic answer"), N_("Nothing: the mail arrived.")},
    [REASON_CHALLENGE] = {N_("asks the sender to confirm"), N_("Confirm by hand, or leave it.")},
    [REASON_DELAYED] = {N_("still being tried"), N_("Nothing: wait for the outcome.")},
    [REASON_DELIVERED] = {N_("delivered"), N_("Nothing: the mail arrived.")},
};

const char *
reason_label (Reason reason)
{
    return _(reasons[reason].label);
}

const char *
reason_advice (Reason reason)
{
    return _(reasons[reason].advice);
}

const char *
type_label (EventType type)
{
    static const char *const labels[N_TYPES] = {
        [TYPE_UNKNOWN] = N_("unknown"), [TYPE_HARD] = N_("hard"), [TYPE_SOFT] = N_("soft"),
        [TYPE_BLOCK] = N_("block"), [TYPE_COMPLAINT] = N_("complaint"), [TYPE_AUTOREPLY] = N_("autoreply"),
        [TYPE_DELAYED] = N_("delayed"), [TYPE_DELIVERED] = N_("delivered"),
    };
    return _(labels[type]);
}

const char *
type_meaning (EventType type)
{
    static const char *const meanings[N_TYPES] = {
        [TYPE_UNKNOWN] = N_("cause not understood"),
        [TYPE_HARD] = N_("the address will not work again"),
        [TYPE_SOFT] = N_("trouble that may pass"),
        [TYPE_BLOCK] = N_("we were refused; the address stays"),
        [TYPE_COMPLAINT] = N_("the recipient called it spam"),
        [TYPE_AUTOREPLY] = N_("vacation notes and the like"),
        [TYPE_DELAYED] = N_("still being tried"),
        [TYPE_DELIVERED] = N_("arrived after all"),
    };
    return _(meanings[type]);
}

const char *
fault_label (Fault fault)
{
    static const char *const labels[N_FAULTS] = {
        [FAULT_NONE] = N_("nobody's"),
        [FAULT_RECIPIENT] = N_("the address or its mailbox"),
        [FAULT_INFRASTRUCTURE] = N_("servers or the network"),
        [FAULT_SENDER] = N_("the sender"),
        [FAULT_MESSAGE] = N_("the message"),
    };
    return _(labels[fault]);
}

const char *
decision_title (DecisionKind decision)
{
    static const char *const titles[N_DECISIONS] = {
        [DECISION_KEEP] = N_("Keep"), [DECISION_WATCH] = N_("Watch"), [DECISION_REVIEW] = N_("Review"),
        [DECISION_PAUSE] = N_("Pause"), [DECISION_INACTIVE] = N_("Inactive"), [DECISION_REMOVE] = N_("Remove"),
    };
    return _(titles[decision]);
}

const char *
decision_name (DecisionKind decision)
{
    static const char *const names[N_DECISIONS] = {
        [DECISION_KEEP] = N_("keep"), [DECISION_WATCH] = N_("watch"), [DECISION_REVIEW] = N_("review"),
        [DECISION_PAUSE] = N_("pause"), [DECISION_INACTIVE] = N_("inactive"), [DECISION_REMOVE] = N_("remove"),
    };
    return _(names[decision]);
}

const char *
decision_label (DecisionKind decision)
{
    static const char *const labels[N_DECISIONS] = {
        [DECISION_KEEP] = N_("keep: nothing speaks against the address"),
        [DECISION_WATCH] = N_("watch: write on, and see whether it bounces again"),
        [DECISION_REVIEW] = N_("review: a person should look at it"),
        [DECISION_PAUSE] = N_("pause: write again at the next date"),
        [DECISION_INACTIVE] = N_("inactive: keep the address, send nothing"),
        [DECISION_REMOVE] = N_("remove: write to this address no more"),
    };
    return _(labels[decision]);
}
