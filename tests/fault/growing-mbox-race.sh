#!/bin/sh
# SPDX-License-Identifier: MIT
# A mailbox is appended to in pieces that end in the middle of a line, by a program that locks it and by one that does
# not, while scans run. No part of a message is ever counted as one; at the end every message is, once.
#     tests/fault/growing-mbox-race.sh [MESSAGES [SEED]]      by hand: 10000
# shellcheck source=tests/fault/lib.sh
. "${top_srcdir:?}/tests/fault/lib.sh"

messages=${1:-150}
seed=${2:-$$}
if ! python3 -c 'import fcntl' 2>/dev/null; then
    skip "growing mailbox" "no python3"
    done_testing
    exit 0
fi
many 1 "$messages" 200 >all.mbox
"$NIXIE" events --now=2026-11-21 all.mbox | facts >want
for mode in lock free; do
    rm -rf s.db s.db-* ended a.mbox
    : >a.mbox
    { python3 "$top_srcdir/tests/fault/race.py" mbox a.mbox $mode "$seed" <all.mbox; : >ended; } &
    scans=0 partial=0 growing=0
    while [ ! -e ended ]; do
        run scan --state=s.db --now=2026-11-20T03:00:00Z a.mbox
        scans=$((scans + 1))
        [ "$status" -le 1 ] || partial=$((partial + 1))
        state s.db | facts >got
        [ "$(LC_ALL=C comm -13 want got | wc -l)" -eq 0 ] || partial=$((partial + 1))
        [ "$(wc -l <got)" -eq 0 ] || [ "$(wc -l <got)" -eq "$messages" ] || growing=$((growing + 1))
    done
    wait
    touch -d 2026-11-20 a.mbox
    run scan --state=s.db --now=2026-11-21 a.mbox
    state s.db | facts >got
    echo "# $mode: $scans scans, $growing of them met the mailbox half written (seed $seed)"
    check "$mode: no part of a message is counted" test $partial -eq 0
    check "$mode: at the end every message is, once" same want got
    run scan --state=s.db --full --now=2026-11-21 a.mbox
    state s.db | facts >got
    check "$mode: reading all again changes nothing" same want got
done
done_testing
