/* SPDX-License-Identifier: MIT */
#include "base/matcher.h"

#include <string.h>

#define NONE G_MAXUINT32
#define PREFIX 4      /* bytes of a literal by which it is looked for */
#define BUCKET_MAX 12 /* rests of one bucket; one more, and the state gets successors */
#define N_PAIRS 1024  /* lists of short literals */
#define FILTER_MIN 12 /* log2 of the filter's bits */
#define FILTER_MAX 18
#define FILTER_ROOM 32 /* bits for each prefix */

/* What stands behind a prefix: a tree in which a state has successors, in a list, or a bucket of rests. */
typedef struct {
    guint32 first, next; /* first successor of this state, next sibling of this state */
    guint32 outputs;     /* first output of this state, NONE */
    guint8 byte;         /* that leads to it */
    guint8 n_rests;      /* outputs with a rest: the bucket */
} State;

/* A literal that ends here, or whose rest follows: `length` bytes from `rest` on in the matcher's bytes. */
typedef struct {
    guint32 id;
    guint32 next;
    guint32 rest, length;
    guint8 first; /* of the rest: most places are told apart by it */
} Output;

/* Of the table of prefixes; state NONE = free. */
typedef struct {
    guint32 prefix, state;
} Slot;

struct Matcher {
    GArray *states;       /* of State */
    GArray *outputs;      /* of Output */
    GByteArray *bytes;    /* of the rests, and of the literals that are shorter than a prefix */
    GHashTable *prefixes; /* prefix → state + 1, until compiled */
    guint32 *pairs;       /* literals of two and three bytes, by their first two; NULL = none */
    guint32 *singles;     /* of one byte; NULL = none */
    guint8 *filter;       /* a bit for each hash of a prefix */
    guint filter_shift;
    Slot *slots;
    guint slot_shift;
    gboolean compiled;
};

static guint32
prefix_at (const char *text)
{
    guint32 prefix;

    memcpy (&prefix, text, PREFIX);
    return prefix;
}

static guint32
hash (guint32 prefix)
{
    return prefix * 2654435761u; /* the golden ratio: the upper bits depend on all bytes */
}

static guint32
add_state (Matcher *matcher, guint8 byte)
{
    State state = {.first = NONE, .next = NONE, .outputs = NONE, .byte = byte};

    g_array_append_val (matcher->states, state);
    return matcher->states->len - 1;
}

static State *
state_at (const Matcher *matcher, guint32 index)
{
    return &g_array_index (matcher->states, State, index);
}

static Output *
output_at (const Matcher *matcher, guint32 index)
{
    return &g_array_index (matcher->outputs, Output, index);
}

Matcher *
matcher_new (void)
{
    Matcher *matcher = g_new0 (Matcher, 1);

    matcher->states = g_array_new (FALSE, FALSE, sizeof (State));
    matcher->outputs = g_array_new (FALSE, FALSE, sizeof (Output));
    matcher->bytes = g_byte_array_new ();
    matcher->prefixes = g_hash_table_new (NULL, NULL);
    return matcher;
}

void
matcher_free (Matcher *matcher)
{
    if (matcher == NULL)
        return;
    g_array_unref (matcher->states);
    g_array_unref (matcher->outputs);
    g_byte_array_unref (matcher->bytes);
    g_hash_table_unref (matcher->prefixes);
    g_free (matcher->pairs);
    g_free (matcher->singles);
    g_free (matcher->filter);
    g_free (matcher->slots);
    g_free (matcher);
}

static guint32
successor (const Matcher *matcher, guint32 from, guint8 byte)
{
    guint32 to = state_at (matcher, from)->first;

    while (to != NONE && state_at (matcher, to)->byte != byte)
        to = state_at (matcher, to)->next;
    return to;
}

static guint32
add_successor (Matcher *matcher, guint32 from, guint8 byte)
{
    guint32 to = add_state (matcher, byte);

    state_at (matcher, to)->next = state_at (matcher, from)->first;
    state_at (matcher, from)->first = to;
    return to;
}

