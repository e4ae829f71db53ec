#!/bin/sh
# SPDX-License-Identifier: MIT
# report: formats, tables, ranges, output files.
. "${top_srcdir:?}/tests/cli/lib.sh"

five_bounces mail
run report mail
check "text" eval 'status_is 0 && silent && says 5'
check "no control bytes in text" eval '! LC_ALL=C grep -q "[[:cntrl:]]" out'
run report --format=json mail
check "json: one line" eval 'status_is 0 && lines out 1 && says "^{.*}$"'
if command -v python3 >/dev/null; then
    check "json can be read" python3 -c 'import json; json.load(open("out"))'
else
    skip "json can be read" "no python3"
fi
run report --format=csv --by=recipient mail
check "csv: a header and a row an address" eval 'status_is 0 && lines out 6 && says "^recipient,events,"'
run report --by=domain mail
check "--by alone is csv" eval 'status_is 0 && says "^domain,events," && says "^example.com,3,"'
run report --by=domain --top=1 mail
check "--top" eval 'lines out 2 && says "^example.com,3,"'
run report --by=day mail
check "--by=day" says "^2026-11-04,1,"
run report --by=domain --since=2026-11-05 mail
check "--since: that day counts" eval 'lines out 3 && says "^example.com,1," && says "^example.org,1,"'
run report --by=domain --until=2026-11-05 mail
check "--until: that day does not count" eval 'lines out 3 && says "^example.com,2," && says "^example.net,1,"'
run report --by=domain --since=2d --now=2026-11-06T12:00:00Z mail
check "--since=2d" eval 'lines out 3 && ! says "example.net"'
run report -o result.txt mail
check "-o: a file and nothing on stdout" eval 'status_is 0 && [ ! -s out ] && grep -q 5 result.txt'
run report mail
check "-o: the same bytes" same out result.txt
chmod 0640 result.txt
run report -o result.txt mail
check "-o: the mode stays" eval '[ "$(stat -c %a result.txt)" = 640 ]'
ln -s result.txt link.txt
run report --by=domain -o link.txt mail
check "-o: a link stays a link" eval '[ -L link.txt ] && grep -q "^domain," result.txt'
run report --by=provider --format=text mail
check "--by=provider as text: codes, dates, advice" eval 'status_is 0 && says "^Providers " && says "on 2026-11-04" && says "→  Remove the address"'
run report --by=domain --format=text mail
check "--by=domain as text" eval 'status_is 0 && says "example.com" && ! says "^Providers "'
dsn 7 eve@gmail.com 5.7.1 "550 5.7.1 rejected, see https://support.example.com/delist?id=1. Thanks" >mail/7
run report --provider=gmail mail
check "--provider: nobody else" eval 'status_is 0 && says "^Bounce report gmail" && says "eve\|delist" && ! says "example.net"'
run report --provider=gmail --by=provider --format=text mail
check "--provider: the page that the answer names" says "names: https://support.example.com/delist?id=1\$"
run report --provider=gmail --format=csv --by=recipient mail
check "--provider: csv as well" eval 'lines out 2 && says "^eve@gmail.com,1,"'
rm mail/7
run report --now=2026-11-06T00:00:00Z mail
check "nothing to compare with" eval '! says "before:"'
run report --since=2d --now=2026-11-06T00:00:00Z mail
check "change against the time before" says "^2 days against as many before: hard 1 (=), soft 0 (-1), block 1 (+1)"
run report --format=md mail
check "md" eval 'status_is 0 && silent && says "^# Bounce report" && says "^| example.com | 3 |"'
dsn 8 "x|y<b>@example.com" 5.1.1 "550 5.1.1 | <script> [x](http://e.example/) \`id\` **b**" >hostile
run report --format=md hostile
check "md: what mail says stays text" eval 'status_is 0 && ! says "<script" && ! says "](http" && ! says "[^\\]\`id"'
run report --color=always mail
check "--color=always" eval 'LC_ALL=C grep -q "$(printf "\\033")\[1m" out'
run report --color=never mail
check "--color=never" eval '! LC_ALL=C grep -q "$(printf "\\033")" out'
run report --color=maybe mail
check "--color: a word that is none" status_is 64
run report -o nowhere/result.txt mail
check "-o: exit 73 where no file can be made" eval 'status_is 73 && clean_err 1'
run report -o . mail
check "-o: exit 73 for a folder" eval 'status_is 73 && clean_err 1'
run report -o kept.txt missing
check "no input: no output file" eval 'status_is 66 && [ ! -e kept.txt ]'
check "no temporary file is left" eval '[ -z "$(find . -name ".*.txt.*")" ]'
"$NIXIE" report mail >&- 2>err
status=$?
check "stdout closed: exit 74, one line" eval 'status_is 74 && clean_err 1'
if [ -w /dev/full ]; then
    "$NIXIE" report mail >/dev/full 2>err
    status=$?
    check "disk full: exit 74, one line" eval 'status_is 74 && clean_err 1 && warns "No space left"'
else
    skip "disk full" "no /dev/full"
fi
mbox_of mail >all.mbox
i=0
while [ $i -lt 300 ]; do
    cat all.mbox
    i=$((i + 1))
done >big.mbox
{ "$NIXIE" events big.mbox 2>err; echo $? >code; } | head -n 1 >out
status=$(cat code)
check "a reader that goes away: exit 74, quietly" eval 'status_is 74 && silent && lines out 1'
SOURCE_DATE_EPOCH=1793000000 "$NIXIE" report --format=json mail >one
SOURCE_DATE_EPOCH=1793000000 TZ=Asia/Tokyo LC_ALL=C "$NIXIE" report --format=json mail >two
check "SOURCE_DATE_EPOCH: zone and locale do not matter" same one two
SOURCE_DATE_EPOCH=soon "$NIXIE" report mail >out 2>err
status=$?
check "SOURCE_DATE_EPOCH: no number" eval 'status_is 64 && clean_err 1'
done_testing
