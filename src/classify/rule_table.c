/* SPDX-License-Identifier: MIT */
#include "classify/rule_table.h"

#include "base/ascii.h"
#include "base/fold.h"
#include "base/limits.h"
#include "base/tsv.h"
#include "classify/regex_literals.h"
#include "classify/rule_index.h"
#include "classify/rule_pattern.h"
#include <string.h>

typedef enum { MATCH_CONTAINS, MATCH_GLOB, MATCH_REGEX, MATCH_ANY } MatchKind;

typedef struct {
    Rule rule;
    guint layer;
    guint order; /* of reading */
    MatchKind match;
    ScopePattern scope;
    CodePattern status, reply;
    const char *folded; /* text of contains and glob */
    struct Way *ways;
    guint n_ways;
} Entry;

/* One way for a text to fit an entry: a regular expression has one for each alternative, all others have one. */
typedef struct Way {
    const RegexAlternative *alternative; /* its literals; its text is that of a regular expression */
    GRegex *regex;                       /* of MATCH_REGEX; made when it is first needed */
} Way;

/* What a condition of the index stands for. */
typedef struct {
    const Entry *entry;
    Way *way;
} Condition;

struct RuleTable {
    Arena *arena;       /* the texts of all rules */
    GPtrArray *entries; /* of Entry; in the order of trying once finished */
    GHashTable *by_id;  /* id → Entry */
    RuleIndex *index;
    GArray *conditions; /* of Condition, by their numbers in the index */
};

static const char *const COLUMNS[] = {"id",   "scope",  "status", "reply",   "match",
                                      "text", "reason", "type",   "witness", NULL};
static const char *const MATCH_WORDS[] = {"contains", "glob", "regex", "any"};

/* Entries live in the arena; only their expressions are counted by GLib. */
static void
entry_clear (gpointer data)
{
    Entry *entry = data;

    for (guint i = 0; i < entry->n_ways; i++)
        g_clear_pointer (&entry->ways[i].regex, g_regex_unref);
}

RuleTable *
rule_table_new (void)
{
    RuleTable *table = g_new0 (RuleTable, 1);

    table->arena = arena_new ();
    table->entries = g_ptr_array_new_with_free_func (entry_clear);
    table->by_id = g_hash_table_new (g_str_hash, g_str_equal);
    return table;
}

void
rule_table_free (RuleTable *table)
{
    if (table == NULL)
        return;
    g_hash_table_unref (table->by_id);
    g_ptr_array_unref (table->entries);
    rule_index_free (table->index);
    g_clear_pointer (&table->conditions, g_array_unref);
    arena_free (table->arena);
    g_free (table);
}

/* Lower case, but the letters behind a backslash stay: \\S is not \\s, nor \\p{L} \\p{l}. */
static char *
fold_literals (Arena *arena, const char *regex)
{
    char *folded = arena_strdup (arena, regex);

    for (char *at = folded; *at != '\0'; at++) {
        if (*at != '\\' || at[1] == '\0') {
            *at = ascii_lower (*at);
            continue;
        }
        at++;
        if ((*at == 'p' || *at == 'P') && at[1] == '{' && strchr (at, '}') != NULL)
            at = strchr (at, '}');
    }
    return folded;
}

/* The entry fits where `literal` stands; "" is nowhere. */
static void
take_literal (Arena *arena, Entry *entry, const char *literal)
{
    RegexAlternative *alternative = arena_new0 (arena, RegexAlternative);
    const char **item = arena_new_array (arena, const char *, 1);

    item[0] = literal;
    alternative->text = "";
    alternative->sets[0] = (RegexLiterals){.items = item, .n = 1};
    alternative->n_sets = literal[0] != '\0';
    entry->ways = arena_new0 (arena, Way);
    entry->ways[0].alternative = alternative;
    entry->n_ways = 1;
}

