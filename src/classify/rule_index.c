/* SPDX-License-Identifier: MIT */
#include "classify/rule_index.h"

#include "base/matcher.h"
#include <string.h>

#define BITS 64  /* of a word of the candidates' set */
#define HITS 200 /* literals seen in one text whose places are kept; those beyond may be anywhere */

typedef struct {
    const guint *numbers; /* of the literals */
    guint n;
} NumberSet;

typedef struct {
    NumberSet sets[REGEX_SETS_MAX]; /* in the order of the text */
    guint n_sets;
} Condition;

struct RuleIndex {
    Arena *arena;
    GArray *conditions; /* of Condition */
    /* All literals of all conditions, each once, by number: */
    GHashTable *numbers; /* literal → number + 1; until finished */
    Matcher *matcher;    /* its ids are the numbers */
    GArray *lengths;     /* of guint */
    GArray **woken;      /* of guint: conditions whose rarest set a literal is in; NULL = none */
    GArray *always;      /* of guint: conditions without a set */
};

/* Where a literal was seen: the ends of its first and of its last occurrence. */
typedef struct {
    guint32 first, last;
} Hit;

struct RuleCandidates {
    const RuleIndex *index;
    guint8 *seen; /* by number: 1 + place in hits; 0 = not seen */
    Hit hits[HITS];
    guint n_hits;
    guint64 *bits; /* a bit for each condition that is to be looked at */
};

RuleIndex *
rule_index_new (void)
{
    RuleIndex *index = g_new0 (RuleIndex, 1);

    index->arena = arena_new ();
    index->conditions = g_array_new (FALSE, FALSE, sizeof (Condition));
    index->numbers = g_hash_table_new (g_str_hash, g_str_equal);
    index->matcher = matcher_new ();
    index->lengths = g_array_new (FALSE, FALSE, sizeof (guint));
    index->always = g_array_new (FALSE, FALSE, sizeof (guint));
    return index;
}

void
rule_index_free (RuleIndex *index)
{
    if (index == NULL)
        return;
    for (guint i = 0; index->woken != NULL && i < index->lengths->len; i++)
        if (index->woken[i] != NULL)
            g_array_unref (index->woken[i]);
    g_free (index->woken);
    g_clear_pointer (&index->numbers, g_hash_table_unref);
    g_array_unref (index->conditions);
    g_array_unref (index->lengths);
    g_array_unref (index->always);
    matcher_free (index->matcher);
    arena_free (index->arena);
    g_free (index);
}

static guint
number_of (RuleIndex *index, const char *literal)
{
    guint number = GPOINTER_TO_UINT (g_hash_table_lookup (index->numbers, literal));
    guint length = (guint) strlen (literal);

    if (number == 0) {
        g_array_append_val (index->lengths, length);
        number = index->lengths->len;
        g_hash_table_insert (index->numbers, (gpointer) literal, GUINT_TO_POINTER (number));
        matcher_add (index->matcher, literal, length, number - 1);
    }
    return number - 1;
}

guint
rule_index_add (RuleIndex *index, const RegexLiterals *sets, guint n_sets)
{
    Condition condition = {.n_sets = n_sets};

    for (guint set = 0; set < n_sets; set++) {
        guint *numbers = arena_new_array (index->arena, guint, sets[set].n);

        for (guint k = 0; k < sets[set].n; k++)
            numbers[k] = number_of (index, sets[set].items[k]);
        condition.sets[set] = (NumberSet){.numbers = numbers, .n = sets[set].n};
    }
    g_array_append_val (index->conditions, condition);
    return index->conditions->len - 1;
}

static void
count_hit (guint number, gsize end, gpointer user)
{
    (void) end;
    ((guint *) user)[number]++;
}

static guint
set_weight (const NumberSet *set, const guint *often)
{
    guint weight = 0;

    for (guint k = 0; k < set->n; k++)
        weight += often[set->numbers[k]];
    return weight;
}

static const NumberSet *
rarest_set (const Condition *condition, const guint *often)
{
    const NumberSet *rarest = &condition->sets[0];

    for (guint set = 1; set < condition->n_sets; set++)
        if (set_weight (&condition->sets[set], often) < set_weight (rarest, often))
            rarest = &condition->sets[set];
    return rarest;
}

