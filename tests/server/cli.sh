#!/bin/sh
# SPDX-License-Identifier: MIT
# The tests of the command line once more, with every state on a throw-away PostgreSQL server (nixie-on-server); and all
# outputs of a server and of a file side by side.
set -u
: "${top_srcdir:?}" "${top_builddir:?}" "${NIXIE:?}"
. "$top_srcdir/tests/server/lib.sh"
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

# Every output of a server and of a file is the same bytes; also the table of providers, which a server counts by itself.
cd "$work" || exit 99
psql -qAt -c "CREATE DATABASE outputs" || exit 99
for state in postgresql:///outputs file.db; do
    "$NIXIE_REAL" scan -q --state="$state" --now=2026-11-21 "$top_srcdir/sample-mail/Maildir" \
        "$top_srcdir/sample-mail/archive.mbox" "$top_srcdir/sample-mail/older.mbox.gz" "$top_srcdir/tests/data/formats" \
        2>/dev/null
done
# Some domains have a provider that is known from elsewhere.
learned="INSERT INTO %sprovider_domain SELECT domain, 'learned', '' FROM %sevent WHERE provider = 'other' AND domain <> ''"
# shellcheck disable=SC2059  # a pattern
psql -qAt -d outputs -c "$(printf "$learned GROUP BY domain HAVING count(*) > 1 ON CONFLICT DO NOTHING" nixie. nixie.)"
"$NIXIE_REAL" merge -q --state=file.db postgresql:///outputs
while read -r words; do
    n=$((n + 1))
    # shellcheck disable=SC2086  # words
    "$NIXIE_REAL" $words --state=postgresql:///outputs --now=2026-11-21 >server.out 2>&1
    # shellcheck disable=SC2086
    "$NIXIE_REAL" $words --state=file.db --now=2026-11-21 >file.out 2>&1
    if [ -s file.out ] && cmp -s server.out file.out; then
        echo "ok $n - nixie $words: the same bytes"
    else
        echo "not ok $n - nixie $words: the same bytes"
        diff server.out file.out | head -n 10 | sed 's/^/# /'
    fi
done <<END
report
report --format=json
report --by=provider
report --by=provider --since=30d
report --by=provider --until=2026-11-10 --top=3
report --by=recipient
suppress --decision=remove,inactive,pause,review,watch,keep --format=csv
events
events --unparsed
state export
END
echo "1..$n"
