/* SPDX-License-Identifier: MIT */
#include "extract/dsn_fields.h"

#include "base/ascii.h"
#include "base/limits.h"
#include <string.h>

/* What a field says something about. */
typedef enum { KIND_OTHER, KIND_MESSAGE, KIND_RECIPIENT } FieldKind;

static const char *const message_fields[] = {
    "original-envelope-id", "reporting-mta", "dsn-gateway", "received-from-mta", "arrival-date", "x-postfix-sender",
    "x-postfix-queue-id", "x-envelope-id", "x-outbound-mail-relay-sender", "x-outbound-mail-relay-queue-id",
    "x-originating-mta", "reporting-ua",
};
static const char *const recipient_fields[] = {
    "original-recipient", "final-recipient", "action", "status", "remote-mta", "diagnostic-code", "last-attempt-date",
    "final-log-id", "will-retry-until", "x-actual-recipient", "x-display-name", "localized-diagnostic",
};

typedef struct {
    DsnField field;
    FieldKind kind;
    guint chunk; /* fields between two blank lines share a number */
} Entry;

typedef struct {
    Arena *arena;
    GArray *entries; /* of Entry, as they stand in the text */
    gboolean capped;
} Reading;

static FieldKind
kind_of (const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS (recipient_fields); i++)
        if (!strcmp (name, recipient_fields[i]))
            return KIND_RECIPIENT;
    for (guint i = 0; i < G_N_ELEMENTS (message_fields); i++)
        if (!strcmp (name, message_fields[i]))
            return KIND_MESSAGE;
    return KIND_OTHER;
}

/* "Name: value", "Name : value". The length of the name, 0 when the line is no field. */
static gsize
field_name_length (Span line)
{
    if (!line.length || !g_ascii_isalpha (line.at[0]))
        return 0;
    gsize length = 1;
    while (length < line.length && length < 64 &&
           (g_ascii_isalnum (line.at[length]) || line.at[length] == '-' || line.at[length] == '_'))
        length++;
    gsize colon = length;
    while (colon < line.length && (line.at[colon] == ' ' || line.at[colon] == '\t'))
        colon++;
    return colon < line.length && line.at[colon] == ':' ? length : 0;
}

static char *
field_name (Arena *arena, Span line, gsize length)
{
    return text_lower (arena, span_dup (arena, span (line.at, length)));
}

static Span
field_value (Span line)
{
    const char *colon = memchr (line.at, ':', line.length);
    gsize skip = (gsize) (colon - line.at) + 1;
    return span_trim (span (line.at + skip, line.length - skip));
}

static gboolean
is_continuation_of_reply (const Entry *entry, Span line)
{
    /* "Diagnostic-Code: smtp; 550-Please turn on …" with its next line not folded: "550 authentication" */
    return !strcmp (entry->field.name, "diagnostic-code") && line.length > 3 &&
           g_ascii_isdigit (line.at[0]) && g_ascii_isdigit (line.at[1]) &&
           g_ascii_isdigit (line.at[2]) && (line.at[3] == '-' || line.at[3] == ' ');
}

static void
append_value (Entry *entry, Span more, GByteArray *value)
{
    more = span_trim (more);
    if (!more.length || value->len >= LIMIT_FIELD)
        return;
    if (value->len)
        g_byte_array_append (value, (const guint8 *) " ", 1);
    gsize room = LIMIT_FIELD - MIN (LIMIT_FIELD, value->len);
    g_byte_array_append (value, (const guint8 *) more.at,
                         (guint) text_cut (more.at, more.length, room));
    entry->field.value = NULL; /* set by end_field() */
}

static void
end_field (Reading *reading, GByteArray *value)
{
    if (!reading->entries->len)
        return;
    Entry *last = &g_array_index (reading->entries, Entry, reading->entries->len - 1);
    if (last->field.value) /* NOLINT(clang-analyzer-core.NullDereference): there is an entry */
        return;
    last->field.value = arena_strndup (reading->arena, (const char *) value->data, value->len);
    last->field.length = value->len;
}

static gsize
indent_of (Span line)
{
    gsize n = 0;
    while (n < line.length && (line.at[n] == ' ' || line.at[n] == '\t'))
        n++;
    return n;
}

static gboolean
is_indented (Span line)
{
    return indent_of (line) > 0;
}

/* Somebody moved the whole text to the right: the white space before the first line that is not empty. */
static gsize
margin_of (Span rest)
{
    Span line;
    while (text_next_line (&rest, &line))
        if (span_trim (line).length)
            return indent_of (line);
    return 0;
}

