/* SPDX-License-Identifier: MIT */
#include "app/output.h"
#include "classify/rules_test.h"
#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/cmd_option.h"

/* Columns as in the files themselves, and where the rule stands. */
static void
list_rules (const Tables *tables, Writer *writer)
{
    writer_puts (writer, "id\tscope\tstatus\treply\tmatch\ttext\treason\ttype\tfile\n");
    for (guint i = 0; i < tables_n_rules (tables); i++) {
        const Rule *rule = tables_rule (tables, i);
        writer_printf (writer, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s:%u\n", rule->id, rule->scope, rule->status,
                       rule->reply, rule->match, rule->text, reason_word (rule->reason),
                       event_type_word (rule->type), rule->file, rule->line);
    }
}

static void
tell_finding (const RulesTestFinding *finding, gpointer user)
{
    App *app = user;
    const Rule *rule = finding->rule;
    log_error (app->log, "%s:%u: rule %s %s%s%s", rule->file, rule->line, rule->id, finding->problem,
               finding->reached ? " " : "", finding->reached ? finding->reached->id : "");
}

static gboolean
run_rules (App *app, ExitStatus *status, GError **error)
{
    const char *word = app->options->arguments[0];
    gboolean list = g_str_equal (word, "list");
    (void) status;
    if (!list && !g_str_equal (word, "test")) {
        g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "rules wants 'list' or 'test', not '%s'", word);
        return FALSE;
    }
    const Tables *tables = app_tables (app, error);
    g_autoptr (Output) output = tables ? output_open (app->options->output, error) : NULL;
    if (!output)
        return FALSE;
    if (list) {
        list_rules (tables, output_writer (output));
        return output_close (output, error);
    }
    guint findings = rules_test (tables, tell_finding, app);
    if (findings > 0) {
        g_set_error (error, APP_ERROR, APP_ERROR_DATA, "%u of %u rules failed their test", findings,
                     tables_n_rules (tables));
        return FALSE;
    }
    log_note (app->log,
              P_("%u rule, reached by its witness", "%u rules, each reached by its witness",
                 tables_n_rules (tables)),
              tables_n_rules (tables));
    return TRUE;
}

static const char *const rules_options[] = { "rules", "output", NULL };

const Verb cmd_rules = {
    .name = "rules",
    .arguments = "list|test",
    .summary = N_("the rules that tell one refusal from another; test them"),
    .text = N_("list: all rules in the order in which they are tried, with the file each comes from.\n"
               "test: proves that the witness line of every rule reaches that rule and no other one takes it "
               "first; exit status 65 when one does not."),
    .examples = "nixie rules list | grep gmail\n"
                "nixie rules test --rules=my-rules.tsv",
    .options = rules_options,
    .words = CMD_MANY,
    .least = 1,
    .most = 1,
    .run = run_rules,
};
