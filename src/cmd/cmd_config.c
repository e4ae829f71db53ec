/* SPDX-License-Identifier: MIT */
#include "app/output.h"
#include "base/text.h"
#include "cmd/cmd.h"

static gboolean
run_config (App *app, ExitStatus *status, GError **error)
{
    g_autoptr (Output) output = output_open (app->options->output, error);
    g_autoptr (Arena) arena = arena_new ();
    g_autofree char *state = app_state_path (app);
    const char *group = "";
    ConfigEntry entry;
    (void) status;
    if (!output)
        return FALSE;
    Writer *writer = output_writer (output);
    writer_printf (writer, "# state in use: %s\n", text_printable (arena, state, FALSE));
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
    return output_close (output, error);
}

static const char *const config_options[] = { "state", "output", NULL };

const Verb cmd_config = {
    .name = "config",
    .arguments = "",
    .summary = "the configuration in use, and where each value comes from",
    .text = "Shows every key of the configuration with its value and the file and line it comes\n"
            "from; keys that are not set are commented out. Read in this order, later wins:\n"
            "  " NIXIE_SYSCONFDIR "/nixie.conf\n"
            "  $XDG_CONFIG_HOME/nixie/nixie.conf\n"
            "  $NIXIE_CONFIG, or the file of -c",
    .examples = "nixie config\nnixie config -c nixie.conf",
    .options = config_options,
    .words = CMD_MANY,
    .most = 0,
    .run = run_config,
};
