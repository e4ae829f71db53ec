/* SPDX-License-Identifier: MIT */
#include "app/jobs.h"

#include "base/limits.h"
#include "worker/sandbox.h"

guint
jobs_in_force (const App *app)
{
    int jobs = app->options->jobs;
    if (jobs < 0)
        jobs = config_number (app->config, "nixie", "jobs", (int) g_get_num_processors ());
    return (guint) CLAMP (jobs, 0, LIMIT_JOBS);
}

char *
jobs_describe (const App *app)
{
    guint jobs = jobs_in_force (app);
    if (jobs == 0)
        return g_strdup ("mail is read in the main process, with nothing around it");
    g_autofree char *sandbox = sandbox_describe ();
    return g_strdup_printf ("mail is read in %u parse process%s, locked by %s", jobs, jobs == 1 ? "" : "es", sandbox);
}
