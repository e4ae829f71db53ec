# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# For the tests that need a server, as the first thing that they do: `. lib.sh` runs the test once more beside a throw-away
# PostgreSQL server and ends with what that says, or with a line that tells why it is skipped. $needs: commands besides.
: "${top_srcdir:?}" "${top_builddir:?}"
if [ -z "${NIXIE_TEST_SERVER:-}" ]; then
    if ! grep -q '^#define HAVE_POSTGRESQL 1' "$top_builddir/config.h"; then
        echo "1..0 # SKIP built without PostgreSQL"
        exit 0
    fi
    for command in ${needs:-}; do
        command -v "$command" >/dev/null 2>&1 || { echo "1..0 # SKIP no $command"; exit 0; }
    done
    "$top_srcdir/tests/server/with-postgresql" sh "$0"
    status=$?
    [ $status -ne 77 ] || echo "1..0 # SKIP PostgreSQL is not installed"
    [ $status -ne 77 ] || exit 0
    exit $status
fi
