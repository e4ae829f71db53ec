/* SPDX-License-Identifier: MIT */
#include "extract/formats.h"

#include "base/fold.h"
#include "base/matcher.h"
#include "base/utf8.h"

#include <string.h>

G_DEFINE_QUARK (nixie-formats-error-quark, formats_error)

struct Formats {
    GPtrArray *list; /* of Format, the first to be tried first */
    Words *words;
    Matcher *anchors;    /* a piece of each `body` condition: where it is missing, so is the condition's line */
    guint n_anchored;    /* conditions with one */
    GPtrArray *fields;   /* of char*, borrowed: the header fields that conditions ask for, each once */
};

/* Where the reader of a file stands. */
typedef struct {
    const char *name;
    guint line, layer;
    GPtrArray *formats;
    Format *format; /* the stanza that is being read */
    GPtrArray *words; /* of char *: kind and word by turns, from [words] sections */
    gboolean inside_words;
} Reading;

static void
clause_clear (gpointer data)
{
    FormatClause *clause = data;

    g_free (clause->header);
    pattern_free (clause->pattern);
}

static FormatConjunction *
conjunction_new (void)
{
    FormatConjunction *conjunction = g_new0 (FormatConjunction, 1);

    conjunction->clauses = g_array_new (FALSE, TRUE, sizeof (FormatClause));
    g_array_set_clear_func (conjunction->clauses, clause_clear);
    return conjunction;
}

static void
conjunction_free (FormatConjunction *conjunction)
{
    g_array_unref (conjunction->clauses);
    g_free (conjunction);
}

static void
section_clear (gpointer data)
{
    FormatSection *section = data;

    pattern_free (section->after);
    pattern_free (section->until);
}

static void
format_free (Format *format)
{
    g_free (format->name);
    g_free (format->file);
    g_free (format->agent);
    g_ptr_array_unref (format->when);
    g_ptr_array_unref (format->delayed);
    g_ptr_array_unref (format->start);
    g_ptr_array_unref (format->stop);
    g_ptr_array_unref (format->recipient);
    g_ptr_array_unref (format->also);
    g_ptr_array_unref (format->ignore);
    g_ptr_array_unref (format->from_headers);
    g_array_unref (format->shared);
    g_free (format);
}

static GPtrArray *
patterns_new (void)
{
    return g_ptr_array_new_with_free_func ((GDestroyNotify) pattern_free);
}

static Format *
format_new (const char *name, const Reading *reading)
{
    Format *format = g_new0 (Format, 1);

    format->name = g_strdelimit (g_strdup (name), "\t", ' ');
    format->file = g_strdup (reading->name);
    format->line = reading->line;
    format->layer = reading->layer;
    format->agent = g_strdup ("");
    format->when = g_ptr_array_new_with_free_func ((GDestroyNotify) conjunction_free);
    format->delayed = g_ptr_array_new_with_free_func ((GDestroyNotify) conjunction_free);
    format->start = patterns_new ();
    format->stop = patterns_new ();
    format->recipient = patterns_new ();
    format->also = patterns_new ();
    format->ignore = patterns_new ();
    format->from_headers = g_ptr_array_new_with_free_func (g_free);
    format->shared = g_array_new (FALSE, TRUE, sizeof (FormatSection));
    g_array_set_clear_func (format->shared, section_clear);
    return format;
}

static void
refuse (const Reading *reading, GError **error, const char *reason, const char *about)
{
    g_set_error (error, FORMATS_ERROR, FORMATS_ERROR_SYNTAX, "%s:%u: %s: “%s”", reading->name, reading->line,
                 reason, about);
}

static Pattern *
read_pattern (const Reading *reading, const char *text, GError **error)
{
    const char *reason;
    Pattern *pattern = pattern_new (text, &reason);

    if (pattern == NULL)
        refuse (reading, error, reason, text);
    return pattern;
}

