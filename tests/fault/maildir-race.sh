#!/bin/sh
# SPDX-License-Identifier: MIT
# Mail is delivered into a Maildir, read, and its flags flipped while scans run; then a last scan. Nothing is lost and
# nothing counted twice.
#     tests/fault/maildir-race.sh [ROUNDS [DELIVERIES [SEED]]]      by hand: 20 20000
# shellcheck source=tests/fault/lib.sh
. "${top_srcdir:?}/tests/fault/lib.sh"

rounds=${1:-1}
deliveries=${2:-600}
seed=${3:-$$}
if ! python3 -c 'import fcntl' 2>/dev/null; then
    skip "Maildir race" "no python3"
    done_testing
    exit 0
fi
many 1 "$deliveries" >all.mbox
"$NIXIE" events --now=2026-11-21 all.mbox | facts >want
check "all deliveries are known" test "$(wc -l <want)" -eq "$deliveries"
lost=0 doubled=0 wrong=0 scans=0 round=0
while [ $round -lt "$rounds" ]; do
    round=$((round + 1))
    rm -rf m s.db s.db-* ended
    mkdir -p m/cur m/new m/tmp
    { python3 "$top_srcdir/tests/fault/race.py" maildir m 1 $((seed + round)) <all.mbox; : >ended; } &
    while [ ! -e ended ]; do
        run scan --state=s.db --now=2026-11-20T03:00:00Z m
        scans=$((scans + 1))
        [ "$status" -eq 0 ] || { wrong=$((wrong + 1)); sed 's/^/# /' err | head -n 3; }
    done
    wait
    run scan --state=s.db --now=2026-11-21 m
    [ "$status" -eq 0 ] || wrong=$((wrong + 1))
    state s.db | facts >got
    lost=$((lost + $(LC_ALL=C comm -23 want got | wc -l)))
    doubled=$((doubled + $(LC_ALL=C comm -13 want got | wc -l)))
done
echo "# $rounds rounds of $deliveries deliveries, $scans scans meanwhile: $lost lost, $doubled doubled (seed $seed)"
check "nothing is lost" test $lost -eq 0
check "nothing is doubled" test $doubled -eq 0
check "no scan had trouble" test $wrong -eq 0
done_testing
