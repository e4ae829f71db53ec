/* SPDX-License-Identifier: MIT */
#include "base/file_text.h"

#define TRIES 100 /* more signals than that come for a reason */

gboolean
file_text_read (const char *path, char **text, gsize *length, GError **error)
{
    for (guint i = 1;; i++) {
        GError *failure = NULL;

        if (g_file_get_contents (path, text, length, &failure))
            return TRUE;
        if (i == TRIES || !g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_INTR)) {
            g_propagate_error (error, failure);
            return FALSE;
        }
        g_error_free (failure);
    }
}