/* "header Subject * failed", "body Hi. *", "type multipart/report", each with "not " before it. */
static gboolean
read_clause (const Reading *reading, const char *text, GArray *clauses, GError **error)
{
    FormatClause clause = {0};
    const char *rest = text, *blank;

    if (g_str_has_prefix (rest, "not ")) {
        clause.negated = TRUE;
        rest += strlen ("not ");
    }
    blank = strchr (rest, ' ');
    if (g_str_has_prefix (rest, "header ") && (blank = strchr (rest + strlen ("header "), ' ')) != NULL) {
        clause.kind = CLAUSE_HEADER;
        clause.header = g_strndup (rest + strlen ("header "), (gsize) (blank - rest) - strlen ("header "));
    } else if (g_str_has_prefix (rest, "body ")) {
        clause.kind = CLAUSE_BODY;
    } else if (g_str_has_prefix (rest, "type ")) {
        clause.kind = CLAUSE_TYPE;
    } else {
        refuse (reading, error, "a condition is “header NAME pattern”, “body pattern” or “type pattern”", text);
        /* cppcheck-suppress memleak; there is no header here */
        return FALSE;
    }
    if (clause.kind != CLAUSE_HEADER || strcmp (blank + 1, "*") != 0)
        clause.pattern = read_pattern (reading, blank + 1, error);
    /* cppcheck-suppress memleak; the array keeps it, and frees it with clause_clear() */
    if (clause.pattern == NULL && (clause.kind != CLAUSE_HEADER || strcmp (blank + 1, "*") != 0)) {
        g_free (clause.header);
        return FALSE;
    }
    g_array_append_val (clauses, clause);
    return TRUE;
}

static gboolean
read_clauses (const Reading *reading, const char *value, GPtrArray *into, GError **error)
{
    g_auto (GStrv) pieces = g_strsplit (value, " & ", -1);
    FormatConjunction *conjunction = conjunction_new ();

    g_ptr_array_add (into, conjunction);
    for (guint i = 0; pieces[i] != NULL; i++)
        if (!read_clause (reading, g_strstrip (pieces[i]), conjunction->clauses, error))
            return FALSE;
    return TRUE;
}

/* "paragraph", "same next", … */
static gboolean
read_text_words (const Reading *reading, const char *value, GError **error)
{
    static const struct {
        const char *word;
        FormatText bit;
    } words[] = {{"none", TEXT_NONE},           {"same", TEXT_SAME},
                 {"paragraph", TEXT_PARAGRAPH}, {"indented", TEXT_INDENTED},
                 {"rest", TEXT_REST},           {"next", TEXT_NEXT},
                 {"list", TEXT_LIST},           {"transcript", TEXT_TRANSCRIPT}};
    g_auto (GStrv) pieces = g_strsplit_set (value, " ,", -1);

    for (guint i = 0; pieces[i] != NULL; i++) {
        gboolean known = *pieces[i] == '\0';

        for (gsize k = 0; k < G_N_ELEMENTS (words) && !known; k++)
            if (strcmp (pieces[i], words[k].word) == 0) {
                reading->format->text |= words[k].bit;
                known = TRUE;
            }
        if (!known) {
            refuse (reading, error, "text is none, same, paragraph, indented, rest, next, list or transcript",
                    pieces[i]);
            return FALSE;
        }
    }
    return TRUE;
}

/* "shared: PATTERN" or "shared: PATTERN .. PATTERN" */
static gboolean
read_shared (const Reading *reading, const char *value, GError **error)
{
    g_auto (GStrv) ends = g_strsplit (value, " .. ", 2);
    FormatSection section = {read_pattern (reading, ends[0], error), NULL};

    if (section.after == NULL)
        return FALSE;
    if (ends[1] != NULL && (section.until = read_pattern (reading, ends[1], error)) == NULL) {
        pattern_free (section.after);
        return FALSE;
    }
    g_array_append_val (reading->format->shared, section);
    return TRUE;
}

static gboolean
read_entry (const Reading *reading, const char *key, const char *value, GError **error)
{
    Format *format = reading->format;
    const struct {
        const char *key;
        GPtrArray *patterns;
    } lists[] = {{"start", format->start},         {"stop", format->stop},     {"recipient", format->recipient},
                 {"also", format->also}, {"ignore", format->ignore}};

    for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
        if (strcmp (key, lists[i].key) == 0) {
            Pattern *pattern = read_pattern (reading, value, error);

            if (pattern != NULL)
                g_ptr_array_add (lists[i].patterns, pattern);
            return pattern != NULL;
        }
    if (strcmp (key, "when") == 0)
        return read_clauses (reading, value, format->when, error);
    if (strcmp (key, "delayed") == 0)
        return read_clauses (reading, value, format->delayed, error);
    if (strcmp (key, "text") == 0)
        return read_text_words (reading, value, error);
    if (strcmp (key, "shared") == 0)
        return read_shared (reading, value, error);
    if (strcmp (key, "recipient-header") == 0) {
        g_ptr_array_add (format->from_headers, g_strdup (value));
        return TRUE;
    }
    if (strcmp (key, "recipient-returned") == 0 && strcmp (value, "yes") == 0)
        return format->from_returned = TRUE;
    if (strcmp (key, "agent") == 0) {
        g_free (format->agent);
        format->agent = g_strdelimit (g_strdup (value), "\t", ' '); /* events have no tabs */
        return TRUE;
    }
    refuse (reading, error, "there is no such entry", key);
    return FALSE;
}

