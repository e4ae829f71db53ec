/* SPDX-License-Identifier: MIT */
/* Many literals, one pass (Aho and Corasick, CACM 18:6, 1975): the time for a text does not depend on how many literals
 * there are. Thousands of literals must cost little at start as well, so the automaton knows only the beginnings: where
 * few literals go on from a state, their rests lie in a bucket there and are compared directly. States with few successors
 * keep them in a list, states with many in a row over byte classes. Compares bytes: fold both sides first (fold.h).
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
