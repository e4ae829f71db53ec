/* SPDX-License-Identifier: MIT */
#include "app/app_error.h"

#include <errno.h>
#include <gio/gio.h>

#include "base/tsv.h"
#include "classify/data_files.h"
#include "classify/tables.h"
#include "event/event_json.h"
#include "policy/policy.h"
#include "extract/formats.h"
#include "source/source.h"
#include "store/store.h"
#include "worker/worker_pool.h"

G_DEFINE_QUARK (nixie-app-error, app_error)

static ExitStatus
status_of_app_error (int code)
{
    switch ((AppError) code) {
    case APP_ERROR_USAGE:
        return EXIT_USAGE;
    case APP_ERROR_DATA:
        return EXIT_DATA;
    case APP_ERROR_NO_INPUT:
        return EXIT_NO_INPUT;
    case APP_ERROR_CANNOT_CREATE:
        return EXIT_CANNOT_CREATE;
    case APP_ERROR_IO:
    case APP_ERROR_PIPE:
        return EXIT_IO;
    case APP_ERROR_LOCKED:
        return EXIT_LOCKED;
    case APP_ERROR_PERMISSION:
        return EXIT_PERMISSION;
    case APP_ERROR_CONFIG:
        return EXIT_CONFIG;
    case APP_ERROR_INTERRUPTED:
        return EXIT_LOCKED; /* EX_TEMPFAIL: run it again, it goes on where it stopped */
    }
    return EXIT_INTERNAL;
}

static ExitStatus
status_of_store_error (int code)
{
    switch ((StoreError) code) {
    case STORE_ERROR_OPEN:
    case STORE_ERROR_DAMAGED:
        return EXIT_DATA; /* missing and forbidden were told apart before: src/app/ledger.c */
    case STORE_ERROR_NEWER:
    case STORE_ERROR_OLDER:
        return EXIT_CONFIG;
    case STORE_ERROR_IO:
        return EXIT_IO;
    case STORE_ERROR_BUSY:
        return EXIT_LOCKED;
    case STORE_ERROR_CREATE:
        return EXIT_CANNOT_CREATE;
    case STORE_ERROR_PERMISSION:
        return EXIT_PERMISSION;
    case STORE_ERROR_UNAVAILABLE:
        return EXIT_UNAVAILABLE;
    case STORE_ERROR_MISSING:
        return EXIT_NO_INPUT;
    case STORE_ERROR_UNKNOWN:
        return EXIT_USAGE;
    }
    return EXIT_INTERNAL;
}

static ExitStatus
status_of_file_error (const GError *error)
{
    if (error->domain == G_FILE_ERROR) {
        if (error->code == G_FILE_ERROR_NOENT || error->code == G_FILE_ERROR_NOTDIR)
            return EXIT_NO_INPUT;
        if (error->code == G_FILE_ERROR_ACCES || error->code == G_FILE_ERROR_PERM)
            return EXIT_PERMISSION;
        return EXIT_IO;
    }
    if (error->code == G_IO_ERROR_NOT_FOUND)
        return EXIT_NO_INPUT;
    return error->code == G_IO_ERROR_PERMISSION_DENIED ? EXIT_PERMISSION : EXIT_IO;
}

ExitStatus
exit_status_of (const GError *error)
{
    if (!error)
        return EXIT_DONE;
    if (error->domain == APP_ERROR)
        return status_of_app_error (error->code);
    if (error->domain == G_OPTION_ERROR)
        return EXIT_USAGE;
    if (error->domain == STORE_ERROR)
        return status_of_store_error (error->code);
    if (error->domain == SOURCE_ERROR)
        return error->code == SOURCE_ERROR_OPEN ? EXIT_NO_INPUT : EXIT_IO;
    if (error->domain == TABLES_ERROR)
        return EXIT_DATA;
    if (error->domain == FORMATS_ERROR)
        return EXIT_DATA;
    if (error->domain == DATA_FILES_ERROR)
        return EXIT_NO_INPUT;
    if (error->domain == WORKER_ERROR)
        return EXIT_LOCKED; /* EX_TEMPFAIL: no process, memory or descriptor to be had just now */
    if (error->domain == TSV_ERROR || error->domain == EVENT_JSON_ERROR)
        return EXIT_DATA;
    if (error->domain == G_KEY_FILE_ERROR || error->domain == POLICY_ERROR)
        return EXIT_CONFIG;
    if (error->domain == G_FILE_ERROR || error->domain == G_IO_ERROR)
        return status_of_file_error (error);
    return EXIT_INTERNAL;
}

AppError
app_error_from_errno (int number, AppError otherwise)
{
    if (number == ENOENT || number == ENOTDIR)
        return APP_ERROR_NO_INPUT;
    if (number == EACCES || number == EPERM)
        return APP_ERROR_PERMISSION;
    return otherwise;
}
