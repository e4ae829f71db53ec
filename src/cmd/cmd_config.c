/* SPDX-License-Identifier: MIT */
#include "app/jobs.h"
#include "app/output.h"
#include "app/state.h"
#include "base/text.h"
#include "base/i18n.h"
#include "cmd/cmd.h"

/* The whole policy, as it comes out of the profile and the lines that replace some of it. */
static void
put_policy (App *app, const Policy *policy, Writer *writer, Arena *arena)
{
    const char *key, *value, *origin;
    for (guint i = 0; config_policy_line (app->config, i, &key, &value, &origin); i++)
        writer_printf (writer, "# [policy] from %s\n#%s = %s\n", text_printable (arena, origin, FALSE),
                       text_printable (arena, key, FALSE), text_printable (arena, value, FALSE));
    writer_puts (writer, "\n# the policy in force, the most particular line first\n");
    for (guint i = 0; policy_line (policy, i, &key, &value); i++)
        writer_printf (writer, "#%s = %s\n", key, value);
}

static void
put_sections (const App *app, Writer *writer, Arena *arena)
{
    static const char *const words[N_SECTIONS] = { "source", "output" };
    const ConfigSection *section;
    const char *key, *value, *meaning;
    for (guint kind = 0; kind < N_SECTIONS; kind++)
        for (guint i = 0; (section = config_section (app->config, (SectionKind) kind, i)); i++) {
            writer_printf (writer, "\n# from %s\n[%s %s]\n",
                           text_printable (arena, config_section_origin (section), FALSE), words[kind],
                           text_printable (arena, config_section_name (section), FALSE));
            for (guint j = 0; config_section_entry (section, j, &key, &value, &meaning); j++)
                writer_printf (writer, "# %s\n%s%s =%s%s\n", meaning, value ? "" : "#", key, value ? " " : "",
                               value ? text_printable (arena, value, FALSE) : "");
        }
}

static gboolean
run_config (App *app, ExitStatus *status, GError **error)
{
    g_autoptr (Output) output = output_open (app->options->output, error);
    g_autoptr (Arena) arena = arena_new ();
    g_autofree char *state = app_state_path (app);
    const char *group = "";
    ConfigEntry entry;
    (void) status;
    const Policy *policy = output ? app_policy (app, error) : NULL;
    if (!policy)
        return FALSE;
    Writer *writer = output_writer (output);
    writer_printf (writer, "# state in use: %s\n", text_printable (arena, state, FALSE));
    writer_printf (writer, "# ledgers on a PostgreSQL server: %s\n",
                   store_has_servers () ? "yes" : "no, built without libpq");
    g_autofree char *jobs = jobs_describe (app);
    writer_printf (writer, "# %s\n", jobs);
    for (guint i = 0; config_entry (app->config, i, &entry); i++) {
        if (!g_str_equal (group, entry.group))
            writer_printf (writer, "\n[%s]\n", entry.group);
        group = entry.group;
        writer_printf (writer, "# %s\n", entry.meaning);
        if (entry.value)
            writer_printf (writer, "# from %s\n%s = %s\n", text_printable (arena, entry.origin, FALSE), entry.key,
                           text_printable (arena, entry.value, FALSE));
        else
            writer_printf (writer, "#%s =\n", entry.key);
    }
    put_sections (app, writer, arena);
    put_policy (app, policy, writer, arena);
    return output_close (output, error);
}

static const char *const config_options[] = { "state", "profile", "output", NULL };

const Verb cmd_config = {
    .name = "config",
    .arguments = "",
    .summary = N_("the configuration in use, and where each value comes from"),
    .text = N_("Shows every key of the configuration with its value and the file and line it comes from; keys that are "
               "not set are commented out. Read in this order, later wins:"),
    .verbatim = NIXIE_SYSCONFDIR "/nixie.conf\n"
                 "$XDG_CONFIG_HOME/nixie/nixie.conf\n"
                 "-c FILE | $NIXIE_CONFIG",
    .examples = "nixie config\nnixie config -c nixie.conf",
    .options = config_options,
    .words = CMD_MANY,
    .most = 0,
    .run = run_config,
};
