/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "policy/guard.h"

static const struct {
    GuardLimits limits;
    GuardFigures figures; /* published, known, last, added, removed */
    GuardVerdict verdict;
} cases[] = {
    /* the first list has nothing to compare with, however long it is */
    {{20, 2, 20}, {FALSE, 0, 0, 1000000, 0}, GUARD_FIRST},
    {{20, 2, 20}, {TRUE, 0, 0, 0, 0}, GUARD_PASSES},
    /* `least` always passes */
    {{20, 2, 20}, {TRUE, 100, 50, 20, 0}, GUARD_PASSES},
    {{20, 2, 20}, {TRUE, 100, 50, 21, 0}, GUARD_GROWS},
    {{0, 0, 20}, {TRUE, 100, 50, 0, 0}, GUARD_PASSES},
    {{0, 0, 20}, {TRUE, 100, 50, 1, 0}, GUARD_GROWS},
    /* the share of the known ones, rounded down, where it is more */
    {{20, 2, 20}, {TRUE, 1000, 50, 20, 0}, GUARD_PASSES},
    {{20, 2, 20}, {TRUE, 1049, 50, 21, 0}, GUARD_GROWS},
    {{20, 2, 20}, {TRUE, 1050, 50, 21, 0}, GUARD_PASSES},
    {{20, 2, 20}, {TRUE, 1050, 50, 22, 0}, GUARD_GROWS},
    {{0, 3, 20}, {TRUE, 199, 50, 5, 0}, GUARD_PASSES},
    {{0, 3, 20}, {TRUE, 199, 50, 6, 0}, GUARD_GROWS},
    {{0, 100, 20}, {TRUE, 199, 50, 199, 0}, GUARD_PASSES},
    {{0, 100, 20}, {TRUE, 199, 50, 200, 0}, GUARD_GROWS},
    /* it shrinks by more than its share; what was added makes up for it */
    {{20, 2, 20}, {TRUE, 1000, 100, 0, 20}, GUARD_PASSES},
    {{20, 2, 20}, {TRUE, 1000, 100, 0, 21}, GUARD_SHRINKS},
    {{20, 2, 20}, {TRUE, 1000, 104, 0, 21}, GUARD_SHRINKS},
    {{20, 2, 20}, {TRUE, 1000, 105, 0, 21}, GUARD_PASSES},
    {{20, 2, 20}, {TRUE, 1000, 100, 10, 30}, GUARD_PASSES},
    {{20, 2, 20}, {TRUE, 1000, 100, 10, 31}, GUARD_SHRINKS},
    {{20, 2, 20}, {TRUE, 1000, 1, 20, 1}, GUARD_PASSES},
    {{20, 2, 0}, {TRUE, 1000, 100, 5, 5}, GUARD_PASSES},
    {{20, 2, 0}, {TRUE, 1000, 100, 5, 6}, GUARD_SHRINKS},
    {{20, 2, 0}, {TRUE, 1000, 100, 5, 4}, GUARD_PASSES},
    {{20, 2, 100}, {TRUE, 1000, 100, 0, 100}, GUARD_PASSES},
    /* both: what was added is told first */
    {{0, 0, 0}, {TRUE, 1000, 100, 1, 100}, GUARD_GROWS},
    /* figures as large as they come */
    {{20, 100, 20}, {TRUE, G_MAXUINT64, 0, G_MAXUINT64, 0}, GUARD_PASSES},
    {{20, 50, 20}, {TRUE, G_MAXUINT64, 0, G_MAXUINT64 / 2, 0}, GUARD_PASSES},
    {{20, 50, 20}, {TRUE, G_MAXUINT64, 0, G_MAXUINT64 / 2 + 1, 0}, GUARD_GROWS},
    {{20, 2, 20}, {TRUE, 0, G_MAXUINT64, 0, G_MAXUINT64 / 5 + 1}, GUARD_SHRINKS},
    {{20, 2, 20}, {TRUE, 0, G_MAXUINT64, 0, G_MAXUINT64 / 5}, GUARD_PASSES},
};

static void
test_verdicts (void **state)
{
    (void) state;
    guint wrong = 0;
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        GuardVerdict verdict = guard_check (&cases[i].figures, &cases[i].limits);
        if (verdict != cases[i].verdict) {
            print_error ("case %u is %d, not %d\n", i, (int) verdict, (int) cases[i].verdict);
            wrong++;
        }
    }
    assert_int_equal (wrong, 0);
}

static void
test_allowance (void **state)
{
    (void) state;
    const GuardFigures few = {.known = 999}, many = {.known = 123456};
    assert_true (guard_allowance (&few, &GUARD_LIMITS_DEFAULT) == 20);
    assert_true (guard_allowance (&many, &GUARD_LIMITS_DEFAULT) == 2469);
}

UNIT_MAIN (cmocka_unit_test (test_verdicts), cmocka_unit_test (test_allowance))
