#!/bin/sh
# SPDX-License-Identifier: MIT
# A scan killed at any moment: whatever the moment, the next one goes on, and the state says at the end, byte for byte,
# what an undisturbed scan makes it say.
#     tests/fault/kill.sh [KILLS [MESSAGES [SEED]]]
# `make check` kills 50 times on a small mail; by hand: NIXIE=build/nixie top_srcdir=. tests/fault/kill.sh 1000 20000
# shellcheck source=tests/fault/lib.sh
. "${top_srcdir:?}/tests/fault/lib.sh"

kills=${1:-50}
messages=${2:-9600} # more than two transactions hold
seed=${3:-$$}

third=$((messages / 3))
many 1 $third >a.mbox
many $((third + 1)) $((third * 2)) | gzip -1 >b.mbox.gz
many $((third * 2 + 1)) "$messages" | maildir m
set -- a.mbox b.mbox.gz m
touch -d 2026-11-01 a.mbox

milliseconds () { # of the clock; whole seconds where date(1) knows no more
    case $(date +%N) in
    *N*) echo "$(date +%s)000" ;;
    *) echo $(($(date +%s%N) / 1000000)) ;;
    esac
}
start=$(milliseconds)
"$NIXIE" scan -q --state=golden.db --now=2026-11-21 "$@"
span=$(($(milliseconds) - start))
state golden.db >golden
# With a state export the other tables are compared, too.
if "$NIXIE" help state 2>/dev/null | grep -q export && "$NIXIE" state export --state=golden.db >golden.export 2>/dev/null; then
    export=yes
else
    export=no
fi
check "the undisturbed scan is complete" eval '[ "$(wc -l <golden)" -eq "$messages" ]'
echo "# $messages messages in $span ms, seed $seed; compared by state export, too: $export"

# finish_round: a last scan without a kill, and what it made
finish_round () {
    rounds=$((rounds + 1))
    "$NIXIE" scan -q --state=s.db --now=2026-11-21 "$@" 2>err || failed="$failed; round $rounds: scan failed"
    state s.db >got
    cmp -s golden got || failed="$failed; round $rounds: another state"
    if [ $export = yes ]; then
        "$NIXIE" state export --state=s.db >got.export
        cmp -s golden.export got.export || failed="$failed; round $rounds: another export"
    fi
    if command -v sqlite3 >/dev/null 2>&1; then
        [ "$(sqlite3 s.db 'PRAGMA integrity_check')" = ok ] || failed="$failed; round $rounds: damaged"
    fi
    rm -f s.db s.db-*
}

# A round is up to eight kills on one state, each of them up to the whole time of a scan after its start.
killed=0 early=0 rounds=0 failed='' in_round=0 resumed=0
awk -v seed="$seed" -v span="$span" -v n=$((kills * 4 + 20)) \
    'BEGIN { srand(seed); for (i = 0; i < n; i++) printf "%.3f\n", rand() * rand() * span / 1000 }' >delays
while [ $killed -lt "$kills" ] && read -r delay; do
    "$NIXIE" scan -q --state=s.db --now=2026-11-21 "$@" 2>err &
    pid=$!
    sleep "$delay"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    ended=$?
    if [ $ended -eq 137 ]; then
        killed=$((killed + 1)) in_round=$((in_round + 1))
        [ ! -f s.db-wal ] || resumed=$((resumed + 1))
    else
        early=$((early + 1))
        [ $ended -eq 0 ] || failed="$failed; a scan that nobody killed ended with $ended"
    fi
    if [ $in_round -ge 8 ] || [ $ended -ne 137 ]; then
        finish_round "$@"
        in_round=0
    fi
done <delays
[ $in_round -eq 0 ] || finish_round "$@"
echo "# $killed kills in $rounds rounds, $resumed of them with an open journal; $early scans were faster"
# The processes that read the mail, killed one after another: the scan goes on without them, and nothing is lost.
rm -f s.db s.db-*
"$NIXIE" scan -q --state=s.db --now=2026-11-21 --jobs=2 "$@" 2>err &
pid=$!
children=0
while [ $children -lt 20 ] && kill -0 $pid 2>/dev/null; do
    for child in $(cat /proc/$pid/task/$pid/children 2>/dev/null); do
        kill -9 "$child" 2>/dev/null && children=$((children + 1))
        break
    done
    sleep 0.03
done
wait $pid
ended=$?
if [ $children -gt 0 ]; then
    state s.db >got
    echo "# $children parse processes were killed"
    check "killed parse processes: the scan ends well, the state is the same" eval '[ $ended -eq 0 ] && cmp -s golden got'
else
    skip "killed parse processes" "there were none to be found"
fi
# None of them outlives the scan.
"$NIXIE" scan -q --state=t.db --now=2026-11-21 --jobs=2 "$@" 2>err &
pid=$!
sleep "$(awk -v span=$span 'BEGIN { printf "%.3f", span / 2000 }')"
children=$(cat /proc/$pid/task/$pid/children 2>/dev/null)
kill -9 $pid 2>/dev/null
wait $pid 2>/dev/null
sleep 0.5
left=0
for child in $children; do
    grep -q '^State:.[RSDT]' "/proc/$child/status" 2>/dev/null && left=$((left + 1)) # a zombie is dead
done
check "no process is left over by a killed scan" test $left -eq 0

check "$kills scans were killed" test "$killed" -eq "$kills"
check "the state is the same after each of $rounds rounds" test -z "$failed"
[ -z "$failed" ] || echo "# $failed"
done_testing
