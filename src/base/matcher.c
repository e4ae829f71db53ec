/* SPDX-License-Identifier: MIT */
#include "base/matcher.h"

#include <string.h>

#define ROOT 0
#define NONE G_MAXUINT32
#define DENSE_FROM 6   /* successors from which a row is quicker than a walk along the list */
#define BUCKET_DEPTH 4 /* bytes that must have been seen before a text is compared with rests */
#define BUCKET_MAX 12  /* rests of one bucket; one more, and the state gets successors */

/* While literals are added a state's successors are a linked list; compiling adds failure links and rows. A state has
 * successors or a bucket. */
typedef struct {
    guint32 first, next; /* successor list: first successor of this state, next sibling of this state */
    guint32 failure;     /* state of the longest proper suffix that is a prefix of some literal */
    guint32 outputs;     /* first output of this state, NONE */
    guint32 shorter;     /* next state along the failure links that has outputs, NONE */
    guint32 row;         /* start of its row, NONE */
    guint8 byte;         /* that leads to it */
    guint8 n_successors;
    guint8 n_rests;      /* outputs with a rest: the bucket */
} State;

/* A literal that ends here, or whose rest follows: `length` bytes from `rest` on in the matcher's bytes. */
typedef struct {
    guint32 id;
    guint32 next;
    guint32 rest, length;
} Output;

struct Matcher {
    GArray *states;     /* of State; [ROOT] */
    GArray *outputs;    /* of Output */
    GByteArray *bytes;  /* of the rests */
    guint32 *rows;      /* rows of n_classes states each */
    guint8 classes[256];/* byte → class; 0 = in no literal */
    guint n_classes;
    gboolean compiled;
};

static guint32
add_state (Matcher *matcher, guint8 byte)
{
    State state = {.first = NONE, .next = NONE, .failure = ROOT, .outputs = NONE, .shorter = NONE, .row = NONE,
                   .byte = byte};

    g_array_append_val (matcher->states, state);
    return matcher->states->len - 1;
}

static State *
state_at (const Matcher *matcher, guint32 index)
{
    return &g_array_index (matcher->states, State, index);
}

Matcher *
matcher_new (void)
{
    Matcher *matcher = g_new0 (Matcher, 1);

    matcher->states = g_array_new (FALSE, FALSE, sizeof (State));
    matcher->outputs = g_array_new (FALSE, FALSE, sizeof (Output));
    matcher->bytes = g_byte_array_new ();
    matcher->n_classes = 1;
    add_state (matcher, 0);
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
    g_free (matcher->rows);
    g_free (matcher);
}

/* The successor of a state for a byte, NONE when the trie has none. */
static guint32
successor (const Matcher *matcher, guint32 from, guint8 byte)
{
    const State *state = state_at (matcher, from);

    if (state->row != NONE)
        return matcher->rows[state->row + matcher->classes[byte]];
    for (guint32 to = state->first; to != NONE; to = state_at (matcher, to)->next)
        if (state_at (matcher, to)->byte == byte)
            return to;
    return NONE;
}

static guint32
add_successor (Matcher *matcher, guint32 from, guint8 byte)
{
    guint32 to = add_state (matcher, byte);
    State *parent = state_at (matcher, from);

    state_at (matcher, to)->next = parent->first;
    parent->first = to;
    if (parent->n_successors < G_MAXUINT8)
        parent->n_successors++;
    if (matcher->classes[byte] == 0) {
        matcher->classes[byte] = (guint8) MIN (matcher->n_classes, G_MAXUINT8);
        matcher->n_classes++;
    }
    return to;
}

static Output *
output_at (const Matcher *matcher, guint32 index)
{
    return &g_array_index (matcher->outputs, Output, index);
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
            guint8 byte = matcher->bytes->data[output->rest++];

            output->length--;
            to = successor (matcher, from, byte);
            if (to == NONE)
                to = add_successor (matcher, from, byte);
        }
        link_output (matcher, to, o);
        o = next;
    }
}

