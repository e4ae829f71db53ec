/* SPDX-License-Identifier: MIT */
#include "cmd/cmd_help_formats.h"

#include <string.h>

#include "cmd/cmd_option.h"

#define MDOC_WIDTH 72

/* --- mdoc --------------------------------------------------------------------------------------------------------- */

/* A word as roff reads it as itself. */
static void
append_mdoc_word (GString *out, const char *word)
{
    for (; *word; word++) {
        if (*word == '\\')
            g_string_append (out, "\\e");
        else if (*word == '-')
            g_string_append (out, "\\-");
        else if (*word == '"')
            g_string_append (out, "\\(dq");
        else
            g_string_append_c (out, *word);
    }
}

/* Running text: short lines, a new one for each sentence, none that looks like a macro. */
static void
append_mdoc_text (GString *out, const char *text)
{
    g_auto (GStrv) words = g_strsplit_set (text, " \n", -1);
    gsize column = 0;
    for (char **word = words; *word; word++) {
        gsize length = strlen (*word);
        if (length == 0)
            continue;
        if (column > 0 && column + 1 + length > MDOC_WIDTH) {
            g_string_append_c (out, '\n');
            column = 0;
        } else if (column > 0) {
            g_string_append_c (out, ' ');
            column++;
        }
        if (column == 0 && strchr (".'", **word))
            g_string_append (out, "\\&");
        append_mdoc_word (out, *word);
        column += length;
        if (strchr (".!?", (*word)[length - 1])) {
            g_string_append_c (out, '\n');
            column = 0;
        }
    }
    if (column > 0)
        g_string_append_c (out, '\n');
}

static void
append_mdoc_paragraphs (GString *out, const char *text)
{
    g_auto (GStrv) paragraphs = g_strsplit (text, "\n", -1);
    for (char **paragraph = paragraphs; *paragraph; paragraph++) {
        if (paragraph > paragraphs)
            g_string_append (out, ".Pp\n");
        append_mdoc_text (out, *paragraph);
    }
}

/* What stands between the text and the options. */
static void
append_mdoc_lists (GString *out, const Verb *verb)
{
    const char *name, *text;
    if (verb->verbatim) {
        g_auto (GStrv) lines = g_strsplit (verb->verbatim, "\n", -1);
        g_string_append (out, ".Bd -literal -offset indent\n");
        for (char **line = lines; *line; line++) {
            append_mdoc_word (out, *line);
            g_string_append_c (out, '\n');
        }
        g_string_append (out, ".Ed\n");
    }
    if (!verb->format)
        return;
    g_string_append (out, ".Pp\nFormats:\n.Bl -tag -width Ds -compact\n");
    for (guint i = 0; (name = verb->format (i, &text)); i++) {
        g_string_append (out, ".It ");
        append_mdoc_word (out, name);
        g_string_append_c (out, '\n');
        append_mdoc_text (out, text);
    }
    g_string_append (out, ".El\n");
}

static void
append_mdoc_option (GString *out, const CmdOption *option)
{
    g_string_append (out, ".It ");
    if (option->letter)
        g_string_append_printf (out, "Fl %c , ", option->letter);
    g_string_append (out, "Fl Fl ");
    append_mdoc_word (out, option->name);
    if (option->argument)
        g_string_append_printf (out, " Ns = Ns Ar %s", option->argument);
    g_string_append_c (out, '\n');
    append_mdoc_text (out, option->text);
}

/* "ADDRESS [PATH…]": a macro a word. */
static void
append_mdoc_arguments (GString *out, const char *arguments)
{
    g_auto (GStrv) words = g_strsplit (arguments, " ", -1);
    for (char **word = words; *word; word++) {
        g_auto (GStrv) parts = g_strsplit (*word, "…", -1);
        g_autofree char *plain = g_strjoinv (" ...", parts);
        g_autofree char *macro = g_strdelimit (g_strdup (plain), "[]", ' ');
        if (**word)
            g_string_append_printf (out, "%s %s\n", *plain == '[' ? ".Op Ar" : ".Ar", g_strstrip (macro));
    }
}

static void
append_mdoc_verb (GString *out, const Verb *verb)
{
    const CmdOption *option;
    g_string_append_printf (out, ".Ss nixie %s\n.Nm nixie Cm %s\n.Op Ar OPTION ...\n", verb->name, verb->name);
    append_mdoc_arguments (out, verb->arguments);
    g_string_append (out, ".Pp\n");
    append_mdoc_paragraphs (out, verb->text);
    append_mdoc_lists (out, verb);
    g_string_append (out, ".Bl -tag -width Ds\n");
    for (guint i = 0; (option = cmd_option (verb, i)); i++)
        if (option->text && !cmd_option_is_common (option))
            append_mdoc_option (out, option);
    g_string_append (out, ".It Examples :\n.Bd -literal -compact\n");
    g_auto (GStrv) examples = g_strsplit (verb->examples, "\n", -1);
    for (char **example = examples; *example; example++) {
        append_mdoc_word (out, *example);
        g_string_append_c (out, '\n');
    }
    g_string_append (out, ".Ed\n.El\n");
}

