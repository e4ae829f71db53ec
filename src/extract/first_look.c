/* SPDX-License-Identifier: MIT */
#include "extract/first_look.h"

#include "base/ascii.h"
#include "base/byte_search.h"
#include "base/text.h"
#include "extract/words.h"

#include <string.h>

#define LONGEST_HEAD (64 * 1024) /* of a header block; a longer one is read in full */
#define LONGEST_NAME 64          /* of a field; mail with a longer one is read in full */

typedef enum {
    FIELD_PATH = 1 << 0,
    FIELD_FROM = 1 << 1,
    FIELD_SUBJECT = 1 << 2,
    FIELD_TYPE = 1 << 3,
    FIELD_TELLS = 1 << 4,      /* that it is there is enough */
    FIELD_SUBMITTED = 1 << 5,
    FIELD_PRECEDENCE = 1 << 6,
    FIELD_MARK = 1 << 7,       /* of automatic answers */
    FIELD_DELIVERED = 1 << 8,
    FIELD_LIST = 1 << 9,
    FIELD_ENCODING = 1 << 10,
} FieldKind;

static const struct {
    const char *name;
    FieldKind kind;
} known_fields[] = {
    {"return-path", FIELD_PATH},
    {"from", FIELD_FROM},
    {"subject", FIELD_SUBJECT},
    {"content-type", FIELD_TYPE},
    {"content-transfer-encoding", FIELD_ENCODING},
    {"x-failed-recipients", FIELD_TELLS},
    {"x-apple-unsubscribe", FIELD_TELLS},
    {"x-hmxmroriginalrecipient", FIELD_TELLS},
    {"x-list-administrivia", FIELD_TELLS},
    {"auto-submitted", FIELD_SUBMITTED},
    {"precedence", FIELD_PRECEDENCE},
    {"delivered-to", FIELD_DELIVERED},
    {"list-id", FIELD_LIST},
    {"list-post", FIELD_LIST},
    {"list-unsubscribe", FIELD_LIST},
    /* of autoreply.c */
    {"x-autoreply", FIELD_MARK},
    {"x-auto-reply", FIELD_MARK},
    {"x-autorespond", FIELD_MARK},
    {"x-autoresponder", FIELD_MARK},
    {"x-auto-respond", FIELD_MARK},
    {"x-mail-autoreply", FIELD_MARK},
    {"x-autoreply-from", FIELD_MARK},
    {"x-vacation", FIELD_MARK},
    {"x-autoreply-for", FIELD_MARK},
    {"x-away", FIELD_MARK},
    {"x-auto-response-suppress", FIELD_MARK},
    {"x-loop", FIELD_MARK},
    {"x-ms-exchange-inbox-rules-loop", FIELD_MARK},
    {"x-ms-exchange-generated-message-source", FIELD_MARK},
    {"x-precedence", FIELD_MARK},
    {"x-facebook-notify", FIELD_MARK},
    {"x-generated-by", FIELD_MARK},
    {"x-post-messageclass", FIELD_MARK},
};

/* A condition of a stanza on a field. */
typedef struct {
    const FormatClause *clause;
    guint conjunction;   /* which it belongs to */
} StanzaClause;

/* What a field name means. */
typedef struct {
    guint kind;          /* FieldKind bits */
    GArray *clauses;     /* indices into FirstLook.clauses; NULL = none */
} FieldUse;

struct FirstLook {
    const Words *words;
    GHashTable *fields;  /* lower-case name → FieldUse */
    GArray *clauses;     /* of StanzaClause */
    GArray *wanted;      /* of guint: how many conditions each conjunction has */
    Arena *arena;        /* of one message */
};

/* What was seen of one header block. */
typedef struct {
    FirstLook *look;
    gboolean tells;      /* it must be read */
    gboolean automatic;  /* marks of an automatic answer */
    gboolean list;       /* … which are no answer in mail of a list */
    gboolean multipart;
    Span encoding;
    guint8 *held;        /* which of look->clauses */
    guint *fitting;      /* how many of each conjunction */
} Looking;

static void
field_use_free (gpointer pointer)
{
    FieldUse *use = pointer;

    if (use->clauses != NULL)
        g_array_unref (use->clauses);
    g_free (use);
}

static FieldUse *
use_of (FirstLook *look, const char *name)
{
    char *lower = g_ascii_strdown (name, -1);
    FieldUse *use = g_hash_table_lookup (look->fields, lower);

    if (use == NULL) {
        use = g_new0 (FieldUse, 1);
        g_hash_table_insert (look->fields, lower, use);
    } else {
        g_free (lower);
    }
    return use;
}

