/* SPDX-License-Identifier: MIT */
/* Which files of one folder of a Maildir were read, so that the next scan need not open them. A file is the same when its
 * base name (maildir_name.h), device, inode, size and time of writing are; under the same name its time of change must be
 * the same as well, which a change of flags or the move from new/ to cur/ is allowed to alter. A file that was touched
 * too lately for its times to prove anything is not remembered. It is a cache: what it does not know is read again.
 *
 *     seen = maildir_seen_new (bytes of the last time);
 *     for every file: maildir_seen_knows (seen, …) or read it, then maildir_seen_add (seen, …)
 *     bytes = maildir_seen_end (seen); */
#ifndef NIXIE_SOURCE_MAILDIR_SEEN_H
#define NIXIE_SOURCE_MAILDIR_SEEN_H

#include <glib.h>
#include <sys/stat.h>

typedef struct MaildirSeen MaildirSeen;

/* `before`: NULL when nothing is known; bytes that are none of ours count as nothing. */
MaildirSeen *maildir_seen_new (GBytes *before);
void maildir_seen_free (MaildirSeen *seen);
/* `part` is "new" or "cur". TRUE: it was read; that is remembered for the next time, too. */
gboolean maildir_seen_knows (MaildirSeen *seen, const char *part, const char *name, const struct stat *status);
/* It was read: `status` is what the open file said before the first byte of it was read, at the time `now`
 * (microseconds). */
void maildir_seen_add (MaildirSeen *seen, const char *part, const char *name, const struct stat *status, gint64 now);
/* What is to be remembered: only the files that were asked for or added. NULL: nothing but what was given to
 * maildir_seen_new(). */
GBytes *maildir_seen_end (MaildirSeen *seen);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MaildirSeen, maildir_seen_free)

#endif
