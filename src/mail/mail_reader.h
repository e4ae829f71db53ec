/* SPDX-License-Identifier: MIT */
/* Message bytes → MailView, by GMime. The only header of this folder that others use besides mail_view.h; no GMime type
 * shows. One reader a process; not for threads (GMime gains nothing from them). */
#ifndef NIXIE_MAIL_MAIL_READER_H
#define NIXIE_MAIL_MAIL_READER_H

#include "mail/mail_view.h"

typedef struct MailReader MailReader;

MailReader *mail_reader_new (void);
void mail_reader_free (MailReader *reader);
/* Open what reading may need from the file system (converters of charsets), for a process that locks itself away. */
void mail_reader_preload (MailReader *reader);
/* Never NULL, whatever the bytes are. `message`: LF line ends, as src/source gives it. Lives in `arena`. */
MailView *mail_reader_read (MailReader *reader, const char *message, gsize length, Arena *arena);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MailReader, mail_reader_free)

#endif
