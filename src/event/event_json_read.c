/* SPDX-License-Identifier: MIT */
/* The reader of our own NDJSON: one flat object a line, values are strings, numbers, null, or an array of strings. */
#include "event/event_json.h"

#include "base/date.h"

#include <string.h>

typedef struct {
    const char *at, *end;
    Arena *arena;
} Reader;

static void
skip_space (Reader *reader)
{
    while (reader->at < reader->end && strchr (" \t\r\n", *reader->at) != NULL)
        reader->at++;
}

static gboolean
take (Reader *reader, char wanted)
{
    skip_space (reader);
    if (reader->at >= reader->end || *reader->at != wanted)
        return FALSE;
    reader->at++;
    return TRUE;
}

static gboolean
read_hex4 (Reader *reader, gunichar *out)
{
    *out = 0;
    if (reader->end - reader->at < 4)
        return FALSE;
    for (int i = 0; i < 4; i++) {
        int digit = g_ascii_xdigit_value (*reader->at++);

        if (digit < 0)
            return FALSE;
        *out = *out << 4 | (gunichar) digit;
    }
    return TRUE;
}

static gboolean
read_escape (Reader *reader, GString *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *found;
    gunichar c, low;

    if (reader->at >= reader->end || *reader->at == '\0')
        return FALSE;
    if (*reader->at != 'u') {
        found = strchr (from, *reader->at++);
        if (found != NULL)
            g_string_append_c (out, to[found - from]);
        return found != NULL;
    }
    reader->at++;
    if (!read_hex4 (reader, &c))
        return FALSE;
    if (c >= 0xd800 && c < 0xdc00) { /* a surrogate pair */
        if (reader->end - reader->at < 6 || reader->at[0] != '\\' || reader->at[1] != 'u')
            return FALSE;
        reader->at += 2;
        if (!read_hex4 (reader, &low) || low < 0xdc00 || low > 0xdfff)
            return FALSE;
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
    if (c == 0 || !g_unichar_validate (c))
        return FALSE;
    g_string_append_unichar (out, c);
    return TRUE;
}

/* NULL when it is no string of valid UTF-8. */
static const char *
read_string (Reader *reader)
{
    GString *out;
    const char *text = NULL;

    if (!take (reader, '"'))
        return NULL;
    out = g_string_new (NULL);
    while (reader->at < reader->end) {
        char c = *reader->at++;

        if (c == '"') {
            if (g_utf8_validate_len (out->str, out->len, NULL))
                text = arena_strndup (reader->arena, out->str, out->len);
            break;
        }
        if ((guchar) c < 0x20 || (c == '\\' && !read_escape (reader, out)))
            break;
        if (c != '\\')
            g_string_append_c (out, c);
    }
    g_string_free (out, TRUE);
    return text;
}

static gboolean
read_number (Reader *reader, guint64 *number)
{
    gboolean any = FALSE;

    skip_space (reader);
    for (*number = 0; reader->at < reader->end && g_ascii_isdigit (*reader->at); reader->at++) {
        guint64 digit = (guint64) (*reader->at - '0');

        if (*number > (G_MAXUINT64 - digit) / 10)
            return FALSE;
        *number = *number * 10 + digit;
        any = TRUE;
    }
    return any;
}

static gboolean
read_flags (Reader *reader, guint32 *flags)
{
    *flags = 0;
    if (!take (reader, '['))
        return FALSE;
    if (take (reader, ']'))
        return TRUE;
    do {
        const char *word = read_string (reader);
        guint bit;

        if (word == NULL)
            return FALSE;
        if (flag_parse (word, &bit)) /* a flag of a later version is passed over */
            *flags |= 1u << bit;
    } while (take (reader, ','));
    return take (reader, ']');
}

/* Strings, numbers, null, true, false, and arrays and objects of these, as a later version may add. */
static gboolean
skip_value (Reader *reader, guint depth)
{
    skip_space (reader);
    if (reader->at >= reader->end || depth > 8)
        return FALSE;
    if (*reader->at == '"')
        return read_string (reader) != NULL;
    if (*reader->at == '[' || *reader->at == '{') {
        char close = *reader->at == '[' ? ']' : '}';

        reader->at++;
        if (take (reader, close))
            return TRUE;
        do {
            if (close == '}' && (read_string (reader) == NULL || !take (reader, ':')))
                return FALSE;
            if (!skip_value (reader, depth + 1))
                return FALSE;
        } while (take (reader, ','));
        return take (reader, close);
    }
    while (reader->at < reader->end && strchr (",]} \t\r\n", *reader->at) == NULL)
        reader->at++;
    return TRUE;
}

/* FALSE when the word of a closed list is not known. */
static gboolean
set_word (BounceEvent *event, const char *key, const char *word, gboolean *was_word)
{
    *was_word = TRUE;
    if (strcmp (key, "type") == 0)
        return event_type_parse (word, &event->type);
    if (strcmp (key, "fault") == 0)
        return fault_parse (word, &event->fault);
    if (strcmp (key, "reason") == 0)
        return reason_parse (word, &event->reason);
    if (strcmp (key, "status_from") == 0)
        return status_from_parse (word, &event->status_from);
    if (strcmp (key, "trust") == 0)
        return trust_parse (word, &event->trust);
    if (strcmp (key, "event_id") == 0)
        return digest_parse (word, &event->event_id);
    if (strcmp (key, "date") == 0)
        return (event->date = date_parse_rfc3339 (word)) != DATE_NONE;
    *was_word = FALSE;
    return TRUE;
}

static void
set_string (BounceEvent *event, const char *key, const char *text)
{
#define X(name) \
    if (strcmp (key, #name) == 0) { \
        event->name = text; \
        return; \
    }
    EVENT_STRINGS (X)
#undef X
}

static gboolean
read_member (Reader *reader, const char *key, BounceEvent *event, guint64 *version, GError **error)
{
    gboolean ok, was_word = FALSE;
    const char *text;

    skip_space (reader);
    if (strcmp (key, "v") == 0)
        ok = read_number (reader, version);
    else if (strcmp (key, "offset") == 0)
        ok = read_number (reader, &event->offset);
    else if (strcmp (key, "flags") == 0)
        ok = read_flags (reader, &event->flags);
    else if (reader->at < reader->end && *reader->at == '"') {
        ok = (text = read_string (reader)) != NULL;
        if (ok && !set_word (event, key, text, &was_word)) {
            g_set_error (error, EVENT_JSON_ERROR, EVENT_JSON_ERROR_VALUE, "“%s” is no value of %s", text, key);
            return FALSE;
        }
        if (ok && !was_word)
            set_string (event, key, text);
    } else {
        ok = skip_value (reader, 0);
    }
    if (!ok)
        g_set_error (error, EVENT_JSON_ERROR, EVENT_JSON_ERROR_SYNTAX, "the value of “%s” cannot be read", key);
    return ok;
}

gboolean
event_json_read (const char *line, gsize length, Arena *arena, BounceEvent *event, GError **error)
{
    Reader reader = {line, line + length, arena};
    guint64 version = 0;

    event_init (event);
    if (!take (&reader, '{'))
        goto broken;
    if (!take (&reader, '}')) {
        do {
            const char *key = read_string (&reader);

            if (key == NULL || !take (&reader, ':'))
                goto broken;
            if (!read_member (&reader, key, event, &version, error))
                return FALSE;
        } while (take (&reader, ','));
        if (!take (&reader, '}'))
            goto broken;
    }
    skip_space (&reader);
    if (reader.at != reader.end)
        goto broken;
    if (version != EVENT_SCHEMA_VERSION) {
        g_set_error (error, EVENT_JSON_ERROR, EVENT_JSON_ERROR_VERSION,
                     "event schema version %" G_GUINT64_FORMAT " is not %d", version, EVENT_SCHEMA_VERSION);
        return FALSE;
    }
    return TRUE;

broken:
    g_set_error (error, EVENT_JSON_ERROR, EVENT_JSON_ERROR_SYNTAX, "no JSON object at byte %td", reader.at - line);
    return FALSE;
}