/* What a stanza must have to find anybody. */
static gboolean
check_stanza (const Reading *reading, GError **error)
{
    const Format *format = reading->format;

    if (format == NULL)
        return TRUE;
    if (format->when->len == 0)
        refuse (reading, error, "the stanza has no “when”", format->name);
    else if (format->recipient->len == 0 && format->from_headers->len == 0 && !format->from_returned)
        refuse (reading, error, "the stanza does not say how a recipient looks", format->name);
    else
        return TRUE;
    return FALSE;
}

/* "[name]": a stanza, or the words. */
static gboolean
read_section (Reading *reading, const char *name, GError **error)
{
    if (!check_stanza (reading, error))
        return FALSE;
    reading->inside_words = strcmp (name, "words") == 0;
    reading->format = reading->inside_words ? NULL : format_new (name, reading);
    if (reading->format != NULL)
        g_ptr_array_add (reading->formats, reading->format);
    return TRUE;
}

static gboolean
read_line (Reading *reading, char *line, GError **error)
{
    gsize length = strlen (line);
    char *colon, *value;

    if (*line == '\0' || *line == '#')
        return TRUE;
    if (*line == '[' && line[length - 1] == ']' && length > 2) {
        line[length - 1] = '\0';
        return read_section (reading, line + 1, error);
    }
    colon = strchr (line, ':');
    if ((reading->format == NULL && !reading->inside_words) || colon == NULL) {
        refuse (reading, error, colon != NULL ? "an entry before the first [stanza]" : "no “entry: value”", line);
        return FALSE;
    }
    *colon = '\0';
    value = g_strstrip (colon + 1);
    if (*value == '\0') {
        refuse (reading, error, "the entry is empty", line);
        return FALSE;
    }
    if (!reading->inside_words)
        return read_entry (reading, g_strstrip (line), value, error);
    if (!words_knows (g_strstrip (line))) {
        refuse (reading, error, "there is no such kind of words", line);
        return FALSE;
    }
    g_ptr_array_add (reading->words, line);
    g_ptr_array_add (reading->words, value);
    return TRUE;
}

Formats *
formats_new (void)
{
    Formats *formats = g_new0 (Formats, 1);

    formats->list = g_ptr_array_new_with_free_func ((GDestroyNotify) format_free);
    formats->words = words_new ();
    formats->fields = g_ptr_array_new ();
    return formats;
}

void
formats_free (Formats *formats)
{
    if (formats == NULL)
        return;
    g_ptr_array_unref (formats->list);
    words_free (formats->words);
    matcher_free (formats->anchors);
    g_ptr_array_unref (formats->fields);
    g_free (formats);
}

/* In an old stanza's place, or before the first one of a lower layer. */
static void
put (Formats *formats, Format *format)
{
    guint place = formats->list->len;

    for (guint i = 0; i < formats->list->len; i++) {
        Format *old = g_ptr_array_index (formats->list, i);

        if (strcmp (old->name, format->name) == 0) {
            format_free (old);
            g_ptr_array_index (formats->list, i) = format;
            return;
        }
        if (old->layer < format->layer && place > i)
            place = i;
    }
    g_ptr_array_insert (formats->list, (gint) place, format);
}

/* The names of a stanza go into events, which have neither. */
static gboolean
is_text (Span line)
{
    for (gsize at = 0; at < line.length;) {
        guint length = utf8_length (line.at + at, line.length - at);
        gunichar character = length > 0 ? utf8_decode (line.at + at, length) : 0;

        if (utf8_is_control (character) && character != '\t')
            return FALSE;
        at += length;
    }
    return TRUE;
}