void
matcher_add (Matcher *matcher, const char *literal, gsize length, guint id)
{
    guint32 at = ROOT;
    Output output = {.id = id};
    gsize depth = 0;

    g_assert (!matcher->compiled);
    if (length == 0)
        return;
    for (; depth < length; depth++) {
        const State *state = state_at (matcher, at);
        guint32 to;

        if (depth >= BUCKET_DEPTH && state->first == NONE && state->n_rests < BUCKET_MAX)
            break;
        if (state->n_rests > 0)
            burst (matcher, at);
        to = successor (matcher, at, (guint8) literal[depth]);
        at = to != NONE ? to : add_successor (matcher, at, (guint8) literal[depth]);
    }
    output.length = (guint32) (length - depth);
    output.rest = matcher->bytes->len;
    g_byte_array_append (matcher->bytes, (const guint8 *) literal + depth, output.length);
    g_array_append_val (matcher->outputs, output);
    link_output (matcher, at, matcher->outputs->len - 1);
}

/* One pass in order of depth: the failure link of a state follows from that of its parent. */
static void
link_failures (Matcher *matcher)
{
    g_autofree guint32 *queue = g_new (guint32, matcher->states->len);
    guint head = 0, tail = 0;

    queue[tail++] = ROOT;
    while (head < tail) {
        guint32 from = queue[head++];

        for (guint32 to = state_at (matcher, from)->first; to != NONE; to = state_at (matcher, to)->next) {
            State *state = state_at (matcher, to);
            guint32 back = state_at (matcher, from)->failure, found = NONE;

            queue[tail++] = to;
            if (from != ROOT) {
                while ((found = successor (matcher, back, state->byte)) == NONE && back != ROOT)
                    back = state_at (matcher, back)->failure;
            }
            state->failure = found == NONE ? ROOT : found;
            state->shorter = state_at (matcher, state->failure)->outputs != NONE
                                 ? state->failure
                                 : state_at (matcher, state->failure)->shorter;
        }
    }
}

static void
build_rows (Matcher *matcher)
{
    guint n_dense = 0;
    guint32 used = 0;

    for (guint i = 0; i < matcher->states->len; i++)
        n_dense += i == ROOT || state_at (matcher, i)->n_successors >= DENSE_FROM;
    matcher->rows = g_new (guint32, (gsize) n_dense * matcher->n_classes);
    for (guint i = 0; i < matcher->states->len; i++) {
        State *state = state_at (matcher, i);

        if (i != ROOT && state->n_successors < DENSE_FROM)
            continue;
        for (guint c = 0; c < matcher->n_classes; c++)
            matcher->rows[used + c] = NONE;
        for (guint32 to = state->first; to != NONE; to = state_at (matcher, to)->next)
            matcher->rows[used + matcher->classes[state_at (matcher, to)->byte]] = to;
        state->row = used;
        used += matcher->n_classes;
    }
}

void
matcher_compile (Matcher *matcher)
{
    g_assert (!matcher->compiled);
    /* 256 different bytes and the class of bytes in no literal do not fit into a byte: then nobody has that class */
    if (matcher->n_classes > 256) {
        for (guint byte = 0; byte < 256; byte++)
            matcher->classes[byte] = (guint8) byte;
        matcher->n_classes = 256;
    }
    build_rows (matcher);
    link_failures (matcher);
    matcher->compiled = TRUE;
}

/* The outputs of a state that was reached before text[at]; the rests must follow there. */
static void
report_outputs (const Matcher *matcher, guint32 state, const char *text, gsize length, gsize at, MatcherHit hit,
                gpointer user)
{
    for (guint32 o = state_at (matcher, state)->outputs; o != NONE; o = output_at (matcher, o)->next) {
        const Output *output = output_at (matcher, o);

        if (output->length == 0 ||
            (output->length <= length - at &&
             memcmp (text + at, matcher->bytes->data + output->rest, output->length) == 0))
            hit (output->id, at + output->length, user);
    }
}

void
matcher_scan (const Matcher *matcher, const char *text, gsize length, MatcherHit hit, gpointer user)
{
    guint32 at = ROOT;

    g_assert (matcher->compiled);
    for (gsize i = 0; i < length; i++) {
        guint8 byte = (guint8) text[i];
        guint32 to;

        while ((to = successor (matcher, at, byte)) == NONE && at != ROOT)
            at = state_at (matcher, at)->failure;
        if (to == NONE)
            continue;
        at = to;
        for (guint32 end = state_at (matcher, at)->outputs != NONE ? at : state_at (matcher, at)->shorter;
             end != NONE; end = state_at (matcher, end)->shorter)
            report_outputs (matcher, end, text, length, i + 1, hit, user);
    }
}

guint
matcher_states (const Matcher *matcher)
{
    return matcher->states->len;
}
