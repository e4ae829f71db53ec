/* SPDX-License-Identifier: MIT */
/* The first look: can this message be a bounce, a complaint or an automatic answer at all? Told from its header block
 * as it stands and from a search of its body for the few marks that count without a sign in the header; nothing is
 * decoded, no MIME tree is made. Most mail of an archive ends here.
 *
 * FALSE is a promise: extract() would find it to be MESSAGE_ORDINARY. Whatever is encoded, odd or broken is TRUE. So
 * this file follows evidence.c and the recognisers: what they ask for is asked for here, only less strictly. Pure. */
#ifndef NIXIE_EXTRACT_FIRST_LOOK_H
#define NIXIE_EXTRACT_FIRST_LOOK_H

#include "extract/formats.h"

typedef struct FirstLook FirstLook;

FirstLook *first_look_new (const Formats *formats); /* borrowed */
void first_look_free (FirstLook *look);
/* `message` as src/source gives it. */
gboolean first_look_may_tell (FirstLook *look, const char *message, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FirstLook, first_look_free)

#endif
