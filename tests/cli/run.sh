#!/bin/sh
# SPDX-License-Identifier: MIT
# The nightly job: sources and outputs of one file, the lock, dated copies, split lists, and the guard in front of them.
. "${top_srcdir:?}/tests/cli/lib.sh"
now=2026-11-21T03:00:00Z

# hard FIRST LAST FOLDER: a hard bounce each for user FIRST … LAST
hard () {
    mkdir -p "$3"
    i=$1
    while [ "$i" -le "$2" ]; do
        dsn "h$i" "user$i@example.com" 5.1.1 "550 5.1.1 <user$i@example.com>: User unknown" >"$3/h$i"
        i=$((i + 1))
    done
}

mkdir lists
cat >nixie.conf <<END
[nixie]
state = state.db

[source bounces]
path = mail

[output remove]
file = lists/remove.txt
format = plain
keep = 2

[output table]
file = lists/table.csv
decision = remove,watch
END
hard 1 30 mail
run run -c nixie.conf --now=$now --summary=summary.json
check "the first list is published, and says so" eval 'status_is 0 && lines lists/remove.txt 30 && [ ! -s out ] && clean_err 2'
check "that is: first list" eval '[ "$(grep -c "the first list" err)" -eq 2 ]'
check "a dated copy" same lists/remove.txt lists/remove-2026-11-21.txt
check "the second output" lines lists/table.csv 31
check "the summary is JSON" python3 -c '
import json
s = json.load(open("summary.json"))
assert s["exit_status"] == 0 and s["scan"]["messages"] == 30 and s["outputs"][0]["result"] == "published", s
assert [o["addresses"] for o in s["outputs"]] == [30, 30], s'
check "no temporary file is left" eval '[ -z "$(find lists -name ".*" -type f)" ]'
cp lists/remove.txt before
run run -c nixie.conf --now=2026-11-22T03:00:00Z
check "silent on success" eval 'status_is 0 && silent && same lists/remove.txt before'
hard 31 50 mail
run run -c nixie.conf --now=2026-11-23T03:00:00Z
check "20 more pass" eval 'status_is 0 && silent && lines lists/remove.txt 50'
check "two copies are kept" eval '[ "$(ls lists | grep -c "remove-")" -eq 2 ] && [ ! -e lists/remove-2026-11-21.txt ]'

cp lists/remove.txt before
hard 51 71 mail
run run -c nixie.conf --now=2026-11-24T03:00:00Z --summary=summary.json
check "21 more are held back: exit 3" eval 'status_is 3 && same lists/remove.txt before && clean_err 2'
check "no copy of what was held back" test ! -e lists/remove-2026-11-24.txt
check "the reason on one line" warns "output remove held back, the old file stays: 21 addresses more"
check "the summary has it" grep -q '"result":"held-back","reason":"21 addresses more' summary.json
run run -c nixie.conf --now=2026-11-24T03:00:00Z
check "held back until a person says so" eval 'status_is 3 && same lists/remove.txt before'
rm lists/remove.txt
run run -c nixie.conf --now=2026-11-24T03:00:00Z
check "a lost file does not open the gate" eval 'status_is 3 && [ ! -e lists/remove.txt ]'
run run -c nixie.conf --now=2026-11-24T03:00:00Z --confirm
check "--confirm" eval 'status_is 0 && silent && lines lists/remove.txt 71'
run run -c nixie.conf --now=2026-11-25T03:00:00Z
check "and then it is the last list" eval 'status_is 0 && silent'

# Killed between putting a list in place and remembering it: the state does not know of it, but it is the very list.
"$NIXIE" scan -q --state=fresh.db --now=$now mail
sed 's/state.db/fresh.db/; s,lists/,fresh/,' nixie.conf >fresh.conf
mkdir fresh
cp lists/remove.txt fresh
run run -c fresh.conf --now=2026-11-25T03:00:00Z
check "a list that is there byte for byte is not held back" eval 'status_is 0 && lines fresh/remove.txt 71'

# Shrinking: another profile lists nobody of these.
cat >none.profile <<END
[rules]
user-unknown = never
END
sed 's/^keep = 2/profile = none.profile/' nixie.conf >shrink.conf
cp lists/remove.txt before
run run -c shrink.conf --now=2026-11-25T03:00:00Z
check "a list that shrinks is held back" eval 'status_is 3 && same lists/remove.txt before && warns "more than 20 % fewer"'

# A file that is there without the state knowing of it.
cat >other.conf <<END
[nixie]
state = other.db
[source bounces]
path = mail
[output remove]
file = lists/remove.txt
format = plain
END
cp lists/remove.txt before
echo "somebody@example.net" >>lists/remove.txt
run run -c other.conf --now=$now
check "a list that this state never published is not replaced" eval 'status_is 3 && warns "never published it"'
mv before lists/remove.txt

