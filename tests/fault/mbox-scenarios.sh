#!/bin/sh
# SPDX-License-Identifier: MIT
# What happens to a mailbox between two nights: whatever it is, the ledger ends with every bounce once, and with the
# same when everything is read again without the places where reading stopped.
# shellcheck source=tests/fault/lib.sh
. "${top_srcdir:?}/tests/fault/lib.sh"

scenario "grows by a message a night"
for i in 1 2 3 4 5; do
    box $i >>a.mbox; settle a.mbox
    night a.mbox; so_far
done
finish a.mbox

scenario "grows by many, rests, grows again"
box 1 2 3 4 >a.mbox; settle a.mbox; night a.mbox
night a.mbox; night a.mbox; so_far
box 5 6 7 >>a.mbox; settle a.mbox; night a.mbox
finish a.mbox

scenario "truncated to its first messages, then grows"
box 1 2 >a.mbox; size=$(wc -c <a.mbox); box 3 4 5 >>a.mbox; settle a.mbox; night a.mbox
truncate -s "$size" a.mbox; settle a.mbox; night a.mbox; so_far
box 6 >>a.mbox; settle a.mbox; night a.mbox
finish a.mbox

scenario "truncated in the middle of a message"
box 1 2 4 5 >a.mbox; settle a.mbox; night a.mbox
truncate -s 3000 a.mbox; night a.mbox; so_far
finish a.mbox

scenario "emptied, then new mail"
box 1 2 3 >a.mbox; settle a.mbox; night a.mbox
: >a.mbox; night a.mbox; so_far
box 4 5 >a.mbox; settle a.mbox; night a.mbox
finish a.mbox

scenario "rotated by renaming"
box 1 2 3 >a.mbox; settle a.mbox; night a.mbox
box 4 >>a.mbox; mv a.mbox a.mbox.1; box 5 >a.mbox; settle a.mbox a.mbox.1; night a.mbox a.mbox.1
mv a.mbox.1 a.mbox.2; mv a.mbox a.mbox.1; box 6 >a.mbox; settle a.mbox; night a.mbox a.mbox.1 a.mbox.2
finish a.mbox a.mbox.1 a.mbox.2

scenario "rotated and compressed"
box 1 2 3 >a.mbox; settle a.mbox; night a.mbox
box 4 >>a.mbox; gzip -c a.mbox >a.mbox.1.gz; box 5 | gzip -c >>a.mbox.1.gz
box 6 >new; mv new a.mbox; settle a.mbox a.mbox.1.gz
night a.mbox a.mbox.1.gz
finish a.mbox a.mbox.1.gz

scenario "compressed under its own name, and unpacked again"
box 1 2 3 >a.mbox; settle a.mbox; night a.mbox
box 4 >>a.mbox; gzip -c a.mbox >z; mv z a.mbox; settle a.mbox; night a.mbox; so_far
gzip -dc a.mbox >z; box 5 >>z; mv z a.mbox; settle a.mbox; night a.mbox
finish a.mbox

scenario "the first message is expunged, another comes"
box 1 2 3 4 >a.mbox; settle a.mbox; night a.mbox
box 2 3 4 5 >n; mv n a.mbox; settle a.mbox; night a.mbox; so_far
box 3 4 5 6 >n; cat n >a.mbox; settle a.mbox; night a.mbox
finish a.mbox

scenario "a message in the middle is expunged, another comes"
box 1 2 3 4 >a.mbox; settle a.mbox; night a.mbox
box 1 3 4 5 >n; cat n >a.mbox; settle a.mbox; night a.mbox
finish a.mbox

scenario "the last message is expunged, another comes"
box 1 2 3 4 >a.mbox; settle a.mbox; night a.mbox
box 1 2 3 5 >n; cat n >a.mbox; settle a.mbox; night a.mbox
finish a.mbox

