#!/bin/sh
# SPDX-License-Identifier: MIT
# sample-mail/ gives sample-mail/expected/, byte for byte: from the mail itself and from a state, the second time as the
# first, and whatever the zone and the language of the machine.
set -u
top=${top_srcdir:?} nixie=${NIXIE:?}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$top" || exit 99
now=--now=2026-11-21T03:00:00Z
n=0
result () { # 0 = ok, description
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
same () { # folder with the answers, folder of the run, what it is
    answers=$1
    shift
    for file in "$answers"/*; do
        name=${file##*/}
        diff -u "$file" "$work/$1/$name" >"$work/diff" 2>&1
        result $? "$name $2"
        sed 's/^/# /' "$work/diff" | head -n 40
    done
}
scan () {
    "$nixie" scan sample-mail/Maildir sample-mail/archive.mbox sample-mail/older.mbox.gz \
        --state "$work/state.db" $now >"$work/scan.out" 2>"$work/scan.err"
}
export XDG_CONFIG_HOME="$work/none" XDG_STATE_HOME="$work/none"

count=$(find sample-mail/expected -type f | wc -l)
echo "1..$((4 * count + 10))"

find sample-mail -type f -exec cksum {} + | sort >"$work/before"
scripts/sample-outputs "$nixie" "$work/mail" 2>"$work/err"
result $? 'reads the sample mail'
sed 's/^/# /' "$work/err"
same sample-mail/expected mail 'from the mail'

# From a state, three things differ: the letter that lies in two places is one event, events come in the byte order of
# their sources (compared sorted here), and no PATH has to be named.
mkdir "$work/expected"
cp sample-mail/expected/* "$work/expected"
awk -F '"event_id":"' '{ id = substr($2, 1, 32) } !seen[id]++' sample-mail/expected/events.ndjson |
    LC_ALL=C sort >"$work/expected/events.ndjson"
sed '/^What to do next/,$ s/ PATH//' sample-mail/expected/report.txt >"$work/expected/report.txt"

scan
result $? 'scans the sample mail into a state'
grep -q ': 50 messages read, 49 new, ' "$work/scan.err" && test "$(wc -l <"$work/scan.err")" -eq 1
result $? 'counts the letter that lies in two places once, and warns of nothing'
scripts/sample-outputs "$nixie" "$work/state" --state "$work/state.db" 2>"$work/err"
result $? 'reads the state'
sed 's/^/# /' "$work/err"
LC_ALL=C sort -o "$work/state/events.ndjson" "$work/state/events.ndjson"
same "$work/expected" state 'from the state'

scan
result $? 'scans the same mail again'
grep -q ': [0-9]* messages read, nothing new$' "$work/scan.err"
result $? 'and finds nothing new'
scripts/sample-outputs "$nixie" "$work/again" --state "$work/state.db"
result $? 'reads the state after the second scan'
cmp -s "$work/state/report.json" "$work/again/report.json"
result $? 'the second report is the first, byte for byte'
LC_ALL=C sort -o "$work/again/events.ndjson" "$work/again/events.ndjson"
same "$work/expected" again 'after the second scan'

# sample-outputs sets zone and language itself, so this one calls nixie in another place of the world.
mkdir "$work/abroad"
cp "$work"/mail/* "$work/abroad/" 2>/dev/null
mail='sample-mail/Maildir sample-mail/archive.mbox sample-mail/older.mbox.gz'
# shellcheck disable=SC2086
TZ=Asia/Tokyo LC_ALL=C "$nixie" events $now $mail >"$work/abroad/events.ndjson"
# shellcheck disable=SC2086
TZ=America/St_Johns LC_ALL=C "$nixie" suppress $now $mail >"$work/abroad/suppress.csv"
# shellcheck disable=SC2086
TZ=Pacific/Auckland LC_ALL=C "$nixie" report --format=csv $now $mail >"$work/abroad/report.csv"
same sample-mail/expected abroad 'in another zone and language'

result "$(test -s "$work/mail/events.ndjson"; echo $?)" 'there are events at all'
find sample-mail -type f -exec cksum {} + | sort | diff "$work/before" - >/dev/null
result $? 'the mail was not touched'