static void
link_output (Matcher *matcher, guint32 to, guint32 output)
{
    State *state = state_at (matcher, to);

    output_at (matcher, output)->next = state->outputs;
    state->outputs = output;
    state->n_rests += output_at (matcher, output)->length > 0;
}

/* The bucket is full: each of its rests goes one state on. */
static void
burst (Matcher *matcher, guint32 from)
{
    guint32 o = state_at (matcher, from)->outputs;

    state_at (matcher, from)->outputs = NONE;
    state_at (matcher, from)->n_rests = 0;
    while (o != NONE) {
        Output *output = output_at (matcher, o);
        guint32 next = output->next, to = from;

        if (output->length > 0) {
            guint8 byte = output->first;

            output->rest++;
            output->length--;
            output->first = output->length > 0 ? matcher->bytes->data[output->rest] : 0;
            to = successor (matcher, from, byte);
            if (to == NONE)
                to = add_successor (matcher, from, byte);
        }
        link_output (matcher, to, o);
        o = next;
    }
}

static guint32
state_of_prefix (Matcher *matcher, const char *literal)
{
    gpointer key = GUINT_TO_POINTER (prefix_at (literal));
    guint32 state = GPOINTER_TO_UINT (g_hash_table_lookup (matcher->prefixes, key));

    if (state > 0)
        return state - 1;
    state = add_state (matcher, 0);
    g_hash_table_insert (matcher->prefixes, key, GUINT_TO_POINTER (state + 1));
    return state;
}

/* The literal's last `length` bytes become an output; its number comes back. */
static guint32
add_output (Matcher *matcher, const char *rest, gsize length, guint id)
{
    Output output = {.id = id, .next = NONE, .rest = matcher->bytes->len, .length = (guint32) length,
                     .first = length > 0 ? (guint8) *rest : 0};

    g_byte_array_append (matcher->bytes, (const guint8 *) rest, output.length);
    g_array_append_val (matcher->outputs, output);
    return matcher->outputs->len - 1;
}

static guint
pair_at (const char *text)
{
    return ((guint) (guint8) text[0] * 37 + (guint8) text[1]) % N_PAIRS;
}

/* A literal that is shorter than a prefix. */
static void
add_short (Matcher *matcher, const char *literal, gsize length, guint id)
{
    guint32 **lists = length == 1 ? &matcher->singles : &matcher->pairs, *head;
    guint n = length == 1 ? 256 : N_PAIRS;
    guint32 output = add_output (matcher, literal, length, id);

    if (*lists == NULL) {
        *lists = g_new (guint32, n);
        for (guint i = 0; i < n; i++)
            (*lists)[i] = NONE;
    }
    head = &(*lists)[length == 1 ? (guint8) *literal : pair_at (literal)];
    output_at (matcher, output)->next = *head;
    *head = output;
}

void
matcher_add (Matcher *matcher, const char *literal, gsize length, guint id)
{
    gsize depth = PREFIX;
    guint32 at;

    g_assert (!matcher->compiled);
    if (length == 0)
        return;
    if (length < PREFIX) {
        add_short (matcher, literal, length, id);
        return;
    }
    at = state_of_prefix (matcher, literal);
    for (; depth < length; depth++) {
        const State *state = state_at (matcher, at);
        guint32 to;

        if (state->first == NONE && state->n_rests < BUCKET_MAX)
            break;
        if (state->n_rests > 0)
            burst (matcher, at);
        to = successor (matcher, at, (guint8) literal[depth]);
        at = to != NONE ? to : add_successor (matcher, at, (guint8) literal[depth]);
    }
    link_output (matcher, at, add_output (matcher, literal + depth, length - depth, id));
}

/* log2 of the smallest power of two that is `least` at least. */
static guint
bits_for (guint least)
{
    guint bits = 1;

    while ((1u << bits) < least && bits < 31)
        bits++;
    return bits;
}