char *
cmd_help_mdoc (void)
{
    GString *out = g_string_new (".Sh VERBS\n");
    const Verb *verb;
    const CmdOption *option;
    for (guint i = 0; (verb = cmd_verb (i)); i++)
        append_mdoc_verb (out, verb);
    g_string_append (out, ".Sh OPTIONS OF EVERY VERB\n.Bl -tag -width Ds\n");
    for (guint i = 0; (option = cmd_option (cmd_verb (0), i)); i++)
        if (option->text && cmd_option_is_common (option))
            append_mdoc_option (out, option);
    g_string_append (out, ".El\n");
    return g_string_free (out, FALSE);
}

/* --- shells ------------------------------------------------------------------------------------------------------- */

static void
append_verb_names (GString *out)
{
    const Verb *verb;
    for (guint i = 0; (verb = cmd_verb (i)); i++)
        g_string_append_printf (out, "%s%s", i ? " " : "", verb->name);
}

char *
cmd_help_bash (void)
{
    GString *out = g_string_new ("# SPDX-License-Identifier: MIT\n# bash completion for nixie; made by "
                                 "'nixie help --format=bash'\n_nixie ()\n{\n"
                                 "    local word=${COMP_WORDS[COMP_CWORD]} words=\n"
                                 "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        words='");
    const Verb *verb;
    const CmdOption *option;
    append_verb_names (out);
    g_string_append (out, "'\n    else\n        case ${COMP_WORDS[1]} in\n");
    for (guint i = 0; (verb = cmd_verb (i)); i++) {
        g_string_append_printf (out, "        %s) words='", verb->name);
        for (guint o = 0; (option = cmd_option (verb, o)); o++)
            if (option->text)
                g_string_append_printf (out, "%s--%s%s", o ? " " : "", option->name, option->argument ? "=" : "");
        g_string_append (out, "' ;;\n");
    }
    g_string_append (out, "        esac\n        if [ \"${COMP_WORDS[1]}\" = help ] && [[ $word != -* ]]; then\n"
                          "            words='");
    append_verb_names (out);
    g_string_append (out, "'\n        elif [[ $word != -* ]]; then\n"
                          "            [ \"$word\" = = ] && word=\n            compopt -o filenames 2>/dev/null\n"
                          "            mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n            return\n"
                          "        fi\n    fi\n"
                          "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
                          "    if [ \"${#COMPREPLY[@]}\" -eq 1 ] && [[ ${COMPREPLY[0]} == *= ]]; then\n"
                          "        compopt -o nospace 2>/dev/null\n    fi\n}\n"
                          "complete -F _nixie nixie\n");
    return g_string_free (out, FALSE);
}

/* Text within brackets and single quotes of an argument of _arguments. */
static void
append_zsh_text (GString *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            g_string_append (out, "'\\''");
        else if (strchr ("[]:\\", *text))
            g_string_append_printf (out, "\\%c", *text);
        else
            g_string_append_c (out, *text);
    }
}

char *
cmd_help_zsh (void)
{
    GString *out = g_string_new ("#compdef nixie\n# SPDX-License-Identifier: MIT\n# zsh completion for nixie; made by "
                                 "'nixie help --format=zsh'\nif (( CURRENT == 2 )); then\n    local -a verbs=(\n");
    const Verb *verb;
    const CmdOption *option;
    for (guint i = 0; (verb = cmd_verb (i)); i++) {
        g_string_append_printf (out, "        '%s:", verb->name);
        append_zsh_text (out, verb->summary);
        g_string_append (out, "'\n");
    }
    g_string_append (out, "    )\n    _describe verb verbs\n    return\nfi\nlocal verb=$words[2]\n"
                          "shift words\n(( CURRENT-- ))\ncase $verb in\n");
    for (guint i = 0; (verb = cmd_verb (i)); i++) {
        g_string_append_printf (out, "%s)\n    _arguments -S \\\n", verb->name);
        for (guint o = 0; (option = cmd_option (verb, o)); o++) {
            if (!option->text)
                continue;
            g_string_append_printf (out, "        '--%s%s[", option->name, option->argument ? "=" : "");
            append_zsh_text (out, option->text);
            g_string_append_printf (out, "]%s%s%s' \\\n", option->argument ? ":" : "",
                                    option->argument ? option->argument : "",
                                    option->argument ? ":_files" : "");
        }
        if (g_str_equal (verb->name, "help")) {
            g_string_append (out, "        '*:verb:(");
            append_verb_names (out);
            g_string_append (out, ")'\n    ;;\n");
        } else {
            g_string_append (out, "        '*:file:_files'\n    ;;\n");
        }
    }
    g_string_append (out, "esac\n");
    return g_string_free (out, FALSE);
}
