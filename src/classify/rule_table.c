/* SPDX-License-Identifier: MIT */
#include "classify/rule_table.h"

#include "base/fold.h"
#include "base/limits.h"
#include "base/matcher.h"
#include "base/tsv.h"
#include "classify/regex_literals.h"
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
    const char *folded;  /* text of contains and glob */
    RegexLiterals *sets; /* a match contains one literal of each */
    guint n_sets;        /* 0 = nothing is certain: the rule is looked at for every text */
    GRegex *regex;       /* of MATCH_REGEX; made when it is first needed */
} Entry;

struct RuleTable {
    Arena *arena;        /* the texts of all rules */
    GPtrArray *entries;  /* of Entry; in the order of trying once finished */
    GHashTable *by_id;   /* id → Entry */
    Matcher *matcher;    /* ids = indices into entries */
    GArray *always;      /* indices of the entries without a certain literal */
};

static const char *const COLUMNS[] = {"id",   "scope",  "status", "reply",   "match",
                                      "text", "reason", "type",   "witness", NULL};
static const char *const MATCH_WORDS[] = {"contains", "glob", "regex", "any"};

/* Entries live in the arena; only their expressions are counted by GLib. */
static void
entry_clear (gpointer data)
{
    Entry *entry = data;

    g_clear_pointer (&entry->regex, g_regex_unref);
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
    matcher_free (table->matcher);
    if (table->always != NULL)
        g_array_unref (table->always);
    arena_free (table->arena);
    g_free (table);
}

/* Lower case, but the letters behind a backslash stay: \\S is not \\s. */
static char *
fold_literals (Arena *arena, const char *regex)
{
    char *folded = arena_strdup (arena, regex);

    for (char *at = folded; *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0')
            at++;
        else
            *at = g_ascii_tolower (*at);
    }
    return folded;
}

static void
take_literal (Arena *arena, Entry *entry, const char *literal)
{
    const char **item;

    if (literal[0] == '\0')
        return;
    item = arena_new_array (arena, const char *, 1);
    item[0] = literal;
    entry->sets = arena_new0 (arena, RegexLiterals);
    entry->sets[entry->n_sets++] = (RegexLiterals){.items = item, .n = 1};
}

static GRegex *
compile_regex (const Entry *entry, GError **error)
{
    g_autofree char *limited = g_strdup_printf ("(*LIMIT_MATCH=%d)%s", LIMIT_REGEX_MATCH, entry->rule.text);

    return g_regex_new (limited, G_REGEX_CASELESS, 0, error);
}

/* The cache is filled once and never changes the answer; two threads at worst make the expression twice. */
static const GRegex *
regex_of (const Entry *entry)
{
    GRegex **cache = (GRegex **) &entry->regex, *made;

    if (g_atomic_pointer_get (cache) == NULL) {
        made = compile_regex (entry, NULL);
        if (made != NULL && !g_atomic_pointer_compare_and_exchange (cache, NULL, made))
            g_regex_unref (made);
    }
    return entry->regex;
}

