#!/bin/sh
# SPDX-License-Identifier: MIT
# Following a shared ledger while somebody else's transaction is open: who began first may commit last, and what he brings
# must not fall out.
: "${top_srcdir:?}" "${top_builddir:?}" "${NIXIE:?}"
. "$top_srcdir/tests/server/lib.sh"
. "$top_srcdir/tests/cli/lib.sh"
five_bounces mail
psql -qAt -c 'CREATE DATABASE follow' >/dev/null
state=postgresql:///follow
follow () { run events --state="$state" --follow-cursor=cursor; }

"$NIXIE" scan -q --state="$state" --now=2026-11-21 mail/1 mail/2
follow
check "from the start" eval 'status_is 0 && lines out 2'
cat out >all

mkfifo sql
psql -qAt -d follow <sql >psql.out 2>psql.err &
session=$!
exec 3>sql
# What a host does that is slow to commit.
cat >&3 <<END
BEGIN;
UPDATE nixie.event SET reason = 'mailbox-full', given = pg_current_xact_id ()::text::bigint WHERE address = 'ann@example.com';
SELECT 'open';
END
i=0
until grep -q open psql.out || [ $i -ge 100 ]; do
    i=$((i + 1))
    sleep 0.1
done
"$NIXIE" scan -q --state="$state" --now=2026-11-22 mail
follow
check "the other host's transaction is open" grep -q open psql.out
check "nothing of it is told" eval 'status_is 0 && ! says mailbox-full'
cat out >>all
follow
cat out >>all
echo "COMMIT;" >&3
exec 3>&-
wait "$session"
follow
check "committed: it comes, though later ones were there before" says '"recipient":"ann@example.com".*'
check "as it is now" says '"reason":"mailbox-full"'
cat out >>all
check "and nobody is left out" eval '[ "$(event_ids all | wc -l)" -eq 5 ]'
follow
check "then there is nothing more" lines out 0
done_testing
