/* SPDX-License-Identifier: MIT */
#include "classify/rule_table.h"

#include "base/ascii.h"
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
    const guint **numbers; /* … the literals' numbers, set by set; the first set is the one that is seen least */
    GRegex *regex;       /* of MATCH_REGEX; made when it is first needed */
} Entry;

struct RuleTable {
    Arena *arena;        /* the texts of all rules */
    GPtrArray *entries;  /* of Entry; in the order of trying once finished */
    GHashTable *by_id;   /* id → Entry */
    GArray *always;      /* indices of the entries without a certain literal */
    /* All literals of all entries, each once, by number: */
    Matcher *matcher;    /* its ids are the numbers */
    guint n_literals;
    GArray **woken;      /* indices of the entries whose first set a literal is in; NULL = none */
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
    for (guint i = 0; i < table->n_literals; i++)
        if (table->woken[i] != NULL)
            g_array_unref (table->woken[i]);
    g_free (table->woken);
    if (table->always != NULL)
        g_array_unref (table->always);
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

/* The text is folded, so letters need no second look at each place: an expression of ASCII is folded as well. */
static GRegex *
compile_regex (const Entry *entry, GError **error)
{
    g_autoptr (Arena) scratch = arena_new ();
    gboolean ascii = g_str_is_ascii (entry->rule.text);
    g_autofree char *limited = g_strdup_printf ("(*LIMIT_MATCH=%d)%s", LIMIT_REGEX_MATCH,
                                                ascii ? fold_literals (scratch, entry->rule.text) : entry->rule.text);

    return g_regex_new (limited, ascii ? 0 : G_REGEX_CASELESS, 0, error);
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
    entry->folded = fold_pattern (table->arena, span_of (entry->rule.text), NULL);
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

/* Give every literal a number and the matcher all of them. */
static void
number_literals (RuleTable *table)
{
    g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal); /* literal → number + 1 */

    table->matcher = matcher_new ();
    for (guint i = 0; i < table->entries->len; i++) {
        Entry *entry = g_ptr_array_index (table->entries, i);

        entry->numbers = arena_new_array (table->arena, const guint *, entry->n_sets);
        for (guint set = 0; set < entry->n_sets; set++) {
            guint *numbers = arena_new_array (table->arena, guint, entry->sets[set].n);

            for (guint k = 0; k < entry->sets[set].n; k++) {
                const char *literal = entry->sets[set].items[k];
                guint number = GPOINTER_TO_UINT (g_hash_table_lookup (known, literal));

                if (number == 0) {
                    number = ++table->n_literals;
                    g_hash_table_insert (known, (gpointer) literal, GUINT_TO_POINTER (number));
                    matcher_add (table->matcher, literal, strlen (literal), number - 1);
                }
                numbers[k] = number - 1;
            }
            entry->numbers[set] = numbers;
        }
    }
    matcher_compile (table->matcher);
}

static void
count_hit (guint number, gsize end, gpointer user)
{
    (void) end;
    ((guint *) user)[number]++;
}

static guint
set_weight (const Entry *entry, guint set, const guint *often)
{
    guint weight = 0;

    for (guint k = 0; k < entry->sets[set].n; k++)
        weight += often[entry->numbers[set][k]];
    return weight;
}

/* Each entry is looked at only where its rarest set is seen: "mailbox" stands in half of all answers. How often a
 * literal is seen, the witnesses of all rules tell. */
static void
index_entries (RuleTable *table)
{
    g_autofree guint *often = g_new0 (guint, table->n_literals + 1);
    g_autoptr (Arena) scratch = arena_new ();

    for (guint i = 0; i < table->entries->len; i++) {
        const Entry *entry = g_ptr_array_index (table->entries, i);
        gsize length;
        const char *witness = fold_text (scratch, span_of (entry->rule.witness), &length);

        matcher_scan (table->matcher, witness, length, count_hit, often);
        arena_clear (scratch);
    }
    table->always = g_array_new (FALSE, FALSE, sizeof (guint));
    table->woken = g_new0 (GArray *, table->n_literals + 1);
    for (guint i = 0; i < table->entries->len; i++) {
        Entry *entry = g_ptr_array_index (table->entries, i);

        if (entry->n_sets == 0)
            g_array_append_val (table->always, i);
        for (guint set = 1; set < entry->n_sets; set++)
            if (set_weight (entry, set, often) < set_weight (entry, 0, often)) {
                RegexLiterals rarer = entry->sets[set];
                const guint *numbers = entry->numbers[set];

                entry->sets[set] = entry->sets[0];
                entry->numbers[set] = entry->numbers[0];
                entry->sets[0] = rarer;
                entry->numbers[0] = numbers;
            }
        for (guint k = 0; entry->n_sets > 0 && k < entry->sets[0].n; k++) {
            GArray **woken = &table->woken[entry->numbers[0][k]];

            if (*woken == NULL)
                *woken = g_array_new (FALSE, FALSE, sizeof (guint));
            g_array_append_val (*woken, i);
        }
    }
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
    number_literals (table);
    index_entries (table);
}

/* What one pass over a text found: the entries of which every set was seen, each once. */
typedef struct {
    const RuleTable *table;
    guint8 *seen;  /* a flag for each literal */
    GArray *woken; /* of guint: indices of entries of which one set was seen; some twice */
} Candidates;

static void
note_hit (guint number, gsize end, gpointer user)
{
    Candidates *candidates = user;
    const GArray *woken = candidates->table->woken[number];

    (void) end;
    if (!candidates->seen[number] && woken != NULL)
        g_array_append_vals (candidates->woken, woken->data, woken->len);
    candidates->seen[number] = TRUE;
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

/* One literal at least of every set but the first, which has woken the entry. */
static gboolean
all_sets_seen (const Entry *entry, const guint8 *seen)
{
    for (guint set = 1; set < entry->n_sets; set++) {
        guint k = 0;

        while (k < entry->sets[set].n && !seen[entry->numbers[set][k]])
            k++;
        if (k == entry->sets[set].n)
            return FALSE;
    }
    return TRUE;
}

/* Indices of the entries that the text can fit at all, in their order. */
static GArray *
find_candidates (const RuleTable *table, const RuleSubject *subject, Arena *scratch)
{
    Candidates candidates = {.table = table,
                             .seen = arena_alloc (scratch, table->n_literals),
                             .woken = g_array_new (FALSE, FALSE, sizeof (guint))};
    GArray *found = candidates.woken;
    guint kept = 0;

    g_array_append_vals (found, table->always->data, table->always->len);
    matcher_scan (table->matcher, subject->text, subject->length, note_hit, &candidates);
    g_array_sort (found, compare_indices);
    for (guint i = 0; i < found->len; i++) {
        guint index = g_array_index (found, guint, i);

        if ((kept == 0 || g_array_index (found, guint, kept - 1) != index) &&
            all_sets_seen (g_ptr_array_index (table->entries, index), candidates.seen))
            g_array_index (found, guint, kept++) = index;
    }
    g_array_set_size (found, kept);
    return found;
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
