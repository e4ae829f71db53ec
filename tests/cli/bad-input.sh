#!/bin/sh
# SPDX-License-Identifier: MIT
# Bad input: one clear warning each, everything else is processed, memory stays bounded.
. "${top_srcdir:?}/tests/cli/lib.sh"

five_bounces mail
mbox_of mail >good.mbox
event_ids_of_out () { event_ids out >got; }

# --- files that cannot be read ---
mkdir tree
cp mail/* tree/
if [ "$(id -u)" -ne 0 ]; then
    dsn 7 fay@example.com 5.1.1 "550 5.1.1 unknown" >tree/7
    chmod 0 tree/7
    run events tree
    check "an unreadable file: warned, the rest read, exit 1" \
        eval 'status_is 1 && lines out 5 && clean_err 1 && warns "tree/7: "'
    rm -f tree/7
else
    skip "an unreadable file" "root may read everything"
fi
run events missing good.mbox
check "a missing path: warned, the rest read, exit 1" eval 'status_is 1 && lines out 5 && clean_err 1 && warns "^nixie: missing: "'
run events missing absent
check "only missing paths: exit 66" eval 'status_is 66 && lines out 0 && clean_err 2'
run report missing
check "report of nothing: exit 66, no report" eval 'status_is 66 && [ ! -s out ]'
run events --files-from=missing
check "a missing list: exit 66" eval 'status_is 66 && clean_err 1'

# --- folders that run in a circle, things that are no files ---
ln -s . tree/self
ln -s .. tree/up
ln -s missing tree/nowhere
run events tree
check "symbolic links in a circle" eval 'lines out 5 && clean_err 3'
rm tree/self tree/up tree/nowhere
mkfifo tree/pipe
run events tree
check "a pipe in a folder is not opened" eval 'lines out 5 && clean_err 1'
rm tree/pipe
deep=tree
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36; do
    deep=$deep/d
done
mkdir -p "$deep"
cp mail/1 "$deep/"
run events tree
check "folders too deep: warned" eval 'status_is 1 && lines out 5 && clean_err 1'
rm -r tree/d

# --- no mail in them ---
: >empty
run events empty
check "a file of 0 bytes" eval 'lines out 0 && clean_err 1 && [ "$status" -le 1 ]'
run events empty good.mbox
check "… beside a good one" lines out 5
head -c 100000 "$NIXIE" >garbage
run events garbage good.mbox
check "binary garbage" eval 'lines out 5 && clean_err 1'
printf 'no header here, only words\nand more words\n' >words
run events words good.mbox
check "no headers" eval 'lines out 5 && clean_err 1'
printf '\n\n\nSubject: x\n\nbody\n' >late
run events late
check "blank lines first" eval 'lines out 0 && clean_err 1'

# --- broken mail ---
size=$(wc -c <good.mbox)
head -c $((size / 2)) good.mbox >cut.mbox
run events cut.mbox
check "an mbox cut in the middle: what is whole is read" eval '[ "$(wc -l <out)" -ge 2 ] && clean_err 1'
event_ids out >some
"$NIXIE" events good.mbox >out
event_ids out >all
check "… with the same ids" eval '[ "$(LC_ALL=C comm -12 some all | wc -l)" -ge 2 ]'
gzip -c good.mbox >good.gz
size=$(wc -c <good.gz)
head -c $((size - 100)) good.gz >cut.gz
run events cut.gz
check "a cut .gz: what came before is read, warned, exit 1" \
    eval 'status_is 1 && [ "$(wc -l <out)" -ge 1 ] && clean_err 1 && warns "cut.gz"'
sed 's/boundary="b-1"/boundary="b-1\x00"/; s/^I am sorry/I am \x00sorry/; s/^Subject: Und/Subject: \x00Und/' mail/1 >nul
run events nul
check "NUL bytes: warned, exit 1" eval 'status_is 1 && [ "$(wc -l <out)" -le 1 ] && clean_err 1 && warns "^nixie: nul: "'
check "… none comes out" eval '! LC_ALL=C grep -q "[[:cntrl:]]" out'
dsn 8 "$(printf 'gil\001@example.com')" 5.1.1 "550 5.1.1 unknown" >control
sed 's/^Final-Recipient: .*/Final-Recipient: rfc822; gil\x00@example.com/; s/^<gil.*//; s/^To: gil.*/To: x/' control >nul-address
sed 's/^Final-Recipient: .*/Final-Recipient: rfc822; nobody/; s/^<gil.*//; s/^To: gil.*/To: x/' control >no-at
for file in control nul-address no-at; do
    run suppress --format=plain $file
    check "$file: an address that cannot be one is nobody" eval '[ "$status" -le 1 ] && [ ! -s out ]'
