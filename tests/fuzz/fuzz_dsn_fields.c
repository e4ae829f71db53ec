/* SPDX-License-Identifier: MIT */
/* The fields of a report: limits hold, values end where they say, CRLF and LF give the same groups. */
#include "fuzz.h"

#include "base/limits.h"
#include "extract/dsn_fields.h"

static void
check_group (const DsnGroup *group)
{
    for (guint i = 0; i < group->n_fields; i++) {
        const DsnField *field = &group->fields[i];
        g_assert (*field->name && field->value[field->length] == '\0' && field->length <= LIMIT_FIELD);
        for (const char *at = field->name; *at; at++)
            g_assert (!g_ascii_isupper (*at) && (g_ascii_isalnum (*at) || *at == '-' || *at == '_'));
        g_assert (dsn_group_get (group, field->name).at);
    }
}

static gboolean
same_group (const DsnGroup *a, const DsnGroup *b)
{
    if (a->n_fields != b->n_fields || a->contradicted != b->contradicted)
        return FALSE;
    for (guint i = 0; i < a->n_fields; i++)
        if (strcmp (a->fields[i].name, b->fields[i].name) || a->fields[i].length != b->fields[i].length ||
            memcmp (a->fields[i].value, b->fields[i].value, a->fields[i].length))
            return FALSE;
    return TRUE;
}

static void
check_fields (Arena *arena, const char *text, gsize size)
{
    DsnFields *fields = dsn_fields_parse (arena, text, size);
    g_assert (fields->n_recipients <= LIMIT_DSN_RECIPIENTS);
    check_group (&fields->message);
    for (guint i = 0; i < fields->n_recipients; i++)
        check_group (&fields->recipients[i]);
    Span found = dsn_fields_locate (text, size);
    g_assert (!found.length || (found.at >= text && found.at + found.length <= text + size));
    if (memchr (text, '\r', size) || size > 4096)
        return;
    static GString *crlf;
    if (!crlf)
        crlf = g_string_new (NULL);
    g_string_truncate (crlf, 0);
    for (gsize i = 0; i < size; i++) {
        if (text[i] == '\n')
            g_string_append_c (crlf, '\r');
        g_string_append_c (crlf, text[i]);
    }
    DsnFields *other = dsn_fields_parse (arena, crlf->str, crlf->len);
    g_assert (other->n_recipients == fields->n_recipients && same_group (&other->message, &fields->message));
    for (guint i = 0; i < fields->n_recipients; i++)
        g_assert (same_group (&other->recipients[i], &fields->recipients[i]));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    check_fields (fuzz_arena (), size ? (const char *) data : "", size);
    return 0;
}
