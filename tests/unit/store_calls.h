/* SPDX-License-Identifier: MIT */
/* What the tests of the ledger share: calls that must not fail, and the server that NIXIE_TEST_SERVER tells of. */
#ifndef NIXIE_TESTS_STORE_CALLS_H
#define NIXIE_TESTS_STORE_CALLS_H

#include "unit.h"

#include "store/store.h"

#define assert_fine(call, error) \
    do { \
        gboolean fine = (call); \
        if ((error) != NULL) \
            print_error ("%s\n", (error)->message); \
        assert_true (fine); \
        assert_null (error); \
    } while (0)

static inline gboolean
on_server (void)
{
    return g_getenv ("NIXIE_TEST_SERVER") != NULL;
}

static inline Store *
open_store (const char *path, StoreMode mode)
{
    g_autoptr (GError) error = NULL;
    Store *store = store_open (path, mode, &error);
    assert_fine (store != NULL, error);
    return store;
}

static inline void
begin (Store *store)
{
    g_autoptr (GError) error = NULL;
    assert_fine (store_begin (store, &error), error);
}

static inline void
commit (Store *store)
{
    g_autoptr (GError) error = NULL;
    assert_fine (store_commit (store, &error), error);
}

#endif
