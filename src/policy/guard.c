/* SPDX-License-Identifier: MIT */
#include "policy/guard.h"

/* `percent` of `whole`, rounded down, without overflow. */
static guint64
share (guint64 whole, guint percent)
{
    return whole / 100 * percent + whole % 100 * percent / 100;
}

guint64
guard_allowance (const GuardFigures *figures, const GuardLimits *limits)
{
    return MAX (limits->least, share (figures->known, limits->grow_percent));
}

GuardVerdict
guard_check (const GuardFigures *figures, const GuardLimits *limits)
{
    if (!figures->published)
        return GUARD_FIRST;
    if (figures->added > guard_allowance (figures, limits))
        return GUARD_GROWS;
    if (figures->removed > figures->added
        && figures->removed - figures->added > share (figures->last, limits->shrink_percent))
        return GUARD_SHRINKS;
    return GUARD_PASSES;
}
