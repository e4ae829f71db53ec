/* SPDX-License-Identifier: MIT */
#include "classify/regex_literals.h"

#include <string.h>

#define MAX_DEPTH 32 /* brackets within brackets */

/* Escapes of one letter that stand for a kind of character or a place. Others have arguments (\x41, \p{L}, \cA) or
 * change how the rest is read (\Q). */
#define SIMPLE_ESCAPES "dDwWsSbBAZzhHvVRntrfae"

/* A set while it grows; n 0 = nothing is certain. */
typedef struct {
    const char *items[REGEX_LITERALS_MAX];
    guint n;
} Literals;

typedef struct {
    Arena *arena;
    const char *at;
    char *run; /* room for the literal at hand */
    guint depth;
    gboolean lost;  /* something that we do not read: nothing is certain */
    gboolean bound; /* something that may hold beyond the next bar: not to be divided */
} Reader;

static Literals *read_alternatives (Reader *reader);

static gsize
shortest (const Literals *set)
{
    gsize length = 0;

    for (guint i = 0; i < set->n; i++)
        length = i == 0 ? strlen (set->items[i]) : MIN (length, strlen (set->items[i]));
    return length;
}

/* The better filter: whose shortest literal is longest; of equals the one with fewer. */
static const Literals *
better (const Literals *a, const Literals *b)
{
    gsize length_a = shortest (a), length_b = shortest (b);

    if (length_a != length_b)
        return length_a > length_b ? a : b;
    return a->n <= b->n ? a : b;
}

/* Length of "{2,3}" and the like, 0 when the bracket is only a bracket. */
static gsize
counted_length (const char *at)
{
    gsize length = *at == '{' ? 1 + strspn (at + 1, "0123456789, ") : 0;

    return length > 1 && at[length] == '}' ? length + 1 : 0;
}

static gsize
quantifier_length (const char *at)
{
    return *at != '\0' && strchr ("?*+", *at) != NULL ? 1 : counted_length (at);
}

/* What follows may repeat or miss the element before it: TRUE when it may miss. Moves behind the quantifiers. */
static gboolean
skip_quantifier (Reader *reader)
{
    gboolean may_miss = FALSE;
    gsize length;

    while ((length = quantifier_length (reader->at)) > 0) {
        may_miss |= *reader->at == '?' || *reader->at == '*' ||
                    (*reader->at == '{' && !(reader->at[1] >= '1' && reader->at[1] <= '9'));
        reader->at += length;
        if (*reader->at == '?' || *reader->at == '+') /* lazy, possessive */
            reader->at++;
    }
    return may_miss;
}

/* A character that is written as several bytes is one element. */
static gsize
character_length (const char *at)
{
    gsize length = 1;

    if ((guchar) *at >= 0xc0)
        while (((guchar) at[length] & 0xc0) == 0x80)
            length++;
    return length;
}

static void
skip_escape (Reader *reader)
{
    char what = reader->at[1];

    reader->lost |= what == '\0' || (g_ascii_isalnum (what) && strchr (SIMPLE_ESCAPES, what) == NULL);
    reader->at += what == '\0' ? 1 : 1 + character_length (reader->at + 1);
}

/* "[:alpha:]" in a class; 0 where it is a bracket like any other character: "[[:]". */
static gsize
named_class_length (const char *at)
{
    gsize name;

    if (at[0] != '[' || at[1] != ':')
        return 0;
    name = strspn (at + 2, "^abcdefghijklmnopqrstuvwxyz");
    return g_str_has_prefix (at + 2 + name, ":]") ? name + 4 : 0;
}

static void
skip_class (Reader *reader)
{
    reader->at++;
    if (*reader->at == '^')
        reader->at++;
    if (*reader->at == ']')
        reader->at++;
    while (*reader->at != '\0' && *reader->at != ']') {
        gsize named = named_class_length (reader->at);

        if (named > 0)
            reader->at += named;
        else if (*reader->at == '\\')
            skip_escape (reader);
        else
            reader->at++;
    }
    if (*reader->at == ']')
        reader->at++;
}

/* A group; look-arounds and options are passed over and tell nothing. */
static Literals *
read_group (Reader *reader)
{
    gboolean telling = TRUE;
    Literals *inside;

    reader->at++;
    reader->lost |= *reader->at == '*'; /* a verb */
    if (*reader->at == '?') {
        telling = reader->at[1] == ':';
        reader->bound |= strchr (":=!<>", reader->at[1]) == NULL; /* options, references, conditions */
        reader->at += telling ? 2 : 1;
        /* a comment, or the option that makes white space and # mean something else */
        reader->lost |= !telling && (*reader->at == '#' || reader->at[strspn (reader->at, "imsnJUa-^")] == 'x');
    }
    reader->depth++;
    inside = read_alternatives (reader);
    reader->depth--;
    if (*reader->at == ')')
        reader->at++;
    if (skip_quantifier (reader) || !telling)
        inside->n = 0;
    return inside;
}

/* One literal byte of the pattern, -1 when something else stands there; moves behind it only when it is one. */
static gint
read_byte (Reader *reader)
{
    const char *at = reader->at;
    gint byte = (guchar) *at;
    const char *behind;
    gsize length = 1;

    if (strchr ("^$.[()|", *at) != NULL || quantifier_length (at) > 0 || *at == '{')
        return -1;
    if (*at == '\\') {
        if (!g_ascii_ispunct (at[1]))
            return -1;
        byte = (guchar) at[1];
        length = 2;
    }
    /* a character that may be missing or comes several times ends the run */
    behind = at + length - 1 + character_length (at + length - 1);
    if (*behind == '+')
        behind += behind[1] == '+' || behind[1] == '?' ? 2 : 1;
    if (quantifier_length (behind) > 0)
        return -1;
    reader->at += length;
    return byte;
}