void
rule_index_finish (RuleIndex *index, const GPtrArray *samples)
{
    g_autofree guint *often = g_new0 (guint, index->lengths->len + 1);

    matcher_compile (index->matcher);
    g_clear_pointer (&index->numbers, g_hash_table_unref);
    for (guint i = 0; i < samples->len; i++) {
        const char *sample = g_ptr_array_index (samples, i);

        matcher_scan (index->matcher, sample, strlen (sample), count_hit, often);
    }
    index->woken = g_new0 (GArray *, index->lengths->len + 1);
    for (guint i = 0; i < index->conditions->len; i++) {
        const Condition *condition = &g_array_index (index->conditions, Condition, i);
        const NumberSet *rarest = rarest_set (condition, often);

        if (condition->n_sets == 0)
            g_array_append_val (index->always, i);
        for (guint k = 0; condition->n_sets > 0 && k < rarest->n; k++) {
            GArray **woken = &index->woken[rarest->numbers[k]];

            if (*woken == NULL)
                *woken = g_array_new (FALSE, FALSE, sizeof (guint));
            g_array_append_val (*woken, i);
        }
    }
}

static void
wake (RuleCandidates *candidates, const GArray *conditions)
{
    for (guint i = 0; conditions != NULL && i < conditions->len; i++) {
        guint condition = g_array_index (conditions, guint, i);

        candidates->bits[condition / BITS] |= G_GUINT64_CONSTANT (1) << condition % BITS;
    }
}

static void
note_hit (guint number, gsize end, gpointer user)
{
    RuleCandidates *candidates = user;
    guint place = candidates->seen[number];
    Hit *hit;

    if (place == 0) {
        if (candidates->n_hits < HITS)
            candidates->hits[candidates->n_hits++] = (Hit){.first = (guint32) end, .last = (guint32) end};
        else
            candidates->hits[HITS - 1] = (Hit){.first = 0, .last = G_MAXUINT32};
        candidates->seen[number] = (guint8) candidates->n_hits;
        wake (candidates, candidates->index->woken[number]);
        return;
    }
    hit = &candidates->hits[place - 1];
    hit->first = MIN (hit->first, (guint32) end);
    hit->last = MAX (hit->last, (guint32) end);
}

RuleCandidates *
rule_index_find (const RuleIndex *index, const char *text, gsize length, Arena *scratch)
{
    RuleCandidates *candidates = arena_new0 (scratch, RuleCandidates);

    candidates->index = index;
    candidates->seen = arena_new_array (scratch, guint8, index->lengths->len);
    candidates->bits = arena_new_array (scratch, guint64, index->conditions->len / BITS + 1);
    wake (candidates, index->always);
    matcher_scan (index->matcher, text, length, note_hit, candidates);
    return candidates;
}

/* Whether each set was seen behind where the ones before it end at the earliest. Only the first and the last occurrence
 * of a literal are known, so that some are let through that are in no order; none is held up that is. */
static gboolean
sets_follow (const Condition *condition, const RuleCandidates *candidates)
{
    guint reached = 0;

    for (guint set = 0; set < condition->n_sets; set++) {
        const NumberSet *literals = &condition->sets[set];
        guint earliest = G_MAXUINT;

        for (guint k = 0; k < literals->n; k++) {
            guint number = literals->numbers[k], place = candidates->seen[number];
            guint length = g_array_index (candidates->index->lengths, guint, number);

            if (place > 0 && candidates->hits[place - 1].last >= reached + length)
                earliest = MIN (earliest, MAX (candidates->hits[place - 1].first, reached + length));
        }
        if (earliest == G_MAXUINT)
            return FALSE;
        reached = earliest;
    }
    return TRUE;
}

gboolean
rule_candidates_next (const RuleCandidates *candidates, guint *condition)
{
    const GArray *all = candidates->index->conditions;

    for (guint at = *condition; at < all->len; at++) {
        guint64 left = candidates->bits[at / BITS] >> at % BITS;

        if (left == 0) {
            at |= BITS - 1;
            continue;
        }
        at += (guint) __builtin_ctzll (left);
        if (sets_follow (&g_array_index (all, Condition, at), candidates)) {
            *condition = at;
            return TRUE;
        }
    }
    return FALSE;
}

guint
rule_index_always (const RuleIndex *index)
{
    return index->always->len;
}

guint
rule_index_states (const RuleIndex *index)
{
    return matcher_states (index->matcher);
}
