#!/bin/sh
# SPDX-License-Identifier: MIT
# How a server finds the rows of what is asked: by an index, or in one pass. On few rows a server prefers to read all of
# them, so that is forbidden here; scripts/bench-postgresql looks at millions, where it is free to choose.
set -u
: "${top_srcdir:?}" "${top_builddir:?}" "${NIXIE:?}"
needs=python3
. "$top_srcdir/tests/server/lib.sh"
log=$(mktemp) || exit 99
trap 'rm -f "$log"' EXIT
psql -qAt -c "CREATE DATABASE plans" || exit 99
"$NIXIE" scan -q --state=postgresql:///plans --now=2026-11-21 "$top_srcdir/sample-mail/Maildir" "$top_srcdir/sample-mail/archive.mbox"
psql -qAt -d plans -c "VACUUM (ANALYZE)"
check () { # NAME OPTIONS WORDS: what bench-postgresql says with them
    n=$((n + 1))
    PGOPTIONS=$2 "$top_srcdir/scripts/bench-postgresql" --write 0 --ledger postgresql:///plans >"$log" 2>&1
    if grep -q "$3" "$log"; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        cut -c 1-500 "$log" | sed 's/^/# /'
    fi
}
n=0
check "every query: an index, or one pass" "-c enable_seqscan=off" '^1[0-9] queries, 0 faults$'
# Shares of addresses are ranges of an index: without it, each of them would read everything.
psql -qAt -d plans -c "DROP INDEX nixie.event_by_address"
check "without the index of the reading order, that is told" "-c enable_seqscan=on" 'WRONG: event_'
echo "1..$n"