# Somebody forges hard bounces for a tenth of a list of a thousand.
i=0
while [ $i -lt 1000 ]; do
    i=$((i + 1))
    echo "member$i@example.net"
done >members.txt
cat >members.conf <<END
[nixie]
state = members.db
[identity]
recipients = members.txt
[source bounces]
path = members
[output remove]
file = lists/members.txt
format = plain
END
mkdir members
dsn m1 member1@example.net 5.1.1 "550 5.1.1 User unknown" >members/m1
run run -q -c members.conf --now=$now
check "one of a thousand is listed" eval 'status_is 0 && silent && lines lists/members.txt 1'
cp lists/members.txt before
i=500
while [ $i -lt 600 ]; do
    i=$((i + 1))
    dsn "f$i" "member$i@example.net" 5.1.1 "550 5.1.1 User unknown" >members/f$i
done
run run -c members.conf --now=$now
check "a flood for ten percent: exit 3, the old list in place" \
    eval 'status_is 3 && same lists/members.txt before && clean_err 1 && warns "100 addresses more .* of 1000 known; 20 pass"'

# The same guard for a list by hand.
run suppress --guard --state=state.db --now=$now --format=plain -o lists/byhand.txt
check "suppress --guard: the first list" eval 'status_is 0 && warns "the first list" && lines lists/byhand.txt 71'
run suppress --guard --state=state.db --now=$now --format=plain --profile=none.profile -o lists/byhand.txt
check "suppress --guard holds back" eval 'status_is 3 && lines lists/byhand.txt 71 && clean_err 1'
run suppress --guard --confirm --state=state.db --now=$now --format=plain --profile=none.profile -o lists/byhand.txt
check "until --confirm" eval 'status_is 0 && lines lists/byhand.txt 0'
run suppress --guard --state=state.db --now=$now
check "a guard for standard output: exit 64" status_is 64

# Split lists.
cat >split.conf <<END
[nixie]
state = state.db
[output parts]
file = lists/parts.txt
format = plain
max-rows = 30
keep = 1
END
run run -c split.conf --now=$now
check "split: three files" eval \
    'status_is 0 && lines lists/parts.0001.txt 30 && lines lists/parts.0003.txt 11 && [ ! -e lists/parts.txt ]'
check "split: dated copies" eval 'same lists/parts.0003.txt lists/parts-2026-11-21.0003.txt'
sed -i 's/= 30/= 60/' split.conf
run run -c split.conf --now=2026-11-22T03:00:00Z
check "split: parts of an older list go" eval \
    'status_is 0 && lines lists/parts.0002.txt 11 && [ ! -e lists/parts.0003.txt ] && [ ! -e lists/parts-2026-11-21.0001.txt ]'

# One of fifty. The first holds the lock while it waits for somebody to read its output.
mkfifo pipe
printf '[nixie]\nstate = state.db\n[output pipe]\nfile = pipe\nformat = plain\n' >pipe.conf
# (--lock-wait: the question below takes the lock for a moment itself)
"$NIXIE" run -q -c pipe.conf --now=$now --lock-wait=60 >first.out 2>first.err </dev/null &
first=$!
i=0
while flock -n state.db.lock true && [ $i -lt 200 ]; do
    sleep 0.05
    i=$((i + 1))
done
pids=
i=0
while [ $i -lt 49 ]; do
    timeout 120 "$NIXIE" run -c pipe.conf --now=$now >/dev/null 2>"err.$i" </dev/null &
    pids="$pids $!"
    i=$((i + 1))
done
locked=0
for pid in $pids; do
    wait "$pid"
    [ $? -eq 75 ] && locked=$((locked + 1))
done
check "49 of 50 runs: exit 75" [ "$locked" -eq 49 ]
check "each says why in one line" eval '[ "$(cat err.* | grep -c "another run holds the lock")" -eq 49 ]'
run run -c pipe.conf --lock-wait=1 --now=$now
check "--lock-wait ends" status_is 75
"$NIXIE" run -q -c pipe.conf --now=$now --lock-wait=60 >/dev/null 2>second.err </dev/null &
second=$!
timeout 60 cat pipe >got
wait "$first"
check "the one that had it works" eval '[ $? -eq 0 ]'
check "its list" lines got 71
timeout 60 cat pipe >got
wait "$second"
check "--lock-wait gets its turn" eval '[ $? -eq 0 ] && lines got 71'