/* The text is folded, so letters need no second look at each place: an expression of ASCII is folded as well. */
static GRegex *
compile_regex (const char *folded, GError **error)
{
    g_autofree char *limited = g_strdup_printf ("(*LIMIT_MATCH=%d)%s", LIMIT_REGEX_MATCH, folded);

    return g_regex_new (limited, g_str_is_ascii (folded) ? 0 : G_REGEX_CASELESS, 0, error);
}

/* The cache is filled once and never changes the answer; two threads at worst make the expression twice. */
static const GRegex *
regex_of (Way *way)
{
    GRegex *made;

    if (g_atomic_pointer_get (&way->regex) == NULL) {
        made = compile_regex (way->alternative->text, NULL);
        if (made != NULL && !g_atomic_pointer_compare_and_exchange (&way->regex, NULL, made))
            g_regex_unref (made);
    }
    return way->regex;
}

/* The texts that it will meet are folded, so its literals are those of its folded form. */
static gboolean
read_regex (RuleTable *table, Entry *entry, const TsvRow *row, GError **error)
{
    const char *folded = fold_literals (table->arena, entry->rule.text);
    const RegexAlternative *alternatives = regex_alternatives (table->arena, folded, &entry->n_ways);
    GRegex *whole;
    GError *failure = NULL;

    entry->ways = arena_new_array (table->arena, Way, entry->n_ways);
    for (guint i = 0; i < entry->n_ways; i++)
        entry->ways[i].alternative = &alternatives[i];
    if (entry->layer == 0) /* making one takes a tenth of a millisecond: the built-in ones, which the tests prove, wait */
        return TRUE;
    whole = compile_regex (folded, &failure); /* only whether it is one */
    g_clear_pointer (&whole, g_regex_unref);
    for (guint i = 0; failure == NULL && i < entry->n_ways; i++)
        entry->ways[i].regex = compile_regex (alternatives[i].text, &failure);
    if (failure == NULL)
        return TRUE;
    tsv_row_error (row, error, "rule %s: %s", entry->rule.id, failure->message);
    g_error_free (failure);
    return FALSE;
}

static gboolean
read_text (RuleTable *table, Entry *entry, const TsvRow *row, GError **error)
{
    guint kind = 0;

    while (kind < G_N_ELEMENTS (MATCH_WORDS) && strcmp (entry->rule.match, MATCH_WORDS[kind]) != 0)
        kind++;
    if (kind == G_N_ELEMENTS (MATCH_WORDS)) {
        tsv_row_error (row, error, "match is contains, glob, regex or any, not '%s'", entry->rule.match);
        return FALSE;
    }
    entry->match = (MatchKind) kind;
    entry->folded = fold_pattern (table->arena, span_of (entry->rule.text), NULL);
    if (entry->match == MATCH_REGEX)
        return read_regex (table, entry, row, error);
    take_literal (table->arena, entry,
                  entry->match == MATCH_CONTAINS ? entry->folded
                  : entry->match == MATCH_GLOB   ? glob_literal (table->arena, entry->folded)
                                                 : "");
    if (entry->match != MATCH_ANY && entry->ways[0].alternative->n_sets == 0) {
        tsv_row_error (row, error, "rule %s has no text to look for", entry->rule.id);
        return FALSE;
    }
    return TRUE;
}

/* A cell that is as in the row before (most are) needs no memory of its own. */
static const char *
keep_cell (Arena *arena, const char *cell, const char *before)
{
    return before != NULL && strcmp (cell, before) == 0 ? before : arena_strdup (arena, cell);
}