scenario "Status headers are added to all"
box 1 2 3 >a.mbox; settle a.mbox; night a.mbox
box 1 2 3 4 | sed 's/^Date: /Status: RO\nX-Status: A\nX-UID: 17\nDate: /' >n; cat n >a.mbox; settle a.mbox; night a.mbox
so_far
box 1 2 3 4 5 | sed 's/^Date: /Status: O\nX-Keywords: NonJunk\nContent-Length: 1234\nDate: /' >a.mbox; settle a.mbox
night a.mbox
finish a.mbox

scenario "all is expunged but the folder's own first message"
internal () {
    printf 'From MAILER-DAEMON Mon Nov  2 08:00:00 2026\nDate: 02 Nov 2026 08:00:00 +0000\n%s\n' \
        'From: Mail System Internal Data <MAILER-DAEMON@mx.example.org>'
    printf 'Subject: DON'\''T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nMessage-ID: <1@mx.example.org>\nX-IMAP: 1 %s\n' "$1"
    printf 'Status: RO\n\nThis text is part of the internal format of your mail folder, and is not\na real message.\n\n'
}
box 1 2 3 >a.mbox; settle a.mbox; night a.mbox
{ internal 0000000004; box 1 2 3 4; } >n; cat n >a.mbox; settle a.mbox; night a.mbox; so_far
internal 0000000004 >a.mbox; settle a.mbox; night a.mbox; so_far
box 5 >>a.mbox; settle a.mbox; night a.mbox
finish a.mbox

scenario "alike messages of one size with long tails: one goes, another comes"
tail=$(awk 'BEGIN { for (i = 0; i < 800; i++) print "the same news in every copy" }')
alike () { # NUMBER, a multiple of three
    mkdir -p truth
    { bounce "$1"; echo "$tail"; } >"truth/$1"
    as_mbox <"truth/$1"
}
{ alike 300; alike 303; alike 306; alike 309; } >a.mbox; settle a.mbox; night a.mbox; so_far
{ alike 300; alike 303; alike 309; alike 312; } >n; cat n >a.mbox; settle a.mbox; night a.mbox; so_far
{ alike 300; alike 309; alike 312; alike 315; } >n; cat n >a.mbox; settle a.mbox; night a.mbox; so_far
{ alike 300; alike 312; alike 318; alike 321; alike 324; } >n; mv n a.mbox; settle a.mbox; night a.mbox
finish a.mbox

scenario "same inode, new content, longer"
box 1 2 3 >a.mbox; settle a.mbox; night a.mbox
box 4 5 6 7 >n; cat n >a.mbox; settle a.mbox; night a.mbox
finish a.mbox

scenario "same size, other bytes"
box 1 2 4 5 >a.mbox; settle a.mbox; night a.mbox
box 1 2 7 8 >n; cat n >a.mbox; settle a.mbox; night a.mbox
finish a.mbox

scenario "same size, other bytes, time of change set back"
box 1 2 4 5 >a.mbox; settle a.mbox; touch -r a.mbox stamp; night a.mbox
box 1 7 4 8 >n; cat n >a.mbox; touch -r stamp a.mbox; night a.mbox
finish a.mbox

scenario "copied away and emptied, grows beyond its old size"
box 1 2 3 >a.mbox; settle a.mbox; night a.mbox
box 4 >>a.mbox; cp a.mbox a.mbox.1; box 5 6 7 8 9 >n; cat n >a.mbox; settle a.mbox a.mbox.1; night a.mbox a.mbox.1
finish a.mbox a.mbox.1

scenario "renamed, grows under its new name"
box 1 2 3 >a.mbox; settle a.mbox; night a.mbox
mv a.mbox b.mbox; box 4 >>b.mbox; settle b.mbox; night b.mbox
finish b.mbox

scenario "two boxes change names"
box 1 2 3 >a.mbox; box 4 5 6 >b.mbox; settle a.mbox b.mbox; night a.mbox b.mbox
mv a.mbox c.mbox; mv b.mbox a.mbox; mv c.mbox b.mbox; box 7 >>a.mbox; box 8 >>b.mbox; settle a.mbox b.mbox
night a.mbox b.mbox
finish a.mbox b.mbox

