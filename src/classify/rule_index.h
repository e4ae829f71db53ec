/* SPDX-License-Identifier: MIT */
/* Which conditions a text can meet at all, found in one pass of a matcher over the text. A condition is up to
 * REGEX_SETS_MAX sets of literals, of which each must be there, one behind the other; it is thought of where its rarest set
 * is seen ("mailbox" stands in half of all answers). One without sets is always thought of.
 *
 *     RuleCandidates *found = rule_index_find (index, text, length, scratch);
 *     guint condition = 0;
 *     while (rule_candidates_next (found, &condition))
 *         …try what stands behind `condition`, then condition++…
 */
#ifndef NIXIE_CLASSIFY_RULE_INDEX_H
#define NIXIE_CLASSIFY_RULE_INDEX_H

#include "base/arena.h"
#include "classify/regex_literals.h"

typedef struct RuleIndex RuleIndex;
typedef struct RuleCandidates RuleCandidates;

RuleIndex *rule_index_new (void);
void rule_index_free (RuleIndex *index); /* NULL is fine */
/* The condition's number: 0, 1, 2, … in the order of adding. The literals are borrowed until
 * rule_index_finish() returns. */
guint rule_index_add (RuleIndex *index, const RegexLiterals *sets, guint n_sets);
/* After the last condition. `samples` (of const char *, folded) are texts as they will come: they
 * tell which literals are rare. */
void rule_index_finish (RuleIndex *index, const GPtrArray *samples);

/* `text` is folded. The answer lives in `scratch`. */
RuleCandidates *rule_index_find (const RuleIndex *index, const char *text, gsize length, Arena *scratch);
/* The first candidate from `*condition` on, in the order of adding; FALSE when there is none. */
gboolean rule_candidates_next (const RuleCandidates *candidates, guint *condition);

guint rule_index_always (const RuleIndex *index); /* conditions without sets */
guint rule_index_states (const RuleIndex *index); /* of the matcher */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RuleIndex, rule_index_free)

#endif
