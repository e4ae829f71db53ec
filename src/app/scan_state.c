/* SPDX-License-Identifier: MIT */
#include "app/scan_state.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app_error.h"
#include "app/interrupt.h"
#include "app/output.h"
#include "app/scan.h"
#include "app/state.h"
#include "store/store_upkeep.h"

/* A state that cannot be made or written to is told by what the system says, before the ledger gives its own view. */
static gboolean
check_place (const App *app, const char *path, GError **error)
{
    struct stat found;
    if (store_is_server (path))
        return TRUE;
    g_autofree char *folder = g_path_get_dirname (path);
    if (!app->options->state && !app->options->partial)
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
    if (store_is_server (path) || g_file_test (path, G_FILE_TEST_EXISTS)) {
        g_autoptr (GError) failure = NULL;
        state = state_open (app, path, STORE_READ, &failure);
        if (failure && !g_error_matches (failure, APP_ERROR, APP_ERROR_NO_INPUT)) {
            g_propagate_error (error, g_steal_pointer (&failure));
            return FALSE;
        }
    }
    g_autoptr (Store) private = store_open (NULL, STORE_WRITE, error);
    return private && scan_into (app, SCAN_TRY, private, state, counts, error);
}

/* A ledger of its own, that is there whole or not at all: a task that was killed, or ran twice, leaves nothing half. */
static gboolean
partial_scan (App *app, const char *out, ScanCounts *counts, GError **error)
{
    g_autofree char *folder = g_path_get_dirname (out);
    g_autofree char *base = g_path_get_basename (out);
    g_autofree char *beside = g_strdup_printf ("%s/.%.200s.XXXXXX", folder, base);
    if (!check_place (app, out, error))
        return FALSE;
    interrupt_install ();
    g_autoptr (Store) store = store_open (NULL, STORE_WRITE, error);
    if (!store || !scan_into (app, SCAN_PARTIAL, store, NULL, counts, error))
        return FALSE;
    int file = g_mkstemp_full (beside, O_RDWR | O_CLOEXEC, 0600);
    if (file < 0 || close (file) != 0) {
        int number = errno;
        g_set_error (error, APP_ERROR, app_error_from_errno (number, APP_ERROR_CANNOT_CREATE), "cannot create '%s': %s",
                     out, g_strerror (number));
        return FALSE;
    }
    gboolean done = store_write_out (store, beside, error);
    if (done && g_rename (beside, out) != 0) {
        int number = errno;
        g_set_error (error, APP_ERROR, APP_ERROR_IO, "cannot write '%s': %s", out, g_strerror (number));
        done = FALSE;
    }
    if (!done)
        (void) g_unlink (beside);
    else
        output_sync_folder (out);
    return done;
}

static gboolean
check_partial (const Options *options, GError **error)
{
    const char *other = options->state ? "--state" : options->dry_run ? "--dry-run" : NULL;
    if (!options->partial || !other)
        return TRUE;
    g_set_error (error, APP_ERROR, APP_ERROR_USAGE,
                 "--partial makes a state of its own: %s does not go with it", other);
    return FALSE;
}

gboolean
scan_state (App *app, ScanSummary *summary, GError **error)
{
    g_autofree char *path = app_state_path (app);
    ScanCounts counts = { 0 };
    gboolean done;
    if (!check_partial (app->options, error))
        return FALSE;
    if (app->options->partial) {
        done = partial_scan (app, app->options->partial, &counts, error);
    } else if (app->options->dry_run) {
        done = try_scan (app, path, &counts, error);
    } else {
        if (!check_place (app, path, error))
            return FALSE;
        interrupt_install ();
        g_autoptr (Store) state = state_open (app, path, STORE_WRITE, error);
        done = state && scan_into (app, SCAN_STATE, state, NULL, &counts, error);
    }
    *summary = (ScanSummary){ .messages = counts.messages,
                              .new_messages = counts.new_messages,
                              .events = counts.events,
                              .unparsed = counts.unparsed,
                              .failures = counts.failures };
    return done;
}