gboolean
formats_add (Formats *formats, const char *name, const char *text, gsize length, guint layer, GError **error)
{
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GPtrArray) added = g_ptr_array_new_with_free_func ((GDestroyNotify) format_free);
    g_autoptr (GPtrArray) words = g_ptr_array_new ();
    Reading reading = {.name = name, .layer = layer, .formats = added, .words = words};
    Span rest = span (text, length), line;

    while (text_next_line (&rest, &line)) {
        reading.line++;
        if (!is_text (line)) {
            refuse (&reading, error, "the line is not valid UTF-8, or has control characters", "");
            return FALSE;
        }
        if (!read_line (&reading, span_dup (arena, span_trim (line)), error))
            return FALSE;
    }
    if (!check_stanza (&reading, error))
        return FALSE;
    g_ptr_array_set_free_func (added, NULL);
    for (guint i = 0; i < added->len; i++)
        put (formats, g_ptr_array_index (added, i));
    for (guint i = 0; i + 1 < words->len; i += 2)
        words_add (formats->words, g_ptr_array_index (words, i), g_ptr_array_index (words, i + 1));
    return TRUE;
}

static guint
field_number (Formats *formats, const char *name)
{
    for (guint i = 0; i < formats->fields->len; i++)
        if (text_equal (g_ptr_array_index (formats->fields, i), name))
            return i;
    g_ptr_array_add (formats->fields, (gpointer) name);
    return formats->fields->len - 1;
}

static void
number_fields (Formats *formats, GPtrArray *conjunctions)
{
    for (guint i = 0; i < conjunctions->len; i++) {
        FormatConjunction *conjunction = g_ptr_array_index (conjunctions, i);

        for (guint k = 0; k < conjunction->clauses->len; k++) {
            FormatClause *clause = &g_array_index (conjunction->clauses, FormatClause, k);

            if (clause->kind != CLAUSE_HEADER)
                continue;
            clause->field = field_number (formats, clause->header);
            conjunction->fields |= clause->negated ? 0 : formats_field_bit (clause->field);
        }
    }
}

/* The conditions of a stanza that look at the body get numbers, and their longest pieces
 * of text go into one matcher. */
static void
anchor (Formats *formats, GPtrArray *conjunctions, Arena *arena)
{
    for (guint i = 0; i < conjunctions->len; i++) {
        GArray *clauses = ((FormatConjunction *) g_ptr_array_index (conjunctions, i))->clauses;

        for (guint k = 0; k < clauses->len; k++) {
            FormatClause *clause = &g_array_index (clauses, FormatClause, k);
            const char *literal = clause->kind == CLAUSE_BODY ? pattern_longest_literal (clause->pattern) : "";
            gsize length;
            const char *folded = fold_pattern (arena, span_of (literal), &length);

            clause->anchor = 0;
            if (length == 0)
                continue;
            clause->anchor = ++formats->n_anchored;
            matcher_add (formats->anchors, folded, length, clause->anchor);
        }
    }
}

void
formats_compile (Formats *formats)
{
    g_autoptr (Arena) arena = arena_new ();

    words_compile (formats->words);
    formats->anchors = matcher_new ();
    for (guint i = 0; i < formats->list->len; i++) {
        Format *format = g_ptr_array_index (formats->list, i);

        anchor (formats, format->when, arena);
        anchor (formats, format->delayed, arena);
        number_fields (formats, format->when);
        number_fields (formats, format->delayed);
    }
    matcher_compile (formats->anchors);
}

static void
note_anchor (guint id, gsize end, gpointer user)
{
    (void) end;
    ((gboolean *) user)[id] = TRUE;
}

const gboolean *
formats_anchors_in (const Formats *formats, Arena *arena, const char *text)
{
    gboolean *found = arena_new_array (arena, gboolean, formats->n_anchored + 1);
    gsize length;
    const char *folded = fold_text (arena, span_of (text), &length);

    g_assert (formats->anchors != NULL);
    found[0] = TRUE; /* conditions that have none */
    matcher_scan (formats->anchors, folded, length, note_anchor, found);
    return found;
}

guint
formats_n_fields (const Formats *formats)
{
    return formats->fields->len;
}

const char *
formats_field (const Formats *formats, guint number)
{
    return g_ptr_array_index (formats->fields, number);
}

void
formats_drop_stanzas (Formats *formats)
{
    g_ptr_array_set_size (formats->fields, 0);
    g_ptr_array_set_size (formats->list, 0);
}

const Words *
formats_words (const Formats *formats)
{
    return formats->words;
}

guint
formats_count (const Formats *formats)
{
    return formats->list->len;
}

const Format *
formats_get (const Formats *formats, guint index)
{
    return g_ptr_array_index (formats->list, index);
}
