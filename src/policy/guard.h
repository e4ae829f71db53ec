/* SPDX-License-Identifier: MIT */
/* The guard in front of a published list: what changes too much at once is a mistake or an attack until a person says
 * otherwise. Pure: figures in, a verdict out. */
#ifndef NIXIE_POLICY_GUARD_H
#define NIXIE_POLICY_GUARD_H

#include <glib.h>

typedef struct {
    guint64 least;       /* so many additions always pass */
    guint grow_percent;  /* additions beyond `least`: of the addresses known */
    guint shrink_percent; /* of the last list */
} GuardLimits;

#define GUARD_LIMITS_DEFAULT ((GuardLimits){ 20, 2, 20 })

typedef struct {
    gboolean published;  /* there is a last list */
    guint64 known;       /* addresses that there are: the list of recipients, else the ledger */
    guint64 last;        /* addresses in the last list */
    guint64 added, removed; /* against it */
} GuardFigures;

typedef enum {
    GUARD_PASSES,
    GUARD_FIRST,   /* nothing to compare with: passes */
    GUARD_GROWS,   /* held back: more than max (least, grow_percent of known) were added */
    GUARD_SHRINKS, /* held back: shorter than the last one by more than shrink_percent */
} GuardVerdict;

GuardVerdict guard_check (const GuardFigures *figures, const GuardLimits *limits);
/* How many additions pass. */
guint64 guard_allowance (const GuardFigures *figures, const GuardLimits *limits);

#endif
