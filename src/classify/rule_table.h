/* SPDX-License-Identifier: MIT */
/* The rules of data/rules/ *.tsv: which words of a diagnostic mean which reason. Columns: id, scope, status, reply, match,
 * text, reason, type, witness.
 *
 *   scope   `all`, or alternatives divided by commas, each a word or several that must all hold, joined by `+`:
 *           provider:NAME gateway:NAME format:NAME command:NAME. "provider:gmail,google" takes the kind on to the
 *           next name.
 *   status  `-` any, or alternatives divided by commas: 5.2.1, X.2.1, 5.X.X, `none` (no status is known), `vague` (none,
 *           or one that says no more than its class: X.0.0). A leading `!` excludes: "!X.2.X".
 *   reply   `-` any, 550, 5XX, `none`, alternatives and `!` as above.
 *   match   contains (text is a literal), glob (`*` any run, `?` one byte; found anywhere in the diagnostic), regex (PCRE),
 *           any (text `-`: scope, status and reply alone decide).
 *   type    `-`: the reason's own.
 *
 * Texts are compared folded (fold.h). Rules are tried later layers first, then narrow scopes before `all`, then in the
 * order of files and lines; the first that fits decides. */
#ifndef NIXIE_CLASSIFY_RULE_TABLE_H
#define NIXIE_CLASSIFY_RULE_TABLE_H

#include "base/arena.h"
#include "classify/tables.h"

typedef struct RuleTable RuleTable;

RuleTable *rule_table_new (void);
void rule_table_free (RuleTable *table);
/* `layer`: 0 = built in, higher is tried earlier; an id of an earlier layer is replaced,
 * one of the same is an error. */
gboolean rule_table_read (RuleTable *table, const char *name, const char *text, gsize length, guint layer,
                          GError **error);
/* After the last file: puts the rules in order and builds the matcher. */
void rule_table_finish (RuleTable *table);

/* What a rule looks at. */
typedef struct {
    const char *provider, *gateway, *format, *command, *status, *reply;
    const char *text; /* folded */
    gsize length;
} RuleSubject;

/* The first rule that fits, NULL when none does. `scratch` is used for the search. */
const Rule *rule_table_find (const RuleTable *table, const RuleSubject *subject, Arena *scratch);
/* Every rule that fits, in the order of trying, for `rules test`. The array of const Rule * is yours. */
GPtrArray *rule_table_find_all (const RuleTable *table, const RuleSubject *subject, Arena *scratch);

guint rule_table_length (const RuleTable *table);
const Rule *rule_table_get (const RuleTable *table, guint index); /* in the order of trying */
guint rule_table_always (const RuleTable *table);                 /* conditions that every text may meet */
guint rule_table_states (const RuleTable *table);                 /* of the matcher, for figures */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RuleTable, rule_table_free)

#endif
