/* SPDX-License-Identifier: MIT */
#include "app/identity_config.h"

#include "app/app_error.h"
#include "base/file_text.h"
#include "base/text.h"
#include "event/address.h"

static void
add_domains (const Config *config, const char *key, Identity *identity, void (*add) (Identity *, const char *))
{
    g_auto (GStrv) words = config_list (config, "identity", key);
    for (char **word = words; word && *word; word++)
        if (*g_strstrip (*word))
            add (identity, **word == '@' ? *word + 1 : *word);
}

static gboolean
add_verp (const Config *config, Identity *identity, GError **error)
{
    g_auto (GStrv) words = config_list (config, "identity", "verp");
    for (char **word = words; word && *word; word++) {
        const char *problem = *g_strstrip (*word) ? identity_add_verp (identity, *word) : NULL;
        if (!problem)
            continue;
        g_set_error (error, APP_ERROR, APP_ERROR_CONFIG, "[identity] verp: '%s': %s", *word, problem);
        return FALSE;
    }
    return TRUE;
}

static gboolean
add_recipients (const Config *config, Identity *identity, GError **error)
{
    const char *file = config_text (config, "identity", "recipients");
    g_autofree char *text = NULL;
    g_autoptr (GError) failure = NULL;
    gsize length;
    if (!file)
        return TRUE;
    if (!file_text_read (file, &text, &length, &failure)) {
        g_set_error (error, APP_ERROR, APP_ERROR_CONFIG, "[identity] recipients: %s", failure->message);
        return FALSE;
    }
    g_autoptr (Arena) arena = arena_new ();
    Span rest = span (text, length), line;
    identity_has_recipients (identity);
    while (text_next_line (&rest, &line)) {
        line = span_trim (line);
        char *address = line.length > 0 && *line.at != '#' ? address_clean (arena, line) : NULL;
        if (address)
            identity_add_recipient (identity, address);
        arena_clear (arena);
    }
    return TRUE;
}

gboolean
identity_from_config (const Config *config, Identity **identity, GError **error)
{
    g_autoptr (Identity) made = identity_new ();
    *identity = NULL;
    add_domains (config, "sender_domains", made, identity_add_sender_domain);
    add_domains (config, "message_id_domains", made, identity_add_message_id_domain);
    if (!add_verp (config, made, error) || !add_recipients (config, made, error))
        return FALSE;
    if (!identity_is_empty (made))
        *identity = g_steal_pointer (&made);
    return TRUE;
}