static gboolean
read_regex (RuleTable *table, Entry *entry, const TsvRow *row, GError **error)
{
    GError *failure = NULL;

    /* making one takes a tenth of a millisecond: the built-in ones, which the tests prove, wait until needed */
    if (entry->layer > 0 && (entry->regex = compile_regex (entry, &failure)) == NULL) {
        tsv_row_error (row, error, "rule %s: %s", entry->rule.id, failure->message);
        g_error_free (failure);
        return FALSE;
    }
    /* the texts that it will meet are folded, so its literals are those of its folded form */
    entry->sets = arena_new_array (table->arena, RegexLiterals, REGEX_SETS_MAX);
    entry->n_sets = regex_literals (table->arena, fold_literals (table->arena, entry->rule.text), entry->sets);
    return TRUE;
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
    entry->folded = fold_pattern (table->arena, entry->rule.text, NULL);
    if (entry->match == MATCH_REGEX)
        return read_regex (table, entry, row, error);
    if (entry->match == MATCH_CONTAINS)
        take_literal (table->arena, entry, entry->folded);
    else if (entry->match == MATCH_GLOB)
        take_literal (table->arena, entry, glob_literal (table->arena, entry->folded));
    if (entry->match != MATCH_ANY && entry->n_sets == 0) {
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
    table->matcher = matcher_new ();
    table->always = g_array_new (FALSE, FALSE, sizeof (guint));
    for (guint i = 0; i < table->entries->len; i++) {
        const Entry *entry = g_ptr_array_index (table->entries, i);

        if (entry->n_sets == 0)
            g_array_append_val (table->always, i);
        for (guint set = 0; set < entry->n_sets; set++)
            for (guint k = 0; k < entry->sets[set].n; k++)
                matcher_add (table->matcher, entry->sets[set].items[k], strlen (entry->sets[set].items[k]),
                             i * REGEX_SETS_MAX + set);
    }
    matcher_compile (table->matcher);
}

/* The entries of which every set was seen, each once. */
typedef struct {
    const GPtrArray *entries;
    GArray *found; /* of guint */
    guint8 *seen;  /* an entry's sets, a bit each */
} Candidates;

static void
note_hit (guint id, gsize end, gpointer user)
{
    Candidates *candidates = user;
    guint index = id / REGEX_SETS_MAX;
    const Entry *entry = g_ptr_array_index (candidates->entries, index);
    guint8 all = (guint8) ((1u << entry->n_sets) - 1), before = candidates->seen[index];

    (void) end;
    candidates->seen[index] |= (guint8) (1u << id % REGEX_SETS_MAX);
    if (candidates->seen[index] == all && before != all)
        g_array_append_val (candidates->found, index);
}

static gint
compare_indices (gconstpointer a, gconstpointer b)
{
    guint one = *(const guint *) a, two = *(const guint *) b;

    return one < two ? -1 : one > two;
}

static gboolean
entry_fits (const Entry *entry, const RuleSubject *subject)
{
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
        return regex_of (entry) != NULL &&
               g_regex_match_full (regex_of (entry), subject->text, (gssize) subject->length, 0, 0, NULL, NULL);
    default: /* the literal was seen, or none is needed */
        return TRUE;
    }
}

static GArray *
find_candidates (const RuleTable *table, const RuleSubject *subject, Arena *scratch)
{
    Candidates candidates = {.entries = table->entries,
                             .found = g_array_new (FALSE, FALSE, sizeof (guint)),
                             .seen = arena_alloc (scratch, table->entries->len)};

    g_array_append_vals (candidates.found, table->always->data, table->always->len);
    matcher_scan (table->matcher, subject->text, subject->length, note_hit, &candidates);
    g_array_sort (candidates.found, compare_indices);
    return candidates.found;
}

const Rule *
rule_table_find (const RuleTable *table, const RuleSubject *subject, Arena *scratch)
{
    g_autoptr (GArray) candidates = find_candidates (table, subject, scratch);

    for (guint i = 0; i < candidates->len; i++) {
        const Entry *entry = g_ptr_array_index (table->entries, g_array_index (candidates, guint, i));

        if (entry_fits (entry, subject))
            return &entry->rule;
    }
    return NULL;
}

GPtrArray *
rule_table_find_all (const RuleTable *table, const RuleSubject *subject, Arena *scratch)
{
    g_autoptr (GArray) candidates = find_candidates (table, subject, scratch);
    GPtrArray *fitting = g_ptr_array_new ();

    for (guint i = 0; i < candidates->len; i++) {
        Entry *entry = g_ptr_array_index (table->entries, g_array_index (candidates, guint, i));

        if (entry_fits (entry, subject))
            g_ptr_array_add (fitting, &entry->rule);
    }
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
    return table->always->len;
}

guint
rule_table_states (const RuleTable *table)
{
    return matcher_states (table->matcher);
}