done
# "Subject" with an escape sequence must reach neither terminal nor report as it is
dsn 9 hal@example.com 5.1.1 "$(printf '550 5.1.1 \033]0;owned\007 unknown')" >escape
for verb in events report suppress "explain hal@example.com"; do
    # shellcheck disable=SC2086  # two words
    run $verb escape
    tr -d '\r\n' <out >flat
    check "$verb: no control bytes of mail" eval '[ -s flat ] && ! LC_ALL=C grep -q "[[:cntrl:]]" flat'
done
# cells that a spreadsheet would run
dsn 10 ida@example.com 5.1.1 "=HYPERLINK(\"http://example.net\")" >formula
sed -i 's/^Diagnostic-Code: smtp; /Diagnostic-Code: /' formula
for verb in suppress "events --format=csv" "report --by=domain"; do
    # shellcheck disable=SC2086
    run $verb formula
    check "$verb: no formula in a cell" eval '! grep -q -E "(^|,)\"?=HYPER" out'
done
dsn 11 "=cmd@example.com" 5.1.1 "550 5.1.1 unknown" >plus
run suppress plus
check "an address stays the same mailbox: quoted as RFC 5321 has it" says '^"""=cmd""@example.com",'

# --- too much of it ---
# memory KIB COMMAND…: succeeds when the command needs no more resident memory than that
peak () {
    limit=$1
    shift
    "$@" >out 2>err </dev/null &
    pid=$!
    most=0
    while now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' /proc/$pid/status 2>/dev/null) && [ -n "$now" ]; do
        [ "$now" -le "$most" ] || most=$now
        sleep 0.05
    done
    wait $pid
    status=$?
    echo "# peak of $* is below or about $most KiB"
    [ "$most" -le "$limit" ]
}
# A sanitizer's own memory is no measure.
if [ -r /proc/self/status ] && [ -z "${NIXIE_SANITIZED:-}" ]; then
    { letter 1; head -c 10000000 /dev/zero | tr '\0' x; echo; cat /dev/null; } >line
    check "a line of 10 MB: bounded memory" peak 100000 "$NIXIE" events line
    check "… and no failure" eval '[ "$status" -le 1 ] && clean_err 1'
    { as_mbox <line; cat good.mbox; } >line.mbox
    check "… in an mbox" peak 100000 "$NIXIE" events line.mbox
    check "… what follows is read" lines out 5
    {
        echo 'From: MAILER-DAEMON@example.org'
        echo 'Subject: Undelivered'
        i=0
        while [ $i -lt 10000 ]; do
            echo "Content-Type: multipart/mixed; boundary=\"n$i\""
            echo
            echo "--n$i"
            i=$((i + 1))
        done
        echo 'Content-Type: text/plain'
        echo
        echo 'deep'
    } >nested
    check "10,000 nested parts: bounded memory" peak 100000 "$NIXIE" events nested
    check "… and no failure" eval '[ "$status" -le 1 ] && clean_err 1'
    {
        echo 'From: MAILER-DAEMON@example.org'
        echo 'Content-Type: multipart/mixed; boundary="p"'
        echo
        i=0
        while [ $i -lt 10000 ]; do
            echo "--p"
            echo
            echo "part $i"
            i=$((i + 1))
        done
        echo "--p--"
    } >parts
    check "10,000 parts side by side: bounded memory" peak 100000 "$NIXIE" events parts
    {
        i=0
        while [ $i -lt 100000 ]; do
            echo "X-Header-$i: value"
            i=$((i + 1))
        done
        echo
    } >headers
    check "100,000 headers: bounded memory" peak 100000 "$NIXIE" events headers
    check "… and no failure" eval '[ "$status" -le 1 ] && clean_err 1'
else
    skip "memory" "no /proc, or a sanitizer"
fi
done_testing
