/* SPDX-License-Identifier: MIT */
/* What cmocka wants included before itself, and the one macro that every unit test ends with. */
#ifndef NIXIE_TESTS_UNIT_H
#define NIXIE_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glib.h>

#define UNIT_MAIN(...) \
    int main (void) \
    { \
        const struct CMUnitTest tests[] = {__VA_ARGS__}; \
        return cmocka_run_group_tests (tests, NULL, NULL); \
    }

#endif