/* Text → entries. */
static void
read_entries (Reading *reading, Span rest)
{
    g_autoptr (GByteArray) value = g_byte_array_new ();
    gboolean open = FALSE; /* the last field may go on */
    guint chunk = 0;
    gboolean blank = TRUE;
    gsize margin = margin_of (rest);
    Span line;
    while (text_next_line (&rest, &line)) {
        Span text = span_trim (line);
        if (!text.length) {
            end_field (reading, value);
            open = FALSE;
            blank = TRUE;
            continue;
        }
        Entry *last =
            open ? &g_array_index (reading->entries, Entry, reading->entries->len - 1) : NULL;
        if (last && (indent_of (line) > margin || is_continuation_of_reply (last, line))) {
            append_value (last, line, value);
            continue;
        }
        gsize length = field_name_length (text);
        if (!length)
            continue; /* junk */
        end_field (reading, value);
        if (reading->entries->len >= LIMIT_DSN_FIELDS) {
            reading->capped = TRUE;
            break;
        }
        chunk += blank;
        blank = FALSE;
        char *name = field_name (reading->arena, text, length);
        Entry entry = {{.name = name}, kind_of (name), chunk};
        g_byte_array_set_size (value, 0);
        append_value (&entry, field_value (text), value);
        g_array_append_val (reading->entries, entry);
        open = TRUE;
    }
    end_field (reading, value);
}

/* --- entries → groups ----------------------------------------------------------------------------------------------- */

/* A group in the making. */
typedef struct {
    GArray *fields; /* of DsnField */
    gboolean names_recipient,
        says_what; /* has Final-/Original-Recipient; has Action, Status or Diagnostic-Code */
    gboolean contradicted;
} Draft;

static gboolean
names_recipient (const char *name)
{
    return !strcmp (name, "final-recipient") || !strcmp (name, "original-recipient");
}

static gboolean
says_what (const char *name)
{
    return !strcmp (name, "action") || !strcmp (name, "status") ||
           !strcmp (name, "diagnostic-code");
}

static const DsnField *
draft_find (const Draft *draft, const char *name)
{
    for (guint i = 0; i < draft->fields->len; i++) {
        const DsnField *field = &g_array_index (draft->fields, DsnField, i);
        if (!strcmp (field->name, name))
            return field;
    }
    return NULL;
}

static void
draft_add (Draft *draft, const DsnField *field)
{
    /* What nobody knows may stand there any number of times, and is not looked for. */
    const DsnField *old =
        kind_of (field->name) != KIND_OTHER ? draft_find (draft, field->name) : NULL;
    if (old) {
        if (old->length != field->length || memcmp (old->value, field->value, old->length) != 0)
            draft->contradicted = TRUE;
        return;
    }
    g_array_append_val (draft->fields, *field);
    draft->names_recipient |= names_recipient (field->name);
    draft->says_what |= says_what (field->name);
}

static void
draft_clear (gpointer data)
{
    g_array_unref (((Draft *) data)->fields);
}

static Draft *
draft_new (GArray *drafts)
{
    Draft draft = {g_array_new (FALSE, FALSE, sizeof (DsnField)), FALSE, FALSE, FALSE};
    g_array_append_val (drafts, draft);
    return &g_array_index (drafts, Draft, drafts->len - 1);
}

/* Whether a field of a recipient opens a group of its own behind `draft`.
 * `first` = the field stands first in its chunk, `leader` = the name that the chunk's fields began with. */
static gboolean
opens_group (const Draft *draft, const Entry *entry, gboolean first, const char *leader)
{
    const char *name = entry->field.name;
    if (first) {
        /* After a blank line: a new group, unless it goes on with what the last one lacks. (A second name behind what
         * was said is group_entries()'s business.) */
        if (names_recipient (name))
            return draft->names_recipient && draft_find (draft, name);
        return draft->names_recipient && draft->says_what && draft_find (draft, name);
    }
    /* No blank line before: a group begins where the name that began the last one comes again. */
    return draft->names_recipient && draft->says_what && leader && !strcmp (leader, name) &&
           draft_find (draft, name);
}

/* From `from` to the end of its chunk there is a field that passes `test`. */
static gboolean
chunk_has (const GArray *entries, guint from, gboolean (*test) (const char *name))
{
    guint chunk = g_array_index (entries, Entry, from).chunk;
    for (guint i = from; i < entries->len && g_array_index (entries, Entry, i).chunk == chunk; i++)
        if (test (g_array_index (entries, Entry, i).field.name))
            return TRUE;
    return FALSE;
}

