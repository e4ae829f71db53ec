#!/bin/sh
# SPDX-License-Identifier: MIT
# Four hosts and one ledger on a server: one host killed, one cut off, one thrown out. One short round here; more:
#     tests/server/with-postgresql tests/scale/hosts.py --rounds 20 NIXIE
. "${top_srcdir:?}/tests/cli/lib.sh"
name="four hosts, one ledger"
if ! command -v python3 >/dev/null 2>&1; then
    skip "$name" "no python3"
elif ! grep -q '^#define HAVE_POSTGRESQL 1' "${top_builddir:?}/config.h"; then
    skip "$name" "built without PostgreSQL"
else
    seed=${NIXIE_SEED:-$(date +%s)} # another one each time: told, so that it can be run again
    "$top_srcdir/tests/server/with-postgresql" python3 "$top_srcdir/tests/scale/hosts.py" \
        --rounds "${NIXIE_ROUNDS:-1}" --messages 1500 --seed "$seed" "$NIXIE" >out 2>err
    status=$?
    if [ $status -eq 77 ]; then
        skip "$name" "PostgreSQL is not installed"
    else
        check "$name (seed $seed)" eval 'status_is 0 && says " 0 failures"'
        sed 's/^/# /' out
    fi
fi
done_testing