scenario "one box under two names"
box 1 2 >a.mbox; settle a.mbox; ln a.mbox b.mbox; night a.mbox b.mbox
box 3 >>a.mbox; settle a.mbox; night b.mbox; so_far
box 4 >>a.mbox; settle a.mbox; night a.mbox
finish a.mbox b.mbox

scenario "moved into a Maildir between nights"
box 1 2 3 4 >a.mbox; settle a.mbox; night a.mbox
mkdir -p m/cur m/new m/tmp; box 5 >/dev/null
for i in 1 2 3 4 5; do cp "truth/$i" "m/cur/100$i.P1.host:2,S"; done
: >a.mbox; night a.mbox m
finish a.mbox m

scenario "moved from a Maildir into a box"
mkdir -p m/cur m/new m/tmp; box 1 2 3 4 >/dev/null
for i in 1 2 3; do cp "truth/$i" "m/new/100$i.P1.host"; done
night m
rm m/new/*; box 1 2 3 4 >a.mbox; settle a.mbox; night a.mbox m
finish a.mbox m

scenario "the box becomes a folder"
box 1 2 3 >a; settle a; night a
mv a old; mkdir a; box 4 >>old; mv old a/old.mbox; box 5 >a/new.mbox; settle a/*; night a; so_far
rm -rf a; mkdir -p a/cur a/new a/tmp; box 6 >/dev/null; for i in 3 6; do cp "truth/$i" "a/new/100$i.P2.host"; done; night a
finish a

scenario "the name is a symbolic link that changes"
box 1 2 >a.mbox; box 4 5 6 >b.mbox; settle a.mbox b.mbox; ln -s a.mbox box; night box
ln -sfn b.mbox box; night box; so_far
box 7 >>a.mbox; settle a.mbox; ln -sfn a.mbox box; night box
finish box

scenario "removed, missing for a night, restored from an old copy"
box 1 2 >a.mbox; cp a.mbox backup; box 3 4 >>a.mbox; settle a.mbox; night a.mbox
rm a.mbox; run scan --state=s.db a.mbox
[ "$status" -eq 66 ] || trouble="$trouble; no exit status 66 without the box"
cp backup a.mbox; box 5 >>a.mbox; settle a.mbox; night a.mbox
finish a.mbox

scenario "sorted otherwise by a mail program"
box 1 2 3 4 >a.mbox; settle a.mbox; night a.mbox
box 4 2 5 3 1 >n; cat n >a.mbox; settle a.mbox; night a.mbox
finish a.mbox

scenario "delivered twice"
box 1 2 2 1 >a.mbox; settle a.mbox; night a.mbox; so_far
box 2 3 1 3 >>a.mbox; box 3 4 4 >b.mbox; settle a.mbox b.mbox; night a.mbox b.mbox
finish a.mbox b.mbox

scenario "the quoting of From changes"
box 1 2 3 6 >a.mbox; settle a.mbox; night a.mbox # mboxrd: one level more
for i in 1 2 3 6 9; do
    bounce $i >truth/$i
    echo "From MAILER-DAEMON Mon Nov  2 08:00:00 2026"; sed 's/^From />From /' truth/$i; echo
done >n; cat n >a.mbox; settle a.mbox; night a.mbox # mboxo
for i in 1 2 3 6 9; do
    echo "From MAILER-DAEMON Mon Nov  2 08:00:00 2026"; sed 's/^From />>From /' truth/$i; echo
done >n; cat n >a.mbox; settle a.mbox; night a.mbox # twice
finish a.mbox

scenario "line ends are converted"
box 1 2 3 >a.mbox; settle a.mbox; night a.mbox
box 1 2 3 4 | sed 's/$/\r/' >n; cat n >a.mbox; settle a.mbox; night a.mbox; so_far
box 1 2 3 4 5 >n; cat n >a.mbox; settle a.mbox; night a.mbox
finish a.mbox

scenario "no line end at the end of the box"
# The last line of a message without a line end is not believed, until it has one.
box 1 2 3 >a.mbox; truncate -s -2 a.mbox; settle a.mbox; night a.mbox
printf '\n\n' >>a.mbox; box 4 5 >>a.mbox; settle a.mbox; night a.mbox; so_far
truncate -s -1 a.mbox; settle a.mbox; night a.mbox
finish a.mbox

scenario "blank lines between messages come and go"
box 1 2 3 4 >a.mbox; settle a.mbox; night a.mbox
box 1 2 3 4 5 | sed 's/^From MAILER/\n\n&/' >n; cat n >a.mbox; settle a.mbox; night a.mbox; so_far
box 6 >>a.mbox; printf '\n\n\n' >>a.mbox; settle a.mbox; night a.mbox
finish a.mbox

# A message that is being written: all cuts but the first are inside it.
for what in 1 3; do
    [ $what = 1 ] && kind=MIME || kind=plain
    scenario "a $kind message is cut anywhere, the rest comes next night"
    box $what >n
    # `From` behind an empty line: a field of the returned message, or the line that opens the next message
    field=$(grep -a -b '^From: news' n | cut -d: -f1)
    for where in 20 44 60 300 490 $((field + 1)) $((field + 4)) $((field + 5)) 700 -400 -30 -6 -3; do
        rm -rf s.db s.db-* truth
        box 4 5 >a.mbox; night a.mbox
        box $what >n; size=$(wc -c <n)
        [ $where -gt 0 ] || where=$((size + where))
        head -c $where n >>a.mbox; mv truth/$what later
        night a.mbox; so_far
        tail -c +$((where + 1)) n >>a.mbox; mv later truth/$what; settle a.mbox
        night a.mbox; so_far
        night=0
    done
    finish a.mbox
done

scenario "appended in pieces, a look after each"
box 1 2 3 4 5 6 >n; mv truth all; mkdir truth
size=$(wc -c <n); step=$((size / 23)); at=0; : >a.mbox
while [ $at -lt "$size" ]; do
    tail -c +$((at + 1)) n | head -c $step >>a.mbox
    at=$((at + step)); night=0; night a.mbox
done
mv truth none; mv all truth; night=8; settle a.mbox; night a.mbox
finish a.mbox

# The scan is stopped somewhere, the first message is expunged and another comes, the scan goes on: what moved below it
# is read, at the latest in the next night. Whether the reader is met in the middle is the machine's business here;
# mbox-rewritten.sh meets it at every call.
scenario "expunged while it is read"
many 1 700 2000 >all.mbox
many 2 701 2000 >rest.mbox
"$NIXIE" events --now=2026-11-21 rest.mbox | facts >later
lost=0 met=0
for delay in 0.01 0.02 0.03 0.04 0.06 0.08 0.11 0.15; do
    rm -f s.db s.db-*
    cat all.mbox >a.mbox; touch -d 2026-11-01 a.mbox
    "$NIXIE" scan -q --state=s.db --now=2026-11-20T03:00:00Z a.mbox 2>err &
    reader=$!
    sleep $delay
    kill -STOP $reader 2>/dev/null && met=$((met + 1))
    cat rest.mbox >a.mbox
    kill -CONT $reader 2>/dev/null
    wait $reader
    night=1; settle a.mbox; night a.mbox
    state s.db | facts >got
    lost=$((lost + $(LC_ALL=C comm -23 later got | wc -l)))
done
check "$name ($met of 8 times): nothing is lost" test $lost -eq 0

scenario "delivered to while it is read"
count=40
box 1 2 >a.mbox
( for i in $(seq 3 $count); do bounce "$i" | as_mbox >>a.mbox; done ) &
writer=$!
while kill -0 $writer 2>/dev/null; do night=0; night a.mbox; done
wait $writer
for i in $(seq 3 $count); do bounce "$i" >"truth/$i"; done
night=8; settle a.mbox; night a.mbox
finish a.mbox

done_testing
