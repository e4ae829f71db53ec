/* SPDX-License-Identifier: MIT */
#include "app/state.h"

#include <string.h>

#include "app/app_error.h"
#include "base/digest.h"

Store *
state_open (const App *app, const char *path, StoreMode mode, GError **error)
{
    g_autoptr (GError) failure = NULL;
    Store *store = store_open (path, mode, &failure);
    const char *host = config_text (app->config, "nixie", "host");
    if (store && host)
        store_set_host (store, host);
    if (g_error_matches (failure, STORE_ERROR, STORE_ERROR_MISSING))
        g_set_error (error, APP_ERROR, APP_ERROR_NO_INPUT,
                     "there is no state yet ('%s'): name the mail to read, or fill the state with 'nixie scan PATH…'", path);
    else if (failure)
        g_propagate_error (error, g_steal_pointer (&failure));
    return store;
}

char *
state_lock_name (const char *path)
{
    if (!store_is_server (path))
        return g_strconcat (path, ".lock", NULL);
    Digest digest = digest_of (path, strlen (path));
    char text[DIGEST_TEXT_SIZE];
    g_autofree char *file = app_state_file ();
    g_autofree char *folder = g_path_get_dirname (file);
    g_autofree char *name = g_strdup_printf ("server-%.8s.lock", digest_format (&digest, text));
    return g_build_filename (folder, name, NULL);
}
