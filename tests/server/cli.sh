#!/bin/sh
# SPDX-License-Identifier: MIT
# The tests of the command line once more, with every state on a throw-away PostgreSQL server (nixie-on-server).
set -u
: "${top_srcdir:?}" "${top_builddir:?}" "${NIXIE:?}"
if [ -z "${NIXIE_TEST_SERVER:-}" ]; then
    if ! grep -q '^#define HAVE_POSTGRESQL 1' "$top_builddir/config.h"; then
        echo "1..0 # SKIP built without PostgreSQL"
        exit 0
    fi
    "$top_srcdir/tests/server/with-postgresql" sh "$0"
    status=$?
    [ $status -ne 77 ] || echo "1..0 # SKIP PostgreSQL is not installed"
    [ $status -ne 77 ] || exit 0
    exit $status
fi
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
mkdir "$work/databases"
NIXIE_REAL=$NIXIE NIXIE_TEST_DATABASES=$work/databases NIXIE=$top_srcdir/tests/server/nixie-on-server
export NIXIE_REAL NIXIE_TEST_DATABASES NIXIE
n=0
for test in ${NIXIE_CLI_TESTS:-scan state say suppress report events explain follow learn partial run}; do
    n=$((n + 1))
    status=0
    sh "$top_srcdir/tests/cli/$test.sh" >"$work/log" 2>&1 || status=$?
    passed=$(grep -c '^ok ' "$work/log")
    if [ $status -eq 0 ] && [ "$passed" -gt 0 ] && ! grep -q '^not ok' "$work/log"; then
        echo "ok $n - $test.sh, on a server ($passed tests)"
    else
        echo "not ok $n - $test.sh, on a server"
        grep -A 8 '^not ok' "$work/log" | sed 's/^/# /'
    fi
done
echo "1..$n"
