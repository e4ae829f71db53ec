/* SPDX-License-Identifier: MIT */
/* How many parse processes there are. */
#ifndef NIXIE_APP_JOBS_H
#define NIXIE_APP_JOBS_H

#include "app/app.h"

/* --jobs, else `jobs` of the configuration, else one a core. 0 = the mail is read in this process. */
guint jobs_in_force (const App *app);
/* "2 parse processes, locked by seccomp, Landlock 7, resource limits". Free with g_free. */
char *jobs_describe (const App *app);

#endif