void
matcher_compile (Matcher *matcher)
{
    guint n = g_hash_table_size (matcher->prefixes), bits = CLAMP (bits_for (n * FILTER_ROOM), FILTER_MIN, FILTER_MAX);
    guint n_slots;
    GHashTableIter iter;
    gpointer key, value;

    g_assert (!matcher->compiled);
    matcher->compiled = TRUE;
    matcher->filter_shift = 32 - bits;
    matcher->filter = g_new0 (guint8, 1u << (bits - 3));
    bits = bits_for (2 * n + 1);
    matcher->slot_shift = 32 - bits;
    n_slots = 1u << bits;
    matcher->slots = g_new (Slot, n_slots);
    for (guint i = 0; i < n_slots; i++)
        matcher->slots[i].state = NONE;
    g_hash_table_iter_init (&iter, matcher->prefixes);
    while (g_hash_table_iter_next (&iter, &key, &value)) {
        guint32 hashed = hash (GPOINTER_TO_UINT (key)), slot = hashed >> matcher->slot_shift;

        matcher->filter[hashed >> matcher->filter_shift >> 3] |= (guint8) (1u << (hashed >> matcher->filter_shift & 7));
        /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): all of them were set above */
        while (matcher->slots[slot].state != NONE)
            slot = (slot + 1) & (n_slots - 1);
        matcher->slots[slot] = (Slot){GPOINTER_TO_UINT (key), GPOINTER_TO_UINT (value) - 1};
    }
    g_hash_table_remove_all (matcher->prefixes);
}

/* The outputs of a list whose rests stand at text[at]. */
static void
report_outputs (const Matcher *matcher, guint32 o, const char *text, gsize length, gsize at, MatcherHit hit,
                gpointer user)
{
    for (; o != NONE; o = output_at (matcher, o)->next) {
        const Output *output = output_at (matcher, o);

        if (output->length == 0 ||
            (output->length <= length - at && output->first == (guint8) text[at] &&
             memcmp (text + at, matcher->bytes->data + output->rest, output->length) == 0))
            hit (output->id, at + output->length, user);
    }
}

/* A prefix of this hash stands before text[at], if the table knows it: which literals go on from there? */
static void
follow (const Matcher *matcher, guint32 hashed, const char *text, gsize length, gsize at, MatcherHit hit, gpointer user)
{
    guint32 slot = hashed >> matcher->slot_shift, prefix = prefix_at (text + at - PREFIX), state;
    guint32 mask = G_MAXUINT32 >> matcher->slot_shift;

    while (matcher->slots[slot].state != NONE && matcher->slots[slot].prefix != prefix)
        slot = (slot + 1) & mask;
    for (state = matcher->slots[slot].state; state != NONE; at++) {
        report_outputs (matcher, state_at (matcher, state)->outputs, text, length, at, hit, user);
        state = at < length ? successor (matcher, state, (guint8) text[at]) : NONE;
    }
}

void
matcher_scan (const Matcher *matcher, const char *text, gsize length, MatcherHit hit, gpointer user)
{
    const guint8 *filter = matcher->filter;
    guint shift = matcher->filter_shift;

    g_assert (matcher->compiled);
    for (gsize i = 0; i + PREFIX <= length; i++) {
        guint32 hashed = hash (prefix_at (text + i)), bit = hashed >> shift;

        if (filter[bit >> 3] >> (bit & 7) & 1)
            follow (matcher, hashed, text, length, i + PREFIX, hit, user);
    }
    for (gsize i = 0; matcher->pairs != NULL && i + 2 <= length; i++) {
        guint32 outputs = matcher->pairs[pair_at (text + i)];

        if (outputs != NONE)
            report_outputs (matcher, outputs, text, length, i, hit, user);
    }
    for (gsize i = 0; matcher->singles != NULL && i < length; i++)
        report_outputs (matcher, matcher->singles[(guint8) text[i]], text, length, i, hit, user);
}

guint
matcher_states (const Matcher *matcher)
{
    return matcher->states->len;
}