/* What is no literal byte and no group: passed over with its quantifier. */
static void
skip_other (Reader *reader)
{
    if (*reader->at == '[')
        skip_class (reader);
    else if (*reader->at == '\\')
        skip_escape (reader);
    else
        reader->at += character_length (reader->at);
    skip_quantifier (reader);
}

/* The sets of one alternative, in the order of the text, into `all` (of Literals *). */
static void
read_sequence (Reader *reader, GPtrArray *all)
{
    while (*reader->at != '\0' && *reader->at != '|' && *reader->at != ')') {
        Literals *found = NULL;
        gsize length = 0;
        gint byte;

        while ((byte = read_byte (reader)) > 0) {
            reader->run[length++] = (char) byte;
            if (*reader->at == '+') {
                skip_quantifier (reader);
                break;
            }
        }
        if (length >= REGEX_LITERAL_MIN) {
            found = arena_new0 (reader->arena, Literals);
            found->items[found->n++] = arena_strndup (reader->arena, reader->run, length);
        } else if (length > 0) {
            continue; /* too short to tell anything */
        } else if (*reader->at == '(' && reader->depth < MAX_DEPTH) {
            found = read_group (reader);
        } else if (*reader->at != '\0' && *reader->at != '|' && *reader->at != ')') {
            skip_other (reader);
        }
        if (found != NULL && shortest (found) >= REGEX_LITERAL_MIN)
            g_ptr_array_add (all, found);
    }
}

static const Literals *
best_of (const GPtrArray *sets)
{
    const Literals *best = NULL;

    for (guint i = 0; i < sets->len; i++)
        best = best == NULL ? g_ptr_array_index (sets, i) : better (best, g_ptr_array_index (sets, i));
    return best;
}

/* One of the alternatives' sets must be hit: all of them together, and nothing when one of them tells nothing. */
static Literals *
read_alternatives (Reader *reader)
{
    Literals *all = arena_new0 (reader->arena, Literals);
    gboolean certain = TRUE;

    for (;;) {
        g_autoptr (GPtrArray) sets = g_ptr_array_new ();
        const Literals *one;

        read_sequence (reader, sets);
        one = best_of (sets);
        certain = certain && one != NULL && all->n + one->n <= REGEX_LITERALS_MAX;
        for (guint i = 0; certain && i < one->n; i++)
            all->items[all->n++] = one->items[i];
        if (*reader->at != '|')
            break;
        reader->at++;
    }
    if (!certain)
        all->n = 0;
    return all;
}

static gint
compare_sets (gconstpointer a, gconstpointer b)
{
    const Literals *one = *(const Literals *const *) a, *two = *(const Literals *const *) b;

    return one == two ? 0 : better (one, two) == one ? -1 : 1;
}

/* The most telling sets, in the order of the text. */
static void
keep_sets (Arena *arena, const GPtrArray *all, RegexAlternative *into)
{
    g_autoptr (GPtrArray) best = g_ptr_array_new ();

    for (guint i = 0; i < all->len; i++)
        g_ptr_array_add (best, g_ptr_array_index (all, i));
    g_ptr_array_sort (best, compare_sets);
    g_ptr_array_set_size (best, (gint) MIN (best->len, REGEX_SETS_MAX));
    for (guint i = 0; i < all->len; i++) {
        const Literals *set = g_ptr_array_index (all, i);
        const char **items;

        if (!g_ptr_array_find (best, set, NULL))
            continue;
        items = arena_new_array (arena, const char *, set->n);
        for (guint k = 0; k < set->n; k++)
            items[k] = arena_strdup (arena, set->items[k]);
        into->sets[into->n_sets++] = (RegexLiterals){.items = items, .n = set->n};
    }
}

/* "(?:a|b)" → "a|b": as good, and can be divided. */
static const char *
without_brackets (Arena *arena, const char *regex)
{
    gsize length = strlen (regex);
    Reader reader = {.arena = arena, .run = arena_alloc (arena, length + 1), .depth = 1};

    if (!g_str_has_prefix (regex, "(?:") || length < 5)
        return regex;
    reader.at = regex + 3;
    read_alternatives (&reader);
    return reader.at == regex + length - 1 && *reader.at == ')' ? arena_strndup (arena, regex + 3, length - 4) : regex;
}

const RegexAlternative *
regex_alternatives (Arena *arena, const char *regex, guint *n)
{
    g_autoptr (Arena) scratch = arena_new (); /* sets are large while they grow */
    const char *whole = arena_strdup (scratch, without_brackets (scratch, regex));
    Reader reader = {.arena = scratch, .at = whole, .run = arena_alloc (scratch, strlen (whole) + 1)};
    g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (RegexAlternative));
    RegexAlternative *kept;

    for (;;) {
        g_autoptr (GPtrArray) sets = g_ptr_array_new ();
        const char *start = reader.at;
        RegexAlternative one = {0};

        read_sequence (&reader, sets);
        one.text = arena_strndup (arena, start, (gsize) (reader.at - start));
        keep_sets (arena, sets, &one);
        g_array_append_val (found, one);
        if (*reader.at != '|')
            break;
        reader.at++;
    }
    /* a closing bracket too many, or something that we do not read: not for us to judge */
    if (*reader.at != '\0' || reader.lost || (found->len > 1 && reader.bound)) {
        RegexAlternative undivided = {.text = arena_strdup (arena, regex)};

        g_array_set_size (found, 0);
        g_array_append_val (found, undivided);
    }
    *n = found->len;
    kept = arena_new_array (arena, RegexAlternative, found->len);
    memcpy (kept, found->data, found->len * sizeof (RegexAlternative));
    return kept;
}
