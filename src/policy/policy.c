/* SPDX-License-Identifier: MIT */
#include "policy/policy_private.h"

#include <gio/gio.h>
#include <string.h>

G_DEFINE_QUARK (nixie-policy-error, policy_error)

#define GROUP_SETTINGS "policy"
#define GROUP_LINES "rules"

/* --- settings ------------------------------------------------------------------------------------------------- */

static gboolean
read_number (const char *value, guint minimum, guint maximum, const char *unit, guint *number)
{
    const char *end;
    guint found;
    if (!policy_number_parse (value, maximum, &found, &end) || found < minimum ||
        (*end != '\0' && !g_str_equal (end, unit)))
        return FALSE;
    *number = found;
    return TRUE;
}

static gboolean
read_switch (const char *value, gboolean *on)
{
    *on = g_str_equal (value, "yes");
    return *on || g_str_equal (value, "no");
}

static gboolean
read_flapping (Policy *policy, const char *value)
{
    guint runs, days;
    if (!policy_fraction_parse (value, &runs, &days) || days == 0 || runs < 2)
        return FALSE;
    policy->flapping_runs = runs;
    policy->flapping_days = days;
    return TRUE;
}

static gboolean
read_after (Policy *policy, const char *value)
{
    DecisionKind kind;
    if (!decision_parse (value, &kind) || (kind != DECISION_REMOVE && kind != DECISION_INACTIVE))
        return FALSE;
    policy->after = kind;
    return TRUE;
}

/* FALSE without *known: there is no such setting. */
static gboolean
set_setting (Policy *policy, const char *key, const char *value, gboolean *known)
{
    Schedule schedule;
    *known = TRUE;
    if (g_str_equal (key, "reset"))
        return read_number (value, 1, 3650, "d", &policy->reset);
    if (g_str_equal (key, "attempts"))
        return read_number (value, 3, 5, "", &policy->attempts); /* the pages: 3 to 5 */
    if (g_str_equal (key, "after"))
        return read_after (policy, value);
    if (g_str_equal (key, "flapping"))
        return read_flapping (policy, value);
    if (g_str_equal (key, "require-trust"))
        return read_switch (value, &policy->require_trust);
    if (g_str_equal (key, "count-blocks"))
        return read_switch (value, &policy->count_blocks);
    if (g_str_equal (key, "schedule")) {
        if (!policy_schedule_parse (value, &schedule, NULL))
            return FALSE;
        policy->schedule = schedule;
        return TRUE;
    }
    *known = FALSE;
    return FALSE;
}

/* --- lines ---------------------------------------------------------------------------------------------------- */

/* Among equally particular lines the key decides, so that the order of the file never does. */
static int
compare_lines (gconstpointer a, gconstpointer b)
{
    const PolicyLine *one = *(PolicyLine *const *) a, *two = *(PolicyLine *const *) b;
    if (one->weight != two->weight)
        return one->weight > two->weight ? -1 : 1;
    return strcmp (one->key, two->key);
}

/* A block says nothing about the address: to list somebody for one must be asked for in so many words. */
static gboolean
may_list (const Policy *policy, const PolicyLine *line, GError **error)
{
    gboolean block = line->type == TYPE_BLOCK || line->reason == REASON_RECIPIENT_RATE ||
                     (line->reason >= 0 && reason_type ((Reason) line->reason) == TYPE_BLOCK);
    if (policy->count_blocks || !block || (line->list == DECISION_KEEP && !line->pauses))
        return TRUE;
    g_set_error_literal (error, POLICY_ERROR, POLICY_ERROR_SYNTAX,
                         "a block is not the address's fault (only with 'count-blocks = yes')");
    return FALSE;
}

static gboolean
set_line (Policy *policy, const char *key, const char *value, GError **error)
{
    PolicyLine *line = policy_line_parse (key, value, error);
    if (line == NULL)
        return FALSE;
    if (!may_list (policy, line, error)) {
        policy_line_free (line);
        return FALSE;
    }
    for (guint i = 0; i < policy->lines->len; i++) {
        if (g_str_equal (((PolicyLine *) policy->lines->pdata[i])->key, key)) {
            g_ptr_array_remove_index (policy->lines, i);
            break;
        }
    }
    g_ptr_array_add (policy->lines, line);
    g_ptr_array_sort (policy->lines, compare_lines);
    return TRUE;
}

gboolean
policy_set (Policy *policy, const char *key, const char *value, GError **error)
{
    gboolean known;
    g_autofree char *trimmed = g_strstrip (g_strdup (value));
    if (set_setting (policy, key, trimmed, &known))
        return TRUE;
    if (!known)
        return set_line (policy, key, trimmed, error);
    g_set_error (error, POLICY_ERROR, POLICY_ERROR_SYNTAX, "'%s' is not understood", trimmed);
    return FALSE;
}

