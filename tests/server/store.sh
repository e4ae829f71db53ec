#!/bin/sh
# SPDX-License-Identifier: MIT
# The tests of the store once more, on a throw-away PostgreSQL server; and those that need one.
set -u
: "${top_srcdir:?}" "${top_builddir:?}"
. "$top_srcdir/tests/server/lib.sh"
log=$(mktemp) || exit 99
trap 'rm -f "$log"' EXIT
n=0
for test in test_store test_store_counts test_store_pg; do
    n=$((n + 1))
    if [ ! -x "$top_builddir/tests/unit/$test" ]; then
        echo "ok $n - $test # SKIP not built: cmocka is missing"
    elif "$top_builddir/tests/unit/$test" >"$log" 2>&1; then
        echo "ok $n - $test, on a server ($(grep -c '^\[ *OK \]' "$log") tests)"
    else
        echo "not ok $n - $test, on a server"
        sed 's/^/# /' "$log" | cut -c 1-500
    fi
done
echo "1..$n"
