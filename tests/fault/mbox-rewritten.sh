#!/bin/sh
# SPDX-License-Identifier: MIT
# A mail program rewrites a mailbox while it is read: its first message is expunged, another comes, and all between them
# moves. It happens in front of every call with which the scan asks the file something (tests/fault/rewrite.c). After the
# next night the ledger has every message of the mailbox as it is then: nothing was passed over where the old bytes
# ended and the new ones began; and nothing was made of the end of the one and the start of the other. Three scans: the first one of a mailbox, one that goes on where the last one stopped, and
# one that finds nothing new.
#     tests/fault/mbox-rewritten.sh [STEP [MESSAGES]]      by hand: 1 700; STEP 1 takes every call
# shellcheck source=tests/fault/lib.sh
. "${top_srcdir:?}/tests/fault/lib.sh"

step=${1:-19}
messages=${2:-130}
cc=$(command -v "${CC:-cc}" || command -v gcc)
if [ -z "$cc" ] || ! $cc -std=gnu11 -O1 -fPIC -shared -o rewrite.so "$top_srcdir/tests/fault/rewrite.c" -ldl 2>cc.err; then
    skip "rewritten at every call" "no compiler for what rewrites"
    done_testing
    exit 0
fi

# Longer than the block that is read at once: there is a place where old and new bytes meet.
many 1 "$messages" 2000 >all.mbox
many 2 $((messages + 1)) 2000 >rest.mbox
many 1 $((messages - 7)) 2000 >most.mbox
"$NIXIE" events --now=2026-11-21 rest.mbox | facts >later
"$NIXIE" events --now=2026-11-21 all.mbox | facts | LC_ALL=C sort -m - later | LC_ALL=C sort -u >either

# The state that each kind of scan begins with, and the mailbox that it meets. It is one file all the time.
: >a.mbox
: >first.db
for kind in goes-on at-rest; do
    if [ $kind = goes-on ]; then cat most.mbox; else cat all.mbox; fi >a.mbox
    touch -d 2026-11-01 a.mbox
    run scan -q --state=$kind.db --now=2026-11-18T03:00:00Z a.mbox
    check "$kind: the night before" status_is 0
done

# rewriting KIND HOW NUMBER: a scan, with the rewriting in front of that call
rewriting () {
    rm -f s.db s.db-* report
    [ ! -s "$1.db" ] || cp "$1.db" s.db
    cat all.mbox >a.mbox
    touch -d 2026-11-02 a.mbox
    timeout 60 env LD_PRELOAD="$work/rewrite.so" NIXIE_REWRITE="$3 a.mbox rest.mbox" NIXIE_REWRITE_HOW="$2" \
        NIXIE_REWRITE_REPORT=report "$NIXIE" scan -q --state=s.db --now=2026-11-20T03:00:00Z a.mbox >out 2>err
    status=$?
}

rewriting first empty 0
if ! [ -s report ]; then
    skip "rewritten at every call" "what rewrites cannot be preloaded into this program"
    done_testing
    exit 0
fi

# one KIND HOW NUMBER: that, and the next night
one () {
    rewriting "$1" "$2" "$3"
    at="$1, $2, before call $3"
    if [ $status -gt 1 ] || grep -q -v '^nixie: ' err; then
        trouble="$trouble
# $at: exit $status: $(head -n 1 err)"
        return
    fi
    ! grep -q 'a.mbox: the mailbox was rewritten' err || told=$((told + 1))
    # Who came while it was read, is there already, but for those that are written in the scan's last moment.
    state s.db | facts >got
    [ "$(LC_ALL=C comm -23 later got | wc -l)" -eq 0 ] || late=$((late + 1))
    touch -d 2026-11-02 a.mbox
    run scan -q --state=s.db --now=2026-11-21T03:00:00Z a.mbox
    state s.db | facts >got
    lost=$(LC_ALL=C comm -23 later got | wc -l)
    mixed=$((mixed + $(LC_ALL=C comm -13 either got | wc -l)))
    [ "$status" -le 1 ] && [ "$lost" -eq 0 ] || trouble="$trouble
# $at: $lost lost"
}

for kind in first goes-on at-rest; do
    rewriting $kind empty 0
    calls=$(cat report)
    check "$kind: the calls are counted" test "${calls:-0}" -ge 5
    for how in empty over; do
        trouble='' told=0 late=0 mixed=0 rounds=0 number=1
        while [ "$number" -le "$calls" ]; do
            one $kind $how $number
            rounds=$((rounds + 1))
            # Around the first block all of them: there the old bytes are kept while the file is asked about itself.
            [ $number -lt 8 ] && [ $how = empty ] && number=$((number + 1)) || number=$((number + step))
        done
        check "$kind, $how: rewritten before $rounds of $calls calls, nothing is lost" test -z "$trouble"
        [ -z "$trouble" ] || echo "$trouble" | sed 1d | head -n 20
        check "$kind, $how: no message is half an old and half a new one" test $mixed -eq 0
        echo "# $late times something came next night only"
        check "$kind, $how: read again at once, not next time" test $told -eq 0
    done
done
# Its place is taken by what is no mailbox: nothing is made of that, and next time it is read as what it is.
gzip -c rest.mbox >rest.mbox.gz
number=1 told=0 trouble=''
while [ $number -lt 8 ]; do
    rm -f s.db s.db-* report
    cat all.mbox >a.mbox
    touch -d 2026-11-02 a.mbox
    timeout 60 env LD_PRELOAD="$work/rewrite.so" NIXIE_REWRITE="$number a.mbox rest.mbox.gz" "$NIXIE" scan -q \
        --state=s.db --now=2026-11-20T03:00:00Z a.mbox >out 2>err
    ! grep -q 'a.mbox: the mailbox was rewritten' err || told=$((told + 1))
    run scan -q --state=s.db --now=2026-11-21T03:00:00Z a.mbox
    state s.db | facts >got
    [ "$status" -eq 0 ] && [ "$(LC_ALL=C comm -23 later got | wc -l)" -eq 0 ] &&
        [ "$(LC_ALL=C comm -13 either got | wc -l)" -eq 0 ] || trouble="$trouble $number"
    number=$((number + 1))
done
check "compressed while it is read: nothing is lost, and nothing made of it" test -z "$trouble"
check "… and that is told" test $told -gt 0

# Rewritten again and again: the scan ends, and the next one that is left in peace has everything.
rm -f s.db s.db-*
cat all.mbox >a.mbox
touch -d 2026-11-02 a.mbox
timeout 60 env LD_PRELOAD="$work/rewrite.so" NIXIE_REWRITE="5 a.mbox rest.mbox" NIXIE_REWRITE_TURNS=all.mbox "$NIXIE" scan -q \
    --state=s.db --now=2026-11-20T03:00:00Z a.mbox >out 2>err
status=$?
check "rewritten again and again: the scan ends" status_is 0
check "… and says that the mailbox is to be read again" eval 'warns "a.mbox: the mailbox was rewritten while it was read" && clean_err 1'
cat rest.mbox >a.mbox
touch -d 2026-11-02 a.mbox
run scan -q --state=s.db --now=2026-11-21T03:00:00Z a.mbox
state s.db | facts >got
check "… the next one has everything" test "$(LC_ALL=C comm -23 later got | wc -l)" -eq 0
done_testing