static gboolean
read_entry (RuleTable *table, Entry *entry, const TsvRow *row, GError **error)
{
    static const Rule NOTHING;
    const Entry *last = entry->order > 0 ? g_ptr_array_index (table->entries, entry->order - 1) : NULL;
    const Rule *before = last != NULL ? &last->rule : &NOTHING;
    Arena *arena = table->arena;
    const char *wrong;

    entry->rule = (Rule){.id = arena_strdup (arena, row->cells[0]),
                         .scope = keep_cell (arena, row->cells[1], before->scope),
                         .status = keep_cell (arena, row->cells[2], before->status),
                         .reply = keep_cell (arena, row->cells[3], before->reply),
                         .match = keep_cell (arena, row->cells[4], before->match),
                         .text = arena_strdup (arena, row->cells[5]),
                         .witness = arena_strdup (arena, row->cells[8]),
                         .file = keep_cell (arena, row->name, before->file),
                         .line = row->line};
    if (entry->rule.id[0] == '\0') {
        tsv_row_error (row, error, "a rule needs an id");
        return FALSE;
    }
    wrong = scope_pattern_read (arena, entry->rule.scope, &entry->scope);
    if (wrong == NULL)
        wrong = status_pattern_read (arena, entry->rule.status, &entry->status);
    if (wrong == NULL)
        wrong = reply_pattern_read (arena, entry->rule.reply, &entry->reply);
    if (wrong != NULL) {
        tsv_row_error (row, error, "rule %s: %s", entry->rule.id, wrong);
        return FALSE;
    }
    if (!reason_parse (row->cells[6], &entry->rule.reason)) {
        tsv_row_error (row, error, "unknown reason '%s'", row->cells[6]);
        return FALSE;
    }
    entry->rule.type = reason_type (entry->rule.reason);
    if (strcmp (row->cells[7], "-") != 0 && !event_type_parse (row->cells[7], &entry->rule.type)) {
        tsv_row_error (row, error, "unknown type '%s'", row->cells[7]);
        return FALSE;
    }
    return read_text (table, entry, row, error);
}

gboolean
rule_table_read (RuleTable *table, const char *name, const char *text, gsize length, guint layer, GError **error)
{
    g_autoptr (Tsv) tsv = tsv_new (name, text, length, COLUMNS, error);
    GError *failure = NULL;
    TsvRow row;

    if (tsv == NULL)
        return FALSE;
    while (tsv_next (tsv, &row, &failure)) {
        Entry *entry = arena_new0 (table->arena, Entry), *earlier;

        entry->layer = layer;
        entry->order = table->entries->len;
        g_ptr_array_add (table->entries, entry);
        if (!read_entry (table, entry, &row, error))
            return FALSE;
        earlier = g_hash_table_lookup (table->by_id, entry->rule.id);
        if (earlier != NULL && earlier->layer == layer) {
            tsv_row_error (&row, error, "there is a rule %s already (%s:%u)", entry->rule.id, earlier->rule.file,
                           earlier->rule.line);
            return FALSE;
        }
        g_hash_table_replace (table->by_id, (gpointer) entry->rule.id, entry);
    }
    if (failure != NULL)
        g_propagate_error (error, failure);
    return failure == NULL;
}

static gint
compare_entries (gconstpointer a, gconstpointer b)
{
    const Entry *one = *(const Entry *const *) a, *two = *(const Entry *const *) b;
    gboolean wide_one = one->scope.n_words == 0, wide_two = two->scope.n_words == 0;

    if (one->layer != two->layer)
        return one->layer > two->layer ? -1 : 1;
    if (wide_one != wide_two)
        return wide_one ? 1 : -1;
    return one->order < two->order ? -1 : one->order > two->order;
}

/* How often literals are seen, the witnesses of all rules tell. */
static void
index_entries (RuleTable *table)
{
    g_autoptr (Arena) scratch = arena_new ();
    g_autoptr (GPtrArray) samples = g_ptr_array_new ();

    table->index = rule_index_new ();
    table->conditions = g_array_new (FALSE, FALSE, sizeof (Condition));
    for (guint i = 0; i < table->entries->len; i++) {
        const Entry *entry = g_ptr_array_index (table->entries, i);

        g_ptr_array_add (samples, fold_text (scratch, span_of (entry->rule.witness), NULL));
        for (guint k = 0; k < entry->n_ways; k++) {
            const RegexAlternative *alternative = entry->ways[k].alternative;
            Condition condition = {.entry = entry, .way = &entry->ways[k]};

            rule_index_add (table->index, alternative->sets, alternative->n_sets);
            g_array_append_val (table->conditions, condition);
        }
    }
    rule_index_finish (table->index, samples);
}

