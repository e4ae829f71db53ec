#!/bin/sh
# SPDX-License-Identifier: MIT
# The clock goes wrong, or the dates of the mail are: nothing that was decided flips, and no history that did not change
# is told otherwise.
# shellcheck source=tests/fault/lib.sh
. "${top_srcdir:?}/tests/fault/lib.sh"

all=remove,inactive,pause,review,watch,keep
# list STATE NOW DECISIONS: on standard output
list () {
    "$NIXIE" suppress --state="$1" --now="$2" --decision="$3"
}
mail () { # NUMBER ADDRESS STATUS TEXT DATE
    dsn "$1" "$2" "$3" "$4" "$5" | as_mbox
}
sane () { # dates of four digits, no negative number
    ! grep -q -E '(^|,)-[0-9]|,[0-9]{5,}-[0-9]{2}-' "$1"
}

{
    mail 1 gone@example.com 5.1.1 "550 5.1.1 User unknown" "Mon, 2 Nov 2026 08:00:00 +0000"
    for day in 02 06 10 14 18; do
        mail "2$day" full@example.com 4.2.2 "452 4.2.2 Mailbox full" "$day Nov 2026 09:00:00 +0000"
        mail "3$day" late@example.net 4.2.1 "450 4.2.1 mailbox disabled" "$day Nov 2026 10:00:00 +0000"
    done
    mail 4 once@example.net 4.2.2 "452 4.2.2 Mailbox full" "Thu, 19 Nov 2026 10:00:00 +0000"
    mail 5 spam@example.org 5.7.1 "550 5.7.1 Message rejected as spam" "Thu, 19 Nov 2026 11:00:00 +0000"
    mail 6 half@example.org 5.2.1 "550 5.2.1 mailbox disabled" "Thu, 19 Nov 2026 12:00:00 +0000"
} >good.mbox
touch -d 2026-11-20 good.mbox
"$NIXIE" scan -q --state=s.db --now=2026-11-20T03:00:00Z good.mbox
list s.db 2026-11-20T03:00:00Z $all >before
list s.db 2026-11-20T03:00:00Z remove,inactive >removed
check "the lists are not empty" eval '[ "$(wc -l <before)" -ge 6 ] && [ "$(wc -l <removed)" -ge 2 ]'

# An hour back, as after a correction: nothing at all is told otherwise.
list s.db 2026-11-20T02:00:00Z $all >after
check "an hour back: the same, with every date" same before after
# Through the hour that is skipped or doubled in summer time, and a leap second.
for now in 2026-10-25T00:59:59Z 2026-10-25T01:00:00Z 2027-03-28T01:00:00Z 2016-12-31T23:59:60Z; do
    list s.db $now remove,inactive >after
    check "$now: nobody comes or goes" same removed after
done
# The wrong year: what is removed stays removed, nobody else comes to it; the numbers are numbers.
for now in 2025-11-20T03:00:00Z 1970-01-01T00:00:00Z 1999-12-31T23:59:59Z 2027-11-20T03:00:00Z 2038-01-19T03:14:08Z \
    2106-02-07T06:28:16Z 9999-12-31T23:59:59Z; do
    list s.db $now remove,inactive >after
    check "$now: nobody comes or goes" same removed after
    list s.db $now $all >after
    check "$now: every address once, no absurd number" \
        eval 'sane after && cut -d, -f1 before | LC_ALL=C sort >a && cut -d, -f1 after | LC_ALL=C sort | cmp -s - a'
    # Back: whoever was paused may stay paused, and nothing is decided that was not before.
    case $now in 1*|2025*)
        cut -d, -f1,4 before >a; cut -d, -f1,4 after >b
        check "$now: no decision flips" same a b ;;
    esac
    run report --state=s.db --now=$now
    check "$now: report" status_is 0
    run explain --state=s.db --now=$now full@example.com
    check "$now: explain" eval '[ "$status" -le 1 ] && ! grep -q -E "(^| )-[0-9]+ " out'
done

# A scan by a wrong clock leaves nothing behind.
cp s.db wrong.db
for now in 1970-01-01T00:00:00Z 2106-02-07T06:28:16Z 2025-11-20T03:00:00Z; do
    mail 7 new@example.org 4.2.2 "452 4.2.2 Mailbox full" "Fri, 20 Nov 2026 01:00:00 +0000" >new.mbox
    touch -d 2026-11-20 new.mbox
    run scan --state=wrong.db --full --now=$now good.mbox new.mbox
    check "a scan in $now" status_is 0
done
cp s.db right.db
run scan --state=right.db --now=2026-11-20T03:00:00Z new.mbox
list right.db 2026-11-20T03:00:00Z $all >want
list wrong.db 2026-11-20T03:00:00Z $all >after
check "scans by a wrong clock decide nothing" same want after

# Events with absurd dates beside the good ones: they change no decision about other addresses, and a single one never
# removes what needs several days.
number=100
absurd () { # NAME DATE
    number=$((number + 1))
    rm -f odd.db*
    {
        cat good.mbox
        mail $number "odd@example.com" 4.2.2 "452 4.2.2 Mailbox full" "$2"
        mail $((number + 100)) "once@example.net" 4.2.2 "452 4.2.2 Mailbox full" "$2"
    } >odd.mbox
    touch -d 2026-11-20 odd.mbox
    run scan --state=odd.db --now=2026-11-20T03:00:00Z odd.mbox
    check "event of $1: scan" status_is 0
    list odd.db 2026-11-20T03:00:00Z $all >after
    grep -v '^odd@\|^once@' after >others
    grep -v '^once@' before >a
    check "event of $1: the others stay" same a others
    check "event of $1: no removal by it" eval '! grep -q "^odd@[^,]*,[^,]*,[^,]*,remove\|^once@[^,]*,[^,]*,[^,]*,remove" after && sane after'
    for now in 2026-11-20T02:00:00Z 2025-11-20T03:00:00Z 2038-01-19T03:14:08Z; do
        list odd.db $now remove,inactive >b
        grep -v '^odd@\|^once@' b >others
        check "event of $1, clock at $now: nobody comes or goes" eval 'same removed others && ! grep -q "^odd@\|^once@" b'
    done
}
absurd 1900 "Mon, 1 Jan 1900 00:00:00 +0000"
absurd 1970 "Thu, 1 Jan 1970 00:00:00 +0000"
absurd 9999 "Fri, 31 Dec 9999 23:59:59 +0000"
absurd 2106 "Sun, 7 Feb 2106 06:28:16 +0000"
absurd "no date" "sometime"
absurd "no zone" "Fri, 20 Nov 2026 01:00:00"
absurd "a date before Christ" "Fri, 20 Nov -2400 01:00:00 +0000"
done_testing
