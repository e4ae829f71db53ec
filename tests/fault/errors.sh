#!/bin/sh
# SPDX-License-Identifier: MIT
# The world fails: a full disk, a disk or a file that may not be written, a state that is none. A plain line on standard
# error, the right exit status, and nothing is changed or only whole steps of it.
# shellcheck source=tests/fault/lib.sh
. "${top_srcdir:?}/tests/fault/lib.sh"

many 1 1500 300 >all.mbox
many 1 2 >two.mbox
touch -d 2026-11-01 all.mbox two.mbox
"$NIXIE" scan -q --state=good.db two.mbox
digest_of () { cksum <"$1"; }

# refuses NAME STATUS PATTERN STATE: scan and report both say so, and leave the file as it is
refuses () {
    before=$(digest_of "$4")
    run scan --state="$4" two.mbox
    check "$1: scan: exit $2, one plain line" eval 'status_is '"$2"' && clean_err 1 && warns "'"$3"'"'
    run report --state="$4"
    check "$1: report: exit $2, one plain line" eval 'status_is '"$2"' && clean_err 1 && warns "'"$3"'" && [ ! -s out ]'
    check "$1: the file is as it was" test "$before" = "$(digest_of "$4")"
}

cp good.db newer.db
printf '\177' | dd of=newer.db bs=1 seek=60 conv=notrunc 2>/dev/null # first byte of PRAGMA user_version
refuses "a state of a newer nixie" 78 "newer" newer.db
head -c 8192 two.mbox >mail.db
refuses "mail in place of the state" 65 "not a nixie ledger" mail.db
cp good.db foreign.db
printf 'XXXX' | dd of=foreign.db bs=1 seek=68 conv=notrunc 2>/dev/null # PRAGMA application_id
refuses "a database of another program" 65 "not a nixie ledger" foreign.db
head -c 5000 good.db >cut.db
refuses "a state cut short" 65 "cut.db" cut.db

: >empty.db
run report --state=empty.db
check "a state of 0 bytes is read as an empty one" eval 'status_is 0 && [ ! -s empty.db ]'
run scan --state=empty.db two.mbox
check "and is filled" eval 'status_is 0 && warns "2 new"'
mkdir folder.db
run scan --state=folder.db two.mbox
check "a folder in place of the state" eval '[ "$status" -ge 65 ] && clean_err 1'
run scan --state=missing/deeper/s.db two.mbox
check "a state in a folder that is not there" eval '{ status_is 73 || status_is 0; } && clean_err 1'

# Bytes changed anywhere: an answer or a plain refusal, never a crash.
broken=0
"$NIXIE" scan -q --state=large.db all.mbox
size=$(wc -c <large.db)
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
    cp large.db bent.db
    printf '\245\132\377\000\377\177' | dd of=bent.db bs=1 seek=$((size / 13 * i + i * 11)) conv=notrunc 2>/dev/null
    for verb in report suppress events; do
        run $verb --state=bent.db --now=2026-11-21
        [ "$status" -lt 128 ] && clean_err 3 || broken=$((broken + 1))
    done
    run scan --state=bent.db --full all.mbox
    [ "$status" -lt 128 ] && clean_err 3 || broken=$((broken + 1))
done
check "a damaged state: no crash, plain lines" test $broken -eq 0

# --- a limit on the size of files (ulimit -f counts 512 bytes): no signal, and none on what never reaches a disk --------
(ulimit -f 64 && "$NIXIE" events --jobs=2 two.mbox >limited.events)
"$NIXIE" events --jobs=0 two.mbox >two.events
check "a limit on the size of files: mail is read" cmp two.events limited.events
printf 'old\n' >limited
(ulimit -f 64 && "$NIXIE" events all.mbox -o limited 2>limited.err; echo $? >limited.status)
check "an output beyond it: exit 74, a plain line, the old one stays" \
    eval '[ "$(cat limited.status)" = 74 ] && [ "$(cat limited)" = old ] && grep -q "^nixie: cannot write .*limited" limited.err'
cp good.db limited.db
(ulimit -f 512 && "$NIXIE" scan --state=limited.db all.mbox 2>limited.err; echo $? >limited.status)
check "a state beyond it: exit 74, a plain line" \
    eval '[ "$(cat limited.status)" = 74 ] && grep -q "^nixie: cannot write .*limited.db" limited.err'
