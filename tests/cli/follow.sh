#!/bin/sh
# SPDX-License-Identifier: MIT
# events --follow-cursor: what the state got since, once, or again with the same id; nothing is left out.
. "${top_srcdir:?}/tests/cli/lib.sh"
five_bounces mail
follow () { run events --state=s.db --follow-cursor=cursor "$@"; }
ids () { event_ids "$@" | wc -l; }

"$NIXIE" scan -q --state=s.db --now=2026-11-21 mail/3 mail/4
follow
check "from the start" eval 'status_is 0 && silent && lines out 2'
cat out >all
follow
check "nothing new: nothing" eval 'status_is 0 && lines out 0'
cp cursor old
"$NIXIE" scan -q --state=s.db --now=2026-11-22 mail
follow
check "what came later, also what is dated earlier" eval 'lines out 3 && says "ann@example.com" && says "eve@"'
cat out >>all
check "all together: each once" eval '[ "$(ids all)" -eq 5 ] && lines all 5'
cp old cursor
follow
check "an older position: again, with the same ids" eval 'lines out 3 && cat out >>all && [ "$(ids all)" -eq 5 ]'
follow --since=2026-11-05
rm cursor
follow --since=2026-11-05T00:00:00Z
check "--since is about the date of the failure" eval 'lines out 2 && says "dot@" && says "eve@"'
follow
check "and what it left out was passed over" lines out 0

# A consumer that breaks: the cursor stays
rm cursor
"$NIXIE" events --state=s.db --follow-cursor=cursor >/dev/full 2>err
status=$?
check "the output breaks: exit 74, no cursor" eval 'status_is 74 && [ ! -e cursor ]'
run events --state=s.db --follow-cursor=cursor -o nowhere/batch
check "no output: no cursor" eval 'status_is 73 && [ ! -e cursor ]'
follow -o batch
check "into a file" eval 'lines batch 5 && [ -s cursor ]'

# Merged, judged again, another copy
rm -f cursor
follow
mkdir more
dsn 6 fay@example.com 5.1.1 "550 5.1.1 User unknown" "Sun, 1 Nov 2026 08:00:00 +0000" >more/6
"$NIXIE" scan -q --partial=part --now=2026-11-22 mail more
"$NIXIE" merge -q --state=s.db part
follow
check "a merge brings one" eval 'lines out 1 && says "fay@"'
printf 'id\tscope\tstatus\treply\tmatch\ttext\treason\ttype\twitness\nmine\tall\t-\t-\tcontains\tHost unknown\tmailbox-full\tsoft\t550 5.1.2 Host unknown\n' >rules.tsv
"$NIXIE" scan -q --state=s.db --now=2026-11-23 --rules=rules.tsv mail
follow
check "other rules: what is judged otherwise comes again" eval \
    'lines out 1 && says "dot@" && says "\"rule\":\"mine\"" && cat out >>all && [ "$(ids all)" -eq 5 ]'

# What goes takes no number with it
"$NIXIE" state forget -q --state=s.db --now=2026-11-24 dot@example.org
follow
check "forgotten: nothing to tell" lines out 0
dsn 7 gus@example.com 5.1.1 "550 5.1.1 User unknown" >more/7
"$NIXIE" scan -q --state=s.db --now=2026-11-24 --rules=rules.tsv more
follow
check "whoever takes the place of the last one is told" eval 'lines out 1 && says "gus@"'

# Another state, an older one, no cursor at all
"$NIXIE" scan -q --state=other.db --now=2026-11-22 mail
run events --state=other.db --follow-cursor=cursor
check "the cursor of another state: all, with a warning" eval 'status_is 0 && lines out 5 && warns "of another state"'
run events --state=other.db --follow-cursor=cursor
check "then it is this one's" eval 'silent && lines out 0'
if [ -n "${NIXIE_TEST_SERVER:-}" ]; then
    skip "a backup that was put back" "on a server the numbers go on: what is scanned again comes again"
else
    "$NIXIE" scan -q --state=backup.db --now=2026-11-22 mail/1
    cp backup.db restored.db
    run events --state=backup.db --follow-cursor=cursor
    "$NIXIE" scan -q --state=backup.db --now=2026-11-22 mail/2 mail/3
    run events --state=backup.db --follow-cursor=cursor
    run events --state=restored.db --follow-cursor=cursor
    check "a backup that was put back: all" eval 'lines out 1 && warns "of another state"'
fi
printf 'this is\nno cursor\n' >text
run events --state=s.db --follow-cursor=text
check "no cursor: exit 65, left as it is" eval 'status_is 65 && clean_err 1 && lines text 2'
run events --state=s.db --follow-cursor=cursor mail
check "not of PATHs: exit 64" status_is 64
follow
follow --format=csv
check "csv has its head" lines out 1

# Killed between writing and remembering, in the middle, or not: nothing is lost
"$NIXIE" scan -q --state=k.db --now=2026-11-22 mail more
: >got
rm -f cursor
for delay in 0.01 0.02 0.03 0.05 0.08 9; do
    timeout -s KILL "$delay" "$NIXIE" events --state=k.db --follow-cursor=cursor -o batch 2>/dev/null
    [ ! -f batch ] || { cat batch >>got && rm batch; }
done
check "killed: each event at least once" eval '[ "$(ids got)" -eq 7 ]'
done_testing