static gboolean
is_asked (const FormatClause *clause)
{
    return clause->kind == CLAUSE_HEADER && !clause->negated;
}

/* The conditions under which a stanza holds for mail that nothing else speaks for (format_reader.c): those with a field
 * that is not the subject. Of them the fields alone are looked at. */
static void
add_conjunction (FirstLook *look, const GArray *clauses)
{
    gboolean named = FALSE;
    guint wanted = 0;

    for (guint n = 0; n < clauses->len; n++) {
        const FormatClause *clause = &g_array_index (clauses, FormatClause, n);

        named |= is_asked (clause) && !text_equal (clause->header, "Subject");
    }
    for (guint n = 0; named && n < clauses->len; n++) {
        StanzaClause stanza = {&g_array_index (clauses, FormatClause, n), look->wanted->len};
        FieldUse *use;

        if (!is_asked (stanza.clause))
            continue;
        use = use_of (look, stanza.clause->header);
        if (use->clauses == NULL)
            use->clauses = g_array_new (FALSE, FALSE, sizeof (guint));
        g_array_append_val (use->clauses, look->clauses->len);
        g_array_append_val (look->clauses, stanza);
        wanted++;
    }
    if (wanted > 0)
        g_array_append_val (look->wanted, wanted);
}

FirstLook *
first_look_new (const Formats *formats)
{
    FirstLook *look = g_new0 (FirstLook, 1);

    look->words = formats == NULL ? NULL : formats_words (formats);
    look->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, field_use_free);
    look->clauses = g_array_new (FALSE, FALSE, sizeof (StanzaClause));
    look->wanted = g_array_new (FALSE, FALSE, sizeof (guint));
    look->arena = arena_new ();
    for (gsize i = 0; i < G_N_ELEMENTS (known_fields); i++)
        use_of (look, known_fields[i].name)->kind |= known_fields[i].kind;
    for (guint i = 0; formats != NULL && i < formats_count (formats); i++) {
        const Format *format = formats_get (formats, i);

        for (guint k = 0; k < format->when->len; k++)
            add_conjunction (look, ((const FormatConjunction *) g_ptr_array_index (format->when, k))->clauses);
    }
    return look;
}

void
first_look_free (FirstLook *look)
{
    if (look == NULL)
        return;
    g_hash_table_unref (look->fields);
    g_array_unref (look->clauses);
    g_array_unref (look->wanted);
    arena_free (look->arena);
    g_free (look);
}

/* --- values --------------------------------------------------------------------------------------------------------*/

static gboolean
holds (Span value, const char *word)
{
    return byte_search_word (value.at, value.length, word, strlen (word)) != NULL;
}

/* What cannot be judged without decoding. */
static gboolean
is_encoded (Span value)
{
    for (gsize i = 0; i < value.length; i++)
        if ((guchar) value.at[i] >= 0x80 || value.at[i] == '\0')
            return TRUE;
    return holds (value, "=?");
}

/* Any of the names of common_is_daemon(), anywhere. */
static gboolean
may_be_daemon (Span value)
{
    static const char *const words[] = {"daemon", "deamon", "postmaster", "mailer", "double-bounce",
                                        "bounce-notification", "microsoftexchange"};

    for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        if (holds (value, words[i]))
            return TRUE;
    return FALSE;
}

static gboolean
path_tells (Span value)
{
    return value.length == 0 || is_encoded (value) || holds (value, "<>") ||
           memchr (value.at, '@', value.length) == NULL || may_be_daemon (value);
}

static gboolean
from_tells (const Looking *looking, Span value)
{
    return is_encoded (value) || may_be_daemon (value) || holds (value, "<>") ||
           (words_in (looking->look->words, looking->look->arena, value) & (WORD_DAEMON | WORD_MANAGER));
}

static gboolean
subject_tells (const Looking *looking, Span value)
{
    return is_encoded (value) ||
           (words_in (looking->look->words, looking->look->arena, value) & (WORD_SUBJECT | WORD_MANAGER));
}

static gboolean
type_tells (Span value)
{
    return is_encoded (value) || holds (value, "report") || holds (value, "message/") ||
           holds (value, "delivery-status") || holds (value, "utf-16") || holds (value, "utf-7") ||
           holds (value, "utf7");
}

