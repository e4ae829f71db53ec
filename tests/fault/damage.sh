#!/bin/sh
# SPDX-License-Identifier: MIT
# A state with one byte changed, at many places, and cut at many lengths: never a crash, plain lines, no other address in a list
# but `nixie state verify` finds it.
#     tests/fault/damage.sh [PLACES]      by hand: 2000
# shellcheck source=tests/fault/lib.sh
. "${top_srcdir:?}/tests/fault/lib.sh"

places=${1:-40}
if ! command -v python3 >/dev/null 2>&1; then
    skip "a damaged state" "no python3"
    done_testing
    exit 0
fi
many 1 150 >a.mbox
for i in 1 2 3 4; do
    dsn "x$i" full@example.net 4.2.2 "452 4.2.2 Mailbox full" "1$i Nov 2026 08:00:00 +0000" | as_mbox
    dsn "y$i" "spam$i@example.org" 5.7.1 "550 5.7.1 rejected as spam" "1$i Nov 2026 09:00:00 +0000" | as_mbox
done >>a.mbox
touch -d 2026-11-01 a.mbox
"$NIXIE" scan -q --state=good.db --now=2026-11-21 a.mbox
run state verify --state=good.db
check "the state is sound before" status_is 0
cat >damage.py <<'END'
import os, random, re, subprocess, sys
nixie, places = os.environ["NIXIE"], int(sys.argv[1])
good = open("good.db", "rb").read()
everything = "--decision=remove,inactive,pause,review,watch,keep"
def run(*arguments):
    done = subprocess.run([nixie, *arguments, "--now=2026-11-21"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=60)
    if done.returncode < 0 or done.returncode >= 128:
        fault("crash", arguments, done.stderr[:200])
    if done.returncode and not done.stderr or re.search(rb"(?m)^(?!nixie: )|[\x00-\x09\x0b-\x1f]", done.stderr.rstrip(b"\n") or b"nixie: "):
        fault("no plain line", arguments, done.returncode, done.stderr[:200])
    return done.returncode, done.stdout
faults = 0
def fault(*what):
    global faults
    faults += 1
    if faults <= 10:
        print("#", *what)
def verify():
    return subprocess.run([nixie, "state", "verify", "--state=bent.db"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False).returncode
def put(data):
    for tail in ("", "-wal", "-shm", "-journal"):
        if os.path.exists("bent.db" + tail):
            os.unlink("bent.db" + tail)
    open("bent.db", "wb").write(data)
columns = lambda text: [tuple(row.lower().split(",")[i] for i in (0, 3)) for row in text.decode("utf-8", "replace").splitlines() if row.count(",") >= 14]
_, list_before = run("suppress", "--state=good.db", everything)
chooser = random.Random(7)
spots = [page + at for page in range(0, len(good), 4096) for at in (0, 3, 5, 8, 100)] # the heads of all pages
spots = chooser.sample(spots, min(places // 4, len(spots))) + [chooser.randrange(len(good)) for _ in range(places - places // 4)]
spots += [match.start() + 1 for match in re.finditer(rb"spam1@|mailbox-full|u77@", good)][:max(places // 4, 12)]
same = told = shown = found = 0
for spot in spots:
    data = bytearray(good)
    data[spot] ^= 1 << chooser.randrange(8)
    put(data)
    status, now = run("suppress", "--state=bent.db", everything)
    if status:
        told += 1
    elif now == list_before:
        same += 1
    elif columns(now) == columns(list_before):
        shown += 1
    elif verify() == 65:
        found += 1
    else:
        fault("another list that nothing finds: byte", spot, set(columns(now)) ^ set(columns(list_before)))
    run("scan", "-q", "--full", "--state=bent.db", "a.mbox")
    run("events", "--state=bent.db")
print(f"# {len(spots)} bytes changed: {told} refused, {same} without effect on the list, {shown} in a date or a text of it, {found} in an "
      "address or decision, and found by verify")
cuts = 0
for length in sorted(chooser.sample(range(1, len(good)), min(places, len(good) - 1))) + [1, 15, 16, 99, 100, 4095, 4096, len(good) - 4096, len(good) - 1]:
    put(good[:length])
    status, now = run("suppress", "--state=bent.db", everything)
    if status == 0 and now != list_before and verify() != 65:
        fault("cut at", length, "and nothing finds it")
    cuts += 1
    if status == 0 and length <= len(good) - 4096 and verify() != 65:
        fault("cut at", length, "exit 0 and verify silent")
    run("scan", "-q", "--full", "--state=bent.db", "a.mbox")
print(f"# cut at {cuts} lengths")
sys.exit(faults > 0)
END
python3 damage.py "$places" >out 2>err
status=$?
cat out
check "no crash, plain lines, no other list that verify does not find" status_is 0
for kind in zero text; do
    case $kind in zero) head -c 20000 /dev/zero >bent.db ;; *) head -c 20000 a.mbox >bent.db ;; esac
    run suppress --state=bent.db
    check "$kind bytes in place of a state: exit 65" eval 'status_is 65 && clean_err 1'
done
done_testing
