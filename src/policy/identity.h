/* SPDX-License-Identifier: MIT */
/* Identity: what mail is ours. Anybody can write a delivery report; one that is about mail of ours knows things about it.
 * Pure.
 *
 *     correlated    it was delivered to an address of ours that names this very recipient (VERP)
 *     plausible     what it returns of the message bears our sender and our Message-ID
 *     unverified    it says nothing that could be compared
 *     contradicted  it contradicts itself, or what it says is not ours: another sender, a foreign Message-ID, the VERP
 *                   address of another recipient, somebody whom we do not write to
 *
 * Where VERP is configured, nothing less is believed: our domain is in everybody's mail, the VERP address of a stranger
 * is not. It is as good as it is hard to guess; put something into {id} that nobody else knows. */
#ifndef NIXIE_POLICY_IDENTITY_H
#define NIXIE_POLICY_IDENTITY_H

#include "event/event.h"

typedef struct Identity Identity;

Identity *identity_new (void);
void identity_free (Identity *identity);
/* A domain covers those below it. */
void identity_add_sender_domain (Identity *identity, const char *domain);
void identity_add_message_id_domain (Identity *identity, const char *domain);
/* "bounce-{id}-{local}={domain}@lists.example.com". NULL when it was taken, else what is wrong with it. Static. */
const char *identity_add_verp (Identity *identity, const char *pattern);
/* An address that we write to; once one was added, all others are not ours. Any order, before the first judgement. */
void identity_add_recipient (Identity *identity, const char *address);
/* An empty list of recipients is a list, too. */
void identity_has_recipients (Identity *identity);
/* Nothing was added: there is nothing to judge by. */
gboolean identity_is_empty (const Identity *identity);
guint64 identity_n_recipients (const Identity *identity);
/* A digest of all of it: judgements made with another one are out of date. */
Digest identity_digest (const Identity *identity);
/* `identity` NULL: only whether the report contradicts itself. */
Trust identity_judge (const Identity *identity, const BounceEvent *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Identity, identity_free)

#endif
