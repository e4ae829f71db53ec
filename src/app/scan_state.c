/* SPDX-License-Identifier: MIT */
#include "app/scan_state.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app_error.h"
#include "app/interrupt.h"
#include "app/scan.h"

/* A state that cannot be made or written to is told by what the system says, before the ledger gives its own view. */
static gboolean
check_place (const App *app, const char *path, GError **error)
{
    struct stat found;
    g_autofree char *folder = g_path_get_dirname (path);
    if (!app->options->state)
        (void) g_mkdir_with_parents (folder, 0700);
    if (stat (path, &found) == 0) {
        if (access (path, R_OK | W_OK) == 0)
            return TRUE;
        int number = errno;
        g_set_error (error, APP_ERROR, app_error_from_errno (number, APP_ERROR_IO), "cannot write the state '%s': %s",
                     path, g_strerror (number));
        return FALSE;
    }
    if (access (folder, W_OK | X_OK) == 0)
        return TRUE;
    int number = errno;
    AppError code = number == EACCES ? APP_ERROR_PERMISSION : APP_ERROR_CANNOT_CREATE;
    g_set_error (error, APP_ERROR, code, "cannot create the state '%s': %s", path, g_strerror (number));
    return FALSE;
}

static gboolean
try_scan (App *app, const char *path, ScanCounts *counts, GError **error)
{
    g_autoptr (Store) state = NULL;
    if (g_file_test (path, G_FILE_TEST_EXISTS)) {
        state = store_open (path, STORE_READ, error);
        if (!state)
            return FALSE;
    }
    g_autoptr (Store) private = store_open (NULL, STORE_WRITE, error);
    return private && scan_into (app, SCAN_TRY, private, state, counts, error);
}

gboolean
scan_state (App *app, ScanSummary *summary, GError **error)
{
    g_autofree char *path = app_state_path (app);
    ScanCounts counts = { 0 };
    gboolean done;
    if (app->options->dry_run) {
        done = try_scan (app, path, &counts, error);
    } else {
        if (!check_place (app, path, error))
            return FALSE;
        interrupt_install ();
        g_autoptr (Store) state = store_open (path, STORE_WRITE, error);
        done = state && scan_into (app, SCAN_STATE, state, NULL, &counts, error);
    }
    *summary = (ScanSummary){ .messages = counts.messages,
                              .new_messages = counts.new_messages,
                              .events = counts.events,
                              .unparsed = counts.unparsed,
                              .failures = counts.failures };
    return done;
}
