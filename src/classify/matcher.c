/* SPDX-License-Identifier: MIT */
#include "classify/matcher.h"

#include <string.h>

#define ROOT 0
#define NONE G_MAXUINT32
#define DENSE_FROM 6 /* successors from which a row is quicker than a walk along the list */

/* While literals are added a state's successors are a linked list; compiling adds failure links and rows. */
typedef struct {
    guint32 first, next; /* successor list: first successor of this state, next sibling of this state */
    guint32 failure;     /* state of the longest proper suffix that is a prefix of some literal */
    guint32 outputs;     /* first output of this state, NONE */
    guint32 shorter;     /* next state along the failure links that has outputs, NONE */
    guint32 row;         /* start of its row, NONE */
    guint8 byte;         /* that leads to it */
    guint8 n_successors;
} State;

typedef struct {
    guint32 id;
    guint32 next;
} Output;

struct Matcher {
    GArray *states;     /* of State; [ROOT] */
    GArray *outputs;    /* of Output */
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

void
matcher_add (Matcher *matcher, const char *literal, gsize length, guint id)
{
    guint32 at = ROOT;
    Output output = {.id = id};

    g_assert (!matcher->compiled);
    if (length == 0)
        return;
    for (gsize i = 0; i < length; i++) {
        guint8 byte = (guint8) literal[i];
        guint32 to = successor (matcher, at, byte);

        if (to == NONE) {
            State *parent;

            to = add_state (matcher, byte);
            parent = state_at (matcher, at);
            state_at (matcher, to)->next = parent->first;
            parent->first = to;
            if (parent->n_successors < G_MAXUINT8)
                parent->n_successors++;
            if (matcher->classes[byte] == 0)
                matcher->classes[byte] = (guint8) MIN (matcher->n_classes++, G_MAXUINT8);
        }
        at = to;
    }
    output.next = state_at (matcher, at)->outputs;
    g_array_append_val (matcher->outputs, output);
    state_at (matcher, at)->outputs = matcher->outputs->len - 1;
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
            for (guint32 o = state_at (matcher, end)->outputs; o != NONE;
                 o = g_array_index (matcher->outputs, Output, o).next)
                hit (g_array_index (matcher->outputs, Output, o).id, i + 1, user);
    }
}

guint
matcher_states (const Matcher *matcher)
{
    return matcher->states->len;
}
