#!/bin/sh
# SPDX-License-Identifier: MIT
# What happens to a mailbox between two nights: whatever it is, the state holds each bounce exactly once, and dropping
# the cursors changes nothing.
. "${top_srcdir:?}/tests/cli/lib.sh"

# put N…: the bounces with these numbers as an mbox on standard output; they are noted as delivered
put () {
    for n in "$@"; do
        dsn "$n" "user$n@example.com" 5.1.1 "550 5.1.1 No such user $n" | as_mbox
        echo "$n" >>delivered
    done
}
begin () { # NAME: a new mailbox with three bounces, scanned once
    name=$1
    rm -rf box* s.db* delivered Maildir
    put 1 2 3 >box
    night box
}
night () { # PATH…: one scan
    run scan --state=s.db "$@"
}
exact () { # each delivered bounce is in the state, once
    "$NIXIE" events --state=s.db | sed 's/.*"recipient":"user\([0-9]*\)@.*/\1/' | sort -n >have
    sort -n -u delivered >want
    check "$name" same have want
}
exact_by_reading_all () { # the same, also when everything is read again
    exact
    run scan --state=s.db --full "$@"
    check "$name: the cursor hid nothing" warns ", nothing new$"
}
append () { put "$@" >>box; }
# rewrite N…: the mailbox anew with these bounces of before
rewrite () {
    for n in "$@"; do
        dsn "$n" "user$n@example.com" 5.1.1 "550 5.1.1 No such user $n" | as_mbox
    done
}

begin "unchanged"; night box
check "unchanged: nothing is read" warns "^nixie: 0 messages read, nothing new$"
exact_by_reading_all box
begin "grown by one"; append 4; night box
check "grown by one: one is read" warns "^nixie: 1 message read, 1 new"
exact_by_reading_all box
begin "grown by many"; append 4 5 6 7 8 9; night box; exact_by_reading_all box
begin "grown night by night"
for n in 4 5 6 7; do append $n; night box; done
exact_by_reading_all box
begin "touched"; touch box; night box; exact_by_reading_all box
begin "emptied"; : >box; night box; exact box
begin "emptied and filled again"; put 4 5 >box; night box; exact_by_reading_all box
begin "emptied and filled with more than before"; put 4 5 6 7 8 >box; night box; exact_by_reading_all box
begin "rotated"; mv box box.1; put 4 5 >box; night box; exact_by_reading_all box
begin "rotated, both read"; mv box box.1; put 4 5 >box; night box.1 box; exact box
begin "rotated and compressed"; append 4; mv box box.1; gzip box.1; put 5 >box; night box.1.gz box; exact box
begin "compressed in its place"; append 4; gzip -c box >box.new; mv box.new box; night box; exact box
begin "copied and truncated"; append 4; cp box box.1; : >box; put 5 >>box; night box.1 box; exact box
begin "the first is expunged"; rewrite 2 3 >box.new; cat box.new >box; append 4; night box; exact_by_reading_all box
begin "one in the middle is expunged"; rewrite 1 3 >box.new; cat box.new >box; append 4; night box; exact_by_reading_all box
begin "the last is expunged"; rewrite 1 2 >box.new; cat box.new >box; append 4; night box; exact_by_reading_all box
begin "all are expunged but one"; rewrite 3 >box.new; mv box.new box; append 4; night box; exact_by_reading_all box
begin "read by a mail program: Status fields"
sed 's/^Subject: Und/Status: RO\nX-Status: A\nSubject: Und/' box >box.new; cat box.new >box; append 4; night box
exact_by_reading_all box
begin "read by a mail program: From lines anew"
sed 's/^From MAILER-DAEMON .*/From - Tue Nov  3 10:00:00 2026/' box >box.new; cat box.new >box; append 4; night box
exact_by_reading_all box
begin "sorted anew"; rewrite 3 1 2 >box.new; cat box.new >box; append 4; night box; exact_by_reading_all box
begin "new mail in front"; put 4 >box.new; cat box >>box.new; cat box.new >box; night box; exact_by_reading_all box
begin "other content of the same size"; size=$(wc -c <box); put 7 8 9 >box
check "… it is the same size" [ "$(wc -c <box)" -eq "$size" ]
night box; exact_by_reading_all box
begin "other content, same size, same time"; touch -r box stamp; put 7 8 9 >box; touch -r stamp box; night box; exact box
begin "restored from a backup"; cp -p box box.new; mv box.new box; append 4; night box; exact_by_reading_all box
begin "another name"; mv box box.other; put 4 >>box.other; night box.other; exact_by_reading_all box.other
begin "gone and back"; mv box aside; run scan --state=s.db box; mv aside box; append 4; night box; exact_by_reading_all box
begin "the same bounce twice"; rewrite 2 >>box; append 4; night box; exact_by_reading_all box
begin "line ends of DOS"; sed 's/$/\r/' box >box.new; mv box.new box; night box; exact_by_reading_all box
begin "moved into a Maildir"; mkdir -p Maildir/new Maildir/cur Maildir/tmp
for n in 1 2 3 4; do dsn $n "user$n@example.com" 5.1.1 "550 5.1.1 No such user $n" >Maildir/new/176.M$n.host; done
echo 4 >>delivered; rm box; night Maildir; exact Maildir
begin "named in another way"; append 4; night ./box "$work/box"; exact_by_reading_all box
begin "an empty line more"; echo >>box; night box; append 4; night box; exact_by_reading_all box

# A message whose end is not written yet waits: cut at many places, completed the next night.
put 4 >whole
size=$(wc -c <whole)
at=3
while [ $at -lt "$size" ]; do
    begin "cut after $at bytes, then completed"
    head -c $at whole >>box
    night box
    "$NIXIE" events --state=s.db >have-events
    check "$name: nothing of it counts yet" lines have-events 3
    tail -c +$((at + 1)) whole >>box
    echo 4 >>delivered
    night box
    exact_by_reading_all box
    at=$((at + 131))
done
begin "cut, warned"; head -c 500 whole >>box; night box
check "cut: a warning and exit 1" eval 'status_is 1 && warns "^nixie: box: at byte [0-9]*: .*waits" && clean_err 2'
begin "cut for good"; head -c 700 whole >>box; touch -d '10 minutes ago' box; night box
check "cut for good: it is taken as it is, with a warning" eval 'status_is 1 && warns "ends in the middle"'

# A message without an end of its own is taken when nobody writes any more.
begin "text at the end"; letter 9 | as_mbox >>box; night box
check "text at the end: taken" warns "1 message read, 1 new"
begin "being written"
letter 9 | as_mbox >>box
(for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do sleep 0.2; echo "line $i" >>box; done) &
night box
check "being written: it waits" warns "^nixie: 0 messages read, nothing new$"
wait
done_testing
