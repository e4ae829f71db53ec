/* SPDX-License-Identifier: MIT */
/* What the text part of a report says about one recipient: "550 5.1.1 <a@b>... User unknown", "<a@b>: host x said: …",
 * an address line with an indented reason below it. People's part of a report often knows more than its fields do.
 * Only words about this very recipient are taken; when the report has no other recipient, a line that is a reply needs
 * no address. Pure. */
#ifndef NIXIE_EXTRACT_RECIPIENT_TEXT_H
#define NIXIE_EXTRACT_RECIPIENT_TEXT_H

#include "base/arena.h"
#include <glib.h>

/* One line, "" when the text says nothing about it. `only`: the report is about nobody else. */
const char *recipient_text_find (Arena *arena, const char *body, const char *recipient, gboolean only);
/* The addresses that the text lists behind a sentence such as "The following addresses had permanent fatal errors".
 * Up to `maximum` into `out`, returns how many. For reports whose fields name nobody; never for mail in general. */
guint recipient_text_list (Arena *arena, const char *body, const char **out, guint maximum);

#endif
