/* SPDX-License-Identifier: MIT */
#include "classify/status_meaning.h"

#include <glib.h>
#include <string.h>

static const struct {
    const char *name, *meaning;
} SUBJECTS[] = {
    {"Undefined", "The code does not tell what it is about."},
    {"Address", "It is about an address: the recipient's, or the sender's."},
    {"Mailbox", "It is about the recipient's mailbox, which exists."},
    {"Mail system", "It is about the receiving mail system as a whole."},
    {"Network and routing", "It is about the way to the receiving system: the network, the DNS, the routing."},
    {"Protocol", "It is about the dialogue between the two mail servers."},
    {"Content", "It is about the content of the message or its form."},
    {"Security and policy", "It is about security, or a rule of the receiving system about senders and messages."},
};

const char *
status_class_meaning (const char *status)
{
    switch (status == NULL ? '\0' : status[0]) {
    case '2':
        return "Success: the message was delivered or handed on.";
    case '4':
        return "Persistent transient failure: it did not work now, and may work later.";
    case '5':
        return "Permanent failure: the same message to the same address will fail again.";
    default:
        return "";
    }
}

/* -1 when the second number is no subject. */
static gint
subject_of (const char *status)
{
    const char *dot = status == NULL ? NULL : strchr (status, '.');

    if (dot == NULL || dot[1] < '0' || dot[1] >= '0' + (gint) G_N_ELEMENTS (SUBJECTS) || g_ascii_isdigit (dot[2]))
        return -1;
    return dot[1] - '0';
}

const char *
status_subject_meaning (const char *status)
{
    gint subject = subject_of (status);

    return subject < 0 ? "" : SUBJECTS[subject].meaning;
}

const char *
status_subject_name (const char *status)
{
    gint subject = subject_of (status);

    return subject < 0 ? "" : SUBJECTS[subject].name;
}
