/* SPDX-License-Identifier: MIT */
/* `rules test`: every rule's witness must reach that rule, and no other rule may take it first. A rule that only an
 * earlier one's leavings could reach is found this way, before an administrator waits for it in vain.
 *
 * A witness is a diagnostic line. What else the rule looks at stands in front of it in brackets:
 *     [provider=docomo command=DATA] 550 Unknown user
 * with the keys provider, gateway, format, command, status, reply, recipient, remote_mta. Without them status and reply
 * are read from the start of the line ("550 5.1.1 …", "550-5.1.1 …", "5.1.1 …") or from "(#5.1.1)". */
#ifndef NIXIE_CLASSIFY_RULES_TEST_H
#define NIXIE_CLASSIFY_RULES_TEST_H

#include "classify/tables.h"

typedef struct {
    const Rule *rule;    /* whose witness went wrong */
    const Rule *reached; /* the rule that took it; NULL = none did */
    const char *problem; /* "has no witness", "is not reached by its witness", "is shadowed by" */
} RulesTestFinding;

/* Called for every finding, in the order of the rules. Returns how many there were. */
typedef void (*RulesTestReport) (const RulesTestFinding *finding, gpointer user);
guint rules_test (const Tables *tables, RulesTestReport report, gpointer user);

/* The event that a witness or a line of text speaks of; strings in `arena`. For `nixie code` as well. */
void rules_test_event (Arena *arena, const char *witness, BounceEvent *event);

#endif