void
rule_table_finish (RuleTable *table)
{
    GPtrArray *kept = g_ptr_array_new_with_free_func (entry_clear);

    for (guint i = 0; i < table->entries->len; i++) {
        Entry *entry = g_ptr_array_index (table->entries, i);

        if (g_hash_table_lookup (table->by_id, entry->rule.id) == entry)
            g_ptr_array_add (kept, entry);
        else
            entry_clear (entry); /* replaced by a later layer */
    }
    g_ptr_array_set_free_func (table->entries, NULL);
    g_ptr_array_unref (table->entries);
    table->entries = kept;
    g_ptr_array_sort (table->entries, compare_entries);
    index_entries (table);
}

static gboolean
condition_fits (const Condition *condition, const RuleSubject *subject)
{
    const Entry *entry = condition->entry;
    const char *const names[N_SCOPES] = {[SCOPE_PROVIDER] = subject->provider,
                                         [SCOPE_GATEWAY] = subject->gateway,
                                         [SCOPE_FORMAT] = subject->format,
                                         [SCOPE_COMMAND] = subject->command};

    if (!scope_pattern_fits (&entry->scope, names) || !code_pattern_fits (&entry->status, subject->status) ||
        !code_pattern_fits (&entry->reply, subject->reply))
        return FALSE;
    switch (entry->match) {
    case MATCH_GLOB:
        return glob_found (entry->folded, subject->text);
    case MATCH_REGEX: /* beyond the match limit GRegex gives an error, which is no match */
        return regex_of (condition->way) != NULL &&
               g_regex_match_full (regex_of (condition->way), subject->text, (gssize) subject->length, 0, 0,
                                   NULL, NULL);
    default: /* the literal was seen, or none is needed */
        return TRUE;
    }
}

/* The next rule that fits, NULL when none does; `*at` is 0 for the first. */
static const Rule *
next_fitting (const RuleTable *table, const RuleCandidates *candidates, const RuleSubject *subject, guint *at)
{
    for (; rule_candidates_next (candidates, at); (*at)++) {
        const Condition *condition = &g_array_index (table->conditions, Condition, *at);

        if (condition_fits (condition, subject))
            return &condition->entry->rule;
    }
    return NULL;
}

const Rule *
rule_table_find (const RuleTable *table, const RuleSubject *subject, Arena *scratch)
{
    guint at = 0;

    return next_fitting (table, rule_index_find (table->index, subject->text, subject->length, scratch), subject, &at);
}

GPtrArray *
rule_table_find_all (const RuleTable *table, const RuleSubject *subject, Arena *scratch)
{
    const RuleCandidates *candidates = rule_index_find (table->index, subject->text, subject->length, scratch);
    GPtrArray *fitting = g_ptr_array_new ();
    const Rule *rule;

    for (guint at = 0; (rule = next_fitting (table, candidates, subject, &at)) != NULL; at++)
        if (fitting->len == 0 || g_ptr_array_index (fitting, fitting->len - 1) != rule) /* in one of its ways */
            g_ptr_array_add (fitting, (gpointer) rule);
    return fitting;
}

guint
rule_table_length (const RuleTable *table)
{
    return table->entries->len;
}

const Rule *
rule_table_get (const RuleTable *table, guint index)
{
    return index < table->entries->len ? &((const Entry *) g_ptr_array_index (table->entries, index))->rule : NULL;
}

guint
rule_table_always (const RuleTable *table)
{
    return rule_index_always (table->index);
}

guint
rule_table_states (const RuleTable *table)
{
    return rule_index_states (table->index);
}
