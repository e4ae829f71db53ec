#!/bin/sh
# SPDX-License-Identifier: MIT
# What SECURITY.md promises and nothing else shows: modes of the files whatever the umask is, links in the place of our
# files, mail that is swapped for a link while it is read, patterns that never end, and no call of the network.
#     tests/fault/security.sh [SWAPS]      by hand: 10000
# shellcheck source=tests/fault/lib.sh
. "${top_srcdir:?}/tests/fault/lib.sh"

swaps=${1:-400}
mode () { stat -c %a "$@" | tr '\n' ' '; }
five_bounces mail
cat >nixie.conf <<'END'
[nixie]
state = deep/er/s.db
[source bounces]
path = mail
[output remove]
file = lists/remove.csv
keep = 1
END

# --- permissions ------------------------------------------------------------------------------------------------------
for mask in 000 022 077 027; do
    rm -rf deep lists; mkdir lists
    (umask $mask && "$NIXIE" run -q -c nixie.conf --now=2026-11-21 --metrics=lists/n.prom --summary=lists/n.json) >out 2>err
    status=$?
    check "umask $mask: state, its folders and lock are the user's alone" \
        eval 'status_is 0 && [ "$(mode deep deep/er deep/er/s.db deep/er/s.db.lock)" = "700 700 600 600 " ]'
    # Lists are what the user asks for: the mask decides, as for any program; but never the group's or everybody's to write
    # because of us.
    case $mask in 000) want="666 666 666 " ;; 022) want="644 644 644 " ;; 027) want="640 640 640 " ;; *) want="600 600 600 " ;; esac
    check "umask $mask: lists have the mode of a new file, or a stricter one" \
        eval '[ "$(mode lists/remove.csv lists/n.json lists/remove-2026-11-21.csv)" = "$want" ]'
done
chmod 640 lists/remove.csv
run run -q -c nixie.conf --now=2026-11-22
check "a list keeps the mode that it was given" eval 'status_is 0 && [ "$(mode lists/remove.csv)" = "640 " ]'

# --- links where our files would be: what they lead to stays as it is ----------------------------------------------------
echo precious >precious
rm -rf deep; mkdir -p deep/er
ln -s "$work/precious" deep/er/s.db.lock
run run -q -c nixie.conf
check "a link in place of the lock: refused, what it leads to is untouched" \
    eval '{ status_is 73 || status_is 77; } && clean_err 1 && [ "$(cat precious)" = precious ]'
rm deep/er/s.db.lock
ln -s "$work/precious" deep/er/s.db
run scan -q --state=deep/er/s.db mail
check "a link in place of the state: what it leads to is refused" eval 'status_is 65 && clean_err 1 && [ "$(cat precious)" = precious ]'
rm -f deep/er/s.db
ln -s "$work/elsewhere" deep/er/s.db-wal
ln -s "$work/elsewhere" deep/er/s.db-journal
run scan -q --state=deep/er/s.db mail
check "links in place of its journals: nothing is made where they lead" eval '[ ! -e elsewhere ] && [ "$status" -lt 128 ]'

# --- mail swapped for a link while it is read ------------------------------------------------------------------------------
dsn 99 secret@example.com 5.1.1 "550 5.1.1 User unknown" >secret
mkdir -p box/new box/cur box/tmp
for i in 1 2 3 4 5 6 7 8; do
    dsn $i "u$i@example.com" 5.1.1 "550 5.1.1 User unknown" >box/new/$i.M$i.host
done
if command -v python3 >/dev/null 2>&1; then
    cat >swap.py <<'END'
import os, shutil, sys
place, left = "box/new/", int(sys.argv[1])
for i in range(1, 9):
    shutil.copy(f"{place}{i}.M{i}.host", f"kept.{i}")
while left > 0 and not os.path.exists("stop"):
    for i in range(1, 9):
        name = f"{place}{i}.M{i}.host"
        os.symlink("../../secret", f"box/tmp/{i}")
        os.rename(f"box/tmp/{i}", name)
        shutil.copy(f"kept.{i}", f"box/tmp/{i}")
        os.rename(f"box/tmp/{i}", name)
        left -= 2
open("swapped", "w").close()
END
    python3 swap.py "$swaps" &
    swapper=$!
    scans=0 leaks=0 crashes=0
    while [ ! -e swapped ] && [ $scans -lt "$swaps" ]; do
        run events --now=2026-11-21 box
        scans=$((scans + 1))
        ! grep -q secret@example.com out || leaks=$((leaks + 1))
        [ $status -le 1 ] || crashes=$((crashes + 1))
    done
    : >stop
    wait $swapper
    echo "# $swaps swaps, $scans scans meanwhile"
    check "nothing is read through a link, however it came there" eval '[ $leaks -eq 0 ] && [ $crashes -eq 0 ] && [ $scans -gt 0 ]'
else
    skip "swapped files" "no python3"
fi

# --- patterns that never end ------------------------------------------------------------------------------------------------
awk 'BEGIN {
    n = split("(a+)+$|(a|a)*$|(a|aa)+$|([a-z]+)*$|(a*)*b|(.*)*x|(.+)+y|(a+){2,9}z|^(([a-z])+.)+[A-Z]([a-z])+$|(x+x+)+y", p, "|")
    n = split("(a+)+$;(a*)*b;(a+a+)+b;([a-z]+)*$;(.*)*x;(.+)+y;(a+){2,9}z;(x+x+)+y;(aa*)*c;((a+)+)+d", p, ";")
    OFS = "\t"
    print "id", "scope", "status", "reply", "match", "text", "reason", "type", "witness"
    for (i = 0; i < 50; i++) print "evil-" i, "all", "-", "-", "regex", p[i % n + 1] i, "spam", "-", "-"
}' >evil.tsv
long=$(awk 'BEGIN { for (i = 0; i < 1900; i++) printf "a" }')
i=0
while [ $i -lt 20 ]; do
    i=$((i + 1))
    dsn "e$i" "e$i@example.com" 5.0.0 "550 $long" | as_mbox
done >evil.mbox
run events --rules=evil.tsv --now=2026-11-21 evil.mbox
if status_is 0; then
    start=$(date +%s)
    run events --rules=evil.tsv --now=2026-11-21 evil.mbox
    check "50 patterns that never end, 20 long texts: 20 events, within seconds" \
        eval 'status_is 0 && lines out 20 && [ $(($(date +%s) - start)) -le 20 ]'
else
    check "50 patterns that never end are refused with their line" eval 'status_is 65 && warns "evil.tsv:"'
fi

# --- no network, no other program ---------------------------------------------------------------------------------------------
if command -v strace >/dev/null 2>&1 && strace -f -o trace -e trace=execve true 2>/dev/null; then
    rm -rf deep lists; mkdir lists
    strace -f -o trace -e trace=socket,connect,bind,listen,accept,accept4,sendto,execve,ptrace,fork,vfork \
        "$NIXIE" run -q -c nixie.conf --jobs=2 --now=2026-11-21 >out 2>err
    status=$?
    check "a run makes no socket but pairs, and starts no program" \
        eval 'status_is 0 && ! grep -E -q "(socket|connect|bind|listen|accept|accept4|ptrace)\(" trace && [ "$(grep -c execve trace)" -eq 1 ]'
else
    skip "no network" "no strace"
fi
done_testing
