/* SPDX-License-Identifier: MIT */
#include "app/options.h"

Options *
options_new (void)
{
    Options *options = g_new0 (Options, 1);
    options->top = -1;
    options->jobs = JOBS_NOT_GIVEN;
    return options;
}

void
options_free (Options *options)
{
    if (!options)
        return;
    char **texts[] = { &options->config,  &options->now,           &options->files_from, &options->state,
                       &options->partial, &options->follow_cursor, &options->since,      &options->until,
                       &options->by,      &options->format,        &options->output,     &options->decision,
                       &options->profile, &options->summary,       &options->compare,    &options->provider,
                       &options->color,   &options->lang,          &options->metrics,    &options->fail_on,
                       &options->column,  &options->delimiter,     &options->dropped };
    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
        g_clear_pointer (texts[i], g_free);
    g_strfreev (options->arguments);
    g_strfreev (options->rules);
    g_free (options->mx_file);
    g_free (options);
}
