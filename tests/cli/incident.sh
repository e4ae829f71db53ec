#!/bin/sh
# SPDX-License-Identifier: MIT
# Many refusals that are one trouble are told as one, and remove nobody.
. "${top_srcdir:?}/tests/cli/lib.sh"
mkdir flood message few
i=0
while [ $i -lt 25 ]; do
    i=$((i + 1))
    dsn "a$i" "user$i@example.com" 5.7.1 "550 5.7.1 Message rejected as spam" >flood/$i
    dsn "b$i" "user$i@host$i.example" 5.7.1 "550 5.7.1 Message rejected as spam" |
        sed 's/original-b[0-9]*@/one@/; s/^Subject: News .*/Subject: Our "news" <b>/' >message/$i
done
cp flood/1 flood/2 flood/3 few
run report few
check "three refusals are none" eval 'status_is 0 && ! says Incidents'
run report flood
check "a flood is told as one" eval \
    'status_is 0 && says Incidents && [ "$(grep -c "refuses us on" out)" -eq 1 ] && says "example.com refuses us on 2026-11-02"'
run suppress --decision=remove,inactive,pause,review flood message
check "and nobody is listed" eval 'status_is 0 && lines out 1'
run report message
check "one message at many addresses" eval 'says "One message is refused on 2026-11-02 at 25 addresses"'
run report --format=json message flood
check "as JSON" python3 -c '
import json
found = json.load(open("out"))["incidents"]
assert [(i["provider"], i["message_id"], i["refusals"]) for i in found] == \
    [("", "one@lists.example.org", 25), ("example.com", "", 25)], found'
run report --format=html message
check "as HTML, escaped" eval 'says "One message is refused" && ! says "news. <b>"'
done_testing