static void
group_entries (Reading *reading, Draft *message, GArray *drafts)
{
    Draft *current = NULL;
    const char *leader = NULL;
    guint chunk = 0; /* that of no entry */
    gboolean first = FALSE, chunk_names = FALSE, chunk_says = FALSE;
    for (guint i = 0; i < reading->entries->len; i++) {
        const Entry *entry = &g_array_index (reading->entries, Entry, i);
        if (entry->chunk != chunk) {
            chunk = entry->chunk;
            first = TRUE;
            chunk_names = chunk_has (reading->entries, i, names_recipient);
            chunk_says = chunk_has (reading->entries, i, says_what);
        }
        if (entry->kind == KIND_MESSAGE ||
            (entry->kind == KIND_OTHER && (!current || !chunk_names))) {
            draft_add (message, &entry->field);
            continue;
        }
        gboolean opens = !current;
        if (current && entry->kind == KIND_RECIPIENT) {
            opens = opens_group (current, entry, first, leader);
            /* A second name with nothing said about it is a slip, not a second recipient. */
            if (opens && !first && !chunk_has (reading->entries, i, says_what))
                opens = FALSE;
            /* A chunk that names its recipient is a group, whichever field it begins with; what stood before it
             * without a name belongs to it only if the chunk itself says nothing. */
            if (first && chunk_names && current->says_what &&
                (current->names_recipient || chunk_says))
                opens = TRUE;
        }
        if (opens && drafts->len >= LIMIT_DSN_RECIPIENTS) {
            reading->capped = TRUE;
            return;
        }
        if (opens) {
            current = draft_new (drafts);
            leader = entry->field.name;
        }
        if (entry->kind == KIND_RECIPIENT)
            first = FALSE;
        draft_add (current, &entry->field);
    }
}

static DsnGroup
draft_end (Arena *arena, const Draft *draft)
{
    DsnGroup group = {NULL, draft->fields->len, draft->contradicted};
    group.fields = arena_new_array (arena, DsnField, MAX (group.n_fields, 1));
    if (group.n_fields)
        memcpy (group.fields, draft->fields->data, sizeof (DsnField) * group.n_fields);
    return group;
}

DsnFields *
dsn_fields_parse (Arena *arena, const char *text, gsize length)
{
    g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));
    g_autoptr (GArray) drafts = g_array_new (FALSE, FALSE, sizeof (Draft));
    g_array_set_clear_func (drafts, draft_clear);
    Draft message = {g_array_new (FALSE, FALSE, sizeof (DsnField)), FALSE, FALSE, FALSE};
    Reading reading = {arena, entries, FALSE};

    read_entries (&reading, span (text, length));
    group_entries (&reading, &message, drafts);

    DsnFields *fields = arena_new0 (arena, DsnFields);
    fields->message = draft_end (arena, &message);
    fields->recipients = arena_new_array (arena, DsnGroup, MAX (drafts->len, 1));
    for (guint i = 0; i < drafts->len; i++)
        fields->recipients[fields->n_recipients++] =
            draft_end (arena, &g_array_index (drafts, Draft, i));
    fields->capped = reading.capped;
    g_array_unref (message.fields);
    return fields;
}

Span
dsn_group_get (const DsnGroup *group, const char *name)
{
    for (guint i = 0; i < group->n_fields; i++)
        if (text_equal (group->fields[i].name, name))
            return span (group->fields[i].value, group->fields[i].length);
    return span (NULL, 0);
}

/* The kind of field that a line is, KIND_OTHER for one that is no field; its name goes to `name`. */
static FieldKind
line_kind (Span line, char name[65])
{
    gsize length = field_name_length (line);
    for (gsize i = 0; i < length; i++)
        name[i] = ascii_lower (line.at[i]);
    name[length] = '\0';
    return length ? kind_of (name) : KIND_OTHER;
}

Span
dsn_fields_locate (const char *text, gsize length)
{
    Span rest = span (text, length), line;
    const char *start = NULL;
    guint known = 0;
    gboolean named = FALSE;
    char name[65];
    while (text_next_line (&rest, &line)) {
        Span trimmed = span_trim (line);
        FieldKind kind = line_kind (trimmed, name);
        if (kind != KIND_OTHER) {
            if (!start)
                start = line.at;
            known++;
            named |= names_recipient (name);
        } else if (trimmed.length && !*name && !is_indented (line)) {
            /* running text or a boundary: the fields end here, if there were enough of them */
            if (named && known >= 2)
                return span (start, (gsize) (line.at - start));
            start = NULL;
            known = 0;
            named = FALSE;
        }
    }
    return named && known >= 2 ? span (start, (gsize) (text + length - start)) : span (NULL, 0);
}
