/* SPDX-License-Identifier: MIT */
/* The language of what people read: --lang, else LANGUAGE, LC_ALL, LC_MESSAGES, LANG in the order of gettext. A
 * language whose locale is not installed on this machine (a container has none, as a rule) is spoken all the same:
 * only its words are needed, nothing that we write for machines depends on a locale. */
#ifndef NIXIE_APP_LANGUAGE_H
#define NIXIE_APP_LANGUAGE_H

#include <glib.h>

void language_init (void); /* once, before anything is written */
/* "de", "de_AT", "ja" …; one that we do not have is English. APP_ERROR_USAGE when it is no name of a language. */
gboolean language_set (const char *name, GError **error);

#endif
