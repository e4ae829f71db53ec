/* SPDX-License-Identifier: MIT */
/* A fuzz target is one file tests/fuzz/fuzz_NAME.c with this one function. `make check` links it with replay.c and runs
 * it over tests/fuzz/seeds/fuzz_NAME/; `configure CC=clang --enable-fuzzers` links it with libFuzzer. A target aborts
 * (g_assert) when what must hold does not. */
#ifndef NIXIE_TESTS_FUZZ_H
#define NIXIE_TESTS_FUZZ_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#endif
