/* SPDX-License-Identifier: MIT */
/* Many literals, one pass, whose time hardly depends on how many literals there are. Each place of the text is asked by
 * its next four bytes whether a literal can begin there: one multiplication and one bit of a small table, no branch that
 * depends on the byte before, so that the processor works on several places at once (an Aho-Corasick automaton, which
 * this was before, waits for one state after the other). Only where the bit is set are literals followed, in a tree
 * whose last branches are buckets of rests. Compares bytes: fold both sides first (fold.h).
 *
 *     Matcher *matcher = matcher_new ();
 *     matcher_add (matcher, "mailbox full", 12, rule);
 *     matcher_compile (matcher);
 *     matcher_scan (matcher, text, length, note_hit, state);
 */
#ifndef NIXIE_BASE_MATCHER_H
#define NIXIE_BASE_MATCHER_H

#include <glib.h>

typedef struct Matcher Matcher;

/* `id` as given to matcher_add(); `end` is the offset behind the literal's last byte. */
typedef void (*MatcherHit) (guint id, gsize end, gpointer user);

Matcher *matcher_new (void);
void matcher_free (Matcher *matcher);
/* Before matcher_compile(). Several literals may have the same id and the same literal several ids; an empty literal
 * is never found. */
void matcher_add (Matcher *matcher, const char *literal, gsize length, guint id);
void matcher_compile (Matcher *matcher);
/* Calls `hit` for every occurrence of every literal, overlapping ones as well, in no order that is promised. */
void matcher_scan (const Matcher *matcher, const char *text, gsize length, MatcherHit hit, gpointer user);
guint matcher_states (const Matcher *matcher);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Matcher, matcher_free)

#endif