static gboolean
is_refused (Span value)
{
    return value.length == 0 || span_equal (value, "no") || span_equal (value, "false") || span_equal (value, "none");
}

static void
look_at_clauses (Looking *looking, const GArray *indices, Span value)
{
    gboolean encoded = is_encoded (value);
    Span folded = pattern_fold (looking->look->arena, value);

    for (guint i = 0; i < indices->len && !looking->tells; i++) {
        guint index = g_array_index (indices, guint, i);
        const StanzaClause *stanza = &g_array_index (looking->look->clauses, StanzaClause, index);
        const Pattern *pattern = stanza->clause->pattern;

        if (looking->held[index] || (pattern != NULL && !encoded && !pattern_match (pattern, folded, NULL)))
            continue;
        looking->held[index] = TRUE;
        looking->tells |= ++looking->fitting[stanza->conjunction] ==
                          g_array_index (looking->look->wanted, guint, stanza->conjunction);
    }
}

static void
look_at_field (Looking *looking, const FieldUse *use, Span value)
{
    guint kind = use->kind;

    if (kind & FIELD_PATH)
        looking->tells |= path_tells (value);
    if (kind & FIELD_FROM)
        looking->tells |= from_tells (looking, value);
    if (kind & FIELD_SUBJECT)
        looking->tells |= subject_tells (looking, value);
    if (kind & FIELD_TYPE) {
        looking->tells |= type_tells (value);
        looking->multipart |= holds (value, "multipart");
    }
    if (kind & FIELD_TELLS)
        looking->tells = TRUE;
    if (kind & FIELD_SUBMITTED)
        looking->automatic |= !span_has_prefix (value, "no");
    if (kind & FIELD_PRECEDENCE)
        looking->automatic |= span_has_prefix (value, "auto") || span_equal (value, "junk") ||
                              span_equal (value, "bulk") || is_encoded (value);
    if (kind & FIELD_MARK)
        looking->automatic |= !is_refused (value);
    if (kind & FIELD_DELIVERED)
        looking->automatic |= holds (value, "autoresponder") || is_encoded (value);
    if (kind & FIELD_LIST)
        looking->list |= value.length > 0 && !is_encoded (value);
    if (kind & FIELD_ENCODING)
        looking->encoding = value;
    if (use->clauses != NULL)
        look_at_clauses (looking, use->clauses, value);
}

/* --- the header block ----------------------------------------------------------------------------------------------*/

/* Lower-case name of the field that starts here, and where its value does; FALSE: this is no plain field (it may be
 * what is left of the one before it, src/mail/headers.c). */
static gboolean
field_name (Span line, char name[LONGEST_NAME], Span *value)
{
    const char *colon = memchr (line.at, ':', line.length);
    gsize length = colon != NULL ? (gsize) (colon - line.at) : 0;

    while (length > 0 && (line.at[length - 1] == ' ' || line.at[length - 1] == '\t'))
        length--;
    if (length == 0 || length >= LONGEST_NAME)
        return FALSE;
    for (gsize i = 0; i < length; i++) {
        if (!ascii_is_field_name (line.at[i]))
            return FALSE;
        name[i] = ascii_lower (line.at[i]);
    }
    name[length] = '\0';
    *value = span (colon + 1, (gsize) (line.at + line.length - colon - 1));
    return TRUE;
}

/* A value that goes on in `more` lines, as one line. */
static Span
unfolded (Looking *looking, Span first, Span more)
{
    GString *joined;
    Span line;

    if (more.length == 0)
        return span_trim (first);
    joined = g_string_new_len (first.at, (gssize) first.length);
    while (text_next_line (&more, &line)) {
        line = span_trim (line);
        g_string_append_c (joined, ' ');
        g_string_append_len (joined, line.at, (gssize) line.length);
    }
    first = span (arena_strndup (looking->look->arena, joined->str, joined->len), joined->len);
    g_string_free (joined, TRUE);
    return span_trim (first);
}

/* FALSE: this is not a header block as it should be. *rest is put behind it. */
static gboolean
look_at_head (Looking *looking, Span *rest)
{
    const char *start = rest->at;
    Span line;

    while (text_next_line (rest, &line)) {
        char name[LONGEST_NAME];
        Span value, more = {rest->at, 0};
        const FieldUse *use;

        if (line.length == 0)
            return line.at > start;
        if (rest->at - start > LONGEST_HEAD || !field_name (line, name, &value))
            return FALSE;
        while (rest->length > 0 && (*rest->at == ' ' || *rest->at == '\t')) {
            (void) text_next_line (rest, &line);
            more.length = (gsize) (rest->at - more.at);
        }
        use = g_hash_table_lookup (looking->look->fields, name);
        if (use != NULL)
            look_at_field (looking, use, unfolded (looking, value, more));
        if (looking->tells)
            return TRUE;
    }
    return TRUE;
}

