/* SPDX-License-Identifier: MIT */
/* The fields of a report and what is read out of text beside them: limits hold, values end where they say, CRLF and LF
 * give the same groups, and what is found in a text stands in it. */
#include "fuzz.h"

#include "base/limits.h"
#include "event/address.h"
#include "extract/dsn_fields.h"
#include "extract/recipient_text.h"
#include "extract/smtp_command.h"
#include "extract/status.h"
#include <string.h>

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
    g_autoptr (GString) crlf = g_string_new (NULL);
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

static void
check_text (Arena *arena, const char *text, gsize size)
{
    const char *status = status_find (arena, span (text, size));
    const char *reply = reply_find (arena, span (text, size));
    g_assert (!*status || (status_is_valid (status) && text_find_length (text, size, status)));
    g_assert (!*reply || (strlen (reply) == 3 && (*reply == '4' || *reply == '5')));

    char *body = text_valid_utf8 (arena, text, (gssize) size);
    const char *listed[8];
    guint n = recipient_text_list (arena, body, listed, G_N_ELEMENTS (listed));
    g_assert (n <= G_N_ELEMENTS (listed));
    for (guint i = 0; i < n; i++) {
        g_assert (address_is_valid (listed[i]));
        g_assert (strlen (recipient_text_find (arena, body, listed[i], n == 1)) <= LIMIT_DIAGNOSTIC);
    }
    smtp_command_find (body);
    BounceEvent event;
    event_init (&event);
    event.format = "rfc3464";
    event.status_field = event.diagnostic = text_one_line (arena, text, (gssize) size, LIMIT_DIAGNOSTIC);
    status_settle (arena, &event);
    g_assert (!*event.status || status_is_valid (event.status));
    g_assert ((*event.status == '\0') == (event.status_from == STATUS_FROM_NOTHING));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    g_autoptr (Arena) arena = arena_new ();
    const char *text = size ? (const char *) data : "";
    check_fields (arena, text, size);
    check_text (arena, text, size);
    return 0;
}
