/* SPDX-License-Identifier: MIT */
/* "remove,inactive": several decisions as bits 1 << DecisionKind. */
#ifndef NIXIE_APP_DECISIONS_H
#define NIXIE_APP_DECISIONS_H

#include <glib.h>

/* NULL = remove. FALSE: *bad is the word that is none; yours. */
gboolean decisions_parse (const char *text, guint *decisions, char **bad);

#endif
