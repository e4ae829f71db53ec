/* SPDX-License-Identifier: MIT */
/* Who is never blamed for a bounce: who wrote the report, who gets it, who wrote the message that came back. They stand
 * in every bounce and are only mentioned there. Somebody who wrote to himself can fail like anybody else: the
 * recipients of the returned message are not innocent. Pure. */
#ifndef NIXIE_EXTRACT_INNOCENT_H
#define NIXIE_EXTRACT_INNOCENT_H

#include "extract/recogniser.h"

typedef struct {
    GPtrArray *addresses; /* of const char *, in the extraction's arena */
} Innocent;

Innocent innocent_find (Extraction *extraction);
void innocent_clear (Innocent *innocent);
gboolean innocent_has (const Innocent *innocent, const char *address);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Innocent, innocent_clear)

#endif
