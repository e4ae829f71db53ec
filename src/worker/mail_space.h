/* SPDX-License-Identifier: MIT */
/* Memory in which mail waits for the parse processes: the parent writes, they can only read. No byte of mail goes
 * through a socket, any amount of it can wait while the parent is busy, and a message whose reader died is where the
 * next one looks for it. Between the pool and its processes. */
#ifndef NIXIE_WORKER_MAIL_SPACE_H
#define NIXIE_WORKER_MAIL_SPACE_H

#include <glib.h>

typedef struct MailSpace MailSpace;

typedef struct {
    gsize at, size; /* bytes; a size of 0: nothing */
} MailRange;

/* NULL with errno. */
MailSpace *mail_space_new (void);
void mail_space_free (MailSpace *space);
/* In a new process: the mail, to be read alone; what could write it is gone from this process. NULL with errno. */
const char *mail_space_enter (MailSpace *space);

/* Is there room for a message of LIMIT_MESSAGE behind any batch? */
gboolean mail_space_has_room (const MailSpace *space);
/* Make the range at least so large; its first `used` bytes stay what they are, maybe elsewhere. FALSE: no room. */
gboolean mail_space_reserve (MailSpace *space, MailRange *range, gsize used, gsize size);
/* Give back what is behind its first `used` bytes: all of it when there are none. */
void mail_space_trim (MailSpace *space, MailRange *range, gsize used);
/* Of the parent, to write and to read. */
char *mail_space_bytes (const MailSpace *space, const MailRange *range);

#endif