/* --- profiles ------------------------------------------------------------------------------------------------- */

static Policy *
policy_new (void)
{
    Policy *policy = g_new0 (Policy, 1);
    policy->references = 1;
    policy->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) policy_line_free);
    policy->schedule = (Schedule){{POLICY_DAY, 2 * POLICY_DAY, 3 * POLICY_DAY, 7 * POLICY_DAY}, 4};
    policy->reset = 30;
    policy->attempts = 5;
    policy->after = DECISION_REMOVE;
    policy->flapping_runs = 3;
    policy->flapping_days = 180;
    return policy;
}

static gboolean
load_group (Policy *policy, GKeyFile *file, const char *group, gboolean settings, GError **error)
{
    g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);
    for (char **key = keys; key != NULL && *key != NULL; key++) {
        g_autofree char *value = g_key_file_get_value (file, group, *key, NULL);
        g_autoptr (GError) failure = NULL;
        gboolean known = TRUE, fine;
        if (settings)
            fine = set_setting (policy, *key, g_strstrip (value), &known);
        else
            fine = set_line (policy, *key, value, &failure);
        if (fine)
            continue;
        g_set_error (error, POLICY_ERROR, POLICY_ERROR_SYNTAX, "[%s] %s: %s%s%s", group, *key,
                     failure != NULL ? failure->message : known ? "'" : "no such setting",
                     failure == NULL && known ? value : "", failure == NULL && known ? "' is not understood" : "");
        return FALSE;
    }
    return TRUE;
}

static gboolean
load (Policy *policy, const char *text, gsize length, GError **error)
{
    g_autoptr (GKeyFile) file = g_key_file_new ();
    if (!g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, error) ||
        !load_group (policy, file, GROUP_SETTINGS, TRUE, error) ||
        !load_group (policy, file, GROUP_LINES, FALSE, error))
        return FALSE;
    if (policy->lines->len > 0)
        return TRUE;
    g_set_error_literal (error, POLICY_ERROR, POLICY_ERROR_SYNTAX, "no line in [" GROUP_LINES "]");
    return FALSE;
}

Policy *
policy_parse (const char *name, const char *text, gsize length, GError **error)
{
    g_autoptr (Policy) policy = policy_new ();
    g_autoptr (GError) failure = NULL;
    if (load (policy, text, length, &failure))
        return g_steal_pointer (&policy);
    g_set_error (error, POLICY_ERROR, POLICY_ERROR_SYNTAX, "%s: %s", name, failure->message);
    return NULL;
}

Policy *
policy_new_builtin (const char *name, GError **error)
{
    g_autofree char *path = g_strdup_printf ("/nixie/policy/%s.conf", name);
    g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    if (bytes == NULL) {
        g_set_error (error, POLICY_ERROR, POLICY_ERROR_UNKNOWN, "there is no policy profile '%s'", name);
        return NULL;
    }
    gsize length;
    const char *text = g_bytes_get_data (bytes, &length);
    return policy_parse (name, text, length, error);
}

Policy *
policy_new_default (void)
{
    g_autoptr (GError) error = NULL;
    Policy *policy = policy_new_builtin ("default", &error);
    if (policy == NULL)
        g_error ("%s", error->message); /* built in and tested: a fault of the build */
    return policy;
}

Policy *
policy_ref (const Policy *policy)
{
    Policy *shared = (Policy *) policy;
    shared->references++;
    return shared;
}

void
policy_free (Policy *policy)
{
    if (policy == NULL || --policy->references > 0)
        return;
    g_ptr_array_unref (policy->lines);
    g_free (policy);
}

void
policy_require_trust (Policy *policy, gboolean required)
{
    policy->require_trust = required;
}

gboolean
policy_line (const Policy *policy, guint index, const char **key, const char **value)
{
    if (index >= policy->lines->len)
        return FALSE;
    const PolicyLine *line = policy->lines->pdata[index];
    *key = line->key;
    *value = line->value;
    return TRUE;
}

/* What no profile may do, whatever its lines say. */
static gboolean
may_fit (const Policy *policy, const PolicyLine *line, const BounceEvent *event)
{
    switch (event->type) {
    case TYPE_AUTOREPLY:
    case TYPE_DELAYED:
    case TYPE_DELIVERED:
        return !line->counts;
    case TYPE_BLOCK:
        return !line->counts || policy->count_blocks;
    default:
        return event->reason != REASON_RECIPIENT_RATE || policy->count_blocks ||
               (line->list == DECISION_KEEP && !line->pauses);
    }
}

const PolicyLine *
policy_find (const Policy *policy, const BounceEvent *event)
{
    for (guint i = 0; i < policy->lines->len; i++) {
        const PolicyLine *line = policy->lines->pdata[i];
        if (may_fit (policy, line, event) && policy_line_fits (line, event))
            return line;
    }
    return NULL;
}