run scan --state=limited.db all.mbox
check "without it the next run completes it" \
    eval 'status_is 0 && "$NIXIE" events --state=limited.db | facts >limited.facts &&
    cat two.mbox all.mbox | "$NIXIE" events - | facts | LC_ALL=C sort -u | cmp -s - limited.facts'

# --- file systems of our own ---------------------------------------------------------------------------------------
cat >small.sh <<'END'
mount -t tmpfs -o size=600k,mode=0777 tmpfs disk || exit 120
"$NIXIE" scan --state=disk/s.db --now=2026-11-21 all.mbox 2>full.err
echo $? >full.status
mount -o remount,size=600k disk
"$NIXIE" events --state=disk/s.db --now=2026-11-21 >full.events 2>full.err2
echo $? >full.read
mount -o remount,size=40m disk
"$NIXIE" scan --state=disk/s.db --now=2026-11-21 all.mbox 2>roomy.err
echo $? >roomy.status
"$NIXIE" events --state=disk/s.db --now=2026-11-21 >roomy.events
cp good.db disk/good.db
printf 'old\n' >disk/list.csv
mount -o remount,ro disk
"$NIXIE" scan --state=disk/good.db all.mbox 2>ro.err
echo $? >ro.status
"$NIXIE" events --state=disk/good.db >ro.events 2>ro.err2
echo $? >ro.read
"$NIXIE" scan --state=disk/new.db two.mbox 2>ro-new.err
echo $? >ro-new.status
"$NIXIE" report two.mbox -o disk/list.csv 2>ro-out.err
echo $? >ro-out.status
cat disk/list.csv >ro-out.file
umount disk
mount -t tmpfs -o size=64k,mode=0777 tmpfs disk || exit 120
printf 'old\n' >disk/list
"$NIXIE" events all.mbox -o disk/list 2>out.err
echo $? >out.status
cat disk/list >out.file
ls disk >out.left
"$NIXIE" events all.mbox >disk/stdout 2>stdout.err
echo $? >stdout.status
umount disk
END
mkdir disk
if ! command -v unshare >/dev/null 2>&1 || ! unshare -rm sh -c 'mount -t tmpfs tmpfs disk' 2>/dev/null; then
    skip "a full disk" "no file system can be mounted here"
    done_testing
    exit 0
fi
plain () { [ "$(wc -l <"$1")" -le 2 ] && [ -s "$1" ] && ! grep -q -v '^nixie: ' "$1"; }
is () { [ "$(cat "$1")" = "$2" ]; }
export NIXIE
unshare -rm sh small.sh >small.log 2>&1
"$NIXIE" events --now=2026-11-21 all.mbox >all.events
facts <all.events >all.facts
check "a full disk: exit 74" is full.status 74
check "a full disk: a plain line that says so" eval 'plain full.err && grep -q -i "full\|space" full.err'
facts <full.events >full.facts
check "a full disk: what is there can be read, and is true" \
    eval 'is full.read 0 && [ "$(LC_ALL=C comm -23 full.facts all.facts | wc -l)" -eq 0 ]'
check "a full disk: whole steps only" eval '[ $(($(wc -l <full.facts) % 1000)) -eq 0 ]'
check "with room again the next run completes it" eval 'is roomy.status 0 && facts <roomy.events | cmp -s - all.facts'
check "a disk that is read only: scan: exit 74" eval 'is ro.status 74 && plain ro.err'
check "a disk that is read only: reading works" eval 'is ro.read 0 && [ "$(wc -l <ro.events)" -eq 2 ]'
check "a disk that is read only: no new state" eval '{ is ro-new.status 73 || is ro-new.status 77; } && plain ro-new.err'
check "a disk that is read only: no new output, the old one stays" \
    eval '{ is ro-out.status 73 || is ro-out.status 77; } && plain ro-out.err && is ro-out.file old'
check "an output for which there is no room: exit 74, the old one stays, nothing lies beside it" \
    eval 'is out.status 74 && plain out.err && is out.file old && is out.left list'
check "standard output on a full disk: exit 74" eval 'is stdout.status 74 && plain stdout.err'
for file in small.log full.err full.err2 ro.err ro-new.err ro-out.err out.err stdout.err; do
    sed "s/^/# $file: /" "$file"
done
done_testing