/* --- the body ------------------------------------------------------------------------------------------------------*/

/* Base64 whose first characters stand for '{' or white space before it. So do those of some attachments: what follows
 * is decoded then. What plainly is no base64 is read as it stands (mail/transfer.h). */
static gboolean
is_json_in_base64 (Span body)
{
    guchar start[192 + 3];
    gsize length, at = 0;
    gint state = 0;
    guint save = 0;

    if (strchr ("eICD", *body.at) == NULL)
        return *body.at == '{';
    length = g_base64_decode_step (body.at, MIN (body.length, 256), start, &state, &save);
    while (at < length && start[at] <= ' ')
        at++;
    return at == length || start[at] == '{' || start[at] >= 0x80;
}

/* Text that starts so, in that encoding, may be a JSON object when it is decoded. */
static gboolean
may_be_json (Span encoding, Span body)
{
    body = span_trim (span (body.at, MIN (body.length, 4096)));
    if (body.length == 0)
        return FALSE;
    if (holds (encoding, "base64"))
        return is_json_in_base64 (body);
    return *body.at == '{' || (*body.at == '=' && holds (encoding, "quoted"));
}

/* `line` is a line of the body that starts with "--": the head of a part may follow. */
static gboolean
part_tells (Span line)
{
    Span head, next, rest = line;

    if (!text_next_line (&rest, &next))
        return FALSE;
    head = span (rest.at, 0);
    while (head.length < LONGEST_HEAD && text_next_line (&rest, &next) && next.length > 0)
        head.length = (gsize) (rest.at - head.at);
    return holds (head, "utf-16") || holds (head, "utf-7") || holds (head, "utf7") ||
           may_be_json (holds (head, "base64")   ? span_of ("base64")
                        : holds (head, "quoted") ? span_of ("quoted")
                                                 : span_of (""),
                        rest);
}

static gboolean
has_around (Span body, const char *at, const char *before, const char *behind)
{
    gsize length_before = strlen (before), length_behind = strlen (behind);

    return (gsize) (at - body.at) >= length_before && (gsize) (body.at + body.length - at) > length_behind &&
           ascii_equal (at - length_before, before, length_before) &&
           ascii_equal (at + 1, behind, length_behind);
}

/* A line that ends in the hyphen at `at`, and a `From ` line below it: another message, glued to this one, may begin
 * there (mail/appended.h). It has not been looked at. */
static gboolean
may_append (const char *at, const char *end)
{
    if (end - at < 7 || at[1] != '\n')
        return FALSE;
    for (at += 2; at < end && *at == '>'; at++)
        ;
    return end - at >= 5 && memcmp (at, "From ", 5) == 0;
}

/* What counts in anybody's mail: a report, and the mark of Hotmail's complaints, which may stand in any part.
 * All have a hyphen, which base64 does not. */
static gboolean
body_tells (Span body, gboolean multipart)
{
    const char *at = body.at, *end = body.at + body.length;

    while ((at = memchr (at, '-', (gsize) (end - at))) != NULL) {
        if (has_around (body, at, "feedback", "report") || has_around (body, at, "delivery", "status") ||
            has_around (body, at, "X", "HmXmrOriginalRecipient") || may_append (at, end))
            return TRUE;
        if (multipart && end - at > 2 && at[1] == '-' && (at == body.at || at[-1] == '\n')) {
            if (part_tells (span (at, (gsize) (end - at))))
                return TRUE;
            at++;
        }
        at++;
    }
    return FALSE;
}

gboolean
first_look_may_tell (FirstLook *look, const char *message, gsize length)
{
    Looking looking = {.look = look};
    Span rest = span (message, length);

    arena_clear (look->arena);
    looking.held = arena_new_array (look->arena, guint8, look->clauses->len + 1);
    looking.fitting = arena_new_array (look->arena, guint, look->wanted->len + 1);
    return !look_at_head (&looking, &rest) || looking.tells || (looking.automatic && !looking.list) ||
            may_be_json (looking.encoding, rest) || body_tells (rest, looking.multipart);
}
