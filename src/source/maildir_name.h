/* SPDX-License-Identifier: MIT */
/* What the names in a Maildir say (https://cr.yp.to/proto/maildir.html): TIME.UNIQUE.HOST[:2,FLAGS]. Pure. */
#ifndef NIXIE_SOURCE_MAILDIR_NAME_H
#define NIXIE_SOURCE_MAILDIR_NAME_H

#include <glib.h>

/* The bytes before `:`: they stay while flags come and go. */
gsize maildir_name_base (const char *name);
/* Seconds since 1970 that the name starts with; DATE_NONE when it does not. */
gint64 maildir_name_received (const char *name);
/* In which folder of a Maildir PATH lies, told by the path alone: "new", "cur", "tmp"; "" when in none. */
const char *maildir_name_part (const char *path);
/* Files that hold no mail: hidden ones, and the indexes that mail programs keep beside it. `name` without folders. */
gboolean maildir_name_is_index (const char *name);

#endif