# Reports of the night, in every format, with copies as lists have them.
cat >reports.conf <<END
[nixie]
state = state.db
[output page]
file = lists/report.html
report = html
keep = 2
[output text]
file = lists/report.txt
report = text
since = 2026-11-20
[output mail]
file = lists/report.md
report = md
[output all]
file = lists/report.json
report = json
[output providers]
file = lists/providers.csv
report = csv
by = provider
[output days]
file = lists/days.txt
report = text
by = day
END
run run -c reports.conf --now=$now --summary=summary.json
check "reports: exit 0, nothing said" eval 'status_is 0 && silent && [ ! -s out ]'
for pair in "html report.html" "md report.md" "json report.json"; do
    run report --state=state.db --now=$now --format="${pair%% *}"
    check "… the same as report --format=${pair%% *}" same out "lists/${pair#* }"
done
run report --state=state.db --now=$now --since=2026-11-20
check "… the same as report --since" same out lists/report.txt
run report --state=state.db --now=$now --format=csv --by=provider
check "… the same as report --by=provider" same out lists/providers.csv
run report --state=state.db --now=$now --format=text --by=day
check "… the same as report --by=day --format=text" same out lists/days.txt
check "… a dated copy where it was asked for" eval 'same lists/report.html lists/report-2026-11-21.html && [ ! -e lists/report-2026-11-21.md ]'
check "… in the summary" grep -q '"name":"page","file":"[^"]*report.html","format":"html","result":"published"' summary.json
run run -q -c reports.conf --now=2026-11-22T03:00:00Z
run run -q -c reports.conf --now=2026-11-23T03:00:00Z
check "… and only so many copies" eval '[ "$(ls lists | grep -c "^report-.*html$")" -eq 2 ] && [ ! -e lists/report-2026-11-21.html ]'
for wrong in 'report = pdf' 'report = html
decision = remove' 'report = html
guard = no' 'report = csv
format = plain' 'report = html
by = day' 'report = csv
by = phase' 'report = text
since = yesterday' 'by = day' 'since = 7d'; do
    printf '[nixie]\nstate = state.db\n[output bad]\nfile = lists/never\n%s\n' "$wrong" >bad.conf
    run run -c bad.conf --now=$now
    check "no report: $(echo "$wrong" | tr '\n' ' ')" eval 'status_is 78 && clean_err 1 && warns "bad.conf:3: output bad: " && [ ! -e lists/never ]'
done

# Limits on what the state holds: the outputs are written, and the exit status is 2.
rm lists/report.html
run run -c reports.conf --now=$now --fail-on='hard>10,events>100000' --metrics metrics.prom
check "run --fail-on: more" eval 'status_is 2 && warns "hard [0-9]* is more than 10" && clean_err 1 && [ -s lists/report.html ]'
check "… in the metrics" eval 'grep -q "^nixie_last_run_exit_status 2$" metrics.prom && grep -q "^nixie_events{type=.hard.} [1-9]" metrics.prom'
run run -c reports.conf --now=$now --fail-on='hard>100000'
check "run --fail-on: not more" eval 'status_is 0 && silent'
run run -c reports.conf --now=$now --fail-on='weather>3'
check "run --fail-on: no limit: exit 64" eval 'status_is 64 && clean_err 1'

# The example that is installed: as it is, and with everything in it switched on.
run config -c "$top_srcdir/doc/nixie.conf.example"
check "the example configuration" eval 'status_is 0 && silent && says "^\[output pause\]"'
sed -e 's/^#\([a-z_-]* = \)/\1/' -e 's/^#\(\[\)/\1/' \
    -e 's|^recipients = .*|recipients = members.txt|' "$top_srcdir/doc/nixie.conf.example" >everything.conf
run config -c everything.conf
check "with all of its keys" eval 'status_is 0 && silent && says "^keep = 14" && says "^verp = bounce-"'

# Configurations that cannot be.
printf '[nixie]\nstate = state.db\n' >empty.conf
run run -c empty.conf
check "nothing to do: exit 78" eval 'status_is 78 && clean_err 1'
printf '[output a]\nformat = plain\n' >bad.conf
run run -c bad.conf --state=state.db
check "an output without a file: exit 78, with its line" eval 'status_is 78 && warns "bad.conf:1: output a: file is missing"'
printf '[output a]\nfile = x\nformat = nonsense\n' >bad.conf
run run -c bad.conf --state=state.db
check "no such format: exit 78" eval 'status_is 78 && clean_err 1'
printf '[output a]\nfile = x\nkeep = many\n' >bad.conf
run run -c bad.conf --state=state.db
check "a number that is none: exit 78, with its line" eval 'status_is 78 && warns "bad.conf:3: keep must be"'
printf '[output a]\nfile = x\ncolour = blue\n[output b]\nfile = nowhere/x\n' >bad.conf
run run -c bad.conf --state=state.db --now=$now
check "one output that cannot be written does not stop the others" \
    eval 'status_is 73 && [ -s x ] && warns "unknown key .colour." && warns "output b: cannot create"'
run config -c nixie.conf
check "config shows the groups" eval 'status_is 0 && says "^\[output remove\]" && says "^keep = 2" && says "^\[source bounces\]"'
done_testing
